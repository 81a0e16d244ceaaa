"""The demonstration's accounts: one for each role and party, all made up."""

from __future__ import annotations

from functools import cache

from samverka.core.acting import Actor, Role
from samverka.parties.models import Membership

PASSWORD = "samverka-demo-2026"  # noqa: S105  # printed by the demonstration, and only there


@cache
def acting(party: str, role: Role) -> Actor:
    """The first person with a role in a party."""
    found = Membership.objects.filter(party__code=party, role=role).select_related("user").order_by("id")[0]
    return Actor(found.user, party, role)
