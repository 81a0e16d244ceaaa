"""Credit notes: whole, negative, in the same series, once; what was charged can be charged again."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from samverka.core.acting import Actor, Role
from samverka.core.errors import Refused
from samverka.journal.models import Entry
from samverka.settlement import crediting, exports
from samverka.settlement.models import Credit, CreditState, Invoice, InvoicedEvent, InvoiceLine
from tests.samverka.platform import AT, actor
from tests.samverka.settlement.county import (
    ISSUED_ON,
    LATER,
    approved_basis,
    approver,
    credited,
    hired,
    index,
    issued,
    proposed,
    registrar,
)

pytestmark = pytest.mark.usefixtures("jamtland")


def test_a_credit_note_is_minus_the_invoice_in_the_same_series() -> None:
    """It points back, has the next number, and every line is negative."""
    hired()
    hired(day="2025-11-03", work_minutes="125")
    [invoice] = issued()
    note = credited(invoice)
    assert (str(note), note.total, note.credits, note.reason) == ("BERG-2026-2", -256_000, invoice, "Fel underlag")
    pairs = [(line.amount, line.quantity, line.credits.amount) for line in note.lines.order_by("number")]
    assert pairs == [(-64_000, -1, 64_000), (-192_000, -3, 192_000)]
    assert set(InvoicedEvent.objects.values_list("released_by", flat=True)) == {note.pk}


def test_the_events_of_a_credit_note_sum_to_it() -> None:
    """Its file takes back what the invoice's file has: whoever sums the events of both gets nothing."""
    hired()
    hired(day="2025-11-03", work_minutes="125")
    [invoice] = issued()
    note = credited(invoice)
    assert [row.amount for row in exports.invoiced_events(invoice)] == [64_000, 192_000]
    assert [row.amount for row in exports.invoiced_events(note)] == [-64_000, -192_000]


def test_a_credited_event_is_charged_again_in_a_new_revision() -> None:
    """The first line stays as it was, the new one is the next revision."""
    hired()
    [invoice] = issued()
    credited(invoice)
    [again] = issued()
    assert (again.total, again.lines.get().revision, str(again)) == (64_000, 1, "BERG-2026-3")
    assert InvoicedEvent.objects.filter(released_by=None).count() == 1


def test_an_invoice_is_credited_once_and_a_credit_note_never() -> None:
    """Both are refused in words, and the database would refuse them too."""
    hired()
    [invoice] = issued()
    note = credited(invoice)
    with pytest.raises(Refused, match="redan krediterad"):
        credited(invoice)
    with pytest.raises(Refused, match="kreditfaktura kan inte"):
        credited(note)
    assert Invoice.objects.count() == 2


def test_a_credit_needs_a_reason() -> None:
    """Nothing is written without one."""
    hired()
    [invoice] = issued()
    with pytest.raises(Refused, match="varför"):
        crediting.propose_credit(registrar("BERG"), invoice, reason="  ", at=LATER)
    assert Credit.objects.count() == 0


def test_a_credit_needs_two_persons() -> None:
    """The one who proposed it meets a refusal in any role, nothing is issued; another one credits."""
    hired()
    [invoice] = issued()
    made = crediting.propose_credit(registrar("BERG"), invoice, reason="Fel timmar", at=LATER)
    same = Actor(registrar("BERG").user, "BERG", Role.APPROVER)
    with pytest.raises(Refused, match="En annan person ska besluta"):
        crediting.credit(same, made, on=ISSUED_ON, at=LATER)
    with pytest.raises(Refused, match="En annan person ska besluta"):
        crediting.decline_credit(same, made, reason="nej", at=LATER)
    assert Invoice.objects.count() == 1
    note = crediting.credit(approver("BERG"), made, on=ISSUED_ON, at=LATER)
    made.refresh_from_db()
    assert (note.reason, note.total, made.state, made.note) == ("Fel timmar", -64_000, CreditState.CREDITED, note)


def test_without_the_other_person_one_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: where the two are not compared, one person credits an own proposal."""
    hired()
    [invoice] = issued()
    made = crediting.propose_credit(registrar("BERG"), invoice, reason="Fel timmar", at=LATER)
    monkeypatch.setattr(crediting, "_refuse_own", lambda _actor, _made: None)
    same = Actor(registrar("BERG").user, "BERG", Role.APPROVER)
    assert crediting.credit(same, made, on=ISSUED_ON, at=LATER).total == -64_000


@pytest.mark.parametrize("role", [Role.READER, Role.APPROVER, Role.ADMINISTRATOR])
def test_only_a_registrar_proposes_a_credit_and_only_an_approver_decides(role: Role) -> None:
    """Each other role is refused before anything is read."""
    hired()
    [invoice] = issued()
    with pytest.raises(PermissionDenied):
        crediting.propose_credit(actor("BERG", role, 2), invoice, reason="fel", at=LATER)
    made = crediting.propose_credit(registrar("BERG"), invoice, reason="fel", at=LATER)
    with pytest.raises(PermissionDenied):
        crediting.credit(registrar("BERG", 2), made, on=ISSUED_ON, at=LATER)
    with pytest.raises(PermissionDenied):
        crediting.credit(approver("REGION"), made, on=ISSUED_ON, at=LATER)
    assert Invoice.objects.count() == 1


def test_a_declined_credit_leaves_the_invoice_and_can_be_proposed_anew() -> None:
    """With a reason; what is declined is decided once, and one at a time is open."""
    hired()
    [invoice] = issued()
    made = crediting.propose_credit(registrar("BERG"), invoice, reason="fel", at=LATER)
    with pytest.raises(Refused, match="redan föreslaget att BERG-2026-1"):
        crediting.propose_credit(registrar("BERG", 2), invoice, reason="fel", at=LATER)
    with pytest.raises(Refused, match="varför"):
        crediting.decline_credit(approver("BERG"), made, reason=" ", at=LATER)
    declined = crediting.decline_credit(approver("BERG"), made, reason="Timmarna stämmer", at=LATER)
    assert (declined.state, declined.answer) == (CreditState.DECLINED, "Timmarna stämmer")
    with pytest.raises(Refused, match="redan avslagen"):
        crediting.credit(approver("BERG"), made, on=ISSUED_ON, at=LATER)
    assert InvoicedEvent.objects.filter(released_by=None).count() == 1
    assert credited(invoice).total == -64_000
    [told] = Entry.objects.filter(action="settlement.decline_credit")
    assert json.loads(told.body)["why"] == "Timmarna stämmer"


def test_what_is_corrected_after_the_proposal_is_not_credited() -> None:
    """Between the two persons a correction was issued: it is credited first."""
    index("3.2", status="preliminary")
    hired(day="2026-03-02")
    [invoice] = issued("BERG", "2026H1")
    made = crediting.propose_credit(registrar("BERG"), invoice, reason="fel", at=LATER)
    index("4.0", published="2026-04-01", at=LATER)
    issued("BERG", "2026H1", corrections=True, at=AT + timedelta(hours=2))
    with pytest.raises(Refused, match="rättad av BERG-2026-2"):
        crediting.credit(approver("BERG"), made, on=ISSUED_ON, at=LATER)


def test_one_payers_share_is_credited_and_charged_again_alone() -> None:
    """Of eight invoices for the fixed part one is credited: the next proposal has its share only."""
    approved_basis()
    invoices = issued("REGION")
    berg = next(one for one in invoices if one.payer == "BERG")
    credited(berg)
    [again] = issued("REGION")
    assert (again.payer, again.total, again.number) == ("BERG", 683_169, 10)
    with pytest.raises(Refused, match="inget nytt"):
        proposed("REGION")


def test_what_all_invoices_say_is_what_is_charged_now() -> None:
    """Invoices and credit notes together are the sum of the events that are charged."""
    hired()
    [invoice] = issued()
    credited(invoice)
    issued()
    assert sum(InvoiceLine.objects.values_list("amount", flat=True)) == 64_000
