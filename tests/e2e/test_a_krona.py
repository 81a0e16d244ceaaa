"""One krona's way through the browser: worked, attested, proposed, approved, issued, read, credited, issued again.

The sum is computed by hand in ``tests.e2e.ground``: two started hours of 660 kronor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import close_old_connections

from samverka.core.acting import Role
from samverka.settlement import jobs, services
from samverka.settlement.models import Invoice, Proposal
from tests.e2e.ground import KR, approved, values
from tests.e2e.look import enter, sign_in, told
from tests.samverka.platform import PASSWORD, actor

if TYPE_CHECKING:
    from playwright.sync_api import Page

MINUS = f"\N{MINUS SIGN}{KR}"
HOUR = "660,00 kr"
STEPS = (
    "Insats: 50 min", "Administration och dokumentation: 10 min", "Resa: 25 min", "Minuter som räknas: 85 min",
    "Påbörjade timmar: 2 tim", f"Timpris för inhyrd personal: {HOUR}/tim", "640,00 kr",
    "3,1 %", "exempel", f"Timersättning dagtid: {KR}",
)  # fmt: skip


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Proposals wait here instead of being computed at once, as they wait for a worker."""
    waiting: list[str] = []
    monkeypatch.setattr(services, "_queue", lambda proposal: waiting.append(proposal.public_id))
    return waiting


def test_a_krona_from_work_to_invoice_and_back(opened: Callable[[], Page], site: str, queue: list[str]) -> None:
    """Five people, real clicks: 1 320 kr wherever the sum stands, and the invoice tells each step of it."""
    values()
    registrar, approver = actor("BERG", Role.REGISTRAR), actor("BERG", Role.APPROVER)
    berg, other, region = opened(), opened(), opened()
    sign_in(berg, registrar)
    _register(berg)
    _attest(enter(opened(), site, actor("REGION", Role.APPROVER)))

    proposal = _propose(berg, queue)
    assert "Du har tagit fram förslaget. En annan person ska godkänna det." in told(berg)
    enter(other, site, approver, fresh=False)
    _approve(other, proposal, asked=True)
    enter(other, site, approver, fresh=False)
    _issue(other, asked=True)

    enter(region, site, actor("REGION", Role.READER))
    _read(region, "BERG-2026-1")
    _propose_credit(berg, "BERG-2026-1")
    _credit(other)
    region.reload()
    assert "Krediterad med BERG-2026-2" in told(region)
    region.get_by_role("link", name="BERG-2026-2").click()
    assert told(region).count(MINUS) == 3  # the head, the line and the sum

    again = _propose(berg, queue)
    assert again != proposal
    _approve(other, again)
    _issue(other)
    _read(region, "BERG-2026-3")
    assert [(str(one), one.total, one.payer) for one in Invoice.objects.order_by("number")] == [
        ("BERG-2026-1", 132_000, "REGION"), ("BERG-2026-2", -132_000, "REGION"), ("BERG-2026-3", 132_000, "REGION"),
    ]  # fmt: skip


def test_a_double_click_makes_one_set_of_invoices(page: Page, site: str) -> None:
    """Two clicks at once on the button that issues: one invoice, one number, and the page says so."""
    values()
    found = approved()
    enter(page, site, actor("BERG", Role.APPROVER, 2))
    page.goto(f"/avrakning/forslag/{found.public_id}/fakturera/")
    page.get_by_role("button", name="Ställ ut 1 faktura").dblclick(no_wait_after=True)
    page.get_by_role("link", name="BERG-2026-1").wait_for()
    page.wait_for_load_state("networkidle")
    assert [(str(one), one.total) for one in Invoice.objects.all()] == [("BERG-2026-1", 132_000)]


def test_a_second_window_issues_nothing(opened: Callable[[], Page], site: str) -> None:
    """The double click's other twin, with a key of its own: the second window is told, and one invoice is there."""
    values()
    found = approved()
    windows = [enter(opened(), site, actor("BERG", Role.APPROVER, 2)) for _ in range(2)]
    for window in windows:
        window.goto(f"/avrakning/forslag/{found.public_id}/fakturera/")
    for window in windows:
        window.get_by_role("button", name="Ställ ut 1 faktura").click()
    assert "1 faktura är utställd." in told(windows[0])
    assert Invoice.objects.count() == 1


def _register(page: Page) -> None:
    """By the form: the fields change with what is chosen, and the price follows what is typed."""
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Arbete").click()
    page.get_by_role("link", name="Registrera inhyrd personal").click()
    assert page.locator("[name=end]").count() == 1
    page.get_by_label("Minuter för varje del").check()
    page.get_by_label("Insats").wait_for()
    assert page.locator("[name=end]").count() == 0
    price = page.locator("#price")
    assert "Priset visas här när uppgifterna räcker." in price.inner_text()

    page.get_by_label("Vem bad om hjälpen?").select_option("REGION")
    page.get_by_label("Datum").fill("2026-03-09")
    page.get_by_label("Början").fill("10:00")
    page.get_by_label("Insats").press_sequentially("50")
    page.get_by_label("Administration").press_sequentially("10")
    page.get_by_label("Yrke").select_option("nurse")
    page.get_by_role("group", name="vårdnivå").get_by_label("Primärvård").check()
    page.get_by_role("group", name="Storsjögläntan").get_by_label("Nej").check()
    price.get_by_text(HOUR, exact=True).wait_for()  # 60 minutes so far
    page.locator("[name=travel_minutes]").press_sequentially("25")
    page.get_by_role("group", name="Resan samordnad").get_by_label("Nej").check()
    price.get_by_text(KR, exact=True).wait_for()
    price.get_by_text("Så räknades det").click()
    for step in ("Minuter som räknas: 85 min", "Påbörjade timmar: 2 tim"):
        assert step in told(page, "#price")
    page.get_by_role("button", name="Registrera").click()
    page.get_by_role("status").get_by_text("är registrerat och väntar på attest").wait_for()


def _attest(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="attest").first.click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Attestera valda").click()
    page.get_by_role("status").wait_for()
    assert f"1 attesterad, tillsammans {KR} som avtalet räknas i dag." in told(page)


def _propose(page: Page, queue: list[str]) -> str:
    """The progress page is shown until a worker has computed the proposal, and then leaves by itself."""
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Avräkning").click()
    page.get_by_role("link", name="Ta fram ett förslag").click()
    page.get_by_label("Period").select_option("2026H1")
    page.get_by_role("button", name="Visa vad som ingår").click()
    assert page.get_by_role("row", name="Inhyrd personal").locator("td").all_inner_texts() == ["1", "0"]
    page.get_by_role("button", name="Ta fram förslaget").click()
    page.get_by_role("progressbar").wait_for()
    assert "Beräknas: 0 av 5 steg klara." in told(page)
    jobs.compute.call(queue.pop())
    close_old_connections()
    page.get_by_role("heading", name="Per betalare").wait_for()
    assert told(page).count(KR) >= 4  # the payer, all payers, the line and its sum
    return page.url


def _approve(page: Page, proposal: str, *, asked: bool = False) -> None:
    page.goto(proposal)
    page.get_by_role("link", name="Besluta om förslaget").click()
    if asked:
        _answer(page)
    assert KR in told(page)
    page.get_by_role("button", name="Godkänn förslaget").click()
    assert "Förslaget är godkänt och kan faktureras." in told(page)
    assert Proposal.objects.get(public_id=proposal.rstrip("/").rpartition("/")[2]).state == "approved"


def _issue(page: Page, *, asked: bool = False) -> None:
    page.get_by_role("link", name="Fakturera", exact=True).click()
    if asked:
        _answer(page)
    assert KR in told(page)
    page.get_by_role("button", name="Ställ ut 1 faktura").click()
    assert "1 faktura är utställd." in told(page)


def _answer(page: Page) -> None:
    """The password again: a wrong one is refused, the right one leads to what was asked for."""
    assert "/reauthenticate/" in page.url
    page.get_by_label("Lösenord").fill("fel-lösenord-alldeles")
    page.locator("main button").first.click()
    page.locator("main [aria-invalid=true], main .error-summary").first.wait_for()
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.locator("main button").first.click()
    page.wait_for_url(lambda url: "/reauthenticate/" not in url)


def _read(page: Page, number: str) -> None:
    """As whoever pays reads it: the sum, and each step of it down to the clauses."""
    page.goto("/")
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Fakturor").click()
    page.get_by_role("link", name=number).click()
    assert told(page).count(KR) == 3  # the head, the line and the sum
    page.get_by_text("Så räknades det").first.click()
    assert STEPS[-1] in told(page, "details[open] .steps")
    page.get_by_role("link", name="visa händelserna på rad 1").click()
    page.get_by_text("Så räknades det").first.click()
    steps = told(page, "details[open] .steps")
    assert [step for step in STEPS if step not in steps] == []
    page.go_back()


def _propose_credit(page: Page, number: str) -> None:
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Fakturor").click()
    page.get_by_role("link", name=number).click()
    page.get_by_role("link", name="Föreslå kreditering").click()
    page.get_by_label("Skäl").fill("Fel tid")
    page.get_by_role("button", name="Föreslå kreditering").click()
    page.get_by_role("heading", name="Rader").wait_for()
    assert "En annan person ska besluta om det." in told(page)


def _credit(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="1 kreditering att besluta om").click()
    page.get_by_role("button", name="Kreditera hela fakturan").click()
    page.get_by_role("heading", name="Kreditfaktura BERG-2026-2").wait_for()
    assert "Fel tid" in told(page)
