"""What nobody has entered, and what nobody has confirmed, of all that the coming settlements need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.http import urlencode

from avtal.book.edition import Edition
from avtal.book.indices import IndexValue
from avtal.book.missing import MissingIndex, MissingValue
from avtal.book.readings import Reading
from avtal.calendar import add_months
from avtal.settlement import key_missing
from samverka.agreements.book import Book
from samverka.agreements.county import FUND, SUPPLEMENT
from samverka.agreements.models import EnteredKind


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not there.

    Attributes:
        what: What it is, in words.
        clauses: Where the agreement needs it.
        decided_by: Who decides or publishes it.
        address: Where it can be entered, or read about.
    """

    what: str
    clauses: tuple[str, ...]
    decided_by: str
    address: str


def missing(book: Book, on: date) -> list[Missing]:
    """What the settlements around a day need: the half-year that just ended, the one that runs, and the next one.

    Indices that a price needs, the three-factor model of the supplement's year, the development money's key, and how
    many readings that change a result the parties have not confirmed. Each is tried with the book itself.
    """
    days = _half_years(book.edition, on)
    found = [*_prices(book, days), *_models(book, days), *_keys(book, days)]
    open_ones = unconfirmed(book.edition)
    if open_ones:
        found.append(_readings(open_ones))
    return found


def unconfirmed(edition: Edition) -> list[Reading]:
    """The readings that can be computed in more ways than one and that nobody has chosen for."""
    chosen = {choice.reading for choice in edition.choices}
    return [one for one in edition.readings.values() if len(one.computed) > 1 and one.id not in chosen]


def _half_years(edition: Edition, on: date) -> list[date]:
    """First days of the half-years around a day, none before the agreement's first."""
    first = date(on.year, 1 if on.month < 7 else 7, 1)
    return [day for day in (add_months(first, -6), first, add_months(first, 6)) if day >= edition.valid_from] or [
        edition.valid_from
    ]


def _prices(book: Book, days: list[date]) -> Iterator[Missing]:
    """Each index step or value once, with every clause that needs it."""
    found: dict[tuple[object, ...], Missing] = {}
    for name in book.edition.parameters:
        for day in days:
            for lack in _lacks(book.edition, name, day):
                key, one = _lack(name, lack)
                known = found.get(key, one)
                clauses = tuple(dict.fromkeys((*known.clauses, *one.clauses)))
                found[key] = replace(known, clauses=clauses)
    yield from found.values()


def _lacks(edition: Edition, name: str, day: date) -> Iterator[MissingValue]:
    """All that a price lacks: after each step that is missing the price is tried as if that step were there."""
    while True:
        try:
            edition.parameter(name, day)
        except MissingIndex as lack:
            yield lack
            edition = edition.with_indices(
                IndexValue(
                    lack.series, lack.index_year, Decimal(), "entered", date.min, "visar bara vad mer som saknas"
                )
            )
        except MissingValue as lack:
            yield lack
            return
        else:
            return


def _lack(name: str, lack: MissingValue) -> tuple[tuple[object, ...], Missing]:
    if isinstance(lack, MissingIndex):
        what = f"Indexvärde {lack.series} för {lack.index_year}, steget till prisår {lack.price_year}"
        address = _propose(EnteredKind.INDEX, series=lack.series, index_year=lack.index_year)
        return (lack.series, lack.index_year), Missing(what, lack.clauses, lack.decided_by, address)
    return (name,), Missing(lack.what, lack.clauses, lack.decided_by, _propose(EnteredKind.PARAMETER, name=name))


def _models(book: Book, days: list[date]) -> Iterator[Missing]:
    for year in sorted({day.year for day in days}):
        if book.factors(year) is None:
            lack = key_missing(SUPPLEMENT, book.edition, year)
            yield Missing(lack.what, lack.clauses, lack.decided_by, _propose(EnteredKind.FACTORS, year=year))


def _keys(book: Book, days: list[date]) -> Iterator[Missing]:
    if any(book.development_key(day) is None for day in days):
        lack = key_missing(FUND, book.edition)
        yield Missing(
            lack.what, lack.clauses, lack.decided_by, _propose(EnteredKind.DEVELOPMENT_KEY, since=str(days[0]))
        )


def _readings(open_ones: list[Reading]) -> Missing:
    what = f"{len(open_ones)} läsningar som kan ändra ett belopp eller ett svar är inte bekräftade av parterna"
    if len(open_ones) == 1:
        what = "1 läsning som kan ändra ett belopp eller ett svar är inte bekräftad av parterna"
    clauses = tuple(dict.fromkeys(clause for reading in open_ones for clause in reading.clauses))
    told = "Den rekommenderade läsningen används tills parterna har valt."
    return Missing(what, clauses, told, reverse("agreements:readings"))


def _propose(kind: EnteredKind, **fields: str | int) -> str:
    return f"{reverse('agreements:propose', args=[kind.value])}?{urlencode(fields)}"
