"""A file of work in the browser: how it is filled in, what is wrong with it, what it adds, and the work it became."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from samverka.assignments.models import HiredStaff
from samverka.core.acting import Role
from tests.e2e.ground import KR, values, worked
from tests.e2e.look import enter, look
from tests.samverka.platform import actor

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMPORT = "/arbete/inhyrd-personal/importera/"
HEAD = "event_id;from;to;date;start;profession;principal_level;palliative_team;work_minutes;example"
ROW = "B-1;Bergs kommun;Region Jämtland Härjedalen;2026-03-09;10.00;{};primärvård;nej;85;ja"


@pytest.fixture
def berg(page: Page, site: str) -> Page:
    """Berg's registrar."""
    values()
    return enter(page, site, actor("BERG", Role.REGISTRAR))


def send(page: Page, name: str, profession: str) -> None:
    """Read a file of one row in."""
    content = f"{HEAD}\n{ROW.format(profession)}".encode()
    page.goto(IMPORT)
    page.get_by_label("Fil", exact=True).set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Läs in och visa skillnaden").click()
    page.get_by_role("heading", name=name).wait_for()


def says(page: Page, text: str) -> None:
    """The page that one is led to says so."""
    page.locator("main").get_by_text(text).first.wait_for()


def test_a_file_becomes_work_with_pages_of_its_own(berg: Page, site: str) -> None:
    """Faulty, put away, mended, approved; its work is returned, changed, attested: each page is for everyone."""
    berg.goto(IMPORT)
    says(berg, "sjuksköterska (nurse)")
    look(berg)
    berg.get_by_role("button", name="Läs in och visa skillnaden").click()
    berg.locator(".error-summary").get_by_text("Välj en fil som är högst 8 MB.").wait_for()

    send(berg, "fel.csv", "nurce")
    says(berg, "'nurce' är fel; tillåtet är sjuksköterska (nurse)")
    look(berg)
    berg.goto("/")
    berg.get_by_role("link", name="1 fil har fel: rätta eller lägg undan").click()
    berg.get_by_role("button", name="Lägg undan filen").click()
    says(berg, "Filen är undanlagd.")
    send(berg, "rätt.csv", "sjuksköterska")
    says(berg, KR)
    look(berg)
    berg.get_by_role("button", name="Godkänn och registrera").click()
    says(berg, "Filen är inläst: 1 ny, 0 ändrade, 0 oförändrade.")
    berg.get_by_role("link", name="Inlästa filer").click()
    berg.get_by_role("row", name="fel.csv").get_by_text("undanlagd").wait_for()
    look(berg)

    address = f"/arbete/inhyrd-personal/{HiredStaff.objects.get().public_id}/"
    for who in (actor("REGION", Role.READER), actor("REGION", Role.APPROVER)):
        enter(berg, site, who).goto(address)
        says(berg, KR)
        says(berg, "Inläst ur fil")
        look(berg)
    berg.get_by_role("link", name="Återsänd").click()
    berg.get_by_label("Varför?").fill("Fel tid")
    berg.get_by_role("button", name="Återsänd").click()
    says(berg, "Återsänt: Fel tid")
    look(berg)

    enter(berg, site, actor("BERG", Role.REGISTRAR)).goto(address)
    look(berg)
    berg.get_by_role("link", name="Ändra").click()
    says(berg, "Ändra B-1")
    look(berg)
    berg.get_by_label("Insats").fill("50")
    berg.get_by_role("button", name="Spara och sänd igen").click()
    says(berg, "B-1 är ändrat och väntar på attest.")
    berg.get_by_role("link", name="Återkalla").click()
    says(berg, "Återkalla B-1")
    look(berg)
    berg.get_by_label("Varför?").fill("Dubblett")
    berg.get_by_role("button", name="Återkalla").click()
    says(berg, "Arbetet är återkallat och avräknas inte.")
    assert HiredStaff.objects.get().state == "withdrawn"
    look(berg)


def test_all_that_waits_is_attested_by_one_button(page: Page, site: str) -> None:
    """Without a tick; numbers lead to the work."""
    values()
    for number in (1, 2):
        worked(start=f"1{number}:00")
    enter(page, site, actor("REGION", Role.APPROVER)).goto("/arbete/inhyrd-personal/attestera/")
    first = HiredStaff.objects.order_by("id")[0]
    link = page.get_by_role("link", name=first.event_id)
    assert link.get_attribute("href") == f"/arbete/inhyrd-personal/{first.public_id}/"
    look(page)
    page.get_by_role("button", name="Attestera alla 2 som visas").click()
    says(page, "2 attesterade, tillsammans 2 640,00 kr")
    assert set(HiredStaff.objects.values_list("state", flat=True)) == {"attested"}
