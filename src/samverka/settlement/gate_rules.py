"""What the last gate holds to be right: each charge in plain arithmetic, from stored facts and stored numbers.

It uses none of ``avtal``. Amounts are öre. OB-UPP-D4, SH-EKO-3, OB-SLU-3, MT-B1-1, MT-B1-2, TB-AVS-2, P-EKO-UM-1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import Any
from zoneinfo import ZoneInfo

from samverka.core.errors import Refused

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUR = 10_000  # equipment hours are kept in parts of 0.0001

Facts = Mapping[str, Any]
Priced = tuple[str, str, str, int, int]  # outcome, stream, payee, quantity, öre


class GateClosed(Refused):
    """Something is not as it was computed: nothing is issued."""

    def __init__(self, told: str) -> None:
        super().__init__(f"Sista kontrollen stoppade faktureringen: {told}")


class Numbers:
    """The numbers and choices that a proposal was computed with."""

    def __init__(self, used: Mapping[str, Any], charge: str) -> None:
        self.readings: Mapping[str, str] = used["readings"]
        self.region: str = used["parties"][0]
        self.values = used[charge]
        self._days: dict[tuple[str, date], int] = {}

    def on(self, name: str, day: date) -> int:
        """A number on a day, in öre or minutes."""
        key = (name, day)
        if key not in self._days:
            since = [value for first, value in self.values[name] if first <= day.isoformat()]
            if not since or since[-1] is None:
                raise GateClosed(f"{name} saknas för {day}")
            self._days[key] = int(since[-1])
        return self._days[key]


# -- time ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def instant(day: date, minute: int) -> int:
    """Minutes since 1970 in UTC of a clock time in Stockholm; an hour that occurs twice means its first time."""
    local = datetime.combine(day, time(minute // 60, minute % 60), STOCKHOLM)
    return int(local.astimezone(UTC).timestamp()) // 60


def day_and_evening(facts: Facts, numbers: Numbers) -> tuple[int, int]:
    """The minutes of a stretch between the day's hours, and the others; subtracted in UTC."""
    day, start = facts["date"], facts["start"]
    begins = instant(day, start)
    if facts["end"] is not None:
        last = day if facts["end"] > start else day + timedelta(days=1)
        length = instant(last, facts["end"]) - begins
    else:
        length = worked(facts) + (0 if facts["travel_combined"] else facts["travel_minutes"])
    within = 0
    for one in (day, day + timedelta(days=1)):
        opens = instant(one, numbers.on("day_starts", day))
        closes = instant(one, numbers.on("day_ends", day))
        within += max(min(begins + length, closes) - max(begins, opens), 0)
    return within, length - within


def worked(facts: Facts) -> int:
    """Work, administration and report."""
    return int(facts["work_minutes"] + facts["admin_minutes"] + facts["report_minutes"])


# -- work -----------------------------------------------------------------------------------------------


def hired_staff(facts: Facts, numbers: Numbers) -> Priced:
    """640 kronor at the 2025 level for each started hour by day; evenings are free or left to people."""
    performer, hirer, region = facts["from"], facts["to"], numbers.region
    day, evening = day_and_evening(facts, numbers)
    hours, status = 0, "not_chargeable"
    to_region = performer != region and hirer == region
    free = to_region and facts["profession"] == "nurse" and facts["principal_level"] == "primary"
    pays_twice = numbers.readings["A53"] == "both"
    if facts["palliative_team"] and not pays_twice:
        pass
    elif (evening and not free) or (
        region not in (performer, hirer) and numbers.readings["A20"] == "region_municipality"
    ):
        status = "manual"
    elif day:
        hours, status = -(-day // 60), "charged"
    elif evening:
        status = "free"
    rate = numbers.on("hired_staff_rate", facts["date"]) if hours else 0
    return status, hirer, performer, hours, hours * rate


LISTED = {
    "vision": {"daisy_training", "reading_writing_training", "reading_tv", "trial_fitting"},
    "hearing": {"hearing_aid_care_training", "motivate"},
}
UNITS = {"vision": "syncentralen", "hearing": "hörselvården"}


def liaison(facts: Facts, numbers: Numbers) -> Priced:
    """338 kronor at the 2025 level for each started hour of a listed, agreed action for the region's patient."""
    stream = f"{numbers.region}:{UNITS[facts['kind']]}"
    counted = worked(facts) + (facts["travel_minutes"] if facts["special_trip"] else 0)
    agreed = facts["patient_responsibility"] == numbers.region and facts["agreed"]
    hours, status = 0, "not_chargeable"
    if facts["action"] in LISTED[facts["kind"]] and agreed:
        if facts["action"] == "reading_tv":
            status = "manual"
        elif counted:
            hours, status = -(-counted // 60), "charged"
    rate = numbers.on("liaison_rate", facts["date"]) if hours else 0
    return status, stream, facts["municipality"], hours, hours * rate


def hospital_attendance(facts: Facts, numbers: Numbers) -> Priced:
    """Wages, travel and travel-time pay, at cost, where it is agreed in writing."""
    cost, status = 0, "not_chargeable"
    if facts["written_agreement"]:
        cost, status = facts["wage_cost"] + facts["travel_cost"] + facts["travel_time_pay"], "charged"
    return status, numbers.region, facts["municipality"], 1, cost


def equipment_variable(facts: Facts, numbers: Numbers) -> Priced:
    """Hours at the hourly price, travel and material, for what the municipality asked for."""
    standing = numbers.readings["A39"] == "standing_assignment"
    asked = facts["requested"] or (standing and facts["work"] in ("preventive", "corrective"))
    hours, cost, status = facts["hours"], 0, "not_chargeable"
    if asked and not (standing and facts["work"] == "advice"):
        whole = numbers.readings["A17"] == "started_hour"
        counted = -(-hours // HOUR) * HOUR if whole else hours
        work = half_up(Fraction(counted * numbers.on("equipment_rate", facts["date"]), HOUR))
        cost, status = work + facts["travel"] + facts["material"], "charged"
    return status, facts["municipality"], numbers.region, hours, cost


WORK: Mapping[str, Callable[[Facts, Numbers], Priced]] = {
    "hired_staff": hired_staff,
    "liaison": liaison,
    "hospital_attendance": hospital_attendance,
    "equipment_variable": equipment_variable,
}


# -- shared sums ------------------------------------------------------------------------------------------


def half_up(value: Fraction) -> int:
    """The nearest whole number; halves away from zero."""
    return floor(value + Fraction(1, 2)) if value >= 0 else -floor(-value + Fraction(1, 2))


def largest_remainder(units: int, weights: Mapping[str, Fraction]) -> dict[str, int]:
    """Units by exact weights: whole parts first, then one each to the largest remainders, in order."""
    whole = sum(weights.values())
    exact = {name: units * weight / whole for name, weight in weights.items()}
    parts = {name: floor(value) for name, value in exact.items()}
    left = units - sum(parts.values())
    for name in sorted(parts, key=lambda name: exact[name] - parts[name], reverse=True)[:left]:
        parts[name] += 1
    return parts


def equipment_fixed(case: Facts, numbers: Facts, used: Mapping[str, Any]) -> dict[str, int]:
    """Half of the year's base hours and minutes for each item, at the hourly price, shared by count."""
    counts = {name: Fraction(case["counts"][name]) for name in used["parties"][1:]}
    base, each = Fraction(numbers["equipment_base_hours"]), Fraction(numbers["equipment_minutes_per_item"])
    hours = (base + each * sum(counts.values()) / 60) / 2
    total = half_up(hours * int(numbers["equipment_rate"]))
    if used["readings"]["A16"] == "base_equally":
        counts = {name: base * 60 / len(counts) + each * count for name, count in counts.items()}
    return largest_remainder(total, counts)


def supplement(case: Facts, numbers: Facts, used: Mapping[str, Any]) -> dict[str, int]:
    """The supplement, moved for each person outside the normal range, shared in whole kronor by the decided model."""
    persons, low, high = int(case["affiliated"]), int(numbers["normal_range_low"]), int(numbers["normal_range_high"])
    outside = persons - low if persons < low else persons - high if persons > high else 0
    moved = {
        "edge": Fraction(outside),
        "mean": persons - Fraction(low + high, 2),
        "base": Fraction(persons - int(numbers["supplement_base_persons"])),
        "once": Fraction(1 if outside > 0 else -1),
    }[used["readings"]["A03"]]
    change = int(numbers["supplement_adjustment"]) * moved if outside else Fraction()
    kronor = half_up((int(numbers["supplement"]) + change) / 100)
    weights = _model(case["factors"], used["parties"][1:])
    return {name: part * 100 for name, part in largest_remainder(kronor, weights).items()}


def _model(factors: Mapping[str, Any], names: list[str]) -> dict[str, Fraction]:
    """One weight for each municipality: stated as such, or a sum over weighted factors."""
    if any(name in factors for name in names):
        return {name: _exact(factors[name]) for name in names if name in factors}
    found = {
        name: sum((_exact(one["weight"]) * _exact(one["shares"].get(name, 0)) for one in factors.values()), Fraction())
        for name in names
    }
    return {name: weight for name, weight in found.items() if weight}


def development_fund(case: Facts, numbers: Facts, used: Mapping[str, Any]) -> dict[str, int]:
    """Half by the region, half by the municipalities by the decided key."""
    region, *municipalities = used["parties"]
    percent, amount = int(numbers["region_percent"]), half_up(_exact(case["amount"]) * 100)
    halves = largest_remainder(amount, {region: Fraction(percent), "": Fraction(100 - percent)})
    key = {name: _exact(case["shares"][name]) for name in municipalities if name in case["shares"]}
    return {region: halves[region], **largest_remainder(halves[""], key)}


def _exact(value: Any) -> Fraction:
    return Fraction(str(value).replace(",", "."))


SHARED: Mapping[str, Callable[[Facts, Facts, Mapping[str, Any]], dict[str, int]]] = {
    "equipment_fixed": equipment_fixed,
    "supplement": supplement,
    "development_fund": development_fund,
}
