"""The same tree as SQL through sqlglot, for SQLite, PostgreSQL, DuckDB and Spark.

Unknown is NULL and logic is SQL's own three-valued one. Numbers are BIGINT, dates are DATE (ISO text in SQLite).
Readings are settled beforehand; a dated parameter is a CASE on the day, NULL where nobody has entered a value, so a
run that prices must refuse a NULL amount.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Literal, cast

from sqlglot import exp

from avtal.language.evaluate import Values
from avtal.language.expression import Expression, Value

Dialect = Literal["sqlite", "postgres", "duckdb", "spark"]

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


def to_sql(tree: Expression, dialect: Dialect, values: Values, known: Collection[str] = ()) -> str:
    """The tree as one SQL expression over columns named as the facts.

    Args:
        tree: The rule's tree.
        dialect: Whose SQL.
        values: Parameters and readings.
        known: Facts whose column never is NULL: conditions on them need no third branch.
    """
    return _Printer(dialect, values, frozenset(known)).print(tree).sql(dialect=dialect)


def select(outputs: Mapping[str, Expression], table: str, dialect: Dialect, values: Values, known: Collection[str] = (),
           columns: Collection[str] = ()) -> str:  # fmt: skip
    """``SELECT`` the columns as they are and every output by its name, from a table of facts."""
    printer = _Printer(dialect, values, frozenset(known))
    query = exp.select(*(exp.column(column, quoted=True) for column in columns))
    for name, tree in outputs.items():
        query = query.select(exp.alias_(printer.print(tree), name, quoted=True))
    return query.from_(exp.to_table(table)).sql(dialect=dialect)


class _Printer:
    def __init__(self, dialect: Dialect, values: Values, known: frozenset[str]) -> None:
        self.dialect = dialect
        self.values = values
        self.known = known

    def print(self, node: Expression) -> exp.Expression:
        match node.op:
            case "fact":
                return exp.column(node.name, quoted=True)
            case "constant":
                return self.literal(node.payload)
            case "step":
                return self.print(node.args[0])
            case "reading":
                return self.print(node.args[node.payload.index(self.values.reading(node.name).value)])
            case "parameter":
                return self.dated(node)
            case "not":
                return exp.Paren(this=exp.Not(this=self.print(node.args[0])))
            case "is_true":
                return exp.Coalesce(this=self.print(node.args[0]), expressions=[exp.false()])
            case "in":
                return exp.Paren(
                    this=exp.In(this=self.print(node.args[0]), expressions=[self.literal(code) for code in node.payload])
                )
            case "choose":
                return self.choice(node)
            case "min" | "max":
                return self.extreme(node)
            case "//" | "ceil_div":
                return self.divide(node)
        left, right = (self.print(arg) for arg in node.args)
        return exp.Paren(this=_BINARY[node.op](this=left, expression=right))

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

    def wide(self, value: Value) -> exp.Expression:
        literal = self.literal(value)
        return exp.cast(literal, "bigint") if isinstance(value, int) and not isinstance(value, bool) else literal

    def dated(self, node: Expression) -> exp.Expression:
        day = self.print(node.args[0])
        case = exp.Case()
        for since, value in reversed(self.values.history(node.name)):
            case = case.when(day.copy() >= self.literal(since), exp.null() if value is None else self.wide(value))
        return case

    def choice(self, node: Expression) -> exp.Expression:
        condition, then, otherwise = (self.print(arg) for arg in node.args)
        case = exp.Case().when(condition, then)
        if self.certain(node.args[0]):
            return case.else_(otherwise)
        return case.when(exp.Not(this=exp.Paren(this=condition.copy())), otherwise)

    def extreme(self, node: Expression) -> exp.Expression:
        """LEAST and GREATEST skip NULL in three engines; a CASE does not."""
        left, right = (self.print(arg) for arg in node.args)
        test, turned = (exp.LTE, exp.GT) if node.op == "min" else (exp.GTE, exp.LT)
        case = exp.Case().when(test(this=left, expression=right), left.copy())
        if all(self.certain(arg) for arg in node.args):
            return case.else_(right.copy())
        return case.when(turned(this=left.copy(), expression=right.copy()), right.copy())

    def divide(self, node: Expression) -> exp.Expression:
        """Floor division. Engines truncate, so a value that may be negative is first brought down to a multiple."""
        value, unit = node.args[0], int(node.args[1].payload)
        number: exp.Expression = self.print(value)
        if node.op == "ceil_div":
            number = exp.Paren(this=exp.Add(this=number, expression=exp.Literal.number(unit - 1)))
        if not value.natural:
            size = exp.Literal.number(unit)
            rest: exp.Expression = exp.Mod(this=exp.Paren(this=number), expression=size)
            rest = exp.Mod(this=exp.Paren(this=exp.Add(this=rest, expression=size.copy())), expression=size.copy())
            number = exp.Paren(this=exp.Sub(this=number.copy(), expression=exp.Paren(this=rest)))
        sign = {"duckdb": "//", "spark": "DIV"}.get(self.dialect, "/")
        text = f"({number.sql(dialect=self.dialect)} {sign} {unit})"
        return cast("exp.Expression", exp.Var(this=text))

    def certain(self, node: Expression) -> bool:
        """Whether a node can never be NULL."""
        if node.op == "fact":
            return node.name in self.known
        if node.op == "parameter":
            return False
        return node.op == "is_true" or all(self.certain(arg) for arg in node.args)
