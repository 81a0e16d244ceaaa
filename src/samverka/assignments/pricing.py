"""What work would be settled at now: one piece with its explanation, or the sums of many, by the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from avtal.book.answer import BadFacts
from avtal.book.edition import Edition
from avtal.book.missing import MissingValue
from avtal.bulk import EventTable, priced_sql
from avtal.explain import Step
from avtal.language.sql import NOTHING, Dialect
from samverka.agreements.book import Book
from samverka.assignments.checks import FILL_IN, BadWork, Checker
from samverka.assignments.kinds import WorkKind
from samverka.assignments.words import label

Told = Callable[[Mapping[str, str]], dict[str, str]]
DIALECTS: dict[str, Dialect] = {"sqlite": "sqlite", "postgresql": "postgres"}


@dataclass(frozen=True)
class Quote:
    """What a case is worth now.

    Attributes:
        status: Its outcome's code; empty where it cannot be known yet.
        amount: Öre; None where nobody knows it, or where people decide.
        explanation: How it came about.
        flags: What a human must look at, as words.
        lacks: What is missing, in words: a fact, or a number that the parties have not entered.
        absent: Whether what is missing is a number of the parties, so that the work can be registered all the same.
        example: Whether the price rests on example data.
    """

    status: str = ""
    amount: int | None = None
    explanation: Step | None = None
    flags: Sequence[str] = field(default_factory=tuple)
    lacks: str = ""
    absent: bool = False
    example: bool = False


def quote(
    kind: WorkKind, stated: Mapping[str, Any], book: Book, told: Told = dict, *, on: date | None = None
) -> Quote:  # fmt: skip
    """Price a case as the book is now; ``told`` is how its faults are told where it is stated, ``on`` that day."""
    edition = book.edition
    try:
        Checker(kind, edition).case(stated, on=on)
    except BadWork as bad:
        faults = told(bad.faults)
        empty = [label(name).lower() for name, text in faults.items() if text.startswith(FILL_IN)]
        if len(empty) == len(faults):
            return Quote(lacks=f"Priset visas när detta är ifyllt: {', '.join(empty)}")
        wrong = "; ".join(f"{label(name)}: {text}" for name, text in faults.items())
        return Quote(lacks=f"Priset kan inte räknas. {wrong}")
    try:
        answer = kind.charge.price(stated, edition)
    except MissingValue as missing:
        return Quote(lacks=str(missing), absent=True)
    except BadFacts as bad:
        return Quote(lacks=str(bad))
    flags = tuple(edition.words.code(flag) for flag in answer.flags)
    step, status = answer.explanation, str(answer.fields["status"])
    amount = None if status == "manual" else step.value
    assert amount is None or isinstance(amount, int)
    return Quote(edition.words.code(status), amount, step, flags, example=book.is_example(step))


@dataclass(frozen=True, slots=True)
class Total:
    """Pieces of work: how many, what they come to (None where none has a price), and how many have no price."""

    events: int
    amount: int | None
    unpriced: int


@dataclass(frozen=True, slots=True)
class Sum(Total):
    """The work of one performer with one outcome."""

    payee: str
    status: str


#: What people decide has no price, nor has what rests on a number that nobody has entered.
_KNOWN = "CASE WHEN out_status <> 'manual' THEN out_amount END"
_COUNTED = f"COUNT(*), SUM({_KNOWN}), COUNT({_KNOWN})"


def sums_of(kind: WorkKind, ids: Sequence[int], edition: Edition) -> list[Sum]:
    """What pieces of work come to, by performer and outcome: priced and summed where they lie."""
    if not ids:
        return []
    by, priced = "out_payee, out_status", _priced(kind, ids, edition)
    rows = _rows(f"SELECT {_COUNTED}, {by} FROM ({priced}) p GROUP BY {by} ORDER BY {by}")
    return [Sum(*_counted(row), payee=row[3], status=edition.words.code(row[4] or "")) for row in rows]


def total_of(kind: WorkKind, ids: Sequence[int], edition: Edition) -> Total:
    """What pieces of work come to together, as far as they have a price."""
    if not ids:
        return Total(0, 0, 0)
    [row] = _rows(f"SELECT {_COUNTED} FROM ({_priced(kind, ids, edition)}) p")
    return Total(*_counted(row))


def _counted(row: Sequence[Any]) -> tuple[int, int | None, int]:
    events, amount, known = row[:3]
    return int(events), None if amount is None else int(amount), int(events) - int(known)


def _priced(kind: WorkKind, ids: Sequence[int], edition: Edition) -> str:
    """The statement that prices them; ids and names are our own."""
    charge, table = kind.charge, kind.model._meta.db_table
    names = ", ".join(f'"{name}"' for name in charge.facts)
    listed = ", ".join(str(int(one)) for one in ids)
    source = f'(SELECT id AS "line", "event_id", "month", "example", {names} FROM {table} WHERE id IN ({listed})) AS w'
    return priced_sql(charge, EventTable(_rows, DIALECTS[connection.vendor], source), edition, NOTHING)


def _rows(statement: str) -> Sequence[Sequence[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: Sequence[Sequence[Any]] = cursor.fetchall()
        return rows
