"""Building trees: what the operators give, and the errors that stop a rule from being written wrongly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from avtal.language.expression import (
    Expression,
    Kind,
    by_reading,
    ceil_div,
    choose,
    constant,
    larger,
    parameter,
    round_div,
    smaller,
)
from avtal.language.facts import Facts, FactSet, boolean, code, day, whole

F = Facts(FactSet(boolean("p"), boolean("q"), whole("n"), whole("signed", low=-9), code("c"), day("on")))


@pytest.mark.parametrize(
    ("tree", "op", "kind"),
    [
        (F.p & F.q, "and", Kind.BOOL),
        (F.p | F.q, "or", Kind.BOOL),
        (~F.p, "not", Kind.BOOL),
        (F.n == 1, "=", Kind.BOOL),
        (F.c != "a", "<>", Kind.BOOL),
        (F.n < 1, "<", Kind.BOOL),
        (F.n <= 1, "<=", Kind.BOOL),
        (F.on > date(2026, 1, 1), ">", Kind.BOOL),
        (F.on >= F.on, ">=", Kind.BOOL),
        (F.n + 1, "+", Kind.INT),
        (F.n - 1, "-", Kind.INT),
        (F.n * F.n, "*", Kind.INT),
        (F.n // 2, "//", Kind.INT),
        (ceil_div(F.n, 60), "ceil_div", Kind.INT),
        (smaller(F.n, 1), "min", Kind.INT),
        (larger(1, F.n), "max", Kind.INT),
        (choose(F.p, "a", F.c), "choose", Kind.CODE),
        (by_reading("A01", {"x": F.on, "y": date(2026, 1, 1)}), "reading", Kind.DATE),
        (F.c.is_in("a", "b"), "in", Kind.BOOL),
        (F.p.is_true(), "is_true", Kind.BOOL),
        (parameter("rate", F.on), "parameter", Kind.INT),
        (parameter("allowed", F.on, Kind.BOOL), "parameter", Kind.BOOL),
        (F.n.named("count", "X-1"), "step", Kind.INT),
        (constant("a"), "constant", Kind.CODE),
        (F.p, "fact", Kind.BOOL),
    ],
)
def test_each_operator_gives_a_node_of_its_kind(tree: Expression, op: str, kind: Kind) -> None:
    """An operator builds one node and knows what it yields."""
    assert (tree.op, tree.kind) == (op, kind)


NO_LOGIC = "a rule's value may be unknown: use & | ~ and choose(), not and/or/not/if"


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: F.p and F.q, NO_LOGIC),
        (lambda: F.p or F.q, NO_LOGIC),
        (lambda: not F.p, NO_LOGIC),
        (lambda: 1 if F.p else 2, NO_LOGIC),
        (lambda: 1 < F.n < 3, NO_LOGIC),
        (lambda: F.n in (1, 2), NO_LOGIC),
        (lambda: F.n / 2, "no / in a rule: money uses integers; write //, ceil_div(a, n) or round_div(a, n)"),
        (lambda: F.p & F.n, "expected bool, got int (n)"),
        (lambda: F.n & F.p, "expected bool, got int (n)"),
        (lambda: F.p & True, "and joins two conditions, not a condition and True"),
        (lambda: F.p | "x", "or joins two conditions, not a condition and 'x'"),
        (lambda: ~F.c, "expected bool, got code (c)"),
        (lambda: F.n == "1", "cannot mix code and int"),
        (lambda: F.p == 1, "cannot mix bool and int"),
        (lambda: F.on < 5, "cannot mix date and int"),
        (lambda: F.c < "b", "a code has no order: < is for int and date"),
        (lambda: F.p >= F.q, "a bool has no order: >= is for int and date"),
        (lambda: F.n + F.p, "expected int, got bool (p)"),
        (lambda: F.on - 1, "expected int, got date (on)"),
        (lambda: F.n + (F.n > 1), "expected int, got bool (>)"),
        (lambda: F.n * 1.5, "a rule holds bool, int, date and code, not float"),
        (lambda: F.n * Decimal(2), "a rule holds bool, int, date and code, not Decimal"),
        (lambda: F.on == datetime(2026, 1, 1, tzinfo=UTC), "a rule holds bool, int, date and code, not datetime"),
        (lambda: F.n == None, "a rule holds bool, int, date and code, not NoneType"),  # noqa: E711  # a tree
        (lambda: F.n // 0, "the divisor is a constant number above zero"),
        (lambda: F.n // -1, "the divisor is a constant number above zero"),
        (lambda: F.n // F.n, "the divisor is a constant number above zero"),
        (lambda: ceil_div(F.n, True), "the divisor is a constant number above zero"),
        (lambda: ceil_div(F.p, 2), "expected int, got bool (p)"),
        (lambda: choose(F.n, 1, 2), "expected bool, got int (n)"),
        (lambda: choose(F.p, 1, "a"), "cannot mix code and int"),
        (lambda: by_reading("A01", {"x": 1, "y": True}), "cannot mix bool and int"),
        (lambda: F.n.is_in("a"), "expected code, got int (n)"),
        (lambda: F.c.is_in(1), "expected code, got int (constant)"),
        (F.c.is_in, "is_in needs at least one code"),
        (F.n.is_true, "expected bool, got int (n)"),
        (lambda: parameter("rate", F.n), "expected date, got int (n)"),
    ],
)
def test_a_rule_written_wrongly_is_stopped(build: Callable[[], Any], message: str) -> None:
    """What cannot be a rule raises a TypeError that says what to write."""
    with pytest.raises(TypeError) as error:
        build()
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("tree", "natural"),
    [
        (constant(0), True),
        (constant(-1), False),
        (constant("a"), False),
        (F.n, True),
        (F.signed, False),
        (F.n + F.n, True),
        (F.n + F.signed, False),
        (F.n * F.n, True),
        (F.signed * F.signed, False),
        (F.n - 0, False),
        (F.n // 3, True),
        (F.signed // 3, False),
        (ceil_div(F.signed, 3), False),
        (smaller(F.n, F.signed), False),
        (smaller(F.n, 1), True),
        (larger(F.signed, 0), True),
        (larger(F.signed, -1), False),
        (choose(F.p, F.n, 0), True),
        (choose(F.p, F.n, F.signed), False),
        (by_reading("A01", {"x": F.n}), True),
        (by_reading("A01", {"x": F.n, "y": -1}), False),
        (F.n.named("count"), True),
        (round_div(F.n, 10), True),
        (parameter("rate", F.on), True),
    ],
)
def test_never_negative_is_claimed_only_where_it_is_proven(tree: Expression, *, natural: bool) -> None:
    """A sum, product, division or choice of numbers from zero up is one; a difference never is."""
    assert tree.natural is natural


def test_a_tree_names_what_it_needs_in_the_order_it_meets_it() -> None:
    """Facts, parameters, readings and clauses are listed once each."""
    rate = parameter("rate", F.on)
    tree = choose(F.q & F.p, by_reading("A02", {"x": rate * F.n, "y": rate}), rate).named("amount", "X-2", "X-1")
    tree = (tree + by_reading("A01", {"x": F.n}).named("count", "X-1", "X-3")).named("all", "X-4")
    assert tree.facts() == ("q", "p", "on", "n")
    assert tree.parameters() == ("rate",)
    assert tree.readings() == ("A02", "A01")
    assert tree.all_clauses() == ("X-2", "X-1", "X-3", "X-4")


def test_a_walk_meets_every_node_once_and_operands_first() -> None:
    """A shared node is one node."""
    both = F.p & F.q
    tree = both | ~both
    assert [node.op for node in tree.walk()] == ["fact", "fact", "and", "not", "or"]


def test_a_walk_is_short_however_often_nodes_are_shared() -> None:
    """Sixty doublings are sixty nodes, not two to the power of sixty."""
    tree = F.n
    for _ in range(60):
        tree = tree + tree
    assert len(list(tree.walk())) == 61


def test_round_div_rounds_halves_upwards() -> None:
    """``round_div(a, n)`` is (2a + n) // 2n."""
    tree = round_div(F.n, 10)
    assert (tree.op, tree.args[1].payload) == ("//", 20)
    assert tree.args[0].op == "+"
    assert tree.args[0].args[1].payload == 10


def test_an_expression_can_be_kept_in_a_set() -> None:
    """Nodes are told apart by identity, although == builds a tree."""
    assert len({F.p, F.p, F.q}) == 2
    assert constant(F.p) is F.p
