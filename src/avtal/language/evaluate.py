"""One case: the value, three-valued, with its explanation, the facts that are missing and the one to ask for next."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Protocol, TypeAlias, cast

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


def branch(node: Expression, values: Values) -> Expression:
    """What a reading's node stands for: the branch of the chosen option."""
    return cast("Expression", node.args[node.payload.index(values.reading(node.name).value)])


OPERATORS: dict[str, Callable[[Any, Any], Value]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "ceil_div": lambda a, b: -(-a // b),
    "min": min,
    "max": max,
}
_BOUNDED = {"=", "<>", "<", "<=", ">", ">=", "min", "max", "//", "ceil_div"}  # a constant to the right is a boundary
OTHER = "other"  # any code that no rule names


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

    Every visible node adds a step to the steps of the one above it: a dict, so that each is there once, in order.
    """

    __slots__ = ("case", "done", "silent", "values")

    def __init__(self, case: Case, values: Values, silent: frozenset[str] = frozenset()) -> None:
        self.case = case
        self.values = values
        #: Documents and clauses that do not speak of the case: see ``citing``.
        self.silent = silent
        self.done: dict[object, Step] = {}

    def result(self, tree: Expression) -> Result:
        """One tree's value, explanation and missing facts."""
        steps: Steps = {}
        value = self.value(tree, steps)
        top = next(iter(steps)) if tree.op == "step" else Step("result", value, "step", steps=tuple(steps))
        return Result(value, top, missing(tree, self.case, self.values) if value is None else ())

    def value(self, node: Expression, steps: Steps) -> Value | None:
        """A node's value; its visible steps are added to ``steps``."""
        return cast("Value | None", _prepared(node)(self, steps))


Steps: TypeAlias = dict[Step, None]
Run: TypeAlias = Callable[[Evaluation, Steps], Any]


@lru_cache(maxsize=16_384)
def _prepared(node: Expression) -> Run:
    """A node as a function that looks at its operator no more: trees are built once and evaluated often."""
    op = node.op
    if op in _VISIBLE:
        return _VISIBLE[op](node)
    runs = tuple(map(_prepared, node.args))
    if op in _LOGIC:
        return _LOGIC[op](node, *runs)
    combine, (left, right) = OPERATORS[op], runs
    if node.args[1].op == "constant":
        number = node.args[1].payload

        def with_constant(run: Evaluation, steps: Steps) -> Any:
            value = left(run, steps)
            return None if value is None else combine(value, number)

        return with_constant

    def both(run: Evaluation, steps: Steps) -> Any:
        first, second = left(run, steps), right(run, steps)
        return None if first is None or second is None else combine(first, second)

    return both


def _fact(node: Expression) -> Run:
    name = node.name

    def fact(run: Evaluation, steps: Steps) -> Any:
        step = run.done.get(name)
        if step is None:
            step = run.done[name] = Step(name, run.case.get(name), "fact")
        steps[step] = None
        return step.value

    return fact


def _step(node: Expression) -> Run:
    name, clauses, inner = node.name, node.clauses, _prepared(node.args[0])

    def step(run: Evaluation, steps: Steps) -> Any:
        made = run.done.get(node)
        if made is None:
            below: Steps = {}
            value = inner(run, below)
            made = run.done[node] = Step(name, value, "step", clauses, "", "", tuple(below))
        steps[made] = None
        return made.value

    return step


def _parameter(node: Expression) -> Run:
    name, on = node.name, _prepared(node.args[0])

    def parameter(run: Evaluation, steps: Steps) -> Any:
        day = on(run, steps)
        if day is None:
            return None
        step = run.values.parameter(name, day)
        steps[step] = None
        return step.value

    return parameter


def _reading(node: Expression) -> Run:
    name, branches = node.name, dict(zip(node.payload, map(_prepared, node.args), strict=True))

    def reading(run: Evaluation, steps: Steps) -> Any:
        step = run.values.reading(name)
        steps[step] = None
        return branches[step.value](run, steps)

    return reading


def _constant(node: Expression) -> Run:
    payload = node.payload
    return lambda _run, _steps: payload


def _choose(_: Expression, condition: Run, then: Run, otherwise: Run) -> Run:
    def choose(run: Evaluation, steps: Steps) -> Any:
        chosen = condition(run, steps)
        return None if chosen is None else then(run, steps) if chosen else otherwise(run, steps)

    return choose


def _and(_: Expression, left: Run, right: Run) -> Run:
    def both(run: Evaluation, steps: Steps) -> Any:
        a, b = left(run, steps), right(run, steps)
        return False if a is False or b is False else None if a is None or b is None else True

    return both


def _or(_: Expression, left: Run, right: Run) -> Run:
    def either(run: Evaluation, steps: Steps) -> Any:
        a, b = left(run, steps), right(run, steps)
        return True if a is True or b is True else None if a is None or b is None else False

    return either


def _not(_: Expression, inner: Run) -> Run:
    def turned(run: Evaluation, steps: Steps) -> Any:
        value = inner(run, steps)
        return None if value is None else not value

    return turned


def _in(node: Expression, inner: Run) -> Run:
    codes = node.payload

    def among(run: Evaluation, steps: Steps) -> Any:
        value = inner(run, steps)
        return None if value is None else value in codes

    return among


def _is_true(_: Expression, inner: Run) -> Run:
    return lambda run, steps: inner(run, steps) is True


_VISIBLE: dict[str, Callable[[Expression], Run]] = {
    "fact": _fact, "step": _step, "parameter": _parameter, "reading": _reading, "constant": _constant,
}  # fmt: skip
_LOGIC: dict[str, Callable[..., Run]] = {
    "choose": _choose, "and": _and, "or": _or, "not": _not, "in": _in, "is_true": _is_true,
}  # fmt: skip


def missing(tree: Expression, case: Case, values: Values) -> tuple[str, ...]:
    """The unknown facts that keep the tree's value unknown, in the order the tree meets them."""
    run = Evaluation(case, values)
    return lacking(tree, lambda node: run.value(node, {}), values)


def lacking(tree: Expression, value_of: Callable[[Expression], Value | None], values: Values) -> tuple[str, ...]:
    """The facts that keep a tree unknown, as ``missing`` gives them, whoever gives the nodes' values."""
    found: dict[str, None] = {}
    seen: set[Expression] = set()

    def visit(node: Expression) -> None:
        if node in seen or value_of(node) is not None:
            return
        seen.add(node)
        if node.op == "fact":
            found[node.name] = None
        elif node.op == "choose" and (condition := value_of(node.args[0])) is not None:
            visit(node.args[1] if condition else node.args[2])
        elif node.op == "choose":
            visit(node.args[0])
        elif node.op == "reading":
            visit(branch(node, values))
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
        known = sum(settles(tree, {**case, fact: answer}, values) for answer in answers)
        return known * 1000 // len(answers), -open_facts.index(fact)

    return max(open_facts, key=settled, default=None)


def settles(tree: Expression, case: Case, values: Values) -> bool:
    """Whether the tree's value is known for a case."""
    try:
        return Evaluation(case, values).value(tree, {}) is not None
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
        return kind.values or tuple(dict.fromkeys([*compared, OTHER]))
    if kind.kind is Kind.DATE:
        days = cast("list[date]", compared) or [date(2026, 1, 1)]
        return tuple(sorted({day + timedelta(days=n) for day in days for n in (-1, 0, 1)}))
    numbers = cast("list[int]", compared) or [0]
    inside = {n + d for n in numbers for d in (-1, 0, 1)} | {kind.low}
    return tuple(sorted(n for n in inside if kind.low <= n <= kind.high))


def _compared(tree: Expression) -> Iterator[tuple[Value, frozenset[str]]]:
    """What is compared or divided by, with the facts that stand on the other side: not those that only choose there."""
    carried: dict[Expression, frozenset[str]] = {}
    for node in tree.walk():
        made_of = node.args[1:] if node.op == "choose" else node.args
        named = frozenset({node.name} if node.op == "fact" else ())
        carried[node] = named.union(*(carried[arg] for arg in made_of))
        if node.op == "in":
            for code in node.payload:
                yield code, carried[node.args[0]]
        elif node.op in _BOUNDED and node.args[1].op == "constant":
            yield node.args[1].payload, carried[node.args[0]]
