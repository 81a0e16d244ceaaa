"""One moment of the database, read while others write: rows as the driver gives them, never all in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection

#: Rows that come together: a few hundred of the journal's fit a socket's buffer, and the processor's nearest memory.
BLOCK = 200
BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
SHARED = "SET TRANSACTION SNAPSHOT '{}'"
Row = tuple[Any, ...]


class Snapshot:
    """What the database was at one moment.

    Attributes:
        postgres: Whether it is PostgreSQL.
    """

    def __init__(self, raw: Any, stack: ExitStack, *, exported: str, postgres: bool) -> None:
        self.raw, self.postgres = raw, postgres
        self._stack, self._exported = stack, exported
        self._cursors = 0

    def rows(self, sql: str) -> Iterator[Row]:
        """The rows of a question that may give many, while those of another are read."""
        if not self.postgres:
            cursor = self.raw.cursor()
            self._stack.callback(cursor.close)
            return iter(cursor.execute(sql))
        return self._streamed(sql) if self._exported else self._fetched(sql)

    def few(self, sql: str) -> list[Row]:
        """The rows of a question that gives few."""
        cursor = self.raw.cursor()
        cursor.execute(sql)
        found: list[Row] = cursor.fetchall()
        cursor.close()
        return found

    def _streamed(self, sql: str) -> Iterator[Row]:
        """By a connection of its own that sees the same moment: the server reads on while rows are used."""
        import psycopg

        beside = connection.copy()
        self._stack.callback(beside.close)
        beside.connect()
        beside.connection.execute(BEGIN)
        beside.connection.execute(SHARED.format(self._exported))
        cursor = psycopg.Cursor[Row](beside.connection)
        size = BLOCK if psycopg.capabilities.has_stream_chunked() else 1
        stream: Any = cursor.stream(sql, binary=True, size=size)
        self._stack.callback(stream.close)  # before its connection
        return stream  # type: ignore[no-any-return]  # a generator, which psycopg calls an iterator

    def _fetched(self, sql: str) -> Iterator[Row]:
        """By the connection that has begun, block by block: no other one sees what it has written."""
        self._cursors += 1
        cursor = self.raw.cursor(name=f"snapshot_{self._cursors}", binary=True)
        self._stack.callback(cursor.close)
        cursor.itersize = BLOCK
        return iter(cursor.execute(sql))


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Read within; nothing is written. Inside a transaction that has begun already, what that one sees."""
    connection.ensure_connection()
    raw, postgres = connection.connection, connection.vendor == "postgresql"
    begun, exported = connection.in_atomic_block, ""
    with ExitStack() as stack:
        if not begun:
            raw.execute(BEGIN if postgres else "BEGIN")
            stack.callback(raw.execute, "ROLLBACK")
            if postgres:
                [exported] = raw.execute("SELECT pg_export_snapshot()").fetchone()
        yield Snapshot(raw, stack, exported=exported, postgres=postgres)
