"""Outcomes as numbers: an engine sums ten million events by a small number a good deal faster than by a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from avtal.language.expression import Expression, Kind, constant
from avtal.language.rewrite import Rewrite, rewriter

#: The name of a constant that stands for an outcome: an engine may keep it small.
OUTCOME = "outcome"


def numbered(trees: Mapping[str, Expression], name: str) -> tuple[dict[str, Expression], list[str]]:
    """The same trees where the code that ``name`` gives is a number, and the codes in the order of their numbers.

    Comparisons with that code follow. The code's tree is a decision: choices and readings over plain codes.
    """
    source, codes = trees[name], list[str]()

    def place(code: str) -> Expression:
        if code not in codes:
            codes.append(code)
        return replace(constant(codes.index(code)), name=OUTCOME)

    def as_number(node: Expression, again: Rewrite) -> Expression:
        """A node that gives the code as one that gives its number."""
        if node.op == "constant":
            return place(node.payload)
        first = [follow(node.args[0])] if node.op == "choose" else []
        return replace(node, args=(*first, *map(again, node.args[len(first) :])), kind=Kind.INT, natural=True)

    def compared(node: Expression, _: Rewrite) -> Expression | None:
        """A comparison with the code as one with its number."""
        if node.op in ("=", "<>") and node.args[0] is source and node.args[1].op == "constant":
            return replace(node, args=(number, place(node.args[1].payload)))
        return None

    follow = rewriter(compared)
    number = rewriter(as_number)(source)
    return {key: number if key == name else follow(tree) for key, tree in trees.items()}, codes
