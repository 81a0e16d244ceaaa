"""``Vad händer om``: a draft of the agreement on a cohort, and whom it would move between region and municipality."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from avtal.book.edition import Edition
from avtal.book.readings import Choice
from avtal.cases import CaseTable, Draft, Move, case_columns, create_table, moves
from avtal.cohort import Person, Shares, persons, shares_of
from avtal.editions.jamtland_2026 import QUESTIONS
from samverka.care import log
from samverka.care.log import Access
from samverka.care.statistics import counted_for, rounded
from samverka.core.acting import Actor

CARE = QUESTIONS["care"]
LIMITS = ("days_guideline", "cfs_moderate", "cfs_mild")
CRITERIA = ("safe_and_not_self_care", "frequent_and_continuous", "frail_enough", "cannot_reach_health_centre")
DRAFT = "utkast"
MOST_PERSONS = 20_000
#: The derived fact, and what stands for the query of cases until it is run.
DAY, CASES = "day", "(:cases:)"
REGION, MUNICIPALITY = "REGION", "MUNICIPALITY"


@dataclass(frozen=True)
class Change:
    """What a draft says otherwise.

    Attributes:
        limits: Limit -> its other value.
        without: Criteria that are taken away.
        readings: Reading -> another option.
    """

    limits: Mapping[str, int] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)

    def draft(self, edition: Edition) -> Draft:
        """The edition with the changes, in force from its first day."""
        for name, value in self.limits.items():
            edition = edition.with_value(name, value, edition.valid_from, DRAFT)
        day = edition.valid_from
        choices = [Choice(name, option, DRAFT, day, DRAFT) for name, option in self.readings.items()]
        return Draft(edition.choosing(*choices), self.without)


@dataclass(frozen=True, slots=True)
class Row:
    """One municipality's cases, or all of them: how many go which way.

    Attributes:
        group: Where the persons are registered; None for whom that is not known, empty for the sum.
        cases: How many cases.
        to_municipality: From the region to the municipality.
        to_region: From the municipality to the region.
        others: To or from people's own decision, or from or to where facts are missing.
        stay: How many keep their answer.
    """

    group: str | None
    cases: int
    to_municipality: int
    to_region: int
    others: int

    stay: int

    def rounded(self) -> Row:
        """As it may be shown of real persons: each number to the nearest five, and none of fewer than five."""
        numbers = (self.cases, self.to_municipality, self.to_region, self.others, self.stay)
        return Row(self.group, *(rounded(number) or 0 for number in numbers))


def questions_open(edition: Edition) -> tuple[str, ...]:
    """The readings on which the answer can depend, and of which more than one option can be computed."""
    names = CARE.trees[CARE.main].readings()
    return tuple(sorted(name for name in names if len(edition.readings[name].computed) > 1))


def made_up(actor: Actor, edition: Edition, change: Change, *, count: int, seed: int, on: date) -> list[Row]:
    """The moves among made-up persons.

    Args:
        actor: Whoever may read.
        edition: The edition in force.
        change: What the draft says otherwise.
        count: How many persons.
        seed: The same seed gives the same persons.
        on: The day that the answers hold for.
    """
    actor.must("read")
    with closing(sqlite3.connect(":memory:")) as memory:
        memory.execute(create_table(CARE, "cohort", "sqlite"))
        filled = ", ".join("?" * len(case_columns(CARE)))
        made = persons(CARE, shares(edition.code), count=count, seed=seed, on=on)
        memory.executemany(f"INSERT INTO cohort VALUES ({filled})", _stored(made))
        table = CaseTable(lambda sql: memory.execute(sql).fetchall(), "sqlite", "cohort")
        return rows(moves(CARE, table, edition, change.draft(edition), "registered_in"), edition)


def our_cases(actor: Actor, edition: Edition, change: Change, *, access: Access, on: date) -> list[Row]:
    """The moves among the cases that the actor's party has to do with, an auditor's among all; to the nearest five.

    They are decided where they lie, and only counted: nobody's case is opened. That it was done is one line in the log.

    Args:
        actor: Whoever may read.
        edition: The edition in force.
        change: What the draft says otherwise.
        access: What for, and when.
        on: The day for a case that has none.
    """
    actor.must("read")
    facts = [name for name in CARE.facts if name != DAY]
    stated = counted_for(actor).order_by().annotate(decided_on=Coalesce(DAY, Value(on))).values(*facts, "decided_on")
    inner, given = stated.query.sql_with_params()
    columns = ", ".join(f'"{name}"' for name in facts)
    named = f'(SELECT {columns}, "decided_on" AS "{DAY}" FROM ({inner}) AS stated)'

    def run(sql: str) -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql.replace("%", "%%").replace(CASES, named), given)
            counted: list[tuple[object, ...]] = cursor.fetchall()
        return counted

    table = CaseTable(run, "postgres" if connection.vendor == "postgresql" else "sqlite", f"{CASES} AS cases")
    with transaction.atomic():
        log.write(actor, access, [])
        found = rows(moves(CARE, table, edition, change.draft(edition), "registered_in"), edition)
    return [row.rounded() for row in found]


def _stored(made: Iterable[Person]) -> Iterable[list[object]]:
    return ([value.isoformat() if isinstance(value, date) else value for value in person] for person in made)


@lru_cache(maxsize=4)
def shares(code: str) -> Shares:
    """How an edition's made-up persons are drawn."""
    return shares_of(f"avtal.editions.{code}", CARE)


def rows(found: Iterable[Move], edition: Edition) -> list[Row]:
    """The moves by municipality in the edition's order, then those registered elsewhere, and the sum last."""
    by: dict[str | None, list[Move]] = {}
    for move in found:
        by.setdefault(None if move.group is None else str(move.group), []).append(move)
    order = [*edition.parties[1:], *sorted(group for group in by if group and group not in edition.parties), None]
    made = [_row(group, by[group]) for group in order if group in by]
    return [*made, _row("", [move for group in by.values() for move in group])]


def _row(group: str | None, found: Iterable[Move]) -> Row:
    cases = to_municipality = to_region = others = 0
    for move in found:
        cases += move.cases
        if (move.before, move.after) == (REGION, MUNICIPALITY):
            to_municipality += move.cases
        elif (move.before, move.after) == (MUNICIPALITY, REGION):
            to_region += move.cases
        elif move.before != move.after:
            others += move.cases
    stay = cases - to_municipality - to_region - others
    return Row(group, cases, to_municipality, to_region, others, stay)
