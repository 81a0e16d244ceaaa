"""``python -m django db_worker``: the worker, which first asks again for what one before it left undone."""

from __future__ import annotations

from typing import Any

from django_tasks_db.management.commands.db_worker import Command as Worker

from samverka.settlement.jobs import go_on


class Command(Worker):
    """A worker that was killed or lost its database took its job with it: nothing else would do it again."""

    def handle(self, **options: Any) -> None:
        """Ask for it, then work until stopped."""
        go_on()
        super().handle(**options)
