"""Four databases behind one small face: make a typed table of rows, ask one question, get Python values back."""

from __future__ import annotations

import csv
import io
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from avtal.language.expression import Kind, Value
from avtal.language.sql import Dialect

Row = Sequence[Value | None]
NULL = r"\N"
TYPES = {Kind.BOOL: "BOOLEAN", Kind.INT: "BIGINT", Kind.DATE: "DATE", Kind.CODE: "TEXT"}


class Engine(ABC):
    """A database: ``load`` a table with declared types, ``query`` it."""

    dialect: Dialect

    @abstractmethod
    def load(self, table: str, columns: Mapping[str, Kind], rows: Iterable[Row]) -> None:
        """Make the table anew and fill it."""

    @abstractmethod
    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Every row of the answer, as the driver gives it."""

    def ask(self, sql: str, kinds: Sequence[Kind]) -> list[tuple[Value | None, ...]]:
        """Every row of the answer, as the rules' values: SQLite knows neither booleans nor dates."""
        return [tuple(map(rule_value, kinds, row)) for row in self.query(sql)]

    def create(self, table: str, columns: Mapping[str, Kind]) -> str:
        """The statement that makes the empty table."""
        declared = ", ".join(f'"{name}" {TYPES[kind]}' for name, kind in columns.items())
        return f"CREATE TABLE {table} ({declared})"


def rule_value(kind: Kind, value: Any) -> Value | None:
    """What a driver gave, as the rule's value; anything of another type is left to be seen as a difference."""
    if kind is Kind.BOOL and type(value) is int and value in (0, 1):
        return bool(value)
    if kind is Kind.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return value  # type: ignore[no-any-return]  # a driver's value


def csv_text(rows: Iterable[Row]) -> str:
    """Rows as CSV that DuckDB, PostgreSQL and Spark read alike."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([NULL if value is None else value for value in row] for row in rows)
    return text.getvalue()


class Sqlite(Engine):
    """SQLite: booleans are 0 and 1, dates are ISO text."""

    dialect = "sqlite"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def load(self, table: str, columns: Mapping[str, Kind], rows: Iterable[Row]) -> None:
        """Make the table anew and fill it."""
        self.connection.execute(f"DROP TABLE IF EXISTS {table}")
        self.connection.execute(self.create(table, columns))
        stored = ([str(value) if isinstance(value, date) else value for value in row] for row in rows)
        self.connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", stored)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Every row of the answer, as the driver gives it."""
        return self.connection.execute(sql).fetchall()


class DuckDB(Engine):
    """DuckDB, fed by CSV with declared types."""

    dialect = "duckdb"

    def __init__(self, connection: Any, folder: Path) -> None:
        self.connection = connection
        self.folder = folder

    def load(self, table: str, columns: Mapping[str, Kind], rows: Iterable[Row]) -> None:
        """Make the table anew and fill it."""
        file = self.folder / f"{table}.csv"
        file.write_text(csv_text(rows))
        self.connection.execute(f"DROP TABLE IF EXISTS {table}")
        self.connection.execute(self.create(table, columns))
        self.connection.execute(f"COPY {table} FROM '{file}' (FORMAT csv, HEADER false, NULLSTR '{NULL}')")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Every row of the answer, as the driver gives it."""
        return self.connection.execute(sql).fetchall()  # type: ignore[no-any-return]  # duckdb is untyped here


class Postgres(Engine):
    """PostgreSQL, fed by COPY."""

    dialect = "postgres"

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def load(self, table: str, columns: Mapping[str, Kind], rows: Iterable[Row]) -> None:
        """Make the table anew and fill it."""
        self.connection.execute(f"DROP TABLE IF EXISTS {table}")
        self.connection.execute(self.create(table, columns))
        with self.connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv, NULL '{NULL}')") as copy:
            copy.write(csv_text(rows))

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Every row of the answer, as the driver gives it."""
        return self.connection.execute(sql).fetchall()  # type: ignore[no-any-return]  # psycopg is untyped here


class Spark(Engine):
    """Spark, reading CSV with declared types."""

    dialect = "spark"

    def __init__(self, session: Any, folder: Path) -> None:
        self.session = session
        self.folder = folder

    def load(self, table: str, columns: Mapping[str, Kind], rows: Iterable[Row]) -> None:
        """Make the table anew and fill it."""
        file = self.folder / f"{table}.csv"
        file.write_text(csv_text(rows))
        types = {**TYPES, Kind.CODE: "STRING"}
        schema = ", ".join(f"`{name}` {types[kind]}" for name, kind in columns.items())
        reader = self.session.read.schema(schema).option("nullValue", NULL).option("escape", '"')
        reader.csv(str(file)).createOrReplaceTempView(table)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Every row of the answer, as the driver gives it."""
        return [tuple(row) for row in self.session.sql(sql).collect()]
