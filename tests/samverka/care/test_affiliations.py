"""The register of affiliations: days under a pseudonym, what is refused, who counts in a year. TB-AVS-1, A11."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from samverka.agreements.services import propose_value, rule_on
from samverka.care import selectors_affiliation as selectors
from samverka.care import services_affiliation as services
from samverka.care.models.affiliation import Affiliated, Affiliation, AffiliationMove, YearlyNumber
from samverka.care.models.case import Unlogged
from samverka.care.triggers_affiliation import RULES
from samverka.core import triggers
from samverka.core.acting import Actor, Role
from samverka.core.errors import Refused
from samverka.journal.append_only import unprotect
from samverka.journal.models import Entry
from tests.samverka.care import affiliations as made
from tests.samverka.care import cases
from tests.samverka.platform import AT, actor

pytestmark = pytest.mark.usefixtures("jamtland")
REGION = "REGION"


def days_of(person: Affiliated) -> list[tuple[str, str, bool]]:
    """A person's affiliations, the latest first."""
    found = selectors.affiliated_for(actor(REGION, Role.READER, 9), person.public_id, access=made.VIEW).affiliations
    return [(str(one.first), str(one.last or "-"), one.withdrawn) for one in found]


def last_entry() -> dict[str, Any]:
    """The journal's last entry as it was written."""
    found: dict[str, Any] = json.loads(Entry.objects.latest("id").body)
    return found


def test_a_person_gets_a_pseudonym_that_is_no_cases() -> None:
    """Four figures and four letters; a case's number is the other way round, and is taken over where it is given."""
    assert re.fullmatch(r"[2-9]{4}-[CDFHJKMNPRTVWX]{4}", made.person().number)
    case = cases.draft(REGION, {})
    assert made.person(case_number=case.number).number == case.number
    with pytest.raises(Refused, match=f"{case.number} finns redan i registret"):
        made.person(case_number=case.number)
    with pytest.raises(Refused, match="Ni ser inget ärende med numret CDFH-2345"):
        made.person(case_number="CDFH-2345")


def test_a_case_that_the_region_does_not_see_is_not_there() -> None:
    """Another party's draft."""
    with pytest.raises(Refused, match="Ni ser inget ärende"):
        made.person(case_number=cases.draft("BERG", {}).number)
    assert not Affiliated.in_register.exists()


def test_an_affiliation_goes_on_until_it_has_a_last_day() -> None:
    """Registered open, ended, taken up again: each step is kept with its days."""
    who = made.person("2025-03-01", "-")
    services.change_days(
        cases.registrar(REGION), made.only(who), first=date(2025, 3, 1), last=date(2025, 4, 10), at=AT, revision=0
    )
    made.again(who, "2025-04-11")
    assert days_of(who) == [("2025-04-11", "-", False), ("2025-03-01", "2025-04-10", False)]
    moves = AffiliationMove.in_register.order_by("id").values_list("step", "first", "last")
    assert list(moves) == [
        ("register", date(2025, 3, 1), None), ("change", date(2025, 3, 1), date(2025, 4, 10)),
        ("register", date(2025, 4, 11), None),
    ]  # fmt: skip


@pytest.mark.parametrize(("first", "last", "told"), [
    ("2025-04-10", "2025-05-01", "redan ansluten från 2025-03-01 till 2025-04-10"),
    ("2025-01-01", "2025-03-01", "redan ansluten från 2025-03-01 till 2025-04-10"),
    ("2025-03-05", "2025-03-06", "redan ansluten från 2025-03-01 till 2025-04-10"),
    ("2025-01-01", "-", "redan ansluten från 2025-03-01 till 2025-04-10"),
    ("2026-02-01", "-", "redan ansluten sedan 2026-02-01 och pågår"),
    ("2026-06-01", "2026-06-02", "redan ansluten sedan 2026-02-01 och pågår"),
    ("2025-05-02", "2025-05-01", "Sista dagen ska vara från den första, 2025-05-02"),
    ("2025-05-02", "2026-07-02", "till i dag, 2026-07-01"),
    ("2026-07-02", "-", "Första dagen ska vara från 2000-01-01 till i dag, 2026-07-01"),
    ("1999-12-31", "-", "Första dagen ska vara från 2000-01-01"),
])  # fmt: skip
def test_days_that_cannot_be_are_refused_in_words(first: str, last: str, told: str) -> None:
    """No day twice of one person, none to come, none before the first; and nothing is kept."""
    who = made.person()
    made.again(who, "2026-02-01")
    with pytest.raises(Refused, match=told):
        made.again(who, first, last)
    assert len(days_of(who)) == 2


def test_days_are_corrected_against_the_others_not_against_themselves() -> None:
    """The first affiliation may not grow into the second one; another person's days do not matter."""
    who = made.person()
    second = made.again(who, "2025-04-12")
    made.person("2025-04-01", "-")
    first = Affiliation.in_register.exclude(pk=second.pk).get(person=who)
    with pytest.raises(Refused, match="redan ansluten sedan 2025-04-12 och pågår"):
        services.change_days(
            cases.registrar(REGION), first, first=date(2025, 3, 1), last=date(2025, 4, 12), at=AT
        )  # fmt: skip
    services.change_days(cases.registrar(REGION), first, first=date(2025, 3, 2), last=date(2025, 4, 11), at=AT)
    assert days_of(who)[1] == ("2025-03-02", "2025-04-11", False)


def test_one_that_was_changed_since_it_was_read_is_refused() -> None:
    """Two tabs: the second must read again."""
    found = made.only(made.person("2025-03-01", "-"))
    who, days = cases.registrar(REGION), {"first": date(2025, 3, 1), "last": date(2025, 3, 9)}
    services.change_days(who, found, **days, at=AT, revision=0)
    with pytest.raises(Refused, match="har ändrats sedan du läste den"):
        services.change_days(who, found, **days, at=AT, revision=0)
    with pytest.raises(Refused, match="har ändrats sedan du läste den"):
        services.withdraw_affiliation(who, found, at=AT, revision=0)


def test_a_withdrawn_one_is_kept_not_counted_and_in_nobodys_way() -> None:
    """Registered by mistake: the right days may be registered instead."""
    who = made.person("2025-03-01", "2025-04-10")
    found = services.withdraw_affiliation(cases.registrar(REGION), made.only(who), at=AT)
    assert selectors.yearly(2025).register is None
    with pytest.raises(Refused, match="återkallad och ändras inte"):
        services.change_days(cases.registrar(REGION), found, first=date(2025, 3, 1), last=None, at=AT)
    made.again(who, "2025-03-11", "2025-04-10")
    assert days_of(who) == [("2025-03-11", "2025-04-10", False), ("2025-03-01", "2025-04-10", True)]
    assert selectors.yearly(2025).register == 1


# -- the database --------------------------------------------------------------------------------------------


def overlap() -> None:
    """A second affiliation on one of the days, past the services."""
    found = Affiliation.in_register.latest("id")
    with transaction.atomic():
        Affiliation.in_register.create(
            person=found.person, first=date(2025, 4, 10), last=date(2025, 5, 1), changed_at=AT
        )  # fmt: skip


def grow() -> None:
    """The second one changed into the first."""
    with transaction.atomic():
        Affiliation.in_register.filter(first=date(2025, 6, 1)).update(first=date(2025, 4, 10))


def without(*names: str) -> None:
    """The broken twin: the database has lost these triggers."""
    triggers.drop(connection, *(rule for rule in RULES if rule.name in names))


def test_the_database_refuses_two_affiliations_on_one_day() -> None:
    """Inserted or changed, on both databases; and both go through where the trigger is gone, the broken twin."""
    who = made.person()
    made.again(who, "2025-06-01", "2025-06-30")
    for act in (overlap, grow):
        with pytest.raises(IntegrityError, match="affiliation_overlap"):
            act()
    with transaction.atomic():
        without("affiliation_overlap_new", "affiliation_overlap")
        grow()
        overlap()
        assert Affiliation.in_register.filter(person=who).count() == 3
        transaction.set_rollback(True)


@pytest.mark.parametrize(("table", "statement", "rule"), [
    ("affiliation", "DELETE FROM care_affiliation", "affiliation_kept"),
    ("affiliated", "DELETE FROM care_affiliated", "affiliated_kept"),
    ("affiliation", "UPDATE care_affiliation SET withdrawn = NOT withdrawn", "affiliation_final"),
    ("number", "UPDATE care_yearlynumber SET number = 1", "yearly_number_frozen"),
    ("number", "UPDATE care_yearlynumber SET state = 'entered'", "yearly_number_frozen"),
    ("number", "DELETE FROM care_yearlynumber", "yearly_number_kept"),
    ("move", "UPDATE care_affiliationmove SET step = step", "append-only"),
    ("move", "DELETE FROM care_affiliationmove", "append-only"),
])  # fmt: skip
def test_what_is_in_the_register_stays(table: str, statement: str, rule: str) -> None:
    """Nothing is deleted, a withdrawn one not brought back, an attested number not changed."""
    who = made.person()
    services.withdraw_affiliation(cases.registrar(REGION), made.only(who), at=AT)
    made.attested(2025, 171)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with transaction.atomic():  # the broken twin: without its trigger it would go
        if table == "move":
            unprotect(connection, "care_affiliationmove")
        else:
            without(rule)
        if not statement.startswith("DELETE") or table in {"number", "move"}:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                assert cursor.rowcount == 1 + (table == "move")
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", [Affiliated, Affiliation, AffiliationMove])
def test_the_name_that_everybody_reaches_for_reads_nothing(model: Any) -> None:
    """``objects`` refuses: there is one door."""
    with pytest.raises(Unlogged, match="selectors_affiliation"):
        model.objects.all()


# -- who ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [
    ("BERG", Role.READER), ("BERG", Role.REGISTRAR), ("BERG", Role.APPROVER), ("REGION", Role.ADMINISTRATOR),
    ("BERG", Role.ADMINISTRATOR), ("", Role.AUDITOR), ("FUND", Role.REGISTRAR),
])  # fmt: skip
def test_nobody_but_the_region_reads_the_register(who: tuple[str, Role]) -> None:
    """404 by every door: a municipality, the fund, an auditor, and who gives out the region's roles."""
    found, number = made.only(made.person()), made.attested(2025, 171)
    asker = actor(*who)
    doors = (
        lambda: selectors.affiliations_for(asker, access=made.VIEW),
        lambda: selectors.page_of_affiliations_for(asker, lambda rows: rows, access=made.VIEW),  # type: ignore[type-var]  # never shown
        lambda: selectors.affiliated_for(asker, found.person.public_id, access=made.VIEW),
        lambda: selectors.affiliation_for(asker, found.public_id, access=made.VIEW),
        lambda: selectors.extract_for(asker, found.person.public_id, access=made.VIEW),
        lambda: selectors.years_for(asker, AT.date()),
        lambda: selectors.numbers_for(asker).get(pk=number.pk),
    )
    lines = made.last_line()
    for door in doors:
        with pytest.raises(Http404):
            door()
    assert made.logged(lines) == []
    assert selectors.waiting_for(asker, AT.date()) == []


@pytest.mark.parametrize("who", [("BERG", Role.REGISTRAR), ("BERG", Role.APPROVER), ("REGION", Role.READER)])
def test_nobody_but_the_regions_registrars_and_approvers_write(who: tuple[str, Role]) -> None:
    """Every service refuses, and leaves no entry."""
    found, number = made.only(made.person()), made.attested(2025, 171)
    asker, entries = actor(*who), Entry.objects.count()
    day = date(2025, 6, 1)
    for act in (
        lambda: services.register_person(asker, first=day, at=AT),
        lambda: services.affiliate_again(asker, found.person, first=day, at=AT),
        lambda: services.change_days(asker, found, first=day, last=None, at=AT),
        lambda: services.withdraw_affiliation(asker, found, at=AT),
        lambda: services.enter_number(asker, year=2025, number=1, source="x", at=AT),
        lambda: services.attest_number(asker, number, at=AT),
        lambda: services.withdraw_number(asker, number, reason="x", at=AT),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert Entry.objects.count() == entries


def test_each_write_makes_one_entry_that_tells_neither_days_nor_pseudonym() -> None:
    """An auditor reads the whole journal: it says that something was done, by the random id of the page."""
    who, entries = made.person("2025-03-14", "-"), Entry.objects.count()
    registrar, found = cases.registrar(REGION), made.only(who)
    acts = (
        lambda: services.change_days(registrar, found, first=date(2025, 3, 14), last=date(2025, 3, 15), at=AT),
        lambda: made.again(who, "2025-05-16"),
        lambda: services.withdraw_affiliation(registrar, found, at=AT),
    )
    told = ["care.register_affiliation"]
    for act in acts:
        act()
        told.append(last_entry()["action"])
    assert Entry.objects.count() == entries + 3
    assert told == [
        "care.register_affiliation", "care.change_affiliation", "care.register_affiliation",
        "care.withdraw_affiliation",
    ]  # fmt: skip
    says = last_entry()
    assert (says["subject"], says["parties"], says["clauses"], says["after"]) == (
        who.public_id, [REGION], ["TB-AVS-1"], None,
    )  # fmt: skip
    every = " ".join(Entry.objects.values_list("body", flat=True))
    assert [text for text in (who.number, "2025-03-1", "2025-05-16") if text in every] == []


# -- how many ------------------------------------------------------------------------------------------------------


def read_newly() -> None:
    """The parties choose that only newly affiliated persons count."""
    payload = {"reading": "A11", "option": "newly_affiliated", "decided_by": "särskilda utredare",
               "decided": "2026-01-08"}  # fmt: skip
    value = propose_value(
        actor(REGION, Role.REGISTRAR), kind="reading", payload=payload, document="påhittat", at=AT,
        document_date=date(2026, 1, 8), example=False,
    )  # fmt: skip
    rule_on(actor("BERG", Role.APPROVER), value, approved=True, reason="", at=AT)


def test_a_years_number_is_counted_by_the_reading_in_force() -> None:
    """Three persons in 2025, one of them carried over: 3 by any day, 2 once the parties have chosen otherwise."""
    made.person("2024-11-02", "2025-01-05")
    made.person("2025-02-01", "2025-02-28")
    twice = made.person("2025-03-01", "2025-03-31")
    made.again(twice, "2025-12-31")
    made.person("2026-01-01", "-")
    found = selectors.yearly(2025)
    assert (found.by_option, found.register, found.since) == (
        {"any_day": 3, "newly_affiliated": 2}, 3, date(2024, 11, 2),
    )  # fmt: skip
    read_newly()
    assert [selectors.yearly(year).register for year in (2023, 2024, 2025, 2026)] == [None, 1, 2, 1]


def test_an_affiliation_taken_up_on_new_years_day_is_not_anew() -> None:
    """The year before is read too: ended on 31 December and on again the day after."""
    who = made.person("2024-12-01", "2024-12-31")
    made.again(who, "2025-01-01")
    assert selectors.yearly(2025).by_option == {"any_day": 1, "newly_affiliated": 0}


def test_where_register_and_document_differ_both_are_told() -> None:
    """The register first; nothing is chosen."""
    attested = made.attested(2025, 171)
    assert (selectors.yearly(2025).numbers, selectors.yearly(2025).differs) == ((171,), False)
    made.person()
    found = selectors.yearly(2025)
    assert (found.numbers, found.differs, found.attested) == ((1, 171), True, attested)
    services.withdraw_number(cases.registrar(REGION), attested, reason="omräknat", at=AT)
    made.attested(2025, 1)
    assert (selectors.yearly(2025).numbers, selectors.yearly(2025).differs) == ((1,), False)


def test_years_are_listed_from_the_first_affiliation_to_today() -> None:
    """And those that only a document tells of."""
    made.person("2024-06-01", "2024-06-30")
    made.attested(2022, 150)
    found = selectors.years_for(actor(REGION, Role.READER), AT.date())
    assert [(one.year, one.numbers) for one in found] == [(2026, ()), (2025, ()), (2024, (1,)), (2022, (150,))]


# -- by a document -----------------------------------------------------------------------------------------------------


def test_nobody_attests_an_own_number() -> None:
    """Two people stand behind it; then it counts."""
    registrar = cases.registrar(REGION)
    number = services.enter_number(registrar, year=2025, number=171, source="påhittat", at=AT)
    assert selectors.yearly(2025).numbers == ()
    with pytest.raises(Refused, match="En annan person ska intyga det"):
        services.attest_number(Actor(registrar.user, REGION, Role.APPROVER), number, at=AT)
    [waits] = selectors.waiting_for(cases.approver(REGION), AT.date())
    assert (waits.text, waits.count) == ("1 årsantal anslutna personer att intyga", 1)
    services.attest_number(cases.approver(REGION), number, at=AT)
    assert selectors.yearly(2025).numbers == (171,)
    assert [one.count for one in selectors.waiting_for(cases.approver(REGION), AT.date())] == [0]
    with pytest.raises(Refused, match="är intygat"):
        services.attest_number(cases.approver(REGION), number, at=AT)
    says = last_entry()
    assert (says["action"], says["after"]["attested_number"]) == ("care.attest_number", 171)


def test_the_database_refuses_a_number_attested_by_who_entered_it() -> None:
    """Past the services too."""
    registrar = cases.registrar(REGION)
    number = services.enter_number(registrar, year=2025, number=171, source="påhittat", at=AT)
    with pytest.raises(IntegrityError, match="yearly_number_attested_by_another"), transaction.atomic():
        YearlyNumber.objects.filter(pk=number.pk).update(
            state="attested", attested_by=registrar.user, attested_at=AT
        )  # fmt: skip


def test_one_number_is_attested_for_a_year() -> None:
    """The second is refused until the first is withdrawn, with a reason."""
    first = made.attested(2025, 171)
    second = services.enter_number(cases.registrar(REGION), year=2025, number=170, source="omräkning", at=AT)
    with pytest.raises(Refused, match="redan ett intygat antal för 2025"):
        services.attest_number(cases.approver(REGION), second, at=AT)
    with pytest.raises(Refused, match="Skriv varför"):
        services.withdraw_number(cases.approver(REGION), first, reason=" ", at=AT)
    services.withdraw_number(cases.approver(REGION), first, reason="omräknat", at=AT)
    services.attest_number(cases.approver(REGION), second, at=AT)
    assert selectors.yearly(2025).numbers == (170,)


@pytest.mark.parametrize(("more", "told"), [
    ({"year": 2026}, "året ska vara slut"), ({"year": 1999}, "tidigast 2000"), ({"number": -1}, "heltal från 0"),
    ({"number": 100_001}, "till 100000"), ({"source": " "}, "Ange dokumentet"),
    ({"source": "se 191212121212"}, "kan innehålla ett personnummer"),
])  # fmt: skip
def test_a_number_that_cannot_be_is_refused_in_words(more: dict[str, Any], told: str) -> None:
    """Only a year that is over, by a document, and nothing about a person."""
    with pytest.raises(Refused, match=told):
        services.enter_number(
            cases.registrar(REGION), **{"year": 2025, "number": 171, "source": "påhittat", "at": AT, **more}
        )  # fmt: skip
    assert not YearlyNumber.objects.exists()
