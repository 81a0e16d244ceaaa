"""Looking at a page as different people do, and noting what it asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from tests.samverka.platform import PASSWORD, signed_in

if TYPE_CHECKING:
    from playwright.sync_api import (
        BrowserContext,
        ConsoleMessage,
        Page,
        Request,
        Response,
        Route,
        ViewportSize,
        WebError,
    )

    from samverka.core.acting import Actor

Scheme = Literal["light", "dark"]
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 640}
WAYS: tuple[tuple[Scheme, ViewportSize], ...] = (
    ("light", WIDE), ("dark", WIDE), ("dark", NARROW), ("light", NARROW)
)  # fmt: skip
#: What sticks out of the window; nothing where the page cannot be moved sideways.
WIDER = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const out = [...document.body.querySelectorAll('*')].filter(one => one.getBoundingClientRect().right > wide + 1);
  return ['wider than ' + wide + ' px: ' + out.slice(-3).map(one => one.outerHTML.slice(0, 150)).join(' | ')];
}"""
#: Paper is white and has no backgrounds: every text must be dark enough by itself.
PRINTED = """() => {
  const seen = one => one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length > 0;
  const told = [];
  for (const one of document.querySelectorAll('nav.main, .who, .skip, footer.site, .filters, main button, .paging'))
    if (seen(one)) told.push('printed: ' + one.outerHTML.slice(0, 150));
  for (const one of document.querySelectorAll('h1, main details > *'))
    if (seen(one) === !!one.closest('.brief details:not([open])'))
      told.push('not as on paper: ' + one.outerHTML.slice(0, 150));
  const light = part => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const text = words.currentNode, at = text.parentElement;
    if (!text.data.trim() || !seen(at) || at.closest('noscript, script, option, .unseen')) continue;
    const [r, g, b] = getComputedStyle(at).color.match(/[\\d.]+/g).map(Number);
    const contrast = 1.05 / (0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b) + 0.05);
    if (contrast < 4.5) told.push('too light on paper: ' + at.outerHTML.slice(0, 150));
  }
  return told;
}"""


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

    def request(self, request: Request) -> None:
        """Note a request that is for another host; the browser finds none."""
        where = urlsplit(request.url)
        if where.scheme in {"http", "https", "ws", "wss"} and where.netloc != self.host:
            self.left_the_host.append(request.url)

    def watch(self, context: BrowserContext, *, stopping: bool = True) -> None:
        """Look on at all that the pages of a context do; many pages are looked at quicker without stopping them."""
        context.set_default_timeout(30_000)  # a machine that is shared may be slow
        if stopping:
            context.route("**/*", self.route)
        else:
            context.on("request", self.request)
        context.on("console", self.console)
        context.on("response", self.response)
        context.on("weberror", self.error)

    def nothing(self) -> None:
        """There was nothing to note."""
        assert self.left_the_host == []
        assert self.policy_reports == []
        assert self.errors == []


def speaking_swedish(site: str) -> dict[str, Any]:
    """A browser as people here have it; colours change at once, so that none is measured on its way."""
    return {"base_url": site, "locale": "sv-SE", "timezone_id": "Europe/Stockholm", "reduced_motion": "reduce"}


@cache
def _axe() -> str:
    from axe_playwright_python.base import AXE_SCRIPT

    return str(AXE_SCRIPT)


def faults(page: Page) -> list[str]:
    """What axe finds on the page as it is shown now."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations'], preload: false})")
    return [
        f"{fault['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """What sticks out to the right of the window, if the page can be moved sideways."""
    return [str(one) for one in page.evaluate(WIDER)]


def on_paper(page: Page) -> list[str]:
    """What is wrong with the page as it is printed: menus that show, explanations that do not, ink too light."""
    page.emulate_media(media="print")
    found = page.evaluate(PRINTED)
    page.emulate_media(media="screen")
    return [str(one) for one in found]


def shown_as(page: Page, scheme: Scheme, size: ViewportSize) -> None:
    """Let the page be shown in light or dark, at a size."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(size)


def all_ways(page: Page, *, then: str = "") -> list[str]:
    """What is wrong in light and dark, wide and at 320 px; the page is loaded once, and left light and wide.

    Args:
        page: The page.
        then: A script that the page runs once it was seen light and wide, before the other ways.
    """
    found = []
    for scheme, size in WAYS:
        shown_as(page, scheme, size)
        wrong = [*faults(page), *too_wide(page)]
        found += [f"{scheme} {size['width']} px: {one}" for one in wrong]
        if then and (scheme, size) == WAYS[0]:
            page.evaluate(then)
    shown_as(page, "light", WIDE)
    return found


def look(page: Page) -> None:
    """The page as it stands: axe finds nothing in light and dark, wide and at 320 px, and nothing sticks out."""
    found = all_ways(page)
    assert not found, f"{page.url} {found}"


def sign_in(page: Page, who: Actor, *, at: str = "/konto/login/") -> None:
    """Sign somebody in by the form; the one that the page shows already, where it says at no address."""
    if at:
        page.goto(at)
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
