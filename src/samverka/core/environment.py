"""Settings from the environment, read by small typed functions that fail loudly."""

from __future__ import annotations

import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from samverka.reason import reason

_TRUTH = {
    "1": True, "true": True, "on": True, "ja": True, "0": False, "false": False, "off": False, "nej": False,
}  # fmt: skip
HOST = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.ASCII | re.IGNORECASE)
ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
KEY = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)
#: Every variable that was asked for: what else is called SAMVERKA_ is misspelt.
known: set[str] = set()


def _given(name: str) -> str | None:
    known.add(name)
    return os.environ.get(name)


def text(name: str, default: str | None = None) -> str:
    """A variable's text.

    Raises:
        ImproperlyConfigured: It is not set and has no default, or holds a line break or the like.
    """
    given = _given(name)
    value = default if given is None else given
    if value is None or (value == "" and default is None):
        raise ImproperlyConfigured(f"{name} saknas: sätt miljövariabeln")
    if not value.isprintable():
        raise ImproperlyConfigured(f"{name}: ett tecken som inte syns, som en radbrytning, är inte tillåtet")
    return value


def flag(name: str, *, default: bool) -> bool:
    """A variable that is true or false.

    Raises:
        ImproperlyConfigured: It is set to anything else.
    """
    value = _given(name)
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
    value = _given(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
        raise ImproperlyConfigured(f"{name}={value}: tillåtet är ett heltal från {low} till {high}")
    return int(value)


def listed(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A variable that is a list, parted by commas."""
    value = _given(name)
    return list(default) if value is None else [part.strip() for part in value.split(",") if part.strip()]


def hosts(name: str, default: tuple[str, ...]) -> list[str]:
    """A variable that lists the names of a site, at least one.

    Raises:
        ImproperlyConfigured: There is none, or one is an address, or a star for any name.
    """
    told = "namn som samverka.example.org, minst ett"
    found = _all(name, listed(name, default), HOST, told)
    if not found:
        raise ImproperlyConfigured(f"{name}=: tillåtet är {told}")
    return found


def origins(name: str) -> list[str]:
    """A variable that lists a site's names with their scheme.

    Raises:
        ImproperlyConfigured: One is anything else.
    """
    return _all(name, listed(name), ORIGIN, "adresser som https://samverka.example.org")


def _all(name: str, found: list[str], form: re.Pattern[str], allowed: str) -> list[str]:
    if wrong := [one for one in found if not form.fullmatch(one)]:
        raise ImproperlyConfigured(f"{name}={','.join(wrong)}: tillåtet är {allowed}")
    return found


def keys(name: str) -> list[str]:
    """A variable that lists keys of 64 hexadecimal digits, in small letters; a fault never shows them.

    Raises:
        ImproperlyConfigured: One is anything else.
    """
    found = listed(name)
    if not all(KEY.fullmatch(one) for one in found):
        raise ImproperlyConfigured(f"{name}: tillåtet är 64 hexadecimala tecken för varje nyckel")
    return [one.lower() for one in found]


def key(name: str) -> str:
    """A variable that is one such key; empty where it is not set.

    Raises:
        ImproperlyConfigured: It is anything else, or several.
    """
    found = keys(name)
    if len(found) > 1:
        raise ImproperlyConfigured(f"{name}: tillåtet är en nyckel")
    return "".join(found)


def folder(name: str, default: Path) -> Path:
    """A variable that names a folder, made for us alone if it is not there.

    Raises:
        ImproperlyConfigured: It cannot be made, or not be written in.
    """
    found = Path(_given(name) or default)
    try:
        found.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise ImproperlyConfigured(f"{name}={found}: mappen kan inte göras: {reason(fault)}") from None
    if not os.access(found, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"{name}={found}: i mappen får vi inte skriva")
    return found
