"""What Django's own checks do not know: a database that is not fit for money, keys that are missing or weak."""

from __future__ import annotations

import os
import sqlite3
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  # Django's own name for it

from samverka.core import environment

#: SQLite before this may lose a committed write when a write-ahead log is reset under several processes.
SAFE_SQLITE = (3, 51, 3)
SHORTEST_KEY = 50


@register(Tags.database)
@register(Tags.compatibility)
def database(**_: Any) -> list[CheckMessage]:
    """SQLite is for one process, and for no real money."""
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return []
    found: list[CheckMessage] = []
    if settings.PROCESSES > 1 and sqlite3.sqlite_version_info < SAFE_SQLITE:
        found.append(
            Warning(
                f"SQLite {sqlite3.sqlite_version} is older than 3.51.3 and {settings.PROCESSES} processes write.",
                hint="Use PostgreSQL by DATABASE_URL, or a newer SQLite.",
                id="samverka.W001",
            )
        )
    if _real():
        found.append(
            Warning(
                "Money is kept on SQLite in production.",
                hint="Set DATABASE_URL to a PostgreSQL database.",
                id="samverka.W002",
            )
        )
    return found


@register(Tags.security)
def keys(**_: Any) -> list[CheckMessage]:
    """The secret key is long, the signing key is there."""
    found: list[CheckMessage] = []
    if _real() and len(settings.SECRET_KEY) < SHORTEST_KEY:
        found.append(
            Error(
                f"SAMVERKA_SECRET_KEY is shorter than {SHORTEST_KEY} characters.",
                hint="Make one: python -c 'import secrets; print(secrets.token_urlsafe(64))'",
                id="samverka.E001",
            )
        )
    if _real() and not settings.SIGNING_KEY:
        found.append(
            Error(
                "SAMVERKA_SIGNING_KEY is missing: the journal's checkpoints cannot be signed.",
                hint="Make one: python -c 'import secrets; print(secrets.token_hex(32))'",
                id="samverka.E003",
            )
        )
    return found


@register(Tags.compatibility, deploy=True)
def mail(**_: Any) -> list[CheckMessage]:
    """Somebody who has forgotten a password can be sent a link."""
    if settings.EMAIL_HOST:
        return []
    hint = "Set SAMVERKA_MAIL_HOST, or silence this where everybody signs in by OpenID Connect."
    return [Warning("No mail server is set: letters become files that nobody is sent.", hint=hint, id="samverka.W003")]


@register(Tags.compatibility, deploy=True)
def misspelt(**_: Any) -> list[CheckMessage]:
    """A variable that we do not know does nothing, whatever whoever set it believes."""
    return [
        Warning(f"{name} is no setting.", hint=_meant(name), id="samverka.W004")
        for name in sorted(os.environ)
        if name.startswith("SAMVERKA_") and name not in environment.known
    ]


def _meant(name: str) -> str:
    ours = [one.removeprefix("SAMVERKA_") for one in environment.known]
    near = get_close_matches(name.removeprefix("SAMVERKA_"), ours, n=1)
    return f"Is it SAMVERKA_{near[0]}?" if near else "The settings are in docs/operations.md."


def _real() -> bool:
    """Whether this is neither a demonstration nor a developer's machine."""
    return not (settings.DEMO or settings.DEBUG)
