"""A decided case: handed over with its checklist, received, started, reviewed, ended.

OB-ANS-OVL: whoever assessed answers for a fit handover; A44: the receiver acknowledges it. A23: reviewed when something
changes, and at the latest after a year.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction

from avtal.calendar import STOCKHOLM, add_months
from samverka.care.duties import duties_before_handover, duties_of, holders
from samverka.care.models.case import Case
from samverka.care.states import Ending, Lack, Review
from samverka.care.steps import begin, finish
from samverka.core.acting import Actor
from samverka.core.errors import Refused

#: A23: a year, which the text does not say and the reading suggests.
REVIEW_MONTHS = 12


@transaction.atomic
def hand_over(
    actor: Actor, case: Case, *, done: Collection[str], at: datetime, revision: int | None = None
) -> Case:  # fmt: skip
    """Hand the person's care over to the party that answers, with the duties that come before it done.

    Raises:
        Refused: Something that whoever hands over answers for is not done, or the care stays with the owner.
    """
    actor.must("register")
    found = begin(actor, case, "hand_over", at=at, revision=revision)
    lacking = [one["label"] for one in duties_before_handover(found) if one["duty"] not in done]
    if lacking:
        raise Refused(f"Gör detta först: {'; '.join(lacking)} (OB-ANS-OVL).")
    return finish(actor, found, "hand_over", {"checked": _ticked(actor, found, done, at)}, at=at)


@transaction.atomic
def send_back(
    actor: Actor, case: Case, *, code: Lack, at: datetime, revision: int | None = None
) -> Case:  # fmt: skip
    """The receiver sends a handover back with what it lacks: it is handed over anew.

    Raises:
        Refused: It is not handed over to the actor's party.
    """
    actor.must("approve")
    found = begin(actor, case, "send_back", at=at, revision=revision)
    return finish(actor, found, "send_back", {}, at=at, code=Lack(code))


@transaction.atomic
def receive(actor: Actor, case: Case, *, done: Collection[str] = (), at: datetime, revision: int | None = None) -> Case:
    """The receiver acknowledges the handover.

    Raises:
        Refused: It is not handed over to the actor's party.
    """
    actor.must("approve")
    found = begin(actor, case, "receive", at=at, revision=revision)
    return finish(actor, found, "receive", {"checked": _ticked(actor, found, done, at)}, at=at)


@transaction.atomic
def start(
    actor: Actor, case: Case, *, review_on: date | None = None, done: Collection[str] = (), at: datetime,
    revision: int | None = None,
) -> Case:  # fmt: skip
    """The party that answers starts its care, with the day of the next review: a year from now at the latest.

    Raises:
        Refused: It has not been received, or the day of review is too late or past.
    """
    actor.must("register")
    found = begin(actor, case, "start", at=at, revision=revision)
    fields = {"review_on": _review_day(review_on, at), "checked": _ticked(actor, found, done, at)}
    return finish(actor, found, "start", fields, at=at)


@transaction.atomic
def tick(actor: Actor, case: Case, *, done: Collection[str], at: datetime, revision: int | None = None) -> Case:
    """Tick what one of the two parties has done of its own, whoever answers for the care.

    Raises:
        Refused: Nothing is ticked, it is the other party's to do, or the case is not decided or has ended.
    """
    actor.must("register")
    found = begin(actor, case, "tick", at=at, revision=revision)
    if not done:
        raise Refused("Välj det som är gjort.")
    return finish(actor, found, "tick", {"checked": _ticked(actor, found, done, at)}, at=at)


@transaction.atomic
def review(
    actor: Actor, case: Case, *, code: Review, at: datetime, revision: int | None = None
) -> Case:  # fmt: skip
    """Say that the case has been reviewed: then it goes on, or it ends.

    Raises:
        Refused: It is not going on with the actor's party.
    """
    actor.must("register")
    found = begin(actor, case, "review", at=at, revision=revision)
    return finish(actor, found, "review", {}, at=at, code=Review(code))


@transaction.atomic
def go_on(
    actor: Actor, case: Case, *, review_on: date | None = None, at: datetime, revision: int | None = None
) -> Case:  # fmt: skip
    """Nothing has changed who answers: the case goes on until its next review.

    Raises:
        Refused: It has not been reviewed, or the day of review is too late or past.
    """
    actor.must("approve")
    found = begin(actor, case, "go_on", at=at, revision=revision)
    return finish(actor, found, "go_on", {"review_on": _review_day(review_on, at)}, at=at)


@transaction.atomic
def close(
    actor: Actor, case: Case, *, code: Ending, at: datetime, revision: int | None = None
) -> Case:  # fmt: skip
    """End a case that the actor's party answers for.

    Raises:
        Refused: It is another party's, or it has not been received.
    """
    actor.must("approve")
    found = begin(actor, case, "close", at=at, revision=revision)
    fields = {"ending": Ending(code), "review_on": None}
    return finish(actor, found, "close", fields, at=at, code=Ending(code))


@transaction.atomic
def cancel(
    actor: Actor, case: Case, *, code: Ending, at: datetime, revision: int | None = None
) -> Case:  # fmt: skip
    """End a case that is decided and not yet received.

    Raises:
        Refused: It is another party's, or it has been received.
    """
    actor.must("approve")
    found = begin(actor, case, "cancel", at=at, revision=revision)
    return finish(actor, found, "cancel", {"ending": Ending(code)}, at=at, code=Ending(code))


def latest_review(at: datetime) -> date:
    """The last day that the next review may be on: A23."""
    return add_months(at.astimezone(STOCKHOLM).date(), REVIEW_MONTHS)


def _review_day(asked: date | None, at: datetime) -> date:
    latest = latest_review(at)
    if asked is None:
        return latest
    if not at.astimezone(STOCKHOLM).date() < asked <= latest:
        raise Refused(f"Ompröva efter i dag och senast {latest} (A23).")
    return asked


def _ticked(actor: Actor, case: Case, done: Collection[str], at: datetime) -> dict[str, Any]:
    """The duties that are done, the new ones with who ticked them."""
    known = {one["duty"]: one for one in duties_of(case)}
    if set(done) - set(known):
        raise Refused("Listan har ändrats. Läs ärendet igen.")
    others = [known[duty]["label"] for duty in done if actor.party not in holders(known[duty], case)]
    if others:
        raise Refused(f"Det här är inte er uppgift: {'; '.join(others)}.")
    ticked = {duty: {"party": actor.party, "on": at.astimezone(STOCKHOLM).date().isoformat()} for duty in done}
    return {**ticked, **case.checked}
