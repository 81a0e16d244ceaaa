"""Reading parties, roles and people, scoped to who acts."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from samverka.core.acting import Actor, Role
from samverka.parties.models import Membership, User


def memberships_of(user: User, *, on: date) -> QuerySet[Membership]:
    """The user's memberships in force on a day, the party's order first."""
    in_force = Q(since__lte=on) & (Q(until=None) | Q(until__gte=on))
    return Membership.objects.filter(in_force, user=user).select_related("party").order_by("party__position", "id")


def actor_of(user: User, *, on: date, chosen: str = "") -> Actor | None:
    """The actor that the user has chosen to be, else the first; None where no membership is in force."""
    found = list(memberships_of(user, on=on))
    if not found:
        return None
    membership = next((one for one in found if one.public_id == chosen), found[0])
    return Actor(user, membership.party.code if membership.party else "", Role(membership.role))
