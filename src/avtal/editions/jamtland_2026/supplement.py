"""The supplement for palliative care at home: TB-BERAKNING, TB-GRU-1 to TB-GRU-4, TB-AVS-1, TB-AVS-2.

Readings A01-A05, A10-A14.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from avtal import money
from avtal.book.answer import Answer, BadFacts, standing_flags
from avtal.book.charge import TableCharge, missing_facts, read_facts, share_steps
from avtal.book.edition import Edition
from avtal.book.stated import Stated, read_numbers, read_percents, with_percents
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES
from avtal.explain import Step
from avtal.language.facts import FactConflict, FactError, FactSet, decimal, kronor, whole

FACTORS = ("elderly", "accessibility", "socioeconomics")
LEVEL = 2024

COUNTED = FactSet(whole("affiliated", high=100_000), whole("level", LEVEL, LEVEL), whole("year", LEVEL, 2099))


def _supplement(stated: Stated, edition: Edition) -> Answer:
    """The supplement at its level or indexed, adjusted for each person outside the normal range, and shared."""
    faults: list[FactError] = []
    percents = read_percents("lpik", stated, faults)
    weights = read_factors(stated.get("factors"), faults)
    facts = read_facts(COUNTED, stated, faults)
    if facts["level"] is not None and facts["year"] is not None:
        raise BadFacts([FactConflict("level", "antingen level eller year, inte båda")])
    if facts["level"] is not None and percents:
        raise BadFacts([FactConflict("lpik", "behöver ett year att räkna upp till; level är oindexerad")])
    year = facts["year"] or facts["level"]
    needed = [key for key, value in (("affiliated", facts["affiliated"]), ("year", year)) if value is None]
    if needed:
        return missing_facts("supplement", *needed)
    if percents:
        edition = with_percents(edition, "LPIK", percents, "angivet i anropet: lpik")
    return _adjust(facts["affiliated"], year, weights, edition)


def _adjust(persons: int, year: int, weights: Mapping[str, Fraction], edition: Edition) -> Answer:
    on = date(year, 12, 31)
    base, each = edition.parameter("supplement", on), edition.parameter("supplement_adjustment", on)
    low, high = edition.parameter("normal_range_low", on), edition.parameter("normal_range_high", on)
    outside = outside_range(persons, low.whole(), high.whole())
    counted = _counted(persons, outside, low.whole(), high.whole(), edition.parameter("supplement_base_persons", on))
    amounts = {
        option: money.round_to(base.whole() + (each.whole() * n if outside else 0), money.KRONA)
        for option, n in counted.items()
    }
    amount, clause = amounts[edition.option("A03")], "TB-AVS-2b" if outside else "TB-AVS-2a"
    number = Step("affiliated", persons, "fact", ("TB-AVS-1",), steps=_readings(edition, "A11", "A12"))
    limits = Step("normal_range", f"{low.value}–{high.value}", "rule", ("TB-GRU-4",),
                  steps=(low, high, *_readings(edition, "A13")))  # fmt: skip
    where = _readings(edition, "A03") if persons <= low.whole() or persons >= high.whole() else ()
    steps = [base, number, limits, Step("persons_outside", outside, "rule", ("TB-AVS-2",), steps=where)]
    if outside:
        steps += [each, *_readings(edition, "A02", "A14")]
    shares = {name: part * 100 for name, part in money.split(amount // 100, weights).items()} if weights else {}
    if shares:
        steps.append(_shared(shares, weights, clause, edition))
    explanation = Step("supplement", amount, "rule", (clause, "TB-GRU-1"), steps=tuple(steps))
    fields: dict[str, Any] = {
        "index": f"{_exact(edition.index_factor('supplement', year)):f}",
        "supplement": money.kronor(base.whole()),
        "adjustment_per_person": money.kronor(each.whole()),
        "persons_outside": outside,
        "amount": money.kronor(amount),
        "alternatives": {f"from_{name}": money.kronor(amounts[name]) for name in ("mean", "base")}
        | {"once": money.kronor(amounts["once"])},
        "status": "charged",
    }
    if shares:
        fields["shares"] = {name: money.kronor(part) for name, part in shares.items()}
    on_day = date(year, 1, 1) if year != LEVEL else None
    return Answer(fields, explanation, standing_flags(explanation, on_day, edition), shares=shares)


def _counted(persons: int, outside: int, low: int, high: int, core: Step) -> dict[str, Fraction]:
    """How many persons the supplement is adjusted for, by option of A03."""
    return {
        "edge": Fraction(outside),
        "mean": persons - Fraction(low + high, 2),
        "base": Fraction(persons - core.whole()),
        "once": Fraction((outside > 0) - (outside < 0)),
    }


def _shared(shares: Mapping[str, int], weights: Mapping[str, Fraction], clause: str, edition: Edition) -> Step:
    """How the amount is shared between the municipalities, with the decided model's per cent (A10)."""
    whole_weight = sum(weights.values(), Fraction())
    percent = {name: weight * 100 / whole_weight for name, weight in weights.items()}
    reasons = (edition.reading("A10"), *share_steps(shares, percent, "share_percent"))
    return Step("shares", None, "note", (clause,), steps=reasons)


def _readings(edition: Edition, *names: str) -> tuple[Step, ...]:
    return tuple(edition.reading(name) for name in names)


def outside_range(persons: int, low: int, high: int) -> int:
    """How many persons the number lies outside the normal range: negative below, 0 on the limits and between (A03)."""
    return min(persons - low, 0) + max(persons - high, 0)


def _exact(value: Fraction) -> Decimal:
    with localcontext(prec=60):
        return (Decimal(value.numerator) / Decimal(value.denominator)).normalize()


def read_factors(stated: Any, faults: list[FactError]) -> dict[str, Fraction]:
    """The decided model as one weight for each municipality (A10); empty when nothing is stated.

    Either per cent by municipality that sum to 100, or for each of ``elderly``, ``accessibility`` and
    ``socioeconomics`` a ``weight`` and ``shares`` by municipality; weights and each factor's shares sum to 100.
    """
    if stated is None:
        return {}
    if not isinstance(stated, Mapping):
        allowed = 'ett objekt: procent per kommun, eller {"elderly": {"weight", "shares"}, ...}'
        faults.append(FactError("factors", allowed))
        return {}
    if not set(stated) & set(FACTORS):
        return read_key("factors", {"factors": stated}, faults)
    weights = read_hundred("factors", {"factors": _weights(stated, faults)}, FACTORS, faults)
    combined = dict.fromkeys(MUNICIPALITIES, Fraction())
    for factor, weight in weights.items():
        key = f"factors.{factor}.shares"
        shares = read_key(key, {key: stated[factor]["shares"]}, faults)
        for name, share in shares.items():
            combined[name] += weight * share
    return {name: weight for name, weight in combined.items() if weight}


def _weights(stated: Mapping[str, Any], faults: list[FactError]) -> dict[str, Any]:
    weights: dict[str, Any] = {}
    for factor, table in stated.items():
        if isinstance(table, Mapping) and set(table) == {"weight", "shares"} and table["shares"]:
            weights[factor] = table["weight"]
        else:
            faults.append(FactError(f"factors.{factor}", 'ett objekt {"weight": "40", "shares": {"BERG": "5.1", ...}}'))
    return weights


def read_key(key: str, stated: Stated, faults: list[FactError]) -> dict[str, Fraction]:
    """A decided key: per cent by municipality that sum to 100."""
    return read_hundred(key, stated, MUNICIPALITIES, faults)


def read_hundred(key: str, stated: Stated, names: tuple[str, ...], faults: list[FactError]) -> dict[str, Fraction]:
    """Per cent by name, in the order of ``names``, that sum to exactly 100."""
    found = read_numbers(key, stated, faults, high=100)
    faults += [FactError(f"{key}.{name}", "en av " + ", ".join(names)) for name in found if name not in names]
    total = sum(found.values(), Decimal())
    if found and total != 100:
        faults.append(FactError(key, f"procent med summan 100; summan är {total}"))
    return {name: Fraction(found[name]) for name in names if name in found}


VALUED = FactSet(
    decimal("posts", high=1000),
    kronor("monthly_wage"),
    decimal("payroll_percent", high=200),
    decimal("readiness_factor", high=100),
)


def _valuation(stated: Stated, edition: Edition) -> Answer:
    """Posts at a year's wage with payroll surcharge and baseline readiness: how the amount was once reckoned (A01)."""
    facts = read_facts(VALUED, stated)
    needed = [name for name, value in facts.items() if value is None]
    if needed:
        return missing_facts("supplement_valuation", *needed)
    scaled = ("posts", "payroll_percent", "readiness_factor")
    posts, percent, factor = (Fraction(facts[name], 10_000) for name in scaled)
    cost = posts * facts["monthly_wage"] * 12 * (1 + percent / 100)
    options = {"factor": money.round_to(cost * factor), "added": money.round_to(cost * (1 + factor))}
    amount = options[edition.option("A01")]
    stated_ones = tuple(Step(name, _stated(facts[name], name), "fact") for name in VALUED)
    yearly = Step("year_cost", money.round_to(cost), "rule", steps=stated_ones[:3])
    steps = (yearly, stated_ones[3], edition.reading("A01"))
    explanation = Step("supplement_valuation", amount, "rule", ("TB-BERAKNING",), steps=steps)
    fields = {"amount": money.kronor(amount), "literal_reading": money.kronor(options["added"]), "status": "charged"}
    return Answer(fields, explanation)


def _stated(value: int, name: str) -> int | Decimal:
    return value if name == "monthly_wage" else (Decimal(value) / 10_000).normalize()


def mean_and_deviation(counts: tuple[int, ...]) -> tuple[Decimal, Decimal]:
    """The mean and the sample standard deviation of the years' numbers (A13)."""
    mean = Fraction(sum(counts), len(counts))
    variance = sum(((n - mean) ** 2 for n in counts), Fraction()) / (len(counts) - 1)
    with localcontext(prec=60):
        deviation = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
        return Decimal(mean.numerator) / Decimal(mean.denominator), deviation


def normal_range(counts: tuple[int, ...]) -> tuple[int, int]:
    """Two sample standard deviations on either side of the mean, as whole persons, halves up (TB-GRU-4, A13)."""
    mean, deviation = mean_and_deviation(counts)
    with localcontext(prec=60):
        return max(money.round_to(mean - 2 * deviation), 0), money.round_to(mean + 2 * deviation)


def _normal_range(stated: Stated, edition: Edition) -> Answer:
    """The normal range from six whole years' numbers, recalculated every third year."""
    faults: list[FactError] = []
    found = read_numbers("counts", stated, faults, high=100_000)
    years = sorted(found)
    if found and not _six_in_a_row(years):
        faults.append(FactError("counts", 'sex hela år i följd, som {"2022": 140, ...}'))
    faults += [FactError(f"counts.{year}", "ett heltal") for year, n in found.items() if n != int(n)]
    if faults:
        raise BadFacts(faults)
    if not found:
        return missing_facts("normal_range", "counts")
    counts = tuple(int(found[year]) for year in years)
    low, high = normal_range(counts)
    mean, deviation = (round(value, 4) for value in mean_and_deviation(counts))
    numbers = tuple(Step(year, n, "fact") for year, n in zip(years, counts, strict=True))
    spread = Step("deviation", deviation, "rule")
    steps = (Step("mean", mean, "rule", steps=numbers), spread, edition.reading("A13"))
    explanation = Step("normal_range", f"{low}–{high}", "rule", ("TB-GRU-4",), steps=steps)
    return Answer({"low": low, "high": high, "status": "charged"}, explanation)


def _six_in_a_row(years: list[str]) -> bool:
    first = years[0]
    return first.isdecimal() and years == [str(int(first) + n) for n in range(6)]


supplement = TableCharge(
    "supplement",
    ("affiliated", "level", "year", "lpik", "factors"),
    "largest remainder on kronor, 1",
    _supplement,
    "A10",
    ("A11",),
)
supplement_valuation = TableCharge(
    "supplement_valuation", tuple(VALUED), "posts, wage, surcharge, readiness, 1", _valuation
)
normal_range_charge = TableCharge("normal_range", ("counts",), "mean and two sample deviations, 1", _normal_range)
