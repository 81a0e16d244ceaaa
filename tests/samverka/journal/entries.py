"""Entries that tests make, the way services do."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from samverka.journal.models import Entry
from samverka.journal.services import ALL_PARTIES, record
from tests.samverka.platform import AT


def made(count: int = 1, *, who: Any = None, parties: Any = ALL_PARTIES, **more: Any) -> list[Entry]:
    """As many entries, each in a transaction of its own: subject-1, subject-2, ..."""
    found = []
    for number in range(1, count + 1):
        with transaction.atomic():
            stated = {"action": "parties.create", "subject": f"subject-{number}", "at": AT, **more}
            action, subject = stated.pop("action"), stated.pop("subject")
            found.append(record(who, action, subject, parties=parties, **stated))
    return found
