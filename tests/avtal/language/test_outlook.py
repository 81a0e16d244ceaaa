"""What trees can still come to: never less than what comes, and nothing below what is settled is live."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from avtal.editions.jamtland_2026 import QUESTIONS, edition
from avtal.language.evaluate import Evaluation
from avtal.language.expression import Expression, Kind, by_reading, choose, constant, larger, parameter
from avtal.language.facts import Facts, FactSet, boolean, code, day, whole
from avtal.language.outlook import OPEN, Outlook, View

FACTS = Facts(FactSet(boolean("a"), boolean("b"), whole("n"), whole("m"), code("c", "x", "y"), day("day")))
A, B, N, M, C = FACTS.a, FACTS.b, FACTS.n, FACTS.m, FACTS.c
DAY = date(2026, 7, 1)
EITHER, DOUBT = {True, False}, {True, False, None}


def view(tree: Expression, passed: tuple[str, ...] = (), *, said_only: bool = False, **case: Any) -> View:
    """The outlook of one tree."""
    return Outlook({"tree": tree}, edition()).view(case, passed, said_only=said_only)


@pytest.mark.parametrize(("tree", "passed", "case", "possible", "live"), [
    (A & B, (), {}, EITHER, {"a", "b"}),
    (A & B, (), {"a": False}, {False}, set()),
    (A & B, ("a",), {}, {False, None}, {"b"}),
    (A | B, (), {"a": True}, {True}, set()),
    (A | B, ("a", "b"), {}, {None}, set()),
    (~A, (), {}, EITHER, {"a"}),
    (~A, ("a",), {}, {None}, set()),
    (A.is_true(), ("a",), {}, {False}, set()),
    (A.is_true(), (), {}, EITHER, {"a"}),
    (N >= 6, (), {}, EITHER, {"n"}),
    (N >= 6, (), {"n": 6}, {True}, set()),
    (N >= 6, ("n",), {}, {None}, set()),
    (N >= M, (), {"n": 1}, EITHER, {"m"}),
    (larger(N, M) >= 6, ("m",), {"n": 7}, {None}, set()),
    (larger(N, M), (), {"n": 7, "m": 9}, {9}, set()),
    (larger(N, M), (), {"n": 7}, {OPEN}, {"m"}),
    (C.is_in("x", "y"), (), {"c": "y"}, {True}, set()),
    (C.is_in("x"), (), {}, EITHER, {"c"}),
    (C.is_in("x"), ("c",), {}, {None}, set()),
    (choose(A, C, constant("z")), (), {"a": True, "c": "x"}, {"x"}, set()),
    (choose(A, constant("y"), constant("z")), (), {}, {"y", "z"}, {"a"}),
    (choose(A, constant("y"), constant("z")), ("a",), {}, {None}, set()),
    (choose(A, C, constant("z")), (), {}, {OPEN, "z"}, {"a", "c"}),
    (choose(A, C, constant("z")), (), {"a": False}, {"z"}, set()),
    (choose(A, B, constant(True)), ("a",), {}, {None}, set()),
    (choose(A, B, constant(True)), (), {"a": False}, {True}, set()),
    (choose(choose(A, constant("x"), constant("y")).is_in("x"), B, constant(False)), (), {}, EITHER, {"a", "b"}),
    (choose(B, constant("x"), constant("y")) == "x", ("b",), {}, {None}, set()),
    (by_reading("A62", {"criterion_false": A}).named("step", "OB-ANS-1"), (), {"a": True}, {True}, set()),
])  # fmt: skip
def test_what_is_possible_and_what_can_matter(
    tree: Expression, passed: tuple[str, ...], case: dict[str, object], possible: set[object], live: set[str]
) -> None:
    """Each operator, with what is known, open and passed by."""
    found = view(tree, passed, **case)
    assert set(found.possible("tree")) == possible
    assert found.live(["tree"]) == live
    assert found.settled("tree") == (len(possible) == 1 and not possible & {None, OPEN})


def test_what_counts_only_when_it_is_said() -> None:
    """Seen as what is said so far, a wish that nobody has mentioned is none; one that is mentioned counts."""
    assert view(A.is_true() | B, said_only=True).live(["tree"]) == {"b"}
    assert view(A.is_true(), said_only=True, a=True).possible("tree") == (True,)


@pytest.mark.parametrize("truth", [True, False, None])
def test_a_truth_may_be_taken_as_given(*, truth: bool | None) -> None:
    """A tree that is said to hold, not to hold or to be unknown decides what rests on it, whatever its facts say."""
    found = Outlook({"pivot": A & B, "tree": choose(A & B, constant("x"), constant("y"))}, edition())
    assert ("pivot" in found, "other" in found) == (True, False)
    taken = found.view({"a": True}, taken={"pivot": truth})
    assert taken.possible("tree") == ({True: "x", False: "y", None: None}[truth],)
    assert set(found.view({"a": True}).possible("tree")) == {"x", "y"}


def test_a_parameter_is_looked_up_by_its_day() -> None:
    """The number of the day; anything while the day is open, unknown when it is passed by."""
    limit = parameter("days_guideline", FACTS.day, Kind.INT)
    assert view(limit, day=DAY).possible("tree") == (14,)
    assert view(limit).possible("tree") == (OPEN,)
    assert view(limit, ("day",)).possible("tree") == (None,)
    assert view(limit < N, day=DAY, n=15).possible("tree") == (True,)


def test_equal_nodes_are_one() -> None:
    """Two trees that say the same in other objects are looked at once."""
    outlook = Outlook({"one": A & (N >= 6), "two": A & (N >= 6)}, edition())
    assert outlook._roots["one"] == outlook._roots["two"]
    assert len(outlook._nodes) == 5


def test_nothing_that_can_come_is_left_out() -> None:
    """Every completion of a case gives a value that its outlook holds, for each output of the care question."""
    question, facts = QUESTIONS["care"], ("palliative_team", "safe_at_home", "can_reach_health_centre")
    known = {
        "day": DAY, "place": "home", "profession": "nurse", "housing": "ordinary", "registered_in": "BERG", "days": 20,
        "self_care_possible": False, "digital_considered": True, "frequent": True, "continuous": True, "cfs": 6,
        "barrier": "illness",
    }  # fmt: skip
    outlook = Outlook(question.trees, edition()).view(known)
    for answers in product((True, False, None), repeat=3):
        run = Evaluation({**known, **dict(zip(facts, answers, strict=True))}, edition())
        for name, tree in question.trees.items():
            value = run.value(tree, {})
            assert value is None or value in outlook.possible(name) or OPEN in outlook.possible(name)
