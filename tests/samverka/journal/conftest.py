"""What the journal's tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection

from tests.flush import triggers_away

Owner = Callable[[], AbstractContextManager[None]]


@contextmanager
def database_owner() -> Iterator[None]:
    """The hands of somebody who owns the database: no trigger and no foreign key is in the way."""
    with triggers_away(connection), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
        yield
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = ON")


@pytest.fixture
def unguarded() -> Iterator[None]:
    """The whole test has them."""
    with database_owner():
        yield
