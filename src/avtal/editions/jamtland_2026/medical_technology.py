"""Medical technology, appendix 1, the fixed and the variable part: MT-B1-1 to MT-B1-4; A06, A16, A17, A39, A57."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from avtal import money
from avtal.book.answer import Answer, standing_flags
from avtal.book.charge import EventCharge, Outputs, TableCharge, exact_number, missing_facts, read_facts, share_steps
from avtal.book.edition import Edition
from avtal.book.stated import Rate, Stated, read_numbers
from avtal.calendar import Period
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES, REGION, municipality
from avtal.editions.jamtland_2026.vision_hearing import printed_level
from avtal.editions.jamtland_2026.worked_time import absent_is_none, as_stated
from avtal.explain import Step
from avtal.language.expression import Expression, Value, by_reading, ceil_div, choose, constant, round_div
from avtal.language.facts import FactError, Facts, FactSet, Parameters, boolean, code, day, decimal, kronor
from avtal.language.rule import Decision, Row, rule

HOUR = 10_000  # an hour is kept in parts of 0.0001
RATE = Rate("equipment_rate", "VPI", "rate_2025")

JOB = FactSet(
    municipality(),
    day("date"),
    decimal("hours", high=10_000),
    kronor("travel"),
    kronor("material"),
    boolean("requested"),
    code("work", "requested", "preventive", "corrective", "advice"),
    boolean("undated", derived=True),
    boolean("component_absent", derived=True),
)


@rule("MT-B1-2")
def requested_by_municipality(facts: Facts) -> Expression:
    """The municipality that asked for the job pays; maintenance is done on a standing request (A39)."""
    standing = choose(
        facts.work.is_in("preventive", "corrective").is_true(),
        by_reading("A39", {"standing_assignment": True, "requested_only": False}),
        False,
    )
    return facts.requested | standing


@rule("MT-ANS-4")
def advice_in_fixed_part(facts: Facts) -> Expression:
    """Advice, in limited scope, is part of what the fixed part pays for (A39)."""
    advice = (facts.work == "advice").is_true()
    return choose(advice, by_reading("A39", {"standing_assignment": True, "requested_only": False}), False)


@rule("MT-B1-2")
def hourly_compensation(facts: Facts, numbers: Parameters) -> Expression:
    """Hours actually worked, at the hourly price, halves of an öre upwards (A17)."""
    worked = by_reading("A17", {"actual_time": facts.hours, "started_hour": ceil_div(facts.hours, HOUR) * HOUR})
    rate = choose(facts.undated, by_reading("A69", {"printed_level": numbers.equipment_rate}), numbers.equipment_rate)
    return round_div(worked * rate, HOUR)


def _job_status(facts: Facts) -> Decision:
    asked = requested_by_municipality(facts)
    return Decision(
        "status",
        (
            Row(1, advice_in_fixed_part(facts), "not_chargeable", ("MT-ANS-4",)),
            Row(2, ~asked, "not_chargeable", ("MT-B1-2",)),
            Row(2, asked, "charged", ("MT-B1-2",)),
        ),
        otherwise="not_chargeable",
    )


def _job_outputs(facts: Facts, numbers: Parameters) -> Outputs:
    status = _job_status(facts).tree()
    amount = as_stated(facts, hourly_compensation(facts, numbers) + facts.travel + facts.material)
    return {
        "status": status,
        "amount": choose(status == "charged", amount, 0).named("equipment_variable", "MT-B1-2"),
        "payer": facts.municipality,
        "payee": constant(REGION),
        "rate": numbers.equipment_rate,
        "quantity": facts.hours,
        "minutes": facts.hours,
    }


def _derive_job(stated: Stated, values: dict[str, Value | None], _: list[FactError]) -> None:
    printed_level(stated, values)
    absent_is_none("hours", ("travel", "material"), stated, values)


equipment_variable = EventCharge(
    name="equipment_variable",
    facts=JOB,
    parameters=("equipment_rate",),
    outputs=_job_outputs,
    flags=lambda facts, _: {
        "corrective_or_preventive_unregulated": ~facts.requested | facts.work.is_in("preventive", "corrective"),
        "price_level_2025": facts.undated,
    },
    decisions=lambda facts, _: [_job_status(facts)],
    shown=("payer", "rate"),
    required=("municipality", "date", "hours", "requested"),
    unit="tim",
    scale=HOUR,
    rate=RATE,
    derive=_derive_job,
)


FIXED = FactSet(decimal("base_hours", high=100_000), decimal("minutes_per_item", high=100_000))


def _fixed_answer(stated: Stated, edition: Edition) -> Answer:
    """Half a year's hours, 40 and 12 minutes for each registered item, at the hourly price, shared by count."""
    faults: list[FactError] = []
    edition = RATE.apply(stated, edition)
    period = _half_year(stated, faults)
    listed = stated.get("counts")
    nulls = [name for name, n in listed.items() if n is None] if isinstance(listed, Mapping) else []
    counts = read_counts(stated, faults, unknown=nulls)
    facts = read_facts(FIXED, stated, faults)
    absent = [key for key in ("half_year", "counts") if not stated.get(key)] + [f"counts.{name}" for name in nulls]
    if period is None or absent:
        return missing_facts("equipment_fixed", *absent)
    return _share_fixed(period.first, counts, facts, edition)


def _share_fixed(on: date, counts: dict[str, int], facts: dict[str, int | None], edition: Edition) -> Answer:
    names = ("base_hours", "minutes_per_item")
    needs = [_entered_or_decided(name, facts[name], on, edition) for name in names]
    base, each = (Fraction(Decimal(str(step.value))) for step in needs)
    rate = edition.parameter("equipment_rate", on)
    items = sum(counts.values())
    hours = (base + each * items / 60) / 2
    total = money.round_to(hours * rate.whole())
    equally = edition.option("A16") == "base_equally"
    weights = {name: (base * 60 / len(counts) if equally else 0) + each * n for name, n in counts.items()}
    shares = money.split(total, weights if equally else counts)
    percent = {name: f"{share:f}" for name, share in money.percentages(counts).items()}
    half = Step(
        "half_year_hours", exact_number(hours), "rule", ("MT-B1-1",), steps=(*needs, Step("items", items, "fact"))
    )
    parts = (edition.reading("A57"), *share_steps(shares, counts, "items"))
    shared = Step("shares", None, "note", ("MT-EKO-1", "MT-B1-1b"), steps=parts)
    steps = (half, rate, edition.reading("A16"), edition.reading("A40"), shared)
    explanation = Step("equipment_fixed", total, "rule", ("MT-B1-1",), steps=steps)
    fields = {
        "payee": REGION,
        "rate": money.kronor(rate.whole()),
        "hours": str(exact_number(hours)),
        "total": money.kronor(total),
        "amount": money.kronor(total),
        "shares": {name: money.kronor(share) for name, share in shares.items()},
        "percent": percent,
        "status": "charged",
    }
    flags = standing_flags(explanation, on, edition)
    worked = ("worked_example",) if "before_agreement" in flags else ()
    incomplete = ("municipality_absent",) if len(counts) < len(MUNICIPALITIES) else ()
    return Answer(fields, explanation, (*flags, *worked, *incomplete), shares=shares)


def _entered_or_decided(name: str, entered: int | None, on: date, edition: Edition) -> Step:
    if entered is None:
        return edition.parameter(f"equipment_{name}", on)
    value = (Decimal(entered) / HOUR).normalize()
    return Step(f"equipment_{name}", value, "parameter", ("MT-B1-1",), f"angivet i anropet: {name}", "entered")


def _half_year(stated: Stated, faults: list[FactError]) -> Period | None:
    text = stated.get("half_year")
    if text is None:
        return None
    try:
        period = Period.parse(str(text))
    except ValueError:
        period = None
    if period is None or "H" not in period.name:
        faults.append(FactError("half_year", "ett halvår som 2025H2"))
    return period


def read_counts(stated: Stated, faults: list[FactError], unknown: Collection[str] = ()) -> dict[str, int]:
    """Registered items by municipality, in the parties' order, without the unknown ones; not all zero."""
    listed = stated.get("counts")
    known = {name: n for name, n in listed.items() if name not in unknown} if listed and unknown else listed
    found = read_numbers("counts", {"counts": known}, faults, high=10**7)
    for name in (*found, *unknown):
        if name not in MUNICIPALITIES:
            faults.append(FactError(f"counts.{name}", "en av " + ", ".join(MUNICIPALITIES)))
        elif name in found and found[name] != found[name].to_integral_value():
            faults.append(FactError(f"counts.{name}", "ett helt antal"))
    if found and not unknown and not any(found.values()):
        faults.append(FactError("counts", "minst en registrerad inventarie"))
    return {name: int(found[name]) for name in MUNICIPALITIES if name in found}


equipment_fixed = TableCharge(
    name="equipment_fixed",
    stated=("half_year", "counts", "base_hours", "minutes_per_item", *RATE.keys()),
    method="half of base and items, largest remainder on öre, 1",
    compute=_fixed_answer,
)
