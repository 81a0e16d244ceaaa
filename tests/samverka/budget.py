"""How many queries and how much processor time something takes: ``with within(queries=5): client.get(...)``."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
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


def processor_ms(once: Callable[[], object], times: int = 60) -> float:
    """Milliseconds of this process's own time that it takes: the least of so many, as others disturb it the least."""
    taken = []
    for _ in range(times):
        began = time.process_time_ns()
        once()
        taken.append((time.process_time_ns() - began) / 1e6)
    return min(taken)
