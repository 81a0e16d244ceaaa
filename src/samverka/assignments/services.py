"""Registering work, changing it, attesting it: each with its entry in the journal.

The performer registers and is paid; the payer attests. What is attested is locked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from samverka.agreements import selectors as agreements
from samverka.assignments import guards
from samverka.assignments.checks import BadWork, Checker
from samverka.assignments.kinds import BY_CHARGE, columns_of, stated_of
from samverka.assignments.models import State, Work
from samverka.core.acting import Actor
from samverka.core.errors import Refused
from samverka.core.ids import public_id
from samverka.journal.services import record

W = TypeVar("W", bound=Work)

OPEN = (State.REGISTERED, State.RETURNED)
LONGEST_REASON = 300


def register(
    actor: Actor,
    *,
    charge: str,
    stated: Mapping[str, Any],
    event_id: str = "",
    source: str = "",
    example: bool = False,
    on: date | None = None,
    at: datetime,
) -> Work:
    """Register a piece of work that the actor's party has performed, at the latest on the day that it is.

    Args:
        actor: Who.
        charge: The kind of work.
        stated: The charge's case.
        event_id: The performer's own number; one is made where there is none.
        source: A note.
        example: Whether it is made up.
        on: The day that it is; that of ``at`` unless said.
        at: When.

    Raises:
        BadWork: What is stated has faults, or does not tell the outcome.
        Refused: Another party performed it, or its number is taken.
    """
    actor.must("register")
    kind = BY_CHARGE[charge]
    checker = Checker(kind, agreements.book_now().edition)
    made = public_id()
    event_id = event_id.strip() or f"A-{made[:8]}"
    case = checker.case(stated, event_id, source, on=on or localdate(at))
    performer, payer = checker.party(case, "payee"), checker.party(case, "payer")
    _refuse_others(actor, performer)
    with transaction.atomic():
        work = kind.model(
            public_id=made, event_id=event_id, performer=performer, payer_party=payer, source=source, example=example,
            registered_by=actor.user, registered_at=at, **columns_of(case),
        )  # fmt: skip
        try:
            with transaction.atomic():
                work.save(force_insert=True)
        except IntegrityError:
            raise BadWork({"event_id": f"{event_id} är redan registrerat hos er"}, {}) from None
        _tell(actor, "register", work, at=at)
    return work


@transaction.atomic
def change(
    actor: Actor, work: W, *, stated: Mapping[str, Any], source: str | None = None, example: bool | None = None,
    on: date | None = None, at: datetime,
) -> W:  # fmt: skip
    """Change what is said of a piece of work that is not attested, and send it again.

    Args:
        actor: Who.
        work: The piece of work.
        stated: The charge's case.
        source: A note; what it was unless said.
        example: Whether it is made up; what it was unless said.
        on: The day that it is; that of ``at`` unless said.
        at: When.

    Raises:
        BadWork: What is stated has faults, or does not tell the outcome.
        Refused: It is attested or withdrawn, or another party performed it.
    """
    actor.must("register")
    found = _locked(work)
    _refuse_others(actor, found.performer)
    _refuse_unless(found, *OPEN)
    checker = Checker(BY_CHARGE[work.charge], agreements.book_now().edition)
    said = found.source if source is None else source
    case = checker.case(stated, found.event_id, said, on=on or localdate(at))
    _refuse_others(actor, checker.party(case, "payee"))
    if (payer := checker.party(case, "payer")) != found.payer_party:
        told = "beställaren kan inte ändras: återkalla arbetet och registrera det på nytt"
        raise BadWork({BY_CHARGE[work.charge].charge.trees["payer"].name: told}, {})
    before = stated_of(found)
    fields = {**columns_of(case), "payer_party": payer, "source": said, "state": State.REGISTERED, "reason": ""}
    fields |= {"example": found.example if example is None else example, "registered_by": actor.user}
    return _saved(actor, found, "change", fields, at=at, before=before)


@transaction.atomic
def withdraw(actor: Actor, work: W, *, reason: str, at: datetime) -> W:
    """Take back a piece of work that is not attested: it is kept, and never settled.

    Raises:
        Refused: It is attested, or another party performed it, or no reason is given.
    """
    actor.must("register")
    found = _locked(work)
    _refuse_others(actor, found.performer)
    _refuse_unless(found, *OPEN)
    fields = {"state": State.WITHDRAWN, "reason": reason.strip()}
    return _saved(actor, found, "withdraw", fields, at=at, why=_reason(reason))


@transaction.atomic
def attest(actor: Actor, work: W, *, at: datetime) -> W:
    """Attest a piece of work that the actor's party pays for: it is locked, and will be settled.

    Raises:
        Refused: It is not waiting, was changed since it was read, or the same person registered it.
    """
    actor.must("attest")
    found = _locked(work)
    _refuse_others(actor, found.payer_party, who="betalar")
    _refuse_unless(found, State.REGISTERED)
    if found.revision != work.revision:
        raise Refused(f"{found.event_id} har ändrats sedan du läste det. Läs det igen innan du attesterar.")
    if found.registered_by_id == actor.user.pk:
        raise Refused(f"{found.event_id} är registrerat av dig. Någon annan hos betalaren ska attestera det.")
    fields = {"state": State.ATTESTED, "attested_by": actor.user, "attested_at": at}
    return _saved(actor, found, "attest", fields, at=at)


@transaction.atomic
def send_back(actor: Actor, work: W, *, reason: str, at: datetime) -> W:
    """Return a piece of work to its performer with a reason; one that is attested only while it is not settled.

    Raises:
        Refused: It is settled, withdrawn or already returned, or no reason is given.
    """
    actor.must("attest")
    found = _locked(work)
    _refuse_others(actor, found.payer_party, who="betalar")
    _refuse_unless(found, State.REGISTERED, State.ATTESTED)
    _refuse_settled(found)
    fields: dict[str, Any] = {
        "state": State.RETURNED,
        "reason": reason.strip(),
        "attested_by": None,
        "attested_at": None,
    }
    return _saved(actor, found, "send_back", fields, at=at, why=_reason(reason))


@transaction.atomic
def take_back(actor: Actor, work: W, *, reason: str, at: datetime) -> W:
    """Take an attestation back, while the work is not settled: it waits for attestation again.

    Raises:
        Refused: It is settled or not attested, or no reason is given.
    """
    actor.must("attest")
    found = _locked(work)
    _refuse_others(actor, found.payer_party, who="betalar")
    _refuse_unless(found, State.ATTESTED)
    _refuse_settled(found)
    fields: dict[str, Any] = {"state": State.REGISTERED, "attested_by": None, "attested_at": None}
    return _saved(actor, found, "take_back", fields, at=at, why=_reason(reason))


def _locked(work: W) -> W:
    """The row as it is now, locked until the transaction ends."""
    return type(work)._default_manager.select_for_update(of=("self",)).get(pk=work.pk)  # Django's own API


def _saved(
    actor: Actor, found: W, action: str, fields: Mapping[str, Any], *, at: datetime, why: str = "",
    before: Mapping[str, Any] | None = None,
) -> W:  # fmt: skip
    was = {"state": found.state, **({"stated": before} if before is not None else {})}
    for name, value in fields.items():
        setattr(found, name, value)
    found.revision += 1
    found.save()
    _tell(actor, action, found, at=at, why=why, before=was)
    return found


def _tell(
    actor: Actor, action: str, work: Work, *, at: datetime, why: str = "", before: Mapping[str, Any] | None = None
) -> None:
    after: dict[str, Any] = {"state": str(work.state), "event_id": work.event_id, "charge": work.charge}
    if action in ("register", "change"):
        after |= {"stated": stated_of(work), "source": work.source, "example": work.example}
    parties = (work.performer, work.payer_party)
    clauses = (BY_CHARGE[work.charge].clause,)
    record(actor, f"assignments.{action}", work.public_id, at=at, parties=parties, why=why, clauses=clauses,
           before=before, after=after)  # fmt: skip


def _reason(reason: str) -> str:
    told = reason.strip()
    if not told:
        raise Refused("Skriv varför: den andra parten läser det.")
    if len(told) > LONGEST_REASON or "\0" in told:
        raise Refused(f"Skälet är för långt: tillåtet är högst {LONGEST_REASON} tecken.")
    return told


def _refuse_others(actor: Actor, party: str, who: str = "har utfört") -> None:
    if actor.party != party:
        raise Refused(f"Bara den part som {who} arbetet kan göra detta.")


def _refuse_unless(work: Work, *states: State) -> None:
    if work.state not in states:
        allowed = " eller ".join(state.label for state in states)
        raise Refused(f"{work.event_id} är {State(work.state).label}. Detta kan göras när arbetet är {allowed}.")


def _refuse_settled(work: Work) -> None:
    if guards.settled(type(work), [work.pk]):
        raise Refused(f"{work.event_id} är med i en avräkning och kan inte låsas upp. Begär en kreditering i stället.")
