"""What the build-time check finds in every decision table, in words for the terminal and for the reviewers' page."""

from __future__ import annotations

from collections.abc import Iterator

from avtal.book.charge import TableCharge
from avtal.book.edition import Edition
from avtal.editions.jamtland_2026 import CHARGES, QUESTIONS
from avtal.language.analyse import Findings, analyse
from avtal.language.expression import Value

PROVED = "Bevisat: gäller alla fall som kan anges, även där uppgifter saknas, och alla val av läsningar som kan räknas."
NOBODY = "none"


def every_finding(book: Edition) -> Iterator[Findings]:
    """The findings of each table: the charges' and the questions'."""

    def spell(name: str, value: Value | None) -> str:
        if not name:
            return outcome(book, value)
        said = "inte sagt" if value is None else book.words.show(name, value)
        return f"{name if name in book.readings else book.words.label(name)}: {said}"

    for one in (*CHARGES.values(), *QUESTIONS.values()):
        if not isinstance(one, TableCharge):
            for decision in one.tables():
                yield analyse(one.name, decision, one.facts, book, one.derive, spell)


def outcome(book: Edition, value: Value | None) -> str:
    """What is decided; that nobody is pointed out is no *no*."""
    return "ingen" if value == NOBODY else book.words.show("", value)


def shown(found: Findings) -> str:
    """How it is known: proved, or tried in so many cases."""
    if found.proved:
        return "bevisat"
    return f"prövat i {_count(found.cases)} av {_count(found.combinations)} fall"


def _count(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def remarks(found: Findings, book: Edition) -> Iterator[str]:
    """Everything found, and what is not proved and why."""
    yield from (*found.overlaps, *found.unreachable, *found.gaps, *found.unknown, *found.undecided, *found.dormant)
    if not found.proved:
        overlaps = "" if found.overlaps or found.undecided else ", men att inga rader säger emot varandra är bevisat"
        computed = ", ".join(book.words.label(fact).lower() for fact in found.computed)
        yield f"fall prövas eftersom villkor räknas fram ur {computed}{overlaps}"
