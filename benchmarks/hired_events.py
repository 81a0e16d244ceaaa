"""Ten million generated hired-staff events in DuckDB on disk, as ``samverka settle`` stores them. All is example data.

Every party works for every other; all professions, both levels; day, evening and over midnight; a fifth by the clock;
each of the 184 days of 2025H2, the night when the clock is put back among them. No price of 2025 needs an index.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path
from random import Random
from typing import Any

import duckdb

from avtal import calendar
from avtal.bulk import EventTable, columns, create_table
from avtal.editions.jamtland_2026 import CHARGES
from avtal.editions.jamtland_2026.parties import PARTIES

EVENTS = 10_000_000
CHARGE = CHARGES["hired_staff"]
FOLDER = Path(__file__).parents[1] / "build" / "benchmarks"
FILE = FOLDER / "events.duckdb"
#: As samverka.settle.events.store has it.
SETTINGS = {"memory_limit": "150MB", "temp_directory": str(FOLDER), "preserve_insertion_order": False}
PUT_BACK, HOUR_TWICE_ENDS = date(2025, 10, 26), 3 * 60

PROFESSIONS = ("nurse", "occupational_therapist", "physiotherapist", "other", "physician")


def _dice(below: int, salt: int) -> str:
    return f"(hash(i * 64 + {salt}) % {below})::BIGINT"


def _one_of(names: Sequence[str], place: str) -> str:
    return f"{list(names)}[({place} + 1)::INT]"


#: From the row's number ``i`` to dice, and from dice to the columns of the event table.
THROWN = f"""
    SELECT i, {_dice(9, 1)} AS who, {_dice(8, 2)} AS whom, DATE '2025-07-01' + {_dice(184, 3)}::INT AS date,
        CASE WHEN {_dice(10, 4)} < 7 THEN 420 + 5 * {_dice(108, 5)}
            WHEN {_dice(10, 4)} < 9 THEN 960 + 5 * {_dice(72, 5)}
            ELSE (1320 + 5 * {_dice(108, 5)}) % 1440 END AS start,
        {_dice(10, 6)} < 2 AS by_clock, {_dice(20, 7)} AS absent, {_dice(16, 8)} AS team,
        15 + CASE WHEN {_dice(10, 16)} = 0 THEN {_dice(560, 9)} ELSE {_dice(106, 9)} END AS worked,
        {_dice(31, 10)} AS admin, {_dice(21, 11)} AS report, {_dice(91, 12)} AS travel, {_dice(3, 13)} = 0 AS combined,
        {_dice(8, 14)} AS staff, {_dice(4, 15)} < 3 AS primary_care
    FROM range({{events}}) numbers(i)"""
CHANGE = f"DATE '{PUT_BACK}'"
MADE = {
    "event_id": "'e' || i",
    "line": "i + 2",
    "month": "year(date) * 100 + month(date)",
    "example": "false",
    "from": _one_of(PARTIES, "who"),
    "to": _one_of(PARTIES, "((who + whom + 1) % 9)"),
    "date": "date",
    "start": "start",
    "end": "CASE WHEN by_clock THEN (start + worked) % 1440 END",
    "work_minutes": "CASE WHEN by_clock THEN 0 ELSE worked END",
    "admin_minutes": "CASE WHEN by_clock THEN 0 ELSE admin END",
    "report_minutes": "CASE WHEN by_clock OR absent = 0 THEN 0 ELSE report END",
    "travel_minutes": "CASE WHEN by_clock THEN 0 ELSE travel END",
    "component_absent": "NOT by_clock AND absent = 0",
    "travel_combined": "combined",
    "profession": _one_of((*PROFESSIONS, "nurse", "nurse", "nurse"), "staff"),
    "principal_level": "CASE WHEN primary_care THEN 'primary' ELSE 'specialised' END",
    "palliative_team": "CASE WHEN team = 0 THEN true WHEN team < 8 THEN false END",
    "affiliation_unsaid": "team >= 8",
    "by_clock": "by_clock",
    "stretch_minutes": f"""CASE WHEN NOT by_clock THEN 0 ELSE worked + CASE
        WHEN date = {CHANGE} AND start < {HOUR_TWICE_ENDS} AND start + worked >= {HOUR_TWICE_ENDS} THEN 60
        WHEN date = {CHANGE} - 1 AND start + worked >= {1440 + HOUR_TWICE_ENDS} THEN 60 ELSE 0 END END""",
    "shift_today": f"CASE WHEN date = {CHANGE} AND start < {HOUR_TWICE_ENDS} THEN 60 ELSE 0 END",
    "shift_tomorrow": f"CASE WHEN date = {CHANGE} - 1 THEN 60 ELSE 0 END",
}


def fill(connection: duckdb.DuckDBPyConnection, table: str, events: int) -> None:
    """Make the table and fill it with generated events."""
    connection.execute(create_table(CHARGE, table, "duckdb"))
    listed = ", ".join(MADE[name] for name in columns(CHARGE))
    connection.execute(f"INSERT INTO {table} SELECT {listed} FROM ({THROWN.format(events=events)})")


def check(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """The derived columns of the nights around the clock change, and of some others, are what the calendar says."""
    near = f"date BETWEEN {CHANGE} - 2 AND {CHANGE} + 1 AND (start < 240 OR start > 1200)"
    query = f'SELECT date, start, "end", stretch_minutes, shift_today, shift_tomorrow FROM {table}'
    near_rows = connection.execute(f"{query} WHERE {near} LIMIT 5000").fetchall()
    for on, start, end, stretch, today, tomorrow in Random(1).sample(near_rows, min(500, len(near_rows))):
        begins = time(start // 60, start % 60)
        assert calendar.clock_shifts(on, begins) == (today, tomorrow), (on, start)
        if end is not None:
            assert calendar.elapsed_minutes(on, begins, time(end // 60, end % 60)) == stretch, (on, start, end)


def _mark() -> str:
    return hashlib.sha256(f"{THROWN}{MADE}{columns(CHARGE)}{EVENTS}{duckdb.__version__}".encode()).hexdigest()


def _make() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    FILE.unlink(missing_ok=True)
    with duckdb.connect(str(FILE), config=SETTINGS) as connection:
        fill(connection, "events", EVENTS)
        check(connection, "events")
    FILE.with_suffix(".mark").write_text(_mark())


@contextmanager
def ten_million() -> Iterator[tuple[duckdb.DuckDBPyConnection, EventTable]]:
    """The events, made by a process of its own where they are not on disk already: ours keeps its memory small."""
    mark = FILE.with_suffix(".mark")
    if not (FILE.exists() and mark.exists() and mark.read_text() == _mark()):
        subprocess.run([sys.executable, "-m", "benchmarks.hired_events"], check=True)
    with duckdb.connect(str(FILE), config=SETTINGS) as connection:

        def run(statement: str) -> Sequence[Sequence[Any]]:
            return connection.execute(statement).fetchall()

        yield connection, EventTable(run, "duckdb", "events")


if __name__ == "__main__":
    _make()
