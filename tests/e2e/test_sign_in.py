"""The way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from samverka.core.acting import Role
from tests.e2e.look import faults, look, sign_in
from tests.samverka.platform import actor

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_the_sign_in_page_is_for_everyone(page: Page) -> None:
    """The sign-in page has a heading and passes axe in light, dark and at 320 px; nothing leaves the host."""
    page.goto("/konto/login/")
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "sv"
    look(page)


def test_a_person_signs_in_and_out(page: Page) -> None:
    """A registrar of Berg signs in with a password by keyboard, and is then known by the site."""
    sign_in(page, actor("BERG", Role.REGISTRAR))
    assert page.goto("/").status == 200
    assert page.context.cookies() != []
    look(page)


def test_a_wrong_password_says_so(page: Page) -> None:
    """Who gives a wrong password stays on the page, which says what is wrong, and passes axe."""
    who = actor("BERG", Role.READER)
    page.goto("/konto/login/")
    page.locator("input[name=login]").fill(who.user.email)
    page.locator("input[name=password]").fill("fel-lösenord-alldeles")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_load_state()
    assert "/konto/login/" in page.url
    assert page.locator("main").inner_text().count("lösenord") >= 1
    look(page)


def test_the_checks_see_a_bad_page(page: Page) -> None:
    """The checks above catch their broken twin: an unlabelled field, and a script that the policy refuses."""
    page.goto("/konto/login/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input name=nameless>')")
    assert any(fault.startswith("label:") for fault in faults(page))
    with pytest.raises(AssertionError, match="label:"):
        look(page)


def test_the_host_check_sees_a_stranger(page: Page, site: str) -> None:
    """The interception catches its broken twin: an image from another host is stopped, and noted by the policy."""
    from tests.e2e.look import Seen

    seen = Seen(site.removeprefix("http://"))
    bare = page.context.browser.new_context(bypass_csp=True)
    bare.route("**/*", seen.route)
    try:
        other = bare.new_page()
        other.goto(f"{site}/konto/login/")
        other.evaluate("fetch('http://192.0.2.1/x').catch(() => null)")
    finally:
        bare.close()
    assert seen.left_the_host == ["http://192.0.2.1/x"]


def test_the_policy_check_sees_an_inline_script(page: Page, site: str) -> None:
    """The count of policy reports catches its broken twin: an inline handler is refused and reported."""
    from tests.e2e.look import Seen

    seen = Seen(site.removeprefix("http://"))
    other = page.context.browser.new_context()
    other.on("console", seen.console)
    try:
        tab = other.new_page()
        tab.goto(f"{site}/konto/login/")
        tab.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
        tab.wait_for_timeout(200)
    finally:
        other.close()
    assert len(seen.policy_reports) >= 1
