"""Half a million hired-staff events settled where they lie, in SQLite and in PostgreSQL: from started to sealed.

Ours is the whole run: intake, pricing from the trees with flags, lines, checks of what went in and came out,
explanations, digest, journal. The floor is one ``INSERT ... SELECT`` of the same events into the same table, with the
pricing written by hand and nothing else. The naive loop is a model at a time through the ORM and the agreement's own
rules, on a sample and scaled.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any

from benchmarks.table import Figure, show, times

EVENTS = 500_000
SAMPLE = 2_000
ROUNDS = 3
MOST, LEAST = 2.0, 20.0
AT = datetime(2026, 7, 1, 8, tzinfo=UTC)
ISSUER = "BERG"

#: As somebody writes it who writes for speed alone: the prices and readings of 2025, no flags, no checks.
FLOOR = """
INSERT INTO settlement_proposedevent (proposal_id, charge, event, part, stream, payee, month, status, example,
    quantity, minutes, amount, flags)
SELECT {proposal}, 'hired_staff', id, '', payer, payee, month, CASE outcome WHEN 0 THEN 'not_chargeable'
    WHEN 1 THEN 'manual' WHEN 2 THEN 'charged' ELSE 'free' END, example,
    CASE WHEN outcome = 2 THEN (by_day + 59) / 60 ELSE 0 END, counted,
    CASE WHEN outcome = 2 THEN (by_day + 59) / 60 * 64000 ELSE 0 END, 0
FROM (
    SELECT id, payer, payee, month, example, counted, by_day, CASE
        WHEN palliative_team THEN 0
        WHEN counted > by_day AND (principal_level <> 'primary' OR profession <> 'nurse'
            OR payer <> 'REGION' OR payee = 'REGION') THEN 1
        WHEN by_day > 0 THEN 2
        WHEN counted > by_day THEN 3
        ELSE 0 END AS outcome
    FROM (
        SELECT *, {greatest}({least}(start + counted, 1020 + today) - {greatest}(start, 480 + today), 0)
            + CASE WHEN start + counted > 1920 + later
                THEN {greatest}({least}(start + counted, 2460 + later) - {greatest}(start, 1920 + later), 0)
                ELSE 0 END AS by_day
        FROM (
            SELECT id, "to" AS payer, "from" AS payee, month, example, start, profession, principal_level,
                palliative_team, shift_today AS today, shift_today + shift_tomorrow AS later,
                CASE WHEN by_clock THEN stretch_minutes ELSE work_minutes + admin_minutes + report_minutes
                    + CASE WHEN travel_combined THEN 0 ELSE travel_minutes END END AS counted
            FROM assignments_hiredstaff w
            WHERE {where}
        ) facts {fence}
    ) stretches {fence}
) outcomes
"""


def _generated() -> list[tuple[Any, ...]]:
    """The events' facts as columns of the platform's table, performed by one party for all the others."""
    import duckdb

    from benchmarks.hired_events import fill

    with duckdb.connect() as connection:
        fill(connection, "events", EVENTS)
        connection.execute(f"""UPDATE events SET "to" = CASE WHEN "to" = '{ISSUER}' THEN "from" ELSE "to" END""")
        connection.execute(f"""UPDATE events SET "from" = '{ISSUER}'""")
        connection.execute(f"""UPDATE events SET "to" = 'REGION' WHERE "to" = '{ISSUER}'""")
        return connection.execute("SELECT * FROM events ORDER BY line").fetchall()


def _filled() -> None:
    """The county, its people, and half a million attested events."""
    from django.db import connection
    from tests.samverka.platform import actor, county

    from avtal.bulk import columns
    from benchmarks.hired_events import CHARGE
    from samverka.core.acting import Role

    county()
    user = actor(ISSUER, Role.REGISTRAR).user.pk
    names = [name for name in columns(CHARGE) if name != "line"]
    more = ("public_id", "performer", "payer_party", "state", "reason", "source", "registered_by_id", "registered_at",
            "attested_by_id", "attested_at", "revision")  # fmt: skip
    listed = ", ".join(f'"{name}"' for name in (*names, *more))
    to = names.index("to")
    rows = []
    for number, (event_id, _, *rest) in enumerate(_generated()):
        facts = (event_id, *rest)
        rows.append((*facts, f"{number:016d}", ISSUER, facts[to], "attested", "", "", user, AT, user, AT, 1))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY assignments_hiredstaff ({listed}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute("VACUUM ANALYZE assignments_hiredstaff")
        else:
            at = str(AT.replace(tzinfo=None))
            held = ([at if value is AT else str(value) if isinstance(value, date) else value for value in row]
                    for row in rows)  # fmt: skip
            marks = ", ".join(["%s"] * (len(names) + len(more)))
            cursor.execute("BEGIN")
            cursor.executemany(f"INSERT INTO assignments_hiredstaff ({listed}) VALUES ({marks})", list(held))
            cursor.execute("COMMIT")


def _emptied() -> None:
    """No proposed event is left, and nothing of the last round is still to be written."""
    from django.db import connection
    from tests.flush import triggers_away

    with triggers_away(connection), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE settlement_proposedevent")
            cursor.execute("CHECKPOINT")
        else:
            cursor.execute("DELETE FROM settlement_proposedevent")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _started() -> Any:
    from django.db import transaction
    from tests.samverka.platform import actor

    from samverka.agreements.selectors import book_now
    from samverka.agreements.services import snapshot
    from samverka.core.acting import Role
    from samverka.settlement import run
    from samverka.settlement.models import Proposal

    Proposal.objects.filter(state__in=["proposed", "computing"]).update(state="rejected")
    with transaction.atomic():
        book = book_now()
        return Proposal.objects.create(
            issuer=ISSUER, period="2025H2", snapshot=snapshot(book), todo=len(run.steps_of(ISSUER)) + 1,
            used=run.used_at_start(book), proposed_by=actor(ISSUER, Role.REGISTRAR).user, proposed_at=AT,
        )  # fmt: skip


def _ours(proposal: Any) -> tuple[int, int]:
    from samverka.settlement import jobs

    jobs.compute.call(proposal.public_id)
    proposal.refresh_from_db()
    assert proposal.state == "proposed", (proposal.state, proposal.message)
    return proposal.events, proposal.total


def _tuned(proposal: Any) -> tuple[int, int]:
    """The bare statement, told to read the rows in the order they lie, as ours does on SQLite."""
    return _floor(proposal, plus="+")


def _floor(proposal: Any, *, plus: str = "") -> tuple[int, int]:
    from django.db import connection, transaction

    from samverka.settlement.jobs import roomy
    from samverka.settlement.run import scope_of
    from samverka.settlement.sources import attested, not_invoiced

    postgres = connection.vendor == "postgresql"
    names = {"least": "LEAST", "greatest": "GREATEST"} if postgres else {"least": "MIN", "greatest": "MAX"}
    fence = "OFFSET 0" if postgres else "LIMIT -1"
    same = attested(scope_of(proposal)).replace("+w.performer", f"{plus}w.performer")
    where = f"{same} AND {not_invoiced('hired_staff')}"  # the same events
    with roomy(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FLOOR.format(proposal=proposal.pk, fence=fence, where=where, **names))
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*), SUM(amount) FROM settlement_proposedevent")
        events, amount = cursor.fetchone()
    return int(events), int(amount)


def _loop(proposal: Any) -> None:
    """An event at a time: read, priced by the rules with its explanation, saved."""
    from avtal.language.evaluate import Evaluation
    from benchmarks.hired_events import CHARGE
    from samverka.agreements.selectors import book_now
    from samverka.assignments.kinds import case_of
    from samverka.assignments.models import HiredStaff
    from samverka.settlement.models import ProposedEvent

    edition = book_now().edition
    for work in HiredStaff.objects.filter(performer=ISSUER, state="attested").order_by("pk")[:SAMPLE]:
        run = Evaluation(case_of(work), edition)
        found = {name: run.result(CHARGE.trees[name]).value
                 for name in ("payer", "payee", "status", "quantity", "minutes", "amount")}  # fmt: skip
        ProposedEvent.objects.create(
            proposal=proposal, charge="hired_staff", event=work.pk, stream=found["payer"], payee=found["payee"],
            month=work.month, status=found["status"], example=work.example, quantity=found["quantity"],
            minutes=found["minutes"], amount=found["amount"],
        )  # fmt: skip


def measured() -> dict[str, float]:
    """Seconds of ours, the floor, and the loop scaled to all events; ours and the floor give the same sum."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0)
    _filled()
    best: dict[str, float] = {}
    found: dict[str, tuple[int, int]] = {}
    for _ in range(ROUNDS):
        runs = (("ours", _ours), ("floor", _floor), *([("tuned", _tuned)] if connection.vendor == "sqlite" else []))
        for name, run in runs:
            _emptied()
            proposal = _started()
            began = perf_counter()
            found[name] = run(proposal)
            best[name] = min(best.get(name, 1e9), perf_counter() - began)
            type(proposal).objects.filter(pk=proposal.pk, state="computing").update(state="rejected")
    assert len(set(found.values())) == 1, found
    _emptied()
    proposal = _started()
    began = perf_counter()
    with transaction.atomic():  # or it would wait for the disk at every event
        _loop(proposal)
    best["loop"] = (perf_counter() - began) * EVENTS / SAMPLE
    return best


def figures() -> list[Figure]:
    """Two lines for each database, measured by a process of its own."""
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="benchmark-settlement-") as folder:
        setting = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "SAMVERKA_DATA": folder}
        setting |= {"SAMVERKA_LOG_LEVEL": "ERROR"}
        for title, before in (("SQLite", []), ("PostgreSQL", [sys.executable, "-m", "tests.on_postgres"])):
            command = [*before, sys.executable, "-m", "benchmarks.settlement", "--measure"]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=setting)
            best = json.loads(done.stdout.splitlines()[-1])
            name = f"settle {EVENTS // 1000} k events on {title}"
            near, far = best["ours"] / best["floor"], best["loop"] / best["ours"]
            ours = f"{best['ours']:.1f} s"
            found.append(
                Figure(f"{name}, against bare INSERT", ours, f"{best['floor']:.1f} s", times(near), f"<= {MOST:.0f}",
                       near <= MOST)
            )  # fmt: skip
            if "tuned" in best:
                hinted = best["ours"] / best["tuned"]
                told = "  and against it with a hint to read in order"
                found.append(Figure(told, ours, f"{best['tuned']:.1f} s", times(hinted), "", None))
            found.append(
                Figure("  and against an ORM loop (scaled from a sample)", ours, f"{best['loop']:.0f} s", times(far),
                       f">= {LEAST:.0f}", far >= LEAST)
            )  # fmt: skip
    return found


if __name__ == "__main__":
    if "--measure" in sys.argv:
        print(json.dumps(measured()))
    else:
        show(figures())
