"""A case as people meet it: begun in Vem ansvarar?, its facts, its decision, its search; light, dark, 320 px, paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samverka.care import services_dialogue
from samverka.care.states import Ground, Regard
from tests.e2e.look import enter, look, on_paper, told
from tests.e2e.test_asking import fill, go_on
from tests.samverka.care import cases
from tests.samverka.care.asking import NORMAL
from tests.samverka.platform import AT

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_case_is_begun_where_the_question_is_asked(page: Page, site: str) -> None:
    """From the list to the question, to its answer, to a draft, to its facts: only those that matter."""
    enter(page, site, cases.registrar("BERG"))
    page.goto("/arenden/")
    look(page)
    page.get_by_role("link", name="Öppna ärende").click()
    page.wait_for_url("**/vem-ansvarar/vard/")
    assert "Vid svaret kan du spara det som ärende." in told(page, "body")
    while page.locator("input[name=shown]").count():
        fill(page, NORMAL)
        go_on(page)
    page.get_by_role("button", name="Spara som ärende").click()
    page.wait_for_url("**/arenden/*/")
    assert "är öppnat som utkast. Bara ni ser det." in told(page, "body")
    page.get_by_role("link", name="Ändra uppgifterna").first.click()
    page.wait_for_url("**/uppgifter/")
    assert "Hur skör är personen enligt Clinical Frailty Scale?" in told(page)
    look(page)
    assert on_paper(page) == []


def test_what_is_no_number_is_refused_and_not_in_the_address(page: Page, site: str) -> None:
    """A personal identity number is neither searched for nor shown again; a case's number is found."""
    case = cases.in_dialogue()
    enter(page, site, cases.registrar("BERG"))
    page.goto("/arenden/")
    for number, said in (("19121212-1212", "kan innehålla ett personnummer"), (case.number, "Sökresultat")):
        page.locator("#find_number").fill(number)
        page.locator("#find_reason").select_option("care")
        page.get_by_role("button", name="Sök nummer").click()
        page.get_by_text(said).first.wait_for()  # the address stays the same from the first search to the second
        assert page.url.endswith("/arenden/sok/")
        assert "19121212" not in page.content()
        look(page)
    assert case.number in told(page, "table")


def test_a_departing_decision_says_why_and_whose_the_duties_are(page: Page, site: str) -> None:
    """The reason is chosen; the duties are of the party decided on."""
    case = cases.proposed("BERG")
    enter(page, site, cases.registrar("BERG"))
    page.goto(f"/arenden/{case.public_id}/dialog/")
    look(page)
    page.get_by_label("Region Jämtland Härjedalen").check()
    page.get_by_label("Flexibilitet utifrån personens bästa (OB-ANS-FLEX2)").check()
    page.get_by_role("button", name="Öppna dialog").click()
    page.get_by_text("Välj vad flexibiliteten tar hänsyn till.").first.wait_for()
    page.get_by_label("Personens sociala nätverk", exact=True).check()
    page.get_by_role("button", name="Öppna dialog").click()
    page.wait_for_url(f"**/arenden/{case.public_id}/")
    assert "med hänsyn till personens sociala nätverk" in told(page)
    assert "Det här följer av förslaget" in told(page)
    case = services_dialogue.agree(cases.approver("REGION"), cases.as_it_is(case), at=AT)
    case = services_dialogue.decide(cases.approver("BERG"), case, at=AT)
    assert (case.ground, case.regard) == (Ground.FLEXIBILITY, Regard.NETWORK)
    page.reload()
    assert "Det här följer av beslutet" in told(page)
    look(page)
    assert on_paper(page) == []
