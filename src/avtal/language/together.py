"""Several trees worked out at once: one function for every node's value, and small ones for what a change alters.

A question has some twenty outputs, as many flags and duties, and reasons that look at the nodes in between. They share
most of their nodes, so each is worked out once, in order. Nobody asks which ones matter: that would cost more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from avtal.language.compile import Writer, defined
from avtal.language.evaluate import Case, Values, branch
from avtal.language.expression import Expression

Row: TypeAlias = tuple[Any, ...]


class Together:
    """Trees as one function from a case to the values of all their nodes.

    Attributes:
        place: Node -> where in the row its value stands.
        work: From a case to the row. It looks up every parameter that any tree may need.
    """

    def __init__(self, trees: Iterable[Expression], values: Values) -> None:
        self.values = values
        self.nodes = tuple(dict.fromkeys(node for tree in trees for node in tree.walk()))
        writer = Writer(values)
        names: dict[Expression, str] = {}
        for node in self.nodes:
            names[node] = writer.straight(node, [names[arg] for arg in node.args])
        row = list(dict.fromkeys(names.values()))
        at = {name: index for index, name in enumerate(row)}
        self.place: Mapping[Expression, int] = {node: at[name] for node, name in names.items()}
        self.work = cast("Callable[[Case], Row]", defined(writer, "case", [" get = case.get"], f"({', '.join(row)},)"))

    def if_stated(self, tree: Expression, fact: str) -> Callable[[Row, Any], Any]:
        """From a row and another value of one fact to what the tree would be."""
        changed = {node for node in self.nodes if node.op == "fact" and node.name == fact}
        return self._redone([tree], changed, self.values, "row, stated", "")

    def lacking(self, trees: Sequence[Expression], facts: Sequence[str]) -> Callable[[Row], tuple[int, ...]]:
        """From a row to the facts that keep each tree unknown, one bit for each fact in their order; 0 where known."""
        lines: list[str] = []
        names: dict[Expression, str] = {}
        for node in dict.fromkeys(node for tree in trees for node in tree.walk()):
            lacks = self._lacks(node, [names[arg] for arg in node.args], facts)
            names[node] = lacks if node.op in ("step", "reading", "constant") else f"m{len(names)}"
            if names[node] != lacks:
                lines.append(f" {names[node]} = 0 if row[{self.place[node]}] is not None else {lacks}")
        result = "".join(f"{names[tree]}, " for tree in trees)
        return cast("Callable[[Row], tuple[int, ...]]", defined(Writer(self.values), "row", lines, f"({result})"))

    def _lacks(self, node: Expression, below: Sequence[str], facts: Sequence[str]) -> str:
        """What keeps a node unknown that is so, as ``lacking`` in ``evaluate`` tells it."""
        match node.op:
            case "constant":
                return "0"
            case "fact":
                return str(1 << facts.index(node.name))
            case "reading":
                chosen: int = node.payload.index(self.values.reading(node.name).value)
                return below[chosen]
            case "choose":
                known = self.place[node.args[0]]
                condition, then, otherwise = below
                return f"{condition} if row[{known}] is None else {then} if row[{known}] else {otherwise}"
        return " | ".join(below)

    def under(self, trees: Sequence[Expression], values: Values) -> Callable[[Row], Row]:
        """From a row to what the trees would be with other readings, or with other values of parameters."""
        changed = {node for node in self.nodes if self._differs(node, values)}
        return self._redone(trees, changed, values, "row", ",")

    def _differs(self, node: Expression, values: Values) -> bool:
        match node.op:
            case "reading":
                return branch(node, self.values) is not branch(node, values)
            case "parameter":
                return self.values.history(node.name) != values.history(node.name)
        return False

    def _redone(
        self, trees: Sequence[Expression], changed: set[Expression], values: Values, given: str, end: str
    ) -> Callable[..., Any]:
        """What the trees give, where only what rests on the changed nodes is worked out anew."""
        for node in self.nodes:  # operands come first
            if any(arg in changed for arg in node.args):
                changed.add(node)
        writer = Writer(values)
        names: dict[Expression, str] = {}

        def name_of(node: Expression) -> str:
            if node not in names:
                if node not in changed:
                    names[node] = f"row[{self.place[node]}]"
                elif node.op == "fact":
                    names[node] = "stated"
                else:
                    args = [branch(node, values)] if node.op == "reading" else node.args
                    operands = [name_of(arg) for arg in args]
                    names[node] = operands[0] if node.op == "reading" else writer.straight(node, operands)
            return names[node]

        result = ", ".join(name_of(tree) for tree in trees)
        return defined(writer, given, [], f"({result}{end})")
