"""The reviewers' tables as one page that stands alone: links to the tables, each table, what each clause says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from typing import Protocol

from avtal.book.edition import Edition
from samverka.cli.findings import PROVED

ANY = "–"
#: A table with more columns than this is printed as sentences.
MANY = 10
_ID = re.compile(r"[A-Z]{1,4}[0-9]?(?:-[A-ZÅÄÖ0-9]+[a-z]?)+")


class Sheet(Protocol):
    """A table as the page shows it."""

    @property
    def name(self) -> str:
        """Its file's name."""

    @property
    def title(self) -> str:
        """Its heading."""

    @property
    def head(self) -> list[str]:
        """Its columns."""

    @property
    def rows(self) -> list[list[str]]:
        """Its rows."""

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that it names."""


def ids(text: str, edition: Edition) -> Iterator[str]:
    """The clauses that a text names."""
    return (found for found in _ID.findall(text) if found in edition.clauses)


def page(edition: Edition, found: Sequence[Sheet]) -> str:
    """The whole page."""
    package = files("samverka.settle").joinpath("page.css"), files("samverka.cli").joinpath("review.css")
    style = "".join(file.read_text(encoding="utf-8") for file in package)
    contents = "".join(f'<li><a href="#{escape(sheet.name)}">{escape(sheet.title)}</a></li>' for sheet in found)
    parts = "\n".join(_section(sheet, edition) for sheet in found)
    named = {clause for sheet in found for clause in sheet.clauses}
    title = "Beslutstabeller"
    return (
        f'<!DOCTYPE html>\n<html lang="sv"><head><meta charset="utf-8"><title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<style>\n{style}</style></head>\n"
        f"<body><header><h1>{title}</h1>\n<p>{escape(edition.title)}</p></header>\n"
        f'<nav aria-label="Tabeller"><ul>{contents}<li><a href="#klausuler">Klausulerna</a></li></ul></nav>\n<main>\n'
        f"<p>{PROVED} Varje fall som kan anges står på exakt en rad i varje tabell, så som läsningarna är valda nu."
        f" Tecknet {ANY} betyder att svaret inte spelar någon roll.</p>\n"
        f"{parts}\n{_clauses(edition, named)}</main>\n<footer><p>Utgåva {escape(edition.code)}, fingeravtryck "
        f"<code>{edition.fingerprint}</code></p></footer>\n</body></html>\n"
    )


def _section(sheet: Sheet, edition: Edition) -> str:
    title = escape(sheet.title)
    kind = "wide many" if len(sheet.head) > MANY else "wide"
    count = "1 rad" if len(sheet.rows) == 1 else f"{len(sheet.rows)} rader"
    return (
        f'<section><h2 id="{escape(sheet.name)}">{title}</h2><p>{count}.</p>'
        f'<div class="{kind}" tabindex="0" role="region" aria-label="{title}">{_table(sheet, edition)}</div></section>'
    )


def _table(sheet: Sheet, edition: Edition) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in sheet.head)
    body = "\n".join(
        "<tr>" + "".join(_cell(label, cell, edition) for label, cell in zip(sheet.head, row, strict=True)) + "</tr>"
        for row in sheet.rows
    )
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"


def _cell(label: str, cell: str, edition: Edition) -> str:
    kind = ' class="any"' if cell == ANY else ""
    return f'<td{kind} data-label="{escape(label)}"><span>{_linked(escape(cell), edition)}</span></td>'


def _linked(text: str, edition: Edition) -> str:
    """A text whose clauses lead to what they say."""

    def link(found: re.Match[str]) -> str:
        clause = found[0]
        return f'<a href="#{clause}">{clause}</a>' if clause in edition.clauses else clause

    return _ID.sub(link, text)


def _clauses(edition: Edition, named: set[str]) -> str:
    """What each clause says, in our words, in the documents' order."""
    told = "\n".join(
        f'<dt id="{clause.id}">{clause.id}</dt><dd>{escape(clause.summary)}</dd>'
        for clause in edition.clauses.values()
        if clause.id in named
    )
    return (
        '<section><h2 id="klausuler">Klausulerna</h2><p>Med våra ord; dokumentets egen text gäller.</p>'
        f"<dl>\n{told}\n</dl></section>\n"
    )
