"""A tree where some of its steps are other trees: what a draft of the agreement would say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from avtal.language.expression import Expression


def replaced(tree: Expression, steps: Mapping[str, Expression]) -> Expression:
    """The tree where each step of one of the names gives another value; what does not change is the same node.

    Raises:
        TypeError: The other value is not of the step's kind.
    """
    made: dict[int, Expression] = {}

    def rewritten(node: Expression) -> Expression:
        if id(node) not in made:
            made[id(node)] = _other(node, steps) if node.op == "step" and node.name in steps else _same(node)
        return made[id(node)]

    def _same(node: Expression) -> Expression:
        args = tuple(map(rewritten, node.args))
        changed = any(new is not old for new, old in zip(args, node.args, strict=True))
        return replace(node, args=args) if changed else node

    return rewritten(tree)


def _other(node: Expression, steps: Mapping[str, Expression]) -> Expression:
    value = steps[node.name]
    if value.kind is not node.kind:
        raise TypeError(f"{node.name}: expected {node.kind.value}, got {value.kind.value}")
    return replace(node, args=(value,))
