"""Every migration of ours down and up, on an empty database: run by ``test_migrations`` in a process of its own.

    python -m tests.faults.migrating [--forgetful]

Prints each step. With ``--forgetful`` one migration does not take back what it made: the broken twin.
"""

from __future__ import annotations

import sys
from typing import Any

import django

django.setup()

from django.apps import apps  # noqa: E402  # after Django's set-up, as the models need
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402
from django.db.migrations.operations import RunPython  # noqa: E402

COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length, is_identity
    FROM information_schema.columns WHERE table_schema = 'public'"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace"""
SCHEMA = {
    "sqlite": ("SELECT tbl_name, type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",),
    "postgresql": (
        COLUMNS,
        CONSTRAINTS,
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    ),
}


def schema() -> set[tuple[Any, ...]]:
    """Tables, columns, constraints, indexes and triggers, as the database tells them."""
    found: set[tuple[Any, ...]] = set()
    with connection.cursor() as cursor:
        for question in SCHEMA[connection.vendor]:
            cursor.execute(question)
            found |= set(cursor.fetchall())
    return found


def ours() -> list[tuple[str, str, str]]:
    """Our migrations, the last first: app, the one before it in its app (``zero`` before the first), name."""
    graph = MigrationLoader(connection).graph
    labels = {config.label for config in apps.get_app_configs() if config.name.startswith("samverka.")}
    plan: list[tuple[str, str]] = []
    for leaf in graph.leaf_nodes():
        plan += [node for node in graph.forwards_plan(leaf) if node not in plan]
    found, latest = [], dict.fromkeys(labels, "zero")
    for app, name in plan:
        if app in labels:
            found.append((app, latest[app], name))
            latest[app] = name
    return found[::-1]


def migrate(*target: str) -> None:
    """Django's own command, quietly."""
    call_command("migrate", *target, verbosity=0, skip_checks=True)


def main() -> None:
    """All up; down one by one, where each takes something back; nothing of ours is left; all up to the same tables."""
    if connection.vendor == "sqlite":  # a database that nobody will miss
        connection.settings_dict["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    if "--forgetful" in sys.argv:
        RunPython.database_backwards = lambda *_: None  # type: ignore[method-assign]
    migrate()
    whole = now = schema()
    for app, before, name in ours():
        migrate(app, before)
        was, now = now, schema()
        assert now != was, f"{app} {name}: nothing was taken back"
        sys.stdout.write(f"{app} {name}\n")
    remaining = sorted({table for table, *_ in now if table.split("_")[0] in {app for app, _, _ in ours()}})
    assert not remaining, f"left when all is taken back: {remaining}"
    migrate()
    left = schema() ^ whole
    assert not left, f"otherwise than before: {sorted(map(str, left))[:5]}"
    sys.stdout.write("whole\n")


if __name__ == "__main__":
    main()
