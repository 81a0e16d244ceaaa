"""The events of a line, a page at a time, each with its own explanation made when somebody looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from avtal.bulk import rows
from avtal.explain import as_json
from avtal.settlement import explain
from samverka.agreements.selectors import book_of
from samverka.assignments.kinds import BY_CHARGE
from samverka.settlement.basis import first_day
from samverka.settlement.models import Basis, InvoicedEvent, InvoiceLine, Proposal, ProposalLine, ProposedEvent
from samverka.settlement.shares import explained, shares_of
from samverka.settlement.sources import by_key

PAGE = 25


@dataclass(frozen=True)
class LineEvent:
    """An event on a line.

    Attributes:
        key: Where the next page begins: after this one.
        event_id: The performer's own number, or the document that a shared sum rests on.
        on: Its day.
        amount: In öre.
        example: Whether it is example data.
        explanation: How the amount came about, as ``as_json`` gives it.
        public_id: The public id of the work; empty for a share.
        charge: The charge's name.
    """

    key: int
    event_id: str
    on: date
    amount: int
    example: bool
    explanation: dict[str, Any]
    public_id: str
    charge: str


def events_of(line: ProposalLine | InvoiceLine, *, after: int = 0, limit: int = PAGE) -> list[LineEvent]:
    """A page of the line's events, in order of registration.

    Args:
        line: Of a proposal, an invoice or a credit note; a correction's events are those of the line it corrects.
        after: The ``key`` of the last event of the page before.
        limit: How many.
    """
    amounts = _amounts(line, after, limit)
    proposal = _proposal(line)
    if line.charge not in BY_CHARGE:
        return _shares(line, amounts, proposal)
    kind = BY_CHARGE[line.charge]
    assert proposal.snapshot is not None  # a line was computed with one
    book = book_of(proposal.snapshot)
    ids = [event for event, _ in amounts]
    if not ids:
        return []
    public = dict(kind.model._default_manager.filter(pk__in=ids).values_list("pk", "public_id"))
    found = {event.line: event for event in rows(kind.charge, by_key(kind, ids), limit=limit)}
    made = []
    for key, amount in amounts:
        event = found[key]
        _, step = explain(kind.charge, event, book.edition)
        on = event.case["date"]
        assert isinstance(on, date)  # every event has its day
        told = as_json(step, book.edition.words)
        made.append(LineEvent(key, event.id, on, amount, event.example, told, public[key], line.charge))
    return made


def _proposal(line: ProposalLine | InvoiceLine) -> Proposal:
    return line.proposal if isinstance(line, ProposalLine) else line.invoice.proposal


def _amounts(line: ProposalLine | InvoiceLine, after: int, limit: int) -> list[tuple[int, int]]:
    """Which events are on a page, and their öre as the line has them."""
    if line.kind == "correction":
        again = priced_again(line, _proposal(line).pk)
        return list(again.filter(event__gt=after).order_by("event").values_list("event", "amount")[:limit])
    if isinstance(line, ProposalLine):
        kept = ProposedEvent.objects.filter(
            proposal=line.proposal, charge=line.charge, stream=line.stream, payee=line.payee, month=line.month,
            status=line.status, example=line.marked, event__gt=after,
        )  # fmt: skip
        return list(kept.order_by("event").values_list("event", "amount")[:limit])

    source = line.credits_id or line.pk
    held = InvoicedEvent.objects.filter(line_id=source, event__gt=after)
    return list(held.order_by("event").values_list("event", "amount")[:limit])


def priced_again(line: ProposalLine | InvoiceLine, proposal: int) -> QuerySet[ProposedEvent]:
    """The events of the line that a correction corrects, as the correcting proposal prices and sends them.

    Of a shared sum it is the line's own parts: the others' are on other invoices.
    """
    of = InvoicedEvent.objects.filter(line_id=line.corrects_id)
    again = ProposedEvent.objects.filter(proposal_id=proposal, charge=line.charge, stream=line.stream)
    return again.filter(event__in=of.values("event"), part__in=of.values("part"))


def _shares(line: ProposalLine | InvoiceLine, amounts: list[tuple[int, int]], proposal: Proposal) -> list[LineEvent]:
    assert proposal.snapshot is not None  # a line was computed with one
    book = book_of(proposal.snapshot)
    bases = Basis.objects.in_bulk([event for event, _ in amounts])
    made = []
    for key, amount in amounts:
        basis = bases[key]
        share = next(share for share in shares_of(basis, book, line.payee))
        told = as_json(explained(share, book), book.edition.words)
        on = basis.counted_on or first_day(basis.month)
        made.append(LineEvent(key, basis.source, on, amount, share.example, told, "", line.charge))
    return made
