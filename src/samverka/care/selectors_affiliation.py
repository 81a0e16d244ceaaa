"""Reading the register of affiliations: the one door. Who comes through it is in the access log before anything shows.

The region's alone; administrators and auditors see none of it. A year's number is only counted: it shows nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from avtal.book.edition import Edition
from avtal.explain import Step
from samverka.agreements.county import affiliated as counting
from samverka.agreements.county import base
from samverka.agreements.selectors import book_now
from samverka.care import log
from samverka.care.log import Access, Person
from samverka.care.models.affiliation import Affiliated, Affiliation, AffiliationMove, NumberState, YearlyNumber
from samverka.care.models.log import AccessEntry
from samverka.care.selectors import P
from samverka.care.selectors_log import Seen, by_day
from samverka.core.acting import Actor
from samverka.core.waiting import Waiting


def keeps_register(actor: Actor) -> bool:
    """Whether the actor's party has the register, and its role works with persons."""
    return actor.party == base().parties[0] and actor.may("care")


def require_register(actor: Actor) -> None:
    """Let those through who have the register.

    Raises:
        Http404: For everybody else there is none.
    """
    if not keeps_register(actor):
        raise Http404("anslutningar")


def page_of_affiliations_for(
    actor: Actor, show: Callable[[QuerySet[Affiliation]], P], *, access: Access, **asked: str
) -> P:  # fmt: skip
    """A page of the affiliations that are asked for, once each person on it is in the log."""
    with transaction.atomic():
        page = show(_asked_for(_scoped(actor), **asked))
        log.write(actor, access, [], [_person(row.person) for row in page.rows])
    return page


def affiliations_for(actor: Actor, *, access: Access, **asked: str) -> list[Affiliation]:
    """Every affiliation that is asked for, as a file has them, once each person is in the log."""
    with transaction.atomic():
        found = list(_asked_for(_scoped(actor), **asked).order_by("-first", "public_id"))
        log.write(actor, access, [], [_person(row.person) for row in found])
    return found


@dataclass(frozen=True, slots=True)
class Registered:
    """A person of the register with every affiliation, the latest first, and what has been done with each."""

    person: Affiliated
    affiliations: list[Affiliation]
    moves: list[AffiliationMove]


def affiliated_for(actor: Actor, public_id: str, *, access: Access) -> Registered:
    """One person of the register, once that is in the log.

    Raises:
        Http404: There is none, or the register is another party's.
    """
    require_register(actor)
    with transaction.atomic():
        person: Affiliated = get_object_or_404(Affiliated.in_register.all(), public_id=public_id)
        log.write(actor, access, [], [_person(person)])
        rows = Affiliation.in_register.filter(person=person).select_related("person").order_by("-first", "-id")
        moves = AffiliationMove.in_register.filter(affiliation__person=person).order_by("-id")
        return Registered(person, list(rows), list(moves))


def affiliation_for(actor: Actor, public_id: str, *, access: Access) -> Affiliation:
    """One affiliation, once its person is in the log.

    Raises:
        Http404: There is none, or the register is another party's.
    """
    require_register(actor)
    with transaction.atomic():
        rows = Affiliation.in_register.select_related("person")
        found: Affiliation = get_object_or_404(rows, public_id=public_id)
        log.write(actor, access, [], [_person(found.person)])
    return found


def extract_for(actor: Actor, public_id: str, *, access: Access) -> tuple[Affiliated, list[Seen]]:
    """A person of the register, and when which unit had the person's affiliations before it, the first first.

    Raises:
        Http404: There is none, or the register is another party's.
    """
    with transaction.atomic():
        person = affiliated_for(actor, public_id, access=access).person
        rows = AccessEntry.objects.filter(affiliated=person, party=actor.party).order_by("at", "id")
        return person, by_day(rows.values_list("unit", "at"))


def _person(person: Affiliated) -> Person:
    return person.pk, person.case_id


def _scoped(actor: Actor) -> QuerySet[Affiliation]:
    """The register's affiliations, for whoever has it."""
    require_register(actor)
    return Affiliation.in_register.select_related("person")


def _asked_for(rows: QuerySet[Affiliation], *, number: str = "", year: str = "", state: str = "") -> QuerySet[Any]:
    """Those of a person, with a day in a year, going on, ended, or withdrawn; withdrawn ones only when asked for."""
    if number:
        rows = rows.filter(person__number=number)
    if year:
        rows = rows.filter(_in_year(int(year)))
    if state == "withdrawn":
        return rows.filter(withdrawn=True)
    rows = rows.filter(withdrawn=False)
    return rows.filter(last=None) if state == "open" else rows.exclude(last=None) if state == "ended" else rows


def _in_year(year: int) -> Q:
    """That a day of the affiliation is in a year."""
    return Q(first__lte=date(year, 12, 31)) & (Q(last=None) | Q(last__gte=date(year, 1, 1)))


# -- how many: no person is shown, so that no line is written ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Yearly:
    """How many were affiliated in a year, from the register and from a document of the region's.

    Attributes:
        year: The year.
        by_option: The register's number by each option of A11; None where it has no day of the year.
        option: The option in force.
        attested: The number that the region has attested.
        since: The first day that the register has, in any year.
        register_example: Whether any of what was counted is made up.
    """

    year: int
    by_option: Mapping[str, int] | None
    option: str
    attested: YearlyNumber | None
    since: date | None
    register_example: bool = False

    @property
    def register(self) -> int | None:
        """The register's number as it is read today."""
        return None if self.by_option is None else self.by_option[self.option]

    @property
    def differs(self) -> bool:
        """Whether both are there and say different numbers."""
        return self.register is not None and self.attested is not None and self.register != self.attested.number

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers that the supplement may take: the register's first."""
        found = (self.register, self.attested.number if self.attested else None)
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def example(self, number: int) -> bool:
        """Whether a number rests on something made up."""
        return self.register_example if number == self.register else bool(self.attested and self.attested.example)

    def explained(self, number: int, edition: Edition) -> Step:
        """How a number came about: counted from the register, else attested; with the other one where it differs."""
        if number == self.register:
            beside = Step("attested_number", self.attested.number, "fact") if self.attested and self.differs else None
            return counting.told(number, self.year, edition, beside=(beside,) if beside else ())
        assert self.attested is not None
        assert number == self.attested.number
        other = (Step("register_number", self.register, "fact"),) if self.differs else ()
        return counting.told(number, self.year, edition, source=self.attested.source, beside=other)


def yearly(year: int, edition: Edition | None = None) -> Yearly:
    """How many were affiliated in a year: TB-AVS-1, A11."""
    edition = edition or book_now().edition
    attested = YearlyNumber.objects.filter(year=year, state=NumberState.ATTESTED).first()
    rows = Affiliation.in_register.filter(withdrawn=False)
    since = rows.order_by("first").values_list("first", flat=True).first()
    # who was affiliated the year before is asked too: by A11 it may matter whether an affiliation was taken up anew
    near = rows.filter(_in_year(year) | _in_year(year - 1)).values_list("person_id", "first", "last", "person__example")
    found = list(near)
    first, last = date(year, 1, 1), date(year, 12, 31)
    touching = [row for row in found if row[1] <= last and (row[2] is None or row[2] >= first)]
    counted = counting.counted(_read(found), year) if touching else None
    example = any(row[3] for row in touching)
    return Yearly(year, counted, edition.option(counting.READING), attested, since, example)


def _read(rows: Iterable[tuple[Any, ...]]) -> list[counting.Affiliation]:
    return [counting.Affiliation(person, first, last) for person, first, last, _ in rows]


def years_for(actor: Actor, today: date) -> list[Yearly]:
    """Each year that the register or an attested number says something of, the latest first."""
    require_register(actor)
    first = Affiliation.in_register.filter(withdrawn=False).order_by("first").values_list("first", flat=True).first()
    years = set(YearlyNumber.objects.exclude(state=NumberState.WITHDRAWN).values_list("year", flat=True))
    years |= set(range(first.year, today.year + 1)) if first else set()
    edition = book_now().edition
    return [yearly(year, edition) for year in sorted(years, reverse=True)]


def numbers_for(actor: Actor) -> QuerySet[YearlyNumber]:
    """The yearly numbers that were entered, for whoever has the register."""
    require_register(actor)
    return YearlyNumber.objects.all()


def waiting_for(actor: Actor, on: date) -> list[Waiting]:  # noqa: ARG001  # every teller has the day
    """The yearly numbers that wait for this actor's attestation."""
    if not (keeps_register(actor) and actor.may("approve")):
        return []
    waits = numbers_for(actor).filter(state=NumberState.ENTERED).exclude(entered_by=actor.user).count()
    return [Waiting(f"{waits} årsantal anslutna personer att intyga", waits, reverse("care:yearly_numbers"))]
