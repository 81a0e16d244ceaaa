"""The second implementation on its own: the figures that must come out, so that two wrongs cannot agree."""

from __future__ import annotations

import random
import statistics
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.oracle import prices

COUNTS = {
    "BERG": 50, "BRACKE": 60, "HARJEDALEN": 96, "KROKOM": 90, "RAGUNDA": 41, "STROMSUND": 152, "ARE": 53,
    "OSTERSUND": 381,
}  # fmt: skip
HIRE = {"from": "BERG", "to": "REGION", "date": "2025-03-05", "profession": "nurse", "principal_level": "primary"}


def test_the_oracle_gives_the_valuation_and_the_supplement() -> None:
    """3 735 428.40; 129 to 169 unadjusted, 170 and 120 persons adjusted from the edge."""
    case = {"posts": 3, "monthly_wage": 47_000, "payroll_percent": "47.18", "readiness_factor": "1.5"}
    assert prices.supplement_valuation(case) == {"amount": "3735428.40", "literal_reading": "6225714.00"}
    amounts = [prices.supplement({"affiliated": n, "level": 2024})["amount"] for n in (129, 169, 170, 120)]
    assert amounts == ["3735428.00", "3735428.00", "3761368.00", "3501968.00"]


def test_the_oracle_indexes_no_year_before_2026() -> None:
    """2025 is at the 2024 level with or without an index; 2026 has both steps."""
    lpik = {"2025": "3.1", "2026": "2.8"}
    steps = [prices.supplement({"affiliated": 149, "year": year, "lpik": lpik})["index"] for year in (2024, 2025, 2026)]
    assert steps == ["1", "1", "1.059868"]
    assert prices.supplement({"affiliated": 149, "year": 2025})["amount"] == "3735428.00"
    with pytest.raises(LookupError, match="no index step for price year 2025"):
        prices.supplement({"affiliated": 149, "year": 2026, "lpik": {"2026": "2.8"}})


def test_the_oracle_gives_the_fixed_part_and_its_table() -> None:
    """126 112.90 kr and the document's percentages."""
    found = prices.equipment_fixed({"half_year": "2025H2", "counts": COUNTS})
    assert (found["total"], found["hours"]) == ("126112.90", "112.30")
    assert list(found["percent"].values()) == ["5.4", "6.5", "10.4", "9.8", "4.4", "16.5", "5.7", "41.3"]
    assert sum(map(Decimal, found["shares"].values())) == Decimal("126112.90")


def test_the_oracle_walks_the_clock() -> None:
    """A night is an hour shorter in spring and an hour longer in autumn; boundaries split a stretch."""
    night = {**HIRE, "start": "22:00", "end": "08:30"}
    spring, autumn = ({**night, "date": on} for on in ("2026-03-28", "2026-10-24"))
    assert prices.day_and_evening(*prices.stretch(spring)) == (30, 540)
    assert prices.day_and_evening(*prices.stretch(autumn)) == (30, 660)
    crossing = prices.hired_staff({**HIRE, "start": "16:30", "end": "18:00"})
    assert (crossing["billable_minutes"], crossing["amount"]) == (30, "640.00")


def test_the_oracle_never_guesses_an_index() -> None:
    """A missing step is an error."""
    with pytest.raises(LookupError, match="no index step for price year 2026"):
        prices.hired_staff({**HIRE, "date": "2026-03-05", "start": "09:00", "end": "10:00"})
    with pytest.raises(LookupError, match="no rate for 2024"):
        prices.hired_staff({**HIRE, "date": "2024-03-05", "start": "09:00", "end": "10:00"})


def test_the_oracles_range_agrees_with_the_statistics_module() -> None:
    """Two sample deviations either side of the mean, within rounding, on three hundred random samples."""
    chance = random.Random(1)
    for _ in range(300):
        six = [chance.randint(100, 220) for _ in range(6)]
        mean, deviation = statistics.mean(map(Fraction, six)), statistics.stdev(six)
        low, high = prices.normal_range(six)
        assert abs(low - (float(mean) - 2 * deviation)) <= 0.5 + 1e-9
        assert abs(high - (float(mean) + 2 * deviation)) <= 0.5 + 1e-9
    assert prices.normal_range([144, 144, 144, 144, 144, 147]) == (142, 147)


def test_the_oracle_gives_notice_and_renewal() -> None:
    """2026-12-31, then 2028-01-01 to 2029-12-31."""
    assert prices.notice(date(2027, 12, 31)) == (date(2026, 12, 31), (date(2028, 1, 1), date(2029, 12, 31)))


def test_the_oracle_refuses_floats_and_empty_weights() -> None:
    """A float is not what was written; weights that sum to zero share nothing."""
    with pytest.raises(TypeError, match="not an exact number"):
        prices.exact(1.5)
    with pytest.raises(ValueError, match="more than zero"):
        prices.split(100, {"a": 0})
