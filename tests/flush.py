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
    """Let Django's ``flush`` empty such tables between tests that use transactions, and do no more than that.

    What it does besides takes longer than most of those tests: on PostgreSQL it truncates every table, which are new
    files for each, and it writes permissions and content types anew, which nothing here asks for.
    """
    usual = BaseDatabaseOperations.execute_sql_flush

    def flush(self: Any, sql_list: list[str]) -> None:
        connection = connections[self.connection.alias]
        if connection.vendor == "postgresql":
            tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
            sql_list = [";".join(f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables)]
        with triggers_away(connection):
            usual(self, sql_list)

    patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush)
    patch.setattr("django.core.management.commands.flush.emit_post_migrate_signal", lambda *_, **__: None)
