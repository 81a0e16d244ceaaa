"""By the keyboard alone: Tab, Enter, Space and what one types. At every stop one sees where one is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from samverka.core.acting import Role
from samverka.settlement.models import Proposal
from tests.e2e.ground import KR, proposed, values
from tests.e2e.look import enter, told
from tests.samverka.platform import PASSWORD, actor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: What stands where the focus is: its name for a person, whether it is seen, and whether it has a ring around it.
WHERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const ring = getComputedStyle(at), box = at.getBoundingClientRect();
  const labels = [...(at.labels || [])].map(one => one.innerText);
  return {
    name: (labels.join(' ') || at.innerText || at.value || '').replace(/\\u00a0/g, ' ').trim(),
    field: at.name || '',
    ringed: ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0,
  };
}"""
MOST = 60


class Keys:
    """Somebody who has no mouse.

    Attributes:
        page: The page.
        hidden: Stops where nothing showed where the focus was.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hidden: list[str] = []

    def stops(self) -> Iterator[dict[str, str]]:
        """Each stop from here on, by Tab."""
        for _ in range(MOST):
            self.page.keyboard.press("Tab")
            found = self.page.evaluate(WHERE)
            if found is None:  # past the page's end, in the browser's own bar
                continue
            if not (found["ringed"] and found["seen"]):
                self.hidden.append(f"{self.page.url} {found['name'] or found['field']}")
            yield found

    def to(self, name: str = "", *, field: str = "") -> Keys:
        """Tab to what has that name, or to the field."""
        for stop in self.stops():
            if (name and stop["name"].startswith(name)) or (field and stop["field"] == field):
                return self
        pytest.fail(f"{self.page.url}: no stop is {name or field}")

    def press(self, *keys: str) -> Keys:
        """Press keys."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, text: str) -> Keys:
        """Type."""
        self.page.keyboard.type(text)
        return self

    def choose(self, name: str) -> Keys:
        """Choose among radio buttons, by the arrows."""
        for _ in range(MOST):
            if str(self.page.evaluate(WHERE)["name"]).startswith(name):
                return self.press("Space")
            self.press("ArrowDown")
        pytest.fail(f"{self.page.url}: no choice is {name}")

    def follow(self, name: str) -> Keys:
        """Go to a link or button and press Enter; the next page is there."""
        self.to(name)
        with self.page.expect_navigation():
            self.press("Enter")
        return self


def test_work_is_registered_by_keyboard(browser: Browser, page: Page, site: str) -> None:
    """From the first page to registered work, with its price on the way; every stop is seen and ringed."""
    values()
    enter(page, site, actor("BERG", Role.REGISTRAR)).goto("/")
    keys = Keys(page)
    keys.follow("Arbete").to("Registrera inhyrd personal")
    with page.expect_navigation():
        keys.press("Enter")
    date, time = _as_the_browser_writes(browser)
    keys.to(field="to").type("Region")
    keys.to(field="date").type(date)
    keys.to(field="start").type(time)
    keys.to(field="how").choose("Minuter")
    page.get_by_label("Insats").wait_for()
    page.wait_for_load_state("networkidle")
    keys.to(field="work_minutes").type("50")
    keys.to(field="admin_minutes").type("10")
    keys.to(field="travel_minutes").type("25")
    keys.to(field="travel_combined").choose("Nej")
    keys.to(field="profession").type("Sjuk")
    keys.to(field="principal_level").choose("Primär")
    keys.to(field="palliative_team").choose("Nej")
    page.locator("#price").get_by_text(KR, exact=True).wait_for()
    keys.to("Så räknades det").press("Enter")
    assert "Påbörjade timmar: 2 tim" in told(page, "#price")
    keys.follow("Registrera")
    assert "är registrerat och väntar på attest" in told(page)
    assert keys.hidden == []


def test_a_proposal_is_approved_by_keyboard(page: Page, site: str) -> None:
    """From the first page past the password to an approved proposal; every stop is seen and ringed."""
    values()
    found = proposed()
    enter(page, site, actor("BERG", Role.APPROVER), fresh=False).goto("/")
    keys = Keys(page)
    keys.follow("Avräkning").follow("2026H1").follow("Besluta om förslaget")
    keys.to("Lösenord").type(PASSWORD)
    with page.expect_navigation():
        keys.press("Enter")
    keys.follow("Godkänn förslaget")
    assert "Förslaget är godkänt" in told(page)
    assert Proposal.objects.get(pk=found.pk).state == "approved"
    assert keys.hidden == []


def test_the_skip_link_is_the_first_stop_and_leads_past_the_menu(page: Page, site: str) -> None:
    """The first Tab shows «Hoppa till innehållet»; Enter leads to the content, and the next Tab to what is in it."""
    enter(page, site, actor("BERG", Role.REGISTRAR)).goto("/avrakning/")
    keys = Keys(page)
    stop = next(keys.stops())
    assert stop["name"] == "Hoppa till innehållet"
    assert keys.hidden == []
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    next(keys.stops())
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_what_is_wrong_takes_the_focus(page: Page, site: str) -> None:
    """A form sent with faults comes back with the focus on them, and each leads to its field."""
    values()
    enter(page, site, actor("BERG", Role.REGISTRAR)).goto("/arbete/inhyrd-personal/nytt/")
    keys = Keys(page)
    keys.follow("Registrera")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    keys.to("Yrke").press("Enter")
    assert page.evaluate("document.activeElement.name") == "profession"


def test_the_ring_is_missed_where_it_is_taken_away(page: Page, site: str) -> None:
    """The check catches its broken twin: a link without its ring, and one that is out of sight."""
    enter(page, site, actor("BERG", Role.REGISTRAR)).goto("/")
    page.evaluate("document.querySelectorAll('nav a').forEach(one => one.style.setProperty('outline', 'none'))")
    keys = Keys(page)
    keys.to("Fakturor")
    menu = ["Start", "ansvarar?", "Ärenden", "Arbete", "Avräkning", "Fakturor"]
    assert [told.rpartition(" ")[2] for told in keys.hidden] == menu


def _as_the_browser_writes(browser: Browser) -> tuple[str, str]:
    """9 March 2026 and 10 o'clock as its fields take them: the browser's own language says in which order."""
    context = browser.new_context()
    clock = "new Intl.DateTimeFormat(undefined, {dateStyle: 'short', timeStyle: 'short'}).formatToParts()"
    order = context.new_page().evaluate(f"{clock}.map(part => part.type)")
    context.close()
    digits = {"year": "2026", "month": "03", "day": "09"}
    return "".join(digits.get(one, "") for one in order), "1000AM" if "dayPeriod" in order else "1000"
