"""Pages as a test reads them: their text without markup, words that are not Swedish, what the policy refuses."""

from __future__ import annotations

import re
from html.parser import HTMLParser

#: Common English words that are no words in Swedish, nor in what the agreement's documents are called.
ENGLISH = frozenset(
    word
    for line in (
        "the and your you with this that from have has been not please password sign login log out account email",
        "address addresses submit delete remove change changed save cancel error required invalid enter page forbidden",
        "settings session sessions security key keys name code codes confirm change add back next previous search yes",
        "following already successfully user username field value must should there which when where what was were",
        "will would can cannot could into over only also more less than each other after before about",
    )
    for word in line.split()
)
#: Where an English word stands for itself: what a browser calls itself, and codes.
VERBATIM = re.compile(r"<(code|kbd|pre|script|style)\b.*?</\1>", re.DOTALL)
VERBATIM_TEXT = re.compile(r"Mozilla/\S.*?Safari/\S+|https?://\S+|www\.\S+")
INLINE = re.compile(r"\sstyle=|\son[a-z]+=|<style|javascript:", re.IGNORECASE)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep it."""
        self.parts.append(data)

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        """What is read aloud or shown on a button is text too."""
        self.parts += [str(value) for name, value in attrs if name in {"alt", "title", "aria-label", "placeholder"}]


def text_of(html: str) -> str:
    """What a person reads, or has read to them."""
    reader = _Text()
    reader.feed(VERBATIM.sub(" ", html))
    return " ".join(" ".join(reader.parts).split())


def english(html: str) -> set[str]:
    """Words on a page that are English."""
    words = re.findall(r"[^\W\d_]+", VERBATIM_TEXT.sub("", text_of(html)).lower())
    return set(words) & ENGLISH


def faults(html: str, policy: str) -> list[str]:
    """What the content policy would refuse, and what every page of the site has."""
    nonce = re.search(r"'nonce-([^']+)'", policy)
    found = [match.group() for match in INLINE.finditer(re.sub(r">[^<]*<", "><", html))]
    for script in re.findall(r"<script\b([^>]*)>", html):
        runs = 'type="application/json"' not in script
        if runs and (nonce is None or f'nonce="{nonce[1]}"' not in script or "src=" not in script):
            found.append(f"<script{script}>")
    found += [part for part in ('<html lang="sv">', '<main id="main"', "<h1", 'class="skip"') if part not in html]
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    return found if title and title[1].strip() else [*found, "title"]
