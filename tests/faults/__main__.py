"""``python -m tests.faults statements|messages|race [--broken] PLAY ...``: what became of every fault, as JSON."""

from __future__ import annotations

import json
import logging
import os
import sys


def main(argv: list[str]) -> int:
    """Set Django up, play, and print JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django
    from django.conf import settings

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}  # the real one
    django.setup()
    logging.disable(logging.CRITICAL)  # a struck process complains, rightly, of every fault
    from tests.faults.driver import told

    what, *plays = [one for one in argv if not one.startswith("--")]
    json.dump(told(what, plays, broken="--broken" in argv), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
