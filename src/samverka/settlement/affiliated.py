"""Where the supplement's number of persons comes from: the region's register, else its attested number.

TB-AVS-1 (the year before is counted), A11 (who counts), A12 (it sets this year's amount). Only numbers come out of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from avtal.book.edition import Edition
from avtal.book.missing import MissingValue
from avtal.calendar import STOCKHOLM
from avtal.explain import as_json
from samverka.agreements.selectors import book_now
from samverka.care.selectors_affiliation import Yearly, yearly
from samverka.core.errors import Refused
from samverka.settlement.models import Basis

CLAUSE, READING = "TB-AVS-1", "A11"


@dataclass(frozen=True, slots=True)
class Count:
    """The number that a basis takes: how it came about, as it is kept, and whether it rests on something made up."""

    number: int
    explanation: dict[str, Any]
    example: bool


def counted_before(year: int, edition: Edition | None = None) -> Yearly:
    """How many were affiliated in the year whose number sets a year's amount: the year before (A12)."""
    return yearly(year - 1, edition)


def why_none(found: Yearly, on: date) -> str:
    """Why a year's persons cannot be settled by on a day; empty where they can."""
    if found.year >= on.year:
        return f"Året {found.year} är inte slut. Anslutna personer räknas under första kvartalet efter ({CLAUSE})."
    if not found.numbers:
        return (
            f"Antalet anslutna personer {found.year} saknas ({CLAUSE}). Registrera anslutningarna, eller ange ett "
            "antal som en annan person intygar, under Ärenden, Anslutningar."
        )
    return ""


def count_of(stated: Mapping[str, Any], at: datetime) -> Count:
    """The number that a supplement's case states, where register or attested number say it.

    Raises:
        Refused: The year is not over, nothing says how many, or something else is said.
    """
    edition = book_now().edition
    found, number = counted_before(int(str(stated["year"])), edition), int(str(stated["affiliated"]))
    refused = why_none(found, at.astimezone(STOCKHOLM).date())
    if refused:
        raise Refused(refused)
    if number not in found.numbers:
        raise Refused(f"{told(found)} Underlaget anger {number}.")
    return Count(number, as_json(found.explained(number, edition), edition.words), found.example(number))


def told(found: Yearly) -> str:
    """What register and attested number say of a year, in words."""
    said = []
    if found.register is not None:
        said.append(f"registret ger {found.register}")
    if found.attested:
        said.append(f"det intygade antalet är {found.attested.number}")
    return f"Anslutna personer {found.year}: {', '.join(said) or 'inget antal finns'}."


def what_changed(basis: Basis) -> str:
    """What register and attested number say today where it is not what a basis was counted from; else nothing."""
    if not basis.explanation:
        return ""
    edition, number = book_now().edition, int(basis.stated["affiliated"])
    found = counted_before(int(basis.stated["year"]), edition)
    if number in found.numbers and as_json(found.explained(number, edition), edition.words) == basis.explanation:
        return ""
    return f"{told(found)} Underlaget räknades med {number}, som det då var och som {READING} då lästes."


def require_reading(basis: Basis, edition: Edition) -> None:
    """Stop where a number was counted by another reading than the one that its amount would be explained by.

    Raises:
        MissingValue: The parties have chosen another option of A11 since.
    """
    by = next((one["value"] for one in (basis.explanation or {}).get("steps", ()) if one["name"] == READING), None)
    if by is not None and by != edition.option(READING):
        what = f"Underlag för anslutna personer {basis.period}, räknat som {READING} nu läses,"
        raise MissingValue(what, (CLAUSE,), "Återkalla underlaget och registrera det igen.")
