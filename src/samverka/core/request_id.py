"""The id of the request, or of the job, in which something happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_CURRENT: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """The id; empty outside requests and jobs."""
    return _CURRENT.get()


@contextmanager
def using(id_: str) -> Iterator[str]:
    """Everything within carries this id."""
    token = _CURRENT.set(id_)
    try:
        yield id_
    finally:
        _CURRENT.reset(token)
