"""Work that was attested after its days had been settled: on no invoice, and in nobody's way to be seen.

A settlement takes up what is attested when it is started. What comes later needs another proposal for the same period.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, QuerySet, Value

from avtal.calendar import Period
from samverka.assignments.models import State
from samverka.core.acting import Actor
from samverka.core.waiting import Waiting
from samverka.settlement.credited import OPEN
from samverka.settlement.due import proposing_at
from samverka.settlement.models import InvoicedEvent, Proposal, ProposalState
from samverka.settlement.sources import work_kinds

#: How many questions are put in one statement: SQLite takes 500.
TOGETHER = 400


@dataclass(frozen=True, slots=True)
class Settled:
    """A month that an issued settlement took up.

    Attributes:
        period: What the last one that was issued is for.
        until: When the last one was started that is issued or on its way: what was attested by then is in it.
    """

    period: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Late:
    """What came too late of a charge and a month.

    Attributes:
        charge: The charge's name.
        month: Like 202604.
        period: What the month was settled for.
        events: How many.
    """

    charge: str
    month: int
    period: str
    events: int


def late_for(actor: Actor) -> list[Late]:
    """The work of the actor's party that came too late for its settlement and is in no other: two queries, mostly."""
    actor.must("read")
    months = _settled(actor.party) if actor.party else {}
    kinds = work_kinds(actor.party) if months else ()
    questions = [rows for kind in kinds for rows in _counted(kind.model, actor.party, months)]
    found = []
    for start in range(0, len(questions), TOGETHER):
        first, *more = questions[start : start + TOGETHER]
        rows = first.union(*more, all=True) if more else first
        found += [Late(charge, month, months[month].period, events) for charge, month, events in rows]
    return sorted(found, key=lambda one: (one.month, one.charge))


def late_waiting(actor: Actor) -> list[Waiting]:
    """What the start page tells whoever proposes for the issuer."""
    if not (actor.party and actor.may("propose")):
        return []
    counts: Counter[str] = Counter()
    for one in late_for(actor):
        counts[one.period] += one.events
    return [Waiting(_told(period, events), events, proposing_at(period=period)) for period, events in counts.items()]


def _told(period: str, events: int) -> str:
    what = "1 händelse" if events == 1 else f"{events} händelser"
    state = "är inte fakturerad" if events == 1 else "är inte fakturerade"
    return f"{what} för {period} attesterades efter avräkningen och {state}: ta fram förslag"


def _settled(issuer: str) -> dict[int, Settled]:
    """By month, the issuer's settlements that are issued; one that is open counts for what it has taken up."""
    of = Proposal.objects.filter(issuer=issuer, corrections=False, state__in=[ProposalState.ISSUED, *OPEN])
    found: dict[int, Settled] = {}
    for period, state, at in of.order_by("proposed_at").values_list("period", "state", "proposed_at"):
        for told in Period.parse(period).months():
            month = int(told.replace("-", ""))
            if state == ProposalState.ISSUED:
                found[month] = Settled(period, at)
            elif month in found:
                found[month] = Settled(found[month].period, at)
    return found


def _counted(
    model: Any, issuer: str, months: dict[int, Settled]
) -> Iterator[QuerySet[Any, tuple[str, int, int]]]:  # fmt: skip
    """Charge, month and number of what came too late of one kind of work; what was ever invoiced is not late.

    One question for each settlement: asked in one, every row of the issuer would be looked at.
    """
    invoiced = InvoicedEvent.objects.filter(charge=model.charge, event=OuterRef("pk"), part="")
    for settled in sorted(set(months.values()), key=lambda one: (one.until, one.period)):
        of = [month for month, one in months.items() if one == settled]
        came_late = model._default_manager.filter(month__in=of, attested_at__gt=settled.until)
        work = came_late.filter(~Exists(invoiced), performer=issuer, state=State.ATTESTED)
        rows = work.order_by().annotate(told=Value(model.charge, CharField())).values("told", "month")
        yield rows.annotate(events=Count("pk")).values_list("told", "month", "events")
