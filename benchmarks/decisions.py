"""A million cases decided in bulk on DuckDB: the four criteria, and the complete care decision.

The cases are made by the engine from a hash, a tenth of each fact unknown. Complete means every output, flag and duty,
written to a table. The peer for the criteria is the same written by hand in SQL; the floor for the whole is writing as
many columns that look at nothing. Beside it, what a draft would move, and one case after the other in compiled Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from typing import Any

import duckdb

from avtal.cases import CaseTable, Draft, case_columns, create_table, decided_sql, every_output, moves
from avtal.editions.jamtland_2026 import QUESTIONS, edition
from avtal.language.compile import compile_tree
from avtal.language.expression import Expression, Kind
from avtal.language.facts import Fact
from avtal.language.sql import NOTHING
from benchmarks.table import Figure, in_turns, show, times

CASES, SINGLE, ROUNDS = 1_000_000, 20_000, 3
CRITERIA_LEAST, WHOLE_LEAST = 1_000_000, 200_000
NUMBERS = {"days": 30, "age": 110, "cfs": 9}
CODES = {"profession": ("nurse", "physician", "occupational_therapist", "physiotherapist")}
BY_HAND = """
SELECT safe_at_home AND NOT self_care_possible AND digital_considered AS criterion_1,
       frequent AND continuous AND days > 14 AS criterion_2,
       cfs >= 6 OR (cfs = 5 AND cognitive IN ('symptoms', 'investigation', 'diagnosis')) AS criterion_3,
       NOT can_reach_health_centre
       AND barrier IN ('illness', 'medical_condition', 'mental_disability', 'physical_disability') AS criterion_4
FROM cases"""


def _drawn(fact: Fact) -> str:
    """A fact of case ``i`` as DuckDB draws it: the day is known, a tenth of the others is not."""
    if fact.derived:
        return "DATE '2026-07-01'"
    drawn = f"hash(i, '{fact.name}')"
    match fact.kind:
        case Kind.BOOL:
            value = f"{drawn} % 3 = 0"
        case Kind.DATE:
            value = f"DATE '2026-01-01' + ({drawn} % 365)::INT"
        case Kind.INT:
            value = f"{fact.low} + ({drawn} % {NUMBERS.get(fact.name, 100) - fact.low + 1})::BIGINT"
        case Kind.CODE:
            codes = fact.values or CODES.get(fact.name, ("Brunflo", "Hede"))
            value = f"{list(codes)}[1 + ({drawn} % {len(codes)})::INT]"
    return f"CASE WHEN hash(i, 'unknown {fact.name}') % 10 > 0 THEN {value} END"


def figures() -> list[Figure]:
    """Two promises, and two figures for the reader."""
    care, book = QUESTIONS["care"], edition()
    connection = duckdb.connect()
    connection.execute(create_table(care, "cases", "duckdb"))
    facts = ", ".join(_drawn(care.facts[name]) for name in care.facts)
    connection.execute(f"INSERT INTO cases SELECT i, {facts} FROM range({CASES}) AS t(i)")
    table = CaseTable(lambda sql: connection.execute(sql).fetchall(), "duckdb", "cases")
    criteria = {name: care.trees[name] for name in ("criterion_1", "criterion_2", "criterion_3", "criterion_4")}
    whole = every_output(care)

    def kept(query: str) -> int:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE kept AS {query}")
        return CASES

    def printed(trees: Mapping[str, Expression]) -> str:
        return decided_sql(trees, table, book, (), NOTHING)

    blank = ", ".join(f"number AS c{place}" for place in range(len(whole)))
    runs = {
        "criteria": lambda: kept(printed(criteria)),
        "by hand": lambda: kept(BY_HAND),
        "whole": lambda: kept(printed(whole)),
        "floor": lambda: kept(f"SELECT {blank} FROM cases"),
        "moves": lambda: moves(care, table, book, Draft(book, ("cannot_reach_health_centre",)), "registered_in"),
    }
    best, found = in_turns(ROUNDS, runs)
    assert sum(move.cases for move in found["moves"]) == CASES
    alike = f"SELECT * FROM ({printed(criteria)}) EXCEPT ALL {BY_HAND}"
    assert connection.execute(alike).fetchall() == []
    one = _one_by_one(connection, whole)
    return [
        Figure("criteria of a million cases, DuckDB", _speed(best["criteria"]), _speed(best["by hand"]) + " by hand",
               times(best["criteria"] / best["by hand"]), f">= {CRITERIA_LEAST // 1000} k/s",
               CASES / best["criteria"] >= CRITERIA_LEAST),
        Figure("complete care decision of a million", _speed(best["whole"]), _speed(best["floor"]) + " floor",
               times(best["whole"] / best["floor"]), f">= {WHOLE_LEAST // 1000} k/s",
               CASES / best["whole"] >= WHOLE_LEAST),
        Figure("  what a draft moves, of a million", _speed(best["moves"]), "", "", "", None),
        Figure("  one by one in compiled Python", f"{one / 1000:.0f} k/s", "", "", "", None),
    ]  # fmt: skip


def _one_by_one(connection: Any, trees: Mapping[str, Expression]) -> float:
    """Complete decisions a second, case after case."""
    names = list(case_columns(QUESTIONS["care"]))
    rows = connection.execute(f"SELECT * FROM cases LIMIT {SINGLE}").fetchall()
    cases = [dict(zip(names, row, strict=True)) for row in rows]
    closures = [compile_tree(tree, edition()) for tree in trees.values()]
    started = perf_counter()
    for case in cases:
        for closure in closures:
            closure(case)
    return SINGLE / (perf_counter() - started)


def _speed(seconds: float) -> str:
    return f"{CASES / seconds / 1000:.0f} k/s"


if __name__ == "__main__":
    show(figures())
