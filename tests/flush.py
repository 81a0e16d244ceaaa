"""Emptying a test's database although its tables are append-only: the triggers are out of the way meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.operations import BaseDatabaseOperations


@contextmanager
def triggers_away(connection: Any) -> Iterator[None]:
    """No trigger of the database strikes within: SQLite's are dropped and made again, PostgreSQL's are disabled."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, made in found:
            cursor.execute(made)


def get_past_triggers(patch: Any) -> None:
    """Let Django's ``flush`` empty such tables between tests that use transactions."""
    usual = BaseDatabaseOperations.execute_sql_flush

    def flush(self: Any, sql_list: list[str]) -> None:
        with triggers_away(connections[self.connection.alias]):
            usual(self, sql_list)

    patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush)
