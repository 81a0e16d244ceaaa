"""Rules tie functions to clauses; a decision is a table in which rank decides and order does not."""

from __future__ import annotations

from itertools import permutations, product
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avtal.language.evaluate import evaluate
from avtal.language.expression import Expression
from avtal.language.facts import Facts, FactSet, boolean, whole
from avtal.language.rule import Decision, Row, Rule, rule, rules_in
from tests.avtal.language.fakes import FakeValues

NAMES = ("p", "q", "r")
DECLARED = FactSet(*map(boolean, NAMES), whole("n"))
F = Facts(DECLARED)
NONE = FakeValues()


@rule("X-1a", "X-1b")
def both(facts: Facts) -> Expression:
    """Both must hold.

    And this is not part of the summary.
    """
    return facts.p & facts.q


def test_a_rule_keeps_its_clauses_its_name_and_its_summary() -> None:
    """The docstring's first line is the clause in words."""
    assert (both.name, both.clauses, both.summary) == ("both", ("X-1a", "X-1b"), "Both must hold.")


def test_a_rule_builds_a_step_that_names_its_clauses() -> None:
    """What a rule returns shows in explanations under its name."""
    step = both(F)
    assert (step.op, step.name, step.clauses, step.args[0].op) == ("step", "both", ("X-1a", "X-1b"), "and")


def test_the_same_recorders_give_the_same_node() -> None:
    """A rule that two others use is one shared step; other recorders give another."""
    assert both(F) is both(F)
    assert both(F) is not both(Facts(DECLARED))


def test_a_recorder_that_remembers_nothing_gives_a_new_node_each_time() -> None:
    """Rules can be built from any recorder; only ``Facts`` remembers what was made."""

    @rule("X-2")
    def always(start: Expression) -> Expression:
        """Whatever is given."""
        return start

    assert always(F.p) is not always(F.p)


def test_a_rule_without_clauses_is_an_error() -> None:
    """Every rule names the clause that it carries out."""
    with pytest.raises(TypeError, match=r"^a rule names at least one clause$"):
        rule()


def test_a_rule_without_a_docstring_is_an_error() -> None:
    """Every rule says its clause in words."""

    def silent(facts: Facts) -> Expression:
        return facts.p

    with pytest.raises(TypeError, match=r"^rule silent needs a docstring: the clause in words$"):
        rule("X-1")(silent)


def _module(name: str, **members: object) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(members)
    return module


def test_rules_are_found_by_name_and_an_import_is_not_a_second_rule() -> None:
    """One rule seen from two modules is one rule; everything else in a module is left alone."""
    found = rules_in([_module("one", both=both, number=1), _module("two", borrowed=both)])
    assert found == {"both": both}


def test_two_rules_of_one_name_are_an_error() -> None:
    """A name in an explanation leads to one rule."""
    twin = Rule(both.build, "both", ("X-9",), "Another.")
    with pytest.raises(TypeError, match=r"^two rules are called both$"):
        rules_in([_module("one", both=both), _module("two", both=twin)])


def outcome(decision: Decision, **case: bool | int | None) -> object:
    """What the table gives for a case."""
    return evaluate(decision.tree(), case, NONE).value


def test_the_true_row_of_the_lowest_rank_decides() -> None:
    """A lower rank wins, wherever it stands; without a true row it is ``otherwise``."""
    decision = Decision("status", (Row(2, F.p, "second"), Row(1, F.q, "first")), "neither")
    assert outcome(decision, p=True, q=True) == "first"
    assert outcome(decision, p=True, q=False) == "second"
    assert outcome(decision, p=False, q=False) == "neither"


def test_an_unknown_row_hides_what_ranks_below_it() -> None:
    """If a stronger row may yet be true, the outcome is unknown, never the weaker row's."""
    decision = Decision("status", (Row(1, F.q, "first"), Row(2, F.p, "second")), "neither")
    assert outcome(decision, p=True, q=None) is None
    assert outcome(decision, p=None, q=True) == "first"
    assert outcome(decision, p=None, q=False) is None


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_an_unknown_row_does_not_hide_a_true_row_of_its_rank_and_outcome(order: tuple[int, ...]) -> None:
    """Rows of one rank and outcome are joined by or: one that is true is enough, in any order."""
    rows = (Row(1, F.p, "no", ("X-1",)), Row(1, F.q, "no", ("X-2", "X-1")), Row(2, F.r, "yes"))
    decision = Decision("status", tuple(rows[place] for place in order), "none")
    assert outcome(decision, p=None, q=True, r=True) == "no"
    assert outcome(decision, p=True, q=None, r=None) == "no"
    assert outcome(decision, p=None, q=False, r=True) is None
    assert outcome(decision, p=False, q=False, r=True) == "yes"


def test_a_joined_row_carries_the_clauses_of_all_its_rows_once() -> None:
    """Ranked rows come in order of rank, each with its clauses."""
    rows = (Row(2, F.r, "yes"), Row(1, F.p, "no", ("X-1",)), Row(1, F.q, "no", ("X-2", "X-1")), Row(1, F.r, "maybe"))
    ranked = Decision("status", rows, "none").ranked()
    assert [(then, clauses) for _, then, clauses in ranked] == [("no", ("X-1", "X-2")), ("maybe", ()), ("yes", ())]
    assert ranked[0][0].op == "or"


def test_the_row_that_decides_shows_its_own_clauses() -> None:
    """The explanation of a decision names the ground for its outcome, and only that one."""
    rows = (Row(1, F.p, "no", ("X-1",)), Row(2, F.q, "yes", ("X-2",)))
    tree = Decision("status", rows, "none").tree("X-0")
    refused = evaluate(tree, {"p": True, "q": True}, NONE).explanation
    accepted = evaluate(tree, {"p": False, "q": True}, NONE).explanation
    neither = evaluate(tree, {"p": False, "q": False}, NONE).explanation
    assert (refused.name, refused.value, refused.all_clauses()) == ("status", "no", ("X-0", "X-1"))
    assert [(step.name, step.value) for step in refused.steps] == [("p", True), ("ground", "no")]
    assert (accepted.value, accepted.all_clauses()) == ("yes", ("X-0", "X-2"))
    assert (neither.value, neither.all_clauses()) == ("none", ("X-0",))


def test_the_outcomes_are_every_row_s_and_the_last_resort_once() -> None:
    """What a table can give, in order of appearance."""
    rows = (Row(2, F.r, "yes"), Row(1, F.p, "no"), Row(1, F.q, "no"))
    assert Decision("status", rows, "yes").outcomes() == ("yes", "no")
    assert Decision("status", rows, "none").outcomes() == ("yes", "no", "none")


CONDITIONS = [F.p, F.q, F.r, ~F.p, F.p & F.q, F.q | F.r, F.p.is_true()]
RANKED = st.lists(st.tuples(st.integers(1, 3), st.integers(0, len(CONDITIONS) - 1)), min_size=1, max_size=6)
CASES = [dict(zip(NAMES, combination, strict=True)) for combination in product((None, True, False), repeat=3)]


@settings(deadline=None)
@given(RANKED.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_rows_never_matters(tables: tuple[list[tuple[int, int]], list[tuple[int, int]]]) -> None:
    """Where each rank has one outcome, a shuffled table gives the same for every case, unknown facts and all."""
    first, second = (
        Decision("status", tuple(Row(rank, CONDITIONS[n], f"rank_{rank}") for rank, n in rows), "none")
        for rows in tables
    )
    for case in CASES:
        assert outcome(first, **case) == outcome(second, **case)


@settings(deadline=None)
@given(st.permutations([Row(1, F.p & F.q, "a"), Row(1, F.p & ~F.q, "b"), Row(1, ~F.p, "c"), Row(2, F.r, "d")]))
def test_rows_of_one_rank_that_never_hold_together_may_stand_in_any_order(rows: list[Row]) -> None:
    """With every fact known, rows of one rank that exclude each other give the same in any order."""
    decision = Decision("status", tuple(rows), "none")
    assert outcome(decision, p=True, q=True, r=True) == "a"
    assert outcome(decision, p=True, q=False, r=True) == "b"
    assert outcome(decision, p=False, q=True, r=True) == "c"
