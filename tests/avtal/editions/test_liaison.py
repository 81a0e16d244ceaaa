"""Liaisons for vision and hearing: SH-EKO; readings A07, A18, A21, A68, A69; held against the second implementation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avtal.book.answer import BadFacts
from avtal.book.indices import IndexValue
from avtal.book.missing import MissingIndex, NotInForce
from avtal.editions.jamtland_2026 import charge, edition
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES
from avtal.editions.jamtland_2026.vision_hearing import HEARING, RESPONSIBLE, VISION
from tests.oracle import prices

CASE: dict[str, Any] = {
    "kind": "vision", "municipality": "BERG", "patient_responsibility": "REGION", "action": "daisy_training",
    "agreed": True,
}  # fmt: skip
KINDS = ("work_minutes", "admin_minutes", "report_minutes", "travel_minutes")


def answer(**stated: Any) -> dict[str, Any]:
    """The answer for one case, as JSON values."""
    return charge("liaison").price(stated, edition()).as_dict(edition())


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["vision", "hearing"]),
            "municipality": st.sampled_from(MUNICIPALITIES),
            "patient_responsibility": st.sampled_from(["REGION", "REGION", *RESPONSIBLE]),
            "action": st.sampled_from([*VISION, *HEARING, "other"]),
            "agreed": st.booleans(),
            "special_trip": st.booleans(),
        },
        optional={
            **{kind: st.integers(0, 360) | st.sampled_from((0, 59, 60, 61)) for kind in KINDS},
            "rate": st.decimals(0, 5000, places=2).map(str),
        },
    ).filter(lambda case: any(kind in case for kind in KINDS))
)
def test_sh_eko_any_case_agrees_with_the_second_implementation(case: dict[str, Any]) -> None:
    """Whoever, whatever and however long; no time at all is charged with 0 there and not chargeable here."""
    ours, theirs = answer(**case), prices.liaison(case)
    nothing = theirs["status"] == "charged" and theirs["billable_minutes"] == 0
    same = ("amount", "rate", "invoice_to")
    assert [ours[key] for key in same] == [theirs[key] for key in same]
    assert ours["status"] == ("not_chargeable" if nothing else theirs["status"])
    assert (ours["billable_minutes"], ours["hours"]) == (theirs["billable_minutes"], theirs["hours"])
    assert set(ours["flags"]) == theirs["flags"] | ({"price_level_2025"} if "rate" not in case else set())
    assert ours["payer"] == "REGION"


@pytest.mark.parametrize("action", VISION)
def test_sh_eko_2_vision_actions_are_invoiced_to_syncentralen(action: str) -> None:
    """All four actions are listed; reading television is left to people (A21)."""
    found = answer(**CASE | {"action": action}, work_minutes=1)
    assert found["invoice_to"] == "REGION:syncentralen"
    expected = ("manual", None) if action == "reading_tv" else ("charged", "338.00")
    assert (found["status"], found["amount"]) == expected
    assert found["readings"] == (["A21"] if action == "reading_tv" else ["A18", "A21", "A68", "A69"])
    assert (found["billable_minutes"], found["hours"]) == ((None, None) if action == "reading_tv" else (1, 1))


@pytest.mark.parametrize("stated", [{"agreed": False}, {"patient_responsibility": "BERG"}])
def test_a21_the_reading_shows_also_where_it_is_why_nothing_is_paid(stated: dict[str, Any]) -> None:
    """Not agreed, or not the region's patient: the region pays when agreed, and so not here."""
    found = answer(**CASE | stated, work_minutes=60)
    assert (found["status"], found["readings"]) == ("not_chargeable", ["A21"])


def test_a69_a_stated_price_needs_no_date_and_is_good_on_any_day() -> None:
    """No printed level, no flag; before the first value the day is flagged, and an explicit null is unknown."""
    free, early = (answer(**CASE, work_minutes=60, rate=500, **day) for day in ({}, {"date": "2020-01-01"}))
    assert (free["amount"], free["flags"], free["readings"]) == ("500.00", [], ["A18", "A21", "A68"])
    assert (early["amount"], early["flags"]) == ("500.00", ["before_agreement"])
    unknown = answer(**CASE, work_minutes=60, rate=500, date=None)
    assert (unknown["amount"], unknown["missing"], unknown["next_question"]) == (None, ["date"], "date")


@pytest.mark.parametrize("action", HEARING)
def test_sh_eko_1_hearing_actions_are_invoiced_to_horselvarden(action: str) -> None:
    """Both actions are listed."""
    found = answer(**CASE | {"kind": "hearing", "action": action}, work_minutes=61)
    assert (found["invoice_to"], found["amount"], found["hours"]) == ("REGION:hörselvården", "676.00", 2)


@pytest.mark.parametrize(
    ("stated", "flags"),
    [
        ({"action": "motivate"}, []),
        ({"kind": "hearing", "action": "reading_tv"}, []),
        ({"patient_responsibility": "MUNICIPALITY"}, []),
        ({"patient_responsibility": "BERG"}, []),
        ({"patient_responsibility": "MUNICIPALITY:BERG"}, []),
        ({"agreed": False}, ["agreement_missing"]),
    ],
)
def test_sh_eko_3_nothing_else_can_be_invoiced(stated: dict[str, Any], flags: list[str]) -> None:
    """Another action, the municipality's own patient and work without agreement cost nothing."""
    found = answer(**CASE | stated, work_minutes=60, date="2026-03-01")
    assert (found["status"], found["amount"], found["flags"]) == ("not_chargeable", "0.00", flags)


def test_sh_eko_5_travel_counts_only_on_a_special_trip() -> None:
    """An hour of work and half an hour's travel is two hours when the trip was special."""
    special, ordinary = (answer(**CASE, work_minutes=60, travel_minutes=30, special_trip=one) for one in (True, False))
    assert (special["hours"], ordinary["hours"]) == (2, 1)


def test_a69_without_a_date_the_printed_price_is_answered_and_marked() -> None:
    """338 kr, a flag and the reading; with a date in 2025 the same price, as the document's worked example."""
    undated = answer(**CASE, work_minutes=60)
    assert (undated["amount"], undated["flags"], undated["readings"]) == (
        "338.00", ["price_level_2025"], ["A18", "A21", "A68", "A69"],
    )  # fmt: skip
    dated = answer(**CASE, work_minutes=60, date="2025-12-31")
    assert (dated["amount"], dated["flags"], dated["readings"]) == (
        "338.00", ["before_agreement"], ["A18", "A21", "A68"],
    )  # fmt: skip


def test_sh_eko_4_the_price_of_2026_needs_the_index_for_2026() -> None:
    """OPI for the price year itself (A65); a stated one gives 348 kr."""
    with pytest.raises(MissingIndex, match="OPI för indexår 2026, steget till prisår 2026"):
        answer(**CASE, work_minutes=60, date="2026-01-01")
    found = answer(**CASE, work_minutes=60, date="2026-01-01", opi={"2026": "3.1"})
    assert (found["amount"], found["flags"]) == ("348.00", [])
    assert answer(**CASE, work_minutes=60, date="2026-01-01", rate_2025=400, opi={"2026": 2})["amount"] == "408.00"
    with pytest.raises(NotInForce, match="den 2024-12-31"):
        answer(**CASE, work_minutes=60, date="2024-12-31")


def test_a07_a_preliminary_price_is_flagged_until_the_index_is_definitive() -> None:
    """345 kr with a preliminary 2.0 per cent and a flag; 348 kr without one once 3.1 per cent is definitive."""
    preliminary = IndexValue("OPI", 2026, Decimal("2.0"), "preliminary", date(2025, 12, 12), "påhittat i ett prov")
    definitive = IndexValue("OPI", 2026, Decimal("3.1"), "definitive", date(2026, 4, 20), "påhittat i ett prov")
    book = edition().with_indices(preliminary, definitive)
    case = {**CASE, "work_minutes": 60, "date": "2026-02-01"}
    before, after = (charge("liaison").price(case, book.as_known(day)) for day in (date(2026, 3, 1), date(2026, 4, 20)))
    assert (before.fields["amount"], before.flags, after.fields["amount"], after.flags) == (
        "345.00", ("preliminary_price",), "348.00", (),
    )  # fmt: skip
    assert ("A07" in before.explanation.readings(), "A07" in after.explanation.readings()) == (True, False)


@pytest.mark.parametrize(
    ("stated", "missing"),
    [
        ({"agreed": None, "work_minutes": 60}, ["agreed"]),
        ({"patient_responsibility": None, "work_minutes": 60}, ["patient_responsibility"]),
        ({"action": None, "work_minutes": 60}, ["action"]),
        ({"kind": None, "work_minutes": 60}, ["kind"]),
        ({"date": None, "work_minutes": 60}, ["date"]),
        ({"work_minutes": 60, "report_minutes": None}, ["report_minutes"]),
        ({"work_minutes": 60, "travel_minutes": 5}, ["special_trip"]),
    ],
)
def test_an_unknown_fact_leaves_the_amount_unknown_and_is_named(stated: dict[str, Any], missing: list[str]) -> None:
    """Null is never taken for no; an explicit null date is unknown, not the printed level."""
    found = answer(**CASE | stated)
    assert (found["amount"], found["missing"]) == (None, missing)


def test_bad_input_names_the_key_and_what_is_allowed() -> None:
    """Every fault of a case at once, each with what is allowed."""
    with pytest.raises(BadFacts) as refused:
        answer(**CASE | {"kind": "smell", "municipality": "REGION", "agreed": "ja"})
    assert [fault.fact for fault in refused.value.faults] == ["kind", "municipality", "agreed"]
    assert str(refused.value.faults[0]) == "kind: en av vision, hearing"
