"""Reading work, scoped: a party sees what it performed and what it pays for, an auditor everything."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Q, QuerySet

from samverka.assignments.models import Batch, Work
from samverka.core.acting import Actor

W = TypeVar("W", bound=Work)


def work_for(actor: Actor, model: type[W]) -> QuerySet[W]:
    """The work of one kind that an actor sees."""
    every: QuerySet[W] = model._default_manager.all()
    if actor.is_auditor:
        return every
    return every.filter(Q(performer=actor.party) | Q(payer_party=actor.party)) if actor.party else every.none()


def batches_for(actor: Actor) -> QuerySet[Batch]:
    """The files that an actor's party has read in; what is staged in them is nobody else's."""
    return Batch.objects.filter(party=actor.party) if actor.party else Batch.objects.none()
