"""The small expression tree that every rule builds: DESIGN 1.

A rule is called once, with recorders for facts and parameters; what it returns is a tree. The tree is interpreted
for one case, compiled to a closure, and printed as SQL. Values are bool, int, date and code; money is öre.
Unknown is never false: every operator is three-valued.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Literal, TypeAlias

Value: TypeAlias = bool | int | str | date


class Kind(Enum):
    """What an expression yields."""

    BOOL = "bool"
    INT = "int"
    DATE = "date"
    CODE = "code"


Operator = Literal[
    "fact", "constant", "parameter", "reading", "step", "and", "or", "not", "=", "<>", "<", "<=", ">", ">=",
    "+", "-", "*", "//", "ceil_div", "min", "max", "choose", "in", "is_true",
]  # fmt: skip

_KINDS: dict[type, Kind] = {bool: Kind.BOOL, int: Kind.INT, date: Kind.DATE, str: Kind.CODE}


@dataclass(frozen=True, eq=False, slots=True)
class Expression:
    """One node. Build it with the operators ``& | ~ == < + - * //`` and the functions below; never by hand.

    Attributes:
        op: What the node does.
        args: Its operands, in order.
        kind: What it yields.
        name: The fact, parameter, reading or step it stands for; empty for a bare operator.
        clauses: The clauses a step carries out.
        payload: A constant's value, an ``in``'s codes, or a reading's options in the order of ``args``.
        natural: Whether it can be proven never to be negative.
    """

    op: Operator
    args: tuple[Expression, ...]
    kind: Kind
    name: str = ""
    clauses: tuple[str, ...] = ()
    payload: Any = None
    natural: bool = False

    def __and__(self, other: Expression) -> Expression:
        return _logic("and", self, other)

    def __or__(self, other: Expression) -> Expression:
        return _logic("or", self, other)

    def __invert__(self) -> Expression:
        _expect(self, Kind.BOOL)
        return Expression("not", (self,), Kind.BOOL)

    def __eq__(self, other: object) -> Expression:  # type: ignore[override]  # a comparison is a tree, not a bool
        return _compare("=", self, other)

    def __ne__(self, other: object) -> Expression:  # type: ignore[override]  # a comparison is a tree, not a bool
        return _compare("<>", self, other)

    __hash__ = object.__hash__

    def __lt__(self, other: Expression | Value) -> Expression:
        return _compare("<", self, other)

    def __le__(self, other: Expression | Value) -> Expression:
        return _compare("<=", self, other)

    def __gt__(self, other: Expression | Value) -> Expression:
        return _compare(">", self, other)

    def __ge__(self, other: Expression | Value) -> Expression:
        return _compare(">=", self, other)

    def __add__(self, other: Expression | int) -> Expression:
        return _arithmetic("+", self, other)

    def __sub__(self, other: Expression | int) -> Expression:
        return _arithmetic("-", self, other)

    def __mul__(self, other: Expression | int) -> Expression:
        return _arithmetic("*", self, other)

    def __floordiv__(self, other: Expression | int) -> Expression:
        return _divide("//", self, other)

    def __truediv__(self, other: object) -> Expression:
        raise TypeError("no / in a rule: money uses integers; write //, ceil_div(a, n) or round_div(a, n)")

    def __bool__(self) -> bool:
        raise TypeError("a rule's value may be unknown: use & | ~ and choose(), not and/or/not/if")

    def is_in(self, *codes: str) -> Expression:
        """Whether a code is one of ``codes``; unknown when the code is."""
        if not codes:
            raise TypeError("is_in needs at least one code")
        for code in (self, *map(constant, codes)):
            _expect(code, Kind.CODE)
        return Expression("in", (self,), Kind.BOOL, payload=codes)

    def is_true(self) -> Expression:
        """True only when stated to be true: for a bar that needs a statement. Unknown gives false here, on purpose."""
        _expect(self, Kind.BOOL)
        return Expression("is_true", (self,), Kind.BOOL)

    def named(self, name: str, *clauses: str) -> Expression:
        """The same value as a step that the explanation shows."""
        return Expression("step", (self,), self.kind, name, clauses, natural=self.natural)

    def walk(self) -> Iterator[Expression]:
        """Every node once, operands before the nodes that use them."""
        seen: set[int] = set()

        def visit(node: Expression) -> Iterator[Expression]:
            if id(node) not in seen:
                seen.add(id(node))
                for arg in node.args:
                    yield from visit(arg)
                yield node

        return visit(self)

    def _names(self, op: Operator) -> tuple[str, ...]:
        return tuple(dict.fromkeys(node.name for node in self.walk() if node.op == op))

    def facts(self) -> tuple[str, ...]:
        """The facts the tree needs, in the order it meets them."""
        return self._names("fact")

    def parameters(self) -> tuple[str, ...]:
        """The dated parameters it uses."""
        return self._names("parameter")

    def readings(self) -> tuple[str, ...]:
        """The readings it depends on."""
        return self._names("reading")

    def all_clauses(self) -> tuple[str, ...]:
        """The clauses its steps name."""
        return tuple(dict.fromkeys(clause for node in self.walk() for clause in node.clauses))


def constant(value: Expression | Value) -> Expression:
    """A value as an expression; an expression as it is."""
    if isinstance(value, Expression):
        return value
    kind = _KINDS.get(type(value))
    if kind is None:
        raise TypeError(f"a rule holds bool, int, date and code, not {type(value).__name__}")
    return Expression("constant", (), kind, payload=value, natural=isinstance(value, int) and value >= 0)


def parameter(name: str, on: Expression, kind: Kind = Kind.INT) -> Expression:
    """The dated value ``name`` on the day ``on``."""
    _expect(on, Kind.DATE)
    return Expression("parameter", (on,), kind, name, natural=kind is Kind.INT)


def by_reading(reading: str, options: Mapping[str, Expression | Value]) -> Expression:
    """The branch of the option that the parties chose for an open question of the text."""
    branches = tuple(constant(branch) for branch in options.values())
    kind = _same_kind(*branches)
    return Expression("reading", branches, kind, reading, payload=tuple(options), natural=_natural(branches))


def choose(condition: Expression, then: Expression | Value, otherwise: Expression | Value) -> Expression:
    """``then`` if the condition is true, ``otherwise`` if false, unknown if unknown."""
    _expect(condition, Kind.BOOL)
    branches = constant(then), constant(otherwise)
    return Expression("choose", (condition, *branches), _same_kind(*branches), natural=_natural(branches))


def smaller(left: Expression | int, right: Expression | int) -> Expression:
    """The smaller of two numbers; unknown if either is."""
    return _arithmetic("min", constant(left), right)


def larger(left: Expression | int, right: Expression | int) -> Expression:
    """The larger of two numbers; unknown if either is."""
    return _arithmetic("max", constant(left), right)


def ceil_div(value: Expression, unit: Expression | int) -> Expression:
    """How many started ``unit`` there are in ``value``."""
    return _divide("ceil_div", value, unit)


def round_div(value: Expression, unit: int) -> Expression:
    """``value`` divided by ``unit``, halves upwards."""
    return (value * 2 + unit) // (2 * unit)


def _logic(op: Literal["and", "or"], left: Expression, right: Expression) -> Expression:
    _expect(left, Kind.BOOL)
    if not isinstance(right, Expression):
        raise TypeError(f"{op} joins two conditions, not a condition and {right!r}")
    _expect(right, Kind.BOOL)
    return Expression(op, (left, right), Kind.BOOL)


def _compare(op: Operator, left: Expression, right: Any) -> Expression:
    other = constant(right)
    kind = _same_kind(left, other)
    if op not in ("=", "<>") and kind in (Kind.BOOL, Kind.CODE):
        raise TypeError(f"a {kind.value} has no order: {op} is for int and date")
    return Expression(op, (left, other), Kind.BOOL)


def _arithmetic(op: Operator, left: Expression, right: Expression | int) -> Expression:
    other = constant(right)
    _expect(left, Kind.INT)
    _expect(other, Kind.INT)
    signs = left.natural, other.natural
    natural = {"-": False, "max": any(signs)}.get(op, all(signs))
    return Expression(op, (left, other), Kind.INT, natural=natural)


def _divide(op: Operator, left: Expression, right: Expression | int) -> Expression:
    unit = constant(right)
    _expect(left, Kind.INT)
    if unit.op != "constant" or unit.kind is not Kind.INT or unit.payload <= 0:
        raise TypeError("the divisor is a constant number above zero")
    return Expression(op, (left, unit), Kind.INT, natural=left.natural)


def _expect(node: Expression, kind: Kind) -> None:
    if node.kind is not kind:
        raise TypeError(f"expected {kind.value}, got {node.kind.value} ({node.name or node.op})")


def _same_kind(*nodes: Expression) -> Kind:
    kinds = {node.kind for node in nodes}
    if len(kinds) != 1:
        raise TypeError("cannot mix " + " and ".join(sorted(kind.value for kind in kinds)))
    return kinds.pop()


def _natural(nodes: tuple[Expression, ...]) -> bool:
    return all(node.natural for node in nodes)
