"""The database refuses to change what is issued, sealed or approved; without its trigger it would not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from samverka.settlement.models import (
    Basis,
    Credit,
    Invoice,
    InvoicedEvent,
    InvoiceLine,
    Proposal,
    ProposalLine,
    ProposedEvent,
    Series,
)
from samverka.settlement.triggers import GROWING, KEPT, RULES
from tests.flush import triggers_away
from tests.samverka.settlement.county import approved, approved_basis, credited, hired, issued, proposed


@pytest.fixture
def everything(jamtland: None) -> None:
    """An issued invoice, a credited one, a sealed proposal and an approved basis."""
    hired()
    issued()
    hired("KROKOM")
    credited(issued("KROKOM")[0])
    approved_basis()
    approved(proposed("REGION"))


def _second_line() -> None:
    line = ProposalLine.objects.order_by("pk")[0]
    line.pk, line.number = None, 99
    line.save(force_insert=True)


def _second_event() -> None:
    event = ProposedEvent.objects.order_by("pk")[0]
    event.pk, event.event = None, 99_999
    event.save(force_insert=True)


def _copied_events() -> None:
    """As the pricing writes them: half a million in one statement."""
    names = "proposal_id, charge, part, stream, payee, month, status, example, quantity, minutes, amount, flags"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO settlement_proposedevent (event, {names}) SELECT event + 1000, {names}"
            " FROM settlement_proposedevent"
        )


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
    "an event into a sealed proposal": _second_event,
    "many events into sealed proposals": _copied_events,
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
    "a series that goes back": lambda: Series.objects.update(last=0),
    "another's series": lambda: Series.objects.filter(issuer="BERG").update(issuer="ARE"),
    "a series": lambda: Series.objects.all()._raw_delete("default"),
    "a decided credit's reason": lambda: Credit.objects.update(reason="ett annat"),
    "a decided credit's state": lambda: Credit.objects.update(state="proposed"),
    "a credit": lambda: Credit.objects.all()._raw_delete("default"),
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
    invoice = Invoice.objects.get(issuer="BERG")
    charged = InvoicedEvent.objects.filter(line__invoice=invoice)
    charged.update(released_by=invoice)
    for other in (None, invoice):
        with pytest.raises(DatabaseError, match="event_released_once"), transaction.atomic():
            charged.update(released_by=other)


def test_events_are_added_while_a_proposal_is_computed(jamtland: None) -> None:
    """What is refused of a sealed one is how an open one is made: two rows of it, by one statement each way."""
    hired()
    hired(day="2025-10-02")
    assert proposed().events == ProposedEvent.objects.count() == 2


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("table", [*GROWING, *KEPT])
def test_no_sealed_table_is_emptied_as_a_whole(table: str) -> None:
    """TRUNCATE asks no trigger of a row: each table has one of its own, without which it is emptied."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # rows of this test are still to be checked
        with pytest.raises(DatabaseError, match="append-only: TRUNCATE"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
        with triggers_away(connection), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
            transaction.set_rollback(True)


def test_every_table_that_a_rule_protects_is_kept_whole() -> None:
    """A table with a trigger on its rows and none on all of them would be forgotten in silence."""
    assert {rule.table for rule in RULES} == set(KEPT)
