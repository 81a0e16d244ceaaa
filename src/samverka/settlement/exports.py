"""A proposal or an invoice as files: its lines, and its events one by one as they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.db.models import F, QuerySet
from django.http import Http404, HttpResponseBase

from samverka.agreements.county import base
from samverka.assignments.kinds import BY_CHARGE
from samverka.core.files import csv_response, xlsx_response
from samverka.core.listing import Column
from samverka.settlement.basis import first_day
from samverka.settlement.events import LineEvent, priced_again
from samverka.settlement.models import Basis, Invoice, InvoicedEvent, InvoiceLine, Proposal, ProposalLine, ProposedEvent
from samverka.settlement.shown import KINDS, label

T = TypeVar("T")
CHUNK = 1_000
FORMS = {"csv": csv_response, "xlsx": xlsx_response}


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event of a file.

    Attributes:
        charge: The charge's name.
        kind: Charge or correction, as a line has it.
        event_id: The performer's own number, or the document that a share rests on.
        part: The party that has a share; empty for work.
        on: Its day.
        stream: Who is sent the invoice.
        month: Its month, like 202507.
        status: What it came to.
        amount: Its part of the line's amount, in öre, negative on a credit note: these sum to it. None in a correction,
            which is the difference of a line and of no single event.
        again: What a correction computes the event to now, in öre; else None.
        example: Whether it is example data.
    """

    charge: str
    kind: str
    event_id: str
    part: str
    on: date
    stream: str
    month: int
    status: str
    amount: int | None
    again: int | None
    example: bool


def _code(value: str) -> str:
    return base().words.code(value) if value else ""


LINES = (
    Column("number", "Rad", lambda row: row.number, "count"),
    Column("charge", "Avgift", lambda row: label(row.charge)),
    Column("kind", "Slag", lambda row: KINDS[row.kind]),
    Column("status", "Utfall", lambda row: _code(getattr(row, "status", "charged"))),
    Column("stream", "Faktureras", lambda row: row.stream),
    Column("payee", "Betalas till", lambda row: row.payee),
    Column("month", "Månad", lambda row: row.month, "month"),
    Column("revision", "Revision", lambda row: row.revision, "count"),
    Column("events", "Händelser", lambda row: row.events, "count"),
    Column("quantity", "Antal", lambda row: Decimal(row.quantity) / row.scale, "number"),
    Column("unit", "Enhet", lambda row: row.unit),
    Column("amount", "Belopp", lambda row: row.amount, "money"),
    Column("flags", "Att se på", lambda row: "; ".join(_code(flag) for flag in row.flags)),
    Column("example", "Exempel", lambda row: row.example, "example"),
)
EVENTS = (
    Column("charge", "Avgift", lambda row: label(row.charge)),
    Column("event_id", "Händelse", lambda row: row.event_id),
    Column("part", "Andel", lambda row: _code(row.part)),
    Column("on", "Datum", lambda row: row.on, "date"),
    Column("stream", "Faktureras", lambda row: row.stream),
    Column("month", "Månad", lambda row: row.month, "month"),
    Column("status", "Utfall", lambda row: _code(row.status)),
    Column("kind", "Slag", lambda row: KINDS[row.kind]),
    Column("amount", "Belopp", lambda row: row.amount, "money"),
    Column("again", "Räknat om till", lambda row: row.again, "money"),
    Column("example", "Exempel", lambda row: row.example, "example"),
)


def answer(form: str, name: str, columns: Iterable[Column], rows: Iterable[Any]) -> HttpResponseBase:
    """A file, ``csv`` or ``xlsx``; anything else is not found."""
    if form not in FORMS:
        raise Http404(form)
    return FORMS[form](name, columns, rows)


def lines_file(form: str, name: str, found: Proposal | Invoice) -> HttpResponseBase:
    """Every line as a file."""
    rows: Any = found.lines.order_by("number")
    return answer(form, name, LINES, rows.defer("explanation").iterator(chunk_size=CHUNK))


def events_file(form: str, name: str, found: Proposal | Invoice) -> HttpResponseBase:
    """Every event as a file, read in pieces."""
    rows = proposed_events(found) if isinstance(found, Proposal) else invoiced_events(found)
    return answer(form, name, EVENTS, rows)


def proposed_events(proposal: Proposal) -> Iterator[EventRow]:
    """Every event of a proposal as it was priced."""
    kind = "correction" if proposal.corrections else "charge"
    kept = ProposedEvent.objects.filter(proposal=proposal)
    for charge in sorted(set(kept.order_by().values_list("charge", flat=True).distinct())):
        rows = kept.filter(charge=charge).order_by("event", "part")
        columns = ("event", "part", "stream", "month", "status", "amount", "example")
        for piece in _pieces(rows.values_list(*columns).iterator(chunk_size=CHUNK)):
            named = _named(charge, [row[0] for row in piece])
            for event, part, stream, month, status, amount, example in piece:
                event_id, on = named[event]
                sums = _sums(kind, amount)
                yield EventRow(charge, kind, event_id, part, on, stream, month, status, *sums, example)


def invoiced_events(invoice: Invoice) -> Iterator[EventRow]:
    """Every event on an invoice's lines; a credit note's are those it releases, with what it takes back."""
    credited = invoice.credits_id is not None
    for line in invoice.lines.defer("explanation").order_by("number"):
        taken_back = credited and line.kind == "charge"
        rows = _held(line).values_list("event", "part", -F("amount") if taken_back else F("amount"))
        for piece in _pieces(rows.iterator(chunk_size=CHUNK)):
            named = _named(line.charge, [row[0] for row in piece])
            for event, part, amount in piece:
                event_id, on = named[event]
                yield EventRow(
                    line.charge, line.kind, event_id, part, on, line.stream, line.month, "charged",
                    *_sums(line.kind, amount), line.example,
                )  # fmt: skip


def _sums(kind: str, amount: int) -> tuple[int | None, int | None]:
    """What an event is of the line's amount, and what a correction computes it to."""
    return (None, amount) if kind == "correction" else (amount, None)


def unexplained(line: ProposalLine | InvoiceLine, *, after: int, limit: int) -> list[LineEvent]:
    """A page of a line's events with amount and no explanation: for when the rules that priced them are gone."""
    kept = list(_held(line).filter(event__gt=after).values_list("event", "amount")[:limit])
    named = _named(line.charge, [event for event, _ in kept])
    return [
        LineEvent(event, *named[event], amount, line.example, {}, "", line.charge) for event, amount in kept
    ]  # fmt: skip


def _held(line: ProposalLine | InvoiceLine) -> QuerySet[Any]:
    """The events of a line; a correction's are the corrected line's, as the correcting proposal prices them."""
    if line.kind == "correction":
        proposal = line.proposal_id if isinstance(line, ProposalLine) else line.invoice.proposal_id
        return priced_again(line, proposal).order_by("event", "part")
    if isinstance(line, ProposalLine):
        place = {name: getattr(line, name) for name in ("charge", "stream", "payee", "month", "status")}
        kept = ProposedEvent.objects.filter(proposal=line.proposal_id, example=line.marked, **place)
        return kept.order_by("event", "part")
    return InvoicedEvent.objects.filter(line_id=line.credits_id or line.pk).order_by("event", "part")


def _named(charge: str, ids: list[int]) -> dict[int, tuple[str, date]]:
    """The number and the day of events, by primary key."""
    if charge in BY_CHARGE:
        work = BY_CHARGE[charge].model._default_manager.filter(pk__in=ids)  # of any kind
        return {pk: (event_id, on) for pk, event_id, on in work.values_list("pk", "event_id", "date")}
    bases = Basis.objects.filter(pk__in=ids).values_list("pk", "source", "counted_on", "month")
    return {pk: (source, counted_on or first_day(month)) for pk, source, counted_on, month in bases}


def _pieces(rows: Iterable[T]) -> Iterator[list[T]]:
    left = iter(rows)
    while piece := list(islice(left, CHUNK)):
        yield piece


def name_of(found: Proposal | Invoice | ProposalLine, what: str) -> str:
    """What a file is called."""
    return f"{found}-{what}".replace(" ", "-").lower()
