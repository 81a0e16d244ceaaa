"""Two at once: one affiliation is registered, the other is told, by the services and by the database alone."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from samverka.care import services_affiliation as services
from samverka.care.models.affiliation import Affiliated, Affiliation, YearlyNumber
from samverka.core.errors import Refused
from samverka.journal.models import Entry
from tests.samverka.care import affiliations as made
from tests.samverka.care import cases
from tests.samverka.care.test_case_races import together
from tests.samverka.platform import AT, county

pytestmark = pytest.mark.django_db(transaction=True)
REGION = "REGION"


def test_two_overlapping_affiliations_at_once_are_one() -> None:
    """The second waits for the first and sees its days; one entry in the journal."""
    county()
    who = made.person("2025-03-01", "2025-04-10")
    first, second = cases.registrar(REGION), cases.registrar(REGION, 2)
    became = together(
        lambda: services.affiliate_again(first, who, first=date(2025, 6, 1), last=date(2025, 6, 30), at=AT),
        lambda: services.affiliate_again(second, who, first=date(2025, 6, 30), last=date(2025, 7, 9), at=AT),
    )
    assert sorted(one == "done" for one in became) == [False, True]
    assert any("redan ansluten från 2025-06" in one for one in became)
    assert Affiliation.in_register.filter(person=who).count() == 2
    assert Entry.objects.filter(action="care.register_affiliation", subject=who.public_id).count() == 2


def test_the_database_alone_lets_one_of_two_through() -> None:
    """Past the services, each in its own transaction: on PostgreSQL the second waits at the person's row."""
    county()
    who = made.person("2025-03-01", "2025-04-10")

    def insert(first: date) -> None:
        try:
            with transaction.atomic():
                Affiliation.in_register.create(person=who, first=first, last=date(2025, 7, 9), changed_at=AT)
        except IntegrityError as clash:
            raise Refused(str(clash)) from None

    became = together(lambda: insert(date(2025, 6, 1)), lambda: insert(date(2025, 6, 30)))
    assert sorted(one == "done" for one in became) == [False, True]
    assert any("affiliation_overlap_new" in one for one in became)
    assert Affiliation.in_register.filter(person=who).count() == 2


def test_two_days_of_one_affiliation_at_once_are_one() -> None:
    """Both read the same revision."""
    county()
    found = made.only(made.person("2025-03-01", "-"))
    first, second = cases.registrar(REGION), cases.registrar(REGION, 2)
    became = together(
        lambda: services.change_days(
            first, found, first=found.first, last=date(2025, 4, 1), at=AT, revision=0
        ),
        lambda: services.withdraw_affiliation(second, found, at=AT, revision=0),
    )  # fmt: skip
    assert sorted(one == "done" for one in became) == [False, True]
    assert any("har ändrats sedan du läste den" in one or "är återkallad" in one for one in became)


def test_a_case_is_taken_up_in_the_register_once() -> None:
    """Two registrars take up the same case's person at the same time."""
    county()
    number = cases.draft(REGION, {}).number
    first, second = cases.registrar(REGION), cases.registrar(REGION, 2)
    became = together(*(
        lambda who=who: services.register_person(who, first=date(2025, 6, 1), case_number=number, at=AT)
        for who in (first, second)
    ))  # fmt: skip
    assert sorted(one == "done" for one in became) == [False, True]
    assert any("finns redan i registret" in one for one in became)
    assert Affiliated.in_register.count() == 1


def test_two_numbers_of_a_year_attested_at_once_are_one() -> None:
    """The index lets one through; the other is told in words."""
    county()
    numbers = [
        services.enter_number(cases.registrar(REGION), year=2025, number=n, source="påhittat", at=AT)
        for n in (170, 171)
    ]
    first, second = cases.approver(REGION), cases.approver(REGION, 2)
    became = together(
        lambda: services.attest_number(first, numbers[0], at=AT),
        lambda: services.attest_number(second, numbers[1], at=AT),
    )
    assert sorted(one == "done" for one in became) == [False, True]
    assert any("redan ett intygat antal för 2025" in one for one in became)
    assert YearlyNumber.objects.filter(state="attested").count() == 1
    connection.close()
