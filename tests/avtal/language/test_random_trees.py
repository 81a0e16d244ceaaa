"""Trees that nobody thought of: interpreter, closure, SQLite and DuckDB give the same on all combinations."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avtal.language.evaluate import Case, evaluate, missing
from avtal.language.expression import Expression, Kind, by_reading, ceil_div, choose, constant, larger, smaller
from avtal.language.facts import Facts, FactSet, Parameters, boolean, day, whole
from avtal.language.sql import Bounds
from tests.avtal.language.conformity import compiled, differences, every_case, interpreted, load, queried
from tests.avtal.language.fakes import FakeValues, since
from tests.engines import DuckDB, Engine, Sqlite

DECLARED = FactSet(boolean("p"), boolean("q"), whole("n", low=-500, high=500), whole("k", high=500), day("on"))
F = Facts(DECLARED)
ON = Parameters({"rate": Kind.INT, "limit": Kind.INT}, F.on)
VALUES = FakeValues(
    {"rate": since(("2020-01-01", 7), ("2026-01-01", 9)), "limit": since(("2020-01-01", 60))}, {"A01": "x"}
)
CASES: list[Case] = list(
    every_case(
        {
            "p": (None, True, False),
            "q": (None, True, False),
            "n": (None, -61, 0, 60),
            "k": (None, 0, 61),
            "on": (None, date(2025, 12, 31), date(2026, 1, 1)),
        }
    )
)
KNOWN = [case for case in CASES if None not in case.values()]

UNITS = st.sampled_from([1, 2, 7, 60])


def _conditions(numbers: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    pairs = st.tuples(numbers, numbers)
    compared = st.one_of(
        pairs.map(lambda pair: pair[0] < pair[1]),
        pairs.map(lambda pair: pair[0] <= pair[1]),
        pairs.map(lambda pair: pair[0] == pair[1]),
        pairs.map(lambda pair: pair[0] != pair[1]),
    )
    return st.recursive(
        st.one_of(st.sampled_from([F.p, F.q]), compared),
        lambda inner: st.one_of(
            inner.map(lambda one: ~one),
            inner.map(lambda one: one.is_true()),
            inner.map(lambda one: one.named("step", "X-1")),
            st.tuples(inner, inner).map(lambda two: two[0] & two[1]),
            st.tuples(inner, inner).map(lambda two: two[0] | two[1]),
            st.tuples(inner, inner, inner).map(lambda three: choose(*three)),
            st.tuples(inner, inner).map(lambda two: by_reading("A01", {"x": two[0], "y": two[1]})),
        ),
        max_leaves=4,
    )


LEAVES = st.one_of(st.sampled_from([F.n, F.k, ON.rate, ON.limit]), st.integers(-100, 100).map(constant))
NUMBERS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: two[0] + two[1]),
        st.tuples(inner, inner).map(lambda two: two[0] - two[1]),
        st.tuples(inner, st.integers(-10, 10)).map(lambda two: two[0] * two[1]),
        st.tuples(inner, UNITS).map(lambda two: two[0] // two[1]),
        st.tuples(inner, UNITS).map(lambda two: ceil_div(*two)),
        st.tuples(inner, inner).map(lambda two: smaller(*two)),
        st.tuples(inner, inner).map(lambda two: larger(*two)),
        inner.map(lambda one: one + one),
        inner.map(lambda one: one.named("step")),
        st.tuples(_conditions(LEAVES), inner, inner).map(lambda three: choose(*three)),
    ),
    max_leaves=6,
)
TREES = st.one_of(NUMBERS, _conditions(NUMBERS))


@pytest.fixture(scope="module", params=["sqlite", "duckdb"])
def loaded(request: pytest.FixtureRequest) -> Engine:
    """SQLite and DuckDB with every combination, and with those where nothing is unknown."""
    engine: Sqlite | DuckDB = request.getfixturevalue(request.param)
    load(engine, "random_trees", DECLARED, CASES)
    load(engine, "random_known", DECLARED, KNOWN)
    return engine


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TREES, min_size=1, max_size=3))
def test_any_trees_are_the_same_in_python_and_in_sql(loaded: Engine, drawn: list[Expression]) -> None:
    """Whatever is built of the operators means the same in every form, unknown facts and all."""
    trees = {str(number): tree for number, tree in enumerate(drawn)}
    expected = interpreted(trees, CASES, VALUES)
    assert differences(trees, CASES, expected, compiled(trees, CASES, VALUES)) == []
    assert differences(trees, CASES, expected, queried(loaded, "random_trees", trees, VALUES)) == []
    known = interpreted(trees, KNOWN, VALUES)
    bounds = Bounds(frozenset(DECLARED), (date(2025, 12, 31), date(2026, 1, 1)))
    assert differences(trees, KNOWN, known, queried(loaded, "random_known", trees, VALUES, bounds)) == []


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(TREES, st.sampled_from(CASES))
def test_a_value_is_known_or_facts_are_missing(tree: Expression, case: Case) -> None:
    """A tree never is unknown without a fact to ask for, and what it asks for is unknown and its own."""
    result = evaluate(tree, case, VALUES)
    assert (result.value is None) is bool(result.missing)
    assert all(case[fact] is None and fact in tree.facts() for fact in result.missing)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(TREES, st.sampled_from(CASES), st.sampled_from(KNOWN))
def test_what_was_known_stays_when_more_is_known(tree: Expression, case: Case, known: Case) -> None:
    """Filling in an unknown fact never changes a known value, unless the tree has asked what was stated."""
    if any(node.op == "is_true" for node in tree.walk()):
        return
    filled = {name: known[name] if value is None else value for name, value in case.items()}
    before = evaluate(tree, case, VALUES).value
    assert before is None or evaluate(tree, filled, VALUES).value == before
    assert missing(tree, filled, VALUES) == ()


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(NUMBERS, st.sampled_from(KNOWN))
def test_a_natural_number_never_is_negative(tree: Expression, case: Case) -> None:
    """What is claimed to be proven holds: SQL leaves out the guard for negative numbers there."""
    value = evaluate(tree, case, VALUES).value
    assert isinstance(value, int)
    assert value >= 0 or not tree.natural
