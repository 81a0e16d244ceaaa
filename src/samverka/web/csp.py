"""Reports of what a browser refused to load, cut down to what helps and cannot fill a log."""

from __future__ import annotations

import json
import re
import threading
from urllib.parse import urlsplit

LONGEST_REPORT = 8_192
NOT_PLAIN = re.compile(r"[^0-9A-Za-z._-]")


class Allowance:
    """So many a minute, and no more."""

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._began, self._count = 0.0, 0
        self._lock = threading.Lock()

    def allows(self, now: float) -> bool:
        """Whether one more may come at this moment, in seconds of any clock that does not go back."""
        with self._lock:
            if now - self._began >= 60 or self._count == 0:
                self._began, self._count = now, 0
            self._count += 1
            return self._count <= self.a_minute


REPORTS = Allowance(20)


def told(body: bytes) -> dict[str, object]:
    """The rule, the host that was refused, and the file and line: never a whole address."""
    try:
        report = json.loads(body)["csp-report"]
        line = report.get("line-number", 0)
        return {
            "directive": _word(report.get("effective-directive") or report.get("violated-directive")),
            "blocked": _host(report.get("blocked-uri")),
            "source": _word(urlsplit(str(report.get("source-file", ""))).path.rpartition("/")[2]),
            "line": line if isinstance(line, int) else 0,
        }
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {"directive": "?"}


def _word(text: object) -> str:
    return "".join(letter for letter in str(text or "") if letter.isascii() and (letter.isalnum() or letter in "-._"))[
        :60
    ]


def _host(address: object) -> str:
    """``inline``, ``eval``, ``data`` or a host without what follows it."""
    parts = urlsplit(str(address or ""))
    return _word(parts.hostname or parts.scheme or parts.path)
