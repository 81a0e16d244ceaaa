"""The database refuses to change what is issued, sealed or approved; without its trigger it would not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from samverka.settlement.models import (
    Basis,
    Invoice,
    InvoicedEvent,
    InvoiceLine,
    Proposal,
    ProposalLine,
    ProposedEvent,
)
from tests.flush import triggers_away
from tests.samverka.settlement.county import approved, approved_basis, hired, issued, proposed


@pytest.fixture
def everything(jamtland: None) -> None:
    """An issued invoice, a sealed proposal and an approved basis."""
    hired()
    issued()
    approved_basis()
    approved(proposed("REGION"))


def _second_line() -> None:
    line = ProposalLine.objects.order_by("pk")[0]
    line.pk, line.number = None, 99
    line.save(force_insert=True)


FORBIDDEN: dict[str, Callable[[], Any]] = {
    "an invoice's sum": lambda: Invoice.objects.update(total=1),
    "an invoice": lambda: Invoice.objects.all()._raw_delete("default"),
    "an invoice line's amount": lambda: InvoiceLine.objects.update(amount=1),
    "an invoice line": lambda: InvoiceLine.objects.all()._raw_delete("default"),
    "an invoiced event": lambda: InvoicedEvent.objects.all()._raw_delete("default"),
    "an invoiced event's amount": lambda: InvoicedEvent.objects.update(amount=1),
    "a sealed line's amount": lambda: ProposalLine.objects.update(amount=1),
    "a sealed line": lambda: ProposalLine.objects.filter(proposal__issuer="REGION")._raw_delete("default"),
    "a line into a sealed proposal": _second_line,
    "a sealed event's amount": lambda: ProposedEvent.objects.update(amount=1),
    "a sealed event": lambda: ProposedEvent.objects.all()._raw_delete("default"),
    "a sealed proposal's total": lambda: Proposal.objects.update(total=1),
    "an issued proposal's state": lambda: Proposal.objects.filter(state="issued").update(state="approved"),
    "an approved proposal, to be computed again": lambda: Proposal.objects.filter(state="approved").update(
        state="computing"
    ),
    "a proposal": lambda: Proposal.objects.filter(issuer="REGION")._raw_delete("default"),
    "an approved basis' source": lambda: Basis.objects.update(source="en annan"),
    "an approved basis' state": lambda: Basis.objects.update(state="registered"),
    "an approved basis": lambda: Basis.objects.all()._raw_delete("default"),
}


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("change", FORBIDDEN.values(), ids=FORBIDDEN)
def test_the_database_refuses(change: Callable[[], Any]) -> None:
    """Whoever asks: the services, a view, or a hand on the database."""
    with pytest.raises(DatabaseError, match=r"settlement_|append-only"), transaction.atomic():
        change()


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("change", FORBIDDEN.values(), ids=FORBIDDEN)
def test_without_its_trigger_it_would_not(change: Callable[[], Any]) -> None:
    """The twin: the same statement, and nobody says no."""
    with triggers_away(connection), transaction.atomic():
        change()
        transaction.set_rollback(True)


@pytest.mark.usefixtures("everything")
def test_an_event_is_released_once() -> None:
    """From charged to released, by a credit note; never back, never to another."""
    invoice = Invoice.objects.get()
    InvoicedEvent.objects.update(released_by=invoice)
    for other in (None, invoice):
        with pytest.raises(DatabaseError, match="event_released_once"), transaction.atomic():
            InvoicedEvent.objects.update(released_by=other)
