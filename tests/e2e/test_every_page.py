"""Every page there is: for every eye, in light and dark, at 320 px, on paper; nothing leaves, nothing is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from samverka.agreements.county import base
from tests.e2e.look import NARROW, Seen, all_ways, on_paper, shown_as, speaking_swedish, too_wide
from tests.e2e.places import NO_PAGES, People, Place, ours, session_of, theirs
from tests.faults.matrix import addresses
from tests.faults.world import World, shared, world
from tests.samverka.platform import ON, county

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

#: Wherever an address of ours is: an app that is new is looked at without being named here.
SPACES = sorted({one.key.rpartition(":")[0] for one in addresses() if one.module.startswith("samverka.")})
OPEN = "document.querySelectorAll('details').forEach(one => { one.open = true })"


@dataclass(frozen=True)
class Planted:
    """A site in which there is one of everything.

    Attributes:
        url: Where it is.
        made: What is in it.
        people: Who is in it.
    """

    url: str
    made: World
    people: People


@pytest.fixture(scope="module")
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The usual one empties the database after each test; here all pages are of one world, which they do not change."""
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import override_settings

    from samverka.core import clock

    # a password that was given when the world was made is fresh as long as it takes to look at all of it
    told = override_settings(DEMO=True, ACCOUNT_REAUTHENTICATION_TIMEOUT=86_400)
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, told:
        patch.setattr(clock, "today", lambda: ON)
        county()
        made = world("BERG")
        shared(made)
        yield made
        call_command("flush", verbosity=0, interactive=False)
        connection.close()


@pytest.fixture(scope="module")
def planted(transactional_db: World, live_server: LiveServer) -> Planted:
    """The site with that world in it."""
    return Planted(str(live_server.url), transactional_db, People())


@pytest.fixture
def seen(planted: Planted) -> Iterator[Seen]:
    """What the browser asks for; at the end there must be nothing to tell of."""
    found = Seen(urlsplit(planted.url).netloc)
    yield found
    found.nothing()


@pytest.fixture
def page(browser: Browser, planted: Planted, seen: Seen) -> Iterator[Page]:
    """One page, looked at."""
    context = browser.new_context(**speaking_swedish(planted.url))
    seen.watch(context, stopping=False)
    yield context.new_page()
    context.close()


def visit(page: Page, planted: Planted, place: Place) -> list[str]:
    """Go there; what is wrong with the page in any of its shapes."""
    page.context.clear_cookies()
    if place.session:
        page.context.add_cookies([{"name": "sessionid", "value": place.session, "url": planted.url}])
    page.goto(place.path)
    found = all_ways(page, then=OPEN)
    page.evaluate(OPEN.replace("true", "false"))
    found += [f"paper: {one}" for one in on_paper(page)]
    heads = page.locator("h1").count()
    return [f"{place.key} {place.path} {one}" for one in (found if heads == 1 else [*found, f"{heads} headings"])]


@pytest.mark.parametrize("space", SPACES)
def test_every_page_of_ours_is_for_everyone(space: str, planted: Planted, page: Page) -> None:
    """Axe finds nothing in light or dark, wide or at 320 px, where nothing sticks out; on paper all is told, in ink."""
    places, none = ours(planted.made, planted.people, space)
    assert none == {key for key in NO_PAGES if key.rpartition(":")[0] == space}, "an address without its page"
    found = [fault for place in places for fault in visit(page, planted, place)]
    assert not found, "\n".join(found)


def test_every_account_page_is_for_everyone(planted: Planted, page: Page) -> None:
    """The same of signing in, passwords, apps, keys and codes, and of what is said where there is nothing."""
    places = theirs(planted.people)
    assert len({place.key for place in places}) > 20
    found = [fault for place in places for fault in visit(page, planted, place)]
    assert not found, "\n".join(found)


def test_every_series_stays_within_the_window(planted: Planted, page: Page) -> None:
    """Where values were published is a long address, in a table that is as wide as its longest word unless told.

    And where there is no value there is no table, whose headings alone are wider than 320 px.
    """
    session = session_of(planted.people.of["BERG"][0])
    paths = [f"/avtal/index/{name}/" for name in sorted(base().series)]
    for path in (*paths, "/avtal/villkor/hired_staff_rate/?known=2024-01-01"):  # the last when nothing was known
        assert visit(page, planted, Place("series", path, session)) == [], path
    page.goto("/avtal/index/OPI/")
    page.evaluate("document.querySelectorAll('td').forEach(one => { one.style.overflowWrap = 'break-word' })")
    assert [told.partition(":")[0] for told in too_wide(page)] == ["wider than 1280 px"]


@pytest.mark.parametrize("path", [
    "/arbete/inhyrd-personal/nytt/", "/avtal/infort/nytt/index/", "/avtal/infort/nytt/factors/",
])  # fmt: skip
def test_a_form_with_faults_is_for_everyone(path: str, planted: Planted, page: Page) -> None:
    """Sent empty, it says what is wrong, and passes the same checks as any page."""
    place = Place("fault", path, session_of(planted.people.of["BERG"][1]))
    assert visit(page, planted, place) == []
    page.locator("main form[method=post] button").last.click()
    page.locator(".error-summary").wait_for()
    assert all_ways(page) == []


def test_the_checks_see_a_page_that_is_too_wide_and_pale(planted: Planted, page: Page) -> None:
    """The checks catch their broken twins: what sticks out, a menu on paper, an explanation left out, pale ink."""
    session = session_of(planted.people.of["BERG"][0])
    place = Place("twin", f"/avrakning/fakturor/{planted.made.things['invoice.issued']}/", session)
    assert visit(page, planted, place) == []
    page.evaluate("document.querySelector('h1').style.width = '400px'")
    page.evaluate("document.querySelector('nav.main').style.setProperty('display', 'block', 'important')")
    page.evaluate("document.querySelector('details').style.setProperty('display', 'none')")
    page.evaluate("document.querySelector('h1').style.color = '#aaa'")
    shown_as(page, "light", NARROW)
    assert [told.partition(":")[0] for told in too_wide(page)] == ["wider than 320 px"]
    assert {told.partition(":")[0] for told in on_paper(page)} == {"printed", "not as on paper", "too light on paper"}
