"""The edition that this site runs: the one place in the platform's agreement that names a county."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from avtal.book.asked import Asked
from avtal.book.charge import EventCharge
from avtal.book.duties import Duty
from avtal.book.edition import Edition
from avtal.editions import jamtland_2026
from avtal.editions.jamtland_2026 import CHARGES, QUESTIONS, affiliated, development, supplement
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES
from avtal.language.facts import FactError

__all__ = [
    "AS_A_WHOLE",
    "CHARGES",
    "FACTORS",
    "FUND",
    "KEY_READING",
    "MODEL_READING",
    "MUNICIPALITIES",
    "QUESTIONS",
    "SUPPLEMENT",
    "affiliated",
    "asked",
    "base",
    "charge_clauses",
    "duties",
    "edition_of",
    "key_weights",
    "model_weights",
]

FACTORS = supplement.FACTORS
#: The readings that leave open how the supplement and the development money are shared.
SUPPLEMENT = supplement.supplement
FUND = development.development_fund
MODEL_READING = SUPPLEMENT.key
KEY_READING = FUND.key
#: The readings asked by each charge that is computed as a whole, in code that no search through the trees finds.
AS_A_WHOLE: Mapping[str, tuple[str, ...]] = {
    "equipment_fixed": ("A16", "A40", "A57"),
    "supplement": ("A02", "A03", "A10", "A11", "A12", "A13", "A14"),
    "supplement_valuation": ("A01",),
    "normal_range": ("A13",),
    "development_fund": ("A51", "A66"),
    "national_share": ("A42",),
}


def base() -> Edition:
    """The edition as its files say, before anything is entered."""
    return jamtland_2026.edition()


def edition_of(code: str) -> Edition:
    """The edition with a code.

    Raises:
        LookupError: This site has no such edition.
    """
    found = base()
    if found.code != code:
        raise LookupError(f"{code}: utgåvan finns inte här; det finns {found.code}")
    return found


def asked() -> Asked:
    """How the questions of responsibility are put to a person."""
    return jamtland_2026.asked()


def duties() -> tuple[Duty, ...]:
    """Every duty of the agreement."""
    return jamtland_2026.duties()


def charge_clauses() -> Mapping[str, tuple[str, ...]]:
    """Charge -> the clauses that its computation names: of its trees, or as listed for what is computed as a whole."""
    return {
        name: tuple(dict.fromkeys(clause for tree in charge.trees.values() for clause in tree.all_clauses()))
        if isinstance(charge, EventCharge)
        else _AS_A_WHOLE[name]
        for name, charge in CHARGES.items()
    }


#: What a computation outside the trees names in its explanations: a test holds it against what they say.
_AS_A_WHOLE: Mapping[str, tuple[str, ...]] = {
    "equipment_fixed": ("MT-EKO-1", "MT-B1-1", "MT-B1-3", "MT-B1-1b"),
    "supplement": ("TB-AVS-2a", "TB-AVS-2b", "TB-GRU-1", "TB-GRU-2", "TB-GRU-3", "TB-AVS-1", "TB-GRU-4", "TB-AVS-2"),
    "supplement_valuation": ("TB-BERAKNING",),
    "normal_range": ("TB-GRU-4",),
    "development_fund": ("P-EKO-UM-1", "GU-BAK-1"),
    "national_share": ("MTN-2",),
}


def model_weights(model: Mapping[str, Any], faults: list[FactError]) -> dict[str, Fraction]:
    """The three-factor model as one weight for each municipality; what is wrong with it is added to the faults."""
    return supplement.read_factors(model, faults)


def key_weights(key: str, stated: Mapping[str, Any], faults: list[FactError]) -> dict[str, Fraction]:
    """A key's per cent by municipality, which sum to exactly 100; what is wrong is added to the faults."""
    return supplement.read_key(key, stated, faults)
