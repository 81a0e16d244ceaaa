"""Whether the site is well: its database answers and is up to date, and its worker keeps up."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Min

#: How long a job may wait before the worker is taken to have stopped.
LONGEST_WAIT = 900

_UP_TO_DATE: set[str] = set()  # databases whose migrations were found applied; they do not become unapplied


def faults(at: datetime) -> list[str]:
    """What is wrong, in words that say nothing of how the site is built: ``database``, ``migrations``, ``queue``."""
    try:
        if not _migrated():
            return ["migrations"]
        return ["queue"] if _longest_wait(at) > LONGEST_WAIT else []
    except DatabaseError:
        return ["database"]


def _migrated() -> bool:
    name = str(connection.settings_dict["NAME"])
    if name in _UP_TO_DATE:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    found = MigrationLoader(connection)
    if set(found.graph.nodes) - set(found.applied_migrations):
        return False
    _UP_TO_DATE.add(name)
    return True


def _longest_wait(at: datetime) -> float:
    """Seconds that the oldest job which may run has waited; nothing where jobs run at once."""
    if "django_tasks_db" not in settings.TASKS["default"]["BACKEND"]:
        return 0.0
    from django_tasks_db.models import DBTaskResult  # only where there is a worker

    oldest = DBTaskResult.objects.ready().aggregate(oldest=Min("enqueued_at"))["oldest"]
    return (at - oldest).total_seconds() if oldest else 0.0
