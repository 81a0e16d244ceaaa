"""Decide a whole table of cases: DuckDB, SQLite and PostgreSQL in place; and what a changed edition would move.

The trees that decide one case are printed as SQL. A case is a row whose columns are named as the facts; NULL is
unknown and stays unknown. The derived column ``day`` holds the day that the answer holds for, never NULL.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from avtal.book.edition import Edition
from avtal.book.question import Question
from avtal.language.expression import Expression, Kind, Value, constant
from avtal.language.rewrite import replaced
from avtal.tables import Run, declared, quoted

if TYPE_CHECKING:
    from avtal.language.sql import Bounds, Dialect


@dataclass(frozen=True, slots=True)
class CaseTable:
    """A table of a question's cases in an engine.

    Attributes:
        run: Runs one statement and gives its rows.
        dialect: Whose SQL.
        name: The table's name, or a query in parentheses.
    """

    run: Run
    dialect: Dialect
    name: str


@dataclass(frozen=True, slots=True)
class Move:
    """How many cases of a group go from one answer to another under a changed edition.

    Attributes:
        group: What the cases are counted by: the municipality where the person is registered. None is unknown.
        before: The main answer under the edition that is in force, a role; None is unknown.
        after: The main answer under the draft.
        cases: How many.
    """

    group: Value | None
    before: Value | None
    after: Value | None
    cases: int


@dataclass(frozen=True)
class Draft:
    """An edition with changes that nobody has decided, to see what they would do.

    Attributes:
        edition: With other numbers and other readings.
        met: Rules that count as met whatever is stated: a criterion that is taken away.
    """

    edition: Edition
    met: tuple[str, ...] = ()

    def tree(self, tree: Expression) -> Expression:
        """A tree as the draft has it."""
        return replaced(tree, dict.fromkeys(self.met, constant(True)))  # a rule's value


def case_columns(question: Question) -> dict[str, Kind]:
    """The columns of a case table: a number for each case, then every fact."""
    return {"number": Kind.INT, **{fact: one.kind for fact, one in question.facts.items()}}


def create_table(question: Question, name: str, dialect: Dialect) -> str:
    """The statement that makes an empty case table, with declared types: a number for each case, then every fact."""
    columns = case_columns(question)
    listed = ", ".join(declared(column, kind, dialect) for column, kind in columns.items())
    return f"CREATE TABLE {name} ({listed})"


def every_output(question: Question) -> dict[str, Expression]:
    """All that is decided of a case: every output, every flag as ``flag_`` and every duty as ``duty_`` and its name."""
    flags = {f"flag_{name}": tree for name, tree in question.flag_trees.items()}
    return {**question.trees, **flags, **{f"duty_{task.name}": task.when for task in question.task_list}}


def decided_sql(
    outputs: Mapping[str, Expression], table: CaseTable, edition: Edition, columns: Collection[str], bounds: Bounds
) -> str:
    """The statement that decides every case: the columns as they are, and each output by its name."""
    from avtal.language.sql import select  # here: importing avtal loads no third-party module

    return select(outputs, table.name, table.dialect, edition, bounds, columns)


def moves(question: Question, table: CaseTable, before: Edition, after: Draft, group: str) -> list[Move]:
    """How many cases would get which other answer, by group; those that keep theirs are counted too.

    Args:
        question: What is decided.
        table: The cases.
        before: The edition in force.
        after: The draft.
        group: The fact that the cases are counted by.
    """
    from avtal.language.sql import NOTHING

    tree = question.trees[question.main]
    facts = sorted({*tree.facts(), *after.tree(tree).facts(), group})
    first = decided_sql({"before": tree}, table, before, facts, NOTHING)
    inner = CaseTable(table.run, table.dialect, f"({first}) AS decided")
    both = decided_sql({"after": after.tree(tree)}, inner, after.edition, (group, "before"), NOTHING)
    by = quoted(group, table.dialect)
    counted = f"SELECT {by}, before, after, COUNT(*) FROM ({both}) AS moved GROUP BY {by}, before, after"
    rows: Sequence[Sequence[Value | None]] = table.run(counted)
    found = [Move(row[0], row[1], row[2], int(str(row[3]))) for row in rows]
    return sorted(found, key=lambda move: tuple(str(part or "") for part in (move.group, move.before, move.after)))
