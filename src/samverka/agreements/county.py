"""The edition that this site runs: the one place in the platform's agreement that names a county."""

from __future__ import annotations

from avtal.book.edition import Edition
from avtal.editions import jamtland_2026
from avtal.editions.jamtland_2026 import CHARGES, development, supplement
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES

__all__ = [
    "CHARGES",
    "FACTORS",
    "FUND",
    "KEY_READING",
    "MODEL_READING",
    "MUNICIPALITIES",
    "SUPPLEMENT",
    "base",
    "edition_of",
]

FACTORS = supplement.FACTORS
#: The readings that leave open how the supplement and the development money are shared.
SUPPLEMENT = supplement.supplement
FUND = development.development_fund
MODEL_READING = SUPPLEMENT.key
KEY_READING = FUND.key


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
