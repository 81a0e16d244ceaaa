"""The same tree as SQL through sqlglot, for SQLite, PostgreSQL, DuckDB and Spark.

Unknown is NULL and logic is SQL's own three-valued one. Numbers are BIGINT, dates are DATE (ISO text in SQLite).
Readings are settled beforehand; a dated parameter is a CASE on the day, NULL where nobody has entered a value, so a
run that prices must refuse a NULL amount. What a tree uses more than once is computed once, in a subquery below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from sqlglot import exp

from avtal.language.evaluate import Values, branch
from avtal.language.expression import Expression, Kind, Value
from avtal.language.numbered import OUTCOME

Dialect = Literal["sqlite", "postgres", "duckdb", "spark"]

#: Keeps an engine from folding a subquery into the one above, which would compute its columns again and again.
_FENCE = {"postgres": " OFFSET 0", "sqlite": " LIMIT -1"}

_TYPES = {Kind.BOOL: "boolean", Kind.INT: "bigint", Kind.DATE: "date", Kind.CODE: "text"}

_BINARY: dict[str, type[exp.Binary]] = {
    "and": exp.And,
    "or": exp.Or,
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
    "+": exp.Add,
    "-": exp.Sub,
    "*": exp.Mul,
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is known of a table beforehand, which makes the SQL shorter and never changes its result.

    Attributes:
        known: Columns that never are NULL.
        days: First and last day among the events, for looking up dated parameters.
    """

    known: frozenset[str] = frozenset()
    days: tuple[date, date] | None = None


NOTHING = Bounds()


def to_sql(tree: Expression, dialect: Dialect, values: Values, bounds: Bounds = NOTHING) -> str:
    """The tree as one SQL expression over columns named as the facts."""
    return _Printer(dialect, values, bounds).print(tree).sql(dialect=dialect)


def select(
    outputs: Mapping[str, Expression],
    table: str,
    dialect: Dialect,
    values: Values,
    bounds: Bounds = NOTHING,
    columns: Collection[str] = (),
) -> str:
    """``SELECT`` the columns as they are and every output by its name, from a table of facts."""
    printer = _Printer(dialect, values, bounds)
    below: list[tuple[dict[str, exp.Expression], set[str]]] = []
    for number, layer in enumerate(_layers(outputs.values(), printer)):
        named = {f"step_{number}_{place}": node for place, node in enumerate(layer)}
        printed = {name: printer.print(node) for name, node in named.items()}
        below.append((printed, set().union(*(printer.uses(node) for node in layer))))
        printer.columns |= {id(node): name for name, node in named.items()}
    query = exp.select(*(exp.column(column, quoted=True) for column in columns))
    for name, tree in outputs.items():
        query = query.select(exp.alias_(printer.print(tree), name, quoted=True))
    wanted = set(columns).union(*(printer.uses(tree) for tree in outputs.values()))
    inner: list[exp.Select] = []
    for printed, needed in reversed(below):
        # each layer hands on what is asked for above it and no more: SQLite copies every column of every row
        passed = sorted(wanted - set(printed))
        steps = (exp.alias_(text, name) for name, text in printed.items())
        inner.insert(0, exp.select(*(exp.column(name, quoted=True) for name in passed), *steps))
        wanted = set(passed) | needed
    source = table
    for number, layer_ in enumerate(inner):
        source = f"({layer_.sql(dialect=dialect)} FROM {source}{_FENCE.get(dialect, '')}) AS layer_{number}"
    return f"{query.sql(dialect=dialect)} FROM {source}"


def _layers(trees: Iterable[Expression], printer: _Printer) -> list[list[Expression]]:
    """The nodes that are used more than once, in layers: each needs only columns of the layers before it."""
    roots = [printer.resolve(tree) for tree in trees]
    order: dict[int, Expression] = {}
    uses: Counter[int] = Counter(id(root) for root in roots)

    def visit(node: Expression) -> None:
        if id(node) in order:
            return
        for arg, times in printer.operands(node):
            visit(arg)
            uses[id(arg)] += times
        order[id(node)] = node

    for root in roots:
        visit(root)
    level: dict[int, int] = {}
    weight: dict[int, int] = {}
    layers: list[list[Expression]] = []
    for key, node in order.items():
        operands = printer.operands(node)
        level[key] = max((level[id(arg)] for arg, _ in operands), default=0)
        plain = node.op in ("fact", "constant") or printer.constant(node)
        own = printer.worth if any(times > 1 for _, times in operands) else 1  # SQL that says an operand twice is long
        weight[key] = 0 if plain else own + sum(weight[id(arg)] * times for arg, times in operands)
        if uses[key] > 1 and weight[key] >= printer.worth:
            if level[key] == len(layers):
                layers.append([])
            layers[level[key]].append(node)
            level[key] += 1
            weight[key] = 0
    return layers


class _Printer:
    def __init__(self, dialect: Dialect, values: Values, bounds: Bounds) -> None:
        self.dialect = dialect
        self.values = values
        self.bounds = bounds
        self.columns: dict[int, str] = {}
        #: So many operations a subquery of its own is worth: where it is fenced it costs a copy of its row.
        self.worth = 4 if dialect in _FENCE else 1
        lite = dialect == "sqlite"
        self.extremes = {"min": "MIN" if lite else "LEAST", "max": "MAX" if lite else "GREATEST"}

    def resolve(self, node: Expression) -> Expression:
        """The node behind steps, readings and choices that make no difference: they explain, and need no SQL."""
        while (inner := self.behind(node)) is not None:
            node = inner
        return node

    def behind(self, node: Expression) -> Expression | None:
        """What a step, a reading or an idle choice stands for; the other side of ``& true`` and ``| false``."""
        match node.op:
            case "step":
                return node.args[0]
            case "reading":
                return branch(node, self.values)
            case "choose":
                return node.args[1] if self.idle(node) else None
            case "and" | "or" as op:
                left, right = node.args
                neutral = op == "and"
                if self.is_constant(right, value=neutral):
                    return left
                return right if self.is_constant(left, value=neutral) else None
        return None

    def idle(self, node: Expression) -> bool:
        """Whether a choice gives the same either way, on a condition that is never NULL."""
        condition, then, otherwise = node.args
        if not self.certain(condition):
            return False
        one, other = self.resolve(then), self.resolve(otherwise)
        return one is other or (one.op == other.op == "constant" and one.payload is other.payload)

    def operands(self, node: Expression) -> list[tuple[Expression, int]]:
        """A resolved node's operands, and how often its SQL spells each of them out."""
        args = [self.resolve(arg) for arg in node.args]
        certain = all(self.certain(arg) for arg in args[: 1 if node.op == "choose" else None])
        if node.op == "choose":
            return [(args[0], 1 if certain else 2), (args[1], 1), (args[2], 1)]
        if node.op == "parameter":
            return [] if self.constant(node) else [(args[0], len(self.in_bounds(node.name)))]
        times = 2 if node.op in ("min", "max") and not certain else 1
        if node.op in ("//", "ceil_div"):
            return [(args[0], 1 if args[0].natural else 2)]
        return [(arg, times) for arg in args]

    def uses(self, node: Expression) -> set[str]:
        """The columns that a node's SQL names: facts, and steps of the layers below."""
        node = self.resolve(node)
        if id(node) in self.columns:
            return {self.columns[id(node)]}
        if node.op == "fact":
            return {node.name}
        return set[str]().union(*(self.uses(arg) for arg, _ in self.operands(node)))

    def print(self, node: Expression) -> exp.Expression:
        node = self.resolve(node)
        if id(node) in self.columns:
            return exp.column(self.columns[id(node)])
        match node.op:
            case "fact":
                return exp.column(node.name, quoted=True)
            case "constant":
                literal = self.literal(node.payload)
                return exp.cast(literal, "smallint") if node.name == OUTCOME else literal
            case "parameter":
                return self.dated(node)
            case "not":
                return exp.Paren(this=exp.Not(this=self.print(node.args[0])))
            case "is_true":
                stated = self.print(node.args[0])
                return stated if self.certain(node.args[0]) else exp.Coalesce(this=stated, expressions=[exp.false()])
            case "in":
                codes = [self.literal(code) for code in node.payload]
                return exp.Paren(this=exp.In(this=self.print(node.args[0]), expressions=codes))
            case "choose":
                return self.choice(node)
            case "min" | "max":
                return self.extreme(node)
            case "//" | "ceil_div":
                return self.divide(node)
        left, right = (self.print(arg) for arg in node.args)
        if node.op in ("+", "-", "*") and all(self.narrow(arg) for arg in node.args):
            left = exp.cast(left, "bigint")
        return exp.Paren(this=_BINARY[node.op](this=left, expression=right))

    def narrow(self, node: Expression) -> bool:
        """Whether engines would keep a number in 32 bits: it is made of constants alone."""
        node = self.resolve(node)
        operands = node.args[1:] if node.op == "choose" else node.args
        return node.op not in ("fact", "parameter", "+", "-", "*") and all(map(self.narrow, operands))

    def literal(self, value: Value) -> exp.Expression:
        if isinstance(value, bool):
            return exp.true() if value else exp.false()
        if isinstance(value, int):
            number = exp.Literal.number(abs(value))
            return exp.Paren(this=exp.Neg(this=number)) if value < 0 else number
        if isinstance(value, date):
            text = exp.Literal.string(value.isoformat())
            return text if self.dialect == "sqlite" else exp.cast(text, "date")
        return exp.Literal.string(value)

    def wide(self, value: Value | None, kind: Kind) -> exp.Expression:
        if value is None:
            return exp.cast(exp.null(), _TYPES[kind])
        literal = self.literal(value)
        return exp.cast(literal, "bigint") if isinstance(value, int) and not isinstance(value, bool) else literal

    def in_bounds(self, name: str) -> list[tuple[date, Value | None]]:
        """The parameter's values that a day within the bounds can meet."""
        history = list(self.values.history(name))
        if self.bounds.days is None:
            return history
        first, last = self.bounds.days
        while len(history) > 1 and history[1][0] <= first:
            history.pop(0)
        return [entry for entry in history if entry[0] <= last]

    def constant(self, node: Expression) -> bool:
        """Whether a parameter has one known value on every day within the bounds."""
        if node.op != "parameter" or self.bounds.days is None or not self.certain(self.resolve(node.args[0])):
            return False
        history = self.in_bounds(node.name)
        return len(history) == 1 and history[0][0] <= self.bounds.days[0] and history[0][1] is not None

    def dated(self, node: Expression) -> exp.Expression:
        history = self.in_bounds(node.name)
        if self.constant(node):
            return self.wide(history[0][1], node.kind)
        day = self.print(node.args[0])
        case = exp.Case()
        for since, value in reversed(history):
            case = case.when(day.copy() >= self.literal(since), self.wide(value, node.kind))
        return case if history else self.wide(None, node.kind)

    def choice(self, node: Expression) -> exp.Expression:
        if not self.certain(node.args[0]) and self.resolve(node.args[2]).op == "choose":
            return self.table(node)
        condition, then, otherwise = (self.print(arg) for arg in node.args)
        if self.certain(node.args[0]):
            simple = self.logical(node, condition, then, otherwise)
            return simple or exp.Case().when(condition, then).else_(otherwise)
        case = exp.Case().when(condition, then)
        return case.when(exp.Not(this=exp.Paren(this=condition.copy())), otherwise)

    def table(self, node: Expression) -> exp.Expression:
        """A decision table as one CASE, row by row: unknown where a row is. SQLite parses no deep nesting."""
        case, row = exp.Case(), node
        while True:
            condition = self.print(row.args[0])
            case = case.when(condition, self.print(row.args[1]))
            if not self.certain(row.args[0]):
                case = case.when(exp.Is(this=exp.Paren(this=condition.copy()), expression=exp.null()), exp.null())
            row = self.resolve(row.args[2])
            if row.op != "choose" or id(row) in self.columns:
                return case.else_(self.print(row))

    def logical(
        self, node: Expression, condition: exp.Expression, then: exp.Expression, otherwise: exp.Expression
    ) -> exp.Expression | None:
        """A choice on a condition that is never NULL as AND, OR and NOT, where one branch is plainly true or false."""
        sides = [(self.is_constant(arg, value=True), self.is_constant(arg, value=False)) for arg in node.args[1:]]
        (then_true, _), (_, else_false) = sides
        if then_true and else_false:
            return condition
        if else_false:
            return exp.Paren(this=exp.And(this=condition, expression=then))
        return exp.Paren(this=exp.Or(this=condition, expression=otherwise)) if then_true else None

    def is_constant(self, node: Expression, *, value: bool) -> bool:
        """Whether a node is plainly true, or plainly false."""
        node = self.resolve(node)
        return node.op == "constant" and node.payload is value

    def extreme(self, node: Expression) -> exp.Expression:
        """LEAST and GREATEST skip NULL in three engines, so they serve only where there is none."""
        left, right = (self.print(arg) for arg in node.args)
        if all(self.certain(arg) for arg in node.args):
            return exp.Anonymous(this=self.extremes[node.op], expressions=[left, right])
        test, turned = (exp.LTE, exp.GT) if node.op == "min" else (exp.GTE, exp.LT)
        case = exp.Case().when(test(this=left, expression=right), left.copy())
        return case.when(turned(this=left.copy(), expression=right.copy()), right.copy())

    def divide(self, node: Expression) -> exp.Expression:
        """Floor division. Engines truncate, so a value that may be negative is first brought down to a multiple."""
        value, unit = node.args[0], int(node.args[1].payload)
        number: exp.Expression = self.print(value)
        size = exp.Literal.number(unit)
        if node.op == "ceil_div":
            number = exp.Paren(this=exp.Add(this=number, expression=exp.Literal.number(unit - 1)))
        if not value.natural:
            rest: exp.Expression = exp.Mod(this=number, expression=size)
            rest = exp.Mod(this=exp.Paren(this=exp.Add(this=rest, expression=size.copy())), expression=size.copy())
            number = exp.Paren(this=exp.Sub(this=number.copy(), expression=exp.Paren(this=rest)))
        sign = {"duckdb": "//", "spark": "DIV"}.get(self.dialect, "/")
        return cast("exp.Expression", exp.Var(this=f"({number.sql(dialect=self.dialect)} {sign} {unit})"))

    def certain(self, node: Expression) -> bool:
        """Whether a node can never be NULL."""
        node = self.resolve(node)
        if node.op == "fact":
            return node.name in self.bounds.known
        if node.op == "parameter":
            return self.constant(node)
        return node.op == "is_true" or all(self.certain(arg) for arg in node.args)
