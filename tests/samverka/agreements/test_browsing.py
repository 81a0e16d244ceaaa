"""Where a reading is asked: in trees that can be searched, and by what is computed as a whole."""

from __future__ import annotations

from typing import Any

import pytest

from avtal.book.charge import TableCharge
from samverka.agreements.browsing import rules_on
from samverka.agreements.county import AS_A_WHOLE, CHARGES, MUNICIPALITIES, base

EIGHTHS = dict.fromkeys(MUNICIPALITIES, "12.5")
FACTOR = {"weight": "25", "shares": EIGHTHS}
FACTORS = {
    "elderly": {**FACTOR, "weight": "50"}, "accessibility": FACTOR, "socioeconomics": FACTOR,
}  # fmt: skip
#: A case of each, of the years whose prices are printed.
CASES: dict[str, dict[str, Any]] = {
    "equipment_fixed": {"half_year": "2025H2", "counts": dict.fromkeys(MUNICIPALITIES, "8")},
    "supplement": {"affiliated": "171", "level": "2024", "factors": FACTORS},
    "supplement_valuation": {
        "posts": "3", "monthly_wage": "47000", "payroll_percent": "47.18", "readiness_factor": "1.5",
    },
    "normal_range": {"counts": {str(year): str(140 + year % 7) for year in range(2022, 2028)}},
    "development_fund": {"amount": "100", "shares": EIGHTHS},
    "national_share": {"amount": "100", "populations": {"REGION": "1", "X": "2"}},
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, charge in CHARGES.items() if isinstance(charge, TableCharge)])
def test_what_is_computed_as_a_whole_asks_the_readings_that_it_is_said_to(name: str) -> None:
    """The explanation of a case names them, beside those of the prices that it rests on; one left out would be told."""
    asked = set(CHARGES[name].price(CASES[name], base()).explanation.readings())
    assert asked == set(AS_A_WHOLE[name])


def test_every_charge_that_a_reading_changes_is_told() -> None:
    """A03 is the supplement's alone, A17 stands in a tree, A13 is asked by two; A45 is about no amount."""
    found = {id_: [name for name, _ in rules_on(base(), id_)] for id_ in ("A03", "A17", "A13", "A45")}
    assert found == {
        "A03": ["supplement"], "A17": ["equipment_variable"], "A13": ["supplement", "normal_range"], "A45": [],
    }  # fmt: skip
