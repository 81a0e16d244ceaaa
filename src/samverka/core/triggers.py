"""Triggers that refuse a statement on a table, on both databases alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper


class Rule(NamedTuple):
    """A statement on a table that is refused, with an ``IntegrityError``, where a condition on the row holds.

    Attributes:
        name: The trigger's; on PostgreSQL its function's too.
        table: On which table.
        verb: INSERT, UPDATE or DELETE.
        refused: The condition, on ``NEW`` and ``OLD``.
        added: The same of all rows of a statement at once, as PostgreSQL asks it where they are half a million.
        lock: What PostgreSQL waits for first, so that two at once do not miss each other; SQLite has one writer.
    """

    name: str
    table: str
    verb: str
    refused: str
    added: str = ""
    lock: str = ""


def make(connection: BaseDatabaseWrapper, *rules: Rule) -> None:
    """From now on the rules hold."""
    run(connection, *(statement for rule in rules for statement in _made(connection.vendor, rule)))


def drop(connection: BaseDatabaseWrapper, *rules: Rule) -> None:
    """They hold no more: for migrating backwards, and for tests of what they are good for."""
    run(connection, *(statement for rule in rules for statement in _dropped(connection.vendor, rule)))


def run(connection: BaseDatabaseWrapper, *statements: str) -> None:
    """Carry the statements out."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _made(vendor: str, rule: Rule) -> Iterator[str]:
    told, refused = f"{rule.table}: {rule.name}", rule.added or rule.refused
    if vendor == "postgresql":
        row = "OLD" if rule.verb == "DELETE" else "NEW"
        yield (
            f"CREATE OR REPLACE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {rule.lock}"
            f" IF {refused} THEN RAISE EXCEPTION '{told}' USING ERRCODE = 'integrity_constraint_violation';"
            f" END IF; RETURN {row}; END $$"
        )
        when, of = "BEFORE", "FOR EACH ROW"
        if rule.added:
            when, of = "AFTER", "REFERENCING NEW TABLE AS added FOR EACH STATEMENT"
        yield f"CREATE TRIGGER {rule.name} {when} {rule.verb} ON {rule.table} {of} EXECUTE FUNCTION {rule.name}()"
        return
    yield (
        f"CREATE TRIGGER {rule.name} BEFORE {rule.verb} ON {rule.table} WHEN {rule.refused}"
        f" BEGIN SELECT RAISE(ABORT, '{told}'); END"
    )


def _dropped(vendor: str, rule: Rule) -> Iterator[str]:
    if vendor == "postgresql":
        yield f"DROP TRIGGER {rule.name} ON {rule.table}"
        yield f"DROP FUNCTION {rule.name}()"
        return
    yield f"DROP TRIGGER {rule.name}"
