"""Medical technology: MT-B1; A06, A16, A17, A39, A40, A57, A68, A69; held against the second implementation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avtal.book.answer import BadFacts
from avtal.book.missing import MissingIndex
from avtal.book.readings import Choice
from avtal.editions.jamtland_2026 import charge, edition
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES
from tests.oracle import prices

COUNTS = dict(zip(MUNICIPALITIES, (50, 60, 96, 90, 41, 152, 53, 381), strict=True))
JOB: dict[str, Any] = {"municipality": "BERG", "date": "2025-07-01", "requested": True}


def answer(name: str, *chosen: tuple[str, str], **stated: Any) -> dict[str, Any]:
    """The answer for one case, as JSON values."""
    book = edition().choosing(*[Choice(*one, "MT", date(2026, 1, 1), "prov") for one in chosen])
    return charge(name).price(stated, book).as_dict(book)


NUMBERS = st.decimals(0, 500, places=2).map(str)
ITEMS = st.dictionaries(st.sampled_from(MUNICIPALITIES), st.integers(0, 5000)).filter(lambda n: any(n.values()))


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {"half_year": st.just("2025H2"), "counts": ITEMS},
        optional={"base_hours": NUMBERS, "minutes_per_item": NUMBERS, "rate": NUMBERS},
    )
)
def test_mt_b1_1_any_fixed_part_agrees_with_the_second_implementation(case: dict[str, Any]) -> None:
    """Total, shares and per cent for any counts, hours, minutes and price; ties go in the parties' order."""
    ordered = {code: case["counts"][code] for code in MUNICIPALITIES if code in case["counts"]}
    ours, theirs = answer("equipment_fixed", **case), prices.equipment_fixed({**case, "counts": ordered})
    assert {key: ours[key] for key in ("total", "shares", "percent")} == {
        key: theirs[key] for key in ("total", "shares", "percent")
    }
    assert abs(Decimal(ours["hours"]) - Decimal(theirs["hours"])) <= Decimal("0.005")
    assert list(ours["shares"]) == list(ordered)


def test_mt_b1_1_shares_do_not_depend_on_the_order_of_the_counts() -> None:
    """The parties' order decides ties, whatever order the counts come in."""
    given, turned = COUNTS, dict(reversed(COUNTS.items()))
    one, other = (answer("equipment_fixed", half_year="2025H2", counts=counts) for counts in (given, turned))
    assert one["shares"] == other["shares"]


def test_a16_base_equally_shares_the_40_hours_alike() -> None:
    """The 20 hours are split in two, the rest by count: the sum is the same."""
    counts = {"BERG": 100, "ARE": 300}
    by_share = answer("equipment_fixed", half_year="2025H2", counts=counts)
    equally = answer("equipment_fixed", ("A16", "base_equally"), half_year="2025H2", counts=counts)
    assert by_share["total"] == equally["total"] == "67380.00"
    assert by_share["shares"] == {"BERG": "16845.00", "ARE": "50535.00"}
    assert equally["shares"] == {"BERG": "22460.00", "ARE": "44920.00"}
    assert "A16" in equally["readings"]


def test_mt_b1_1_stated_hours_and_minutes_are_explained_as_entered() -> None:
    """They take the place of 40 hours and 12 minutes, and say where they come from."""
    found = charge("equipment_fixed").price(
        {"half_year": "2025H2", "counts": {"BERG": 1}, "base_hours": "10", "minutes_per_item": "30"}, edition()
    )
    assert found.fields["hours"] == "5.25"
    entered = [step for step in found.explanation.walk() if step.note == "entered"]
    assert [(step.name, step.value, step.source) for step in entered] == [
        ("equipment_base_hours", Decimal(10), "angivet i anropet: base_hours"),
        ("equipment_minutes_per_item", Decimal(30), "angivet i anropet: minutes_per_item"),
    ]


def test_mt_b1_1_hours_that_do_not_end_are_rounded_for_reading_only() -> None:
    """One item of one minute is 0.008333 hours in half a year, priced exactly."""
    found = answer(
        "equipment_fixed", half_year="2025H2", counts={"BERG": 1}, base_hours=0, minutes_per_item=1, rate=1200
    )
    assert (found["hours"], found["total"]) == ("0.008333", "10.00")


def test_mt_b1_3_the_fixed_part_of_2026_needs_the_index() -> None:
    """VPI for 2025 leads to the price of 2026; stated, it gives 1 159 kr."""
    with pytest.raises(MissingIndex, match="VPI för indexår 2025, steget till prisår 2026"):
        answer("equipment_fixed", half_year="2026H1", counts=COUNTS)
    found = answer("equipment_fixed", half_year="2026H1", counts=COUNTS, vpi={"2026": "3.2"})
    assert (found["rate"], found["flags"]) == ("1159.00", [])
    assert found["readings"] == ["A06", "A16", "A40", "A57", "A65"]


def test_mt_b1_1_a_municipality_that_is_absent_is_flagged() -> None:
    """Seven of eight are not the whole county; all eight are, also where one has nothing."""
    case = {"half_year": "2026H1", "rate": 1159}
    seven = {name: n for name, n in COUNTS.items() if name != "ARE"}
    each = (COUNTS, seven, seven | {"ARE": 0})
    found = [answer("equipment_fixed", **case, counts=counts)["flags"] for counts in each]
    assert found == [[], ["municipality_absent"], []]


def test_p_gil_3_a_half_year_after_the_first_term_is_flagged() -> None:
    """The second half of 2027 is its last."""
    flags = [answer("equipment_fixed", half_year=half, counts=COUNTS, rate=1)["flags"] for half in ("2027H2", "2028H1")]
    assert flags == [[], ["after_agreement"]]


def test_mt_b1_1b_each_share_rests_on_its_items() -> None:
    """Below the shares stand the reading and, below each, the number of items."""
    found = charge("equipment_fixed").price({"half_year": "2025H2", "counts": {"ARE": 3, "BERG": 1}}, edition())
    [shared] = [step for step in found.explanation.steps if step.name == "shares"]
    assert [(step.name, step.value, [(w.name, w.value, w.kind) for w in step.steps]) for step in shared.steps] == [
        ("A57", "exact_fractions", []),
        ("BERG", 572_730, [("items", 1, "fact")]),
        ("ARE", 1_718_190, [("items", 3, "fact")]),
    ]


def test_mt_b1_1_whole_hours_are_printed_without_decimals() -> None:
    """(40 + 12 min x 50) / 2 is 25 hours."""
    assert answer("equipment_fixed", half_year="2025H2", counts={"BERG": 50})["hours"] == "25"


@pytest.mark.parametrize(
    ("stated", "missing"),
    [
        ({}, ["half_year", "counts"]),
        ({"half_year": "2025H2"}, ["counts"]),
        ({"half_year": "2025H2", "counts": {}}, ["counts"]),
        ({"half_year": None, "counts": COUNTS}, ["half_year"]),
        ({"half_year": "2025H2", "counts": COUNTS | {"BRACKE": None}}, ["counts.BRACKE"]),
        ({"half_year": "2025H2", "counts": {"BERG": None}}, ["counts.BERG"]),
        ({"counts": {"BERG": 1, "ARE": None}}, ["half_year", "counts.ARE"]),
    ],
)
def test_mt_b1_1_an_unknown_half_year_or_count_leaves_the_total_unknown(
    stated: dict[str, Any], missing: list[str]
) -> None:
    """What is missing is named, and no amount is given."""
    found = answer("equipment_fixed", **stated)
    assert (found["amount"], found["missing"], found["next_question"]) == (None, missing, missing[0])
    assert "shares" not in found


CODES = ", ".join(MUNICIPALITIES)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"half_year": "2025"}, "half_year: ett halvår som 2025H2"),
        ({"half_year": "2025-07"}, "half_year: ett halvår som 2025H2"),
        ({"half_year": 2025.5}, "half_year: ett halvår som 2025H2"),
        ({"counts": {"OSLO": 1, "BERG": 1}}, f"counts.OSLO: en av {CODES}"),
        ({"counts": {"BERG": "1.5"}}, "counts.BERG: ett helt antal"),
        ({"counts": {"BERG": -1}}, "counts.BERG: ett tal från 0 till 10000000"),
        ({"counts": {"BERG": 0}}, "counts: minst en registrerad inventarie"),
        ({"counts": [1]}, 'counts: ett objekt som {"namn": "12.5"}'),
        ({"base_hours": "NaN"}, "base_hours: ett tal från 0 till 100000 med högst 4 decimaler"),
        ({"rate": -1}, "rate: ett tal från 0 till 1000000000 med högst 2 decimaler"),
    ],
)
def test_mt_b1_1_bad_input_names_the_key_and_what_is_allowed(stated: dict[str, Any], message: str) -> None:
    """Unknown municipalities, halves of items and negative counts are refused."""
    with pytest.raises(BadFacts) as refused:
        answer("equipment_fixed", **{"half_year": "2025H2", "counts": COUNTS} | stated)
    assert str(refused.value) == message


@settings(deadline=None)
@given(
    hours=st.decimals(0, 10_000, places=4).map(str),
    costs=st.fixed_dictionaries({}, optional={"travel": NUMBERS, "material": NUMBERS, "rate": NUMBERS}),
    requested=st.booleans(),
)
def test_mt_b1_2_any_job_agrees_with_the_second_implementation(
    hours: str,
    costs: dict[str, str],
    requested: bool,  # noqa: FBT001  # hypothesis names it
) -> None:
    """Hours to four decimals, costs and price to the öre."""
    case = {**JOB, **costs, "hours": hours, "requested": requested}
    ours, theirs = answer("equipment_variable", **case), prices.equipment_variable(case)
    assert (ours["amount"], ours["status"]) == (theirs["amount"], theirs["status"])
    assert ours["payer"] == "MUNICIPALITY:BERG"


def test_mt_b1_2_hours_travel_and_material_are_added() -> None:
    """An hour and a quarter, travel and material; half an öre goes up."""
    assert answer("equipment_variable", **JOB, hours="1.25", travel="312.5", material="7.25")["amount"] == "1723.50"
    assert answer("equipment_variable", **JOB, hours="0.0005", rate=10)["amount"] == "0.01"


def test_a68_costs_that_are_absent_beside_hours_show_the_reading() -> None:
    """One absent cost is enough; when both are stated, also as zero, the reading does not matter."""
    costs: tuple[dict[str, int], ...] = ({}, {"travel": 1}, {"material": 1}, {"travel": 0, "material": 0})
    readings = [answer("equipment_variable", **JOB, hours=1, **one)["readings"] for one in costs]
    assert readings == [["A17", "A68"]] * 3 + [["A17"]]


def test_a17_started_hour_charges_a_whole_one() -> None:
    """By default an hour and a minute is what it is; as started hours it is two."""
    assert answer("equipment_variable", **JOB, hours="1.0001")["amount"] == "1123.11"
    assert answer("equipment_variable", ("A17", "started_hour"), **JOB, hours="1.0001")["amount"] == "2246.00"
    assert answer("equipment_variable", ("A17", "started_hour"), **JOB, hours="2")["amount"] == "2246.00"


@pytest.mark.parametrize("work", ["preventive", "corrective"])
def test_a39_maintenance_is_charged_on_a_standing_request_and_flagged(work: str) -> None:
    """When the parties choose requested only, maintenance that nobody asked for costs nothing."""
    case = {**JOB, "requested": False, "work": work, "hours": 1}
    found = answer("equipment_variable", **case)
    assert (found["status"], found["amount"]) == ("charged", "1123.00")
    assert "corrective_or_preventive_unregulated" in found["flags"]
    only = answer("equipment_variable", ("A39", "requested_only"), **case)
    assert (only["status"], only["amount"]) == ("not_chargeable", "0.00")
    assert "corrective_or_preventive_unregulated" in answer("equipment_variable", **case | {"requested": True})["flags"]


def test_mt_b1_2_a_job_that_nobody_asked_for_is_not_chargeable() -> None:
    """Other work without a request costs nothing; the flag says that it is not regulated."""
    found = answer("equipment_variable", **JOB | {"requested": False}, hours=1, work="advice")
    assert (found["status"], found["amount"]) == ("not_chargeable", "0.00")


def test_mt_ans_4_requested_advice_is_part_of_the_fixed_part() -> None:
    """Advice costs nothing more, unless the parties choose that whatever is requested is charged."""
    case = {**JOB, "requested": True, "work": "advice", "hours": 1}
    found = answer("equipment_variable", **case)
    assert (found["status"], found["amount"], "A39" in found["readings"]) == ("not_chargeable", "0.00", True)
    assert answer("equipment_variable", ("A39", "requested_only"), **case)["amount"] == "1123.00"


def test_a69_a_stated_price_needs_no_date() -> None:
    """With a price of its own a case rests on no printed level."""
    found = answer("equipment_variable", municipality="ARE", hours=1, requested=True, rate="1000")
    assert (found["amount"], found["flags"], "A69" in found["readings"]) == ("1000.00", [], False)


def test_a69_without_a_date_the_printed_price_is_marked() -> None:
    """1 123 kr, the 2025 level, and a flag."""
    found = answer("equipment_variable", municipality="ARE", hours=1, requested=True)
    assert (found["amount"], found["flags"], "A69" in found["readings"]) == ("1123.00", ["price_level_2025"], True)


@pytest.mark.parametrize(
    ("stated", "missing"),
    [
        ({"requested": None, "hours": 1}, ["requested"]),
        ({"hours": None}, ["hours", "travel", "material"]),
        ({"hours": 1, "travel": None}, ["travel"]),
        ({"hours": 1, "material": None}, ["material"]),
        ({"hours": 1, "date": None}, ["date"]),
    ],
)
def test_mt_b1_2_an_unknown_fact_leaves_the_amount_unknown_and_is_named(
    stated: dict[str, Any], missing: list[str]
) -> None:
    """Absent costs beside stated hours are zero; an explicit null stays unknown."""
    found = answer("equipment_variable", **JOB | stated)
    assert (found["amount"], found["missing"]) == (None, missing)
