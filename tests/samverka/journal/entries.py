"""Entries that tests make, the way services do, and their places in the chain.

A transaction that runs anywhere in the PostgreSQL server holds sealing back: the server's own housekeeping too and,
where workers share a server, one of another worker's tests. A test that relies on sealing waits here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from samverka.journal.chain import XMAX, XMIN, seal, waiting
from samverka.journal.models import Entry
from samverka.journal.services import ALL_PARTIES, record
from tests.samverka.platform import AT

#: Seconds that the tests of another worker may hold a transaction open.
DEADLINE = 120


def made(count: int = 1, *, who: Any = None, parties: Any = ALL_PARTIES, **more: Any) -> list[Entry]:
    """As many entries, each in a transaction of its own: subject-1, subject-2, ..."""
    found = []
    for number in range(1, count + 1):
        with transaction.atomic():
            stated = {"action": "parties.create", "subject": f"subject-{number}", "at": AT, **more}
            action, subject = stated.pop("action"), stated.pop("subject")
            found.append(record(who, action, subject, parties=parties, **stated))
    return found


def made_unsealed(count: int = 1, **more: Any) -> list[Entry]:
    """Entries that nobody has sealed, and whose turn has come."""
    with pytest.MonkeyPatch.context() as quiet:
        quiet.setattr("samverka.journal.services.seal", lambda: 0)
        found = made(count, **more)
    until_due()
    return found


def until_due() -> None:
    """Wait until nothing that is committed now is held back."""
    if connection.vendor != "postgresql":
        return
    until = time.monotonic() + DEADLINE
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {XMAX}")
        (horizon,) = cursor.fetchone()
        while cursor.execute(f"SELECT {XMIN}").fetchone()[0] < horizon:
            assert time.monotonic() < until, "a transaction holds everything back"
            time.sleep(0.01)


def seal_all() -> None:
    """Give every committed entry its place."""
    until_due()
    seal(in_turn=True)
    assert waiting() == 0


@contextmanager
def older_transaction() -> Iterator[list[Entry]]:
    """A transaction that has written an entry and runs on, beside; at the end it is committed."""
    began, end, found = threading.Event(), threading.Event(), list[Entry]()

    def run() -> None:
        try:
            with transaction.atomic():
                found.extend(made())
                began.set()
                end.wait(DEADLINE)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert began.wait(DEADLINE)
        yield found
    finally:
        end.set()
        thread.join()
