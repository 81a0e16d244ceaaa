"""Every page that links lead to: Swedish, in the site's frame, within the policy, and it answers."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from samverka.core.acting import Role
from tests.samverka.platform import actor, signed_in
from tests.samverka.web.pages import english, faults, text_of

FILE = re.compile(r"format=|\.[a-z]{2,4}$")
ENOUGH = 150  # pages for a role; clauses are many and alike


def crawl(client: Client, most: int = ENOUGH) -> dict[str, Any]:
    """What each address answers that links from the first page lead to, at most so many; files are left alone."""
    found: dict[str, Any] = {}
    waiting, seen, alike = ["/"], {"/"}, {}
    while waiting and len(found) < most:
        address = waiting.pop(0)
        answer = client.get(address)
        found[address] = answer
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        for link in re.findall(r'<a\b[^>]*\shref="([^"#]+)', answer.content.decode()):
            to = urljoin(address, unescape(link))
            kind = re.sub(r"[^/?=&]{16,}|\d+|[A-Z][\w-]+", "*", to)
            alike[kind] = alike.get(kind, 0) + (to not in seen)
            if to not in seen and not urlsplit(to).netloc and not FILE.search(to) and alike[kind] <= 8:
                seen.add(to)
                waiting.append(to)
    return found


@pytest.mark.parametrize("role", list(Role))
def test_every_page_that_links_lead_to_is_ours(jamtland: None, settings: Any, role: Role) -> None:
    """For each role of the region, and for the auditor: no English, no missing frame, no link that leads nowhere."""
    settings.REQUIRE_MFA = False
    found = crawl(signed_in(actor("" if role is Role.AUDITOR else "REGION", role)))
    assert len(found) > 20
    lost = [address for address, answer in found.items() if answer.status_code not in {200, 302}]
    assert lost == []
    wrong = {}
    for address, answer in found.items():
        if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            html = answer.content.decode()
            words = english(html)
            if words or faults(html, answer["Content-Security-Policy"]):
                wrong[address] = (words, faults(html, answer["Content-Security-Policy"]), text_of(html)[:200])
    assert wrong == {}
