"""The shared list of who is responsible, row by row: its clause, what carries it out, and its golden cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from avtal.editions.jamtland_2026 import edition
from avtal.editions.jamtland_2026.matters import MATTERS
from avtal.language.expression import Expression
from avtal.language.rule import GROUND
from tests.avtal.editions.golden import golden_cases, golden_rules

INTRO = """
## Rows of who is responsible, performs, prescribes and pays

Each row of the shared list (`tests/avtal/editions/golden/rules.toml`), the rules and decision tables that carry out its
clause (only those that an answer hangs on), and the golden cases where it holds and where it does not: file and number
in `tests/avtal/editions/golden`.

| row | clause | rules and tables | holds | does not hold |
|---|---|---|---|---|
"""


def carried_out(trees: Mapping[str, Expression]) -> dict[str, set[str]]:
    """Clause -> the steps that name it in a tree, and the tables that have it as the ground of a row."""
    found: dict[str, set[str]] = defaultdict(set)
    for place, tree in trees.items():
        question, _, output = place.partition(".")
        for inside in (node for node in tree.walk() if node.op == "step" and node.name != GROUND):
            for clause in inside.clauses:
                found[clause].add(inside.name)
        for table, ground in _grounds(tree, output):
            for clause in ground.clauses:
                found[clause] |= {f"{question}.{table}"} if question != "matter" else set(_matters(clause))
    return found


def _matters(clause: str) -> Iterator[str]:
    """The matters whose row has a clause: they are data, so the matter tells more than the table."""
    yield from (f"matter.{name}" for name, one in MATTERS.items() if clause in one.clauses)


def _grounds(tree: Expression, table: str) -> Iterator[tuple[str, Expression]]:
    """Each row's ground with the step that it stands nearest below: its decision table."""
    seen: set[int] = set()

    def visit(node: Expression, table: str) -> Iterator[tuple[str, Expression]]:
        if id(node) in seen:
            return
        seen.add(id(node))
        if node.op == "step" and node.name == GROUND:
            yield table, node
        elif node.op == "step":
            table = node.name
        for arg in node.args:
            yield from visit(arg, table)

    yield from visit(tree, table)


def rows(trees: Mapping[str, Expression]) -> Iterator[tuple[str, str, list[str], list[str], list[str]]]:
    """Every row: number, clause, what carries it out, golden cases that hold, golden cases that do not."""
    steps = carried_out(trees)
    holds: dict[str, list[str]] = defaultdict(list)
    fails: dict[str, list[str]] = defaultdict(list)
    for case in golden_cases():
        for row in case.holds:
            holds[row].append(f"{case.file} {case.number}")
        for row in case.fails:
            fails[row].append(f"{case.file} {case.number}")
    for row, clause in golden_rules().items():
        yield row, clause, sorted(steps[clause]), holds[row], fails[row]


def table() -> str:
    """The table for the document."""
    lines = []
    for row, clause, steps, holds, fails in rows(edition().trees):
        names = ", ".join(f"`{name}`" for name in steps)
        lines.append(f"| {row} | {clause} | {names} | {', '.join(holds)} | {', '.join(fails)} |\n")
    return INTRO + "".join(lines)
