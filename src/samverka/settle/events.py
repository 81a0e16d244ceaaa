"""Event files into DuckDB: each row checked by the charge's facts, typed, and counted going in."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import duckdb

from avtal.book.answer import BadFacts
from avtal.book.charge import EventCharge
from avtal.book.edition import Edition
from avtal.bulk import EventTable, Intake, columns, create_table
from avtal.calendar import Period
from avtal.language.compile import compile_tree
from avtal.language.evaluate import Case, missing
from avtal.language.expression import Kind
from avtal.language.facts import FactConflict
from avtal.language.sql import Bounds
from samverka.settle.csvfile import Faults, Row, read_rows, wrong

Progress = Callable[[str, int], None]

YES_NO = {"true": True, "false": False, "ja": True, "nej": False}
MARKS = ("source", "example")
EVERY = 50_000
UNKNOWN = "\x1f"  # marks NULL; no cell can be that, for facts and ids have visible characters only


@dataclass(frozen=True)
class Loaded:
    """A charge's events in the store: those of the period, and how many lay outside it."""

    charge: EventCharge
    table: EventTable
    outside: int


@contextmanager
def store() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database on disk that is gone afterwards; memory stays small whatever the number of events."""
    with TemporaryDirectory(prefix="samverka-") as folder:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": "150MB",
            "temp_directory": folder,
            "preserve_insertion_order": False,
        }
        with duckdb.connect(str(Path(folder) / "events.duckdb"), config=config) as connection:
            yield connection


def load_events(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    charge: EventCharge,
    edition: Edition,
    period: Period,
    faults: Faults,
    progress: Progress,
) -> Loaded:
    """Check and load a file of events; with faults, its good rows are loaded but nobody will settle them."""
    intake = _Taker(charge, edition, period, faults)
    optional = (*(key for key in charge.facts.stated() if key not in charge.required), *MARKS)
    connection.execute(create_table(charge, charge.name, "duckdb"))
    with TemporaryDirectory(prefix="samverka-") as folder:
        typed = Path(folder) / "typed.csv"
        with typed.open("w", encoding="utf-8", newline="") as stream:
            write = csv.writer(stream).writerow
            for row in read_rows(path, ("event_id", *charge.required), optional, faults):
                cells = intake.take(path.name, row)
                if cells is not None:
                    write(cells)
                if intake.rows % EVERY == 0:
                    progress(path.name, intake.rows)
        form = (
            f"FORMAT csv, HEADER false, AUTO_DETECT false, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '{UNKNOWN}'"
        )
        place = str(typed).replace("'", "''")
        connection.execute(f"COPY {charge.name} FROM '{place}' ({form})")
    _refuse_doubles(connection, path.name, charge.name, faults)
    connection.execute(f'DELETE FROM {charge.name} WHERE "date" NOT BETWEEN ? AND ?', [period.first, period.last])

    def run(statement: str) -> Sequence[Sequence[Any]]:
        return connection.execute(statement).fetchall()

    return Loaded(charge, EventTable(run, "duckdb", charge.name, intake.seen()), intake.outside)


def _refuse_doubles(connection: duckdb.DuckDBPyConnection, file: str, table: str, faults: Faults) -> None:
    first = "MIN(line) OVER (PARTITION BY event_id)"
    query = f"SELECT event_id, line, {first} AS earlier FROM {table} QUALIFY line > earlier ORDER BY line"
    for event_id, line, earlier in connection.execute(query).fetchall():
        told = f"{event_id[:60]} står redan på rad {earlier}; varje händelse har sitt eget id"
        faults.add(file, line, "event_id", told)


def read_flag(text: str) -> bool | str:
    """``ja``, ``nej``, ``true`` or ``false``; any other text as it is, for the fact to refuse."""
    return YES_NO.get(text.lower(), text)


class _Taker:
    """Checks rows and remembers what went in: how many, how many minutes, which columns were always filled."""

    def __init__(self, charge: EventCharge, edition: Edition, period: Period, faults: Faults) -> None:
        self.charge = charge
        self.period = period
        self.faults = faults
        self.flags = {name for name, fact in charge.facts.items() if fact.kind is Kind.BOOL}
        self.edition = edition
        self.minutes_of = compile_tree(charge.trees["minutes"], edition)
        self.status_of = compile_tree(charge.trees["status"], edition)
        self.names = list(charge.facts)
        self.rows = self.events = self.minutes = self.outside = 0
        self.known = {*columns(charge)}
        self.first, self.last = date.max, date.min

    def take(self, file: str, row: Row) -> list[Any] | None:
        """A row's typed cells, in the table's order, counted if it lies in the period; None when it has a fault."""
        self.rows += 1
        stated: dict[str, Any] = {
            name: read_flag(cell) if name in self.flags else cell for name, cell in row.cells.items()
        }
        event_id, _, example = stated.pop("event_id"), stated.pop("source", ""), row.cells.get("example", "nej")
        stated.pop("example", None)
        before = self.faults.count
        if not event_id.isprintable():
            self.faults.add(file, row.line, "event_id", wrong(event_id, "synliga tecken och vanliga mellanslag"))
        if example.lower() not in YES_NO:
            self.faults.add(file, row.line, "example", wrong(example, "ja eller nej"))
        try:
            case = self.charge.case(stated)
        except BadFacts as bad:
            for fault in bad.faults:
                allowed = "ja eller nej" if fault.fact in self.flags else fault.allowed
                told = wrong(row.cells.get(fault.fact, ""), allowed)
                self.faults.add(file, row.line, fault.fact, allowed if isinstance(fault, FactConflict) else told)
        if self.faults.count > before or not self._settled(file, row, case):
            return None
        day = cast("date", case["date"])
        values = [case.get(name) for name in self.names]
        if day in self.period:
            self.events += 1
            self.minutes += int(self.minutes_of(case) or 0)  # type: ignore[arg-type]  # minutes are a number
            self.first, self.last = min(self.first, day), max(self.last, day)
            self.known.difference_update(name for name, value in zip(self.names, values, strict=True) if value is None)
        else:
            self.outside += 1
        cells = [UNKNOWN if value is None else value for value in values]
        return [event_id, row.line, day.year * 100 + day.month, YES_NO[example.lower()], *cells]

    def _settled(self, file: str, row: Row, case: Case) -> bool:
        """Whether the row says enough to know its outcome; what is missing is a fault of the row."""
        try:
            if self.status_of(case) is not None:
                return True
        except LookupError:  # a number that nobody has entered: pricing says so
            return True
        for name in missing(self.charge.trees["status"], case, self.edition):
            self.faults.add(file, row.line, name, "ska vara ifylld: utfallet beror på den")
        return False

    def seen(self) -> Intake:
        """What went in."""
        days = (self.first, self.last) if self.events else None
        return Intake(self.events, self.minutes, Bounds(frozenset(self.known), days))
