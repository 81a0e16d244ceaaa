"""Writing which bodies fill the agreement's arenas: a role of the text, filled over time by what the parties say."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from samverka.core.acting import Actor
from samverka.core.errors import Refused
from samverka.journal.services import ALL_PARTIES, record
from samverka.parties.models import Arena, ArenaSeat, Party
from samverka.parties.selectors import administered_by, seats_for


@transaction.atomic
def fill_seat(
    actor: Actor, arena: Arena, *, party: Party | None, body: str, since: date, source: str, at: datetime
) -> ArenaSeat:
    """Enter a body that fills an arena from a day on: one of the actor's own party, or one that the parties share.

    Raises:
        Refused: The body is another party's, the source is missing, or the body sits there already.
    """
    actor.must("administer")
    if party is not None and not administered_by(actor).filter(pk=party.pk).exists():
        raise Refused("Ett organ hos en annan part anges av den parten.")
    if not source.strip():
        raise Refused("Ange var det är beslutat: protokoll, paragraf och datum.")
    if arena.seats.filter(Q(until=None) | Q(until__gte=since), party=party, body=body).exists():
        raise Refused(f"{body} sitter redan i arenan den {since}.")
    seat = ArenaSeat.objects.create(arena=arena, party=party, body=body, since=since, source=source.strip())
    record(
        actor, "parties.fill_seat", seat.public_id, at=at, parties=ALL_PARTIES, why=source, clauses=(arena.clause,),
        after={"arena": arena.code, "party": party.code if party else "", "body": body, "since": since.isoformat()},
    )  # fmt: skip
    return seat


@transaction.atomic
def vacate_seat(actor: Actor, seat: ArenaSeat, *, until: date, source: str, at: datetime) -> ArenaSeat:
    """End a body's time in an arena with a last day.

    Raises:
        Refused: It is another party's, it has ended, the day is before its first, or the source is missing.
    """
    actor.must("administer")
    if not seats_for(actor).filter(pk=seat.pk).exists():
        raise Refused("Ett organ hos en annan part avslutas av den parten.")
    if seat.until is not None:
        raise Refused(f"{seat.body} lämnade redan arenan den {seat.until}.")
    if until < seat.since:
        raise Refused(f"Sista dagen kan inte vara före den första, {seat.since}.")
    if not source.strip():
        raise Refused("Ange var det är beslutat: protokoll, paragraf och datum.")
    seat.until = until
    seat.save()
    record(
        actor, "parties.vacate_seat", seat.public_id, at=at, parties=ALL_PARTIES, why=source,
        clauses=(seat.arena.clause,), before={"until": None}, after={"body": seat.body, "until": until.isoformat()},
    )  # fmt: skip
    return seat
