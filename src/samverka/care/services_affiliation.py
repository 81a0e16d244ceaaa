"""Writing the register of affiliations, and a year's number by a document: TB-AVS-1, A11. The region's alone.

Each write is in the access log and in the journal. The journal says that something was done with a person of the
register, by the random id of its page: neither the pseudonym nor a day, since an auditor reads all of it.
"""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q

from avtal.calendar import STOCKHOLM
from samverka.agreements.county import base
from samverka.care import log, selectors, services
from samverka.care.guard import short_text
from samverka.care.log import Access
from samverka.care.models.affiliation import (
    Affiliated,
    Affiliation,
    AffiliationMove,
    NumberState,
    Step,
    YearlyNumber,
)
from samverka.care.models.case import Case
from samverka.care.models.log import Action, Reason
from samverka.care.selectors_affiliation import keeps_register
from samverka.core.acting import Actor
from samverka.core.errors import Refused
from samverka.journal.services import record

#: Before this year nothing is registered: a day that lies earlier is mistyped.
EARLIEST = 2000
MOST = 100_000
THERE = "{} finns redan i registret. Lägg till en ny anslutning på den personens sida."
CHANGED = "Anslutningen har ändrats sedan du läste den. Läs den igen."


@transaction.atomic
def register_person(
    actor: Actor, *, first: date, last: date | None = None, case_number: str = "", example: bool = False, at: datetime
) -> Affiliated:
    """Take up a person in the register with a first affiliation, under a case's number or a fresh pseudonym.

    Args:
        actor: Who.
        first: The first affiliated day.
        last: The last one; none while it goes on.
        case_number: The number of a case that the region sees; empty for a fresh pseudonym.
        example: Whether it is made up.
        at: When.

    Raises:
        Refused: The days are not possible, there is no such case, or the case's person is in the register.
    """
    _must(actor, "register")
    case = _case(actor, case_number, at) if case_number else None
    if case and Affiliated.in_register.filter(case=case).exists():
        raise Refused(THERE.format(case.number))
    person = _numbered(case, example=example or bool(case and case.example), at=at)
    _affiliate(actor, person, first, last, at)
    return person


@transaction.atomic
def affiliate_again(
    actor: Actor, person: Affiliated, *, first: date, last: date | None = None, at: datetime
) -> Affiliation:  # fmt: skip
    """Affiliate a person of the register anew.

    Raises:
        Refused: The days are not possible, or share a day with another affiliation of the person's.
    """
    _must(actor, "register")
    return _affiliate(actor, _locked(person), first, last, at)


@transaction.atomic
def change_days(
    actor: Actor, affiliation: Affiliation, *, first: date, last: date | None, at: datetime, revision: int | None = None
) -> Affiliation:
    """End an affiliation, or correct its days.

    Raises:
        Refused: As for a new one, it is withdrawn, or it was changed since it was read.
    """
    _must(actor, "register")
    found = _current(affiliation, revision)
    _refuse_days(found.person, first, last, at, but=found)
    found.first, found.last = first, last
    return _kept(actor, found, Step.CHANGE, at)


@transaction.atomic
def withdraw_affiliation(
    actor: Actor, affiliation: Affiliation, *, at: datetime, revision: int | None = None
) -> Affiliation:  # fmt: skip
    """Withdraw one that was registered by mistake: it is kept, and not counted.

    Raises:
        Refused: It is withdrawn already, or was changed since it was read.
    """
    _must(actor, "register")
    found = _current(affiliation, revision)
    found.withdrawn = True
    return _kept(actor, found, Step.WITHDRAW, at)


@transaction.atomic
def enter_number(
    actor: Actor, *, year: int, number: int, source: str, example: bool = False, at: datetime
) -> YearlyNumber:  # fmt: skip
    """Enter how many were affiliated in a year by a document; it counts when another person has attested it.

    Raises:
        Refused: The year is not over, the number is not possible, or no document is named.
    """
    _must(actor, "register")
    if not EARLIEST <= year < at.astimezone(STOCKHOLM).year:
        raise Refused(f"{year} kan inte anges: året ska vara slut, och tidigast {EARLIEST}.")
    if not 0 <= number <= MOST:
        raise Refused(f"Antalet ska vara ett heltal från 0 till {MOST}.")
    kept = short_text(source, what="Källan", cites=True)
    if not kept:
        raise Refused("Ange dokumentet som antalet kommer från.")
    made = YearlyNumber.objects.create(
        year=year, number=number, source=kept, example=example, entered_by=actor.user, entered_at=at
    )
    _tell_number(actor, "care.enter_number", made, at)
    return made


@transaction.atomic
def attest_number(actor: Actor, number: YearlyNumber, *, at: datetime) -> YearlyNumber:
    """Attest what another person has entered: from now on it does not change.

    Raises:
        Refused: The same person entered it, it does not wait, or one is attested for the year already.
    """
    _must(actor, "approve")
    found = YearlyNumber.objects.select_for_update(of=("self",)).get(pk=number.pk)
    _refuse_state(found, NumberState.ENTERED)
    if found.entered_by_id == actor.user.pk:
        raise Refused("Du har själv angett antalet. En annan person ska intyga det.")
    found.state, found.attested_by, found.attested_at = NumberState.ATTESTED, actor.user, at
    try:
        with transaction.atomic():
            found.save(update_fields=["state", "attested_by", "attested_at"])
    except IntegrityError:
        raise Refused(f"Det finns redan ett intygat antal för {found.year}. Återkalla det först.") from None
    _tell_number(actor, "care.attest_number", found, at)
    return found


@transaction.atomic
def withdraw_number(actor: Actor, number: YearlyNumber, *, reason: str, at: datetime) -> YearlyNumber:
    """Withdraw a yearly number; it is kept, and no new basis rests on it.

    Raises:
        Refused: It is withdrawn already, or no reason is given.
    """
    _must(actor, "register" if actor.may("register") else "approve")
    why = short_text(reason, what="Skälet")
    if not why:
        raise Refused("Skriv varför antalet återkallas.")
    found = YearlyNumber.objects.select_for_update(of=("self",)).get(pk=number.pk)
    _refuse_state(found, NumberState.ENTERED, NumberState.ATTESTED)
    found.state = NumberState.WITHDRAWN
    found.save(update_fields=["state"])
    _tell_number(actor, "care.withdraw_number", found, at, why=why)
    return found


def _must(actor: Actor, right: str) -> None:
    actor.must(right)
    if not keeps_register(actor):
        raise PermissionDenied("Registret över anslutningar är regionens.")


def _case(actor: Actor, number: str, at: datetime) -> Case:
    access = Access(Action.SEARCH, at, Reason.CARE)
    found = selectors.cases_for(actor, access=access, on=at.astimezone(STOCKHOLM).date(), number=number)
    if len(found) != 1:
        told = "inget ärende" if not found else "flera ärenden"
        raise Refused(f"Ni ser {told} med numret {number}. Lämna fältet tomt för ett nytt nummer.")
    return found[0]


def _numbered(case: Case | None, *, example: bool, at: datetime) -> Affiliated:
    """A person of the register: under the case's number while no other has it, else under a fresh one."""
    for turn in range(services.TRIES):
        number = case.number if case and not turn else pseudonym()
        made = Affiliated(number=number, case=case, example=example, registered_at=at)
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as clash:
            if "number" not in str(clash):  # somebody else took up the same case at the same time
                raise Refused(THERE.format(case.number if case else "")) from None
        else:
            return made
    raise Refused("Det gick inte att ge personen ett nummer. Försök igen.")


def pseudonym() -> str:
    """Four figures and four letters at random, the other way round than a case's number, so that it is no case's."""
    letters, _, figures = services.case_number().partition("-")
    return f"{figures}-{letters}"


def _locked(person: Affiliated) -> Affiliated:
    """The person's row, so that two affiliations of the same person wait for each other."""
    found: Affiliated = Affiliated.in_register.select_for_update(of=("self",)).get(pk=person.pk)
    return found


def _current(affiliation: Affiliation, revision: int | None) -> Affiliation:
    """The affiliation as it is now, its person locked.

    Raises:
        Refused: It is withdrawn, or was changed since it was read.
    """
    _locked(affiliation.person)
    found: Affiliation = Affiliation.in_register.select_related("person").get(pk=affiliation.pk)
    if found.withdrawn:
        raise Refused("Anslutningen är återkallad och ändras inte.")
    if revision is not None and found.revision != revision:
        raise Refused(CHANGED)
    return found


def _affiliate(actor: Actor, person: Affiliated, first: date, last: date | None, at: datetime) -> Affiliation:
    _refuse_days(person, first, last, at)
    return _kept(actor, Affiliation(person=person, first=first, last=last, revision=-1), Step.REGISTER, at)


def _kept(actor: Actor, affiliation: Affiliation, step: Step, at: datetime) -> Affiliation:
    """The affiliation, its history, the access log's line and the journal's entry."""
    person = affiliation.person
    affiliation.changed_at, affiliation.revision = at, affiliation.revision + 1
    affiliation.save()
    AffiliationMove.in_register.create(
        affiliation=affiliation, at=at, step=step, first=affiliation.first, last=affiliation.last, role=actor.role,
        user=actor.user.public_id,
    )  # fmt: skip
    log.write(actor, Access(Action.CHANGE, at), [], [(person.pk, person.case_id)])
    action = {
        Step.REGISTER: "care.register_affiliation",
        Step.CHANGE: "care.change_affiliation",
        Step.WITHDRAW: "care.withdraw_affiliation",
    }[step]
    record(actor, action, person.public_id, at=at, parties=(actor.party,), clauses=("TB-AVS-1",))
    return affiliation


def _refuse_days(
    person: Affiliated, first: date, last: date | None, at: datetime, but: Affiliation | None = None
) -> None:  # fmt: skip
    """Refuse days that are not possible, or that another affiliation of the person's has too."""
    today = at.astimezone(STOCKHOLM).date()
    if not date(EARLIEST, 1, 1) <= first <= today:
        raise Refused(f"Första dagen ska vara från {EARLIEST}-01-01 till i dag, {today}.")
    if last is not None and not first <= last <= today:
        raise Refused(
            f"Sista dagen ska vara från den första, {first}, till i dag, {today}. Tomt betyder att den pågår."
        )
    others = Affiliation.in_register.filter(person=person, withdrawn=False).exclude(pk=but.pk if but else None)
    others = others.filter(Q(last=None) | Q(last__gte=first))
    other = (others.filter(first__lte=last) if last else others).order_by("first").first()
    if other is not None:
        days = f"från {other.first} till {other.last}" if other.last else f"sedan {other.first} och pågår"
        raise Refused(f"Personen är redan ansluten {days}. Två anslutningar kan inte ha en dag gemensam.")


def _refuse_state(number: YearlyNumber, *allowed: NumberState) -> None:
    if number.state not in allowed:
        raise Refused(f"Antalet för {number.year} är {NumberState(number.state).label}; detta kan inte göras då.")


def _tell_number(actor: Actor, action: str, number: YearlyNumber, at: datetime, why: str = "") -> None:
    assert action in {"care.enter_number", "care.attest_number", "care.withdraw_number"}
    assert actor.party == base().parties[0]
    record(
        actor, action, number.public_id, at=at, parties=(actor.party,), why=why, clauses=("TB-AVS-1",),
        after={"period": str(number.year), "attested_number": number.number, "state": str(number.state),
               "source": number.source, "example": number.example},
    )  # fmt: skip
