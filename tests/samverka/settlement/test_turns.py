"""Two at once on PostgreSQL: who comes second waits for the first and then sees what it did, and nobody is thrown out.

SQLite's writers take turns by themselves.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from samverka.agreements.models import Entered
from samverka.agreements.services import propose_value, rule_on
from samverka.assignments import services as work
from samverka.core.errors import Refused
from samverka.settlement import basis, gate, issuing, services, verify
from samverka.settlement.models import Invoice, InvoicedEvent, ProposalState
from tests.samverka.platform import AT, county
from tests.samverka.settlement.county import (
    ISSUED_ON,
    LATER,
    approved,
    approved_basis,
    approver,
    hired,
    index,
    issued,
    proposed,
    registrar,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite's writers take turns"),
]

LONGEST = 20.0


def _locked_out() -> bool:
    """Whether anybody in the server waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        [(waiting,)] = cursor.fetchall()
    return bool(waiting)


class Beside:
    """Something done in a connection of its own, while the test goes on."""

    def __init__(self, what: Callable[[], object]) -> None:
        self.what = what
        self.fault: BaseException | None = None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.what()
        except Exception as fault:  # noqa: BLE001  # whatever it is, the test looks at it
            self.fault = fault
        finally:
            connection.close()

    def waits(self) -> bool:
        """Whether it comes to wait for a lock, rather than to its end."""
        until = time.monotonic() + LONGEST
        while self.thread.is_alive() and not _locked_out():
            assert time.monotonic() < until, "neither done nor waiting"
            time.sleep(0.01)
        return self.thread.is_alive()

    def end(self) -> BaseException | None:
        """What it ended with."""
        self.thread.join(LONGEST)
        assert not self.thread.is_alive()
        return self.fault


@contextmanager
def before(place: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Stop whoever is about to call a function: the first event tells that it came there, the second lets it go on."""
    came, go = threading.Event(), threading.Event()
    real = getattr(place, name)

    def stopped(*arguments: Any, **named: Any) -> Any:
        came.set()
        assert go.wait(LONGEST)
        return real(*arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr(place, name, stopped)
        try:
            yield came, go
        finally:
            go.set()


def test_a_basis_is_not_withdrawn_while_it_is_invoiced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last gate has seen it approved: who withdraws it waits for the invoice, and is then refused."""
    county()
    found = approved_basis()
    proposal = approved(proposed("REGION"))
    with before(issuing, "write", monkeypatch) as (came, go):
        issue = Beside(lambda: services.issue(approver("REGION"), proposal, on=ISSUED_ON, at=LATER))
        assert came.wait(LONGEST)
        withdraw = Beside(lambda: basis.withdraw_basis(approver("REGION", 2), found, reason="omräknat", at=LATER))
        waited = withdraw.waits()
        go.set()
        assert issue.end() is None
    refused = withdraw.end()
    found.refresh_from_db()
    assert (waited, found.state, InvoicedEvent.objects.count()) == (True, "approved", 8)
    assert isinstance(refused, Refused)
    assert "fakturerat" in str(refused)


@pytest.mark.parametrize(("place", "name"), [(gate, "check_proposal"), (issuing, "write")], ids=["before", "after"])
def test_work_is_not_unlocked_while_it_is_invoiced(place: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever of the two is first: the other waits, is told why, and neither is thrown out by the database."""
    county()
    done = hired()
    proposal = approved(proposed())
    with before(place, name, monkeypatch) as (came, go):
        issue = Beside(lambda: services.issue(approver("BERG"), proposal, on=ISSUED_ON, at=LATER))
        assert came.wait(LONGEST)
        unlock = Beside(lambda: work.take_back(approver("REGION", 2), done, reason="fel dag", at=LATER))
        waited = unlock.waits()
        go.set()
        ended = [issue.end(), unlock.end()]
    done.refresh_from_db()
    proposal.refresh_from_db()
    assert [fault for fault in ended if fault is not None and not isinstance(fault, Refused)] == []
    assert waited == (place is issuing)  # the last gate has locked the work
    assert (proposal.state, done.state) == (
        (ProposalState.ISSUED, "attested") if waited else (ProposalState.APPROVED, "registered")
    )
    assert Invoice.objects.count() == (1 if proposal.state == ProposalState.ISSUED else 0)


def test_verification_by_the_last_gate_brings_its_own_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the command line runs it, after an upgrade: a basis and its corrections, nothing is wrong."""

    def refuse(_: object) -> None:
        raise verify.OtherBook

    county()
    index("3.2", status="preliminary")
    approved_basis(period="2026H1", month=202601)
    issued("REGION", "2026H1")
    index("4.0", published="2026-04-01", at=LATER)
    issued("REGION", "2026H1", corrections=True, at=LATER + timedelta(hours=1))
    monkeypatch.setattr(verify, "book_of", refuse)
    assert list(verify.invoices()) == []


def test_a_value_is_replaced_once_by_two_at_once() -> None:
    """Two replacements of one value, ruled on at the same time: the second waits, and is refused."""
    county()
    index("3.2")
    old = Entered.objects.get()
    made = [
        propose_value(
            registrar("REGION"), kind="index", payload={**old.payload, "published": day}, document=old.document,
            document_date=old.document_date, example=False, at=AT, replaces=old,
        )
        for day in ("2026-01-11", "2026-01-12")
    ]  # fmt: skip
    with transaction.atomic():
        rule_on(approver("REGION"), made[0], approved=True, reason="", at=AT)
        other = Beside(lambda: rule_on(approver("BERG"), made[1], approved=True, reason="", at=AT))
        waited = other.waits()
    assert (waited, type(other.end())) == (True, Refused)
