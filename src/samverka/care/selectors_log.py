"""Reading the access log: what the person may know of a case, and the sample checks of the party's own lines.

HSLF-FS 2016:40, 4 kap. 9 § and 10 §: each party answers for its own lines. Looking here is in the log too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from avtal.calendar import add_months
from samverka.care import log
from samverka.care.log import Access
from samverka.care.models.case import Case
from samverka.care.models.log import AccessEntry, Check, Judgement, Sampled, Verdict
from samverka.care.selectors import case_for
from samverka.core.acting import Actor
from samverka.core.waiting import Waiting
from samverka.parties.models import Membership

#: How often a sample is looked through. The regulation says regularly; a quarter is our own suggestion.
CHECK_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """That a unit had a case before it on a day, how many times, first and last: what the person is told."""

    on: date
    unit: str
    count: int
    first: datetime
    last: datetime

    @property
    def times(self) -> str:
        """At what time, or between which two."""
        first, last = (f"{timezone.localtime(at):%H:%M}" for at in (self.first, self.last))
        return first if first == last else f"{first} till {last}"


def by_day(lines: Iterable[tuple[str, datetime]]) -> list[Seen]:
    """Lines, unit and time, the first first, as a day and a unit each."""
    found: dict[tuple[date, str], list[datetime]] = {}
    for unit, at in lines:
        found.setdefault((timezone.localtime(at).date(), unit), []).append(at)
    return [Seen(on, unit, len(times), times[0], times[-1]) for (on, unit), times in found.items()]


def extract_for(actor: Actor, public_id: str, *, access: Access) -> tuple[Case, list[Seen]]:
    """A case, and the own party's lines about it by day and unit, that it was taken out among them.

    Raises:
        Http404: There is no such case, or it is somebody else's.
    """
    with transaction.atomic():
        case = case_for(actor, public_id, access=access)
        rows = AccessEntry.objects.filter(case=case, party=actor.party).order_by("at", "id")
        return case, by_day(rows.values_list("unit", "at"))


def checks_for(actor: Actor) -> QuerySet[Check]:
    """The checks of the actor's own party, for who may make them."""
    if not (actor.party and actor.may("administer")):
        return Check.objects.none()
    return Check.objects.filter(party=actor.party)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line that was drawn, whose it is by the party's own name for the person, and what was found of it so far."""

    sampled: Sampled
    entry: AccessEntry
    person: str
    verdicts: list[Verdict]

    @property
    def judgement(self) -> Judgement | None:
        """What counts: the last that was found."""
        return Judgement(self.verdicts[-1].judgement) if self.verdicts else None


def check_for(actor: Actor, public_id: str, *, access: Access) -> tuple[Check, list[Drawn]]:
    """A check with its lines, once its cases are in the log.

    Raises:
        Http404: There is none, or it is another party's.
    """
    with transaction.atomic():
        check = get_object_or_404(checks_for(actor), public_id=public_id)
        rows = (
            check.sampled.select_related("entry", "entry__case", "entry__affiliated")
            .prefetch_related("verdicts")
            .order_by("id")
        )
        found = list(rows)
        log.write(actor, access, *log.subjects_of((one.entry.case_id, one.entry.affiliated_id) for one in found))
        people = _people(actor.party, {one.entry.user for one in found})
    return check, [
        Drawn(one, one.entry, people.get(one.entry.user, "okänd"), sorted(one.verdicts.all(), key=lambda v: v.pk))
        for one in found
    ]


def counted(drawn: list[Drawn]) -> Mapping[str, int]:
    """How many lines of each judgement."""
    return {str(one.value): sum(line.judgement == one for line in drawn) for one in Judgement}


def check_is_due(actor: Actor, on: date) -> bool:
    """Whether the party's log has lines, and nobody has looked through a sample for a quarter."""
    if not (actor.party and actor.may("administer")):
        return False
    last = checks_for(actor).exclude(finished_at=None).order_by("-finished_at").first()
    if last and last.finished_at and add_months(timezone.localtime(last.finished_at).date(), CHECK_MONTHS) > on:
        return False
    return AccessEntry.objects.filter(party=actor.party).exclude(user=actor.user.public_id).exists()


def waiting_for(actor: Actor, on: date) -> list[Waiting]:
    """That a sample of the log is to be looked through, or that one is not finished."""
    open_ = checks_for(actor).filter(finished_at=None).order_by("drawn_at").first()
    if open_:
        address = reverse("care:check", args=[open_.public_id])
        return [Waiting("En stickprovskontroll av åtkomstloggen är inte avslutad", 1, address)]
    if check_is_due(actor, on):
        return [Waiting("Åtkomstloggen ska kontrolleras med ett stickprov", 1, reverse("care:checks"))]
    return []


def lines_between(party: str, since: date, until: date) -> QuerySet[AccessEntry]:
    """A party's lines of some days, the first and the last among them."""
    return AccessEntry.objects.filter(party=party, at__date__gte=since, at__date__lte=until)


def _people(party: str, users: set[str]) -> dict[str, str]:
    """What the party calls its people."""
    rows = Membership.objects.filter(party__code=party, user__public_id__in=users).order_by("id")
    return {user: name or email for user, name, email in rows.values_list("user__public_id", "name", "user__email")}
