"""Logs as lines of JSON: what happened, in which request, how long it took. Never a value, a name or an address.

Only what is named in ``FIELDS`` goes out beside the event; a third party's message goes out as it was written in its
source, before its values were put in; of an exception goes its type and where it was, not what it says.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from samverka.core import request_id

FIELDS = ("method", "route", "status", "ms", "directive", "blocked", "source", "line", "job", "seconds", "rows")
LONGEST = 300
FRAMES = 12
#: What an address of a person looks like, should a third party put one in its message.
PERSONAL = re.compile(r"[^\s@'\"<>]+@[^\s@'\"<>]+|\b(?:\d{2})?\d{6}[-+]?\d{4}\b")


class Lines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": PERSONAL.sub("…", str(record.msg))[:LONGEST],
            "request": getattr(record, "request_id", "") or request_id.current(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])[-FRAMES:]
            line["trace"] = [f"{PurePath(f.filename).name}:{f.lineno} {f.name}" for f in frames]
        return json.dumps(line, ensure_ascii=False, default=lambda _: "?")


#: For ``settings.LOGGING``: everything to standard error; every request is told of once, by its route.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "samverka.core.logging.Lines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},  # what was not found is told of by our own line
        "fido2": {"level": "WARNING"},  # it names each key
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
    },
}
