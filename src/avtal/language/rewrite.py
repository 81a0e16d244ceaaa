"""Trees made of other trees: one traversal, in which what does not change stays the same node."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from avtal.language.expression import Expression

Rewrite: TypeAlias = Callable[[Expression], Expression]
#: From a node, and the rewriting of what is below it, to what stands in its place; None where its operator stays.
Change: TypeAlias = Callable[[Expression, Rewrite], "Expression | None"]


def rewriter(change: Change) -> Rewrite:
    """From a tree to the tree with its nodes changed; a node that several trees share is changed once."""
    made: dict[Expression, Expression] = {}

    def rewritten(node: Expression) -> Expression:
        if node not in made:
            changed = change(node, rewritten)
            made[node] = _over(node, tuple(map(rewritten, node.args))) if changed is None else changed
        return made[node]

    return rewritten


def _over(node: Expression, args: tuple[Expression, ...]) -> Expression:
    """The same operator over other operands."""
    changed = any(new is not old for new, old in zip(args, node.args, strict=True))
    return replace(node, args=args) if changed else node


def replaced(tree: Expression, steps: Mapping[str, Expression]) -> Expression:
    """The tree where each step of one of the names gives another value: what a draft of the agreement would say.

    Raises:
        TypeError: The other value is not of the step's kind.
    """

    def other(node: Expression, _: Rewrite) -> Expression | None:
        if node.op != "step" or node.name not in steps:
            return None
        value = steps[node.name]
        if value.kind is not node.kind:
            raise TypeError(f"{node.name}: expected {node.kind.value}, got {value.kind.value}")
        return replace(node, args=(value,))

    return rewriter(other)(tree)
