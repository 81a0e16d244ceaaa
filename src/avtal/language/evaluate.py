"""One case: the value, three-valued, with its explanation, the facts that are missing and the one to ask for next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol, cast

from avtal.explain import Step
from avtal.language.expression import Expression, Kind, Value, constant
from avtal.language.facts import FactSet

Case = Mapping[str, Value | None]


class Values(Protocol):
    """What a tree looks up: dated parameters and the options chosen for readings. An ``Edition`` is one."""

    def parameter(self, name: str, day: date) -> Step:
        """The parameter's value on a day, as a step with its source.

        Raises:
            MissingValue: Nobody has entered it, or it was not in force.
        """

    def history(self, name: str) -> tuple[tuple[date, Value | None], ...]:
        """First day of each value, in order; None from where nothing is known."""

    def reading(self, name: str) -> Step:
        """The option chosen for a reading, as a step whose value is the option."""


OPERATORS: dict[str, Callable[[Any, Any], Value]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "//": lambda a, b: a // b,
    "ceil_div": lambda a, b: -(-a // b),
    "min": min,
    "max": max,
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a tree gives for one case.

    Attributes:
        value: True, false, a number, a date or a code; None is unknown.
        explanation: The steps that led there.
        missing: The facts that would have to be known, in order of asking; empty when the value is known.
    """

    value: Value | None
    explanation: Step
    missing: tuple[str, ...]


def evaluate(tree: Expression, case: Case, values: Values) -> Result:
    """The tree's value for one case, with its explanation and the facts that are missing.

    Raises:
        MissingValue: A parameter that the case needs is not entered.
    """
    return Evaluation(case, values).result(tree)


class Evaluation:
    """One case evaluated: trees that share steps share their work.

    Every visible node adds a step to the list of the step above it.
    """

    __slots__ = ("case", "done", "values")

    def __init__(self, case: Case, values: Values) -> None:
        self.case = case
        self.values = values
        self.done: dict[object, Step] = {}

    def result(self, tree: Expression) -> Result:
        """One tree's value, explanation and missing facts."""
        steps: list[Step] = []
        value = self.value(tree, steps)
        top = steps[0] if tree.op == "step" else Step("result", value, "step", steps=tuple(steps))
        return Result(value, top, missing(tree, self.case, self.values) if value is None else ())

    def value(self, node: Expression, steps: list[Step]) -> Value | None:
        """A node's value; its visible steps are added to ``steps``."""
        op = node.op
        if op == "constant":
            return cast("Value", node.payload)
        if op == "fact":
            return self._shown(node.name, steps, lambda: Step(node.name, self.case.get(node.name), "fact"))
        if op == "step":
            return self._shown(node, steps, lambda: self._step(node))
        args = node.args
        if op == "choose":
            condition = self.value(args[0], steps)
            return None if condition is None else self.value(args[1] if condition else args[2], steps)
        if op == "parameter":
            day = self.value(args[0], steps)
            return None if day is None else self._look_up(self.values.parameter(node.name, cast("date", day)), steps)
        if op == "reading":
            option = self._look_up(self.values.reading(node.name), steps)
            return self.value(args[node.payload.index(option)], steps)
        left = self.value(args[0], steps)
        if op == "not":
            return None if left is None else not left
        if op == "in":
            return None if left is None else left in node.payload
        if op == "is_true":
            return left is True
        right = self.value(args[1], steps)
        if op == "and":
            return False if left is False or right is False else None if left is None or right is None else True
        if op == "or":
            return True if left is True or right is True else None if left is None or right is None else False
        return None if left is None or right is None else OPERATORS[op](left, right)

    def _step(self, node: Expression) -> Step:
        below: list[Step] = []
        value = self.value(node.args[0], below)
        return Step(node.name, value, "step", node.clauses, steps=tuple(below))

    def _shown(self, key: object, steps: list[Step], make: Callable[[], Step]) -> Value | None:
        step = self.done.get(key)
        if step is None:
            step = self.done[key] = make()
        return self._look_up(step, steps)

    @staticmethod
    def _look_up(step: Step, steps: list[Step]) -> Value | None:
        if not any(step is shown for shown in steps):
            steps.append(step)
        return cast("Value | None", step.value)


def missing(tree: Expression, case: Case, values: Values) -> tuple[str, ...]:
    """The unknown facts that keep the tree's value unknown, in the order the tree meets them."""
    run = Evaluation(case, values)
    found: dict[str, None] = {}

    def visit(node: Expression) -> None:
        if run.value(node, []) is not None:
            return
        if node.op == "fact":
            found[node.name] = None
        elif node.op == "choose" and (condition := run.value(node.args[0], [])) is not None:
            visit(node.args[1] if condition else node.args[2])
        elif node.op == "choose":
            visit(node.args[0])
        elif node.op == "reading":
            visit(node.args[node.payload.index(values.reading(node.name).value)])
        else:
            for arg in node.args:
                visit(arg)

    visit(tree)
    return tuple(found)


def next_question(tree: Expression, case: Case, values: Values, declared: FactSet) -> str | None:
    """The missing fact whose answers most often settle the tree; the first one asked wins a tie. None if settled."""
    open_facts = missing(tree, case, values)

    def settled(fact: str) -> tuple[int, int]:
        answers = probes(tree, fact, declared)
        known = sum(_settles(tree, {**case, fact: answer}, values) for answer in answers)
        return known * 1000 // len(answers), -open_facts.index(fact)

    return max(open_facts, key=settled, default=None)


def _settles(tree: Expression, case: Case, values: Values) -> bool:
    try:
        return Evaluation(case, values).value(tree, []) is not None
    except LookupError:  # a number that nobody has entered: the answer leads no further
        return False


def probes(tree: Expression, fact: str, declared: FactSet) -> tuple[Value, ...]:
    """The values of a fact that can make a difference: every code, both truth values, both sides of each boundary."""
    kind = declared[fact]
    if kind.probes:
        return kind.probes
    if kind.kind is Kind.BOOL:
        return (True, False)
    compared = [value for value, names in _compared(tree) if fact in names and constant(value).kind is kind.kind]
    if kind.kind is Kind.CODE:
        return kind.values or tuple(dict.fromkeys([*compared, "other"]))
    if kind.kind is Kind.DATE:
        days = cast("list[date]", compared) or [date(2026, 1, 1)]
        return tuple(sorted({day + timedelta(days=n) for day in days for n in (-1, 0, 1)}))
    numbers = cast("list[int]", compared) or [0]
    inside = {n + d for n in numbers for d in (-1, 0, 1)} | {kind.low}
    return tuple(sorted(n for n in inside if kind.low <= n <= kind.high))


def _compared(tree: Expression) -> Iterable[tuple[Value, tuple[str, ...]]]:
    for node in tree.walk():
        if node.op in ("=", "<>", "<", "<=", ">", ">=", "min", "max") and node.args[1].op == "constant":
            yield node.args[1].payload, node.args[0].facts()
        elif node.op == "in":
            for code in node.payload:
                yield code, node.args[0].facts()
        elif node.op in ("//", "ceil_div"):
            yield node.args[1].payload, node.args[0].facts()
