"""Reading cases: the one door. Whoever comes through it is in the access log before anything is shown.

A party sees its own cases, and those that it has been asked about. Administrators and auditors see none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol, TypeVar

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from samverka.care import log
from samverka.care.log import Access
from samverka.care.models.case import Case, Dispute, Move
from samverka.care.states import Reply, State
from samverka.core.acting import Actor
from samverka.core.waiting import Waiting

ALL = "all"


class HasRows(Protocol):
    """Something that shows cases and says which: a list's page."""

    rows: list[Any]


P = TypeVar("P", bound=HasRows)


def case_for(actor: Actor, public_id: str, *, access: Access) -> Case:
    """One case that the actor's party has to do with, once that is in the log.

    Raises:
        Http404: There is none, or it is somebody else's.
    """
    with transaction.atomic():
        found: Case = get_object_or_404(_scoped(actor), public_id=public_id)
        log.write(actor, access, [found.pk])
    return found


def page_of_cases_for(
    actor: Actor, show: Callable[[QuerySet[Case]], P], *, access: Access, on: date, **asked: str
) -> P:  # fmt: skip
    """A page of the cases that are asked for, once each of its rows is in the log.

    Args:
        actor: Who asks.
        show: Makes the page of the cases, and says which rows it shows.
        access: What for.
        on: The day, by which reviews are due.
        asked: As ``asked_for`` has it.
    """
    with transaction.atomic():
        page = show(asked_for(_scoped(actor), actor, on, **asked))
        log.write(actor, access, [row.pk for row in page.rows])
    return page


def cases_for(actor: Actor, *, access: Access, on: date, **asked: str) -> list[Case]:
    """Every case that is asked for, as a file has them, once each is in the log."""
    with transaction.atomic():
        found = list(asked_for(_scoped(actor), actor, on, **asked).order_by("-changed_at", "public_id"))
        log.write(actor, access, [row.pk for row in found])
    return found


def moves_of(case: Case) -> list[Move]:
    """A case's history, the first step first."""
    return list(case.moves.order_by("id"))


def dispute_of(case: Case) -> Dispute | None:
    """The dispute that is open about a case."""
    return case.disputes.filter(settled_at=None).first()


def disputes_of(case: Case) -> list[Dispute]:
    """Every dispute there was, the latest first."""
    return list(case.disputes.order_by("-id"))


def asked_for(
    rows: QuerySet[Case], actor: Actor, on: date, *, number: str = "", state: str = "", party: str = "",
    side: str = "", todo: str = "",
) -> QuerySet[Case]:  # fmt: skip
    """Of some cases those with a number, in a state, with a counterpart, own or incoming, or waiting for something."""
    if number:
        rows = rows.filter(number=number)
    elif not state and todo not in WAITS:  # what is closed is there for who asks for it
        rows = rows.exclude(state=State.CLOSED)
    if state and state != ALL:
        rows = rows.filter(state=state)
    if party:
        rows = rows.filter(Q(owner=party) | Q(other=party))
    if side:
        rows = rows.filter(owner=actor.party) if side == "own" else rows.exclude(owner=actor.party)
    return rows.filter(WAITS[todo](actor.party, on)) if todo in WAITS else rows


def _own(party: str) -> Q:
    return Q(owner=party)


def _replied(party: str, reply: Reply) -> Q:
    return Q(owner=party, state=State.IN_DIALOGUE, reply=reply)


def _disputed(party: str) -> Q:
    """Of both parties, until one of them has suggested a solution: then it waits for the other."""
    suggested = Dispute.objects.filter(case=OuterRef("pk"), settled_at=None, suggested_party=party)
    either = Q(owner=party) | Q(other=party)
    return either & Q(state=State.IN_DIALOGUE, reply=Reply.DISAGREES) & ~Q(Exists(suggested))


#: What a case may wait for from a party: name -> condition.
WAITS: dict[str, Callable[[str, date], Q]] = {
    "draft": lambda party, _: Q(owner=party, state=State.DRAFT),
    "proposed": lambda party, _: Q(owner=party, state=State.PROPOSED),
    "answer": lambda party, _: Q(other=party, shared=True, state=State.IN_DIALOGUE, reply=Reply.NONE),
    "decide": lambda party, _: _replied(party, Reply.AGREES),
    "dispute": lambda party, _: _disputed(party),
    "hand_over": lambda party, _: Q(owner=party, state=State.DECIDED) & ~Q(responsible_party=party),
    "receive": lambda party, _: Q(responsible_party=party, state=State.HANDED_OVER),
    "start": lambda party, _: (
        Q(responsible_party=party) & (Q(state=State.RECEIVED) | (Q(state=State.DECIDED) & _own(party)))
    ),
    "review": lambda party, on: Q(responsible_party=party, state=State.ACTIVE, review_on__lte=on),
    "go_on": lambda party, _: Q(responsible_party=party, state=State.REVIEWED),
}


def seen_by(party: str) -> Q:
    """What a party sees: its own cases, and what it has been asked about."""
    return Q(owner=party) | Q(other=party, shared=True)


def _scoped(actor: Actor) -> QuerySet[Case]:
    """The cases of the actor's party, for those roles that work with them."""
    rows: QuerySet[Case] = Case.unlogged.all()
    return rows.filter(seen_by(actor.party)) if actor.party and actor.may("care") else rows.none()


#: What waits for whom: name, the right that it needs, what one is called and what more are.
TOLD = (
    ("answer", "approve", "ärende väntar på ert svar i dialog", "ärenden väntar på ert svar i dialog"),
    ("dispute", "approve", "tvist om ett ärende att lösa", "tvister om ärenden att lösa"),
    ("receive", "approve", "överlämning att ta emot", "överlämningar att ta emot"),
    ("decide", "approve", "ärende att besluta om", "ärenden att besluta om"),
    (
        "go_on",
        "approve",
        "omprövat ärende att fortsätta eller avsluta",
        "omprövade ärenden att fortsätta eller avsluta",
    ),
    ("proposed", "propose", "ärende att öppna dialog om", "ärenden att öppna dialog om"),
    ("hand_over", "register", "ärende att lämna över", "ärenden att lämna över"),
    ("start", "register", "ärende att starta", "ärenden att starta"),
    ("review", "register", "ärende att ompröva", "ärenden att ompröva"),
)


def waiting_for(actor: Actor, on: date) -> list[Waiting]:
    """What waits for the actor: only how many, so that nobody's case is opened by looking at the front page."""
    asked = [(name, one, more) for name, right, one, more in TOLD if actor.may(right)]
    found: list[Waiting] = []
    if asked and actor.party:
        counts = _scoped(actor).aggregate(
            **{name: Count("pk", filter=WAITS[name](actor.party, on)) for name, *_ in asked}
        )
        here = reverse("care:list")
        for name, one, more in asked:
            n = counts[name]
            found.append(Waiting(f"{n} {one if n == 1 else more}", n, f"{here}?todo={name}"))
    return found
