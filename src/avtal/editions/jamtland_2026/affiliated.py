"""How many persons were affiliated to the palliative team in a year: TB-AVS-1, reading A11.

The supplement's number of persons, from dated affiliations: a first day, and a last one or none while it goes on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from avtal.book.edition import Edition
from avtal.explain import Step, StepKind

#: Name and version of the counting; raise it when the counting changes.
METHOD = "days by person, 1"
CLAUSE, READING = "TB-AVS-1", "A11"
ANY_DAY, NEWLY = "any_day", "newly_affiliated"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Affiliation:
    """That a person was affiliated from ``first`` to ``last``, both included; no ``last`` while it goes on.

    Raises:
        ValueError: The last day is before the first.
    """

    person: Hashable
    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        """A last day is never before the first."""
        if self.last is not None and self.last < self.first:
            raise ValueError(f"sista dagen {self.last} är före den första {self.first}")

    def __contains__(self, day: date) -> bool:
        """Whether the person is affiliated by this on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


def affiliated_persons(affiliations: Iterable[Affiliation], year: int, edition: Edition) -> Step:
    """How many persons in the county were affiliated in a year (TB-AVS-1), as the parties read it (A11)."""
    return told(counted(affiliations, year)[edition.option(READING)], year, edition)


def told(persons: int, year: int, edition: Edition, *, source: str = "", beside: tuple[Step, ...] = ()) -> Step:
    """A year's number of persons, with the clause that asks for it and the reading that it is counted by.

    Args:
        persons: How many.
        year: The year they were affiliated in.
        edition: Whose reading.
        source: The document that the number stands in, where it was not counted from affiliations.
        beside: What more a reader must know.
    """
    counted_in = Step("counted_year", str(year), "fact")
    kind: StepKind = "fact" if source else "rule"
    return Step("affiliated", persons, kind, (CLAUSE,), source, steps=(counted_in, *beside, edition.reading(READING)))


def counted(affiliations: Iterable[Affiliation], year: int) -> Mapping[str, int]:
    """The number of persons by option of A11: each person once, however often the affiliation was taken up again.

    Newly affiliated is who was affiliated on a day of the year and not on the day before.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    by_person: dict[Hashable, list[Affiliation]] = defaultdict(list)
    for one in affiliations:
        by_person[one.person].append(one)
    return {
        ANY_DAY: sum(
            any(one.first <= last and (one.last is None or one.last >= first) for one in own)
            for own in by_person.values()
        ),
        NEWLY: sum(
            any(first <= one.first <= last and not any(one.first - DAY in other for other in own) for one in own)
            for own in by_person.values()
        ),
    }
