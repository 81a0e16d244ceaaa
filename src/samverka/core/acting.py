"""Who acts: a person, for a party, in a role. Every service takes an actor, every selector is scoped to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models


class Role(models.TextChoices):
    """What a person may do for a party; an auditor belongs to none and sees the whole agreement, no persons."""

    READER = "reader", "läsare"
    REGISTRAR = "registrar", "registrerare"
    APPROVER = "approver", "beslutsfattare"
    ADMINISTRATOR = "administrator", "administratör"
    AUDITOR = "auditor", "revisor"


#: What each role may do. Reading is for all; four-eyes is a rule of the services, not of the roles. Cases about persons
#: ("care") are for those who work with them: neither for whoever gives out the roles, nor for an auditor.
MAY = {
    Role.READER: frozenset({"read", "care"}),
    Role.REGISTRAR: frozenset({"read", "care", "register", "propose"}),
    Role.APPROVER: frozenset({"read", "care", "attest", "approve", "issue"}),
    Role.ADMINISTRATOR: frozenset({"read", "administer"}),
    Role.AUDITOR: frozenset({"read"}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A user acting for a party in a role.

    Attributes:
        user: The person, a ``parties.User``.
        party: The party's code; empty for an auditor.
        role: The role acted in.
    """

    user: Any
    party: str
    role: Role

    @property
    def is_auditor(self) -> bool:
        """Whether the actor sees the whole agreement and no persons."""
        return self.role == Role.AUDITOR

    def may(self, what: str) -> bool:
        """Whether the role allows it: read, care, register, propose, attest, approve, issue or administer."""
        return what in MAY[self.role]

    def must(self, what: str) -> None:
        """Refuse what the role does not allow.

        Raises:
            PermissionDenied: With a message for the user.
        """
        if not self.may(what):
            raise PermissionDenied(f"Rollen {self.role.label} får inte göra detta.")
