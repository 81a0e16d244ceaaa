"""Clock changes, the turn of a year, leap day, an index that comes late and is revised: from registering to invoice.

Every amount is computed by hand, at 640 kronor for each started hour by day in 2025 (OB-UPP-D4).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from samverka.agreements.services import propose_value, rule_on
from samverka.assignments import services as assignments
from samverka.assignments.models import HiredStaff, Work
from samverka.core.acting import Role
from samverka.settlement import services
from samverka.settlement.models import Invoice, Proposal, ProposalLine, ProposedEvent
from tests.samverka.platform import AT, ON, actor

pytestmark = pytest.mark.django_db
HOUR = 64_000


def shift(day: str, start: str, end: str, at: datetime = AT) -> Work:
    """A nurse of Berg's who worked for the region from one clock time to another, attested."""
    stated = {"from": "BERG", "to": "REGION", "date": day, "start": start, "end": end, "profession": "nurse",
              "principal_level": "primary", "palliative_team": False}  # fmt: skip
    made = assignments.register(
        actor("BERG", Role.REGISTRAR), charge="hired_staff", stated=stated, source="påhittat exempel", at=at
    )
    return assignments.attest(actor("REGION", Role.APPROVER), made, at=at)


def proposed(period: str, *, corrections: bool = False, at: datetime = AT) -> Proposal:
    """Berg's proposal for a period, computed."""
    made = services.start_proposal(actor("BERG", Role.REGISTRAR), period=period, corrections=corrections, at=at)
    return Proposal.objects.get(pk=made.pk)


def issued(proposal: Proposal, *, on: date = ON, at: datetime = AT) -> list[Invoice]:
    """It approved and issued."""
    by = actor("BERG", Role.APPROVER)
    services.decide(by, proposal, approved=True, reason="", at=at)
    return services.issue(by, Proposal.objects.get(pk=proposal.pk), on=on, at=at)


def index(year: int, percent: str, status: str, published: str, at: datetime, replaces: Any = None) -> Any:
    """A value of VPI, entered by one person and approved by another; made up, and marked so."""
    entered = propose_value(
        actor("REGION", Role.REGISTRAR), kind="index", document="påhittat exempel", example=True, at=at,
        document_date=date.fromisoformat(published), replaces=replaces,
        payload={"series": "VPI", "index_year": str(year), "percent": percent, "status": status,
                 "published": published},
    )  # fmt: skip
    rule_on(actor("REGION", Role.APPROVER), entered, approved=True, reason="", at=at)
    return entered


@pytest.mark.parametrize(("day", "end", "minutes", "by_day", "period"), [
    # the night of 26 October has 25 hours: 22:00 to 09:30 is 12 h 30 min, of which 90 min by day
    ("2025-10-25", "09:30", 750, 2, "2025-10"),
    # the night of 30 March has 23 hours: 22:00 to 08:30 is 9 h 30 min, of which 30 min by day
    ("2025-03-29", "08:30", 570, 1, "2025-03"),
    # an ordinary night, to compare with
    ("2025-10-18", "09:30", 690, 2, "2025-10"),
])  # fmt: skip
def test_a_night_shift_over_a_clock_change(
    day: str, end: str, minutes: int, by_day: int, period: str, jamtland: None
) -> None:
    """Minutes are those that passed; the hours by day are those of the local clock."""
    work = shift(day, "22:00", end)
    [invoice] = issued(proposed(period))
    assert HiredStaff.objects.get(pk=work.pk).stretch_minutes == minutes
    assert ProposedEvent.objects.get(event=work.pk).minutes == minutes
    assert invoice.total == by_day * HOUR


def test_a_time_that_the_clock_skips_is_refused(jamtland: None) -> None:
    """At 02:30 on 30 March 2025 there was no time: nobody can have begun to work then."""
    with pytest.raises(assignments.BadWork) as refused:
        shift("2025-03-30", "02:30", "09:00")
    assert list(refused.value.faults) == ["start"]


def test_a_shift_over_new_year_belongs_to_the_year_it_began(jamtland: None) -> None:
    """From 16:30 on New Year's Eve to 08:20: 50 minutes by day are one started hour at the price of 2025."""
    shift("2025-12-31", "16:30", "08:20")
    [invoice] = issued(proposed("2025-12"))
    assert invoice.total == HOUR
    assert [line.month for line in invoice.lines.all()] == [202512]
    # numbers are those of the year in which it is issued
    assert (invoice.year, invoice.number) == (2026, 1)


def test_numbers_begin_anew_with_the_year_of_issue(jamtland: None) -> None:
    """What is issued on New Year's Eve and the day after has number 1 in each of two years."""
    shift("2025-11-03", "10:00", "11:00")
    shift("2025-12-03", "10:00", "11:00")
    first, second = proposed("2025-11"), proposed("2025-12")
    [old] = issued(first, on=date(2026, 12, 31))
    [new] = issued(second, on=date(2027, 1, 1))
    assert [(one.year, one.number) for one in (old, new)] == [(2026, 1), (2027, 1)]


def test_an_index_comes_late_and_is_revised(jamtland: None) -> None:
    """Without the index of 2025 nothing of 2026 is charged; a revised one is a correction line, never a new invoice.

    640 kronor and 2.5 per cent are 656 kronor; two started hours 1 312. At 5 per cent 672, so that 32 kronor are due.
    """
    shift("2026-01-14", "10:00", "12:00")
    late = proposed("2026-01")
    assert late.state == "failed"
    assert "VPI" in late.message
    assert "2025" in late.message
    assert ProposalLine.objects.count() == ProposedEvent.objects.count() == 0
    preliminary = index(2025, "2.5", "preliminary", "2026-06-15", AT)
    [invoice] = issued(proposed("2026-01"))
    assert invoice.total == 2 * 65_600
    before = (invoice.digest, invoice.total, list(invoice.lines.values_list("amount", flat=True)))
    later = datetime(2026, 9, 1, 8, tzinfo=UTC)
    index(2025, "5", "definitive", "2026-08-20", later, preliminary)
    correction = proposed("2026-01", corrections=True, at=later)
    [line] = correction.lines.all()
    assert (line.kind, line.amount) == ("correction", 2 * (67_200 - 65_600))
    [second] = issued(correction, on=date(2026, 9, 2), at=later)
    assert (second.total, second.number) == (3_200, 2)
    unchanged = Invoice.objects.get(pk=invoice.pk)
    assert (unchanged.digest, unchanged.total, list(unchanged.lines.values_list("amount", flat=True))) == before
    assert sum(Invoice.objects.values_list("total", flat=True)) == 2 * 67_200


def test_leap_day_is_a_day_of_february(jamtland: None) -> None:
    """Work on 29 February 2028 is priced with three years' indices: 640 and 0, 0 and 5 per cent are 672 kronor."""
    at = datetime(2028, 3, 5, 8, tzinfo=UTC)
    for year, percent in ((2025, "0"), (2026, "0"), (2027, "5")):
        index(year, percent, "definitive", f"{year + 1}-02-20", at)
    shift("2028-02-29", "10:00", "11:00", at)
    [invoice] = issued(proposed("2028-02", at=at), on=date(2028, 3, 6), at=at)
    assert invoice.total == 67_200
    with pytest.raises(assignments.BadWork):
        shift("2027-02-29", "10:00", "11:00", at)


def test_the_tests_see_a_clock_that_knows_no_change(jamtland: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests above catch their broken twin: a night taken to be as long as its clock times say."""
    from avtal import calendar

    monkeypatch.setattr(calendar, "elapsed_minutes", lambda _on, begins, ends: (
        (ends.hour * 60 + ends.minute - begins.hour * 60 - begins.minute) % 1440
    ))  # fmt: skip
    work = shift("2025-10-25", "22:00", "09:30")
    assert HiredStaff.objects.get(pk=work.pk).stretch_minutes == 690
