"""Diagrams say of every case what the interpreter says, unsaid facts and all options of readings included."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date

import pytest

import avtal.language.diagram
from avtal.editions.jamtland_2026 import QUESTIONS, edition
from avtal.language.analyse import Choosing
from avtal.language.answers import variables
from avtal.language.diagram import Diagram, Diagrams
from avtal.language.evaluate import Case, Evaluation, Values
from avtal.language.expression import Expression, Kind, by_reading, choose, constant, larger
from avtal.language.facts import Facts, FactSet, Parameters, boolean, code, day, whole
from tests.avtal.language.fakes import FakeValues, since

DECLARED = FactSet(
    boolean("p"), boolean("q"), whole("n", high=9), code("town", "ARE", "BERG"), code("stays", "ARE", "BERG"),
    code("kind"), day("date"),
)  # fmt: skip
F = Facts(DECLARED)
VALUES = FakeValues({"limit": since(("2026-01-01", 3), ("2026-07-01", 5))}, {"A01": "x", "A02": "x"})
LIMIT = Parameters({"limit": Kind.INT}, F.date).limit
TREES = (
    (F.p & ~F.q) | (F.n > LIMIT),
    (F.p & F.q).is_true() | (F.town != F.stays),
    by_reading("A01", {"x": F.p, "y": F.q, "z": F.kind.is_in("a", "b")}) & (choose(F.p, F.kind, "c") == "c"),
    (choose(F.q, F.n, 7) <= LIMIT).named("step", "X-1"),
    by_reading("A02", {"x": F.n, "y": constant(4)}) >= 4,
    F.p == F.q,
)


def found(diagrams: Diagrams, tree: Expression, case: Case) -> object:
    """What a diagram comes to in one case, answer by answer."""

    def down(node: Diagram) -> object:
        place, below = diagrams._nodes[node]
        if place >= len(diagrams.names):
            return below
        answers = diagrams.answers[place]
        return down(below[answers.index(case.get(diagrams.names[place]))])

    return down(diagrams.of(tree))


def disagreeing(trees: tuple[Expression, ...], declared: FactSet, values: Values, cases: int) -> list[Case]:
    """Random cases, among the answers that can make a difference, of which the diagrams say something else."""
    dice = random.Random("diagrams")
    asked = variables(trees, declared, values)
    assert not asked.opaque
    diagrams = Diagrams(asked.answers, values, asked.opaque)
    wrong = []
    for _ in range(cases):
        case = {name: dice.choice(answers) for name, answers in asked.answers.items()}
        chosen = Choosing(values, case)
        for tree in trees:
            with suppress(LookupError):  # the interpreter stops where a number is not entered; here it is unknown
                if found(diagrams, tree, case) != Evaluation(case, chosen).value(tree, {}):
                    wrong.append(case)
    return wrong


def test_every_operator_is_as_the_interpreter_has_it() -> None:
    """Three-valued logic, comparisons, dated parameters, codes and readings."""
    assert disagreeing(TREES, DECLARED, VALUES, 3000) == []


@pytest.mark.parametrize("name", ["care", "product"])
def test_the_editions_tables_are_as_the_interpreter_has_them(name: str) -> None:
    """Every row of every table, with facts left out and readings chosen at random."""
    question = QUESTIONS[name]
    rows = tuple(row.when for table in question.tables() for row in table.rows)
    assert disagreeing(rows, question.facts, edition(), 60) == []


def test_a_diagram_that_is_wrong_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: where unsaid counts as not so, the interpreter disagrees."""
    monkeypatch.setitem(avtal.language.diagram._LOGIC, "and", lambda left, right: bool(left and right))
    assert disagreeing(TREES, DECLARED, VALUES, 500) != []


def test_what_can_never_be_is_one_node() -> None:
    """However it is written, a condition that contradicts itself is the diagram of no."""
    trees = (F.p & ~F.p, (F.n > 4) & (F.n < 3), (F.town == F.stays) & (F.town == "ARE") & (F.stays == "BERG"))
    asked = variables(trees, DECLARED, VALUES)
    diagrams = Diagrams(asked.answers, VALUES, asked.opaque)
    assert {diagrams.holds(diagrams.of(tree)) for tree in trees} == {diagrams.no}
    assert diagrams.holds(diagrams.of(F.p | ~F.p)) != diagrams.yes  # nobody may have said it
    assert diagrams.fails(diagrams.of(F.p | ~F.p)) == diagrams.no


def test_boundaries_are_on_every_side_of_what_is_compared() -> None:
    """Numbers by all values a parameter ever has, days by those on which it changes, codes by name and one more."""
    asked = variables(TREES, DECLARED, VALUES)
    assert asked.answers["n"] == (0, 2, 3, 4, 5, 6, 7, 8, None)
    assert asked.answers["kind"] == ("a", "b", "c", "other", None)
    assert asked.answers["date"][1:4] == (date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2))
    assert asked.answers["date"][0], asked.answers["date"][-2] == (date(2000, 1, 1), date(2099, 12, 31))
    assert asked.answers["A01"] == ("x", "y", "z")


@pytest.mark.parametrize(
    ("tree", "computed"),
    [
        (F.n + 1 > 3, ("n",)),
        (larger(F.n, 2) > 3, ("n",)),
        (Facts(FactSet(code("a"), code("b"))).a == Facts(FactSet(code("a"), code("b"))).b, ("a", "b")),
        (Facts(FactSet(boolean("d", derived=True))).d, ("d",)),
    ],
    ids=["sum", "larger", "names", "derived"],
)
def test_what_is_computed_is_not_looked_into(tree: Expression, computed: tuple[str, ...]) -> None:
    """Sums, names held against each other and derived facts stand for themselves; of one shape they are one."""
    declared = FactSet(whole("n", high=9), code("a"), code("b"), boolean("d", derived=True))
    asked = variables((tree, ~tree), declared, VALUES)
    assert tuple(asked.computed) == computed
    assert list(asked.answers.values()) == [(True, False, None)]
    again = F.n + 1 > 3
    assert len(variables((F.n + 1 > 3, again), DECLARED, VALUES).answers) == 1


def test_cases_hold_no_more_than_they_take_and_none_that_is_refused() -> None:
    """Answers on the way to yes; where what is stated is refused, another way is found or none."""
    trees = ((F.p & (F.town == "ARE")) | F.q,)
    asked = variables(trees, DECLARED, VALUES)
    diagrams = Diagrams(asked.answers, VALUES, asked.opaque)
    where = diagrams.holds(diagrams.of(trees[0]))
    assert next(diagrams.cases(where, lambda _: False)) == {"p": True, "town": "ARE"}
    assert next(diagrams.cases(where, lambda case: case.get("town") == "ARE")) == {"p": True, "town": "BERG", "q": True}
    assert list(diagrams.cases(where, lambda case: case.get("p") is not None or bool(case.get("q")))) == []
    assert list(diagrams.cases(diagrams.no, lambda _: False)) == []
    without = diagrams.among(where, lambda name, answer: name != "p" or answer is False)
    assert next(diagrams.cases(without, lambda _: False)) == {"p": False, "q": True}
