"""Night shifts over both clock changes, the turn of the year and the leap day: minutes, month and price."""

from __future__ import annotations

from datetime import date

import pytest

from avtal.bulk import EventTable, totals
from samverka.agreements.selectors import book_now
from samverka.assignments.kinds import BY_CHARGE, stated_of
from samverka.assignments.models import HiredStaff
from samverka.assignments.pricing import DIALECTS, Total, _rows, quote, sums_of, total_of
from tests.samverka.assignments.work import EVENING, attested, registered

pytestmark = pytest.mark.usefixtures("jamtland")
KIND = BY_CHARGE["hired_staff"]

NIGHTS = [
    # date, start, end, month, minutes by the clock, shifts of the day and the next
    ("2026-03-28", "22:00", "07:00", 202603, 480, 0, -60),
    ("2026-03-29", "01:30", "06:30", 202603, 240, -60, 0),
    ("2026-10-24", "22:00", "07:00", 202610, 600, 0, 60),
    ("2026-10-25", "01:30", "06:30", 202610, 360, 60, 0),
    ("2025-12-31", "22:00", "06:00", 202512, 480, 0, 0),
    ("2028-02-29", "07:30", "09:00", 202802, 90, 0, 0),
]


@pytest.mark.parametrize(("day", "start", "end", "month", "minutes", "today", "tomorrow"), NIGHTS)
def test_ob_upp_d6_a_night_is_as_long_as_it_was(
    day: str, start: str, end: str, month: int, minutes: int, today: int, tomorrow: int
) -> None:
    """The hour that is lost or had twice is counted as it was worked; the month is that of the day it began."""
    made = registered(stated={**EVENING, "date": day, "start": start, "end": end}, on=date.fromisoformat(day))
    work = HiredStaff.objects.get(pk=made.pk)
    found = (work.month, work.stretch_minutes, work.shift_today, work.shift_tomorrow)
    assert found == (month, minutes, today, tomorrow)


def test_an_hour_that_did_not_exist_cannot_be_worked() -> None:
    """02:30 on 29 March 2026 is skipped."""
    from samverka.assignments.checks import BadWork

    with pytest.raises(BadWork) as bad:
        registered(stated={**EVENING, "date": "2026-03-29", "start": "02:30", "end": "06:00"})
    assert bad.value.faults == {"start": "02:30 finns inte 2026-03-29: klockan ställs fram"}


@pytest.mark.parametrize(
    ("stated", "status", "amount"),
    [
        (EVENING, "debiteras", 64_000),
        ({**EVENING, "start": "10:00", "end": "12:01"}, "debiteras", 192_000),
        ({**EVENING, "start": "18:00", "end": "20:00"}, "utan ersättning", 0),
        ({**EVENING, "start": "18:00", "end": "20:00", "profession": "physician"}, "avgörs av människor", None),
        ({**EVENING, "palliative_team": True}, "debiteras inte", 0),
    ],
)
def test_ob_upp_d4_the_price_is_avtals(stated: dict[str, object], status: str, amount: int | None) -> None:
    """640 kronor for each started hour by day; what people decide has no amount; what is shown is what is priced."""
    work = HiredStaff.objects.get(pk=registered(stated=stated).pk)
    found = quote(KIND, stated_of(work), book_now())
    answer = KIND.charge.price(stated, book_now().edition)
    assert (found.status, found.amount) == (status, amount)
    shown = None if found.amount is None else f"{found.amount // 100}.{found.amount % 100:02d}"
    assert answer.fields["amount"] == shown


def test_work_is_priced_where_it_lies_as_one_by_one() -> None:
    """The table's totals by avtal.bulk are the sums of the single prices: two charged, one free."""
    nights = [EVENING, {**EVENING, "start": "10:00", "end": "12:01"}, {**EVENING, "start": "18:00", "end": "20:00"}]
    ids = [attested(stated=stated).pk for stated in nights]
    edition = book_now().edition
    names = ", ".join(f'"{name}"' for name in KIND.charge.facts)
    from django.db import connection

    source = f'(SELECT id AS "line", event_id, month, example, {names} FROM assignments_hiredstaff) AS w'
    found = totals(KIND.charge, EventTable(_rows, DIALECTS[connection.vendor], source), edition)
    assert [(one.status, one.events, one.quantity, one.minutes, one.amount, one.month) for one in found] == [
        ("charged", 2, 4, 226, 256_000, 202510),
        ("free", 1, 0, 120, 0, 202510),
    ]
    assert [(one.payee, one.status, one.events, one.amount, one.unpriced) for one in sums_of(KIND, ids, edition)] == [
        ("BERG", "debiteras", 2, 256_000, 0),
        ("BERG", "utan ersättning", 1, 0, 0),
    ]
    assert total_of(KIND, ids, edition) == Total(3, 256_000, 0)


def test_a_missing_index_leaves_work_without_a_price() -> None:
    """OB-UPP-D5: the price of 2026 is not there; the work is, and is counted as not priced."""
    work = registered(stated={**EVENING, "date": "2026-10-01"}, on=date(2026, 10, 1))
    found = quote(KIND, stated_of(work), book_now())
    assert (found.absent, found.amount) == (True, None)
    assert found.lacks.startswith("Indexvärde VPI för indexår 2025, steget till prisår 2026, saknas")
    [counted] = sums_of(KIND, [work.pk], book_now().edition)
    assert (counted.events, counted.unpriced, counted.amount) == (1, 1, None)
