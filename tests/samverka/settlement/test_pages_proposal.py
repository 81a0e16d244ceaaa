"""A proposal in the browser: what it will hold, how far it is, what stopped it, what it says, who decides."""

from __future__ import annotations

import re
import uuid
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from samverka.core import clock
from samverka.core.acting import Role
from samverka.settlement import run
from samverka.settlement.forms import periods
from samverka.settlement.models import Invoice, InvoiceLine, Proposal
from samverka.settlement.shown import quantity_of
from tests.samverka.platform import ON, actor, signed_in
from tests.samverka.settlement.county import (
    approved,
    approved_basis,
    attested,
    credited,
    hired,
    index,
    issued,
    proposed,
    registrar,
)
from tests.samverka.settlement.pages import of_proposal, send, text

pytestmark = pytest.mark.usefixtures("jamtland")
NEW = reverse("settlement:new")
HARD = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def _july(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' day: 2025 and 2026 can be chosen, whenever the test is run."""
    monkeypatch.setattr(clock, "today", lambda: ON)


def berg(role: Role = Role.REGISTRAR) -> Client:
    """Somebody in Berg."""
    return signed_in(actor("BERG", role))


def page_of(proposal: Proposal) -> str:
    """A proposal's address."""
    return reverse("settlement:proposal", args=[proposal.public_id])


def test_half_years_months_and_years_may_be_chosen() -> None:
    """From two years back to seven months ahead, the latest first: the fixed part is invoiced in advance."""
    found = dict(periods(date(2026, 7, 1)))
    assert found["Halvår"][0] == ("2027H1", "Första halvåret 2027")
    assert found["Halvår"][-1] == ("2024H2", "Andra halvåret 2024")
    assert found["Månad"][0] == ("2027-02", "februari 2027")
    assert found["Månad"][-1] == ("2024-07", "juli 2024")
    assert [name for name, _ in found["År"]] == ["2027", "2026", "2025", "2024"]


def test_before_it_starts_the_page_says_what_it_will_hold() -> None:
    """One attested hour is taken up, one that waits is not; and the supplement's basis is missing, by whom."""
    hired(day="2026-02-03")
    from samverka.assignments.services import register
    from tests.samverka.platform import AT
    from tests.samverka.settlement.county import HOUR

    stated = {"from": "BERG", "to": "REGION", "date": "2026-03-03", "work_minutes": "60", **HOUR}
    register(registrar("BERG"), charge="hired_staff", stated=stated, at=AT)
    page = text(berg(), f"{NEW}?period=2026H1&what=ordinary")
    row = page[page.index("Inhyrd personal") :][:400]
    assert row.count(">1<") == 2
    assert "Indexvärde VPI för indexår 2025" in page
    assert "Publiceras av Sveriges Kommuner och Regioner" in page
    assert "Godkänt underlag för Tilläggsbelopp saknas (TB-AVS-1)" in page
    assert "Registreras av Region Jämtland Härjedalen" in page


def test_a_basis_that_is_invoiced_is_not_said_to_be_taken_up_again() -> None:
    """It is inside before its invoices and after one of them is credited, and not in between."""
    basis = approved_basis()
    address = reverse("settlement:basis", args=[basis.public_id])
    region = signed_in(registrar("REGION"))

    def inside() -> bool:
        return address in text(region, f"{NEW}?period=2025H2&what=ordinary")

    assert inside()
    invoices = issued("REGION")
    assert not inside()
    credited(invoices[0])
    assert inside()


def test_a_run_that_lacks_an_index_says_what_where_and_who() -> None:
    """It fails with the message on its page, and nothing is left half computed."""
    hired(day="2026-02-03")
    status, address = send(berg(), NEW, period="2026H1", what="ordinary")
    assert status == 302
    page = text(berg(), address)
    assert "Varför det inte blev något förslag" in page
    assert "Indexvärde VPI för indexår 2025, steget till prisår 2026" in page
    assert "OB-UPP-D5" in page
    assert "Fakturera</a>" not in page


def test_what_cannot_be_started_is_said_in_the_form() -> None:
    """Nothing new, or another one open: the summary tells, and no proposal is made."""
    status, page = send(berg(), NEW, period="2025H2", what="ordinary")
    assert status == 422
    assert "Det finns inget nytt att fakturera för 2025H2" in page
    hired()
    proposed()
    status, page = send(berg(), NEW, period="2025H2", what="ordinary")
    assert "redan ett öppet förslag" in page
    assert Proposal.objects.count() == 1


def test_a_double_click_starts_one() -> None:
    """The same key again leads to the same proposal."""
    hired()
    client = berg()
    fields = {"period": "2025H2", "what": "ordinary", "once": str(uuid.uuid4())}
    assert client.post(NEW, fields)["Location"] == client.post(NEW, fields)["Location"]
    assert Proposal.objects.count() == 1


def test_the_page_asks_how_far_it_is_with_and_without_script(monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is computed: progress polled by script, a refresh without it; then the page is loaded anew."""
    hired()
    monkeypatch.setattr("samverka.settlement.services._queue", lambda _: None)
    found = proposed()
    client = berg()
    page = text(client, page_of(found))
    assert f'<progress id="bar" max="{found.todo}" value="0">' in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    address = reverse("settlement:progress", args=[found.public_id])
    assert f'hx-get="{address}" hx-trigger="every 2s"' in page
    run.take_step(found.pk, "hired_staff")
    answer = client.get(address)
    assert "1 av" in answer.content.decode()
    assert "Klart: Inhyrd personal." in answer.content.decode()
    assert "HX-Refresh" not in answer
    monkeypatch.undo()
    status, to = send(client, reverse("settlement:resume", args=[found.public_id]))
    assert (status, to) == (302, page_of(found))
    assert client.get(address)["HX-Refresh"] == "true"
    assert "väntar på beslut" in text(client, to)


def test_resuming_what_is_done_is_told_in_a_message() -> None:
    """A service's words reach the user."""
    hired()
    found = proposed()
    client = berg()
    send(client, reverse("settlement:resume", args=[found.public_id]))
    assert "Förslaget beräknas inte" in text(client, page_of(found))


def test_it_shows_sums_changes_flags_readings_and_what_is_not_charged() -> None:
    """An hour by day, an evening by another profession left to people, and the change against the half-year before."""
    hired(day="2025-03-04")
    issued(period="2025H1")
    hired()
    hired(day="2025-11-03", start="18:00", profession="physiotherapist")
    found = proposed()
    page = text(berg(), page_of(found))
    assert f"640,00{HARD}kr" in page
    assert f'data-label="Ändring">0,00{HARD}kr' in page
    assert f'data-label="Förra perioden">640,00{HARD}kr' in page
    assert "avgörs av människor" in page
    assert "kväll eller natt av annat yrke än sjuksköterska är inte reglerat (A19)" in page
    assert "Läsningar som beloppen vilar på" in page
    assert "ej bekräftad" in page
    assert found.digest in page
    assert found.snapshot is not None
    assert found.snapshot.fingerprint in page
    assert "Så räknades det" in page


def test_example_data_is_marked() -> None:
    """The word stands by the proposal, its payer and its line."""
    hired(example=True)
    page = text(berg(), page_of(proposed()))
    assert page.count('<mark class="example">exempel</mark>') >= 3


def test_many_lines_are_shown_one_payer_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit the first payer's lines stand there, and each other's behind its name."""
    approved_basis()
    monkeypatch.setattr("samverka.settlement.views.MOST_LINES", 3)
    found = proposed("REGION")
    client = signed_in(actor("REGION", Role.READER))
    assert text(client, page_of(found)).count("<h3>") == 1
    page = text(client, f"{page_of(found)}?till=KROKOM")
    assert "<h3>Krokoms kommun</h3>" in page
    assert f"12{HARD}297,03{HARD}kr" in page


def test_events_are_paged_and_explained() -> None:
    """Twenty-six hours of a month: twenty-five, then one; each leads to its work."""
    for n in range(26):
        hired(event_id=f"A-{n:02d}")
    found = proposed()
    address = reverse("settlement:proposal_events", args=[found.public_id, 1])
    client = berg()
    page = text(client, address)
    assert page.count("Så räknades det") == 25
    assert "A-24" in page
    assert "A-25" not in page
    after = page.split("?efter=")[1].split('"')[0]
    page = text(client, f"{address}?efter={after}")
    assert page.count("Så räknades det") == 1
    assert "A-25" in page
    assert client.get(f"{address}?efter=x").status_code == 404
    assert client.get(f"{address}9/").status_code == 404


def test_its_files_hold_every_line_and_every_event() -> None:
    """Decimal hours stay decimal; a share is by its basis; the sums are the page's."""
    stated = {"municipality": "BERG", "date": "2025-09-12", "hours": "2.25", "requested": True}
    attested("equipment_variable", "REGION", "BERG", stated, event_id="PUMP-1")
    approved_basis()
    found = proposed("REGION")
    lines, events = (text(signed_in(actor("REGION", Role.READER)), one) for one in of_proposal(found)[3:7:2])
    variable = next(row for row in lines.splitlines() if "rörlig" in row)
    assert variable.split(";")[5:12] == ["REGION", "2025-09", "0", "1", "2.25", "tim", "2526.75"]
    assert len(lines.splitlines()) == 1 + 1 + 8
    rows = events.splitlines()
    assert len(rows) == 1 + 1 + 8
    assert any(row.split(";")[1:4] == ["PUMP-1", "", "2025-09-12"] for row in rows)
    assert any(row.startswith("Medicinsk teknik, fast del;bilaga 1;Bergs kommun;2025-07-01;BERG;") for row in rows)


def test_files_of_another_form_are_not_found() -> None:
    """CSV and XLSX, and nothing else; the workbook begins as one."""
    hired()
    found = proposed()
    client = berg()
    assert client.get(reverse("settlement:proposal_lines_file", args=[found.public_id, "pdf"])).status_code == 404
    answer: HttpResponse = client.get(reverse("settlement:proposal_lines_file", args=[found.public_id, "xlsx"]))
    assert b"".join(answer)[:2] == b"PK"  # type: ignore[arg-type]  # pieces of bytes


def test_rejecting_needs_a_reason() -> None:
    """Without one the fault stands at the field; with one it is on the page."""
    hired()
    found = proposed()
    address = reverse("settlement:decide", args=[found.public_id])
    client = berg(Role.APPROVER)
    status, page = send(client, address, ruling="reject", reason="")
    assert status == 422
    assert "Skriv varför förslaget avslås." in page
    assert send(client, address, ruling="reject", reason="Fel månad")[0] == 302
    page = text(client, page_of(found))
    assert "avslaget" in page
    assert "Fel månad" in page


def test_issuing_says_how_many_to_whom_and_for_how_much_and_is_done_once() -> None:
    """Eight invoices and their sum before the button; a double click issues eight."""
    approved_basis()
    found = approved(proposed("REGION"))
    client = signed_in(actor("REGION", Role.APPROVER))
    address = reverse("settlement:issue", args=[found.public_id])
    page = text(client, address)
    assert "Ställ ut 8 fakturor" in page
    assert f"126{HARD}112,90{HARD}kr" in page
    assert "Östersunds kommun" in page
    key = {"once": str(uuid.uuid4())}
    assert client.post(address, key)["Location"] == client.post(address, key)["Location"] == page_of(found)
    assert Invoice.objects.count() == 8
    told = text(client, page_of(found))
    rows = re.findall(r"(\w+) kommun: <a[^>]+>REGION-2026-(\d)</a>", told)
    assert rows[0][0] == "Bergs"
    assert [name for name, _ in rows[-3:]] == ["Strömsunds", "Åre", "Östersunds"]  # as in the table of payers
    assert sorted(number for _, number in rows) == list("12345678")
    assert "REGION-2026-8" not in text(client, NEW.replace("ny/", ""))
    assert "Förslagets läge: fakturerat. Bara ett godkänt förslag kan faktureras" in text(client, address)


def test_issuing_what_is_not_approved_is_refused_on_the_page() -> None:
    """The words of the service, and no invoice."""
    hired()
    found = proposed()
    status, page = send(berg(Role.APPROVER), reverse("settlement:issue", args=[found.public_id]))
    assert status == 409
    assert "Förslagets läge: väntar på beslut. Bara ett godkänt förslag kan faktureras" in page
    assert not Invoice.objects.exists()


def test_a_correction_of_the_amount_alone_has_no_quantity() -> None:
    """A dash, where «0 tim» would be read as nothing; a charge of nothing still says so."""
    none = {"quantity": 0, "scale": 1, "unit": "tim"}
    assert quantity_of(InvoiceLine(kind="correction", **none)) == "–"
    assert quantity_of(InvoiceLine(kind="charge", **none)) == f"0{HARD}tim"


def test_what_corrections_would_count_is_said() -> None:
    """An issued line of the period is counted again; without one there is nothing to correct."""
    index("3.2")
    hired(day="2026-02-03")
    issued(period="2026H1")
    assert "1 fakturerade rader räknas om" in text(berg(), f"{NEW}?period=2026H1&what=corrections")
    assert "inga fakturerade rader" in text(berg(), f"{NEW}?period=2025H2&what=corrections")


def test_a_printed_proposal_has_the_explanations_that_are_asked_for() -> None:
    """Closed ones stay off the paper; by choice all are open, and the choice goes with the payer."""
    hired()
    proposal = proposed()
    client = signed_in(actor("BERG", Role.READER))
    address = reverse("settlement:proposal", args=[proposal.public_id])
    page = text(client, address)
    brief = page[page.index('<div class="brief">') : page.index("Om förslaget</h2>")]
    assert (brief.count("<details>"), brief.count("<details open>")) == (1, 0)
    assert 'href="?forklaringar=alla"' in page
    page = text(client, f"{address}?forklaringar=alla")
    assert (page.count("<details>"), page.count("<details open>")) == (0, 1)
    assert 'href="?till=REGION&amp;forklaringar=alla#rader"' in page


def test_paper_leaves_out_closed_explanations_of_a_proposal_alone() -> None:
    """The rule of the sheet, and the one that prints an invoice's explanations whether they are open or not."""
    sheet = Path(finders.find("web/site.css")).read_text(encoding="utf-8")
    paper = sheet[sheet.index("@media print") :]
    assert ".brief details:not([open]) { display: none; }" in paper
    assert "details::details-content { content-visibility: visible; block-size: auto; }" in paper
