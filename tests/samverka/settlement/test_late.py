"""Work that is attested after its days were settled: the start page tells of it, and its month is not settled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from samverka.assignments.models import HiredStaff
from samverka.core.acting import Role
from samverka.settlement import late as module
from samverka.settlement.calendar_done import issued_for
from samverka.settlement.late import Late, Settled, _counted, late_for, late_waiting
from tests.samverka.platform import AT, actor
from tests.samverka.settlement.county import LATER, credited, hired, issued, proposed, registrar

pytestmark = pytest.mark.usefixtures("jamtland")

AFTER = LATER + timedelta(days=1)
LATE = Late("hired_staff", 202510, "2025H2", 1)


def test_work_attested_after_its_settlement_is_told_until_it_is_proposed() -> None:
    """An hour of October is invoiced; another one comes later and waits, with a link to the same period."""
    hired()
    issued()
    berg = registrar("BERG")
    assert late_waiting(berg) == []
    hired(at=LATER)
    [told] = late_waiting(berg)
    assert (told.text, told.count, told.address) == (
        "1 händelse för 2025H2 attesterades efter avräkningen och är inte fakturerad: ta fram förslag", 1,
        "/avrakning/ny/?period=2025H2",
    )  # fmt: skip
    proposed(at=AFTER)
    assert late_for(berg) == []


def test_many_settlements_are_asked_of_in_several_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite takes so many at once: one by one the answer is the same."""
    hired()
    issued()
    hired(at=LATER)
    monkeypatch.setattr(module, "TOGETHER", 1)
    assert late_for(registrar("BERG")) == [LATE]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a small table whole, index or not")
def test_of_half_a_million_events_only_the_late_ones_are_read() -> None:
    """Each settlement's question goes by performer, month and time; the broken twin, by no month, reads it all."""
    months = {202509: Settled("2025-09", AT), 202510: Settled("2025-10", LATER)}
    plans = [rows.explain() for rows in _counted(HiredStaff, "BERG", months)]
    index = "hiredstaff_late (performer=? AND month=? AND attested_at>?)"
    assert [index in plan for plan in plans] == [True, True]
    twin = HiredStaff.objects.filter(performer="BERG", attested_at__gt=LATER).explain()
    assert index not in twin


def test_what_nobody_has_settled_is_not_late() -> None:
    """It waits for its first settlement, as all work does; and an open proposal alone settles nothing."""
    hired()
    assert late_for(registrar("BERG")) == []
    proposed()
    hired(at=LATER)
    assert late_for(registrar("BERG")) == []


def test_a_settlement_of_a_month_within_it_counts_too() -> None:
    """October by itself, a day later than the half-year: what was attested between the two is in it."""
    hired()
    issued()
    hired(at=LATER)
    hired(at=LATER, day="2025-11-04")
    issued(period="2025-10", at=AFTER)
    assert late_for(registrar("BERG")) == [Late("hired_staff", 202511, "2025H2", 1)]


def test_what_was_credited_is_told_as_that_and_not_as_late() -> None:
    """The start page says the sum that is credited; its events were on an invoice once."""
    hired()
    credited(issued()[0])
    assert late_for(registrar("BERG")) == []


def test_without_the_time_of_attestation_all_that_is_not_charged_would_be_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: an evening without pay was settled, and is called late where its time is not looked at."""
    hired(start="18:00")
    hired()
    issued()
    assert late_for(registrar("BERG")) == []
    monkeypatch.setattr(module, "_settled", lambda _: {202510: Settled("2025H2", AT - timedelta(days=1))})
    assert late_for(registrar("BERG")) == [LATE]


def test_late_work_is_the_issuers_own() -> None:
    """Its payer, another party and an auditor are told nothing; the issuer's reader may look, and does not propose."""
    hired()
    issued()
    hired(at=LATER)
    for party, role in (("REGION", Role.REGISTRAR), ("ARE", Role.REGISTRAR), ("", Role.AUDITOR)):
        assert late_for(actor(party, role)) == []
    reader = actor("BERG", Role.READER)
    assert (late_for(reader), late_waiting(reader)) == ([LATE], [])


def test_a_month_with_something_left_is_not_settled_in_the_calendar() -> None:
    """Neither one with late work nor one whose invoice is credited, though an issued settlement took both up."""
    hired()
    [invoice] = issued()
    berg = actor("BERG", Role.READER)
    october = ("hired_staff", 202510)
    assert october in issued_for(berg)
    hired(at=LATER)
    assert october not in issued_for(berg)
    [second] = issued(at=AFTER)
    assert october in issued_for(berg)
    credited(second)
    assert october not in issued_for(berg)
    assert (invoice.total, second.total) == (64_000, 64_000)


def test_it_costs_two_queries(django_assert_num_queries: object) -> None:
    """The settlements of the issuer, and all its kinds of work at once."""
    hired()
    issued()
    berg = registrar("BERG")
    with django_assert_num_queries(2):  # type: ignore[operator]  # pytest-django's fixture
        late_for(berg)
