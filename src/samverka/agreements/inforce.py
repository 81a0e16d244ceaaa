"""Numbers and readings in force on a day, as known on a day: what the pages about them show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from avtal.book.edition import Edition
from avtal.book.indices import IndexValue, Series
from avtal.book.missing import MissingValue
from avtal.book.parameters import DatedValue, Parameter
from avtal.book.readings import Choice, Reading
from avtal.explain import Step
from samverka.agreements.book import Book
from samverka.settle.tables import MADE_UP


@dataclass(frozen=True, slots=True)
class Price:
    """A parameter on a day: its value with how it came about, or what is missing."""

    parameter: Parameter
    on: date
    shown: str
    step: Step | None
    base: DatedValue | None
    lack: MissingValue | None
    example: bool

    @property
    def year(self) -> int:
        """The year of the day."""
        return self.on.year


@dataclass(frozen=True, slots=True)
class Told:
    """A dated value as a page shows it."""

    since: date
    shown: str
    status: str
    decided: date
    source: str


@dataclass(frozen=True, slots=True)
class ParameterPage:
    """A parameter: the value on the day, its base values, and the price of each year where it follows an index."""

    parameter: Parameter
    now: Price
    values: tuple[Told, ...]
    series: Series | None
    years: tuple[Price, ...]


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """An index: its values, newest year first, and the parameters that follow it."""

    series: Series
    lag: int
    values: tuple[tuple[IndexValue, str, bool], ...]
    follow: tuple[Price, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A reading with the option in force and who chose it, if anybody has."""

    reading: Reading
    option: str
    meaning: str
    choice: Choice | None
    example: bool

    @property
    def open(self) -> bool:
        """Whether it can change an amount and nobody has chosen."""
        return self.choice is None and len(self.reading.computed) > 1


def price(book: Book, name: str, on: date) -> Price:
    """One parameter on a day."""
    edition = book.edition
    known = edition.parameters[name]
    base = _known(edition, known).on(on)
    try:
        step = edition.parameter(name, on)
    except MissingValue as lack:
        return Price(known, on, "saknas", None, base, lack, example=False)
    return Price(known, on, edition.words.show(name, step.value), step, base, None, book.is_example(step))


def prices(book: Book, on: date) -> list[Price]:
    """Every parameter on a day."""
    return [price(book, name, on) for name in book.edition.parameters]


def parameter_page(book: Book, name: str, on: date) -> ParameterPage:
    """One parameter whole."""
    edition = book.edition
    known = _known(edition, edition.parameters[name])
    values = tuple(
        Told(one.since, edition.words.show(name, one.value), edition.words.code(one.status), one.decided, one.source)
        for one in sorted(known.values, key=lambda one: (one.since, one.decided))
    )
    years: tuple[Price, ...] = ()
    if known.index:
        first = min((one.since.year for one in known.values), default=edition.valid_from.year)
        last = max(on.year, edition.valid_to.year, *(day.year for day, _ in edition.history(name)), first)
        years = tuple(price(book, name, date(year, 12, 31)) for year in range(first, min(last, first + 25) + 1))
    series = edition.series[known.index.series] if known.index else None
    return ParameterPage(known, price(book, name, on), values, series, years)


def series_page(book: Book, name: str, on: date) -> SeriesPage:
    """One index whole."""
    edition = book.edition
    known = [one for one in edition.indices if one.series == name and _is_known(edition, one.published)]
    known.sort(key=lambda one: (one.index_year, one.published), reverse=True)
    values = tuple((one, edition.words.code(one.status), MADE_UP in one.source) for one in known)
    follow = [one for one in edition.parameters.values() if one.index and one.index.series == name]
    clauses = tuple(dict.fromkeys(one.index.clause for one in follow if one.index))
    return SeriesPage(
        edition.series[name], edition.lag(name), values, tuple(price(book, one.name, on) for one in follow), clauses
    )


def reading_rows(book: Book) -> list[ReadingRow]:
    """Every reading with the option in force."""
    choices = _choices(book.edition)
    return [_row(book, reading, choices) for reading in book.edition.readings.values()]


def reading_row(book: Book, id_: str) -> ReadingRow:
    """One reading with the option in force."""
    return _row(book, book.edition.readings[id_], _choices(book.edition))


def _row(book: Book, reading: Reading, choices: Mapping[str, Choice]) -> ReadingRow:
    option = book.edition.option(reading.id)
    example = reading.id in book.example_readings
    return ReadingRow(reading, option, reading.options[option], choices.get(reading.id), example)


def _choices(edition: Edition) -> dict[str, Choice]:
    return {choice.reading: choice for choice in edition.choices if _is_known(edition, choice.decided)}


def _known(edition: Edition, parameter: Parameter) -> Parameter:
    values: Iterable[DatedValue] = parameter.values
    return replace(parameter, values=tuple(one for one in values if _is_known(edition, one.decided)))


def _is_known(edition: Edition, day: date) -> bool:
    return edition.known_at is None or day <= edition.known_at
