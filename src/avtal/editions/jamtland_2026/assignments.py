"""Work on another's behalf, municipal staff in hospital: OB-UPP, OB-SLU, SB-SLU; readings A18-A20, A38, A53, A70."""

from __future__ import annotations

from datetime import date, time

from avtal import calendar
from avtal.book.charge import EventCharge, Outputs
from avtal.book.stated import Rate, Stated
from avtal.editions.jamtland_2026.parties import REGION, municipality, party
from avtal.editions.jamtland_2026.worked_time import (
    COMPONENTS,
    absent_is_none,
    as_stated,
    components,
    counted,
    fill_absent,
    started_hours,
    travel_when,
)
from avtal.language.expression import Expression, Value, by_reading, choose, constant, larger, smaller
from avtal.language.facts import (
    FactConflict,
    FactError,
    Facts,
    FactSet,
    Parameters,
    boolean,
    clock,
    code,
    day,
    kronor,
    whole,
)
from avtal.language.rule import Decision, Row, rule

#: Those that the agreement tells apart somewhere, and every other one.
PROFESSIONS = ("nurse", "occupational_therapist", "physiotherapist", "physician", "other")

HIRED = FactSet(
    party("from"),
    party("to"),
    day("date"),
    clock("start", 0, 479, 480, 960, 1019, 1020, 1439),
    clock("end"),
    *components(),
    boolean("travel_combined"),
    code("profession", *PROFESSIONS),
    code("principal_level", "primary", "specialised"),
    boolean("palliative_team"),
    boolean("affiliation_unsaid", derived=True),
    boolean("by_clock", derived=True),
    whole("stretch_minutes", probes=(0, 1, 60, 61, 540, 1440), derived=True),
    whole("shift_today", low=-60, high=60, probes=(-60, 0, 60), derived=True),
    whole("shift_tomorrow", low=-60, high=60, probes=(-60, 0, 60), derived=True),
)


@rule("OB-UPP-D6")
def counted_minutes(facts: Facts) -> Expression:
    """Time counts work, administration with documentation, report back, and travel that no ordinary visit shares."""
    return choose(facts.by_clock, facts.stretch_minutes, counted(facts, travel_when(~facts.travel_combined, facts)))


@rule("OB-UPP-D4")
def day_minutes(facts: Facts, numbers: Parameters) -> Expression:
    """The part of the stretch between 08:00 and 17:00 local time, over midnight and clock changes alike."""
    end = facts.start + counted_minutes(facts)

    def within(opens: Expression, closes: Expression) -> Expression:
        return larger(smaller(end, closes) - larger(facts.start, opens), 0)

    later = facts.shift_today + facts.shift_tomorrow + calendar.DAY_MINUTES
    today = within(numbers.day_starts + facts.shift_today, numbers.day_ends + facts.shift_today)
    tomorrow = within(numbers.day_starts + later, numbers.day_ends + later)
    return today + choose(end > numbers.day_starts + later, tomorrow, 0)


@rule("OB-UPP-N")
def evening_minutes(facts: Facts, numbers: Parameters) -> Expression:
    """The part of the stretch between 17:00 and 08:00; weekends go by the clock (A19)."""
    return counted_minutes(facts) - day_minutes(facts, numbers)


@rule("OB-UPP-N")
def free_of_charge(facts: Facts) -> Expression:
    """A nurse in primary care works without charge, evenings and nights, where a municipality helps the region."""
    return (facts.profession == "nurse") & (facts.principal_level == "primary")


def _to_region(facts: Facts) -> Expression:
    return (facts["from"] != REGION) & (facts.to == REGION)


def _between_municipalities(facts: Facts) -> Expression:
    return (facts["from"] != REGION) & (facts.to != REGION)


def _hired_status(facts: Facts, numbers: Parameters) -> Decision:
    evening = evening_minutes(facts, numbers) > 0
    other_way = by_reading("A70", {"manual": True})
    unfree = by_reading("A19", {"clock_split": choose(_to_region(facts), ~free_of_charge(facts), other_way)})
    unregulated = choose(evening, unfree, False)
    barred = by_reading("A53", {"no_hourly_charge": True, "both": False})
    unsaid = by_reading("A71", {"not_affiliated": False})
    affiliated = choose(facts.affiliation_unsaid, unsaid, choose(facts.palliative_team.is_true(), barred, False))
    outside = choose(
        _between_municipalities(facts), by_reading("A20", {"all_pairs": False, "region_municipality": True}), False
    )
    return Decision(
        "status",
        (
            Row(1, affiliated, "not_chargeable", ("TB-PAL-3",)),
            Row(2, unregulated, "manual", ("OB-UPP-N",)),
            Row(2, outside, "manual", ("OB-UPP-D4",)),
            Row(3, day_minutes(facts, numbers) > 0, "charged", ("OB-UPP-D4",)),
            Row(4, evening, "free", ("OB-UPP-N",)),
            Row(5, counted_minutes(facts) == 0, "not_chargeable", ("OB-UPP-D6",)),
        ),
        otherwise="not_chargeable",
    )


@rule("OB-UPP-D4")
def day_compensation(hours: Expression, numbers: Parameters) -> Expression:
    """640 kronor for each started hour at the 2025 level."""
    return hours * numbers.hired_staff_rate


def _hired_outputs(facts: Facts, numbers: Parameters) -> Outputs:
    status = _hired_status(facts, numbers).tree()
    charged = status == "charged"
    billable = choose(charged, day_minutes(facts, numbers), 0).named("billable_minutes")
    hours = choose(charged, started_hours(day_minutes(facts, numbers), "OB-UPP-D4"), 0).named("charged_hours")
    return {
        "status": status,
        "amount": choose(charged, day_compensation(hours, numbers), 0).named("hired_staff"),
        "payer": facts.to,
        "payee": facts["from"],
        "rate": numbers.hired_staff_rate,
        "billable_minutes": billable,
        "hours": hours,
        "quantity": hours,
        "minutes": counted_minutes(facts),
    }


def _hired_flags(facts: Facts, numbers: Parameters) -> Outputs:
    evening = evening_minutes(facts, numbers) > 0
    nurse, specialised = facts.profession == "nurse", facts.principal_level == "specialised"
    return {
        "evening_other_profession_unregulated": evening & ~nurse,
        "evening_specialised_unregulated": evening & specialised,
        "evening_direction_unregulated": evening & ~_to_region(facts),
        "municipality_to_municipality": _between_municipalities(facts),
    }


def _derive_stretch(stated: Stated, values: dict[str, Value | None], faults: list[FactError]) -> None:
    fill_absent(stated, values, faults)
    values["affiliation_unsaid"] = values["palliative_team"] is None
    if values["from"] is not None and values["from"] == values["to"]:
        faults.append(FactConflict("to", "ska vara en annan part än from"))
    end, start, on = values["end"], values["start"], values["date"]
    values["by_clock"] = end is not None
    values["stretch_minutes"] = 0
    if end is not None and any(stated.get(name) is not None for name in COMPONENTS):
        faults.append(FactConflict("end", "antingen sluttid eller minuter, inte båda"))
    if end is not None and end == start:
        faults.append(FactConflict("end", "ska vara ett annat klockslag än början"))
    if end is not None:
        values.update(dict.fromkeys(COMPONENTS, 0))  # the stretch counts, they do not
    if not (isinstance(start, int) and isinstance(on, date)):
        values["shift_today"] = values["shift_tomorrow"] = None
        return
    begins, at = time(start // 60, start % 60), "start"
    try:
        values["shift_today"], values["shift_tomorrow"] = calendar.clock_shifts(on, begins)
        at = "end"
        if isinstance(end, int):
            values["stretch_minutes"] = calendar.elapsed_minutes(on, begins, time(end // 60, end % 60))
    except ValueError as fault:
        faults.append(FactConflict(at, str(fault)))


hired_staff = EventCharge(
    name="hired_staff",
    facts=HIRED,
    parameters=("hired_staff_rate", "day_starts", "day_ends"),
    outputs=_hired_outputs,
    flags=_hired_flags,
    decisions=lambda facts, numbers: [_hired_status(facts, numbers)],
    shown=("payer", "rate", "billable_minutes", "hours"),
    required=("from", "to", "date", "start", "profession", "principal_level"),
    unit="tim",
    rate=Rate("hired_staff_rate", "VPI", "rate_2025"),
    derive=_derive_stretch,
)


HOSPITAL = FactSet(
    municipality(),
    day("date"),
    kronor("wage_cost"),
    kronor("travel_cost"),
    kronor("travel_time_pay"),
    boolean("written_agreement"),
    boolean("component_absent", derived=True),
)


@rule("OB-SLU-3", "SB-SLU-3")
def attendance_cost(facts: Facts) -> Expression:
    """The municipality invoices the region for wages and for travel and travel-time compensation."""
    return as_stated(facts, facts.wage_cost + facts.travel_cost + facts.travel_time_pay)


@rule("OB-SLU-2", "SB-SLU-2")
def attendance_agreed(facts: Facts) -> Expression:
    """The heads of both units agree on the extent and write it down."""
    return by_reading("A38", {"written_required": facts.written_agreement})


def _attendance_status(facts: Facts) -> Decision:
    agreed = attendance_agreed(facts)
    return Decision(
        "status",
        (Row(1, ~agreed, "not_chargeable", ("OB-SLU-2",)), Row(1, agreed, "charged", ("OB-SLU-3",))),
        otherwise="not_chargeable",
    )


def _attendance_outputs(facts: Facts, _: Parameters) -> Outputs:
    status = _attendance_status(facts).tree()
    amount = choose(status == "charged", attendance_cost(facts), 0)
    return {
        "status": status,
        "amount": amount.named("hospital_attendance", "OB-SLU-3", "SB-SLU-3"),
        "payer": constant(REGION),
        "payee": facts.municipality,
        "quantity": constant(1),
        "minutes": constant(0),
    }


def _derive_costs(stated: Stated, values: dict[str, Value | None], _: list[FactError]) -> None:
    absent_is_none("wage_cost", ("travel_cost", "travel_time_pay"), stated, values)


hospital_attendance = EventCharge(
    name="hospital_attendance",
    facts=HOSPITAL,
    parameters=(),
    outputs=_attendance_outputs,
    flags=lambda facts, _: {"written_agreement_missing": ~facts.written_agreement},
    decisions=lambda facts, _: [_attendance_status(facts)],
    shown=("payer",),
    required=("municipality", "date", "wage_cost", "written_agreement"),
    unit="st",
    derive=_derive_costs,
)
