"""The compiled closure: errors only when they are due, and shared nodes inside branches."""

from __future__ import annotations

from datetime import date

import pytest

from avtal.book.missing import MissingValue
from avtal.language.compile import compile_tree
from avtal.language.expression import Expression, Kind, by_reading, choose, constant, larger
from avtal.language.facts import Facts, FactSet, Parameters, boolean, code, day, whole
from tests.avtal.language.fakes import FakeValues, since

F = Facts(FactSet(boolean("p"), boolean("q"), whole("n"), code("c"), day("on")))
ON = Parameters({"rate": Kind.INT, "gap": Kind.INT}, F.on)
VALUES = FakeValues(
    {"rate": since(("2025-01-01", 500), ("2026-01-01", 550)), "gap": since(("2025-01-01", 1), ("2026-01-01", None))},
    {"A01": "x"},
)


@pytest.mark.parametrize(
    ("on", "rate"),
    [
        (date(2025, 1, 1), 500),
        (date(2025, 12, 31), 500),
        (date(2026, 1, 1), 550),
        (date(2099, 1, 1), 550),
        (None, None),
    ],
)
def test_a_dated_value_is_the_one_in_force_on_the_day(on: date | None, rate: int | None) -> None:
    """From its first day, until the next value's; unknown on an unknown day."""
    assert compile_tree(ON.rate, VALUES)({"on": on}) == rate


def test_a_missing_number_raises_only_in_a_case_that_needs_it() -> None:
    """Compiling raises nothing; a case that goes another way raises nothing either."""
    closure = compile_tree(choose(F.p, ON.gap, F.n), VALUES)
    assert closure({"p": False, "n": 3, "on": date(2026, 1, 1)}) == 3
    assert closure({"p": True, "on": date(2025, 1, 1)}) == 1
    assert closure({"p": None, "on": date(2026, 1, 1)}) is None
    with pytest.raises(MissingValue, match=r"^gap 2026-01-01 saknas \(X-1\)\. Parterna beslutar\.$"):
        closure({"p": True, "on": date(2026, 1, 1)})


def test_a_day_before_the_first_value_raises_too() -> None:
    """There is no value before the first one."""
    with pytest.raises(MissingValue, match=r"^rate 2024-12-31 saknas"):
        compile_tree(ON.rate, VALUES)({"on": date(2024, 12, 31)})


def test_a_node_first_met_in_one_branch_is_computed_in_the_other_too() -> None:
    """What a branch computed is not taken for granted outside it."""
    shared = larger(F.n - 5, 0)
    tree = choose(F.p, shared, shared + 1) + shared
    closure = compile_tree(tree, VALUES)
    assert closure({"p": True, "n": 9}) == 8
    assert closure({"p": False, "n": 9}) == 9
    assert closure({"p": None, "n": 9}) is None


def test_a_node_met_before_the_branches_is_computed_once() -> None:
    """A parameter that condition and branches share is looked up once in each case."""
    looked_up: list[date] = []

    class Counting(FakeValues):
        def parameter(self, name: str, day: date):  # type: ignore[no-untyped-def]
            looked_up.append(day)
            return super().parameter(name, day)

    values = Counting({"rate": since(("2025-01-01", None))})
    tree = choose(ON.rate > 5, ON.rate * 2, ON.rate * 3)
    with pytest.raises(MissingValue):
        compile_tree(tree, values)({"on": date(2025, 1, 1)})
    assert looked_up == [date(2025, 1, 1)]


@pytest.mark.parametrize(
    ("tree", "case", "value"),
    [
        (constant("a"), {}, "a"),
        (constant(date(2026, 1, 1)), {}, date(2026, 1, 1)),
        (by_reading("A01", {"x": "a", "y": "b"}).is_in("a"), {}, True),
        (by_reading("A01", {"x": True, "y": False}), {}, True),
        (by_reading("A01", {"x": -7, "y": 0}) // 2, {}, -4),
        (constant(5).named("five") + F.n, {"n": 1}, 6),
        (choose(constant(True).named("always"), F.n, 0), {"n": 1}, 1),
        (F.c == 'it\'s "x" \\', {"c": 'it\'s "x" \\'}, True),
    ],
)
def test_constants_stand_wherever_an_operand_can(tree: Expression, case: dict[str, int | str], value: object) -> None:
    """A constant behind a step or a reading is an operand like any other."""
    assert compile_tree(tree, VALUES)(case) == value
