"""From attested work to an issued invoice: exact figures, numbers without gaps, nothing twice."""

from __future__ import annotations

import pytest

from samverka.settlement.models import InvoicedEvent, InvoiceLine
from tests.samverka.settlement.county import approved_basis, hired, issued

pytestmark = pytest.mark.usefixtures("jamtland")


def test_an_hour_of_hired_staff_becomes_an_invoice_of_640_kronor() -> None:
    """One nurse, one hour by day at the 2025 level: 640.00 kr from Berg to the region."""
    hired()
    [invoice] = issued()
    [line] = InvoiceLine.objects.all()
    assert (invoice.issuer, invoice.payer, invoice.stream, str(invoice)) == ("BERG", "REGION", "REGION", "BERG-2026-1")
    assert (line.amount, line.quantity, line.unit, line.events, line.month) == (64_000, 1, "tim", 1, 202510)
    assert invoice.total == 64_000
    assert InvoicedEvent.objects.get().amount == 64_000


def test_the_fixed_part_is_126_112_90_shared_by_count() -> None:
    """MT-B1-1: half of 40 h and 12 min for each of 923 items at 1 123 kr, the eight shares to the öre."""
    approved_basis()
    invoices = issued("REGION")
    assert {one.payer: one.total for one in invoices} == {
        "ARE": 724_159, "BERG": 683_169, "BRACKE": 819_802, "HARJEDALEN": 1_311_683, "KROKOM": 1_229_703,
        "OSTERSUND": 5_205_744, "RAGUNDA": 560_198, "STROMSUND": 2_076_832,
    }  # fmt: skip
    assert sum(one.total for one in invoices) == 12_611_290
    assert [one.number for one in invoices] == list(range(1, 9))
