"""The same tree as one Python closure: for screens and loops that ask often and show the explanation later."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, cast

from avtal.language.evaluate import Case, Values, branch
from avtal.language.expression import Expression, Value

Closure = Callable[[Case], "Value | None"]

_INFIX = {"=": "==", "<>": "!=", "//": "//", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "+": "+", "-": "-", "*": "*"}


def compile_tree(tree: Expression, values: Values) -> Closure:
    """A function from a case to the tree's value, without explanation; readings are settled beforehand.

    A parameter that nobody has entered raises ``MissingValue`` when the closure is called with a case that needs it.
    """
    writer = Writer(values)
    result = writer.write(tree, {}, 1)
    return cast("Closure", defined(writer, "case", [" get = case.get"], result))


def defined(writer: Writer, given: str, first: Sequence[str], result: str) -> Callable[..., Any]:
    """What was written, as a function of what is given."""
    source = "\n".join([f"def closure({given}):", *first, *writer.lines, f" return {result}"])
    namespace: dict[str, Any] = dict(writer.constants)
    exec(compile(source, "<rule>", "exec"), namespace)  # noqa: S102  # our own tree, no text from outside
    return cast("Callable[..., Any]", namespace["closure"])


class Writer:
    """Writes trees as the statements of a Python function."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {}
        self.count = 0

    def straight(self, node: Expression, operands: list[str]) -> str:
        """Write one node whose operands are written, both branches of a choice too; give the name of its value."""
        match node.op:
            case "constant":
                return self.constant(node.payload)
            case "step":
                return operands[0]
            case "reading":
                chosen: int = node.payload.index(self.values.reading(node.name).value)
                return operands[chosen]
            case "choose":
                condition, then, otherwise = operands
                formula = f"{then} if {condition} is True else {otherwise} if {condition} is False else None"
            case _:
                formula = self.formula(node, operands)
        name = self.fresh()
        self.put(1, f"{name} = {formula}")
        return name

    def fresh(self) -> str:
        """A new name."""
        self.count += 1
        return f"v{self.count}"

    def constant(self, value: object) -> str:
        """The name of a constant."""
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name

    def put(self, depth: int, line: str) -> None:
        """A line of the function, so deep in its blocks."""
        self.lines.append(" " * depth + line)

    def write(self, node: Expression, known: dict[int, str], depth: int) -> str:
        """Write the statements for a node and give the name that holds its value; shared nodes are written once."""
        if id(node) in known:
            return known[id(node)]
        name = self.node(node, known, depth)
        known[id(node)] = name
        return name

    def node(self, node: Expression, known: dict[int, str], depth: int) -> str:
        """Write the statements for a node that is not written yet."""
        if node.op == "constant":
            return self.constant(node.payload)
        if node.op == "step":
            return self.write(node.args[0], known, depth)
        if node.op == "reading":
            return self.write(branch(node, self.values), known, depth)
        if node.op == "choose":
            return self.choice(node, known, depth)
        operands = [self.write(arg, known, depth) for arg in node.args]
        name = self.fresh()
        self.put(depth, f"{name} = {self.formula(node, operands)}")
        return name

    def choice(self, node: Expression, known: dict[int, str], depth: int) -> str:
        """Write a choice, whose branches are worked out only where they are chosen."""
        condition = self.write(node.args[0], known, depth)
        name = self.fresh()
        tests = f"if {condition} is True:", f"elif {condition} is False:"
        for test, chosen in zip(tests, node.args[1:], strict=True):
            self.put(depth, test)
            value = self.write(chosen, dict(known), depth + 1)
            self.put(depth + 1, f"{name} = {value}")
        self.put(depth, "else:")
        self.put(depth + 1, f"{name} = None")
        return name

    def formula(self, node: Expression, operands: list[str]) -> str:
        """The Python of an operator over its written operands."""
        left, right = operands[0] if operands else "", operands[-1] if operands else ""
        match node.op:
            case "fact":
                return f"get({node.name!r})"
            case "parameter":
                return f"None if {left} is None else {self.constant(self.at(node.name))}({left})"
            case "not":
                return f"None if {left} is None else not {left}"
            case "is_true":
                return f"{left} is True"
            case "in":
                return f"None if {left} is None else {left} in {node.payload!r}"
            case "and":
                both = f"None if {left} is None or {right} is None else True"
                return f"False if {left} is False or {right} is False else {both}"
            case "or":
                both = f"None if {left} is None or {right} is None else False"
                return f"True if {left} is True or {right} is True else {both}"
            case "min" | "max" | "ceil_div" as op:
                value = f"-(-{left} // {right})" if op == "ceil_div" else f"{op}({left}, {right})"
            case op:
                value = f"{left} {_INFIX[op]} {right}"
        unknown = [f"{name} is None" for name, arg in zip(operands, node.args, strict=True) if arg.op != "constant"]
        return f"None if {' or '.join(unknown)} else {value}" if unknown else value

    def at(self, parameter: str) -> Callable[[date], Value]:
        """A look-up of one parameter by day; raises where nothing is entered, with the reason."""
        history = self.values.history(parameter)
        days = [day for day, _ in history]
        found = [value for _, value in history]
        explain = self.values.parameter

        def look_up(day: date) -> Value:
            index = bisect_right(days, day)
            value = found[index - 1] if index else None
            return cast("Value", explain(parameter, day).value) if value is None else value

        return look_up
