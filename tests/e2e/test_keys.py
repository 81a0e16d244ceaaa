"""A key instead of the password, in a browser with an authenticator of its own: made, used, asked for, removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from samverka.core.acting import Role
from tests.samverka.platform import PASSWORD, actor

if TYPE_CHECKING:
    from playwright.sync_api import Page

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def test_a_key_replaces_the_password(opened: Callable[[], Page]) -> None:
    """Every script that allauth needs for it is let through by the content policy, and nothing else is needed."""
    who = actor("BERG", Role.READER)
    page = opened()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    page.goto("/konto/login/")
    page.get_by_label("E-post").fill(who.user.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    page.get_by_role("heading", name="Start").wait_for()
    page.goto("/konto/2fa/webauthn/add/")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.locator("main form button").click()
    page.get_by_label("Namn").fill("Kontorets nyckel")
    page.get_by_label("Utan lösenord").check()
    page.get_by_role("button", name="Lägg till").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page.goto("/konto/2fa/webauthn/")
    row = page.get_by_role("row", name="Kontorets nyckel")
    assert "ersätter lösenordet" in row.inner_text()

    page.get_by_role("button", name="Logga ut").click()
    page.get_by_role("button", name="Logga ut").wait_for(state="detached")
    page.goto("/konto/login/")
    page.get_by_role("button", name="Logga in med nyckel").click()
    page.get_by_role("heading", name="Start").wait_for()
    assert "Bergs kommun, läsare" in page.locator("header").inner_text()

    page.goto("/konto/2fa/webauthn/")
    page.get_by_role("link", name="Ta bort").click()
    page.get_by_role("link", name="säkerhetsnyckel").click()  # asked again, by the key this time
    page.get_by_role("button", name="säkerhetsnyckel").click()
    page.get_by_role("button", name="Ta bort").click()
    page.wait_for_url(lambda url: "remove" not in url)
    page.goto("/konto/2fa/webauthn/")
    assert "Inga säkerhetsnycklar är tillagda." in page.locator("main").inner_text()
