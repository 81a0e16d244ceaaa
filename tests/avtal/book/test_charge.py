"""A charge asked again under other readings, and its unknown keys."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from avtal.book.answer import BadFacts
from avtal.book.canonical import fingerprint
from avtal.book.indices import IndexValue
from avtal.book.missing import MissingIndex, MissingValue
from avtal.editions.jamtland_2026 import charge, edition

VPI_2025 = IndexValue("VPI", 2025, Decimal("3.2"), "published", date(2025, 12, 15), "påhittat i ett prov")


def alternatives(name: str, **stated: Any) -> dict[str, dict[str, str | None]]:
    """What every other option would have given for one case."""
    return charge(name).alternatives(stated, edition(), charge(name).price(stated, edition()))


def test_a03_the_alternatives_of_a_case_are_the_amounts_of_the_other_options() -> None:
    """Only readings that mattered and have another option that can be computed."""
    assert alternatives("supplement", affiliated=170, level=2024) == {
        "A03": {"mean": "4280168.00", "base": "4409868.00", "once": "3761368.00"}
    }
    assert alternatives("supplement", affiliated=149, level=2024) == {}


def test_a65_an_alternative_that_needs_a_missing_number_is_unknown() -> None:
    """VPI for 2026 is not entered, so that the price under same_year is None; the others are amounts."""
    case = {
        "from": "BERG", "to": "REGION", "date": "2026-03-05", "start": "09:00", "end": "10:00", "profession": "nurse",
        "principal_level": "primary",
    }  # fmt: skip
    book = edition().with_indices(VPI_2025)
    found = charge("hired_staff").alternatives(case, book, charge("hired_staff").price(case, book))
    assert found == {"A08": {"not_indexed": "640.00"}, "A64": {"ore": "660.48"}, "A65": {"same_year": None}}


def test_an_unknown_key_is_named_even_where_a_number_is_missing() -> None:
    """The misspelt key may be the very number; without one, what is missing is said."""
    with pytest.raises(BadFacts, match=r"^share: okänd nyckel; tillåtna är amount, shares$"):
        charge("development_fund").price({"amount": 1, "share": {"BERG": 100}}, edition())
    with pytest.raises(MissingValue, match=r"A51"):
        charge("development_fund").price({"amount": 1}, edition())
    with pytest.raises(MissingIndex):
        charge("supplement").price({"affiliated": 149, "year": 2026}, edition())


def test_unknown_keys_and_other_faults_are_named_together() -> None:
    """All at once, the unknown keys first."""
    with pytest.raises(BadFacts) as refused:
        charge("development_fund").price({"amount": "x", "share": 1}, edition())
    assert [fault.fact for fault in refused.value.faults] == ["share", "amount"]


def test_an_editions_fingerprint_is_that_of_its_canonical_form() -> None:
    """Computed once and kept."""
    assert edition().fingerprint == fingerprint(edition())
