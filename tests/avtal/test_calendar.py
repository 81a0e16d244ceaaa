"""Periods, notice, renewal, working days and the local clock: P-GIL-1 to P-GIL-3, OB-UPP-D4, reading A33."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avtal import calendar
from avtal.calendar import STOCKHOLM, Period

BACK, FORWARD = date(2025, 10, 26), date(2026, 3, 29)
AROUND = [change + timedelta(days=n) for change in (BACK, FORWARD) for n in (-2, -1, 0, 1)]
CLOCKS = [time(hour, minute) for hour, minute in ((0, 0), (1, 59), (2, 0), (2, 30), (2, 59), (3, 0), (8, 0), (23, 59))]


def exists(day: date, clock: time) -> bool:
    """Whether the clock on the wall shows the time on the day."""
    return not (day == FORWARD and clock.hour == 2)


def walked(day: date, start: time, end: time) -> int:
    """Minutes from start to end, counted one by one on the clock on the wall."""
    instant = first = datetime.combine(day, start, STOCKHOLM).astimezone(UTC)
    last = day if end > start else day + timedelta(days=1)
    while (instant.astimezone(STOCKHOLM).date(), instant.astimezone(STOCKHOLM).time()) != (last, end):
        instant += timedelta(minutes=1)
    return int((instant - first).total_seconds()) // 60


@pytest.mark.parametrize(
    ("text", "first", "last", "months"),
    [
        ("2025H1", date(2025, 1, 1), date(2025, 6, 30), 6),
        ("2025H2", date(2025, 7, 1), date(2025, 12, 31), 6),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), 1),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), 12),
        ("2000", date(2000, 1, 1), date(2000, 12, 31), 12),
        ("2999", date(2999, 1, 1), date(2999, 12, 31), 12),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text: str, first: date, last: date, months: int) -> None:
    """Half-years, months and years, both ends included."""
    period = Period.parse(text)
    assert (period.first, period.last, period.name) == (first, last, text)
    assert first in period
    assert last in period
    assert first - timedelta(days=1) not in period
    assert last + timedelta(days=1) not in period
    assert len(list(period.months())) == months
    assert next(period.months()) == f"{first:%Y-%m}"


@pytest.mark.parametrize(
    "text",
    ["", "25H2", "2025H3", "2025h2", "2025-13", "2025-00", "2025-1", "2025Q1", "1999", "9999", "２０２５", "2025\n"],
)
def test_a_period_is_refused_when_it_is_anything_else(text: str) -> None:
    """The message says what is allowed."""
    with pytest.raises(ValueError, match=r"^ett halvår som 2025H2, en månad som 2026-03 eller ett år som 2026$"):
        Period.parse(text)


def test_add_months_stays_in_a_shorter_month() -> None:
    """The last day stands in for a day that the month does not have."""
    assert calendar.add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert calendar.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert calendar.add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert calendar.add_months(date(2026, 1, 15), -13) == date(2024, 12, 15)


def test_p_gil_2_the_last_day_of_notice_is_included() -> None:
    """Twelve months before 2027-12-31 is 2026-12-31, and that New Year's Eve is not moved."""
    assert calendar.last_day_of_notice(date(2027, 12, 31), 12) == date(2026, 12, 31)
    assert calendar.last_day_of_notice(date(2029, 12, 31), 12) == date(2028, 12, 31)
    assert calendar.last_day_of_notice(date(2028, 2, 29), 12) == date(2027, 2, 28)


def test_p_gil_3_the_agreement_goes_on_for_two_years() -> None:
    """The next term is 2028-01-01 to 2029-12-31."""
    assert calendar.renewal(date(2027, 12, 31), 2) == (date(2028, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    "day",
    [date(2026, 1, 1), date(2026, 1, 6), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14),
     date(2025, 6, 6), date(2026, 12, 25), date(2025, 12, 26), date(2026, 6, 20), date(2026, 10, 31),
     date(2026, 3, 1), date(2026, 3, 7)],
)  # fmt: skip
def test_public_holidays_saturdays_and_sundays_are_no_working_days(day: date) -> None:
    """The days of the act on public holidays (1989:253), and both days of the weekend."""
    assert not calendar.is_working_day(day)


@pytest.mark.parametrize(
    "day", [date(2026, 6, 19), date(2026, 12, 24), date(2026, 12, 31), date(2026, 4, 2), date(2026, 10, 30)]
)
def test_midsummer_christmas_and_new_years_eve_are_working_days_by_law(day: date) -> None:
    """The act names no eve as a public holiday."""
    assert calendar.is_working_day(day)


def test_a_year_has_just_the_holidays_of_the_act() -> None:
    """Thirteen named days in 2026, Sundays aside, and 254 working days."""
    assert len(calendar._swedish_holidays(2026)) == 13
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert sum(map(calendar.is_working_day, days)) == 254


def test_the_next_working_day_passes_over_easter() -> None:
    """Good Friday leads to the Tuesday after Easter; a working day is its own."""
    assert calendar.next_working_day(date(2026, 4, 3)) == date(2026, 4, 7)
    assert calendar.next_working_day(date(2026, 4, 7)) == date(2026, 4, 7)


@pytest.mark.parametrize("day", AROUND)
def test_ob_upp_d6_minutes_are_counted_on_the_wall(day: date) -> None:
    """Elapsed time is the same as a walk minute by minute, over midnight and both clock changes."""
    for start in CLOCKS:
        for end in CLOCKS:
            last = day if end > start else day + timedelta(days=1)
            if exists(day, start) and exists(last, end):
                assert calendar.elapsed_minutes(day, start, end) == walked(day, start, end), (day, start, end)


def test_a_night_over_a_clock_change_is_an_hour_longer_or_shorter() -> None:
    """22:00 to 08:00 is 600 minutes, 660 when the clock is put back, 540 when it is put forward."""
    nights = [date(2026, 3, 1), BACK - timedelta(days=1), FORWARD - timedelta(days=1)]
    assert [calendar.elapsed_minutes(night, time(22), time(8)) for night in nights] == [600, 660, 540]


@pytest.mark.parametrize(
    ("day", "start", "shifts"),
    [
        (date(2026, 3, 1), time(12), (0, 0)),
        (BACK - timedelta(days=1), time(22), (0, 60)),
        (BACK, time(0), (60, 0)),
        (BACK, time(2, 30), (60, 0)),
        (BACK, time(3), (0, 0)),
        (FORWARD - timedelta(days=1), time(22), (0, -60)),
        (FORWARD, time(1, 59), (-60, 0)),
        (FORWARD, time(3), (0, 0)),
        (FORWARD - timedelta(days=2), time(12), (0, 0)),
    ],
)
def test_clock_shifts_are_those_that_lie_after_the_start(day: date, start: time, shifts: tuple[int, int]) -> None:
    """Plus 60 when the clock is put back, minus 60 when it is put forward, and nothing once it has happened."""
    assert calendar.clock_shifts(day, start) == shifts


@settings(deadline=None)
@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.times().map(lambda t: t.replace(second=0, microsecond=0)))
def test_clock_shifts_lead_to_the_next_mornings(day: date, start: time) -> None:
    """From any start, eight in the morning of the next day lies where the shifts say."""
    try:
        today, tomorrow = calendar.clock_shifts(day, start)
    except ValueError:
        return
    begin = datetime.combine(day, start, STOCKHOLM).astimezone(UTC)
    morning = datetime.combine(day + timedelta(days=1), time(8), STOCKHOLM).astimezone(UTC)
    naive = 24 * 60 + 8 * 60 - (start.hour * 60 + start.minute)
    assert int((morning - begin).total_seconds()) // 60 == naive + today + tomorrow


def test_an_hour_that_is_skipped_does_not_exist() -> None:
    """A start or an end between two and three on the night of the change is refused with the reason."""
    reason = r"^02:30 finns inte 2026-03-29: klockan ställs fram$"
    with pytest.raises(ValueError, match=reason):
        calendar.clock_shifts(FORWARD, time(2, 30))
    with pytest.raises(ValueError, match=reason):
        calendar.elapsed_minutes(FORWARD - timedelta(days=1), time(22), time(2, 30))
