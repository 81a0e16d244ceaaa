"""From attested work to an issued invoice: exact figures, numbers without gaps, nothing twice."""

from __future__ import annotations

import json
from datetime import date

import pytest

from samverka.core.errors import Refused
from samverka.journal.models import Entry
from samverka.settlement import services
from samverka.settlement.models import Invoice, InvoicedEvent, InvoiceLine, ProposalLine, Series
from tests.samverka.settlement.county import (
    ISSUED_ON,
    LATER,
    approved,
    approved_basis,
    approver,
    attested,
    entered,
    hired,
    issued,
    proposed,
)

pytestmark = pytest.mark.usefixtures("jamtland")


def test_an_hour_of_hired_staff_becomes_an_invoice_of_640_kronor() -> None:
    """One nurse, one hour by day at the 2025 level: 640.00 kr from Berg to the region (OB-UPP-D4)."""
    hired()
    [invoice] = issued()
    [line] = InvoiceLine.objects.all()
    assert (invoice.issuer, invoice.payer, invoice.stream, str(invoice)) == ("BERG", "REGION", "REGION", "BERG-2026-1")
    assert (line.amount, line.quantity, line.unit, line.events, line.month) == (64_000, 1, "tim", 1, 202510)
    assert (invoice.total, invoice.example) == (64_000, False)
    assert InvoicedEvent.objects.get().amount == 64_000


def test_the_fixed_part_is_126_112_90_shared_by_count() -> None:
    """MT-B1-1: half of 40 h and 12 min for each of 923 items at 1 123 kr, the eight shares to the öre (A57)."""
    approved_basis()
    invoices = issued("REGION")
    assert {one.payer: one.total for one in invoices} == {
        "ARE": 724_159, "BERG": 683_169, "BRACKE": 819_802, "HARJEDALEN": 1_311_683, "KROKOM": 1_229_703,
        "OSTERSUND": 5_205_744, "RAGUNDA": 560_198, "STROMSUND": 2_076_832,
    }  # fmt: skip
    assert sum(one.total for one in invoices) == 12_611_290
    assert [one.number for one in invoices] == list(range(1, 9))
    assert InvoiceLine.objects.get(invoice__payer="BERG").quantity == 50


def test_a_liaisons_hour_is_sent_to_the_unit_that_the_text_names() -> None:
    """SH-EKO-3 and SH-EKO-6: 338.00 kr for a started hour, to syncentralen; the region pays."""
    stated = {"kind": "vision", "municipality": "KROKOM", "date": "2025-11-03", "patient_responsibility": "REGION",
              "action": "daisy_training", "agreed": True, "work_minutes": "61"}  # fmt: skip
    attested("liaison", "KROKOM", "REGION", stated)
    [invoice] = issued("KROKOM")
    assert (invoice.stream, invoice.payer, invoice.total) == ("REGION:syncentralen", "REGION", 67_600)


def test_staff_in_hospital_is_paid_at_cost() -> None:
    """OB-SLU-3: wages, travel and travel-time pay, to the öre."""
    stated = {"municipality": "ARE", "date": "2025-09-09", "wage_cost": "1234.56", "travel_cost": "100.01",
              "travel_time_pay": "0.43", "written_agreement": True}  # fmt: skip
    attested("hospital_attendance", "ARE", "REGION", stated)
    assert [one.total for one in issued("ARE")] == [133_500]


def test_a_job_on_equipment_is_hours_travel_and_material() -> None:
    """MT-B1-2: 1.25 h at 1 123 kr, 50.00 and 9.99 kr; the region issues, the municipality pays."""
    stated = {"municipality": "BERG", "date": "2025-08-20", "hours": "1.25", "travel": "50", "material": "9.99",
              "requested": True}  # fmt: skip
    attested("equipment_variable", "REGION", "BERG", stated)
    [invoice] = issued("REGION")
    assert (invoice.payer, invoice.total) == ("BERG", 140_375 + 5_000 + 999)


FACTORS = {name: {"weight": weight, "shares": {"BERG": "10", "BRACKE": "10", "HARJEDALEN": "10", "KROKOM": "10",
           "RAGUNDA": "10", "STROMSUND": "10", "ARE": "10", "OSTERSUND": "30"}}
           for name, weight in (("elderly", "50"), ("accessibility", "30"), ("socioeconomics", "20"))}  # fmt: skip
KEY = {"BERG": "5", "BRACKE": "5", "HARJEDALEN": "10", "KROKOM": "10", "RAGUNDA": "5", "STROMSUND": "10", "ARE": "5",
       "OSTERSUND": "50"}  # fmt: skip


def test_each_municipality_issues_its_own_share_of_the_supplement() -> None:
    """TB-AVS-1 and A10: 144 persons in 2024 cost 3 735 428 kr; Berg's tenth in whole kronor, charged to the region."""
    entered("factors", {"year": "2024", **FACTORS}, example=True)
    told = {"period": "2024", "month": 202503, "stated": {"affiliated": "144"}}
    approved_basis("supplement", **told)
    [invoice] = issued("BERG", "2025H1")
    assert (invoice.payer, invoice.total, invoice.example) == ("REGION", 37_354_300, True)
    with pytest.raises(Refused, match="inget nytt"):
        proposed("BERG", "2025H1")
    assert proposed("ARE", "2025H1").total == 37_354_200  # six kronor are left for seven equal remainders: Åre is last


def test_the_development_fund_is_owed_by_all_nine() -> None:
    """P-EKO-UM-1: of 100 000 kr the region owes half, the municipalities half by the decided key, to the fund."""
    entered("development_key", {"since": "2025-01-01", "shares": KEY})
    approved_basis("development_fund", "FUND", period="2025", month=202509, stated={"amount": "100000"})
    totals = {one.payer: one.total for one in issued("FUND")}
    assert totals["REGION"] == 5_000_000
    assert (totals["OSTERSUND"], totals["BERG"], sum(totals.values())) == (2_500_000, 250_000, 10_000_000)


def test_issuing_twice_gives_the_same_invoices() -> None:
    """A second call for an issued proposal adds nothing, whatever its day."""
    hired()
    found = approved(proposed())
    first = services.issue(approver("BERG"), found, on=ISSUED_ON, at=LATER)
    again = services.issue(approver("BERG"), found, on=date(2027, 1, 1), at=LATER)
    assert [one.pk for one in again] == [one.pk for one in first]
    assert (Invoice.objects.count(), InvoicedEvent.objects.count(), Series.objects.get().last) == (1, 1, 1)


def test_numbers_follow_in_each_issuers_year() -> None:
    """A series for each issuer and year, without gaps, whatever the order."""
    for month in ("2025-07", "2025-08", "2025-09"):
        hired(day=f"{month}-01")
        hired("ARE", day=f"{month}-01")
        issued("BERG", month)
        issued("ARE", month)
    hired(day="2025-12-01")
    services.issue(approver("BERG"), approved(proposed("BERG", "2025-12")), on=date(2027, 1, 2), at=LATER)
    assert sorted(map(str, Invoice.objects.all())) == [
        "ARE-2026-1", "ARE-2026-2", "ARE-2026-3", "BERG-2026-1", "BERG-2026-2", "BERG-2026-3", "BERG-2027-1",
    ]  # fmt: skip


def test_a_period_with_nothing_new_is_refused() -> None:
    """Rerunning adds nothing: neither before any work, nor after all of it is invoiced."""
    with pytest.raises(Refused, match="Det finns inget nytt att fakturera för 2025H2"):
        proposed()
    hired()
    issued()
    with pytest.raises(Refused, match="Det finns inget nytt att fakturera för 2025H2"):
        proposed()


def test_a_late_event_comes_as_the_next_revision() -> None:
    """What is attested after the invoice is charged in a revision of its own; the first is not touched."""
    hired()
    issued()
    hired(work_minutes="61")
    [invoice] = issued()
    assert [(line.revision, line.amount) for line in InvoiceLine.objects.order_by("pk")] == [(0, 64_000), (1, 128_000)]
    assert str(invoice) == "BERG-2026-2"


def test_work_without_an_amount_is_shown_and_not_invoiced() -> None:
    """A nurse's evening is free and a physiotherapist's is for people to decide; neither is on the invoice (A19)."""
    hired()
    hired(start="18:00")
    hired(start="19:00", profession="physiotherapist")
    proposal = proposed()
    rows = {line.status: (line.events, line.amount) for line in ProposalLine.objects.filter(proposal=proposal)}
    assert rows == {"charged": (1, 64_000), "free": (1, 0), "manual": (1, 0)}
    issued_lines = services.issue(approver("BERG"), approved(proposal), on=ISSUED_ON, at=LATER)[0].lines
    assert [line.amount for line in issued_lines.all()] == [64_000]
    with pytest.raises(Refused, match="inget nytt"):
        proposed()


def test_only_attested_work_of_the_period_is_taken_up() -> None:
    """Not what waits, not what another performed, not another month's."""
    hired(day="2025-06-30")
    hired("ARE")
    hired(day="2025-07-01")
    hired(day="2025-12-31")
    assert proposed().total == 128_000


def test_the_journal_tells_of_each_service_once() -> None:
    """Proposed, sealed, approved, issued: an entry each; the payer sees the issue, not what leads to it."""
    hired()
    [invoice] = issued()
    entries = Entry.objects.filter(action__startswith="settlement").order_by("pk")
    actions = [entry.action.removeprefix("settlement.") for entry in entries]
    assert actions == ["propose", "seal", "approve", "issue"]
    seen = [sorted(entry.parties.values_list("party", flat=True)) for entry in entries]
    assert seen == [["BERG"], ["BERG"], ["BERG"], ["BERG", "REGION"]]
    told = json.loads(entries[3].body)["after"]["invoices"]
    assert told == [{"number": "BERG-2026-1", "digest": invoice.digest}]
