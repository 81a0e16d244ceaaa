"""Periods, notice, renewal, working days and the local clock: DESIGN 3, clauses P-GIL-1 to P-GIL-3, reading A33.

Local time (Europe/Stockholm) decides the period; durations are subtracted in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY_MINUTES = 24 * 60

_PERIOD = re.compile(r"(?P<year>2[0-9]{3})(?:H(?P<half>[12])|-(?P<month>0[1-9]|1[0-2]))?", re.ASCII)


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A year, a half-year or a month: first and last day, both included."""

    first: date
    last: date
    name: str

    @classmethod
    def parse(cls, text: str) -> Period:
        """``2025H2``, ``2026-03`` or ``2026``.

        Raises:
            ValueError: The text is anything else, or a year before 2000 or after 2999.
        """
        match = _PERIOD.fullmatch(text)
        if not match:
            raise ValueError("ett halvår som 2025H2, en månad som 2026-03 eller ett år som 2026")
        year = int(match["year"])
        if match["half"]:
            start, months = (1, 6) if match["half"] == "1" else (7, 6)
        elif match["month"]:
            start, months = int(match["month"]), 1
        else:
            start, months = 1, 12
        first = date(year, start, 1)
        return cls(first, add_months(first, months) - timedelta(days=1), text)

    def __contains__(self, day: date) -> bool:
        """Whether ``day`` is in the period."""
        return self.first <= day <= self.last

    def months(self) -> Iterator[str]:
        """The months of the period, as ``2025-07``."""
        day = self.first
        while day <= self.last:
            yield f"{day:%Y-%m}"
            day = add_months(day, 1)


def add_months(day: date, months: int) -> date:
    """The same day of the month ``months`` later, or that month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    following = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day.day, (following - first).days) - 1)


def last_day_of_notice(valid_to: date, months: int) -> date:
    """The last day on which notice ends the agreement: ``months`` before it runs out (P-GIL-2, A33)."""
    end = add_months(valid_to + timedelta(days=1), -months)
    return end - timedelta(days=1)


def renewal(valid_to: date, years: int) -> tuple[date, date]:
    """The next term, first and last day, when nobody gave notice: ``years`` more (P-GIL-3)."""
    first = valid_to + timedelta(days=1)
    return first, add_months(first, 12 * years) - timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Whether ``day`` is neither Saturday, Sunday nor a public holiday in Sweden."""
    return day.weekday() < 5 and day not in _swedish_holidays(day.year)


def next_working_day(day: date) -> date:
    """``day`` itself if it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _swedish_holidays(year: int) -> frozenset[date]:
    from holidays.countries.sweden import SE  # here: importing avtal loads no third-party module

    return frozenset(SE(years=year, include_sundays=False))


def elapsed_minutes(day: date, start: time, end: time) -> int:
    """Minutes from ``start`` to ``end`` by the clock on the wall, subtracted in UTC.

    An ``end`` that is not after ``start`` is on the next day. An hour that occurs twice means its first time.

    Raises:
        ValueError: A time is skipped that night, when the clock is put forward.
    """
    last = day if end > start else day + timedelta(days=1)
    return int((_instant(last, end) - _instant(day, start)).total_seconds()) // 60


def clock_shifts(day: date, start: time) -> tuple[int, int]:
    """Minutes that the day's and the next day's clock change add to a stretch that begins at ``start``.

    Counted as elapsed time: +60 when the clock is put back, -60 when it is put forward, 0 on other days, and 0 for
    a change that lies before ``start``.

    Raises:
        ValueError: ``start`` is skipped that night, when the clock is put forward.
    """
    today, tomorrow = _change(day), _change(day + timedelta(days=1))
    if today:
        since_midnight = int((_instant(day, start) - _instant(day, time())).total_seconds()) // 60
        today -= since_midnight - (start.hour * 60 + start.minute)
    return today, tomorrow


@lru_cache(maxsize=4096)
def _change(day: date) -> int:
    """The minutes by which a day is longer than others: +60, -60 or 0."""
    length = _instant(day + timedelta(days=1), time()) - _instant(day, time())
    return int(length.total_seconds()) // 60 - DAY_MINUTES


def _instant(day: date, clock: time) -> datetime:
    instant = datetime.combine(day, clock, STOCKHOLM).astimezone(UTC)
    if instant.astimezone(STOCKHOLM).time() != clock:
        raise ValueError(f"{clock:%H:%M} finns inte {day}: klockan ställs fram")
    return instant
