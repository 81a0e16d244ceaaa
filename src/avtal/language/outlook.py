"""What trees can still come to while facts are open, and which open facts can still make a difference.

A fact is known, open (it may be asked for) or passed by (whoever asks does not know it, so it stays unknown). A node's
outlook is everything it can come to: a mask for a truth value, a set for any other. Where just one thing is possible,
nothing below matters. That two conditions on one open fact exclude each other is not seen: an outlook leaves nothing
out that is possible, but may hold a little more.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias, cast

from avtal.language.evaluate import OPERATORS, Case, Values, branch
from avtal.language.expression import Expression, Kind, Value

TRUE, FALSE, UNKNOWN = 1, 2, 4
_OF: dict[Value | None, int] = {True: TRUE, False: FALSE, None: UNKNOWN}
_EITHER = TRUE | FALSE
#: Any value that the fact may have; it is not known which.
OPEN = "<open>"
_UNSAID: frozenset[Any] = frozenset({None})

State: TypeAlias = "int | frozenset[Any]"
Compute: TypeAlias = Callable[[list[Any], tuple[int, ...], Any], State]


@dataclass(frozen=True, slots=True)
class _Node:
    """A node without its steps and readings: how its outlook follows from those of its operands."""

    op: str
    args: tuple[int, ...]
    payload: Any
    compute: Compute


class Outlook:
    """Trees under one edition, flattened once: equal nodes are one, a reading is the branch that is chosen."""

    def __init__(self, trees: Mapping[str, Expression], values: Values) -> None:
        self._values = values
        self._nodes: list[_Node] = []
        self._known: dict[object, int] = {}
        self._roots = {name: self._add(tree) for name, tree in trees.items()}

    def view(
        self,
        case: Case,
        passed: Container[str] = (),
        *,
        said_only: bool = False,
        taken: Mapping[str, bool | None] = {},  # nothing writes to it
    ) -> View:
        """What is possible for a case; facts that it does not hold are open, but for those that are passed by.

        Args:
            case: The facts that are known.
            passed: Facts that stay unknown.
            said_only: Whether what counts only when it has been said is taken not to be said.
            taken: Truths that trees are taken to have: what is possible is what is so under any of them.

        Raises:
            MissingValue: A parameter that the case needs is not entered.
        """
        states: list[Any] = []
        forced = {self._roots[name]: _OF[truth] for name, truth in taken.items()}
        for index, node in enumerate(self._nodes):
            if index in forced:
                states.append(forced[index])
            elif node.op == "fact":
                name, truth = node.payload
                states.append(_fact(name, truth, case, passed))
            elif node.op == "is_true" and said_only:
                states.append(TRUE if states[node.args[0]] == TRUE else FALSE)
            else:
                states.append(node.compute(states, node.args, node.payload))
        return View(self._nodes, self._roots, states)

    def __contains__(self, name: str) -> bool:
        """Whether it has a tree of that name."""
        return name in self._roots

    def _add(self, tree: Expression) -> int:
        if tree.op == "step":
            return self._add(tree.args[0])
        if tree.op == "reading":
            return self._add(branch(tree, self._values))
        if tree in self._known:
            return self._known[tree]
        args = tuple(self._add(arg) for arg in tree.args)
        payload, compute = self._told(tree)
        key = (tree.op, args, type(payload), payload)
        if key not in self._known:
            self._known[key] = len(self._nodes)
            self._nodes.append(_Node(tree.op, args, payload, compute))
        self._known[tree] = self._known[key]
        return self._known[key]

    def _told(self, tree: Expression) -> tuple[Any, Compute]:
        match tree.op:
            case "fact":
                return (tree.name, tree.kind is Kind.BOOL), _given
            case "constant":
                return (_OF[tree.payload] if tree.kind is Kind.BOOL else frozenset({tree.payload})), _given
            case "parameter":
                return tree.name, self._parameter
            case "choose":
                return None, _choose_truth if tree.kind is Kind.BOOL else _choose
            case "in":
                return frozenset(tree.payload), _in
            case op if op in _LOGIC:
                return None, _LOGIC[op]
        return (OPERATORS[tree.op], tree.kind is Kind.BOOL), _operator

    def _parameter(self, states: list[Any], args: tuple[int, ...], name: str) -> State:
        found = set()
        for day in states[args[0]]:
            found.add(day if day in (None, OPEN) else self._values.parameter(name, day).value)
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class View:
    """The outlook of one case."""

    _nodes: list[_Node]
    _roots: Mapping[str, int]
    _states: list[Any]

    def possible(self, name: str) -> tuple[Value | None, ...]:
        """Everything that a tree can come to; None stands for unknown, ``OPEN`` for any value of an open fact."""
        state = self._states[self._roots[name]]
        if isinstance(state, int):
            return tuple(value for value, bit in _OF.items() if state & bit)
        return tuple(state)

    def settled(self, name: str) -> bool:
        """Whether a tree has one known value, whatever the open facts are."""
        found = self.possible(name)
        return len(found) == 1 and found[0] not in (None, OPEN)

    def live(self, names: Iterable[str]) -> frozenset[str]:
        """The open facts that can still make a difference to any of the trees."""
        found: set[str] = set()
        seen: set[int] = set()
        open_ = [self._roots[name] for name in names]
        while open_:
            index = open_.pop()
            if index in seen or _single(self._states[index]):
                continue
            seen.add(index)
            node = self._nodes[index]
            if node.op == "fact":
                found.add(node.payload[0])
            elif node.op == "choose":
                condition = self._states[node.args[0]]
                open_.append(node.args[0])
                open_ += [arg for arg, bit in zip(node.args[1:], (TRUE, FALSE), strict=True) if condition & bit]
            else:
                open_ += node.args
        return frozenset(found)


def _single(state: State) -> bool:
    return state in (TRUE, FALSE, UNKNOWN) if isinstance(state, int) else len(state) == 1 and OPEN not in state


def _fact(name: str, truth: bool, case: Case, passed: Container[str]) -> State:  # noqa: FBT001  # a fact's kind
    value = case.get(name)
    if value is not None:
        return _OF[value] if truth else frozenset({value})
    if name in passed:
        return UNKNOWN if truth else _UNSAID
    return _EITHER if truth else frozenset({OPEN})


def _given(_: list[Any], __: tuple[int, ...], payload: State) -> State:
    return payload


def _table(combine: Callable[[Any, Any], Any]) -> tuple[int, ...]:
    """What two masks give together, at 8 times the first plus the second."""
    found = []
    for left, right in product(range(8), repeat=2):
        pairs = product(*([value for value, bit in _OF.items() if mask & bit] for mask in (left, right)))
        found.append(_mask(combine(a, b) for a, b in pairs))
    return tuple(found)


def _mask(values: Iterable[Any]) -> int:
    mask = 0
    for value in values:
        mask |= _OF[value]
    return mask


_AND = _table(lambda a, b: False if a is False or b is False else None if a is None or b is None else True)
_OR = _table(lambda a, b: True if a is True or b is True else None if a is None or b is None else False)
_NOT = tuple(_mask(None if v is None else not v for v, bit in _OF.items() if mask & bit) for mask in range(8))
_SAID = tuple(_mask(v is True for v, bit in _OF.items() if mask & bit) for mask in range(8))

_LOGIC: dict[str, Compute] = {
    "and": lambda states, args, _: _AND[8 * states[args[0]] + states[args[1]]],
    "or": lambda states, args, _: _OR[8 * states[args[0]] + states[args[1]]],
    "not": lambda states, args, _: _NOT[states[args[0]]],
    "is_true": lambda states, args, _: _SAID[states[args[0]]],
}


def _choose_truth(states: list[Any], args: tuple[int, ...], _: Any) -> State:
    condition = states[args[0]]
    return cast(
        "int",
        (states[args[1]] if condition & TRUE else 0)
        | (states[args[2]] if condition & FALSE else 0)
        | (condition & UNKNOWN),
    )


def _choose(states: list[Any], args: tuple[int, ...], _: Any) -> State:
    condition = states[args[0]]
    found: frozenset[Any] = _UNSAID if condition & UNKNOWN else frozenset()
    if condition & TRUE:
        found |= states[args[1]]
    if condition & FALSE:
        found |= states[args[2]]
    return found


def _in(states: list[Any], args: tuple[int, ...], codes: frozenset[str]) -> State:
    mask = 0
    for value in states[args[0]]:
        mask |= _EITHER if value is OPEN else UNKNOWN if value is None else _OF[value in codes]
    return mask


def _operator(states: list[Any], args: tuple[int, ...], payload: tuple[Callable[[Any, Any], Any], bool]) -> State:
    """A comparison, a sum: of what is open, anything; of what is unknown, unknown."""
    combine, truth = payload
    found: set[Any] = set()
    for left, right in product(states[args[0]], states[args[1]]):
        if left is None or right is None:
            found.add(None)
        elif left is OPEN or right is OPEN:
            found |= {True, False} if truth else {OPEN}
        else:
            found.add(combine(left, right))
    return _mask(found) if truth else frozenset(found)
