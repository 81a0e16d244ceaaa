"""``samverka check --tables``: every decision as a table for reviewers, and what another edition would change.

Each line is a set of cases, and every case there can be is in exactly one line of each table. The first table says
what the build-time check found: overlaps, rows that never decide, gaps; that none was found is said too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from avtal.book.edition import Edition
from avtal.book.question import Question
from avtal.editions.jamtland_2026 import QUESTIONS
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES
from avtal.explain import Words
from avtal.language.analyse import Findings
from avtal.language.expression import Kind, Value
from avtal.language.facts import Fact, boolean
from avtal.language.space import DIFFERS, Line, differences, differing, space, tried
from samverka.cli import review_page
from samverka.cli.findings import outcome, remarks, shown
from samverka.core.sorting import swedish

ANY, GAP = "–", "inget villkor sant"
ALL_MUNICIPALITIES = "samtliga kommuner"
#: Two facts that are held against each other -> what it is that they differ.
CONDITIONS = {
    differing("staying_in", "registered_in"): "Vistas i en annan kommun än den där personen är folkbokförd",
}
#: Of a list as long as this, or longer, it is said which are left out where they are fewer than this many.
LONG_LIST, FEW = 6, 3
HEADS = ["Utfall", "Klausuler"]
HEADS_OF_TWO = ["Utfall nu", "Klausuler nu", "Utfall i den andra", "Klausuler i den andra"]
Answers = Mapping[str, tuple[Value, ...]]
Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table for reviewers: its file's name, heading, columns and rows; the last columns say the outcome."""

    name: str
    title: str
    head: list[str]
    rows: Rows
    clauses: tuple[str, ...] = ()


def found_sheet(findings: Iterable[Findings], edition: Edition) -> Sheet:
    """What the build-time check found, table by table."""
    rows = []
    clauses: dict[str, None] = {}
    for found in findings:
        name, _, decision = found.place.partition(".")
        kinds = (found.overlaps, found.unreachable, found.gaps)
        told = [". ".join(_capital(text) for text in kind) or "inga funna" for kind in kinds]
        others = {*found.overlaps, *found.unreachable, *found.gaps}
        beside = ". ".join(_capital(text) for text in remarks(found, edition) if text not in others)
        rows.append([_name(name, decision, edition.words), shown(found), *told, beside or ANY])
        clauses |= dict.fromkeys(word for text in (*told, beside) for word in review_page.ids(text, edition))
    head = ["Beslut", "Så visat", "Överlapp", "Rader som aldrig avgör", "Luckor", "Att veta"]
    return Sheet("kontroll", "Överlapp, luckor och rader som aldrig avgör", head, rows, tuple(clauses))


def sheets(edition: Edition, other: Edition | None = None) -> Iterator[Sheet]:
    """Every decision of every question; with another edition, what it would decide differently instead."""
    for question in QUESTIONS.values():
        for decision in question.tables():
            name, title = f"{question.name}.{decision.name}", _name(question.name, decision.name, edition.words)
            among = tried(decision, question.facts, edition.valid_from, edition, *([other] if other else []))
            if other is None:
                found = space(decision, question.facts, edition, edition.valid_from, question.derive)
                ends = [_end(line, edition) for line in found]
                yield _sheet(question, edition.words, name, title, [line.facts for line in found], among, HEADS, ends)
            else:
                changed = differences(decision, question.facts, edition, other, edition.valid_from, question.derive)
                ends = [_end(one.before, edition) + _end(one.after, edition) for one in changed]
                cases = [one.facts for one in changed]
                titled = f"{title}, skillnad"
                yield _sheet(question, edition.words, f"{name}.skillnad", titled, cases, among, HEADS_OF_TWO, ends)


def _end(line: Line, edition: Edition) -> list[str]:
    """How a line ends: the outcome, and the clauses that give it."""
    return [outcome(edition, line.outcome), ", ".join(line.clauses) or GAP]


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
    """The facts that make a difference somewhere as columns, as they are asked for, then how each line ends."""
    facts = {fact: question.facts.get(fact) or boolean(fact) for fact in among}
    asked = dict.fromkeys(fact for case in cases for fact in case)
    spelled = {
        fact: [_spelled(facts[fact], case.get(fact, ()), among[fact], words) for case in cases] for fact in asked
    }
    columns = {fact: cells for fact, cells in spelled.items() if set(cells) - {ANY}}
    rows = [[*said, *end] for *said, end in zip(*columns.values(), ends, strict=True)]
    ordered = sorted(rows, key=lambda row: [(cell == ANY, swedish(cell)) for cell in row])
    clauses = {clause for end in ends for cell in end for clause in cell.split(", ")}
    return Sheet(name, title, [_label(fact, words) for fact in columns] + heads, ordered, tuple(clauses))


def _label(fact: str, words: Words) -> str:
    """A fact's name, and that of two that are held against each other."""
    left, differs, right = fact.partition(DIFFERS)
    if not differs:
        return words.label(fact)
    return CONDITIONS.get(fact) or f"{words.label(left)}: en annan än {words.label(right).lower()}"


def _spelled(fact: Fact, given: Sequence[Value], among: Sequence[Value], words: Words) -> str:
    """A line's answers to a fact: numbers as spans between what was tried, codes by name, nothing where all will do."""
    if not given or set(given) == set(among):
        return ANY
    if fact.kind is Kind.INT:
        return _spans(sorted(int(str(one)) for one in given), sorted(int(str(one)) for one in among))
    names = _named(fact, given, words)
    left_out = _named(fact, [one for one in among if one not in given], words)
    if len(names) >= LONG_LIST and len(left_out) < FEW:
        return f"alla utom {' och '.join(left_out)}"
    return " eller ".join(names)


def _named(fact: Fact, codes: Sequence[Value], words: Words) -> list[str]:
    """Answers by name in Swedish order; all municipalities as one, and whatever no rule names last."""
    every = set(MUNICIPALITIES) <= set(codes)
    names = sorted((words.show(fact.name, one) for one in codes if not (every and one in MUNICIPALITIES)), key=swedish)
    last = ["annat"] if "other" in codes and not fact.values else []
    found = [name for name in names if not (last and name == words.show(fact.name, "other"))]
    return [*([ALL_MUNICIPALITIES] if every else []), *found, *last]


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


def _name(question: str, decision: str, words: Words) -> str:
    """A table's heading."""
    if decision == "status" and question in QUESTIONS:
        return f"{words.label(question)}: grunden för svaret"
    return f"{words.label(question)}: {words.label(decision).lower()}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def write(folder: Path, edition: Edition, found: Sequence[Sheet]) -> list[Path]:
    """One CSV file for each table and one page with all of them; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for sheet in found:
        file = folder / f"{sheet.name}.csv"
        file.write_text(_csv(sheet), encoding="utf-8-sig")
        written.append(file)
    page = folder / "index.html"
    page.write_text(review_page.page(edition, found), encoding="utf-8")
    return [*written, page]


def _csv(sheet: Sheet) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([sheet.head, *sheet.rows])
    return text.getvalue()
