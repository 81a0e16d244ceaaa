"""One decision through the API, in processor time, against an empty view on the same server.

Both are asked as a system asks that holds no cookies, through the WSGI application as a server calls it, in turns; the
answer is read to the end and closed, so that the line in the log and the connection's upkeep are in the figures.
The decision is a POST of the facts of one person, another one each time: the JSON is read, and the whole answer is made
with reasons, flags, duties and what other readings would give. The book in force is looked up once a second, as served.
Two empty views stand against it: an empty page behind all that a page of the site goes through (sessions and sign-in,
though nobody is signed in), and an empty answer on the API's own way, which has none of that.
"""

from __future__ import annotations

import gc
import io
import json
import logging
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.table import Figure, show, times

ROUNDS, CASES = 1_000, 500
MOST = 1.5
ADDRESS, EMPTY, EMPTY_OPEN = "/api/v1/decisions/care", "/tom", "/api/v1/decisions/tom"
#: What is said of everybody; the rest is drawn.
SAID = {"date": "2026-03-01", "place": "home", "profession": "nurse", "palliative_team": False, "level": "primary",
        "palliative": "none", "listed_health_centre": "Krokoms hälsocentral"}  # fmt: skip
YES_OR_NO = ("safe_at_home", "self_care_possible", "digital_considered", "frequent", "continuous",
             "can_reach_health_centre", "prefers_health_centre", "preference_affects_safety")  # fmt: skip


def cases(known: float) -> list[bytes]:
    """Persons made up by chance, always the same ones; each drawn fact is stated so often."""
    draw = random.Random(4)
    found = []
    for _ in range(CASES):
        drawn: dict[str, Any] = {
            "registered_in": draw.choice(("BERG", "ARE", "KROKOM", "OSTERSUND")),
            "staying_in": draw.choice(("BERG", "ARE", "KROKOM", "OSTERSUND")),
            "housing": draw.choice(("ordinary", "ordinary", "special", "short_term")),
            "age": draw.randint(40, 99), "days": draw.randint(1, 120), "cfs": draw.randint(1, 9),
            "cognitive": draw.choice(("none", "symptoms", "diagnosis")), "barrier": draw.choice(("illness", "other")),
            **{name: draw.random() < 0.6 for name in YES_OR_NO},
        }  # fmt: skip
        stated = {name: value for name, value in drawn.items() if draw.random() < known}
        found.append(json.dumps({**SAID, **stated}, ensure_ascii=False).encode())
    return found


@contextmanager
def _opened() -> Iterator[Any]:
    """The site on a database of its own, its log thrown away."""
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        os.environ.update(DJANGO_SETTINGS_MODULE="benchmarks.page_settings", SAMVERKA_DATA=folder)
        os.environ.pop("DATABASE_URL", None)
        import django
        from django.core.management import call_command
        from django.core.wsgi import get_wsgi_application

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        site = get_wsgi_application()
        logging.getLogger().handlers[0].setStream(nowhere)  # type: ignore[attr-defined]  # the settings' own handler
        from django.db import connection

        yield site
        connection.close()


def _ask(site: Any, address: str, body: bytes = b"") -> bytes:
    """One request, as a server makes it."""
    statuses: list[str] = []
    asked = {
        "REQUEST_METHOD": "POST" if body else "GET", "SCRIPT_NAME": "", "PATH_INFO": address, "QUERY_STRING": "",
        "REMOTE_ADDR": "127.0.0.1", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost", "HTTP_ACCEPT": "application/json", "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.multithread": True,
        "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    if body:
        asked |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body))}
    answer = site(asked, lambda status, _headers, _fault=None: statuses.append(status))
    told = b"".join(answer)
    answer.close()
    assert statuses == ["200 OK"], (statuses, told[:200])
    return told


def _in_turns(runs: dict[str, Callable[[int], object]]) -> dict[str, float]:
    """Microseconds of processor time of each, the median of many, in turns so that a busy moment strikes all alike."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(-50, ROUNDS):
        for name, run in runs.items():
            began = time.process_time_ns()
            run(turn)
            if turn >= 0:
                taken[name].append((time.process_time_ns() - began) / 1e3)
    return {name: statistics.median(found) for name, found in taken.items()}


def figures() -> list[Figure]:
    """The promise for a case of which all is known, and the same with half of it unknown."""
    known, half = cases(1), cases(0.5)
    with _opened() as site:
        told = json.loads(_ask(site, ADDRESS, known[0]))
        assert {"responsible", "explanation", "alternatives", "checklist"} <= set(told)
        gc.collect()
        took = _in_turns({
            "page": lambda _: _ask(site, EMPTY),
            "open": lambda _: _ask(site, EMPTY_OPEN),
            "known": lambda turn: _ask(site, ADDRESS, known[turn % CASES]),
            "half": lambda turn: _ask(site, ADDRESS, half[turn % CASES]),
        })  # fmt: skip

    def figure(name: str, ours: str, floor: str, what: str, *, promised: bool) -> Figure:
        ratio = took[ours] / took[floor]
        return Figure(name, f"{took[ours]:.0f} µs", f"{took[floor]:.0f} µs {what}", times(ratio),
                      f"<= {MOST:.1f} x" if promised else "", ratio <= MOST if promised else None)  # fmt: skip

    return [
        figure("care decided through the API", "known", "page", "empty page", promised=True),
        figure("  with half of the facts unknown", "half", "page", "empty page", promised=True),
        figure("  against an empty answer on its own way", "known", "open", "empty answer", promised=False),
    ]


if __name__ == "__main__":
    show(figures())
