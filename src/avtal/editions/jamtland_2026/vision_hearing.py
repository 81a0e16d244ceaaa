"""Liaisons for vision and hearing: SH-EKO-1 to SH-EKO-6; readings A18, A21, A68 and A69."""

from __future__ import annotations

from datetime import date

from avtal.book.charge import EventCharge, Outputs
from avtal.book.stated import Rate, Stated
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES, MUNICIPALITY, REGION, municipality
from avtal.editions.jamtland_2026.worked_time import components, counted, fill_absent, started_hours, travel_when
from avtal.language.expression import Expression, Value, by_reading, choose, constant
from avtal.language.facts import FactError, Facts, FactSet, Parameters, boolean, code, day
from avtal.language.rule import Decision, Row, rule

VISION = ("daisy_training", "reading_writing_training", "reading_tv", "trial_fitting")
HEARING = ("hearing_aid_care_training", "motivate")
#: Where the actions of each kind are listed.
SEEN, HEARD = ("SH-EKO-2",), ("SH-EKO-1",)
PRINTED_LEVEL = date(2025, 1, 1)
RESPONSIBLE = (REGION, MUNICIPALITY, *MUNICIPALITIES, *(f"MUNICIPALITY:{code}" for code in MUNICIPALITIES))

LIAISON = FactSet(
    code("kind", "vision", "hearing"),
    municipality(),
    day("date"),
    code("patient_responsibility", *RESPONSIBLE),
    code("action"),
    boolean("agreed"),
    *components(),
    boolean("special_trip"),
    boolean("undated", derived=True),
)


@rule("SH-EKO-2")
def vision_action(facts: Facts) -> Expression:
    """Only the listed actions of a vision liaison can be invoiced."""
    return facts.action.is_in(*VISION)


@rule("SH-EKO-1")
def hearing_action(facts: Facts) -> Expression:
    """Only the listed actions of a hearing liaison can be invoiced."""
    return facts.action.is_in(*HEARING)


def regions_patient(facts: Facts) -> Expression:
    """Only for a patient who is the region's responsibility; that is so whatever the kind, which need not be known."""
    patient = facts.patient_responsibility == REGION
    by_seen, by_heard, by_either = (patient.named("regions_patient", *one) for one in (SEEN, HEARD, SEEN + HEARD))
    not_seen = choose((facts.kind == "hearing").is_true(), by_heard, by_either)
    return choose((facts.kind == "vision").is_true(), by_seen, not_seen)


@rule("SH-EKO-5")
def liaison_minutes(facts: Facts) -> Expression:
    """Time counts the task, administration with documentation, report back, and travel on a special trip."""
    return counted(facts, travel_when(facts.special_trip, facts))


def _status(facts: Facts) -> Decision:
    def paid_when_agreed(condition: Expression) -> Expression:
        return by_reading("A21", {"region_pays_when_agreed": condition})

    listed = choose(facts.kind == "vision", vision_action(facts), hearing_action(facts))
    television = choose(facts.action == "reading_tv", paid_when_agreed(facts.kind == "vision"), False)
    return Decision(
        "status",
        (
            Row(1, ~listed, "not_chargeable"),
            Row(1, paid_when_agreed(~regions_patient(facts)), "not_chargeable"),
            Row(1, paid_when_agreed(~facts.agreed), "not_chargeable", ("SH-EKO-3",)),
            Row(2, television, "manual", ("SH-EKO-2",)),
            Row(3, liaison_minutes(facts) > 0, "charged", ("SH-EKO-3",)),
            Row(4, liaison_minutes(facts) == 0, "not_chargeable", ("SH-EKO-5",)),
        ),
        otherwise="not_chargeable",
    )


@rule("SH-EKO-3")
def liaison_compensation(hours: Expression, facts: Facts, numbers: Parameters) -> Expression:
    """338 kronor for each started hour at the 2025 level."""
    rate = choose(facts.undated, by_reading("A69", {"printed_level": numbers.liaison_rate}), numbers.liaison_rate)
    return hours * rate


def _outputs(facts: Facts, numbers: Parameters) -> Outputs:
    status = _status(facts).tree()
    charged = status == "charged"
    billable = choose(charged, liaison_minutes(facts), 0).named("billable_minutes")
    hours = choose(charged, started_hours(liaison_minutes(facts), "SH-EKO-3"), 0).named("charged_hours")
    return {
        "status": status,
        "amount": choose(charged, liaison_compensation(hours, facts, numbers), 0).named("liaison"),
        "payer": constant(REGION),
        "payee": facts.municipality,
        "invoice_to": choose(facts.kind == "vision", "REGION:syncentralen", "REGION:hörselvården").named(
            "invoice_to", "SH-EKO-6"
        ),
        "rate": numbers.liaison_rate,
        "billable_minutes": billable,
        "hours": hours,
        "quantity": hours,
        "minutes": liaison_minutes(facts),
    }


def printed_level(stated: Stated, values: dict[str, Value | None]) -> None:
    """Without a date the printed price of 2025 is answered, and marked (A69); a stated price needs no date."""
    values["undated"] = "date" not in stated and stated.get("rate") is None
    if "date" not in stated:
        values["date"] = PRINTED_LEVEL


def _derive(stated: Stated, values: dict[str, Value | None], faults: list[FactError]) -> None:
    fill_absent(stated, values, faults)
    printed_level(stated, values)


liaison = EventCharge(
    name="liaison",
    facts=LIAISON,
    parameters=("liaison_rate",),
    outputs=_outputs,
    flags=lambda facts, _: {"agreement_missing": ~facts.agreed, "price_level_2025": facts.undated},
    decisions=lambda facts, _: [_status(facts)],
    shown=("payer", "invoice_to", "rate", "billable_minutes", "hours"),
    required=("kind", "municipality", "date", "patient_responsibility", "action", "agreed"),
    unit="tim",
    rate=Rate("liaison_rate", "OPI", "rate_2025"),
    derive=_derive,
)
