"""One moment of the database, read while others write: rows as the driver gives them, in blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import chain
from typing import Any

from django.db import connection

BLOCK = 5000
Row = tuple[Any, ...]


class Snapshot:
    """What the database was at one moment."""

    def __init__(self, raw: Any, stack: ExitStack, *, postgres: bool) -> None:
        self.raw, self.postgres = raw, postgres
        self._stack = stack
        self._cursors = 0

    def rows(self, sql: str) -> Iterator[Row]:
        """The rows of a question, never all in memory; PostgreSQL fetches a block while the one before is used."""
        self._cursors += 1
        named = {"name": f"snapshot_{self._cursors}", "binary": True} if self.postgres else {}
        cursor = self.raw.cursor(**named)
        self._stack.callback(cursor.close)
        cursor.execute(sql)

        if not self.postgres:  # it reads row by row, and has no server to work meanwhile
            return iter(cursor)

        def fetch() -> Sequence[Row]:
            return cursor.fetchmany(BLOCK)  # type: ignore[no-any-return]  # a driver's rows

        return chain.from_iterable(_ahead(self._stack.enter_context(ThreadPoolExecutor(1)), fetch))

    def one(self, sql: str) -> Row | None:
        """The first row of a question."""
        cursor = self.raw.cursor()
        cursor.execute(sql)
        row: Row | None = cursor.fetchone()
        cursor.close()
        return row


def _ahead(pool: ThreadPoolExecutor, fetch: Callable[[], Sequence[Row]]) -> Iterator[Sequence[Row]]:
    coming = pool.submit(fetch)
    while rows := coming.result():
        coming = pool.submit(fetch)
        yield rows


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Read within; nothing is written. Inside a transaction that has begun already, what that one sees."""
    connection.ensure_connection()
    raw, postgres = connection.connection, connection.vendor == "postgresql"
    begun = connection.in_atomic_block
    with ExitStack() as stack:
        if not begun:
            raw.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if postgres else "BEGIN")
            stack.callback(raw.execute, "ROLLBACK")
        yield Snapshot(raw, stack, postgres=postgres)
