"""Looking at a page as different people do, and noting what it asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.samverka.platform import PASSWORD, signed_in

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, Route, WebError

    from samverka.core.acting import Actor

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
WAYS = (("light", WIDE), ("dark", WIDE), ("light", NARROW), ("dark", NARROW))


@dataclass
class Seen:
    """What a browser asked for and complained about."""

    host: str
    left_the_host: list[str] = field(default_factory=list)
    policy_reports: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def route(self, route: Route) -> None:
        """Let a request go on if it stays on the host; note it and stop it if it does not."""
        url = route.request.url
        where = urlsplit(url)
        if where.path == "/csp":
            self.policy_reports.append(route.request.post_data or url)
        if where.scheme in {"http", "https", "ws", "wss"} and where.netloc != self.host:
            self.left_the_host.append(url)
            route.abort()
        else:
            route.continue_()

    def console(self, message: ConsoleMessage) -> None:
        """Note what the browser's console says of the content policy, and any other error but a page's own status."""
        if "Content Security Policy" in message.text:
            self.policy_reports.append(message.text)
        elif message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.errors.append(message.text)

    def response(self, response: Response) -> None:
        """Note what a page asked for and did not get; a page itself may well answer that something is wrong."""
        if response.status >= 500 or (response.status >= 400 and response.request.resource_type != "document"):
            self.errors.append(f"{response.status} {response.url}")

    def error(self, error: WebError) -> None:
        """Note a script that broke."""
        self.errors.append(str(error.error))

    def watch(self, context: BrowserContext) -> None:
        """Look on at all that the pages of a context do."""
        context.set_default_timeout(10_000)
        context.route("**/*", self.route)
        context.on("console", self.console)
        context.on("response", self.response)
        context.on("weberror", self.error)

    def nothing(self) -> None:
        """There was nothing to note."""
        assert self.left_the_host == []
        assert self.policy_reports == []
        assert self.errors == []


def speaking_swedish(site: str) -> dict[str, Any]:
    """A browser as people here have it."""
    return {"base_url": site, "locale": "sv-SE", "timezone_id": "Europe/Stockholm"}


@cache
def _axe() -> Axe:
    from axe_playwright_python.sync_playwright import Axe

    return Axe()


def faults(page: Page) -> list[str]:
    """What axe finds on the page as it is shown now."""
    found: dict[str, Any] = _axe().run(page).response
    return [
        f"{fault['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def look(page: Page) -> None:
    """The page as it stands: axe finds nothing in light and dark, wide and at 320 px, and nothing sticks out at 320."""
    for scheme, size in WAYS:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
        page.set_viewport_size(size)  # type: ignore[arg-type]  # width and height
        found = faults(page)
        assert not found, f"{page.url} {scheme} {size['width']} px: {found}"
        if size is NARROW:
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], f"{page.url} is too wide"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # width and height


def sign_in(page: Page, who: Actor) -> None:
    """Sign somebody in by the form."""
    page.goto("/konto/login/")
    page.locator("input[name=login]").fill(who.user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def enter(page: Page, site: str, who: Actor, *, fresh: bool = True) -> Page:
    """Let somebody be signed in already, by the session's cookie; by a password of an hour ago unless fresh."""
    cookie = signed_in(who, fresh=fresh).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    return page


def told(page: Page, where: str = "main") -> str:
    """The text that shows there, with plain spaces."""
    return page.locator(where).first.inner_text().replace("\N{NO-BREAK SPACE}", " ")
