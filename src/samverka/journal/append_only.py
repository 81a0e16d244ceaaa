"""Tables that only grow: triggers on both databases refuse to change, delete or empty what is in them."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from samverka.core.triggers import run

#: The journal's own.
TABLES = ("journal_entry", "journal_entryparty", "journal_seal", "journal_checkpoint")

_FUNCTION = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def protect(connection: BaseDatabaseWrapper, *tables: str) -> None:
    """From now on the tables take new rows and nothing else; who tries is met with an ``IntegrityError``."""
    run(connection, *(statement for table in tables for statement in _made(connection.vendor, table)))


def unprotect(connection: BaseDatabaseWrapper, *tables: str) -> None:
    """Take the triggers away again: for migrating backwards, and for tests of what they are good for."""
    run(connection, *(statement for table in tables for statement in _dropped(connection.vendor, table)))


def unprotected(connection: BaseDatabaseWrapper, *tables: str) -> list[str]:
    """Those of the tables that have lost a trigger, or have it disabled."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgname LIKE 'append_only%'"
            )
        else:
            cursor.execute(
                "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE tbl_name || '_no_%'"
            )
        found = [name for (name,) in cursor.fetchall()]
    return [table for table in tables if found.count(table) < 2]


def _made(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        end = "EXECUTE FUNCTION append_only()"
        return [
            _FUNCTION,
            f'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW {end}',
            f'CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT {end}',
        ]
    return [
        f'CREATE TRIGGER "{table}_no_{verb}" BEFORE {verb} ON "{table}" '
        f"BEGIN SELECT RAISE(ABORT, 'append-only: {verb} {table}'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def _dropped(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [f'DROP TRIGGER {name} ON "{table}"' for name in ("append_only", "append_only_whole")]
    return [f'DROP TRIGGER "{table}_no_{verb}"' for verb in ("UPDATE", "DELETE")]
