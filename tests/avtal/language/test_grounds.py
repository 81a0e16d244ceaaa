"""Reasons prepared beforehand are the interpreter's, step by step, to the letter."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avtal.explain import Step, Told, Words, as_json
from avtal.language import grounds
from avtal.language.citing import cited
from avtal.language.evaluate import Case, Evaluation
from avtal.language.expression import Expression, by_reading
from avtal.language.grounds import Grounds
from avtal.language.reasons import reasons
from avtal.language.rule import Decision, Row, unless
from avtal.language.together import Together
from tests.avtal.language.test_random_trees import CASES, DECLARED, NUMBERS, VALUES, F, _conditions

WORDS = Words({"p": "På"}, {"n": "st"}, {})
CONDITIONS = _conditions(NUMBERS)


def _decision(drawn: list[tuple[Expression, str, tuple[str, ...], int]], name: str, *, apart: bool) -> Expression:
    """A decision of drawn rows; its rules are named, and one counts only when it has been said."""
    rows = [Row(rank, when, then, clauses) for when, then, clauses, rank in drawn]
    said = by_reading("A01", {"x": F.p.is_true(), "y": F.p})
    rows.append(Row(2, said & F.q.named("wished", "W-1"), "wish", ("W-2",)))
    return Decision(name, tuple(rows), "manual", apart=apart).tree("D-1")


ROWS = st.lists(
    st.tuples(
        st.one_of(CONDITIONS, CONDITIONS.map(lambda one: one.named("rule", "R-1"))),
        st.sampled_from(["REGION", "MUNICIPALITY"]),
        st.sampled_from([(), ("G-1",), ("G-2", "G-3")]),
        st.integers(1, 3),
    ),
    max_size=5,
)


def _texts(trees: list[Expression], case: Case) -> tuple[list[str], list[str]]:
    """The reasons of trees by the interpreter and as prepared, as JSON."""
    together = Together(trees, VALUES)
    row, run, prepared = together.work(case), Evaluation(case, VALUES), Grounds(together, WORDS)
    plain = [json.dumps(as_json(reasons(run, tree), WORDS), ensure_ascii=False) for tree in trees]
    return plain, [prepared.of(tree)(row).json().decode() for tree in trees]


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, ROWS, st.booleans(), st.lists(st.sampled_from(CASES), min_size=1, max_size=15))
def test_any_decision_has_the_interpreters_reasons(first: Any, second: Any, apart: bool, cases: list[Case]) -> None:  # noqa: FBT001  # drawn
    """A decision, and another one that rests on it, with unknown facts, readings and dated numbers."""
    one = _decision(first, "one", apart=apart)
    other = _decision([(one == "REGION", "MUNICIPALITY", ("G-4",), 1), *second], "other", apart=not apart)
    for case in cases:
        plain, prepared = _texts([one, other, one == "wish"], case)
        assert prepared == plain


def test_the_comparison_sees_a_reason_that_is_left_out() -> None:
    """The comparison above catches its broken twin: an exception that was passed by without a word."""
    tree = _decision([(F.q.named("rule", "R-1"), "REGION", (), 1)], "one", apart=True)
    together = Together([tree], VALUES)
    prepared = Grounds(together, WORDS)
    case = {**dict.fromkeys(DECLARED), "q": False, "p": False}
    before = prepared.of(tree)(together.work(case)).json().decode()
    assert before == _texts([tree], case)[0][0]
    broken = Grounds(together, WORDS)
    broken._failed = lambda *_: iter(())  # type: ignore[method-assign,assignment]  # the fault
    assert broken.of(tree)(together.work(case)).json().decode() != before


def test_a_rule_is_told_only_where_all_above_it_failed() -> None:
    """A rule inside an *or* inside an *and* is passed by with the *or*, not by itself."""
    either = (F.p.named("one", "R-1") & F.q.named("two", "R-2")) | ~F.q.named("three", "R-3")
    tree = Decision("d", (Row(1, either & F.q.named("four", "R-4"), "REGION"),), "manual").tree()
    for case in CASES[::7]:
        plain, prepared = _texts([tree], case)
        assert prepared == plain


SPEAKS = {"G": F.p, "R": F.q, "G-3": F.p & F.q}


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, st.booleans(), st.lists(st.sampled_from(CASES), min_size=1, max_size=15))
def test_any_decision_cites_what_speaks_of_the_case(drawn: Any, apart: bool, cases: list[Case]) -> None:  # noqa: FBT001  # drawn
    """Both ways cite the same clauses, and none that is silent beside one that is not."""
    rule = F.q.named("two", "R-1", "G-2", "S-1")
    tree = _decision([(rule, "REGION", ("G-1", "S-2"), 1), *drawn], "one", apart=apart)
    together = Together([tree, *SPEAKS.values()], VALUES)
    prepared = Grounds(together, WORDS, SPEAKS).of(tree)
    for case in cases:
        row = together.work(case)
        silent = frozenset(key for key, one in SPEAKS.items() if row[together.place[one]] is False)
        step = reasons(Evaluation(case, VALUES, silent), tree)
        assert prepared(row).json().decode() == json.dumps(as_json(step, WORDS), ensure_ascii=False)
        for one in step.walk():
            quiet = {clause for clause in one.clauses if {clause, clause[0]} & silent}
            assert quiet in (set(), set(one.clauses))


def test_clauses_are_left_out_only_beside_others() -> None:
    """Silence of a document, or of one clause; where all are silent all are cited, and one alone always is."""
    assert cited(("OB-HJM-1", "SB-INF-1", "P-GEM-1"), {"SB"}) == ("OB-HJM-1", "P-GEM-1")
    assert cited(("OB-HJM-1", "OB-SJM-2"), {"OB-SJM-2"}) == ("OB-HJM-1",)
    assert cited(("OB-HJM-1", "SB-INF-1"), {"OB", "SB"}) == ("OB-HJM-1", "SB-INF-1")
    assert cited(("SB-INF-1",), {"SB"}) == ("SB-INF-1",)


def test_what_a_row_excepts_is_named_and_never_cited() -> None:
    """Of an exception that does not hold, its name alone; of one that holds or is unknown, the clause that tells."""
    exception = F.q.named("exception", "E-1") & F.p.named("other", "E-2")
    tree = Decision("d", (Row(1, (F.n > 3) & unless(exception), "REGION", ("G-1",)),), "manual", apart=True).tree()
    known = {**dict.fromkeys(DECLARED), "n": 5}
    for case, clauses in [
        ({"q": False, "p": False}, ("G-1",)),
        ({"q": False, "p": True}, ("G-1",)),
        ({"q": True, "p": None}, ("E-1", "E-2", "G-1")),
    ]:
        plain, prepared = _texts([tree], {**known, **case})
        assert prepared == plain
        assert set(reasons(Evaluation({**known, **case}, VALUES), tree).all_clauses()) <= set(clauses)
    excepted = reasons(Evaluation({**known, "q": False, "p": True}, VALUES), tree)
    assert [(step.name, step.value, step.clauses) for step in excepted.walk() if step.name == "exception"] == [
        ("exception", False, ()),
    ]
    twin = Decision("d", (Row(1, (F.n > 3) & ~exception, "REGION", ("G-1",)),), "manual", apart=True).tree()
    assert "E-1" in reasons(Evaluation({**known, "q": False, "p": True}, VALUES), twin).all_clauses()


def test_the_same_reasons_are_the_same_step() -> None:
    """What was made before is given again; what is asked for the same row is not even made."""
    tree = _decision([(F.q.named("rule", "R-1"), "REGION", ("G-1",), 1)], "one", apart=True)
    together = Together([tree], VALUES)
    make = Grounds(together, WORDS).of(tree)
    case = {**dict.fromkeys(DECLARED), "q": True}
    row = together.work(case)
    assert make(row) is make(row)
    assert make(together.work(case)) is make(row)


def test_what_is_kept_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many values of a fact, and so many dated numbers, what was made is thrown away; the answers stay."""
    monkeypatch.setattr(grounds, "KEPT", 2)
    limits = F.n > 3
    tree = Decision("d", (Row(1, limits.named("rule", "R-1"), "REGION", ("G-1",)),), "manual").tree()
    together = Together([tree], VALUES)
    prepared = Grounds(together, WORDS)
    make = prepared.of(tree)
    for n in [*range(10), *range(10)]:
        case = {**dict.fromkeys(DECLARED), "n": n}
        run = Evaluation(case, VALUES)
        plain = json.dumps(as_json(reasons(run, tree), WORDS), ensure_ascii=False)
        assert make(together.work(case)).json().decode() == plain
    for number in range(5):
        prepared._told(Step(f"a{number}", 1, "parameter", note="preliminary"))
    assert len(prepared._known) <= 2


def test_a_long_text_is_not_kept() -> None:
    """A step remembers what it says, but for what is long: that is joined from what its steps remember."""
    short = Told("short", 1, note="å", words=WORDS)
    long = Told("long", None, "note", steps=(short,) * 100, words=WORDS)
    for step in (short, long):
        assert step.json() == step.json() == json.dumps(as_json(step, WORDS), ensure_ascii=False).encode()
    assert short._text
    assert not long._text


def test_a_told_step_names_what_is_below_it() -> None:
    """Clauses in order, readings and notes sorted: the same as a plain step that looks for them."""

    def steps(make: Any) -> Any:
        one = make("p", 5, "parameter", ("C-2", "C-1"), "", "preliminary")
        two = make("A02", "x", "reading", ("C-3",), "", "vald")
        three = make("i", 5, "index", ("C-1",), "", "entered", (one,))
        return make("top", 1, "step", ("C-3",), "", "", (two, three, one, make("A01", "x", "reading")))

    plain = steps(Step)
    told = steps(lambda name, value, kind, clauses=(), source="", note="", below=(): Told(
        name, value, kind, clauses, source, note, below, words=WORDS))  # fmt: skip
    assert told.all_clauses() == plain.all_clauses() == ("C-3", "C-1", "C-2")
    assert told.readings() == plain.readings() == ("A01", "A02")
    assert told.notes() == plain.notes() == ("entered", "preliminary")
