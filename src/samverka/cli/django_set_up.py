"""Django, for the commands that need it, and no others: it takes a second to start."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def refusing(what: str) -> Iterator[None]:
    """One line and exit code 2 where the database refuses what is done here: the command's words, then its own."""
    from django.db import DatabaseError

    try:
        yield
    except DatabaseError as fault:
        print(f"{what}: {str(fault).splitlines()[0]}", file=sys.stderr)
        raise SystemExit(BAD_INPUT) from None


def refuse_unmigrated() -> None:
    """One line and exit code 2 where the database cannot be reached or lacks tables that this version needs."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with refusing("databasen svarar inte"):
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        print(
            f"databasen är inte migrerad: {len(missing)} steg saknas. Kör python -m django migrate först, "
            "med DJANGO_SETTINGS_MODULE=samverka.settings.",
            file=sys.stderr,
        )
        raise SystemExit(BAD_INPUT)
