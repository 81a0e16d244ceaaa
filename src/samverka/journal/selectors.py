"""Reading the journal: a party sees the entries that are its own or everybody's, an auditor all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf

from samverka.core.acting import Actor
from samverka.journal import personal
from samverka.journal.chain import last
from samverka.journal.models import Checkpoint, Entry, EntryParty, Seal
from samverka.journal.verifier import EXPORT

BLOCK = 2000


def entries_for(actor: Actor) -> QuerySet[Entry]:
    """The entries that the actor sees.

    ``shown_action`` and ``shown_subject`` are what the actor is told: of a person's care neither what was done nor to
    whom, unless the actor works with cases. ``seq`` is the place in the chain, none yet where it waits; ``party_name``
    the party's name now; ``person`` the name of who did it, for the person's own party and nobody else; ``first_body``
    the first entry about the same thing among those that the actor sees; ``own`` whether the thing's own pages are the
    actor's.
    """
    # the parties' app is above this one, so it is asked by name
    names = apps.get_model("parties", "PartyName").objects.filter(party__code=OuterRef("party")).order_by("-since")
    users = get_user_model().objects.filter(public_id=OuterRef("user"))
    called = users.filter(memberships__party__code=actor.party).order_by("-memberships__id")
    person = Coalesce(
        NullIf(Subquery(called.values("memberships__name")[:1]), Value("")), Subquery(users.values("username")[:1])
    )
    about = Entry.objects.filter(_seen_by(actor, "pk"), subject=OuterRef("subject")).order_by("id")
    own = Q(pk__isnull=False) if actor.is_auditor else Q(party__in=(actor.party, ""))
    return Entry.objects.filter(_seen_by(actor, "pk")).annotate(
        shown_action=personal.shown_action(actor),
        shown_subject=personal.shown_subject(actor),
        seq=F("seal__seq"),
        first_body=Subquery(about.values("body")[:1]),
        own=Case(When(own, then=Value(value=True)), default=Value(value=False)),
        party_name=Coalesce(Subquery(names.values("name")[:1]), F("party")),
        person=Case(When(Q(party=actor.party) & ~Q(user="") & ~Q(party=""), then=person), default=Value("")),
    )


def checkpoints_for(_: Actor) -> QuerySet[Checkpoint]:
    """Every checkpoint: they are for all parties."""
    return Checkpoint.objects.all()


def told(entry: Entry) -> dict[str, Any]:
    """What an entry says to the reader."""
    return _shown(entry, entry.body)


def told_first(entry: Entry) -> dict[str, Any]:
    """What the first entry about the same thing says."""
    return _shown(entry, entry.first_body)  # type: ignore[attr-defined]  # annotated above


def _shown(entry: Entry, body: str) -> dict[str, Any]:
    """A body as the reader is told it: of a person's care only who did something, and when."""
    found: dict[str, Any] = json.loads(body)
    action: str = entry.shown_action  # type: ignore[attr-defined]  # annotated above
    if entry.action == action:
        return found
    told = {name: found[name] for name in ("at", "party", "user", "role", "parties")}
    nothing: dict[str, Any] = {"subject": "", "request": "", "why": "", "clauses": [], "before": None, "after": None}
    return {**told, "action": action, **nothing}


def export_for(actor: Actor) -> Iterator[str]:
    """The sealed journal as lines of JSON, in the chain's order: what the actor sees in full, of others the leaf.

    Whoever has it can compute the whole chain, and sees nothing that is not theirs: a leaf is salted.
    """
    count = last().seq
    yield _line({"format": EXPORT, "origin": settings.JOURNAL_NAME, "party": actor.party, "count": count})
    for start in range(0, count, BLOCK):
        block = Seal.objects.filter(seq__gt=start, seq__lte=min(start + BLOCK, count)).order_by("seq")
        told = _seen_by(actor, "entry_id")
        if personal.hidden_from(actor):
            told &= ~personal.about_a_person("entry__")
        seen = Case(When(told, then=F("entry__body")), default=None)
        for seq, leaf, body in block.values_list("seq", "entry__leaf", seen):
            line = {"n": seq, "leaf": bytes(leaf).hex()}
            yield _line(line if body is None else {**line, "body": body})


def _line(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")) + "\n"


def _seen_by(actor: Actor, entry: str) -> Q:
    """Whether the actor sees an entry; ``entry`` is the field that names it."""
    if actor.is_auditor:
        return Q(pk__isnull=False)
    return Q(Exists(EntryParty.objects.filter(entry=OuterRef(entry), party__in=(actor.party, "*"))))
