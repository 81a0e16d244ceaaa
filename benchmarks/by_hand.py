"""Hired staff as somebody writes it who writes for speed alone: in DuckDB's SQL, and as a loop in Python.

Both give what the rules give for events whose facts are stated (affiliation to the palliative team may be unknown), for
prices and hours of 2025 and readings at their defaults: clock changes, stretches by the clock, all outcomes. Neither
says where an amount comes from, asks for a missing fact, knows another year or another reading.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from avtal.bulk import Total

#: Outcomes are numbers until the last step, the next day's hours only where a stretch gets that far, narrow types.
SQL = """
SELECT payer, payee, month, CASE outcome WHEN 0 THEN 'not_chargeable' WHEN 1 THEN 'manual' WHEN 2 THEN 'charged'
    ELSE 'free' END, example, events, hours, minutes, hours * 64000
FROM (
    SELECT payer, payee, month, outcome, example, count(*) AS events,
        sum(CASE WHEN outcome = 2 THEN (by_day + 59) // 60 ELSE 0 END) AS hours, sum(counted) AS minutes
    FROM (
        SELECT payer, payee, month, example, counted, by_day, CASE
            WHEN palliative_team THEN 0::UTINYINT
            WHEN counted > by_day AND (principal_level <> 'primary' OR profession <> 'nurse'
                OR payer <> 'REGION' OR payee = 'REGION') THEN 1::UTINYINT
            WHEN by_day > 0 THEN 2::UTINYINT
            WHEN counted > by_day THEN 3::UTINYINT
            ELSE 0::UTINYINT END AS outcome
        FROM (
            SELECT *, greatest(least(start + counted, 1020 + today) - greatest(start, 480 + today), 0)
                + CASE WHEN start + counted > 1920 + later
                    THEN greatest(least(start + counted, 2460 + later) - greatest(start, 1920 + later), 0)
                    ELSE 0 END AS by_day
            FROM (
                SELECT "to" AS payer, "from" AS payee, month, example, start, profession, principal_level,
                    palliative_team, shift_today AS today, shift_today + shift_tomorrow AS later,
                    CASE WHEN by_clock THEN stretch_minutes ELSE work_minutes + admin_minutes + report_minutes
                        + CASE WHEN travel_combined THEN 0 ELSE travel_minutes END END AS counted
                FROM {table})))
    GROUP BY ALL)"""

COLUMNS = (
    "month", "example", "from", "to", "start", "by_clock", "stretch_minutes", "work_minutes", "admin_minutes",
    "report_minutes", "travel_minutes", "travel_combined", "profession", "principal_level", "palliative_team",
    "shift_today", "shift_tomorrow",
)  # fmt: skip


def totals_by_sql(rows: Iterable[tuple[Any, ...]]) -> list[Total]:
    """The statement's rows as totals, in order."""
    return sorted(Total(*row) for row in rows)


def totals_by_loop(events: Iterable[tuple[Any, ...]]) -> list[Total]:
    """One pass over tuples of ``COLUMNS``."""
    sums: dict[tuple[str, str, int, str, bool], list[int]] = {}
    for (
        month, example, payee, payer, start, by_clock, stretch, work, admin, report, travel, combined,
        profession, level, palliative, today, tomorrow,
    ) in events:  # fmt: skip
        counted = stretch if by_clock else work + admin + report + (0 if combined else travel)
        end = start + counted
        opens, closes = 480 + today, 1020 + today
        by_day = (end if end < closes else closes) - (start if start > opens else opens)  # noqa: FURB136  # a call costs more
        if by_day < 0:  # noqa: PLR1730  # a call costs more
            by_day = 0
        opens += 1440 + tomorrow
        if end > opens:
            closes += 1440 + tomorrow
            by_day += (end if end < closes else closes) - (start if start > opens else opens)  # noqa: FURB136
        hours = 0
        if palliative:
            status = "not_chargeable"
        elif counted > by_day and (
            level != "primary" or profession != "nurse" or payer != "REGION" or payee == "REGION"
        ):
            status = "manual"
        elif by_day > 0:
            status, hours = "charged", (by_day + 59) // 60
        else:
            status = "free" if counted > by_day else "not_chargeable"
        key = payer, payee, month, status, example
        found = sums.get(key)
        if found is None:
            sums[key] = [1, hours, counted]
        else:
            found[0] += 1
            found[1] += hours
            found[2] += counted
    return sorted(Total(*key, events, hours, minutes, hours * 64000) for key, (events, hours, minutes) in sums.items())
