"""Trees worked out together are the trees one by one, and what a change alters is what it would be anew."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avtal.language.evaluate import Case, Evaluation, lacking
from avtal.language.expression import Expression
from avtal.language.together import Row, Together
from tests.avtal.language.conformity import every_case
from tests.avtal.language.fakes import FakeValues, since
from tests.avtal.language.test_random_trees import CASES, KNOWN, TREES
from tests.avtal.language.test_random_trees import VALUES as RANDOM
from tests.avtal.language.trees import FAMILIES, VALUES

OTHER = FakeValues(
    {**VALUES.dated, "severe": since(("2025-01-01", 5)), "rate": since(("2025-01-01", 1))},
    {"open": "narrow", "closed": "wide"},
)


def _wrong(together: Together, case: Case) -> list[str]:
    """The nodes whose value in the row is not the interpreter's."""
    row, run = together.work(case), Evaluation(case, together.values)
    return [node.op for node, place in together.place.items() if row[place] is not run.value(node, {})
            and row[place] != run.value(node, {})]  # fmt: skip


@pytest.mark.parametrize("name", FAMILIES)
def test_every_node_has_the_interpreters_value(name: str) -> None:
    """Of all trees of a family at once, for every combination of facts, unknown ones too."""
    family = FAMILIES[name]
    together = Together(family.trees.values(), VALUES)
    assert len(together.nodes) > len(family.trees)
    for case in islice(every_case(family.domain), 0, None, 3):
        assert _wrong(together, case) == []


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TREES, min_size=1, max_size=4), st.lists(st.sampled_from(CASES), min_size=1, max_size=20))
def test_any_trees_are_the_same_together(trees: list, cases: list[Case]) -> None:
    """Whatever is built of the operators."""
    together = Together(trees, RANDOM)
    for case in cases:
        assert _wrong(together, case) == []


def test_the_comparison_sees_a_value_in_the_wrong_place() -> None:
    """The comparison above catches its broken twin: two nodes that have changed places."""
    family = FAMILIES["logic"]
    together = Together([family.trees["nested"]], VALUES)
    p, q = (node for node in together.nodes if node.name in ("p", "q"))
    together.place = {**together.place, p: together.place[q]}
    assert _wrong(together, {"p": True, "q": False, "r": None}) == ["fact"]


def _lacking(together: Together, tree: Expression, row: Row) -> tuple[str, ...]:
    return lacking(tree, lambda node: row[together.place[node]], together.values)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TREES, min_size=1, max_size=4), st.sampled_from(CASES))
def test_what_keeps_trees_unknown_is_the_same_together(trees: list[Expression], case: Case) -> None:
    """One bit for each fact in the order that is asked for; none where the value is known."""
    together, order = Together(trees, RANDOM), sorted({fact for tree in trees for fact in tree.facts()})
    row = together.work(case)
    for tree, mask in zip(trees, together.lacking(trees, order)(row), strict=True):
        assert [name for bit, name in enumerate(order) if mask >> bit & 1] == sorted(_lacking(together, tree, row))


@pytest.mark.parametrize("name", ["logic", "frail_enough"])
def test_another_answer_to_one_fact_gives_what_it_would_anew(name: str) -> None:
    """For every fact and every value that it can have, from rows where it was unknown or another."""
    family = FAMILIES[name]
    together = Together(family.trees.values(), VALUES)
    for fact, answers in family.domain.items():
        for tree in family.trees.values():
            would_be = together.if_stated(tree, fact)
            for case in islice(every_case(family.domain), 0, None, 97):
                row = together.work(case)
                for answer in answers:
                    anew = Evaluation({**case, fact: answer}, VALUES).value(tree, {})
                    assert would_be(row, answer) == anew


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(TREES, st.sampled_from(CASES), st.sampled_from(KNOWN))
def test_another_answer_gives_the_same_in_any_tree(tree: object, case: Case, known: Case) -> None:
    """Whatever is built of the operators."""
    together = Together([tree], RANDOM)  # type: ignore[list-item]  # drawn as any
    row = together.work(case)
    for fact in case:
        anew = Evaluation({**case, fact: known[fact]}, RANDOM).value(tree, {})  # type: ignore[arg-type]  # the same
        assert together.if_stated(tree, fact)(row, known[fact]) == anew  # type: ignore[arg-type]  # the same


@pytest.mark.parametrize("name", ["logic", "frail_enough", "numbers"])
def test_other_readings_and_numbers_give_what_they_would_anew(name: str) -> None:
    """Where another option is chosen, or a parameter has other values, all trees follow."""
    family = FAMILIES[name]
    together = Together(family.trees.values(), VALUES)
    redone = together.under(list(family.trees.values()), OTHER)
    differ = 0
    for case in islice(every_case(family.domain), 0, None, 11):
        row = together.work(case)
        anew = tuple(Evaluation(case, OTHER).value(tree, {}) for tree in family.trees.values())
        assert redone(row) == anew
        differ += anew != tuple(row[together.place[tree]] for tree in family.trees.values())
    assert differ > 0


def test_what_nothing_changes_is_taken_as_it_was() -> None:
    """Under the same readings and numbers nothing is worked out again."""
    family = FAMILIES["frail_enough"]
    together = Together(family.trees.values(), VALUES)
    asked = len(VALUES.asked)
    assert together.under([family.trees["frail"]], VALUES)(tuple(range(1000))) == (
        together.place[family.trees["frail"]],
    )
    assert len(VALUES.asked) == asked
