"""An invoice as its payer checks it: who, what, how much, how it came about, and what became of it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from samverka.agreements.selectors import OtherBook
from samverka.core.acting import Role
from samverka.parties.models import PartyName
from samverka.settlement import crediting
from samverka.settlement.models import Credit, Invoice, InvoiceLine
from tests.samverka.platform import actor, signed_in
from tests.samverka.settlement.county import LATER, approved_basis, credited, hired, index, issued
from tests.samverka.settlement.pages import of_invoice, send, text

pytestmark = pytest.mark.usefixtures("jamtland")
HARD = "\N{NO-BREAK SPACE}"


def reader(party: str) -> Client:
    """Somebody who reads."""
    return signed_in(actor(party, Role.READER))


def page_of(invoice: Invoice) -> str:
    """An invoice's address."""
    return reverse("settlement:invoice", args=[invoice.public_id])


def _berg() -> Invoice:
    approved_basis()
    return next(one for one in issued("REGION") if one.payer == "BERG")


def test_it_names_both_parties_and_says_plainly_what_is_missing() -> None:
    """Seller and buyer as on the day; a number that nobody has sourced is said to be missing; no VAT is claimed."""
    invoice = _berg()
    PartyName.objects.filter(party__code="REGION").update(org_number="232100-0214", source="prov")
    PartyName.objects.filter(party__code="BERG").update(org_number="")
    page = text(reader("BERG"), page_of(invoice))
    assert 'Region Jämtland Härjedalen<br>Organisationsnummer <span class="fixed">232100-0214</span>' in page
    assert "Bergs kommun<br>Organisationsnummer <strong>saknas</strong>" in page
    assert "Moms är inte en del av avtalets text och är inte tillagd." in page
    assert f"Faktura {invoice}" in page
    assert re.fullmatch(r"REGION-2026-\d", str(invoice))


def test_every_line_is_explained_to_its_clause_parameter_and_reading() -> None:
    """The fixed part: 50 items, 6 831,69 kr, with links that a reader can follow, and the basis that was counted."""
    invoice = _berg()
    client = reader("BERG")
    page = text(client, page_of(invoice))
    assert f"6{HARD}831,69{HARD}kr" in page
    assert f"50{HARD}st" in page
    for address in (
        reverse("agreements:clause", args=["MT-B1-1"]), reverse("agreements:parameter", args=["equipment_rate"]),
        reverse("agreements:reading", args=["A16"]),
    ):  # fmt: skip
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
    [basis] = re.findall(r'Underlag: <a href="([^"]+)"', page)
    assert client.get(basis).status_code == 200
    assert invoice.digest in page
    assert invoice.proposal.snapshot is not None
    assert invoice.proposal.snapshot.fingerprint in page


def test_the_sum_on_the_page_is_the_databases() -> None:
    """A total that the lines do not give is seen: the page sums the lines, and shows that sum."""
    invoice = _berg()
    page = text(reader("BERG"), page_of(invoice))
    assert page.count(f"6{HARD}831,69{HARD}kr") >= 3
    assert invoice.total == sum(InvoiceLine.objects.filter(invoice=invoice).values_list("amount", flat=True)) == 683_169


def test_the_events_of_a_line_lead_to_the_work() -> None:
    """The payer reads the performer's own number, the day and how the amount came about."""
    work = hired(event_id="BERG-77")
    [invoice] = issued()
    client = reader("REGION")
    page = text(client, reverse("settlement:events", args=[invoice.public_id, 1]))
    assert "BERG-77" in page
    assert "2025-10-01" in page
    address = reverse("assignments:work", args=["inhyrd-personal", work.public_id])
    assert f'href="{address}"' in page
    assert '<span class="tag">fakturerad</span>' in text(client, address)


def test_a_credit_note_and_its_invoice_point_at_each_other() -> None:
    """Both ways, with the reason, the negative sum, and the same events."""
    hired(event_id="BERG-77")
    [invoice] = issued()
    note = credited(invoice, "Fel månad")
    client = reader("REGION")
    page = text(client, page_of(note))
    assert "Kreditfaktura BERG-2026-2" in page
    assert f'Krediterar <a href="{page_of(invoice)}">BERG-2026-1</a>. Skäl: Fel månad' in page
    assert f"\N{MINUS SIGN}640,00{HARD}kr" in page
    assert "\N{MINUS SIGN}1" in page
    page = text(client, page_of(invoice))
    assert f'Krediterad med <a href="{page_of(note)}">BERG-2026-2</a>' in page
    assert "BERG-77" in text(client, reverse("settlement:events", args=[note.public_id, 1]))
    events = text(client, of_invoice(note)[4]).splitlines()
    assert [row.split(";")[1] for row in events[1:]] == ["BERG-77"]
    assert events[0].endswith(";Slag;Belopp;Räknat om till;Exempel")
    assert events[1].endswith(";avgift;-640.00;;")


def test_crediting_needs_a_reason_and_is_done_once() -> None:
    """Without one the fault stands at its field; a double click makes one credit note."""
    hired()
    [invoice] = issued()
    registrar, approver = signed_in(actor("BERG", Role.REGISTRAR)), signed_in(actor("BERG", Role.APPROVER))
    address = reverse("settlement:credit", args=[invoice.public_id])
    assert "Föreslå kreditering" in text(registrar, page_of(invoice))
    status, page = send(registrar, address, reason="")
    assert status == 422
    assert 'href="#id_reason"' in page
    assert send(registrar, address, reason="Fel timmar") == (302, page_of(invoice))
    status, page = send(registrar, address, reason="Igen")
    assert (status, "redan föreslaget" in page) == (422, True)
    decide = reverse("settlement:decide_credit", args=[Credit.objects.get().public_id])
    page = text(registrar, page_of(invoice))
    assert "En annan person ska besluta om det" in page
    assert decide not in page
    assert f'<a href="{decide}">Besluta om krediteringen</a>' in text(approver, page_of(invoice))
    assert "Fel timmar" in text(approver, decide)
    once = {"once": "6f1a0a86-6f0a-4b3e-9c55-0d6f4d1c0002", "reason": "", "ruling": "approve"}
    assert approver.post(decide, once)["Location"] == approver.post(decide, once)["Location"]
    assert Invoice.objects.count() == 2
    status, page = send(approver, decide, ruling="approve")
    assert (status, "Krediteringen är genomförd" in page) == (422, True)


def test_a_declined_credit_is_told_to_its_proposer() -> None:
    """Without a reason the fault stands at its field; with one the page of the credit says why."""
    hired()
    [invoice] = issued()
    made = crediting.propose_credit(actor("BERG", Role.REGISTRAR), invoice, reason="Fel timmar", at=LATER)
    client = signed_in(actor("BERG", Role.APPROVER))
    decide = reverse("settlement:decide_credit", args=[made.public_id])
    status, page = send(client, decide, ruling="decline", reason="")
    assert (status, 'href="#id_reason"' in page) == (422, True)
    assert send(client, decide, ruling="decline", reason="Timmarna stämmer") == (302, page_of(invoice))
    assert "Krediteringen är avslagen. Skäl: Timmarna stämmer" in text(client, decide)
    assert Invoice.objects.count() == 1


def test_a_correction_names_what_it_corrects_and_the_corrected_invoice_points_back() -> None:
    """A definitive index a tenth higher: 10 kr on an hour, the line says of which invoice and line."""
    index("3.2", status="preliminary")
    hired(day="2026-02-03")
    [invoice] = issued(period="2026H1")
    index("5.0", published="2026-06-01")
    [correction] = issued(period="2026H1", corrections=True)
    client = reader("REGION")
    page = text(client, page_of(correction))
    assert "Inhyrd personal, rättelse av" in page
    assert f'<a href="{page_of(invoice)}">{invoice}</a>, rad 1' in page
    assert f"{invoice.total // 100},00{HARD}kr" in page, "what was invoiced stands in the explanation"
    assert f'Rättad av <a href="{page_of(correction)}">{correction}</a>' in text(client, page_of(invoice))
    events = text(client, reverse("settlement:events", args=[correction.public_id, 1]))
    assert "Så räknades det" in events
    rows = text(client, of_invoice(correction)[4]).splitlines()
    assert len(rows) == 2


def test_a_correction_that_is_credited_frees_no_events() -> None:
    """They stay on the invoice that is corrected; only an invoice's own events can be charged again."""
    index("3.2", status="preliminary")
    hired(day="2026-02-03")
    [invoice] = issued(period="2026H1")
    index("5.0", published="2026-06-01")
    [correction] = issued(period="2026H1", corrections=True)
    registrar, approver = signed_in(actor("BERG", Role.REGISTRAR)), signed_in(actor("BERG", Role.APPROVER))
    for one, told in ((correction, "Rättelsen kan"), (invoice, "Händelserna kan")):
        address = reverse("settlement:credit", args=[one.public_id])
        assert f"{told} sedan" in text(registrar, address)
        send(registrar, address, reason="Fel")
        decide = reverse("settlement:decide_credit", args=[Credit.objects.get(invoice=one).public_id])
        assert f"{told} sedan" in text(approver, decide)
        status, address = send(approver, decide, ruling="approve")
        assert (status, f". {told} " in text(approver, address)) == (302, True)


def test_its_lines_are_a_file_too() -> None:
    """The fixed part in kronor with a dot, the count as a number, and a workbook."""
    invoice = _berg()
    client = reader("BERG")
    rows = text(client, of_invoice(invoice)[2]).splitlines()
    assert rows[1].split(";")[:12] == [
        "1", "Medicinsk teknik, fast del", "avgift", "debiteras", "BERG", "REGION", "2025-07", "0", "1", "50", "st",
        "6831.69",
    ]  # fmt: skip
    answer = client.get(of_invoice(invoice)[3])
    assert answer["Content-Disposition"] == f'attachment; filename="{str(invoice).lower()}-rader.xlsx"'
    assert b"".join(answer)[:2] == b"PK"  # type: ignore[arg-type]  # pieces of bytes


def test_an_invoice_of_one_line_costs_few_queries(django_assert_max_num_queries: object) -> None:
    """Session, user, membership, invoice, lines, names, numbers of both, basis, corrections, sum."""
    invoice = _berg()
    client = reader("BERG")
    text(client, page_of(invoice))
    with django_assert_max_num_queries(14):  # type: ignore[operator]  # pytest-django's fixture
        text(client, page_of(invoice))


def test_long_explanations_show_the_first_events_and_lead_to_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three hours two are spelled out; the third is named as left out."""
    monkeypatch.setattr("samverka.settlement.shown.MOST_STEPS", 2)
    for n in range(3):
        hired(event_id=f"A-{n}")
    [invoice] = issued()
    page = text(reader("REGION"), page_of(invoice))
    assert "1 till står under händelser" in page
    assert "A-1" in page
    assert "A-2" not in page


def test_events_are_shown_without_how_when_the_rules_are_others_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """An upgrade changes a rule: the amounts stand as issued, the page says why it cannot explain them one by one."""

    def other(*_: object, **__: object) -> None:
        raise OtherBook("utgåvan blir en annan")

    monkeypatch.setattr("samverka.settlement.views_events.events_of", other)
    hired(event_id="BERG-77")
    [invoice] = issued()
    page = text(reader("REGION"), reverse("settlement:events", args=[invoice.public_id, 1]))
    assert "BERG-77" in page
    assert f"640,00{HARD}kr" in page
    assert "utgåvan blir en annan" in page
    assert "Så räknades det" not in page
    line = reverse("settlement:proposal_events", args=[invoice.proposal.public_id, 1])
    assert "BERG-77" in text(reader("BERG"), line)
