"""Writing what the parties enter: proposed by one person, approved or declined by another, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from avtal.calendar import STOCKHOLM
from samverka.agreements import rulings
from samverka.agreements.book import Book
from samverka.agreements.county import base
from samverka.agreements.models import Entered, Ruling, Snapshot
from samverka.agreements.payloads import BadPayload, read_payload, writing_faults
from samverka.agreements.subjects import clauses_of
from samverka.core.acting import Actor
from samverka.core.errors import Refused
from samverka.journal.services import ALL_PARTIES, record

OWN_VALUE = "Du har själv föreslagit värdet. En annan person måste besluta om det."


@transaction.atomic
def propose_value(
    actor: Actor,
    *,
    kind: str,
    payload: Mapping[str, Any],
    document: str,
    document_date: date,
    example: bool,
    at: datetime,
    replaces: Entered | None = None,
) -> Entered:
    """Propose a value: it counts once another person has approved it.

    Args:
        actor: Who proposes.
        kind: One of ``EnteredKind``.
        payload: As ``agreements.payloads`` reads it.
        document: Where the value is written.
        document_date: That document's day; not after today.
        example: Whether it is example data, to be marked wherever it is used.
        at: When.
        replaces: An approved value of the same kind that this one corrects: once approved, the other no longer counts.

    Raises:
        BadPayload: The value is not what its kind allows.
        Refused: The same value already waits, or the document is not said.
    """
    actor.must("propose")
    read = read_payload(kind, payload, base())
    faults = writing_faults(read, document, document_date, at.astimezone(STOCKHOLM).date())
    if faults:
        raise BadPayload(faults)
    stated = read.as_json()
    _refuse_twice(kind, read.name, stated)
    if replaces is not None:
        _refuse_wrong_replacement(replaces, kind)
    made = Entered.objects.create(
        kind=kind, name=read.name, payload=stated, document=document.strip(), document_date=document_date,
        example=example, party=actor.party, role=actor.role, proposed_by=actor.user, proposed_at=at, replaces=replaces,
    )  # fmt: skip
    record(
        actor, "agreements.propose", made.public_id, at=at, parties=ALL_PARTIES, clauses=clauses_of(read, base()),
        after={"kind": kind, "payload": stated, "document": made.document, "document_date": document_date,
               "example": example, "replaces": replaces.public_id if replaces else None},
    )  # fmt: skip
    return made


@transaction.atomic
def rule_on(actor: Actor, entered: Entered, *, approved: bool, reason: str, at: datetime) -> Ruling:
    """Approve or decline a value that somebody else has proposed.

    Raises:
        Refused: The actor proposed it, it is ruled on already, or it is declined without a reason.
    """
    actor.must("approve")
    locked = Entered.objects.select_for_update(of=("self",)).get(pk=entered.pk)
    if locked.proposed_by_id == actor.user.pk:
        raise Refused(OWN_VALUE)
    if Ruling.objects.filter(entered=locked).exists():
        raise Refused("Värdet är redan beslutat.")
    if len(reason.strip()) > 300 or not (approved or reason.strip()):
        raise Refused("Ange ett skäl till avslaget, högst 300 tecken.")
    if approved and locked.replaces_id is not None:
        Entered.objects.select_for_update(of=("self",)).get(pk=locked.replaces_id)  # two who replace it take turns
        _refuse_second_replacement(locked)
    ruling = Ruling.objects.create(
        entered=locked, approved=approved, reason=reason.strip(), party=actor.party, role=actor.role,
        ruled_by=actor.user, ruled_at=at,
    )  # fmt: skip
    read = read_payload(locked.kind, locked.payload, base())
    record(
        actor, "agreements.approve" if approved else "agreements.decline", locked.public_id, at=at,
        parties=ALL_PARTIES, why=reason.strip(), clauses=clauses_of(read, base()),
        before={"state": "proposed"}, after={"state": "approved" if approved else "declined"},
    )  # fmt: skip
    if approved:
        rulings.approved()
    return ruling


def snapshot(book: Book) -> Snapshot:
    """Keep which values a book holds, so that it can be built again. What uses it writes the journal's entry."""
    held, _ = Snapshot.objects.get_or_create(
        fingerprint=book.fingerprint, defaults={"edition": book.edition.code, "entered": list(book.entered)}
    )
    return held


def _refuse_twice(kind: str, name: str, stated: Mapping[str, Any]) -> None:
    for other in Entered.objects.filter(kind=kind, name=name, ruling=None):
        if other.payload == stated:
            raise Refused("Samma värde är redan föreslaget och väntar på beslut.")


def _refuse_wrong_replacement(replaces: Entered, kind: str) -> None:
    approved = Ruling.objects.filter(entered=replaces, approved=True).exists()
    if replaces.kind != kind or not approved:
        raise Refused("Bara ett godkänt värde av samma slag kan rättas.")
    _refuse_second_replacement(replaces=replaces.pk)


def _refuse_second_replacement(locked: Entered | None = None, *, replaces: int | None = None) -> None:
    """A value is corrected once; its correction can be corrected in turn."""
    target = replaces if locked is None else locked.replaces_id
    if Ruling.objects.filter(entered__replaces=target, approved=True).exists():
        raise Refused("Värdet är redan rättat. Rätta i stället det värde som gäller nu.")
