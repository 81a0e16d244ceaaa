"""Work in the background: a proposal computed. Run again it goes on where it was; run twice at once it does no harm."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import F
from django_tasks import task

from samverka.core import clock
from samverka.settlement import recheck as rechecking
from samverka.settlement import run
from samverka.settlement.models import Proposal, ProposalState, Recheck

#: Kilobytes of an SQLite connection's cache while a job runs: an index of half a million events fits.
CACHE = 262_144


@task()
def compute(public_id: str) -> None:
    """Compute a proposal to its end: sealed, or stopped with a message."""
    proposal = Proposal.objects.get(public_id=public_id)
    with roomy():
        try:
            for step in run.steps_of(proposal.issuer):
                run.take_step(proposal.pk, step)
        except run.STOPS as stop:
            run.fail(proposal.pk, str(stop), at=clock.now())
        else:
            run.seal(proposal.pk, at=clock.now())


@task()
def recheck(issuer: str) -> None:
    """Hold an issuer's lines against the agreement's values, unless that is done."""
    with roomy():
        rechecking.check(issuer, at=clock.now())


def go_on() -> None:
    """Ask again for what is begun and not done: a job whose worker was killed is nobody's, and lasts for ever."""
    for public_id in Proposal.objects.filter(state=ProposalState.COMPUTING).values_list("public_id", flat=True):
        compute.enqueue(public_id)
    for issuer in Recheck.objects.exclude(asked=F("answered")).values_list("issuer", flat=True):
        recheck.enqueue(issuer)


@contextmanager
def roomy() -> Iterator[None]:
    """A large cache on SQLite for as long as it is needed; PostgreSQL has its own settings."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        [before] = cursor.fetchone()
        cursor.execute(f"PRAGMA cache_size = -{CACHE}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {int(before)}")
