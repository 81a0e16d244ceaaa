"""Every task without JavaScript: the same addresses, forms and words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from samverka.core.acting import Role
from samverka.settlement.models import Invoice
from tests.e2e.ground import KR, values
from tests.e2e.look import enter, sign_in, told
from tests.samverka.platform import PASSWORD, actor

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def page(opened: Callable[..., Page]) -> Page:
    """One page in a browser that runs no scripts."""
    return opened(java_script_enabled=False)


def test_work_becomes_an_invoice_without_scripts(page: Page, site: str) -> None:
    """Registered with a price, attested, proposed, approved, issued and read, each by ordinary forms: 1 320 kr."""
    values()
    sign_in(page, actor("BERG", Role.REGISTRAR))
    _register(page)
    enter(page, site, actor("REGION", Role.APPROVER))
    page.goto("/arbete/inhyrd-personal/")
    page.get_by_role("row").get_by_role("link").nth(-1).click()
    page.get_by_role("button", name="Attestera").click()
    assert "är attesterat." in told(page)

    enter(page, site, actor("BERG", Role.REGISTRAR))
    page.goto("/avrakning/ny/?period=2026H1&what=ordinary")
    page.get_by_role("button", name="Ta fram förslaget").click()
    proposal = page.url
    enter(page, site, actor("BERG", Role.APPROVER), fresh=False)
    page.goto(proposal)
    page.get_by_role("link", name="Besluta om förslaget").click()
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.locator("main button").first.click()
    page.get_by_role("button", name="Godkänn förslaget").click()
    page.get_by_role("link", name="Fakturera", exact=True).click()
    page.get_by_role("button", name="Ställ ut 1 faktura").click()

    enter(page, site, actor("REGION", Role.READER))
    page.goto("/avrakning/fakturor/")
    page.get_by_role("link", name="BERG-2026-1").click()
    assert told(page).count(KR) == 3
    page.get_by_text("Så räknades det").first.click()
    assert f"Timersättning dagtid: {KR}" in told(page, "details[open] .steps")
    assert [(str(one), one.total) for one in Invoice.objects.all()] == [("BERG-2026-1", 132_000)]


def test_the_page_of_a_running_proposal_reloads_itself(page: Page, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without scripts the page of a proposal that is computed asks to be loaded again, and a link does the same."""
    from samverka.settlement import services
    from tests.e2e.ground import proposed

    monkeypatch.setattr(services, "_queue", lambda _: None)
    found = proposed()
    enter(page, site, actor("BERG", Role.REGISTRAR))
    page.goto(f"/avrakning/forslag/{found.public_id}/")
    assert page.locator("noscript meta[http-equiv=refresh]").count() == 1
    page.get_by_role("link", name="Läs om sidan").click()
    assert "steg klara" in told(page)


def _register(page: Page) -> None:
    """The button «Visa fält och pris» does what typing does with scripts."""
    page.goto("/arbete/inhyrd-personal/nytt/")
    page.get_by_label("Minuter för varje del").check()
    page.get_by_role("button", name="Visa fält och pris").click()
    page.get_by_label("Vem bad om hjälpen?").select_option("REGION")
    page.get_by_label("Datum").fill("2026-03-09")
    page.get_by_label("Början").fill("10:00")
    page.get_by_label("Insats").fill("50")
    page.get_by_label("Administration").fill("10")
    page.locator("[name=travel_minutes]").fill("25")
    page.get_by_role("group", name="Resan samordnad").get_by_label("Nej").check()
    page.get_by_label("Yrke").select_option("nurse")
    page.get_by_role("group", name="vårdnivå").get_by_label("Primärvård").check()
    page.get_by_role("group", name="Storsjögläntan").get_by_label("Nej").check()
    page.get_by_role("button", name="Visa fält och pris").click()
    assert KR in told(page, "#price")
    page.get_by_role("button", name="Registrera").click()
    assert "är registrerat och väntar på attest" in told(page)
