"""What the build-time check finds in every decision table, in words for the terminal and for the reviewers' page."""

from __future__ import annotations

from collections.abc import Iterator

from avtal.book.charge import TableCharge
from avtal.book.edition import Edition
from avtal.editions.jamtland_2026 import CHARGES, QUESTIONS
from avtal.language.analyse import Findings, analyse

PROVED = "Bevisat: gäller alla fall som kan anges, även där uppgifter saknas, och alla val av läsningar som kan räknas."


def every_finding(book: Edition) -> Iterator[Findings]:
    """The findings of each table: the charges' and the questions'."""
    for one in (*CHARGES.values(), *QUESTIONS.values()):
        if not isinstance(one, TableCharge):
            for decision in one.tables():
                yield analyse(one.name, decision, one.facts, book, one.derive)


def shown(found: Findings) -> str:
    """How it is known: proved, or tried in so many cases."""
    if found.proved:
        return "bevisat"
    return f"prövat i {found.cases} av {found.combinations} fall"


def remarks(found: Findings) -> Iterator[str]:
    """Everything found, and what is not proved and why."""
    yield from (*found.overlaps, *found.unreachable, *found.gaps, *found.unknown, *found.undecided, *found.dormant)
    if not found.proved:
        overlaps = "" if found.overlaps or found.undecided else ", men att inga rader säger emot varandra är bevisat"
        yield f"fall prövas eftersom villkor räknas fram ur {', '.join(found.computed)}{overlaps}"
