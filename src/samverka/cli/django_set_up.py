"""Django, for the commands that need it, and no others: it takes a second to start."""

from __future__ import annotations

import os
import sys

from samverka.cli.main import BAD_INPUT


def set_up() -> None:
    """Settings from the environment, with a fault in one line and exit code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samverka.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as fault:
        print(fault, file=sys.stderr)
        raise SystemExit(BAD_INPUT) from None


def refuse_unmigrated() -> None:
    """One line and exit code 2 where the database cannot be reached or lacks tables that this version needs."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as fault:
        print(f"databasen svarar inte: {str(fault).splitlines()[0]}", file=sys.stderr)
        raise SystemExit(BAD_INPUT) from None
    if missing:
        print(
            f"databasen är inte migrerad: {len(missing)} steg saknas. Kör django-admin migrate först.", file=sys.stderr
        )
        raise SystemExit(BAD_INPUT)
