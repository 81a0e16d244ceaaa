"""The book: the edition with what the parties have entered and approved, ready to price with.

How it is put together, always the same way from the same approved values:

1. A value that a later approved one replaces is left out.
2. Of two values about the same thing (series, index year and day of publication; parameter and first day; the year of a
   model; the first day of a key; a reading) the one that was approved later counts.
3. Of index values of the same year the one that was published later counts, and of a price's values the one with the
   later first day: that is the agreement's own rule, in ``avtal``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from avtal.book.edition import Edition
from avtal.book.indices import IndexValue
from avtal.book.missing import MissingValue
from avtal.book.parameters import DatedValue, Number
from avtal.book.readings import Choice
from avtal.calendar import STOCKHOLM
from avtal.explain import Step
from samverka.agreements.payloads import (
    NORMAL_RANGE,
    Dated,
    DevelopmentKey,
    Factors,
    Index,
    NormalRange,
    Payload,
    ReadingChoice,
    read_payload,
)
from samverka.settle.tables import MADE_UP


@dataclass(frozen=True)
class Approved:
    """An approved value as the book needs it.

    Attributes:
        id: Its key in the database.
        kind: What sort of value.
        payload: Its JSON, as kept.
        document: Where it is written.
        document_date: The document's day.
        example: Whether it is example data.
        ruled_at: When it was approved.
        replaces: The key of the value that it corrects, if it says so.
    """

    id: int
    kind: str
    payload: Mapping[str, Any]
    document: str
    document_date: date
    example: bool
    ruled_at: datetime
    replaces: int | None = None

    @property
    def source(self) -> str:
        """Document and day; example data ends with its mark, so that every line that rests on it is marked."""
        return f"{self.document}, {self.document_date.isoformat()}{MADE_UP if self.example else ''}"

    @property
    def known_from(self) -> date:
        """The day it was approved, in Stockholm: before it nobody knew the value here."""
        return self.ruled_at.astimezone(STOCKHOLM).date()


@dataclass(frozen=True)
class Stated:
    """A decided key or model, with whether it is example data and what entered it."""

    value: Mapping[str, Any]
    since: date
    example: bool
    source: str
    entered: int


@dataclass(frozen=True, eq=False)
class Book:
    """The edition and the approved values it holds; two books are compared by fingerprint, and one is itself alone.

    Attributes:
        edition: What ``avtal`` prices with.
        entered: Keys of the approved values, in order of ruling.
        counted: The keys among them that count: not replaced, and the latest about their thing.
        models: The three-factor model by year.
        keys: The development money's keys, by first day.
        example_readings: Readings whose choice is example data.
    """

    edition: Edition
    entered: tuple[int, ...] = ()
    counted: frozenset[int] = frozenset()
    models: Mapping[int, Stated] = field(default_factory=dict)
    keys: tuple[Stated, ...] = ()
    example_readings: frozenset[str] = frozenset()

    def factors(self, year: int) -> dict[str, Any] | None:
        """The decided model of a year as the supplement's ``factors``; None where nobody has entered it."""
        found = self.models.get(year)
        return dict(found.value) if found else None

    def factors_are_example(self, year: int) -> bool:
        """Whether the model of a year is example data; what it shares must be marked."""
        return year in self.models and self.models[year].example

    def key_on(self, on: date) -> Stated | None:
        """The development money's key in force on a day."""
        return max((key for key in self.keys if key.since <= on), key=lambda key: key.since, default=None)

    def development_key(self, on: date) -> dict[str, str] | None:
        """The key in force on a day as the fund's ``shares``: per cent by municipality; None where there is none."""
        found = self.key_on(on)
        return dict(found.value) if found else None

    def development_key_is_example(self, on: date) -> bool:
        """Whether the key in force on a day is example data; what it shares must be marked."""
        found = self.key_on(on)
        return found is not None and found.example

    def is_example(self, step: Step) -> bool:
        """Whether an explanation rests on an index value, a price or a choice of reading that is example data."""
        return any(
            MADE_UP in one.source if one.kind in ("index", "parameter") else one.name in self.example_readings
            for one in step.walk()
            if one.kind in ("index", "parameter", "reading")
        )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all that the book holds: the edition's own, the models, the keys and what is example data."""
        models = [[year, _told(model)] for year, model in sorted(self.models.items())]
        told = [self.edition.fingerprint, models, [_told(key) for key in self.keys], sorted(self.example_readings)]
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    # -- what differs from another book --------------------------------------------------------------

    def changed_since(self, other: Book) -> frozenset[str]:
        """The parameters that have another value on some day here than in the other book, or lack one there."""
        return frozenset(name for name in self.edition.parameters if self._changes(name, other))

    def readings_changed_since(self, other: Book) -> frozenset[str]:
        """The readings that are chosen otherwise here than in the other book: they may change any month."""
        ids = self.edition.readings
        return frozenset(id_ for id_ in ids if self.edition.option(id_) != other.edition.option(id_))

    def value(self, name: str, on: date) -> Number | None:
        """A parameter's value on a day, index and all; None where something is missing."""
        try:
            return self.edition.number(name, on)
        except MissingValue:
            return None

    def _days(self, name: str, other: Book) -> list[date]:
        return sorted({day for book in (self, other) for day, _ in book.edition.history(name)})

    def _changes(self, name: str, other: Book) -> bool:
        return any(self.value(name, day) != other.value(name, day) for day in self._days(name, other))


def _told(stated: Stated) -> list[Any]:
    return [stated.since.isoformat(), stated.value, stated.example, stated.source]


def build(base: Edition, approved: Iterable[Approved], *, known_at: date | None = None) -> Book:
    """The book of an edition and approved values in order of ruling.

    Args:
        base: The edition as its files say.
        approved: The values, in order of ruling.
        known_at: Leave out what the files or the documents date later than this day.
    """
    ordered = list(approved)
    replaced = {one.replaces for one in ordered if one.replaces is not None}
    left = [(one, read_payload(one.kind, one.payload, base)) for one in ordered if one.id not in replaced]
    latest = {_about(payload): one.id for one, payload in left}
    kept = [(one, payload) for one, payload in left if latest[_about(payload)] == one.id]
    edition = _with_indices(base, kept)
    models: dict[int, Stated] = {}
    keys: list[Stated] = []
    examples: set[str] = set()
    for one, payload in kept:
        match payload:
            case Dated(name, since, value):
                edition = edition.with_dated(name, _dated(one, since, value))
            case NormalRange(since, low, high):
                for name, limit in zip(NORMAL_RANGE, (low, high), strict=True):
                    edition = edition.with_dated(name, _dated(one, since, limit))
            case ReadingChoice(reading, option, decided_by, decided):
                edition = edition.choosing(Choice(reading, option, decided_by, decided, one.source))
                if one.example:
                    examples.add(reading)
            case Factors(year, model):
                models[year] = Stated(model, date(year, 1, 1), one.example, one.source, one.id)
            case DevelopmentKey(since, shares):
                keys.append(Stated(shares, since, one.example, one.source, one.id))
    if known_at is not None:
        edition = edition.as_known(known_at)
    ids = tuple(one.id for one in ordered)
    counts = frozenset(one.id for one, _ in kept)
    return Book(edition, ids, counts, models, tuple(sorted(keys, key=lambda key: key.since)), frozenset(examples))


def _about(payload: Payload) -> tuple[Any, ...]:
    """What a value is about: two about the same thing do not both count."""
    match payload:
        case Index(series, index_year, _, _, published):
            return ("index", series, index_year, published)
        case Dated(name, since):
            return ("parameter", name, since)
        case NormalRange(since) | DevelopmentKey(since):
            return (payload.name, since)
        case Factors(year):
            return ("factors", year)
        case ReadingChoice(reading):
            return ("reading", reading)


def _with_indices(base: Edition, kept: Iterable[tuple[Approved, Payload]]) -> Edition:
    """The edition with the entered index values; its own of the same year and day of publication give way."""
    entered = [
        IndexValue(value.series, value.index_year, value.percent, value.status, value.published, one.source)
        for one, value in kept
        if isinstance(value, Index)
    ]
    taken = {(value.series, value.index_year, value.published) for value in entered}
    own = tuple(one for one in base.indices if (one.series, one.index_year, one.published) not in taken)
    return replace(base, indices=own).with_indices(*entered)


def _dated(one: Approved, since: date, value: Number) -> DatedValue:
    day = one.known_from
    return DatedValue(since, value, "entered", day, one.source, day)
