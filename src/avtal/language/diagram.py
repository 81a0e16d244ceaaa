"""Trees as decision diagrams: what a tree comes to in every case there can be, held in a small graph.

A fact has a few answers that can make a difference, and *nobody has said it*; a reading has its options. A diagram asks
one of them after another, and parts that lead to the same are one, so that the graph stays small where the cases are
counted in thousands of millions. Equal diagrams are the same node: what can never be is the node of *no*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from itertools import combinations
from typing import Any, TypeAlias, cast

from avtal.language.evaluate import OPERATORS, Case, Values
from avtal.language.expression import Expression, Value

Diagram: TypeAlias = int
Answers: TypeAlias = tuple["Value | None", ...]

#: Where the variables are asked after all others: a diagram that asks nothing.
_END = 10**6


class Diagrams:
    """Diagrams over the same variables: facts, readings, and conditions that stand for themselves.

    Args:
        variables: Each with its answers, in the order in which they are asked.
        values: Where parameters are looked up.
        opaque: Conditions that are not looked into: the variable that stands for each.
    """

    def __init__(self, variables: Mapping[str, Answers], values: Values, opaque: Mapping[Expression, str]) -> None:
        self.answers = list(variables.values())
        self.names = list(variables)
        self._place = {name: place for place, name in enumerate(variables)}
        self._values = values
        self._opaque = opaque
        self._nodes: list[tuple[int, Any]] = []
        self._known: dict[object, Diagram] = {}
        self._built: dict[Expression, Diagram] = {}
        self._combined: dict[object, Diagram] = {}
        self.yes, self.no = self.leaf(True), self.leaf(False)

    def leaf(self, value: Value | None) -> Diagram:
        """The same in every case."""
        return self._node((_END, value), (_END, type(value), value))

    def of(self, tree: Expression) -> Diagram:
        """What a tree comes to: its value, or None where it is unknown."""
        if tree not in self._built:
            self._built[tree] = self._made(tree)
        return self._built[tree]

    def holds(self, condition: Diagram) -> Diagram:
        """Where a condition is known to be true."""
        return self._combine("holds", lambda value: value is True, condition)

    def fails(self, condition: Diagram) -> Diagram:
        """Where a condition is known to be false."""
        return self._combine("fails", lambda value: value is False, condition)

    def is_open(self, tree: Diagram) -> Diagram:
        """Where a tree is unknown."""
        return self._combine("open", lambda value: value is None, tree)

    def both(self, *conditions: Diagram) -> Diagram:
        """Where all of them hold; of such as are never unknown."""
        return reduce(lambda left, right: self._combine("and", _and, left, right), conditions, self.yes)

    def among(self, where: Diagram, counts: Callable[[str, Value | None], bool]) -> Diagram:
        """Where a condition holds with answers that count alone."""
        made: dict[Diagram, Diagram] = {}

        def limited(node: Diagram) -> Diagram:
            place, below = self._nodes[node]
            if place == _END:
                return node
            if node not in made:
                name, answers = self.names[place], self.answers[place]
                kept = (
                    limited(child) if counts(name, answer) else self.no
                    for answer, child in zip(answers, below, strict=True)
                )
                made[node] = self._asked(place, tuple(kept))
            return made[node]

        return limited(where)

    def allowed(self, refused: Callable[[Case], bool]) -> Diagram:
        """Where no two answers are refused together."""
        found = self.yes
        for (first, one), (second, other) in combinations(enumerate(self.names), 2):
            below = [
                self._asked(
                    second,
                    tuple(self.no if refused({one: a, other: b}) else self.yes for b in self.answers[second]),
                )
                for a in self.answers[first]
            ]
            found = self.both(found, self._asked(first, tuple(below)))
        return found

    def cases(self, where: Diagram, refused: Callable[[Case], bool]) -> Iterator[Case]:
        """Cases in which a condition holds, with the answers that it takes and no more.

        Args:
            where: The condition; it is never unknown.
            refused: Whether what is stated is refused; it stays so whatever else is stated.
        """

        def search(node: Diagram, case: dict[str, Value | None]) -> Iterator[Case]:
            place, below = self._nodes[node]
            if place == _END:
                yield case
            else:
                for answer, child in zip(self.answers[place], below, strict=True):
                    longer = {**case, self.names[place]: answer}
                    if child != self.no and not refused(longer):
                        yield from search(child, longer)

        return search(where, {}) if where != self.no else iter(())

    def _node(self, node: tuple[int, Any], key: object) -> Diagram:
        if key not in self._known:
            self._known[key] = len(self._nodes)
            self._nodes.append(node)
        return self._known[key]

    def _asked(self, place: int, below: tuple[Diagram, ...]) -> Diagram:
        """A variable with what each answer leads to; nothing is asked where all lead to the same."""
        return below[0] if len(set(below)) == 1 else self._node((place, below), (place, below))

    def _variable(self, name: str) -> Diagram:
        place = self._place[name]
        return self._asked(place, tuple(self.leaf(answer) for answer in self.answers[place]))

    def _made(self, tree: Expression) -> Diagram:
        if tree in self._opaque:
            return self._variable(self._opaque[tree])
        match tree.op:
            case "constant":
                return self.leaf(tree.payload)
            case "fact":
                return self._variable(tree.name)
            case "step":
                return self.of(tree.args[0])
            case "reading":
                return self._option(tree)
            case "parameter":
                return self._combine(("parameter", tree.name), self._parameter(tree.name), self.of(tree.args[0]))
            case "in":
                codes = tree.payload
                return self._combine(("in", codes), lambda v: None if v is None else v in codes, self.of(tree.args[0]))
            case op if op in _LOGIC:
                return self._combine(op, _LOGIC[op], *map(self.of, tree.args))
        return self._combine(tree.op, _strict(OPERATORS[tree.op]), *map(self.of, tree.args))

    def _option(self, tree: Expression) -> Diagram:
        """The branch of each option in turn."""
        branches: dict[str, Diagram] = dict(zip(tree.payload, map(self.of, tree.args), strict=True))
        chosen = self._variable(tree.name)
        _, found = branches.popitem()
        for option, branch in branches.items():
            here = self._combine(("is", option), lambda value, option=option: value == option, chosen)
            found = self._combine("choose", _choose, here, branch, found)
        return found

    def _parameter(self, name: str) -> Callable[[Any], Any]:
        def on(day: Any) -> Value | None:
            try:
                return None if day is None else cast("Value", self._values.parameter(name, day).value)
            except LookupError:  # nobody has entered it
                return None

        return on

    def _combine(self, key: object, compute: Callable[..., Any], *operands: Diagram) -> Diagram:
        """What an operator makes of its operands, case by case."""
        known = self._combined.get((key, operands))
        if known is not None:
            return known
        nodes = [self._nodes[one] for one in operands]
        pairs = list(zip(operands, nodes, strict=True))
        place = min(at for at, _ in nodes)
        if place == _END:
            found = self.leaf(compute(*(value for _, value in nodes)))
        else:
            below = [
                self._combine(key, compute, *(under[number] if at == place else one for one, (at, under) in pairs))
                for number in range(len(self.answers[place]))
            ]
            found = self._asked(place, tuple(below))
        self._combined[key, operands] = found
        return found


def _and(left: Value | None, right: Value | None) -> Value | None:
    return False if left is False or right is False else None if left is None or right is None else True


def _or(left: Value | None, right: Value | None) -> Value | None:
    return True if left is True or right is True else None if left is None or right is None else False


def _choose(condition: Value | None, then: Value | None, otherwise: Value | None) -> Value | None:
    return None if condition is None else then if condition else otherwise


def _strict(combine: Callable[[Any, Any], Value]) -> Callable[[Any, Any], Value | None]:
    return lambda left, right: None if left is None or right is None else combine(left, right)


_LOGIC: dict[str, Callable[..., Any]] = {
    "and": _and,
    "or": _or,
    "not": lambda value: None if value is None else not value,
    "is_true": lambda value: value is True,
    "choose": _choose,
}
