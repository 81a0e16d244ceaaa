"""``@rule("OB-ANS-3a")`` ties a function to its clauses; a ``Decision`` is a table of outcomes with explicit rank."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from types import ModuleType
from typing import TypeAlias

from avtal.language.expression import Expression, Value, choose, constant

#: The step that names a row's clauses.
GROUND = "ground"
#: The step around a condition that only excludes: where it does not hold, its clauses are no ground of the answer.
UNLESS = "unless"


Build: TypeAlias = Callable[..., Expression]


def unless(exception: Expression) -> Expression:
    """That an exception does not hold, as part of a row: unlike ``~`` it is no ground, so its clauses are not cited."""
    return (~exception).named(UNLESS)


@dataclass(frozen=True, slots=True)
class Rule:
    """A function that builds one tree, and the clauses that it carries out."""

    build: Build
    name: str
    clauses: tuple[str, ...]
    summary: str

    def __call__(self, *recorders: object) -> Expression:
        """The rule's tree, as a step that names its clauses; the same recorders give the same node."""
        made: dict[object, Expression] = getattr(recorders[0], "made", {})
        key = (self.name, recorders)
        if key not in made:
            made[key] = self.build(*recorders).named(self.name, *self.clauses)
        return made[key]


class rule:  # noqa: N801  # used as a decorator, like property
    """Tie a function of recorders to the clauses it carries out; its docstring says the clause in words."""

    def __init__(self, *clauses: str) -> None:
        if not clauses:
            raise TypeError("a rule names at least one clause")
        self._clauses = clauses

    def __call__(self, build: Build) -> Rule:
        """The function as a rule of those clauses."""
        doc = inspect.getdoc(build)
        if not doc:
            raise TypeError(f"rule {build.__name__} needs a docstring: the clause in words")
        return Rule(build, build.__name__, self._clauses, doc.splitlines()[0])


def rules_in(modules: Iterable[ModuleType]) -> dict[str, Rule]:
    """Every rule of the modules by name.

    Raises:
        TypeError: Two rules have the same name.
    """
    found: dict[str, Rule] = {}
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, Rule) and found.setdefault(value.name, value) is not value:
                raise TypeError(f"two rules are called {value.name}")
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a decision: when the condition holds, this is the outcome; a lower rank wins."""

    rank: int
    when: Expression
    then: Value
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision table: the true row with the lowest rank gives the outcome, ``otherwise`` if none is true.

    Attributes:
        name: The step that it gives.
        rows: In any order; rows of one rank that hold at once give the same.
        otherwise: The outcome where no row holds.
        apart: Whether rows that are joined keep their clauses, each with its own condition.
    """

    name: str
    rows: tuple[Row, ...]
    otherwise: Value
    apart: bool = False

    def ranked(self) -> list[tuple[Expression, Value, tuple[str, ...]]]:
        """The rows in order of rank; rows of one rank and outcome are joined by *or*, so that order never matters."""
        groups: dict[tuple[int, Value], list[Row]] = {}
        for row in sorted(self.rows, key=lambda row: row.rank):
            groups.setdefault((row.rank, row.then), []).append(row)
        found = []
        for (_, then), rows in groups.items():
            conditions = [self._condition(row) for row in rows]
            grounds = () if self.apart else tuple(dict.fromkeys(clause for row in rows for clause in row.clauses))
            found.append((reduce(lambda left, right: left | right, conditions), then, grounds))
        return found

    def _condition(self, row: Row) -> Expression:
        return row.when.named(GROUND, *row.clauses) if self.apart and row.clauses else row.when

    def tree(self, *clauses: str) -> Expression:
        """The decision as one expression, a step of its name; the row that decides shows its own clauses."""
        tree = constant(self.otherwise)
        for when, then, grounds in reversed(self.ranked()):
            outcome = constant(then).named(GROUND, *grounds) if grounds else constant(then)
            tree = choose(when, outcome, tree)
        return tree.named(self.name, *clauses)

    def outcomes(self) -> tuple[Value, ...]:
        """Every outcome the table can give."""
        return tuple(dict.fromkeys([*(row.then for row in self.rows), self.otherwise]))
