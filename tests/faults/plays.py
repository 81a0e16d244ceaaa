"""What is struck: each play is done again by whoever was interrupted, and says what must hold before and after."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from samverka.assignments import services as assignments
from samverka.assignments.models import HiredStaff, State
from samverka.core.acting import Role
from samverka.journal.models import Entry, EntryParty
from tests.faults.ground import Said, attested, hired, hospital, job, liaison, registered
from tests.samverka.platform import AT, actor, county

#: What is settled in the second half of 2025, amounts by hand.
WORK: tuple[Said, ...] = (
    hired("REGION", "BERG", "2025-07-03", 80, 2),
    hired("REGION", "BERG", "2025-07-04", 60, 1),
    hired("REGION", "ARE", "2025-08-05", 61, 2),
    job("BERG", "2025-09-12", "2.25", 252_675),
    job("KROKOM", "2025-10-01", "1", 112_300),
    hired("BERG", "REGION", "2025-09-03", 45, 1),
    liaison("BERG", "2025-09-10", 55, 1),
    hospital("BERG", "2025-11-11", "2418.75", 241_875),
)


def attested_work() -> None:
    """The county, its people, and the work attested."""
    county()
    for said in WORK:
        attested(said, example=False)


class Play(ABC):
    """One thing that is done to the database, and done again after a fault."""

    name: ClassVar[str]
    stage: ClassVar[str]

    @abstractmethod
    def run(self) -> None:
        """Do what is left to do: what a person does who looks again, or a worker that finds its job."""

    @abstractmethod
    def begun(self) -> bool:
        """Whether anything of it is kept."""

    @abstractmethod
    def faults(self, *, done: bool) -> list[str]:
        """What does not hold: at any moment, and when it is done."""

    @abstractmethod
    def digest(self) -> str:
        """What was made, the same however it came about."""


class Registering(Play):
    """Registering and attesting a piece of work."""

    name = "register"
    stage = "attested"
    said = hired("REGION", "KROKOM", "2025-12-01", 30, 1)
    event = "SLAG-1"

    def run(self) -> None:
        """Register it unless it is there, attest it unless it is."""
        work = HiredStaff.objects.filter(event_id=self.event).first() or registered(self.said, event_id=self.event)
        if work.state == State.REGISTERED:
            assignments.attest(actor("KROKOM", Role.APPROVER), work, at=AT)  # type: ignore[type-var]  # a HiredStaff

    def begun(self) -> bool:
        """Whether it is registered."""
        return HiredStaff.objects.filter(event_id=self.event).exists()

    def faults(self, *, done: bool) -> list[str]:
        """Each change has its one entry, each entry its two parties."""
        work = HiredStaff.objects.filter(event_id=self.event)
        want = {
            "assignments.register": len(work),
            "assignments.attest": sum(one.state == State.ATTESTED for one in work),
        }
        found = [
            f"{count} entries of {action}, not {want[action]}"
            for action in want
            if (count := entries(action, [one.public_id for one in work])) != want[action]
        ]
        orphans = Entry.objects.exclude(pk__in=EntryParty.objects.values("entry")).count()
        found += [f"{orphans} entries that no party sees"] if orphans else []
        return found + ([] if not done or want["assignments.attest"] == 1 else ["not attested once"])

    def digest(self) -> str:
        """The work's state and facts."""
        return json.dumps(
            list(HiredStaff.objects.order_by("event_id").values_list("event_id", "state", "work_minutes"))
        )


def entries(action: str, subjects: Iterable[str] | None = None) -> int:
    """How many entries the journal has of something."""
    found = Entry.objects.filter(action=action)
    return found.count() if subjects is None else found.filter(subject__in=list(subjects)).count()
