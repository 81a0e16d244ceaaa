"""Credit notes: whole, negative, in the same series, once; what was charged can be charged again."""

from __future__ import annotations

import pytest

from samverka.core.errors import Refused
from samverka.settlement import services
from samverka.settlement.models import Invoice, InvoicedEvent, InvoiceLine
from tests.samverka.settlement.county import (
    ISSUED_ON,
    LATER,
    approved_basis,
    approver,
    credited,
    hired,
    issued,
    proposed,
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
        services.credit(approver("BERG"), invoice, reason="  ", on=ISSUED_ON, at=LATER)
    assert Invoice.objects.count() == 1


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
