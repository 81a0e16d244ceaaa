"""``python -m django db_worker``: the worker, which asks again for what was left undone, and waits for its database."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.db import OperationalError, connections
from django_tasks_db.management.commands.db_worker import Command as Worker

from samverka.parties.resealing import reseal
from samverka.settlement.jobs import go_on

log = logging.getLogger(__name__)
#: Seconds before a database that does not answer is asked again.
PAUSE = 5.0


class Command(Worker):
    """A worker that was killed or lost its database took its job with it: nothing else would do it again."""

    def handle(self, **options: Any) -> None:
        """Ask for it, then work until stopped; a database that is away for a while stops nothing but the work.

        What a former secret key sealed is sealed anew first: a worker starts whenever keys are read.
        """
        while True:
            try:
                _reseal()
                go_on()
                super().handle(**options)
            except OperationalError:
                log.warning("the database does not answer", exc_info=True)
                connections.close_all()
                time.sleep(PAUSE)
            else:
                return


def _reseal() -> None:
    """Tell how many secrets were sealed anew, and whether some cannot be opened."""
    done, closed = reseal()
    if done:
        log.warning("secrets of a former key were sealed anew: the key can be let go", extra={"rows": done})
    if closed:
        log.error("secrets cannot be opened: their key is not in SAMVERKA_SECRET_KEY_FALLBACKS", extra={"rows": closed})
