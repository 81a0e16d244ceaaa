"""What waits for who acts, as every app tells it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import import_module
from importlib.util import find_spec

from samverka.core.acting import Actor
from samverka.core.waiting import Waiting

#: Whose selectors tell of what waits, in the order of the work's way to an invoice.
APPS = ("assignments", "settlement", "agreements")


def waiting_for(actor: Actor, on: date) -> list[Waiting]:
    """All that waits for the actor."""
    return [one for tell in _providers() for one in tell(actor, on) if one.count]


def _providers() -> list[Callable[[Actor, date], list[Waiting]]]:
    """The apps' ``selectors.waiting_for``; an app where nothing waits for anybody has none."""
    names = [name for app in APPS if find_spec(name := f"samverka.{app}.selectors")]
    found = (getattr(import_module(name), "waiting_for", None) for name in names)
    return [one for one in found if one is not None]
