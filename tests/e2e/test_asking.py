"""Vem ansvarar? as people meet it: with and without scripts, by keyboard, on a small screen, on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from tests.e2e.look import NARROW, all_ways, look, on_paper, shown_as, told, too_wide
from tests.samverka.care.asking import NORMAL

if TYPE_CHECKING:
    from playwright.sync_api import Page

OPEN = "document.querySelectorAll('details').forEach(one => { one.open = true })"
#: Level 5 counts together with cognitive impairment.
FRAIL = {**NORMAL, "cfs": "5", "cognitive": "diagnosis"}


@pytest.fixture
def plain(opened: Callable[..., Page]) -> Page:
    """One page in a browser that runs no scripts."""
    return opened(java_script_enabled=False)


def fill(page: Page, answers: Mapping[str, str]) -> None:
    """Answer the questions that the page asks."""
    for shown in page.locator("input[name=shown]").all():
        name = str(shown.get_attribute("value"))
        if page.locator(f"#id_{name}[type=radio]").count():
            page.locator(f"input[name={name}][value='{answers[name]}']").check()
        else:
            page.locator(f"#id_{name}").fill(answers[name])


def go_on(page: Page) -> None:
    """Send the page and wait for the next one: it has another first question, or none."""
    before = page.locator("input[name=shown]").first.get_attribute("value")
    page.get_by_role("button", name="Fortsätt").click()
    page.wait_for_function("before => document.querySelector('input[name=shown]')?.value !== before", arg=before)


def through(page: Page, answers: Mapping[str, str]) -> int:
    """From the entrance to the answer; how many pages there were."""
    page.goto("/vem-ansvarar/")
    page.get_by_role("link", name="Vården", exact=True).click()
    page.wait_for_url("**/vard/")
    count = 0
    while page.locator("input[name=shown]").count():
        fill(page, answers)
        go_on(page)
        count += 1
    return count


def test_a_nurse_finds_who_answers_without_leaving_the_page(page: Page) -> None:
    """With scripts the same page changes: the address stays, the focus moves along, and the answer forms meanwhile."""
    pages = []
    page.on("framenavigated", lambda frame: pages.append(frame.url))
    count = through(page, FRAIL)
    assert count <= 12
    assert [url.rpartition("/vem-ansvarar/")[2] for url in pages] == ["", "vard/"]
    page.wait_for_function("() => document.activeElement.id === 'headline'")
    assert told(page, "#headline") == "Bergs kommun"
    page.get_by_text("Varför", exact=True).click()
    assert "Alla fyra kriterier är uppfyllda: ja" in told(page, "details[open] .steps")


def test_the_way_back_from_the_answer_leads_through_every_page(page: Page) -> None:
    """With scripts too, by the page's own button: the last question, the ones before it, and no page twice."""
    count = through(page, FRAIL)
    before, seen = "", []
    while page.get_by_role("button", name="Tillbaka").count():
        page.get_by_role("button", name="Tillbaka").click()
        page.wait_for_function(
            "before => (document.querySelector('input[name=shown]')?.value || before) !== before", arg=before
        )
        before = str(page.locator("input[name=shown]").first.get_attribute("value"))
        assert before not in seen
        seen.append(before)
    assert (len(seen), seen[-1]) == (count, "place")


def test_the_answer_forms_while_a_page_is_filled_in(page: Page) -> None:
    """A choice is looked at before it is sent: what is possible changes, the rest of the page does not."""
    page.goto("/vem-ansvarar/vard/")
    assert "Högst 16 frågor kvar." in told(page, "#forming")
    page.get_by_label("Inskriven på sjukhus").check()
    page.get_by_text("Just nu pekar svaren på: Regionen.").wait_for()
    assert page.get_by_label("Inskriven på sjukhus").is_checked()
    assert page.locator("input[name=shown]").get_attribute("value") == "place"


def test_the_same_without_scripts(plain: Page) -> None:
    """Every step is an ordinary form; the answer, a change of it and the way back are there all the same."""
    plain.goto("/vem-ansvarar/vard/")
    while plain.locator("input[name=shown]").count():
        fill(plain, FRAIL)
        plain.get_by_role("button", name="Fortsätt").click()
    assert told(plain, "#headline") == "Bergs kommun"
    plain.get_by_text("Dina svar").click()
    plain.get_by_role("button", name="Ändra Boendeform").click()
    plain.get_by_label("Särskilt boende").check()
    plain.get_by_role("button", name="Fortsätt").click()
    assert "Behövs inte längre, och skickas inte vidare" in told(plain)
    assert "Boendeformen avgör" in told(plain)
    plain.get_by_role("button", name="Tillbaka").click()
    assert plain.get_by_label("Särskilt boende").is_checked()


def test_by_keyboard_alone(page: Page) -> None:
    """Tab, arrows, space and Enter are enough, and the focus stands in each new question."""
    page.goto("/vem-ansvarar/vard/")
    page.locator("#id_place").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert page.get_by_label("Inskriven på sjukhus").is_checked()
    page.get_by_text("Just nu pekar svaren på").wait_for()
    page.keyboard.press("Enter")
    page.locator("#headline").wait_for()
    assert told(page, "#headline") == "Region Jämtland Härjedalen"
    page.goto("/vem-ansvarar/vard/")
    page.locator("#id_place").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.locator("#id_profession").wait_for()
    page.wait_for_function("() => document.activeElement.id === 'id_profession'")
    page.keyboard.press("Enter")
    page.get_by_text("Rätta detta").wait_for()
    page.wait_for_function("() => document.activeElement.className === 'error-summary'")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.id === 'id_profession'")


def test_every_sort_of_page_in_every_way(page: Page) -> None:
    """Entrance, list, criterion, scale, fault and answer: axe in light and dark, wide and at 320 px, on paper."""
    page.goto("/vem-ansvarar/")
    look(page)
    page.goto("/vem-ansvarar/annat/")
    look(page)
    page.goto("/vem-ansvarar/vard/")
    seen = set()
    while page.locator("input[name=shown]").count():
        kind = page.locator("input[name=shown]").count(), page.locator("input[type=text]").count() > 0
        scale = page.locator("input[name=cfs]").count() > 0
        if (kind, scale) not in seen:
            seen.add((kind, scale))
            assert all_ways(page, then=OPEN) == []
            page.get_by_role("button", name="Fortsätt").click()
            page.get_by_text("Rätta detta").wait_for()
            look(page)
        fill(page, FRAIL)
        go_on(page)
    assert all_ways(page, then=OPEN) == []
    assert on_paper(page) == []


def test_the_sheet_is_one_page_of_paper(page: Page, opened: Callable[..., Page]) -> None:
    """It opens in a tab of its own, so that the answer stays; one A4 with room to sign, and back again."""
    through(page, FRAIL)
    with page.context.expect_page() as opening:
        page.get_by_role("button", name="Utskriftsblad").click()
    sheet = opening.value
    sheet.wait_for_load_state()
    assert sheet.pdf(prefer_css_page_size=True, format="A4").count(b"/Type /Page\n") == 1
    assert all_ways(sheet) == []
    assert on_paper(sheet) == []
    assert "5 – lindrig skörhet" in told(sheet)
    assert "Underskrift" in told(sheet)
    sheet.get_by_role("button", name="Tillbaka till svaret").click()
    sheet.locator("#headline").wait_for()
    assert told(page, "#headline") == "Bergs kommun"


def test_the_question_of_products_goes_on_from_the_answer(page: Page) -> None:
    """What is known goes along unseen; at 320 px nothing sticks out."""
    shown_as(page, "light", NARROW)
    through(page, FRAIL)
    page.get_by_role("button", name="Vem betalar produkten?").click()
    page.wait_for_url("**/produkt/")
    assert too_wide(page) == []
    page.get_by_label("Provtagning").check()
    go_on(page)
    assert told(page, "#headline") == "Region Jämtland Härjedalen"


def test_the_publishers_page_opens_only_when_it_is_clicked(page: Page) -> None:
    """The scale is a link, and no request leaves by itself: the browser's fixture fails if one does."""
    page.goto("/vem-ansvarar/vard/")
    while page.locator("input[name=cfs]").count() == 0:
        fill(page, FRAIL)
        go_on(page)
    link = page.locator("legend ~ .hint").get_by_role("link", name="Clinical Frailty Scale")
    assert link.is_visible()  # without opening anything
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_a_browser_keeps_nothing(page: Page) -> None:
    """No storage, no database, and of cookies the form's own alone."""
    through(page, FRAIL)
    kept = page.evaluate("[{...localStorage}, {...sessionStorage}]")
    assert kept == [{}, {"htmx-current-path-for-history": "/vem-ansvarar/vard/"}]  # an address, which holds no fact
    assert [one["name"] for one in page.context.cookies()] == ["csrftoken"]
    assert "Berg" not in page.title()


def test_what_may_follow_is_answered_from_the_answer(page: Page) -> None:
    """A physician's visit says which duties hang on the housing; «Ange» asks for it, and then they follow."""
    page.goto("/vem-ansvarar/vard/")
    for answer in ("Där personen bor", "Läkare"):
        page.get_by_label(answer, exact=True).check()
        go_on(page)
    assert "Kan gälla, beror på: Boendeform" in told(page)
    page.get_by_role("button", name="Ange Boendeform").first.click()
    page.get_by_label("Bostad med särskilt stöd och service (LSS)").check()
    page.get_by_role("button", name="Fortsätt").click()
    page.get_by_role("cell", name="Erbjud ett årligt hälsosamtal").wait_for()
    assert "beror på: Boendeform" not in told(page)


def test_a_long_list_is_chosen_from(plain: Page) -> None:
    """Who works for whom is one list, with «Vet inte» last: seen by axe in every way, and usable without scripts."""
    plain.goto("/vem-ansvarar/produkt/")
    plain.get_by_label("Hjälpmedel", exact=True).check()
    plain.get_by_role("button", name="Fortsätt").click()
    plain.get_by_role("button", name="Visa svaret nu").click()
    plain.get_by_text("Fler uppgifter").click()
    plain.get_by_role("button", name="Ange Arbete på annans uppdrag").click()
    assert too_wide(plain) == []
    plain.get_by_label("Utför någon arbetet på en annan parts uppdrag?").select_option(label="Vet inte")
    plain.get_by_role("button", name="Fortsätt").click()
    assert plain.locator("#id_assignment").count() == 0
