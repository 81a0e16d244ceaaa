"""The development fund and the national share: P-EKO-UM-1, GU-BAK-1, MTN-2; readings A42, A51 and A66."""

from __future__ import annotations

from fractions import Fraction

from avtal import money
from avtal.book.answer import Answer
from avtal.book.charge import TableCharge, exact_number, missing_facts, read_facts, share_steps
from avtal.book.edition import Edition
from avtal.book.missing import MissingValue
from avtal.book.stated import Stated, read_numbers
from avtal.editions.jamtland_2026.parties import REGION
from avtal.editions.jamtland_2026.supplement import read_key
from avtal.explain import Step
from avtal.language.facts import FactError, FactSet, kronor

FUND = FactSet(kronor("amount"))


def _development_fund(stated: Stated, edition: Edition) -> Answer:
    """Half is paid by the region and half by the municipalities, by the key that the parties have decided."""
    faults: list[FactError] = []
    key = read_key("shares", stated, faults)
    amount = read_facts(FUND, stated, faults)["amount"]
    if amount is None:
        return missing_facts("development_fund", "amount")
    if not key:
        what = "Fördelningsnyckel mellan kommunerna för utvecklingsmedel"
        raise MissingValue(what, ("P-EKO-UM-1", "GU-BAK-1"), edition.readings["A51"].left_to())
    percent = edition.parameter("region_percent", edition.valid_from)
    halves = money.split(amount, {REGION: percent.whole(), "municipalities": 100 - percent.whole()})
    shares = money.split(halves["municipalities"], key)
    region = Step(REGION, halves[REGION], "step", steps=(percent,))
    municipal = share_steps(shares, key, "share_percent")
    steps = (region, edition.reading("A51"), *municipal, edition.reading("A66"))
    explanation = Step("development_fund", amount, "rule", ("P-EKO-UM-1", "GU-BAK-1"), steps=steps)
    fields = {
        "amount": money.kronor(amount),
        REGION: money.kronor(halves[REGION]),
        "municipalities": {name: money.kronor(part) for name, part in shares.items()},
        "status": "charged",
    }
    return Answer(fields, explanation, shares={REGION: halves[REGION], **shares})


def _national_share(stated: Stated, edition: Edition) -> Answer:
    """The joint functions of the national model, shared between regions by inhabitants (A42)."""
    faults: list[FactError] = []
    populations = read_numbers("populations", stated, faults, high=10**9)
    if populations and not any(populations.values()):
        faults.append(FactError("populations", "minst en invånare"))
    amount = read_facts(FUND, stated, faults)["amount"]
    if amount is None:
        return missing_facts("national_share", "amount")
    if not populations:
        raise MissingValue(
            "Folkmängd per region för den nationella andelen", ("MTN-2",), edition.readings["A42"].left_to()
        )
    shares = money.split(amount, {name: Fraction(count) for name, count in populations.items()})
    parts = (
        Step("region_share", part, source=name, steps=(Step("inhabitants", exact_number(populations[name]), "fact"),))
        for name, part in shares.items()
    )
    steps = (edition.reading("A42"), *parts)
    explanation = Step("national_share", amount, "rule", ("MTN-2",), steps=steps)
    fields = {
        "amount": money.kronor(amount),
        "shares": {name: money.kronor(part) for name, part in shares.items()},
        "status": "charged",
    }
    return Answer(fields, explanation, shares=shares)


development_fund = TableCharge(
    "development_fund", ("amount", "shares"), "halves, then largest remainder on öre, 1", _development_fund, "A51"
)
national_share = TableCharge(
    "national_share", ("amount", "populations"), "largest remainder on öre, 1", _national_share
)
