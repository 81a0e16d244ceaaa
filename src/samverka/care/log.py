"""Writing the access log: one line for each case that somebody is shown, in the transaction that reads it.

HSLF-FS 2016:40, 4 kap. 9 §: action, unit, time, user, patient. No line, no case.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from avtal.calendar import STOCKHOLM
from samverka.care.models.log import AccessEntry, Action, Reason
from samverka.core import request_id
from samverka.core.acting import Actor
from samverka.parties.selectors import unit_of


class NoTransaction(RuntimeError):
    """The log was to be written outside the transaction that reads the case."""


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody is about to do with cases: the action, the time, and why where it is a search."""

    action: Action
    at: datetime
    reason: Reason | None = None


def write(actor: Actor, access: Access, cases: Collection[int]) -> None:
    """One line for each case, by primary key; a search that finds none leaves a line too.

    Raises:
        NoTransaction: Not in a transaction, so that the case could be shown without its line.
    """
    if not connection.in_atomic_block:
        raise NoTransaction(access.action)
    keys: list[int | None] = list(dict.fromkeys(cases))
    if not keys and access.action == Action.SEARCH:
        keys = [None]
    if not keys:
        return
    unit = unit_of(actor, access.at.astimezone(STOCKHOLM).date())
    AccessEntry.objects.bulk_create(
        AccessEntry(
            at=access.at, party=actor.party, unit=unit, user=actor.user.public_id, role=actor.role,
            action=access.action, case_id=key, reason=access.reason or "", request=request_id.current(),
        )
        for key in keys
    )  # fmt: skip
