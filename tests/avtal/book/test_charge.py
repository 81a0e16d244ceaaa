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
from avtal.book.readings import Choice
from avtal.editions.jamtland_2026 import charge, edition

VPI_2025 = IndexValue("VPI", 2025, Decimal("3.2"), "published", date(2025, 12, 15), "påhittat i ett prov")


def alternatives(name: str, **stated: Any) -> dict[str, dict[str, Any]]:
    """What every other option would have given for one case."""
    return charge(name).alternatives(stated, edition(), charge(name).price(stated, edition()))


def test_a03_the_alternatives_of_a_case_are_the_amounts_of_the_other_options() -> None:
    """Only readings that mattered and have another option that can be computed."""
    assert alternatives("supplement", affiliated=170, level=2024) == {
        "A03": {"mean": "4280168.00", "base": "4409868.00", "once": "3761368.00"},
        "A11": {"newly_affiliated": None},
    }


def test_a11_what_another_count_of_persons_gives_is_not_known_from_the_number() -> None:
    """The number is stated as it was counted; by the other option it would be another one, and nobody has stated it."""
    assert alternatives("supplement", affiliated=149, level=2024) == {"A11": {"newly_affiliated": None}}


def test_an_alternative_is_manual_or_the_shares_where_that_is_what_it_gives() -> None:
    """People decide under another A20; another A16 moves kronor between municipalities, not the sum."""
    case = {
        "from": "BERG", "to": "ARE", "date": "2025-07-01", "start": "09:00", "end": "10:00", "profession": "nurse",
        "principal_level": "primary",
    }  # fmt: skip
    assert alternatives("hired_staff", **case) == {"A20": {"region_municipality": "manual"}}
    assert alternatives("equipment_fixed", half_year="2025H2", counts={"BERG": 100, "ARE": 300}) == {
        "A16": {"base_equally": {"BERG": "22460.00", "ARE": "44920.00"}}
    }
    shared = alternatives("supplement", affiliated=170, level=2024, factors={"BERG": 75, "ARE": 25})
    assert shared["A03"]["mean"] == {"BERG": "3210126.00", "ARE": "1070042.00"}


@pytest.mark.parametrize(
    ("name", "stated", "question"),
    [
        ("equipment_fixed", {}, "half_year"),
        ("equipment_fixed", {"half_year": "2025H2"}, "counts"),
        ("supplement", {}, "affiliated"),
        ("supplement", {"affiliated": 149}, "year"),
        ("supplement_valuation", {"posts": 3}, "monthly_wage"),
        ("normal_range", {}, "counts"),
        ("development_fund", {}, "amount"),
        ("national_share", {}, "amount"),
    ],
)
def test_the_first_missing_fact_of_a_sum_is_the_next_question(name: str, stated: dict[str, Any], question: str) -> None:
    """No amount, and what to ask for first."""
    found = charge(name).price(stated, edition())
    assert (found.fields["amount"], found.missing[0], found.next_question) == (None, question, question)


def test_a_choice_without_a_day_is_noted_without_one() -> None:
    """The alternatives' own choices were decided by nobody on no day."""
    book = edition().choosing(Choice("A03", "mean", "alternativ", date.min, "alternativ"))
    assert book.reading("A03").note == "vald av alternativ"


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
