"""Workers that issue the same and different proposals at the same time, and are killed as they do."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from samverka.core.acting import Role
from samverka.settlement import jobs, services
from samverka.settlement.models import Invoice, InvoicedEvent, InvoiceLine, Proposal, Series
from tests.faults.fault import Fault
from tests.faults.ground import Said, attested, hired
from tests.faults.scratch import Scratch
from tests.samverka.platform import AT, ON, actor, county

WORKERS, ROUNDS = 4, 4
#: How many of a round's workers are killed: each at a point that is drawn, within a moment of so many seconds.
KILLS, POINTS, MOMENT = 8, 120, 0.004
MONTHS = tuple(f"2025-{month:02d}" for month in range(7, 13))
WORK: Mapping[tuple[str, str], tuple[Said, ...]] = {
    **{
        ("REGION", month): (hired("REGION", "BERG", f"{month}-03", 80, 2), hired("REGION", "ARE", f"{month}-04", 30, 1))
        for month in MONTHS
    },
    **{("BERG", month): (hired("BERG", "REGION", f"{month}-05", 61, 2),) for month in MONTHS[:3]},
}
TOTAL = sum(said.amount for work in WORK.values() for said in work)
EVENTS = sum(map(len, WORK.values()))
DOCUMENTS = {"REGION": 2 * len(MONTHS), "BERG": 3}


def waiting() -> None:
    """Nine proposals of two issuers, approved."""
    county()
    for work in WORK.values():
        for said in work:
            attested(said)
    for issuer, month in WORK:
        made = services.start_proposal(actor(issuer, Role.REGISTRAR), period=month, corrections=False, at=AT)
        jobs.compute.func(made.public_id)
        services.decide(actor(issuer, Role.APPROVER), Proposal.objects.get(pk=made.pk), approved=True, reason="", at=AT)


def issue_all(seed: int) -> None:
    """A worker: issue every proposal, in an order of its own, whoever else does too."""
    proposals = list(Proposal.objects.order_by("pk"))
    random.Random(seed).shuffle(proposals)
    for proposal in proposals:
        services.issue(actor(proposal.issuer, Role.APPROVER), proposal, on=ON, at=AT)


def faults() -> list[str]:
    """What does not hold when all are done."""
    found = []
    for issuer, documents in DOCUMENTS.items():
        numbers = sorted(Invoice.objects.filter(issuer=issuer).values_list("number", flat=True))
        last = list(Series.objects.filter(issuer=issuer).values_list("last", flat=True))  # none if nobody came through
        if numbers != list(range(1, documents + 1)) or last != [documents]:
            found.append(f"{issuer}: numbers {numbers}, the series stands at {last}")
    per_event = InvoicedEvent.objects.values("charge", "event").annotate(n=Count("pk")).filter(n__gt=1)
    found += [f"event {one} is invoiced {one['n']} times" for one in per_event]
    sums = [int(model.objects.aggregate(s=Sum(key))["s"] or 0) for model, key in
            ((Invoice, "total"), (InvoiceLine, "amount"), (InvoicedEvent, "amount"))]  # fmt: skip
    if sums != [TOTAL] * 3 or InvoicedEvent.objects.count() != EVENTS:
        found.append(f"sums {sums} of {InvoicedEvent.objects.count()} events, owed {TOTAL} of {EVENTS}")
    return found


Build = Callable[[Scratch, Mapping[str, Callable[[], None]], Collection[str]], None]
Lanes = Callable[[Sequence[Callable[[], Any]]], list[Any]]


def raced(made: Scratch, build: Build, in_lanes: Lanes, *, broken: bool) -> dict[str, Any]:
    """What became of some rounds, each from the same state."""
    build(made, {"waiting": waiting}, ["waiting"])
    made.spare("waiting", "race")
    violations: list[str] = []
    killed = 0
    chance = random.Random(7)
    for number in range(ROUNDS):
        if number:
            made.restore("waiting", "race")
        failed, more = _round(made, chance, kills=0 if broken else KILLS, broken=broken)
        killed += more
        violations += [f"round {number}: a worker failed {failed} times"] if failed else []
        violations += [f"round {number}: {fault}" for fault in in_lanes([lambda: _looked(made)])[0]]
        if broken and violations:
            break
    return {"rounds": number + 1, "killed": killed, "violations": violations}


def _looked(made: Scratch) -> list[str]:
    made.use("race")
    return faults()


def _round(made: Scratch, chance: random.Random, *, kills: int, broken: bool) -> tuple[int, int]:
    """How many workers failed, and how many were killed; each of those is followed by another."""
    doomed = [chance.randrange(1, POINTS) for _ in range(kills)]

    def started() -> int:
        return _started(made, chance.random(), doomed.pop() if doomed else 0, broken=broken)

    running = {started() for _ in range(WORKERS)}
    failed = killed = 0
    while running:
        child, status = os.wait()
        running.discard(child)
        code = os.waitstatus_to_exitcode(status)
        failed += code not in {0, -signal.SIGKILL}
        killed += code == -signal.SIGKILL
        if code == -signal.SIGKILL or doomed:
            running.add(started())
    return failed, killed


def _started(made: Scratch, seed: float, point: int, *, broken: bool) -> int:
    """A worker; it is killed soon after it reaches the point, if it does, wherever it is by then."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        made.use("race")
        with without_locks() if broken else Fault(point, "kill", within=seed * MOMENT).striking():
            issue_all(int(seed * 1e9))
        connection.close()
        code = 0
    finally:
        os._exit(code)


@contextmanager
def without_locks() -> Iterator[None]:
    """The broken twin: rows are read without a lock, and SQLite's writers do not take turns from the start."""
    lock = QuerySet.select_for_update
    mode = connection.settings_dict["OPTIONS"].get("transaction_mode")
    QuerySet.select_for_update = lambda self, *_, **__: self._chain()  # type: ignore[method-assign]  # the twin
    if mode:
        connection.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"
    try:
        yield
    finally:
        QuerySet.select_for_update = lock  # type: ignore[method-assign]  # as before
