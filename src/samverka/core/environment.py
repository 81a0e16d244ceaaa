"""Settings from the environment, read by small typed functions that fail loudly."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_TRUTH = {
    "1": True, "true": True, "on": True, "ja": True, "0": False, "false": False, "off": False, "nej": False,
}  # fmt: skip


def text(name: str, default: str | None = None) -> str:
    """A variable's text.

    Raises:
        ImproperlyConfigured: It is not set and has no default.
    """
    value = os.environ.get(name, default)
    if value is None or (value == "" and default is None):
        raise ImproperlyConfigured(f"{name} saknas: sätt miljövariabeln")
    return value


def flag(name: str, *, default: bool) -> bool:
    """A variable that is true or false.

    Raises:
        ImproperlyConfigured: It is set to anything else.
    """
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() not in _TRUTH:
        raise ImproperlyConfigured(f"{name}={value}: tillåtet är {', '.join(_TRUTH)}")
    return _TRUTH[value.lower()]


def whole(name: str, default: int, low: int, high: int) -> int:
    """A variable that is a whole number within bounds.

    Raises:
        ImproperlyConfigured: It is set to anything else.
    """
    value = os.environ.get(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
        raise ImproperlyConfigured(f"{name}={value}: tillåtet är ett heltal från {low} till {high}")
    return int(value)


def listed(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A variable that is a list, parted by commas."""
    value = os.environ.get(name)
    return list(default) if value is None else [part.strip() for part in value.split(",") if part.strip()]


def folder(name: str, default: Path) -> Path:
    """A variable that names a folder, made if it is not there."""
    found = Path(os.environ.get(name) or default)
    found.mkdir(parents=True, exist_ok=True)
    return found
