"""Outcomes as numbers: an engine sums ten million events by a small number a good deal faster than by a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from avtal.language.expression import Expression, Kind, constant

#: The name of a constant that stands for an outcome: an engine may keep it small.
OUTCOME = "outcome"


def numbered(trees: Mapping[str, Expression], name: str) -> tuple[dict[str, Expression], list[str]]:
    """The same trees where the code that ``name`` gives is a number, and the codes in the order of their numbers.

    Comparisons with that code follow. The code's tree is a decision: choices and readings over plain codes.
    """
    return _Numbering(trees[name]).of(trees, name)


class _Numbering:
    def __init__(self, source: Expression) -> None:
        self.source = source
        self.codes: list[str] = []
        self.made: dict[tuple[str, int], Expression] = {}

    def of(self, trees: Mapping[str, Expression], name: str) -> tuple[dict[str, Expression], list[str]]:
        whole = self.number(self.source)
        return {key: whole if key == name else self.rewrite(tree) for key, tree in trees.items()}, self.codes

    def place(self, code: str) -> Expression:
        if code not in self.codes:
            self.codes.append(code)
        return replace(constant(self.codes.index(code)), name=OUTCOME)

    def number(self, node: Expression) -> Expression:
        """A code's tree as a number's."""
        key = "number", id(node)
        if key not in self.made:
            if node.op == "constant":
                self.made[key] = self.place(node.payload)
            else:
                first = [self.rewrite(node.args[0])] if node.op == "choose" else []
                rest = [self.number(arg) for arg in node.args[len(first) :]]
                self.made[key] = replace(node, args=(*first, *rest), kind=Kind.INT, natural=True)
        return self.made[key]

    def rewrite(self, node: Expression) -> Expression:
        """Any tree, where comparisons with the code compare its number; what does not change is the same node."""
        key = "rewrite", id(node)
        if key not in self.made:
            args = tuple(self.rewrite(arg) for arg in node.args)
            if node.op in ("=", "<>") and node.args[0] is self.source and node.args[1].op == "constant":
                args = (self.number(self.source), self.place(node.args[1].payload))
            changed = any(new is not old for new, old in zip(args, node.args, strict=True))
            self.made[key] = replace(node, args=args) if changed else node
        return self.made[key]
