"""Reading work, scoped: a party sees what it performed and what it pays for, an auditor everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db import connection
from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models import Count as Count_
from django.db.models.lookups import Exact
from django.urls import reverse

from samverka.assignments.kinds import KINDS, WorkKind
from samverka.assignments.models import Batch, BatchState, State, Work
from samverka.assignments.words import label
from samverka.core.acting import Actor
from samverka.core.waiting import Waiting
from samverka.journal.models import Entry

W = TypeVar("W", bound=Work)
MOST_ENTRIES = 20
_FILES = "assignments:files"
_STAGED = f"{{}}?state={BatchState.STAGED}"


def work_for(actor: Actor, model: type[W]) -> QuerySet[W]:
    """The work of one kind that an actor sees."""
    every: QuerySet[W] = model._default_manager.all()  # Django's own API
    if actor.is_auditor:
        return every
    return every.filter(_seen_by(actor.party)) if actor.party else every.none()


def _seen_by(party: str) -> Q | Exact:
    """That a party performed the work, or pays for it.

    SQLite would take an index for each side and sort all that it finds; hidden in a CASE, it walks the list's own order
    and stops after a page. PostgreSQL knows how many rows there are, and is left to choose.
    """
    own = Q(performer=party) | Q(payer_party=party)
    return own if connection.vendor != "sqlite" else Exact(Case(When(own, then=Value(1)), default=Value(0)), 1)


def batches_for(actor: Actor) -> QuerySet[Batch]:
    """The files that an actor's party has read in; what is staged in them is nobody else's."""
    return Batch.objects.filter(party=actor.party) if actor.party else Batch.objects.none()


@dataclass(frozen=True, slots=True)
class Count:
    """How much work of one kind waits for the actor's party."""

    kind: WorkKind
    to_attest: int
    returned: int


def counts_for(actor: Actor) -> list[Count]:
    """Of each kind: what the actor's party is to attest, and what was returned to it; one query, by the indexes."""
    asked = []
    for kind in KINDS:
        mine = work_for(actor, kind.model).order_by()
        waits = mine.filter(payer_party=actor.party, state=State.REGISTERED)
        back = mine.filter(performer=actor.party, state=State.RETURNED)
        asked += [(waits, kind, "waits"), (back, kind, "back")]
    counted = [
        rows.values(slug=Value(kind.slug), sort=Value(sort)).annotate(count=Count_("id")) for rows, kind, sort in asked
    ]
    found = {(row["slug"], row["sort"]): row["count"] for row in counted[0].union(*counted[1:], all=True)}
    return [Count(kind, found.get((kind.slug, "waits"), 0), found.get((kind.slug, "back"), 0)) for kind in KINDS]


def waiting_for(actor: Actor, on: date) -> list[Waiting]:  # noqa: ARG001  # every app is asked for a day
    """What waits for an actor: work to attest, work that was returned, files to approve."""
    found = []
    for count in counts_for(actor):
        name = label(count.kind.model.charge)
        here = reverse("assignments:list", args=[count.kind.slug])
        if actor.may("attest") and count.to_attest:
            there = reverse("assignments:attest_many", args=[count.kind.slug])
            found.append(Waiting(f"{name}: {count.to_attest} väntar på er attest", count.to_attest, there))
        if actor.may("register") and count.returned:
            address = f"{here}?state={State.RETURNED}&performer={actor.party}"
            found.append(
                Waiting(
                    f"{name}: {count.returned} återsänd{'' if count.returned == 1 else 'a'} till er",
                    count.returned,
                    address,
                )
            )
    return [*found, *_files(actor)] if actor.may("register") else found


def _files(actor: Actor) -> list[Waiting]:
    """Files to approve, and files that have faults and cannot be: one is led to at once, of many there is a list."""
    staged = batches_for(actor).filter(state=BatchState.STAGED).order_by("uploaded_at", "id")
    rows = list(staged.values_list("public_id", "faulty"))
    found = []
    for ids, what in (
        ([one for one, faulty in rows if not faulty], "väntar på godkännande"),
        ([one for one, faulty in rows if faulty], "har fel: rätta eller lägg undan"),
    ):
        if ids:
            there = reverse("assignments:batch", args=ids) if len(ids) == 1 else _STAGED.format(reverse(_FILES))
            found.append(Waiting(f"{len(ids)} {'fil' if len(ids) == 1 else 'filer'} {what}", len(ids), there))
    return found


def to_attest_for(actor: Actor, model: type[W]) -> QuerySet[W]:
    """The work of one kind that waits for the actor's party to attest it, the oldest first."""
    return work_for(actor, model).filter(payer_party=actor.party, state=State.REGISTERED).order_by("date", "id")


def history_for(actor: Actor, work: Work) -> list[Entry]:
    """What the journal tells of a piece of work, for those who see it: the newest first."""
    entries = Entry.objects.filter(subject=work.public_id)
    if work.batch_id:
        entries = entries | Entry.objects.filter(subject__in=Batch.objects.filter(pk=work.batch_id).values("public_id"))
    if not actor.is_auditor:
        entries = entries.filter(parties__party__in=[actor.party, "*"])
    return list(entries.distinct().order_by("-id")[:MOST_ENTRIES])
