"""Index series with vintages: each value knows its own year, the price year it leads to and when it was published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from avtal.book.readings import Chosen
from avtal.explain import Step

IndexStatus = Literal["forecast", "preliminary", "published", "definitive", "entered"]


@dataclass(frozen=True, slots=True)
class IndexValue:
    """One published change in per cent, as it stood in one publication.

    Attributes:
        series: VPI, OPI, LPIK or LPI.
        index_year: The year whose change it measures.
        percent: The change in per cent, exact.
        status: How sure the publisher was.
        published: When; a value is unknown before that day.
        source: Where it was published.
    """

    series: str
    index_year: int
    percent: Decimal
    status: IndexStatus
    published: date
    source: str

    @property
    def factor(self) -> Fraction:
        """1 + the change."""
        return 1 + Fraction(self.percent) / 100


@dataclass(frozen=True, slots=True)
class Series:
    """An index: who publishes it, how a year of it becomes a price year's step, and which vintage counts.

    Attributes:
        name: VPI, OPI, LPIK or LPI.
        label: Its Swedish name.
        publisher: Who publishes it, and when.
        lag: Price year minus index year, by reading A65.
        frozen: Whether only what was published before the year that is priced counts (A05); otherwise the latest
            publication does, and a revision leads to corrections (A07).
        preliminary: Whether a preliminary value may be used, by reading A07.
        reading: The reading that says that this is the series the text means, if that is open (A04).
    """

    name: str
    label: str
    publisher: str
    lag: Chosen[int]
    frozen: bool
    preliminary: Chosen[bool]
    reading: str = ""

    def vintage(
        self, values: Iterable[IndexValue], index_year: int, priced: int, *, preliminary: bool
    ) -> IndexValue | None:
        """The value of an index year that counts when the year ``priced`` is priced; None when it is not entered."""
        turn = date(priced, 1, 1)
        usable = [
            value
            for value in values
            if value.series == self.name
            and value.index_year == index_year
            and (preliminary or value.status != "preliminary")
            and (not self.frozen or value.published < turn or value.status == "entered")
        ]
        return max(usable, key=lambda value: value.published, default=None)


def step(value: IndexValue, price_year: int, clause: str) -> Step:
    """The value as a step of an explanation: the change, both years, status and publication."""
    said = "" if value.published == date.min else f", {value.published.isoformat()}"
    years = f"{value.series}, indexår {value.index_year}, prisår {price_year}{said}"
    return Step("index_step", value.percent, "index", (clause,), f"{value.source} ({years})", value.status)
