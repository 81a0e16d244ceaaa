"""Attested work is locked by the database too: nothing of it changes, but that the attestation is taken back.

Whatever writes, and however: what a party attested is what is settled. A trigger on each table of work.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("assignments_hiredstaff", "assignments_liaison", "assignments_hospitalattendance", "assignments_equipmentjob")
#: What changes when an attestation is taken back.
FREE = frozenset({"state", "reason", "revision", "attested_by_id", "attested_at"})
LOCKED = "attested work is locked"


def lock(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers up."""
    if connection.vendor == "postgresql":
        body = f"BEGIN RAISE EXCEPTION '{LOCKED}'; END"
        _run(connection, f"CREATE FUNCTION assignments_locked() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
    for table in TABLES:
        differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
        columns = [name for name in _columns(connection, table) if name not in FREE]
        changed = " OR ".join(f'OLD."{name}" {differs} NEW."{name}"' for name in columns)
        when = f"OLD.state = 'attested' AND (NEW.state = 'attested' OR {changed})"
        body = (
            f"WHEN ({when}) EXECUTE FUNCTION assignments_locked()"
            if connection.vendor == "postgresql"
            else f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{LOCKED}'); END"
        )
        _run(connection, f"CREATE TRIGGER {table}_locked BEFORE UPDATE ON {table} FOR EACH ROW {body}")


def unlock(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers down."""
    for table in TABLES:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        _run(connection, f"DROP TRIGGER {table}_locked{on}")
    if connection.vendor == "postgresql":
        _run(connection, "DROP FUNCTION assignments_locked()")


def _columns(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def _run(connection: BaseDatabaseWrapper, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
