"""What apps above do when a value is approved: each registers a function, and it is called in the same transaction."""

from __future__ import annotations

from collections.abc import Callable

WhenApproved = Callable[[], None]

_REGISTERED: list[WhenApproved] = []


def register(when_approved: WhenApproved) -> None:
    """Let a function be called whenever a value is approved; call this from the app's ``ready``."""
    if when_approved not in _REGISTERED:
        _REGISTERED.append(when_approved)


def approved() -> None:
    """A value has been approved: the book is another from now on."""
    for when_approved in _REGISTERED:
        when_approved()
