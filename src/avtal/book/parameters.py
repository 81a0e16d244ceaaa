"""Dated parameters: each value with its first day, status and source; a price may follow an index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from avtal.book.readings import Chosen
from avtal.money import Rounding

Number = int | Decimal
ParameterStatus = Literal["decided", "preliminary", "expected", "entered"]


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value from its first day on.

    Attributes:
        since: The first day.
        value: Öre for money, whole minutes, persons and so on; Decimal for per cent and factors.
        status: Decided in the agreement, expected, or entered by the parties.
        decided: When it was decided; the value is unknown before that day.
        source: Document and line.
        checked: When somebody last held it against its source.
    """

    since: date
    value: Number
    status: ParameterStatus
    decided: date
    source: str
    checked: date


@dataclass(frozen=True, slots=True)
class IndexClause:
    """How a price follows an index: base x product of the steps from the year after the base, rounded.

    Attributes:
        series: Which index.
        clause: The clause that says so.
        skip: Price years whose step is left out, by reading.
        round_to: The step of rounding in öre, by reading.
        each_year: Whether every year's price is rounded, or only the one in use, by reading.
        first: The first year whose price is indexed at all.
        mode: How halves are rounded.
    """

    series: str
    clause: str
    skip: Chosen[tuple[int, ...]]
    round_to: Chosen[int]
    each_year: Chosen[bool]
    first: int
    mode: Rounding

    def readings(self) -> tuple[str, ...]:
        """The readings that bear on the price."""
        chosen = (self.skip.reading, self.round_to.reading, self.each_year.reading)
        return tuple(dict.fromkeys(reading for reading in chosen if reading))


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the agreement by name: its clauses, unit and dated values."""

    name: str
    label: str
    unit: str
    clauses: tuple[str, ...]
    values: tuple[DatedValue, ...]
    index: IndexClause | None = None

    def on(self, day: date) -> DatedValue | None:
        """The value in force on a day, before any index: the latest since, then decided, then the last one entered."""
        in_force = [value for value in reversed(self.values) if value.since <= day]
        return max(in_force, key=lambda value: (value.since, value.decided), default=None)
