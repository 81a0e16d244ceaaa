"""``samverka verify`` computes every issued invoice again: silent where all is as it was, precise where not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from samverka.assignments import services as work
from samverka.assignments.models import HiredStaff
from samverka.settlement import verify
from samverka.settlement.models import Invoice, InvoicedEvent, InvoiceLine, ProposedEvent, Series
from tests.flush import triggers_away
from tests.samverka.platform import AT
from tests.samverka.settlement.county import LATER, approved_basis, approver, credited, hired, index, issued

pytestmark = pytest.mark.usefixtures("jamtland")


def test_what_was_issued_credited_and_corrected_verifies() -> None:
    """Work, a shared sum, a correction, a credit note and a new revision: nothing is wrong."""
    index("3.2", status="preliminary")
    hired(day="2026-03-02")
    [first] = issued("BERG", "2026H1")
    index("4.0", published="2026-04-01", at=LATER)
    after = AT + timedelta(hours=2)
    [correction] = issued("BERG", "2026H1", corrections=True, at=after)
    approved_basis()
    issued("REGION")
    credited(correction)
    issued("BERG", "2026H1", corrections=True, at=after)
    credited(Invoice.objects.get(issuer="REGION", payer="BERG"))
    issued("REGION")
    assert first.total == 66_000
    assert list(verify.invoices()) == []


def test_work_that_was_changed_after_the_credit_is_no_fault() -> None:
    """A credited invoice's work may be returned and changed; the invoice's own sums are still checked."""
    done = hired()
    [invoice] = issued()
    credited(invoice)
    work.send_back(approver("REGION"), done, reason="fel timmar", at=LATER)
    HiredStaff.objects.update(work_minutes=500)
    assert list(verify.invoices()) == []


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (
            lambda: HiredStaff.objects.update(work_minutes=61),
            "rad 1 är 64000 öre för 1 händelser, omräknat 128000",
        ),
        (lambda: InvoiceLine.objects.update(amount=1), "raderna är inte de som fakturerades"),
        (lambda: Invoice.objects.update(total=1), "summan är 1 öre, raderna är 64000"),
        (lambda: InvoicedEvent.objects.all()._raw_delete("default"), "omräknat 0 för 0"),
        (lambda: Series.objects.update(last=2), "serien BERG 2026 har 1 fakturor, sista numret är 2"),
        (lambda: Series.objects.all().delete(), "serien BERG 2026 saknas"),
    ],
)
def test_what_was_tampered_with_is_named(tamper: object, told: str) -> None:
    """Behind the triggers' back, the invoice and what is wrong with it are named."""
    hired()
    issued()
    with triggers_away(connection):
        tamper()  # type: ignore[operator]  # each is a function
    assert told in "\n".join(verify.invoices())


def other_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after an upgrade that changed the program's rules: no earlier book can be built again."""

    def refuse(_: object) -> None:
        raise verify.OtherBook

    monkeypatch.setattr(verify, "book_of", refuse)


def test_where_the_rules_are_others_the_last_gate_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the stored facts and numbers alone it finds nothing wrong, then an hour that was added; its twin does not."""
    hired()
    approved_basis()
    issued()
    issued("REGION")
    other_rules(monkeypatch)
    assert list(verify.invoices()) == []
    with triggers_away(connection):
        HiredStaff.objects.update(work_minutes=61)
    [fault] = verify.invoices()
    assert fault.startswith("faktura BERG-2026-1: kontrollen med sparade villkor: ")
    monkeypatch.setattr(verify.gate, "check_proposal", lambda _, **__: None)
    assert list(verify.invoices()) == []


def test_work_without_an_amount_may_change_after_the_issue(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is on no invoice: returned after the issue it does not make the invoice wrong once the rules are others."""
    hired()
    manual = hired("BERG", "ARE", start="18:00")
    issued()
    work.send_back(approver("ARE"), manual, reason="Fel klockslag", at=LATER)
    other_rules(monkeypatch)
    assert list(verify.invoices()) == []
    with triggers_away(connection):
        HiredStaff.objects.filter(state="attested").update(work_minutes=61)
    [fault] = verify.invoices()
    assert "är 64000 öre i förslaget, kontrollen ger 128000" in fault


def test_a_verification_of_all_its_events_would_be_wrong_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: the gate as it stands before an issue calls a right invoice wrong."""
    hired()
    manual = hired("BERG", "ARE", start="18:00")
    issued()
    work.send_back(approver("ARE"), manual, reason="Fel klockslag", at=LATER)
    other_rules(monkeypatch)
    whole = verify.gate.check_proposal
    monkeypatch.setattr(verify.gate, "check_proposal", lambda proposal, **_: whole(proposal))
    [fault] = verify.invoices()
    assert "är inte längre attesterad" in fault


def test_a_lost_event_of_what_was_charged_is_still_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaving out what has no amount leaves out nothing else: an event that is gone is named."""
    hired()
    hired("BERG", "ARE", start="18:00")
    issued()
    other_rules(monkeypatch)
    with triggers_away(connection):
        ProposedEvent.objects.filter(status="charged").delete()
    [fault] = verify.invoices()
    assert "har inte de händelser som räknades" in fault
