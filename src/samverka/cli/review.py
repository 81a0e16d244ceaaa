"""``samverka check --tables``: every decision as a table for reviewers, and what another edition would change.

Each line is a set of cases, and every case there can be is in exactly one line of each table.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path

from avtal.book.edition import Edition
from avtal.book.question import Question
from avtal.editions.jamtland_2026 import QUESTIONS
from avtal.explain import Words
from avtal.language.expression import Kind, Value
from avtal.language.facts import Fact
from avtal.language.space import Line, differences, space, tried

ANY, GAP = "–", "inget villkor sant"
HEADS = ["Utfall", "Klausuler"]
HEADS_OF_TWO = ["Utfall nu", "Klausuler nu", "Utfall i den andra", "Klausuler i den andra"]
Answers = Mapping[str, tuple[Value, ...]]
Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table for reviewers: its file's name, heading, columns and rows."""

    name: str
    title: str
    head: list[str]
    rows: Rows


def sheets(edition: Edition, other: Edition | None = None) -> Iterator[Sheet]:
    """Every decision of every question; with another edition, what it would decide differently instead."""
    for question in QUESTIONS.values():
        for decision in question.tables():
            name, title = f"{question.name}.{decision.name}", _title(question, decision.name, edition.words)
            among = tried(decision, question.facts, edition.valid_from, edition, *([other] if other else []))
            if other is None:
                found = space(decision, question.facts, edition, edition.valid_from)
                ends = [_end(line, edition.words) for line in found]
                yield _sheet(question, edition.words, name, title, [line.facts for line in found], among, HEADS, ends)
            else:
                changed = differences(decision, question.facts, edition, other, edition.valid_from)
                ends = [_end(one.before, edition.words) + _end(one.after, edition.words) for one in changed]
                cases = [one.facts for one in changed]
                yield _sheet(question, edition.words, f"{name}.skillnad", title, cases, among, HEADS_OF_TWO, ends)


def _end(line: Line, words: Words) -> list[str]:
    """How a line ends: the outcome, and the clauses that give it."""
    return [words.show("", line.outcome), ", ".join(line.clauses) or GAP]


def _sheet(  # what a table is made of
    question: Question,
    words: Words,
    name: str,
    title: str,
    cases: Sequence[Answers],
    among: Answers,
    heads: list[str],
    ends: Rows,
) -> Sheet:
    """The facts that make a difference somewhere as columns, then how each line ends."""
    columns = [fact for fact in question.facts if any(fact in case for case in cases)]
    rows = [
        [_spelled(question.facts[fact], case.get(fact, ()), among[fact], words) for fact in columns] + end
        for case, end in zip(cases, ends, strict=True)
    ]
    return Sheet(name, title, [words.label(fact) for fact in columns] + heads, rows)


def _spelled(fact: Fact, given: Sequence[Value], among: Sequence[Value], words: Words) -> str:
    """A line's answers to a fact: numbers as spans between what was tried, codes by name, nothing where all will do."""
    if not given or set(given) == set(among):
        return ANY
    if fact.kind is Kind.INT:
        return _spans(sorted(int(str(one)) for one in given), sorted(int(str(one)) for one in among))
    shown = [words.show(fact.name, one) for one in given]
    return "annat" if shown == ["other"] else " eller ".join(shown)


def _spans(given: list[int], among: list[int]) -> str:
    """Numbers beside each other among those followed as one span: at the ends it has no end."""
    places = [among.index(number) for number in given]
    spans: list[list[int]] = []
    for place in places:
        if spans and place == spans[-1][1] + 1:
            spans[-1][1] = place
        else:
            spans.append([place, place])
    return " eller ".join(_span(among, first, last) for first, last in spans)


def _span(among: list[int], first: int, last: int) -> str:
    if first == 0:
        return f"högst {among[last]}"
    if last == len(among) - 1:
        return f"minst {among[first]}"
    return str(among[first]) if first == last else f"{among[first]}-{among[last]}"


def _title(question: Question, decision: str, words: Words) -> str:
    return f"{words.label(question.name)}: {words.label(decision).lower()}"


def write(folder: Path, edition: Edition, found: Sequence[Sheet]) -> list[Path]:
    """One CSV file for each table and one page with all of them; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for sheet in found:
        file = folder / f"{sheet.name}.csv"
        file.write_text(_csv(sheet), encoding="utf-8-sig")
        written.append(file)
    page = folder / "index.html"
    page.write_text(_page(edition, found), encoding="utf-8")
    return [*written, page]


def _csv(sheet: Sheet) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([sheet.head, *sheet.rows])
    return text.getvalue()


def _page(edition: Edition, found: Sequence[Sheet]) -> str:
    style = files("samverka.settle").joinpath("page.css").read_text(encoding="utf-8")
    parts = [
        f"<section><h2>{escape(sheet.title)}</h2><p>{len(sheet.rows)} rader. Tecknet {ANY} betyder att svaret inte"
        f' spelar någon roll.</p><div class="wide" tabindex="0" role="region" aria-label="{escape(sheet.title)}">'
        f"{_table(sheet)}</div></section>"
        for sheet in found
    ]  # fmt: skip
    title = "Beslutstabeller"
    return (
        f'<!DOCTYPE html>\n<html lang="sv"><head><meta charset="utf-8"><title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<style>\n{style}body {{ max-width: none; }}\n.wide {{ overflow-x: auto; }}\ntd {{ vertical-align: top; }}\n"
        f"</style></head>\n<body><header><h1>{title}</h1>\n<p>{escape(edition.title)}</p></header>\n<main>\n"
        + "\n".join(parts)
        + f"\n</main>\n<footer><p>Utgåva {escape(edition.code)}, fingeravtryck <code>{edition.fingerprint}</code></p>"
        "</footer>\n</body></html>\n"
    )


def _table(sheet: Sheet) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in sheet.head)
    body = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in sheet.rows)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"
