"""What is printed, word for word, where a small difference would matter."""

from __future__ import annotations

from datetime import date

import pytest

from avtal.language.expression import Expression, Kind, ceil_div, choose, constant, smaller
from avtal.language.facts import Facts, FactSet, Parameters, boolean, code, day, whole
from avtal.language.sql import Bounds, Dialect, select, to_sql
from tests.avtal.language.fakes import FakeValues, since

F = Facts(FactSet(boolean("p"), whole("n"), whole("signed", low=-9), code("from"), day("on")))
ON = Parameters({"rate": Kind.INT, "never": Kind.INT}, F.on)
VALUES = FakeValues({"rate": since(("2025-01-01", 500), ("2026-01-01", 550), ("2027-01-01", None)), "never": ()})
FILLED = Bounds(frozenset({"p", "n", "signed", "from", "on"}))


def within(first: str, last: str) -> Bounds:
    """A table of filled columns between two days."""
    return Bounds(FILLED.known, (date.fromisoformat(first), date.fromisoformat(last)))


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("sqlite", '(("n" + 59) / 60)'),
        ("postgres", '(("n" + 59) / 60)'),
        ("duckdb", '(("n" + 59) // 60)'),
        ("spark", "((`n` + 59) DIV 60)"),
    ],
)
def test_started_units_are_divided_in_whole_numbers(dialect: Dialect, text: str) -> None:
    """Each engine's own division of whole numbers, without a detour over fractions."""
    assert to_sql(ceil_div(F.n, 60), dialect, VALUES) == text


@pytest.mark.parametrize(
    ("tree", "bounds", "text"),
    [
        (choose(F.p, 1, 2), Bounds(), 'CASE WHEN "p" THEN 1 WHEN NOT ("p") THEN 2 END'),
        (choose(F.p, 1, 2), FILLED, 'CASE WHEN "p" THEN 1 ELSE 2 END'),
        (choose(F.p.is_true(), 1, 2), Bounds(), 'CASE WHEN COALESCE("p", FALSE) THEN 1 ELSE 2 END'),
        (choose(F.p.is_true(), 1, 2), FILLED, 'CASE WHEN "p" THEN 1 ELSE 2 END'),
        (smaller(F.n, 3), Bounds(), 'CASE WHEN "n" <= 3 THEN "n" WHEN "n" > 3 THEN 3 END'),
        (smaller(F.n, 3), FILLED, 'LEAST("n", 3)'),
        (F["from"].is_in("a", "b"), Bounds(), "(\"from\" IN ('a', 'b'))"),
        (F["from"] == "o'x", Bounds(), "(\"from\" = 'o''x')"),
        (F.n > -1, Bounds(), '("n" > (-1))'),
        (F.on < date(2026, 1, 1), Bounds(), "(\"on\" < CAST('2026-01-01' AS DATE))"),
        (constant(2) * 3, Bounds(), "(CAST(2 AS BIGINT) * 3)"),
        (F.n * 3, Bounds(), '("n" * 3)'),
        (ON.never, Bounds(), "CAST(NULL AS BIGINT)"),
        (ON.rate, within("2025-03-01", "2025-12-31"), "CAST(500 AS BIGINT)"),
        (ON.rate, within("2026-01-01", "2026-12-31"), "CAST(550 AS BIGINT)"),
        (ON.rate, within("2024-01-01", "2024-12-31"), "CAST(NULL AS BIGINT)"),
        (
            ON.rate,
            within("2025-12-31", "2026-01-01"),
            (
                "CASE WHEN \"on\" >= CAST('2026-01-01' AS DATE) THEN CAST(550 AS BIGINT) "
                "WHEN \"on\" >= CAST('2025-01-01' AS DATE) THEN CAST(500 AS BIGINT) END"
            ),
        ),
        (
            ON.rate,
            within("2027-01-01", "2027-12-31"),
            "CASE WHEN \"on\" >= CAST('2027-01-01' AS DATE) THEN CAST(NULL AS BIGINT) END",
        ),
    ],
)
def test_a_tree_is_printed_for_postgres(tree: Expression, bounds: Bounds, text: str) -> None:
    """Unknown keeps its own branch, until the table is known to hold none."""
    assert to_sql(tree, "postgres", VALUES, bounds) == text


def test_a_price_may_be_missing_only_where_no_bounds_say_otherwise() -> None:
    """A dated value has no third branch only when one known value covers all days of the table."""
    priced = choose(ON.rate > 5, 1, 2)
    assert " ELSE 2 " in to_sql(priced, "duckdb", VALUES, within("2025-01-01", "2025-12-31"))
    assert " WHEN NOT " in to_sql(priced, "duckdb", VALUES, within("2025-01-01", "2026-12-31"))
    assert " WHEN NOT " in to_sql(priced, "duckdb", VALUES, within("2027-01-01", "2027-12-31"))
    assert " WHEN NOT " in to_sql(priced, "duckdb", VALUES, FILLED)


def test_a_day_may_be_text_in_sqlite_alone() -> None:
    """SQLite has no dates: ISO text sorts like the days themselves."""
    assert to_sql(F.on < date(2026, 1, 1), "sqlite", VALUES) == "(\"on\" < '2026-01-01')"


def test_what_is_used_twice_is_computed_once_in_a_layer_below() -> None:
    """Shared nodes become columns of a subquery, in as many layers as they rest on each other."""
    once = F.signed // 7
    twice = (once - F.n) * (once + 1) * (once + 2)
    text = select({"a": twice // 2, "b": twice}, "events", "sqlite", VALUES, Bounds(), ["id"])
    assert text.count('"signed" % 7') == 1
    assert text.count("FROM (SELECT") == 2
    assert "REAL" not in text
    assert text.startswith('SELECT "id", ')
    assert text.endswith("LIMIT -1) AS layer_1")


def test_a_layer_hands_on_what_is_asked_for_above_it_and_no_more() -> None:
    """SQLite copies every column of every row from one subquery to the next."""
    once = F.signed // 7
    text = select({"a": once * F.n, "b": once}, "events", "sqlite", VALUES, FILLED, ["id"])
    signed = '(("signed" - (("signed" % 7 + 7) % 7)) / 7)'
    inner = f'SELECT "id", "n", {signed} AS step_0_0 FROM events LIMIT -1'
    assert text == f'SELECT "id", (step_0_0 * "n") AS "a", step_0_0 AS "b" FROM ({inner}) AS layer_0'


def test_what_is_quickly_computed_has_no_layer_where_layers_cost() -> None:
    """A sum used twice is written twice in SQLite and PostgreSQL; DuckDB has a column for it, which costs nothing."""
    once = F.n + 1
    outputs = {"a": once, "b": once * 2}
    for dialect in ("sqlite", "postgres"):
        assert "layer_" not in select(outputs, "events", dialect, VALUES, FILLED)
    assert select(outputs, "events", "duckdb", VALUES, FILLED) == (
        'SELECT step_0_0 AS "a", (step_0_0 * 2) AS "b" FROM (SELECT ("n" + 1) AS step_0_0 FROM events) AS layer_0'
    )


def test_a_postgres_subquery_is_fenced_and_never_divides_in_floats() -> None:
    """OFFSET 0 keeps PostgreSQL from computing a layer again; whole numbers stay whole through every layer."""
    once = F.signed // 7
    twice = (once - F.n) * (once + 1) * (once + 2)
    text = select({"a": twice // 2, "b": twice}, "events", "postgres", VALUES)
    assert text.count("OFFSET 0) AS layer_") == 2
    assert "DOUBLE" not in text
