"""Writing the access log: one line for each case that somebody is shown, in the transaction that reads it.

HSLF-FS 2016:40, 4 kap. 9 §: action, unit, time, user, patient. No line, no case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
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


#: What leaves one line also where it shows nobody's case: a search that finds none, and counting.
ALONE = (Action.SEARCH, Action.COUNT, Action.WHAT_IF)
#: Somebody in the register of affiliations by primary key, and the person's case where there is one.
Person = tuple[int, int | None]


def write(actor: Actor, access: Access, cases: Collection[int], affiliated: Collection[Person] = ()) -> None:
    """One line for each case and each affiliated person, by primary key; a search that finds none and counting too.

    Raises:
        NoTransaction: Not in a transaction, so that the case could be shown without its line.
    """
    if not connection.in_atomic_block:
        raise NoTransaction(access.action)
    lines: list[tuple[int | None, int | None]] = [(case, None) for case in dict.fromkeys(cases)]
    lines += [(case, person) for person, case in dict.fromkeys(affiliated)]
    if not lines and access.action in ALONE:
        lines = [(None, None)]
    if not lines:
        return
    unit = unit_of(actor, access.at.astimezone(STOCKHOLM).date())
    AccessEntry.objects.bulk_create(
        AccessEntry(
            at=access.at, party=actor.party, unit=unit, user=actor.user.public_id, role=actor.role,
            action=access.action, case_id=case, affiliated_id=person, reason=access.reason or "",
            request=request_id.current(),
        )
        for case, person in lines
    )  # fmt: skip


def subjects_of(lines: Iterable[tuple[int | None, int | None]]) -> tuple[list[int], list[Person]]:
    """Whom lines are about, case and affiliated person, as ``write`` takes them."""
    found = list(lines)
    cases = [case for case, person in found if case is not None and person is None]
    return cases, [(person, case) for case, person in found if person is not None]
