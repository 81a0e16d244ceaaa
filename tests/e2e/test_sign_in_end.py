"""The end of a sign-in: told before it comes, gone on with, and the page is hidden when it has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.models import Session

from samverka.core import access, clock
from samverka.core.acting import Role
from samverka.parties.models import Party
from tests.e2e.look import Seen, all_ways, enter, sign_in, speaking_swedish, told
from tests.samverka.platform import actor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FORM = "/parter/utforare/ny"
NAME = "Påhittad utförare"
#: What shows outside the page's own content: nothing of it may when the sign-in is over.
SHOWS = """() => [...document.querySelectorAll('body *')].filter(one => one.checkVisibility() && !one.closest('#over'))
  .map(one => one.outerHTML.slice(0, 80))"""


class Time:
    """The clock of the server and of every page that was opened through it, moved together."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.gone = timedelta()
        self.pages: list[Page] = []
        real = clock.now
        patch.setattr(clock, "now", lambda: real() + self.gone)

    def of(self, page: Page) -> Page:
        """Let a page live by it."""
        page.clock.install()
        self.pages.append(page)
        return page

    def passes(self, *, minutes: float = 0, hours: float = 0) -> None:
        """So long, as when the lid is shut and opened: what was due comes then, once."""
        gone = timedelta(minutes=minutes, hours=hours)
        self.gone += gone
        for page in self.pages:
            page.clock.fast_forward(int(gone.total_seconds() * 1000))


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The time."""
    return Time(monkeypatch)


@pytest.fixture
def form(page: Page, site: str, time: Time) -> Page:
    """A form that an administrator of the region has begun to fill in."""
    enter(time.of(page), site, actor("REGION", Role.ADMINISTRATOR)).goto(FORM)
    page.get_by_label("Namn").fill(NAME)
    return page


def warning(page: Page) -> Any:
    """The dialog."""
    return page.get_by_role("alertdialog", name="Du loggas snart ut")


def sent(page: Page) -> None:
    """What was filled in is sent, and is there."""
    page.get_by_label("Från och med").fill("2026-07-01")
    page.get_by_label("Källa").fill("påhittat")
    page.locator("main form button").last.click()
    page.wait_for_url(lambda url: not url.endswith(FORM))
    assert Party.objects.filter(names__name=NAME).exists()


@pytest.mark.parametrize("way", ["Enter", "Escape", "click"])
def test_before_the_end_one_may_go_on_and_nothing_is_lost(form: Page, time: Time, way: str) -> None:
    """Five minutes before: the focus is on «Fortsätt», then back in the field, and there is half an hour again."""
    time.passes(minutes=24)
    assert warning(form).count() == 0
    time.passes(minutes=1.1)
    warning(form).wait_for()
    assert "Om 5 minuter loggas du ut" in warning(form).inner_text()
    assert form.title().startswith("Loggas snart ut – ")
    assert form.evaluate("document.activeElement.innerText") == "Fortsätt"
    if way == "click":
        form.get_by_role("button", name="Fortsätt").click()
    else:
        form.keyboard.press(way)
    warning(form).wait_for(state="hidden")
    assert form.evaluate("document.activeElement.name") == "name"
    assert not form.title().startswith("Loggas")

    time.passes(minutes=24)
    form.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert warning(form).count() == 0
    sent(form)


def test_the_warning_counts_down_and_is_for_everyone(form: Page, time: Time) -> None:
    """Each minute by itself, the last one said aloud; axe finds nothing in any of the four ways."""
    time.passes(minutes=25.1)
    warning(form).wait_for()
    for left in ("4 minuter", "3 minuter", "2 minuter", "en minut"):
        time.passes(minutes=1)
        warning(form).get_by_text(f"Om {left} loggas du ut").wait_for()
    form.get_by_role("status").get_by_text("En minut kvar.").wait_for()
    form.get_by_role("button", name="Fortsätt").click()
    warning(form).wait_for(state="hidden")  # the server has answered: only then may time go on
    time.passes(minutes=26)
    warning(form).wait_for()
    assert all_ways(form) == []
    form.get_by_role("alertdialog").get_by_role("button", name="Logga ut").click()
    form.get_by_role("link", name="Logga in").first.wait_for()
    assert "exempel" not in told(form, "header")


def test_another_window_keeps_it_going(form: Page, site: str, time: Time) -> None:
    """What is used there is not warned of here; and what is gone on with there closes the warning here."""
    other = time.of(form.context.new_page())
    time.passes(minutes=20)
    other.goto("/parter/")
    time.passes(minutes=6)
    form.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    form.wait_for_load_state("networkidle")
    assert warning(form).count() == 0
    time.passes(minutes=20)
    warning(form).wait_for()
    warning(other).wait_for()
    other.get_by_role("button", name="Fortsätt").click()
    warning(other).wait_for(state="hidden")
    time.passes(minutes=1)
    warning(form).wait_for(state="hidden")


def test_at_the_end_the_page_is_hidden_and_comes_back(form: Page, time: Time) -> None:
    """Nothing of it shows, not on paper either; signed in in another tab, one goes on with what one wrote."""
    time.passes(minutes=31)
    form.get_by_role("heading", name="Du är utloggad").wait_for()
    assert form.evaluate(SHOWS) == []
    form.emulate_media(media="print")
    assert form.evaluate(SHOWS) == []
    form.emulate_media(media="screen")
    assert form.title() == "Utloggad – Samverka"
    assert form.evaluate("document.activeElement.innerText") == "Du är utloggad"
    assert all_ways(form) == []

    with form.context.expect_page() as opened:
        form.get_by_role("link", name="Logga in i en ny flik").click()
    sign_in(opened.value, actor("REGION", Role.ADMINISTRATOR), at="")
    assert opened.value.url.endswith(FORM)
    form.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    form.get_by_role("heading", name="Du är utloggad").wait_for(state="hidden")
    assert form.evaluate("document.activeElement.name") == "name"
    assert form.get_by_label("Namn").input_value() == NAME
    sent(form)


def test_the_end_offers_the_way_back_and_shows_another_person_nothing(form: Page, time: Time, site: str) -> None:
    """The same address for the same person; who is another gets a page of their own without what was written."""
    time.passes(minutes=31)
    over = form.get_by_role("heading", name="Du är utloggad")
    over.wait_for()
    way_in = form.get_by_role("link", name="Logga in", exact=True).get_attribute("href")
    assert way_in == f"{site}/konto/login/?next={FORM.replace('/', '%2F')}"
    enter(form, site, actor("BERG", Role.ADMINISTRATOR))
    with form.expect_navigation():
        form.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert "Bergs kommun" in told(form, "header")
    assert form.get_by_label("Namn").input_value() == ""


def test_the_end_that_cannot_be_moved_is_told_a_quarter_of_an_hour_before(form: Page, time: Time) -> None:
    """With the time by the clock, and for everyone; then the page is hidden."""
    for _ in range(24):
        time.passes(minutes=24)
        form.request.get(FORM)
    form.goto(FORM)
    assert form.locator("#ends").count() == 0
    time.passes(minutes=10)
    notice = form.get_by_role("status").get_by_text("Du måste logga in igen klockan")
    notice.wait_for()
    assert form.evaluate("/klockan \\d\\d:\\d\\d\\. Spara/.test(document.querySelector('#ends').textContent)")
    assert all_ways(form) == []
    time.passes(minutes=14.5)
    form.get_by_role("heading", name="Du är utloggad").wait_for()
    assert form.evaluate(SHOWS) == []


def test_without_an_answer_the_page_is_hidden_all_the_same(form: Page, time: Time) -> None:
    """The page's own clock is enough; a button that nobody answers says so and may be pressed again."""
    form.route("**/inloggning", lambda route: route.abort())
    time.passes(minutes=25.1)
    form.get_by_role("button", name="Fortsätt").click()
    form.get_by_text("Servern svarade inte. Försök igen.").wait_for()
    time.passes(minutes=5)
    form.get_by_role("heading", name="Du är utloggad").wait_for()
    assert form.evaluate(SHOWS) == []


@pytest.mark.parametrize("kept", ["session", "cookie"])
def test_what_is_ended_elsewhere_while_one_types_hides_the_form_and_keeps_it(
    browser: Browser, site: str, kept: str
) -> None:
    """The price that is asked for while typing is refused: no sign-in inside the form, no broken policy, nothing lost.

    Ended by the server, or by a browser that forgot: signed in again in another tab, the form shows what was typed.
    """
    seen = Seen(urlsplit(site).netloc)
    context = browser.new_context(**speaking_swedish(site))
    seen.watch(context)
    page = enter(context.new_page(), site, actor("BERG", Role.REGISTRAR))
    page.goto("/arbete/inhyrd-personal/nytt/")
    before = page.locator("#price").text_content()
    Session.objects.all().delete() if kept == "session" else context.clear_cookies(name="sessionid")
    page.get_by_label("Yrke").select_option("nurse")
    page.get_by_role("heading", name="Du är utloggad").wait_for()
    assert page.evaluate(SHOWS) == []
    assert page.locator("h1:visible").count() == 1
    assert page.locator("#price").text_content() == before
    assert page.locator("input[name=login]").count() == 0
    assert all_ways(page) == []

    with context.expect_page() as opened:
        page.get_by_role("link", name="Logga in i en ny flik").click()
    sign_in(opened.value, actor("BERG", Role.REGISTRAR), at="")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_role("heading", name="Du är utloggad").wait_for(state="hidden")
    assert page.get_by_label("Yrke").input_value() == "nurse"
    context.close()
    assert (seen.left_the_host, seen.policy_reports) == ([], [])
    assert seen.errors
    assert [one for one in seen.errors if "401" not in one] == []


def test_the_check_sees_a_sign_in_inside_the_form(browser: Browser, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: where the part of the page is led to the sign-in, as a page is, that stands in the form."""
    monkeypatch.setattr(access, "_to_sign_in", lambda request: redirect_to_login(request.get_full_path()))
    context = browser.new_context(**speaking_swedish(site))
    page = enter(context.new_page(), site, actor("BERG", Role.REGISTRAR))
    page.goto("/arbete/inhyrd-personal/nytt/")
    context.clear_cookies(name="sessionid")
    page.get_by_label("Yrke").select_option("nurse")
    page.locator("#price input[name=login]").wait_for()
    context.close()


def test_what_is_ended_elsewhere_is_told_before_the_form_is_sent(form: Page) -> None:
    """A form that asks for nothing while one types: it is not sent, and all of it is there to send after a sign-in."""
    Session.objects.all().delete()
    form.get_by_label("Namn").fill(NAME)
    form.get_by_label("Från och med").fill("2026-07-01")
    form.locator("main form button").last.click()
    form.get_by_role("heading", name="Du är utloggad").wait_for()
    with form.context.expect_page() as opened:
        form.get_by_role("link", name="Logga in i en ny flik").click()
    sign_in(opened.value, actor("REGION", Role.ADMINISTRATOR), at="")
    form.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    form.get_by_role("heading", name="Du är utloggad").wait_for(state="hidden")
    assert form.get_by_label("Namn").input_value() == NAME
    sent(form)


def test_the_check_sees_a_page_that_is_not_hidden(opened: Callable[..., Page], site: str, time: Time) -> None:
    """The broken twin: without the script everything still shows when the sign-in is over."""
    page = time.of(opened())
    page.route("**/sign_in_end*.js", lambda route: route.abort())
    enter(page, site, actor("REGION", Role.ADMINISTRATOR)).goto(FORM)
    time.passes(minutes=31)
    assert any("utforare" in one or "<main" in one for one in page.evaluate(SHOWS))


def test_a_form_whose_token_is_too_old_is_gone_back_to_and_sent(page: Page, site: str) -> None:
    """After another sign-in the form is refused; back in it, it has its token anew and what was typed."""
    enter(page, site, actor("REGION", Role.ADMINISTRATOR)).goto(FORM)
    page.get_by_label("Namn").fill(NAME)
    other = page.context.new_page()
    other.goto("/parter/")
    other.get_by_role("button", name="Logga ut").click()
    sign_in(other, actor("REGION", Role.ADMINISTRATOR))
    page.evaluate("document.querySelector('main form[method=post]').submit()")  # as without script
    page.get_by_role("heading", name="Formuläret kunde inte tas emot").wait_for()
    with page.expect_response("**/inloggning"):
        page.go_back()
    assert page.get_by_label("Namn").input_value() == NAME
    sent(page)
