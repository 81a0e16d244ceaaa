"""The canonical form and the fingerprint of an edition: the same bytes everywhere, others when anything changes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from avtal.book.canonical import canonical, canonical_tree, fingerprint, plain
from avtal.book.edition import Edition
from avtal.book.readings import Choice, fixed
from avtal.editions.jamtland_2026 import edition
from avtal.explain import Words
from avtal.language.expression import ceil_div
from avtal.language.facts import Facts, FactSet, whole
from avtal.money import Rounding
from tests.avtal.book.tiny import FACTS, cpi, question, rate, tiny

Change = Callable[[Edition], Edition]

GOLDEN = (
    '["avtal edition 1",['
    '["code","tiny"],'
    '["title","Litet avtal å ä ö"],'
    '["valid_from","2025-01-01"],'
    '["valid_to","2025-12-31"],'
    '["parties",["REGION","A"]],'
    '["documents",[["X","Ett dokument"]]],'
    '["clauses",[["X-1",[["id","X-1"],["summary","Påbörjad timme."],["source","1:1"]]],["X-2",[["id","X-2"],["'
    'summary","Index."],["source","1:2"]]]]],'
    '["parameters",[["rate",[["name","rate"],["label","Pris"],["unit","öre/tim"],["clauses",["X-1"]],["values"'
    ',[[["since","2025-01-01"],["value",10000],["status","decided"],["decided","2025-01-01"],["source","1:1"],'
    '["checked","2026-01-02"]]]],["index",[["series","CPI"],["clause","X-2"],["skip",[["options",[["",[]]]],["'
    'reading",""]]],["round_to",[["options",[["krona",100],["ore",1]]],["reading","Q1"]]],["each_year",[["opti'
    'ons",[["",false]]],["reading",""]]],["first",2026],["mode","half_up"]]]]],["share",[["name","share"],["label","Andel"],["unit","%"],["claus'
    'es",["X-1"]],["values",[[["since","2025-01-01"],["value","12.5"],["status","expected"],["decided","2025-0'
    '2-01"],["source","1:3"],["checked","2026-01-02"]]]],["index",null]]]]],'
    '["series",[["CPI",[["name","CPI"],["label","Prisindex"],["publisher","SCB"],["lag",[["options",[["",0]]],'
    '["reading",""]]],["frozen",false],["preliminary",[["options",[["",true]]],["reading",""]]],["reading",""]]]]],'
    '["indices",[[["series","CPI"],["index_year",2026],["percent","3.2"],["status","definitive"],["published",'
    '"2025-12-15"],["source","CPI 2026"]]]],'
    '["readings",[["Q1",[["id","Q1"],["title","Hur?"],["clauses",["X-1"]],["problem","Oklart."],["options",[["'
    'krona","Hel krona."],["none","Aldrig."],["ore","Öre."]]],["default","krona"],["computed",["krona","ore"]]'
    ',["decided_by","parterna"],["why","Enklast."]]]]],'
    '["words",[["labels",[["hours","Timmar"]]],["units",[["hours","tim"]]],["codes",[["A","A kommun"]]],["hidd'
    'en",["a","b"]]]],'
    '["rules",[["hours",[["name","hours"],["clauses",["X-1"]],["summary","Every started hour."]]]]],'
    '["trees",[["work.hours",[["fact","int","minutes",[],null,[]],["constant","int","",[],60,[]],["ceil_div","'
    'int","",[],null,[0,1]],["step","int","hours",["X-1"],null,[2]]]]]],'
    '["methods",[["fund","halves, 1"]]],'
    '["choices",[[["reading","Q1"],["option","ore"],["decided_by","parterna"],["decided","2025-03-01"],["sourc'
    'e","§ 1"]]]],'
    '["known_at","2026-06-30"]'
    "]]"
)

IN_A_FRESH_INTERPRETER = """
from avtal.book.canonical import fingerprint
from avtal.editions.jamtland_2026 import edition
print(fingerprint(edition()))
"""


def put(field: str, key: str, value: Any) -> Change:
    """A change of one entry of a mapping; None takes it away."""

    def change(before: Edition) -> Edition:
        table: Mapping[str, Any] = {**getattr(before, field), key: value}
        changed: dict[str, Any] = {field: {k: v for k, v in table.items() if v is not None}}
        return replace(before, **changed)

    return change


def part(field: str, key: str, **parts: Any) -> Change:
    """A change of fields of one entry of a mapping."""
    return lambda before: put(field, key, replace(getattr(before, field)[key], **parts))(before)


def dated(**parts: Any) -> Change:
    """A change of the rate's first value."""
    return part("parameters", "rate", values=(replace(rate().values[0], **parts),))


def index(**parts: Any) -> Change:
    """A change of the rate's index clause."""

    def change(before: Edition) -> Edition:
        clause = before.parameters["rate"].index
        assert clause
        return part("parameters", "rate", index=replace(clause, **parts))(before)

    return change


def words(**parts: Any) -> Change:
    """A change of the words."""
    return lambda before: replace(before, words=replace(before.words, **parts))


CHANGES: dict[str, Change] = {
    "code": lambda before: replace(before, code="other"),
    "title": lambda before: replace(before, title="Litet avtal a a o"),
    "valid_from": lambda before: replace(before, valid_from=date(2025, 1, 2)),
    "valid_to": lambda before: replace(before, valid_to=date(2026, 12, 31)),
    "party": lambda before: replace(before, parties=("REGION", "B")),
    "document": put("documents", "X", "Ett annat dokument"),
    "clause summary": part("clauses", "X-1", summary="Påbörjad halvtimme."),
    "clause source": part("clauses", "X-1", source="1:9"),
    "clause gone": put("clauses", "X-2", None),
    "number by one öre": dated(value=10_001),
    "number's first day": dated(since=date(2025, 1, 2)),
    "number's status": dated(status="expected"),
    "number's decision": dated(decided=date(2025, 1, 2)),
    "number's source": dated(source="1:9"),
    "number's check": dated(checked=date(2026, 1, 3)),
    "parameter label": part("parameters", "rate", label="Belopp"),
    "parameter unit": part("parameters", "rate", unit="öre"),
    "parameter clauses": part("parameters", "rate", clauses=("X-2",)),
    "no index": part("parameters", "rate", index=None),
    "index series": index(series="OPI"),
    "index clause": index(clause="X-1"),
    "index skip": index(skip=fixed((2026,))),
    "index rounding": index(round_to=fixed(100)),
    "index each year": index(each_year=fixed(True)),
    "index first year": index(first=2027),
    "index rounding mode": index(mode=Rounding.DOWN),
    "series lag": part("series", "CPI", lag=fixed(1)),
    "series frozen": part("series", "CPI", frozen=True),
    "series preliminary": part("series", "CPI", preliminary=fixed(False)),
    "series reading": part("series", "CPI", reading="Q1"),
    "series publisher": part("series", "CPI", publisher="SKR"),
    "index percent": lambda before: replace(before, indices=(cpi(2026, "3.3", date(2025, 12, 15)),)),
    "index published": lambda before: replace(before, indices=(cpi(2026, "3.2", date(2025, 12, 16)),)),
    "one more index": lambda before: before.with_indices(cpi(2027, "2.0", date(2026, 5, 1))),
    "reading default": put("readings", "Q1", question("ore")),
    "reading why": part("readings", "Q1", why="Vanligast."),
    "reading options": part("readings", "Q1", options={"krona": "Hel krona.", "ore": "Öre.", "none": "Jämt."}),
    "choice": lambda before: replace(before, choices=()),
    "choice's source": lambda before: replace(before, choices=(replace(before.choices[0], source="§ 2"),)),
    "one more choice": lambda before: before.choosing(Choice("Q1", "krona", "parterna", date(2025, 4, 1), "§ 2")),
    "known at": lambda before: before.as_known(date(2026, 6, 29)),
    "known wholly": lambda before: replace(before, known_at=None),
    "rule summary": part("rules", "hours", summary="Every begun hour."),
    "rule clauses": part("rules", "hours", clauses=("X-2",)),
    "rule gone": put("rules", "hours", None),
    "tree's constant": put("trees", "work.hours", ceil_div(FACTS.minutes, 61).named("hours", "X-1")),
    "tree's operator": put("trees", "work.hours", (FACTS.minutes // 60).named("hours", "X-1")),
    "tree's clause": put("trees", "work.hours", ceil_div(FACTS.minutes, 60).named("hours", "X-2")),
    "tree's fact": put("trees", "work.hours", ceil_div(Facts(FactSet(whole("m"))).m, 60).named("hours", "X-1")),
    "method": put("methods", "fund", "halves, 2"),
    "word": words(labels={"hours": "Timme"}),
    "unit": words(units={"hours": "h"}),
    "code's name": words(codes={"A": "A stad"}),
    "hidden": words(hidden=frozenset({"a"})),
}


def test_the_canonical_form_is_these_bytes() -> None:
    """UTF-8 JSON without spaces, in the declared order of fields, sorted by key, without floats."""
    assert canonical(tiny()).decode() == GOLDEN
    assert fingerprint(tiny()) == hashlib.sha256(GOLDEN.encode()).hexdigest()


def test_the_canonical_form_names_every_field_of_an_edition() -> None:
    """Nothing that an edition holds is left out."""
    assert [name for name, _ in plain(tiny())] == [field.name for field in fields(Edition)]


@pytest.mark.parametrize("name", CHANGES)
def test_the_fingerprint_changes_when_anything_changes(name: str) -> None:
    """Any number, text, reading, choice, rule, tree, method or word gives another fingerprint."""
    assert fingerprint(CHANGES[name](tiny())) != fingerprint(tiny())


def test_the_fingerprint_does_not_change_when_the_same_is_built_again() -> None:
    """Order of insertion, object identity and what was looked up in between do not matter."""
    before = tiny()
    before.parameter("rate", date(2026, 1, 1))
    shuffled = replace(before, parameters=dict(reversed(list(before.parameters.items()))))
    assert fingerprint(before) == fingerprint(tiny()) == fingerprint(shuffled)


def test_the_countys_fingerprint_is_the_same_when_loaded_twice() -> None:
    """Read, built and printed again from the files, every byte is the same."""
    again = edition.__wrapped__()
    assert again is not edition()
    assert canonical(again) == canonical(edition())


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_the_countys_fingerprint_is_the_same_in_a_fresh_interpreter(seed: str) -> None:
    """Another hash seed, another process: the same fingerprint."""
    command = [sys.executable, "-c", IN_A_FRESH_INTERPRETER]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    out = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout
    assert out.strip() == fingerprint(edition())


def test_shared_nodes_are_written_once() -> None:
    """An operand that is used twice is named by place, not copied."""
    assert canonical_tree(FACTS.minutes + FACTS.minutes) == [
        ["fact", "int", "minutes", [], None, []],
        ["+", "int", "", [], None, [0, 0]],
    ]


def test_plain_values_have_one_form() -> None:
    """Exact numbers as text, dates as ISO, sets sorted, trees as nodes."""
    assert plain(Decimal("3.20")) == plain(Decimal("3.2")) == "3.2"
    assert plain(Decimal("1E+2")) == "100"
    assert plain(Fraction(1, 3)) == "1/3"
    assert plain(Rounding.HALF_EVEN) == "half_even"
    assert plain(frozenset({"b", "a"})) == ["a", "b"]
    assert plain((True, None, 1, "x", date(2026, 1, 1))) == [True, None, 1, "x", "2026-01-01"]
    assert plain(FACTS.minutes) == [["fact", "int", "minutes", [], None, []]]


@pytest.mark.parametrize("value", [1.5, ["a"], Words, {"a"}])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    """A float, a list, a class or a mutable set is refused, never guessed."""
    with pytest.raises(TypeError, match=r"^no canonical form for (float|list|type|set)$"):
        plain(value)
