"""How many queries something takes: ``with within(queries=5): client.get(...)``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def within(*, queries: int) -> Iterator[CaptureQueriesContext]:
    """At most so many queries; a fault lists each."""
    with CaptureQueriesContext(connection) as captured:
        yield captured
    found = [one["sql"][:200] for one in captured.captured_queries]
    assert len(found) <= queries, f"{len(found)} queries, at most {queries}:\n" + "\n".join(found)
