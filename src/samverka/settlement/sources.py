"""What can be settled: the charges that a party is paid for, and the tables that their events lie in.

Work lies in the assignments' tables (OB-UPP-D4, SH-EKO-3, OB-SLU-3, MT-B1-2); what is shared as a whole rests on a
basis (MT-B1-1, TB-AVS-1, P-EKO-UM-1). The statements hold our own codes and days only, printed by sqlglot.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection
from sqlglot import exp

from avtal.book.charge import EventCharge
from avtal.bulk import EventTable
from avtal.calendar import Period
from avtal.language.sql import Dialect
from samverka.agreements.county import base
from samverka.assignments.kinds import BY_CHARGE, WorkKind, kinds_of
from samverka.parties.services import FUND
from samverka.settlement.models import BasisKind

#: What each dialect calls itself in Django.
DIALECTS: dict[str, Dialect] = {"sqlite": "sqlite", "postgresql": "postgres"}


@dataclass(frozen=True)
class Scope:
    """Whose work of which days a settlement takes up.

    Attributes:
        issuer: Who performed it and is paid.
        period: The days.
        until: Only what was attested by then, so that every step of a run sees the same work.
    """

    issuer: str
    period: Period
    until: datetime


def dialect() -> Dialect:
    """The operational database's own SQL."""
    return DIALECTS[connection.vendor]


def rows_of(statement: str, parameters: tuple[Any, ...] | None = None) -> list[tuple[Any, ...]]:
    """A statement's rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def text(value: str) -> str:
    """One of our own codes as the database's literal."""
    return exp.Literal.string(value).sql(dialect=dialect())


def moment(at: datetime) -> str:
    """A moment as the database keeps it."""
    if connection.vendor == "sqlite":
        return text(str(at.astimezone(UTC).replace(tzinfo=None)))
    return f"CAST({text(at.isoformat())} AS TIMESTAMPTZ)"


def days(column: str, period: Period) -> str:
    """That a column lies in a period."""
    return f"{column} BETWEEN {text(period.first.isoformat())} AND {text(period.last.isoformat())}"


def work_kinds(issuer: str) -> tuple[WorkKind, ...]:
    """The kinds of work that a party is paid for."""
    return kinds_of(issuer)


def shared_kinds(issuer: str) -> tuple[BasisKind, ...]:
    """The shared sums that a party is paid: the region, each municipality, the development fund."""
    region, *municipalities = base().parties
    if issuer == region:
        return (BasisKind.EQUIPMENT_FIXED,)
    if issuer == FUND:
        return (BasisKind.DEVELOPMENT_FUND,)
    return (BasisKind.SUPPLEMENT,) if issuer in municipalities else ()


def payer_and_payee(kind: str, part: str) -> tuple[str, str]:
    """Who pays whom a share: the part is the party that has it."""
    region = base().parties[0]
    return {
        BasisKind.EQUIPMENT_FIXED: (part, region),
        BasisKind.SUPPLEMENT: (region, part),
        BasisKind.DEVELOPMENT_FUND: (part, FUND),
    }[BasisKind(kind)]


def is_work(charge: str) -> bool:
    """Whether a charge's events are work, else they are a basis."""
    return charge in BY_CHARGE


def work_table(kind: WorkKind) -> str:
    """The table that a kind of work lies in."""
    return kind.model._meta.db_table  # Django's own way to ask


def _columns(charge: EventCharge) -> str:
    facts = ", ".join(f'w."{name}"' for name in charge.facts)
    return f'w.id AS "line", w."event_id", w."month", w."example", {facts}'


def attested(scope: Scope) -> str:
    """The condition on work, as ``w``: the issuer's, attested, in the period."""
    # read in the order it lies, where SQLite would go by an index from one page of a large table to another
    plus = "+" if connection.vendor == "sqlite" else ""
    who = f"{plus}w.performer = {text(scope.issuer)} AND w.state = 'attested'"
    return f"{who} AND {days('w.date', scope.period)} AND w.attested_at <= {moment(scope.until)}"


def not_invoiced(charge: str) -> str:
    """The condition on work, as ``w``: on no invoice, or only on credited ones."""
    of = f"i.charge = {text(charge)} AND i.event = w.id AND i.part = '' AND i.released_by_id IS NULL"
    return f"NOT EXISTS (SELECT 1 FROM settlement_invoicedevent i WHERE {of})"


def chargeable(kind: WorkKind, scope: Scope) -> EventTable:
    """The work to be charged, with columns named as the facts."""
    where = f"{attested(scope)} AND {not_invoiced(kind.charge.name)}"
    return _table(kind, f"{work_table(kind)} w WHERE {where}")


def invoiced(kind: WorkKind, issuer: str, months: tuple[int, int] | None = None) -> EventTable:
    """The work on the issuer's invoices that are not credited, by the month that it was charged for.

    The line is its own column, ``invoiced_on``.
    """
    from_ = (
        f"{work_table(kind)} w JOIN settlement_invoicedevent i ON i.event = w.id "
        "JOIN settlement_invoiceline l ON l.id = i.line_id"
    )
    of = f"i.charge = {text(kind.charge.name)} AND i.part = '' AND i.released_by_id IS NULL"
    where = f"{of} AND l.payee = {text(issuer)}"
    if months:
        where += f" AND l.month BETWEEN {months[0]:d} AND {months[1]:d}"
    return _table(kind, f"{from_} WHERE {where}", 'i.line_id AS "invoiced_on"')


def on_line(kind: WorkKind, line: int) -> EventTable:
    """The work that was put on an invoice line, released or not."""
    held = f"SELECT i.event FROM settlement_invoicedevent i WHERE i.line_id = {line:d}"
    return _table(kind, f"{work_table(kind)} w WHERE w.id IN ({held})")


def by_key(kind: WorkKind, events: list[int]) -> EventTable:
    """Some pieces of work by their primary keys."""
    listed = ", ".join(str(int(event)) for event in events)
    return _table(kind, f"{work_table(kind)} w WHERE w.id IN ({listed})")


def _table(kind: WorkKind, rest: str, *more: str) -> EventTable:
    columns = ", ".join((_columns(kind.charge), *more))
    return EventTable(rows_of, dialect(), f"(SELECT {columns} FROM {rest}) AS work")


def months_of(period: Period) -> tuple[int, int]:
    """The period's first and last month, like 202507."""
    return (_month(period.first), _month(period.last))


def _month(day: date) -> int:
    return day.year * 100 + day.month
