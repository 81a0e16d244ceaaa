"""A case until it is talked over: opened from stated facts, changed, proposed, taken back, left without a decision.

OB-ANS-BED: whoever meets the person assesses, in dialogue with the receiver. The agreement proposes (A22).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from avtal.calendar import STOCKHOLM
from samverka.agreements.selectors import book_now
from samverka.agreements.services import snapshot
from samverka.care import log
from samverka.care.log import Access
from samverka.care.models.case import Case
from samverka.care.models.log import Action
from samverka.care.question import columns_of, other_party, party_of, proposal_of
from samverka.care.states import OPENED, Ending, Reply
from samverka.care.steps import begin, finish, tell
from samverka.core.acting import Actor
from samverka.core.errors import Refused

#: Letters and figures that are not taken for each other, and make no words.
LETTERS, FIGURES = "CDFHJKMNPRTVWX", "23456789"
TRIES = 20
#: Editions of the Clinical Frailty Scale, and who may have assessed by it: a role, never a name.
CFS_VERSIONS = {"1.2": "1.2 (2009, avtalets bilaga)", "2.0": "2.0 (2020)"}
CFS_ASSESSORS = {
    "nurse": "sjuksköterska", "physician": "läkare", "occupational_therapist": "arbetsterapeut",
    "physiotherapist": "fysioterapeut", "other": "annan legitimerad",
}  # fmt: skip


def open_case(
    actor: Actor, *, stated: Mapping[str, Any], cfs: Mapping[str, Any] | None = None, example: bool = False,
    at: datetime,
) -> Case:  # fmt: skip
    """Open a case of the actor's own party: a draft, which nobody else sees.

    Args:
        actor: Who assesses.
        stated: The facts by the agreement's names; absent is unknown.
        cfs: How the level of frailty was assessed: ``version``, ``assessor``, ``on``.
        example: Whether it is made up.
        at: When.

    Raises:
        BadCase: What is stated has faults.
        Refused: The party has no persons of its own.
    """
    actor.must("register")
    edition = book_now().edition
    if actor.party not in edition.parties:
        raise Refused("Ärenden öppnas av regionen eller en kommun.")
    fields = {**columns_of(stated, edition), **_cfs(cfs or {}, at)}
    with transaction.atomic():
        case = _numbered(
            lambda number: Case(
                number=number, owner=actor.party, example=example, opened_at=at, changed_at=at, **fields
            )
        )
        log.write(actor, Access(Action.CHANGE, at), [case.pk])
        tell(actor, case, OPENED, at=at)
    return case


@transaction.atomic
def change(
    actor: Actor, case: Case, *, stated: Mapping[str, Any], cfs: Mapping[str, Any] | None = None, at: datetime,
    revision: int | None = None,
) -> Case:  # fmt: skip
    """State the facts of a draft anew.

    Raises:
        BadCase: What is stated has faults.
        Refused: It is no draft of the actor's own party, or was changed since it was read.
    """
    actor.must("register")
    fields = {**columns_of(stated, book_now().edition), **_cfs(cfs or {}, at)}
    found = begin(actor, case, "change", at=at, revision=revision)
    return finish(actor, found, "change", fields, at=at)


@transaction.atomic
def propose(actor: Actor, case: Case, *, at: datetime, revision: int | None = None) -> Case:
    """Let the agreement propose: the answer is kept as it was given, with the edition it rests on.

    Raises:
        Refused: Facts are missing, the frailty's assessment is not said, or there is nobody to talk it over with.
    """
    actor.must("propose")
    found = begin(actor, case, "propose", at=at, revision=revision)
    if found.cfs is not None and not (found.cfs_version and found.cfs_assessor and found.cfs_on):
        raise Refused("Ange skalans version, vem som har bedömt skörheten och när.")
    book = book_now()
    proposal = proposal_of(found, book, at)
    proposed = party_of(proposal["answer"]["responsible"])
    other = other_party(found.owner, proposed, found)
    if not other:
        raise Refused("Ange var personen är folkbokförd eller vistas: ärendet behöver en kommun i länet som motpart.")
    fields = {
        "proposal": proposal, "snapshot": snapshot(book), "other": other, "proposed_party": proposed,
        "proposed_status": proposal["answer"]["status"],
    }  # fmt: skip
    return finish(actor, found, "propose", fields, at=at, about=proposed)


@transaction.atomic
def take_back(actor: Actor, case: Case, *, at: datetime, revision: int | None = None) -> Case:
    """Make a case a draft again, because facts have changed: proposal, dialogue and the other party's sight of it go.

    Raises:
        Refused: It is decided, a dispute is open, or it is another party's.
    """
    actor.must("register")
    found = begin(actor, case, "take_back", at=at, revision=revision)
    _refuse_disputed(found)
    fields = {
        "proposal": None, "snapshot": None, "other": "", "shared": False, "proposed_party": "", "proposed_status": "",
        "intended": "", "ground": "", "regard": "", "reply": Reply.NONE, "intended_by": None, "replied_by": None,
    }  # fmt: skip
    parties = {found.owner, found.other} if found.shared else {found.owner}
    return finish(actor, found, "take_back", fields, at=at, seen_before=parties)


@transaction.atomic
def withdraw(
    actor: Actor, case: Case, *, code: Ending, at: datetime, revision: int | None = None
) -> Case:  # fmt: skip
    """End a case that is not decided.

    Raises:
        Refused: It is decided, a dispute is open, or it is another party's.
    """
    actor.must("register")
    found = begin(actor, case, "withdraw", at=at, revision=revision)
    _refuse_disputed(found)
    return finish(actor, found, "withdraw", {"ending": Ending(code)}, at=at, code=Ending(code))


def _refuse_disputed(case: Case) -> None:
    if case.disputes.filter(settled_at=None).exists():
        raise Refused("En tvist är öppen. Den ska lösas av båda ledningarna först (OB-TVI-I).")


def _numbered(make: Any) -> Case:
    """The case under a number that its owner has not used."""
    for _ in range(TRIES):
        case: Case = make(case_number())
        try:
            with transaction.atomic():
                case.save(force_insert=True)
        except IntegrityError as clash:
            if "number" not in str(clash):
                raise
        else:
            return case
    raise Refused("Det gick inte att ge ärendet ett nummer. Försök igen.")


def case_number() -> str:
    """Four letters and four figures at random: it tells neither when nor how many, nor anything of the person."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(4))
    return f"{letters}-{''.join(secrets.choice(FIGURES) for _ in range(4))}"


def _cfs(cfs: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """How the frailty was assessed, as columns."""
    version, assessor, on = cfs.get("version") or "", cfs.get("assessor") or "", cfs.get("on")
    if version and version not in CFS_VERSIONS:
        raise Refused(f"Skalans version är en av {', '.join(CFS_VERSIONS)}.")
    if assessor and assessor not in CFS_ASSESSORS:
        raise Refused("Den som bedömt anges med sitt yrke, aldrig med namn.")
    if isinstance(on, date) and on > at.astimezone(STOCKHOLM).date():
        raise Refused("Skörheten kan inte vara bedömd efter i dag.")
    return {"cfs_version": version, "cfs_assessor": assessor, "cfs_on": on}
