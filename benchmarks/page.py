"""A page of 25 rows out of 10 000, as the list of work shows them: queries, processor time, and waiting under load.

Queries and processor time are counted in this process, for a signed-in user, through every middleware. The WSGI
application is called as a server calls it, with a browser's cookies, and its answer is read to the end and closed: the
connection's upkeep and the line in the log are in the figure. Django's test client is not used: it has work of its own,
and lets no connection be closed. The floor is an empty view behind the same middleware. Under load gunicorn serves with
2 workers on loopback: capacity is what 4 browsers get that never rest; then requests come at half of that, evenly, and
their waiting is counted from when they were due. The browsers run on the same cores.

The answer to ``Vem ansvarar?`` is measured beside it: the slowest step there, with what each other reading would give.
"""

from __future__ import annotations

import http.client
import io
import logging
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.table import Figure, show, times

ROWS, REQUESTS = 10_000, 150
MOST_QUERIES, MOST_CPU, MOST_WAIT, MOST_ANSWER = 5, 4.0, 100.0, 100.0
SECONDS, BROWSERS, WORKERS = 5, 4, 2
PAGE, EMPTY, ASKING = "/arbete/inhyrd-personal/", "/tom", "/vem-ansvarar/vard/"
AT = datetime(2026, 7, 1, 8, tzinfo=UTC)


def _filled() -> Any:
    """The county, and 10 000 pieces of work of Berg's; gives who looks at them."""
    from django.core.management import call_command
    from tests.samverka.platform import actor, county

    from samverka.assignments.models import HiredStaff
    from samverka.core.acting import Role

    call_command("migrate", verbosity=0)
    county()
    by = actor("BERG", Role.REGISTRAR)
    first = date(2025, 1, 1)
    facts = {
        "from_party": "BERG", "to_party": "REGION", "performer": "BERG", "payer_party": "REGION", "start": 600,
        "work_minutes": 45, "admin_minutes": 0, "report_minutes": 0, "travel_minutes": 0, "component_absent": True,
        "profession": "nurse", "principal_level": "primary", "palliative_team": False, "affiliation_unsaid": False,
        "by_clock": False, "stretch_minutes": 0, "shift_today": 0, "shift_tomorrow": 0, "source": "påhittat exempel",
        "registered_by": by.user, "registered_at": AT,
    }  # fmt: skip
    days = [first + timedelta(days=number % 365) for number in range(ROWS)]
    HiredStaff.objects.bulk_create(
        (HiredStaff(event_id=f"M-{number}", date=day, month=day.year * 100 + day.month, **facts)
         for number, day in enumerate(days)), batch_size=500,
    )  # fmt: skip
    return by


def _ask(site: Any, address: str, cookie: str, sent: str = "") -> None:
    """One request, as a server makes it; where there is a form, it is sent."""
    statuses: list[str] = []
    asked = {
        "REQUEST_METHOD": "POST" if sent else "GET", "SCRIPT_NAME": "", "PATH_INFO": address, "QUERY_STRING": "",
        "REMOTE_ADDR": "127.0.0.1", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost", "HTTP_COOKIE": cookie, "HTTP_ACCEPT": "text/html", "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(sent.encode()), "wsgi.errors": sys.stderr,
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
        "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(sent)),
    }  # fmt: skip
    answer = site(asked, lambda status, _headers, _fault=None: statuses.append(status))
    body = b"".join(answer)
    answer.close()
    assert statuses == ["200 OK"], (statuses, body[:200])


def _token(cookie: str) -> str:
    """What a form sends back of the cookies."""
    return cookie.partition("csrftoken=")[2].partition(";")[0]


def _cpu(site: Any, address: str, cookie: str, sent: str = "") -> tuple[float, int]:
    """Milliseconds of processor time of one request, the median of many, and its queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(10):
        _ask(site, address, cookie, sent)
    with CaptureQueriesContext(connection) as captured:
        _ask(site, address, cookie, sent)
    queries = len(captured)  # now: the next request empties the log
    taken = []
    for _ in range(REQUESTS):
        began = time.process_time_ns()
        _ask(site, address, cookie, sent)
        taken.append((time.process_time_ns() - began) / 1e6)
    return statistics.median(taken), queries


@contextmanager
def _opened() -> Iterator[tuple[Any, str]]:
    """The site with its rows in a folder of its own, its log thrown away; and the cookies of who looks at them."""
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        os.environ.update(DJANGO_SETTINGS_MODULE="benchmarks.page_settings", SAMVERKA_DATA=folder)
        os.environ.pop("DATABASE_URL", None)
        import django
        from django.core.management import call_command
        from django.core.wsgi import get_wsgi_application

        django.setup()
        call_command("collectstatic", interactive=False, verbosity=0)
        site = get_wsgi_application()
        logging.getLogger().handlers[0].setStream(nowhere)  # type: ignore[attr-defined]  # the settings' own handler
        from django.db import connection
        from tests.samverka.platform import signed_in

        client = signed_in(_filled())
        client.get(PAGE)  # gives the token of its forms
        yield site, "; ".join(f"{one.key}={one.value}" for one in client.cookies.values())
        connection.close()


@contextmanager
def _served() -> Iterator[int]:
    """The site under gunicorn; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "samverka.wsgi", "--bind", f"127.0.0.1:{port}", "--workers",
               str(WORKERS), "--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--preload",
               "--log-level", "error"]  # fmt: skip
    site = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        site.terminate()
        site.wait()


def _together(browsers: int, run: Callable[[http.client.HTTPConnection, int], None], port: int) -> float:
    """Seconds that browsers beside each other take."""

    def browse(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        run(connection, number)
        connection.close()

    threads = [threading.Thread(target=browse, args=(number,)) for number in range(browsers)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def _get(connection: http.client.HTTPConnection, address: str, cookie: str) -> None:
    connection.request("GET", address, headers={"Cookie": cookie})
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200, (response.status, body[:200])


def _capacity(port: int, address: str, cookie: str) -> float:
    """Requests a second that browsers get who never rest."""
    done: list[int] = []

    def busy(connection: http.client.HTTPConnection, _: int) -> None:
        until = time.perf_counter() + SECONDS / 2
        while time.perf_counter() < until:
            _get(connection, address, cookie)
            done.append(1)

    seconds = _together(BROWSERS, busy, port)
    return len(done) / seconds


def _waiting(port: int, address: str, cookie: str, rate: float) -> float:
    """The 95th percentile of milliseconds from when a request was due, so many a second."""
    waits: list[float] = []
    browsers = BROWSERS * 4  # so many that a slow answer does not hold back the next request
    start = time.perf_counter() + 0.2

    def paced(connection: http.client.HTTPConnection, number: int) -> None:
        for turn in range(number, int(rate * SECONDS), browsers):
            due = start + turn / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            _get(connection, address, cookie)
            waits.append((time.perf_counter() - due) * 1000)

    _together(browsers, paced, port)
    return statistics.quantiles(waits, n=20)[-1]


def figures() -> list[Figure]:
    """Three promises for the page, and the empty view beside it."""
    from tests.samverka.care.asking import NORMAL

    with _opened() as (site, cookie):
        cpu, queries = _cpu(site, PAGE, cookie)
        floor, _ = _cpu(site, EMPTY, cookie)
        answered, _ = _cpu(site, ASKING, cookie, urlencode({**NORMAL, "csrfmiddlewaretoken": _token(cookie)}))
        with _served() as port:
            _capacity(port, EMPTY, cookie)  # the workers are warm
            bare = _capacity(port, EMPTY, cookie)
            capacity = _capacity(port, PAGE, cookie)
            wait, least = (_waiting(port, at, cookie, most / 2) for at, most in ((PAGE, capacity), (EMPTY, bare)))
    page = f"page of 25 of {ROWS} rows"
    return [
        Figure(f"{page}, queries", str(queries), "", "", f"<= {MOST_QUERIES}", queries <= MOST_QUERIES),
        Figure(f"{page}, processor", f"{cpu:.2f} ms", f"{floor:.2f} ms empty view", times(cpu / floor),
               f"<= {MOST_CPU:.0f} ms", cpu <= MOST_CPU),
        Figure(f"{page}, p95 at half of capacity", f"{wait:.0f} ms", f"{least:.0f} ms empty view", times(wait / least),
               f"<= {MOST_WAIT:.0f} ms", wait <= MOST_WAIT),
        Figure("Vem ansvarar?, the whole answer, processor", f"{answered:.1f} ms", f"{floor:.2f} ms empty view",
               times(answered / floor), f"<= {MOST_ANSWER:.0f} ms", answered <= MOST_ANSWER),
        Figure("  capacity with 2 workers", f"{capacity:.0f} a second", f"{bare:.0f} a second empty view",
               times(bare / capacity), "", None),
    ]  # fmt: skip


if __name__ == "__main__":
    show(figures())
