"""Going everywhere that somebody can go: every link, every form that only asks, every file, and what they say."""

from __future__ import annotations

import io
import zipfile
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.test import Client

MOST = 1400
#: Leaving, and pages outside the site's own, are not gone to.
NOT_GONE = ("/konto/logout/", "/static/")
#: The agreement is the same for everybody: so many of each sort of its pages are enough.
SHARED, ENOUGH = "/avtal/", 8
#: Parameters that only sort or filter what a page shows: one of each is enough.
LISTED = {"sort", "order", "after", "before", "efter", "page"}


class Links(HTMLParser):
    """What a page leads to: links, what htmx fetches, and forms that ask, with the fields as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._form: tuple[str, list[tuple[str, str]]] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, or a field of a form that asks."""
        said = {key: value or "" for key, value in attrs}
        self.found += [said[key] for key in ("href", "hx-get", "src") if key in said]
        match tag:
            case "form" if said.get("method", "get").lower() == "get":
                self._form = (said.get("action", ""), [])
            case "input" if self._form and said.get("type") not in {"submit", "checkbox", "radio"}:
                self._form[1].append((said.get("name", ""), said.get("value", "")))
            case "input" if self._form and "checked" in said:
                self._form[1].append((said.get("name", ""), said.get("value", "on")))
            case "select":
                self._select = said.get("name", "")
            case "option" if self._form and self._select and "selected" in said:
                self._form[1].append((self._select, said.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """A form's end: it asks with what stands in it."""
        if tag == "select":
            self._select = ""
        if tag == "form" and self._form:
            action, fields = self._form
            self.found.append(f"{action}?{urlencode([one for one in fields if one[0]])}")
            self._form = None


@dataclass
class Walk:
    """Where somebody came: address -> all the text that was there, and what broke."""

    texts: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def saying(self, *words: str) -> list[str]:
        """Where one of the words stands, whatever its case."""
        lowered = [word.lower() for word in words if word]
        texts = {address: text.lower() for address, text in self.texts.items()}
        return [f"{address}: {word}" for address, text in texts.items() for word in lowered if word in text]


def walk(client: Client, *starts: str, only: str = "/") -> Walk:
    """Everywhere that leads on from some addresses, files and exports too, below ``only``."""
    gone: set[str] = set()
    shared: Counter[str] = Counter()
    ahead = deque(starts)
    found = Walk()
    while ahead and len(found.texts) < MOST:
        address = ahead.popleft()
        key = _alike(address)
        if key in gone or address.startswith(NOT_GONE) or not address.startswith(only):
            continue
        gone.add(key)
        if address.startswith(SHARED):
            sort = "/".join(address.partition("?")[0].split("/")[:3])
            shared[sort] += 1
            if shared[sort] > ENOUGH:
                continue
        response = client.get(address)
        if response.status_code >= 500 or response.status_code == 403:
            found.broken.append(f"{response.status_code} {address}")
        location = response.headers.get("Location", "")
        kind = response.headers.get("Content-Type", "")
        body = b"".join(response.streaming_content) if response.streaming else response.content
        found.texts[address] = "\n".join([location, str(response.headers), *_texts(body, kind)])
        nexts = [location] if location else []
        if kind.startswith("text/html"):
            links = Links()
            links.feed(body.decode())
            nexts += links.found
            if "format=csv" in body.decode():
                nexts += [f"{address.partition('?')[0]}?format=xlsx", f"{address.partition('?')[0]}?format=csv"]
        ahead.extend(_own(address, nexts))
    return found


def _own(address: str, links: list[str]) -> Iterator[str]:
    for link in links:
        where = urlsplit(urljoin(f"http://testserver{address}", link))
        if where.netloc == "testserver" and where.scheme == "http":
            yield where.path + (f"?{where.query}" if where.query else "")


def _alike(address: str) -> str:
    """The address without what only sorts or pages: one of each sort is enough."""
    where = urlsplit(address)
    kept = [(key, "" if key in LISTED else value) for key, value in parse_qsl(where.query, keep_blank_values=True)]
    return f"{where.path}?{urlencode(sorted(kept))}"


def _texts(body: bytes, kind: str) -> Iterator[str]:
    """What an answer says; of a workbook, each of its parts."""
    if "spreadsheet" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            for name in book.namelist():
                yield book.read(name).decode("utf-8", "replace")
    else:
        yield body.decode("utf-8", "replace")
