"""A browser that nothing leaves: every request stays on the host, no page breaks its content policy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.look import Seen, speaking_swedish

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",  # the test may run as root, where Chromium's own sandbox does not start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; skipped where there is none, except in CI, where that is a fault."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs Chromium: .ci/run installs it")
        pytest.skip("no Chromium on the path")
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread; Django's guard would take our own queries for async ones
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            yield started
            started.close()


@pytest.fixture
def site(transactional_db: None, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the site with the county's parties in it, and its day the first of July 2026 for ever."""
    from samverka.core import clock
    from tests.samverka.platform import ON, county

    monkeypatch.setattr(clock, "today", lambda: ON)
    county()
    return str(live_server.url)


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open a page of a browser of its own; at the end, all that its pages asked for must have been on the host."""
    seen = Seen(urlsplit(site).netloc)
    contexts = []

    def open_(**options: Any) -> Page:
        context = browser.new_context(**speaking_swedish(site), **options)
        seen.watch(context)
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()
    seen.nothing()


@pytest.fixture
def page(opened: Callable[..., Page]) -> Page:
    """One page."""
    return opened()
