"""What the journal's tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from samverka.journal.append_only import TABLES, protect, unprotect


@pytest.fixture
def unguarded() -> Iterator[None]:
    """The journal's tables without triggers: the hands of somebody who owns the database."""
    unprotect(connection, *TABLES)
    yield
    protect(connection, *TABLES)
