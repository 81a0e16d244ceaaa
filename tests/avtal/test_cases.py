"""A table of cases is decided as one case is, on every engine; a draft moves those that it would decide otherwise."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from avtal.book.load import BookError
from avtal.book.question import Question
from avtal.book.readings import Choice
from avtal.cases import CaseTable, Draft, Move, case_columns, create_table, every_output, moves
from avtal.cohort import MOST, Shares, persons, shares_of
from avtal.editions.jamtland_2026 import QUESTIONS, edition
from avtal.language.evaluate import Case, probes
from avtal.language.expression import Kind, Value, constant
from avtal.language.facts import FactSet, boolean
from avtal.language.rewrite import replaced
from tests.avtal.language.conformity import Answers, compiled, differences, interpreted, load, queried
from tests.engines import Engine, Sqlite

CASES = 100_000
COUNTY = "avtal.editions.jamtland_2026"
DAY = date(2026, 7, 1)
#: For a fact that no rule compares with anything.
PLAIN: Mapping[Kind, set[Value]] = {
    Kind.DATE: {date(2026, 1, 1), date(2027, 12, 31)},
    Kind.CODE: {"Brunflo", "Hede"},
    Kind.INT: {0, 250_00},
    Kind.BOOL: {True, False},
}
NUMBERS = {"days": (0, 13, 14, 15, 400), "age": (0, 17, 64, 65, 66, 99)}


def domain(question: Question) -> dict[str, list[Value | None]]:
    """Of every fact: what rules tell apart, and unknown; the day is always known."""
    found: dict[str, list[Value | None]] = {}
    for name, fact in question.facts.items():
        tried: set[Value] = set(NUMBERS.get(name, ()))
        for tree in every_output(question).values():
            tried |= set(probes(tree, name, question.facts)) if name in tree.facts() else set()
        if fact.kind is Kind.DATE or fact.own_words:
            tried = set(PLAIN[fact.kind])
        known = sorted(tried or PLAIN[fact.kind])  # type: ignore[type-var]  # of one kind
        found[name] = [*known, *([] if fact.derived else [None])]
    return found


@cache
def drawn(name: str) -> list[Case]:
    """A hundred thousand cases, from those where every fact is stated to those where most are unknown."""
    dice = random.Random(f"cases of {name}")
    inside = domain(QUESTIONS[name])
    known = {fact: [value for value in values if value is not None] for fact, values in inside.items()}
    unknown = (0.0, 0.05, 0.3)
    return [
        {
            fact: None if None in inside[fact] and dice.random() < unknown[number % 3] else dice.choice(known[fact])
            for fact in inside
        }
        for number in range(CASES)
    ]


@cache
def expected(name: str) -> Answers:
    """What one by one gives, through the closures."""
    return compiled(every_output(QUESTIONS[name]), drawn(name), edition())


@pytest.mark.parametrize("name", ["care", "product"])
def test_one_by_one_is_the_interpreter(name: str) -> None:
    """The closures that the engines are held against give what the interpreter gives."""
    trees, cases = every_output(QUESTIONS[name]), drawn(name)[:3000]
    assert differences(trees, cases, interpreted(trees, cases, edition()), expected(name)[:3000]) == []


@pytest.mark.parametrize("name", ["care", "product"])
@pytest.mark.parametrize("place", ["sqlite", "duckdb", "postgres"])
def test_a_hundred_thousand_cases_are_decided_as_one_by_one(
    request: pytest.FixtureRequest, place: str, name: str
) -> None:
    """Every output, flag and duty, with unknowns, on each engine."""
    engine: Engine = request.getfixturevalue(place)
    trees = every_output(QUESTIONS[name])
    load(engine, f"{name}_cases", QUESTIONS[name].facts, drawn(name))
    assert differences(trees, drawn(name), expected(name), queried(engine, f"{name}_cases", trees, edition()))[:5] == []


def test_unknown_taken_for_false_would_be_seen(sqlite: Sqlite) -> None:
    """The same comparison finds a table where an unknown fact was written as false."""
    question = QUESTIONS["care"]
    trees = {"responsible": question.trees["responsible"]}
    cases = drawn("care")[:3000]
    wrong = [{fact: False if value is None and fact == "palliative_team" else value for fact, value in case.items()}
             for case in cases]  # fmt: skip
    load(sqlite, "wrong_cases", question.facts, wrong)
    right = interpreted(trees, cases, edition())
    assert differences(trees, cases, right, queried(sqlite, "wrong_cases", trees, edition())) != []


# -- what a draft would move ---------------------------------------------------------------------------


def shares() -> Shares:
    """The county's own."""
    return shares_of(COUNTY, QUESTIONS["care"])


@pytest.fixture
def cohort(sqlite: Sqlite) -> CaseTable:
    """Two thousand made-up persons, in a table."""
    question = QUESTIONS["care"]
    sqlite.connection.execute("DROP TABLE IF EXISTS cohort")
    sqlite.connection.execute(create_table(question, "cohort", "sqlite"))
    rows = persons(question, shares(), count=2000, seed=7, on=DAY)
    stored = ([str(value) if isinstance(value, date) else value for value in row] for row in rows)
    sqlite.connection.executemany(f"INSERT INTO cohort VALUES ({', '.join('?' * len(case_columns(question)))})", stored)
    return CaseTable(sqlite.query, "sqlite", "cohort")


def people() -> list[Case]:
    """The same persons as cases."""
    names = list(QUESTIONS["care"].facts)
    rows = persons(QUESTIONS["care"], shares(), count=2000, seed=7, on=DAY)
    return [dict(zip(names, row[1:], strict=True)) for row in rows]


def counted(after: Draft) -> list[Move]:
    """The moves, by deciding every person twice."""
    tree = {"responsible": QUESTIONS["care"].trees["responsible"]}
    changed = {"responsible": after.tree(tree["responsible"])}
    befores, afters = interpreted(tree, people(), edition()), interpreted(changed, people(), after.edition)
    found = Counter(
        (case["registered_in"], before, other)
        for case, (before,), (other,) in zip(people(), befores, afters, strict=True)
    )
    moved = [Move(*key, cases) for key, cases in found.items()]
    return sorted(moved, key=lambda move: tuple(str(part or "") for part in (move.group, move.before, move.after)))


DRAFTS: Mapping[str, Draft] = {
    "nothing": Draft(edition()),
    "a longer guideline": Draft(edition().with_value("days_guideline", 30, date(2026, 1, 1), "utkast")),
    "frail from level 5": Draft(edition().with_value("cfs_moderate", 5, date(2026, 1, 1), "utkast")),
    "without the fourth criterion": Draft(edition(), ("cannot_reach_health_centre",)),
    "the wish moves only who performs": Draft(
        edition().choosing(Choice("A61", "municipality_responsible", "utkast", date(2026, 1, 1), "utkast"))
    ),
}


@pytest.mark.parametrize("name", DRAFTS)
def test_a_draft_moves_whom_it_decides_otherwise(cohort: CaseTable, name: str) -> None:
    """The statement counts as many of each kind as deciding every person twice does."""
    found = moves(QUESTIONS["care"], cohort, edition(), DRAFTS[name], "registered_in")
    assert found == counted(DRAFTS[name])
    assert sum(move.cases for move in found) == 2000
    assert any(move.before != move.after for move in found) is (name != "nothing")


def test_a_longer_guideline_moves_nobody_to_a_municipality(cohort: CaseTable) -> None:
    """A stricter second criterion can only move from municipality to region."""
    found = moves(QUESTIONS["care"], cohort, edition(), DRAFTS["a longer guideline"], "registered_in")
    moved = {(move.before, move.after) for move in found if move.before != move.after}
    assert moved == {("MUNICIPALITY", "REGION"), (None, "REGION")}  # what was unknown for another criterion is decided


def test_made_up_persons_are_the_same_for_the_same_seed() -> None:
    """Nothing but the seed decides, and no more persons are made than what a page can bear."""
    question = QUESTIONS["care"]
    ten = [list(persons(question, shares(), count=10, seed=seed, on=DAY)) for seed in (1, 1, 2)]
    assert ten[0] == ten[1] != ten[2]
    few = replace(shares(), apart=dict.fromkeys(shares().apart, 0))
    assert {row[1:].count(None) for row in persons(question, few, count=10, seed=1, on=DAY)} == {6}
    assert MOST == 200_000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ordinary = 860", "ordinary = 861", "[shares.housing] är 1001 tillsammans; ska vara 1000"),
        ("[shares.cfs]", "[shares.frailty]", "[shares.frailty] är inget faktum i frågan care"),
        ("unknown = 10", "unsaid = 10", "unsaid: unknown or absent"),
    ],
)
def test_shares_that_do_not_fit_are_refused(monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str) -> None:
    """A share too many, a fact that is not asked for, a key that nobody knows."""
    import tomllib
    from importlib.resources import files

    text = files(COUNTY).joinpath("cohort.toml").read_text(encoding="utf-8").replace(old, new)
    monkeypatch.setattr("avtal.cohort.read_toml", lambda *_: tomllib.loads(text))
    with pytest.raises((ValueError, BookError)) as refused:
        shares()
    assert said in str(refused.value)


def test_a_cohort_without_age_needs_none() -> None:
    """Another county's question may ask for other facts."""
    small = replace(QUESTIONS["care"], facts=FactSet(boolean("frequent")))
    few = replace(shares(), codes={}, true={"frequent": 1000}, apart=dict.fromkeys(shares().apart, 0))
    assert list(persons(small, few, count=2, seed=1, on=DAY)) == [(0, True), (1, True)]


def test_a_step_is_replaced_by_a_value_of_its_kind() -> None:
    """Anything else is a fault of the draft."""
    tree = QUESTIONS["care"].trees["criterion_4"]
    with pytest.raises(TypeError, match="cannot_reach_health_centre: expected bool, got int"):
        replaced(tree, {"cannot_reach_health_centre": constant(1)})
