"""One fault at one point: killed, an error, or the connection lost; before a statement, or around a commit."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from django.db import OperationalError, connection
from django.db.transaction import Atomic

from samverka.journal import services as journal

Mode = Literal["kill", "error", "cut"]
MODES: tuple[Mode, ...] = ("kill", "error", "cut")


class Fault:
    """Counts every statement, and both sides of every commit, as points; at one of them it strikes.

    The journal's sealing after a commit has points of its own: on PostgreSQL how many depends on what else runs in the
    server, so that those of the act itself would not be the same from run to run.

    Attributes:
        point: Which, from 1; 0 only counts.
        mode: ``kill`` is SIGKILL, ``cut`` closes the connection beneath Django, ``error`` is the database's refusal.
        after: Count the points of the sealing after commits, and no other.
        within: How long it is alive after a ``kill`` strikes, in seconds: it dies in the midst of something.
        seen: How many points there have been.
    """

    def __init__(self, point: int = 0, mode: Mode = "error", *, after: bool = False, within: float = 0.0) -> None:
        self.point = point
        self.mode = mode
        self.after = after
        self.within = within
        self.seen = 0
        self._sealing = False

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        """Django's hook around each statement."""
        self._reached()
        return execute(*statement)

    def _reached(self, *, after: bool = False) -> None:
        if self._sealing != self.after:
            return
        self.seen += 1
        if self.seen != self.point:
            return
        if self.mode == "kill" and self.within:
            threading.Timer(self.within, os.kill, (os.getpid(), signal.SIGKILL)).start()
            return
        if self.mode == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.mode == "cut":
            _cut()
        if self.mode == "error" or after:  # a cut before something is found out by the thing itself
            raise OperationalError("made by the test")

    @contextmanager
    def striking(self) -> Iterator[Fault]:
        """Be in force."""
        commit = connection._commit

        def committed() -> None:
            self._reached()
            commit()
            self._reached(after=True)

        seal = journal.seal

        def sealed() -> int:
            self._sealing = True
            try:
                return seal()
            finally:
                self._sealing = False

        connection._commit = committed
        journal.seal = sealed  # type: ignore[assignment]  # what ``record`` asks for after the commit
        try:
            with connection.execute_wrapper(self):
                yield self
        finally:
            connection._commit = commit
            journal.seal = seal


def _cut() -> None:
    if connection.connection is None:
        return
    if connection.vendor == "postgresql":
        connection.connection.pgconn.finish()
    else:
        connection.connection.close()


@contextmanager
def without_transactions() -> Iterator[None]:
    """The broken twin: blocks that say they are transactions and are none, so that each statement stands by itself."""
    open_: list[Atomic] = []
    enter, leave = Atomic.__enter__, Atomic.__exit__

    def pretend(block: Atomic) -> None:
        open_.append(block)
        connection.in_atomic_block = True

    def stop(_block: Atomic, kind: Any, _value: Any, _trace: Any) -> None:
        open_.pop()
        if not open_:
            connection.in_atomic_block = False
            hooks, connection.run_on_commit = connection.run_on_commit, []
            for _, hook, _ in hooks if kind is None else ():
                hook()

    Atomic.__enter__, Atomic.__exit__ = pretend, stop  # type: ignore[method-assign]  # the twin
    try:
        yield
    finally:
        Atomic.__enter__, Atomic.__exit__ = enter, leave  # type: ignore[method-assign]  # as before
        connection.in_atomic_block = False
