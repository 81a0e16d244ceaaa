"""Which answers to a fact can make a difference to conditions, exactly; and which conditions cannot be told so.

A fact that is only compared with numbers, days and codes needs one answer on each side of every boundary. What is
computed from several facts, such as minutes that are added, has no boundary of its own: such a condition is *opaque*.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from avtal.language.diagram import Answers
from avtal.language.evaluate import OTHER, Values
from avtal.language.expression import Expression, Kind, Value
from avtal.language.facts import FIRST_DAY, LAST_DAY, Fact, FactSet

_COMPARISONS = {"=", "<>", "<", "<=", ">", ">=", "in"}
_EITHER: Answers = (True, False, None)


@dataclass(slots=True)
class Variables:
    """What a diagram of some conditions asks for.

    Attributes:
        answers: Fact, reading or opaque condition -> its answers; None for what nobody has said.
        readings: The readings among them.
        opaque: Conditions that are not looked into -> the variable that stands for each.
        computed: The facts that such conditions are computed from.
    """

    answers: dict[str, Answers] = field(default_factory=dict)
    readings: set[str] = field(default_factory=set)
    opaque: dict[Expression, str] = field(default_factory=dict)
    computed: dict[str, None] = field(default_factory=dict)


class _ComputedError(Exception):
    """A value that is not just a fact or one of some constants."""


def variables(conditions: Iterable[Expression], declared: FactSet, values: Values) -> Variables:
    """The variables of some conditions, in the order in which they meet them."""
    return _Reader(declared, values).read(list(conditions))


class _Reader:
    """Reads conditions through, first for the boundaries of each fact, then for the order of asking."""

    def __init__(self, declared: FactSet, values: Values) -> None:
        self.declared = declared
        self.values = values
        self.found = Variables()
        self.bounds: dict[str, set[Value]] = {}
        self.shapes: dict[object, str] = {}
        self.shape_of: dict[Expression, str] = {}

    def read(self, conditions: list[Expression]) -> Variables:
        """Every variable with its answers."""
        seen: set[Expression] = set()
        for condition in conditions:
            self._bound(condition, seen)
        seen.clear()
        for condition in conditions:
            self._order(condition, seen)
        return self.found

    def _bound(self, node: Expression, seen: set[Expression]) -> None:
        """Boundaries of the facts below a node; what is opaque is not looked into."""
        if node in seen:
            return
        seen.add(node)
        if node.op in _COMPARISONS or (node.op == "fact" and self._worked_out(node.name)):
            try:
                self._compare(node)
            except _ComputedError:
                self.found.opaque[node] = self._shape(node)
                self.found.computed |= dict.fromkeys(node.facts())
                return
        for arg in node.args:
            self._bound(arg, seen)

    def _worked_out(self, name: str) -> bool:
        """Whether a fact follows from others, and is not just the day that is asked for."""
        return self.declared[name].derived and not self.declared[name].probes

    def _compare(self, node: Expression) -> None:
        facts: set[str] = set()
        bounds: set[Value] = set(node.payload) if node.op == "in" else set()
        for arg in node.args:
            self._sources(arg, facts, bounds)
        if node.op == "fact" or any(map(self._worked_out, facts)):
            raise _ComputedError
        if len(facts) > 1 and not all(self.declared[name].values for name in facts):
            raise _ComputedError  # two numbers, or two names, that are held against each other
        for name in facts:
            self.bounds.setdefault(name, set()).update(bounds)

    def _sources(self, node: Expression, facts: set[str], bounds: set[Value]) -> None:
        """The facts and the constants that a value is one of."""
        match node.op:
            case _ if node.kind is Kind.BOOL:
                return  # either way
            case "fact":
                facts.add(node.name)
            case "constant":
                bounds.add(node.payload)
            case "parameter":
                self._dated(node)
                bounds.update(value for _, value in self.values.history(node.name) if value is not None)
            case "step" | "reading":
                for arg in node.args:
                    self._sources(arg, facts, bounds)
            case "choose":
                for arg in node.args[1:]:
                    self._sources(arg, facts, bounds)
            case _:
                raise _ComputedError

    def _dated(self, node: Expression) -> None:
        """The days on which a parameter changes are boundaries of the day that it is asked for."""
        days: set[str] = set()
        self._sources(node.args[0], days, set())
        for name in days:
            self.bounds.setdefault(name, set()).update(day for day, _ in self.values.history(node.name))

    def _shape(self, node: Expression) -> str:
        """A name that conditions of one shape share."""
        if node not in self.shape_of:
            key = (node.op, node.kind, node.name, node.payload, tuple(map(self._shape, node.args)))
            self.shape_of[node] = self.shapes.setdefault(key, f"{node.op}{len(self.shapes)}")
        return self.shape_of[node]

    def _order(self, node: Expression, seen: set[Expression]) -> None:
        if node in seen:
            return
        seen.add(node)
        if node in self.found.opaque:
            self.found.answers[self.found.opaque[node]] = _EITHER
            return
        for arg in node.args:
            self._order(arg, seen)
        if node.op == "fact":
            self.found.answers[node.name] = _answers(self.declared[node.name], self.bounds.get(node.name, set()))
        elif node.op == "reading":
            options = dict.fromkeys((*self.found.answers.get(node.name, ()), *node.payload))
            self.found.answers[node.name] = tuple(options)
            self.found.readings.add(node.name)


def _answers(fact: Fact, bounds: set[Value]) -> Answers:
    """A fact's answers on every side of its boundaries, and that nobody has said it."""
    unsaid: Answers = () if fact.derived else (None,)
    match fact.kind:
        case Kind.BOOL:
            return (True, False, *unsaid)
        case Kind.CODE:
            codes = sorted(str(code) for code in bounds)
            return (*(fact.values or (*codes, OTHER)), *unsaid)
        case Kind.DATE:
            return (*_days(fact, {day for day in bounds if isinstance(day, date)}), *unsaid)
    near = {int(str(number)) + step for number in bounds for step in (-1, 0, 1)} | {fact.low}
    return (*sorted(number for number in near if fact.low <= number <= fact.high), *unsaid)


def _days(fact: Fact, bounds: set[date]) -> tuple[date, ...]:
    """Days on every side of the boundaries, within those that the fact may be."""
    probes = [day for day in fact.probes if isinstance(day, date)] or [FIRST_DAY, LAST_DAY]
    first, last = min(probes), max(probes)
    near = {day + timedelta(days=step) for day in bounds for step in (-1, 0, 1)} | {first, last}
    return tuple(sorted(day for day in near if first <= day <= last))
