"""Hired staff: OB-UPP, TB-PAL-3; A08, A18-A20, A53, A64, A65, A68, A70, A71; held against the second implementation."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from avtal.book.answer import BadFacts
from avtal.book.missing import MissingIndex, NotInForce
from avtal.book.readings import Choice
from avtal.editions.jamtland_2026 import charge, edition
from avtal.editions.jamtland_2026.assignments import PROFESSIONS
from avtal.editions.jamtland_2026.parties import PARTIES
from avtal.language.facts import FactConflict
from tests.oracle import prices

CASE: dict[str, Any] = {
    "from": "BERG", "to": "REGION", "date": "2025-07-01", "start": "09:00", "profession": "nurse",
    "principal_level": "primary",
}  # fmt: skip
KINDS = ("work_minutes", "admin_minutes", "report_minutes", "travel_minutes")
FLAGS = {"evening_other_profession_unregulated", "evening_specialised_unregulated", "municipality_to_municipality"}
CHANGES = (date(2025, 3, 30), date(2025, 10, 26), date(2026, 3, 29), date(2026, 10, 25))
STARTS = ("00:00", "01:59", "03:00", "07:59", "08:00", "12:00", "16:59", "17:00", "23:59")
LENGTHS = (0, 1, 59, 60, 61, 480, 540, 541, 1020, 1439, 1440)


def answer(*chosen: tuple[str, str], **stated: Any) -> dict[str, Any]:
    """The answer for one case, as JSON values."""
    choices = [Choice(reading, option, "parterna", date(2026, 1, 1), "prov") for reading, option in chosen]
    book = edition().choosing(*choices)
    return charge("hired_staff").price(stated, book).as_dict(book)


def agrees_with_the_second_implementation(case: dict[str, Any]) -> None:
    """Hold one valid case against the naive walk minute by minute, but for what the texts leave open.

    Where the price lacks an index step the other refuses at once; here a case that costs nothing is answered all the
    same. No time at all is free there and not chargeable here.
    """
    try:
        theirs = prices.hired_staff(case)
    except LookupError:
        try:
            ours = answer(**case)
        except MissingIndex:
            return
        assert (ours["rate"], ours["status"] in ("free", "manual", "not_chargeable")) == (None, True), case
        none = ours["status"] == "manual"
        assert ours["amount"] == (None if none else "0.00"), case
        assert (ours["billable_minutes"], ours["hours"]) == ((None, None) if none else (0, 0)), case
        return
    ours = answer(**case)
    expected = {key: theirs[key] for key in ("rate", "amount", "status")}
    if theirs["status"] == "free" and prices.stretch(case)[1] == 0:
        expected["status"] = "not_chargeable"
    assert {key: ours[key] for key in expected} == expected, case
    assert (ours["billable_minutes"], ours["hours"]) == (theirs["billable_minutes"], theirs["hours"]), case
    assert ours["payer"] == theirs["payer"], case
    assert set(ours["flags"]) & FLAGS == theirs["flags"], case


@pytest.mark.parametrize("change", CHANGES)
def test_ob_upp_d4_the_boundary_is_split_around_both_clock_changes(change: date) -> None:
    """Every boundary start and length, on the days around each change: the same as a walk minute by minute."""
    for day, start, minutes in product((-1, 0, 1), STARTS, LENGTHS):
        on = (change + timedelta(days=day)).isoformat()
        case = {**CASE, "date": on, "start": start, "work_minutes": minutes, "rate": 640}
        agrees_with_the_second_implementation(case)


@pytest.mark.parametrize("change", CHANGES)
def test_ob_upp_n_a_stretch_with_an_end_is_the_time_on_the_wall(change: date) -> None:
    """Every boundary start and end, over midnight and around each change."""
    for day, start, end in product((-1, 0), STARTS, STARTS):
        on = (change + timedelta(days=day)).isoformat()
        case = {**CASE, "date": on, "start": start, "end": end, "rate": 640}
        if start == end:
            with pytest.raises(BadFacts, match=r"^end: ska vara ett annat klockslag än början$"):
                answer(**case)
        else:
            agrees_with_the_second_implementation(case)


CLOCKS = st.times().map(lambda clock: f"{clock:%H:%M}")
STATED = st.fixed_dictionaries(
    {
        "from": st.sampled_from(PARTIES),
        "to": st.sampled_from(PARTIES),
        "date": st.dates(date(2025, 1, 1), date(2027, 12, 31)).map(str) | st.sampled_from(CHANGES).map(str),
        "start": CLOCKS | st.sampled_from(STARTS),
        "profession": st.sampled_from(["nurse", "physiotherapist", "physician"]),
        "principal_level": st.sampled_from(["primary", "specialised"]),
    },
    optional={
        "palliative_team": st.booleans(),
        "rate": st.decimals(0, 5000, places=2).map(str),
        "rate_2025": st.integers(1, 2000),
        "vpi": st.fixed_dictionaries({"2026": st.decimals(-5, 9, places=1).map(str), "2027": st.just("2.9")}),
    },
)
TIME = st.one_of(
    st.builds(lambda end: {"end": end}, CLOCKS),
    st.builds(
        lambda minutes, combined: {**dict(zip(KINDS, minutes, strict=True)), "travel_combined": combined},
        st.tuples(*[st.integers(0, 360) | st.sampled_from((0, 1, 60))] * 4),
        st.booleans(),
    ),
)


@settings(deadline=None)
@given(STATED, TIME)
def test_ob_upp_any_case_agrees_with_the_second_implementation(stated: dict[str, Any], spent: dict[str, Any]) -> None:
    """Whoever performs and hires, whenever and however long, with stated prices and indices or without."""
    assume(stated["from"] != stated["to"])
    case = {**stated, **spent}
    try:
        charge("hired_staff").case(case)  # type: ignore[attr-defined]  # an event charge
    except BadFacts as refused:
        same = "end: ska vara ett annat klockslag än början"
        told = [str(fault) for fault in refused.faults if not str(fault).endswith(": klockan ställs fram")]
        assert told == ([same] if case.get("end") == case["start"] else [])  # nothing else
        return
    assert case.get("end") != case["start"]
    agrees_with_the_second_implementation(case)


def test_ob_upp_n_evenings_are_free_and_name_their_clauses() -> None:
    """17:00 to 08:00 costs nothing for a nurse in the region's primary care."""
    found = answer(**CASE | {"start": "17:00"}, end="08:00")
    assert (found["status"], found["amount"], found["billable_minutes"], found["hours"]) == ("free", "0.00", 0, 0)
    assert "OB-UPP-N" in found["clauses"]
    assert found["readings"] == ["A19", "A71"]


def test_ob_upp_d6_travel_counts_only_where_no_ordinary_visit_shares_it() -> None:
    """An hour of work and a minute of travel is two hours, unless the travel was combined."""
    alone, shared = (answer(**CASE, work_minutes=60, travel_minutes=1, travel_combined=one) for one in (False, True))
    assert (alone["billable_minutes"], alone["hours"], shared["billable_minutes"], shared["hours"]) == (61, 2, 60, 1)


def test_ob_upp_d6_travel_that_does_not_count_need_not_be_known() -> None:
    """Combined travel of unknown length changes nothing; travel of no length needs no statement of how."""
    assert answer(**CASE, work_minutes=60, travel_minutes=None, travel_combined=True)["amount"] == "640.00"
    assert answer(**CASE, work_minutes=60, travel_minutes=0)["amount"] == "640.00"


def test_a68_an_absent_kind_of_minutes_beside_a_stated_one_is_zero() -> None:
    """The reading is listed; when every kind is stated it is not."""
    found = answer(**CASE, work_minutes=30)
    assert (found["amount"], "A68" in found["readings"]) == ("640.00", True)
    whole = answer(**CASE, **dict.fromkeys(KINDS, 10), travel_combined=False)
    assert (whole["billable_minutes"], "A68" in whole["readings"]) == (40, False)


@pytest.mark.parametrize(
    ("stated", "missing"),
    [
        ({"work_minutes": 30, "admin_minutes": None}, ["admin_minutes"]),
        ({"work_minutes": 30, "travel_minutes": 5}, ["travel_combined"]),
        ({"work_minutes": 30, "travel_minutes": None, "travel_combined": False}, ["travel_minutes"]),
        ({}, [*KINDS, "travel_combined"]),
        ({"end": "18:00", "profession": None}, ["profession"]),
        ({"end": "18:00", "principal_level": None}, ["principal_level"]),
        ({"end": "10:00", "date": None}, ["date"]),
        ({"end": "10:00", "start": None}, ["start"]),
        ({"end": "18:00", "to": None}, ["to"]),
    ],
)
def test_an_unknown_fact_leaves_the_amount_unknown_and_is_named(stated: dict[str, Any], missing: list[str]) -> None:
    """Null and absent are unknown, never false or zero; derived facts are not asked for."""
    found = answer(**CASE | stated)
    assert (found["amount"], found["status"], found["missing"]) == (None, None, missing)


def test_an_unknown_profession_does_not_matter_by_day() -> None:
    """Between nine and ten every profession costs the same."""
    found = answer(**CASE | {"profession": None, "principal_level": None}, end="10:00")
    assert (found["amount"], found["missing"], found["flags"]) == ("640.00", [], ["before_agreement"])


@pytest.mark.parametrize(
    ("stated", "flags"),
    [
        *(({"profession": one}, {"evening_other_profession_unregulated"}) for one in PROFESSIONS if one != "nurse"),
        ({"principal_level": "specialised"}, {"evening_specialised_unregulated"}),
        ({"to": "ARE"}, {"municipality_to_municipality", "evening_direction_unregulated"}),
        ({"from": "REGION", "to": "ARE"}, {"evening_direction_unregulated"}),
    ],
)
def test_a19_an_evening_that_is_not_free_is_left_to_people(stated: dict[str, Any], flags: set[str]) -> None:
    """Another profession, specialised care and other directions are not regulated: no amount, and a flag (A70)."""
    found = answer(**CASE | {"start": "18:00"} | stated, end="19:00")
    assert (found["status"], found["amount"]) == ("manual", None)
    assert set(found["flags"]) == flags | {"before_agreement"}


@pytest.mark.parametrize(
    ("stated", "readings"),
    [
        ({"profession": "physiotherapist"}, ["A19", "A71"]),
        ({"from": "REGION", "to": "ARE"}, ["A19", "A70", "A71"]),
        ({"to": "ARE"}, ["A19", "A20", "A70", "A71"]),
    ],
)
def test_a70_other_directions_in_the_evening_rest_on_their_own_reading(
    stated: dict[str, Any], readings: list[str]
) -> None:
    """Whether it is free is asked only from a municipality to the region; otherwise A70 leaves it to people."""
    event = CASE | {"start": "16:00", "end": "19:00"} | stated
    found = charge("hired_staff").price(event, edition())
    assert list(found.explanation.readings()) == readings
    assert ("free_of_charge" in {step.name for step in found.explanation.walk()}) == ("A70" not in readings)


def test_ob_upp_n_a_manual_outcome_has_no_minutes_and_no_hours() -> None:
    """An hour of day and two of evening for another profession: nobody knows yet what will be charged."""
    found = answer(**CASE | {"start": "16:00", "profession": "physiotherapist"}, end="19:00")
    assert (found["status"], found["amount"], found["billable_minutes"], found["hours"]) == ("manual", None, None, None)


def test_a20_municipalities_hire_from_each_other_with_a_flag_or_not_at_all() -> None:
    """By default 640 kr and a flag; when the parties choose otherwise, people decide."""
    between = {**CASE, "to": "ARE", "end": "10:00"}
    found = answer(**between)
    assert (found["amount"], found["payer"], found["readings"]) == (
        "640.00", "MUNICIPALITY:ARE", ["A18", "A20", "A71"],
    )  # fmt: skip
    assert "municipality_to_municipality" in found["flags"]
    other = answer(("A20", "region_municipality"), **between)
    assert (other["status"], other["amount"]) == ("manual", None)
    assert answer(("A20", "region_municipality"), **CASE, end="10:00")["amount"] == "640.00"


def test_a53_an_affiliated_person_costs_nothing_per_hour_unless_both_are_chosen() -> None:
    """The supplement already pays; unknown affiliation bars nothing."""
    affiliated = answer(**CASE, end="10:00", palliative_team=True)
    assert (affiliated["status"], affiliated["amount"]) == ("not_chargeable", "0.00")
    assert affiliated["readings"] == ["A53"]
    assert "TB-PAL-3" in affiliated["clauses"]
    assert answer(("A53", "both"), **CASE, end="10:00", palliative_team=True)["amount"] == "640.00"
    assert answer(**CASE, end="10:00", palliative_team=None)["amount"] == "640.00"


def test_a71_an_affiliation_that_is_not_stated_shows_the_reading() -> None:
    """Absent or null, the person counts as not affiliated and A71 shows; when it is stated, it does not."""
    absent, null = answer(**CASE, end="10:00"), answer(**CASE, end="10:00", palliative_team=None)
    assert (absent["amount"], absent["readings"]) == (null["amount"], null["readings"]) == ("640.00", ["A18", "A71"])
    stated = answer(**CASE, end="10:00", palliative_team=False)
    assert (stated["amount"], stated["readings"]) == ("640.00", ["A18"])


def test_ob_upp_d5_a_case_may_state_price_and_index() -> None:
    """640 kr with 3.2 per cent is 660 kr; a stated price is used as it is."""
    case = {**CASE, "date": "2026-03-05", "end": "10:00"}
    found = answer(**case, vpi={"2026": "3.2"})
    assert (found["amount"], found["readings"]) == ("660.00", ["A08", "A18", "A64", "A65", "A71"])
    assert answer(("A64", "ore"), **case, vpi={"2026": "3.2"})["amount"] == "660.48"
    assert answer(**case, rate="700.50")["amount"] == "700.50"
    assert answer(**case, rate_2025=700, vpi={"2026": "3,2"})["amount"] == "722.00"
    assert answer(**case, rate=1, rate_2025=700)["amount"] == "1.00"


def test_ob_upp_d5_stated_steps_are_explained_without_a_day_of_publication() -> None:
    """Known always: also as the book was known before the year, and printed with both years only."""
    case = {**CASE, "date": "2027-03-05", "end": "10:00", "vpi": {"2026": "3.2", "2027": "2.9"}}
    found = charge("hired_staff").price(case, edition().as_known(date(2025, 9, 5)))
    assert found.fields["amount"] == "680.00"
    assert [step.source for step in found.explanation.walk() if step.name == "index_step"] == [
        "angivet i anropet: vpi (VPI, indexår 2025, prisår 2026)",
        "angivet i anropet: vpi (VPI, indexår 2026, prisår 2027)",
    ]


def test_ob_upp_d4_before_2025_not_even_a_stated_price_helps() -> None:
    """The hours of the day are those of 2025: before it nothing says when the day begins."""
    with pytest.raises(NotInForce, match=r"^Värde för Dagtid slutar den 2024-12-31 saknas \(OB-UPP-D4\)\."):
        answer(**CASE | {"date": "2024-12-31"}, end="10:00", rate=700)


@pytest.mark.parametrize(("day", "flags"), [("2027-12-31", []), ("2028-01-01", ["after_agreement"])])
def test_p_gil_3_a_day_after_the_first_term_is_flagged(day: str, flags: list[str]) -> None:
    """What costs and what is free alike: it holds only if the agreement was renewed."""
    assert answer(**CASE | {"date": day}, end="10:00", rate=700)["flags"] == flags
    free = answer(**CASE | {"date": day, "start": "18:00"}, end="19:00")
    assert (free["status"], free["flags"]) == ("free", flags)


def test_faults_that_only_show_together_say_all_without_the_value() -> None:
    """A conflict names no allowed values; a value outside its type does."""
    kinds: dict[str, bool] = {}
    for stated in ({"to": "BERG"}, {"work_minutes": 9}, {"end": "09:00"}, {"date": "2100-01-01"}, {"colour": 1}):
        with pytest.raises(BadFacts) as refused:
            answer(**CASE | {"end": "10:00"} | stated)
        kinds |= {fault.fact: isinstance(fault, FactConflict) for fault in refused.value.faults}
    assert kinds == {"to": True, "end": True, "date": False, "colour": True}


def test_a09_a_missing_index_stops_what_costs_and_lets_what_is_free_pass() -> None:
    """No price without an index; a free evening needs none."""
    with pytest.raises(MissingIndex, match="VPI för indexår 2025, steget till prisår 2026"):
        answer(**CASE | {"date": "2026-03-05"}, end="10:00")
    free = answer(**CASE | {"date": "2026-03-05", "start": "18:00"}, end="19:00")
    assert (free["amount"], free["rate"], free["flags"]) == ("0.00", None, [])


DAYS = "ett datum som finns, från 2000-01-01 till 2099-12-31"
PARTY_CODES = ", ".join(PARTIES)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"to": "BERG", "end": "10:00"}, "to: ska vara en annan part än from"),
        ({"to": "OSLO", "end": "10:00"}, f"to: en av {PARTY_CODES}"),
        ({"work_minutes": -1}, "work_minutes: ett heltal från 0 till 1440"),
        ({"work_minutes": "NaN"}, "work_minutes: ett heltal från 0 till 1440"),
        ({"work_minutes": "1.5"}, "work_minutes: ett heltal från 0 till 1440"),
        ({"work_minutes": True}, "work_minutes: ett heltal från 0 till 1440"),
        ({"end": "10:00", "work_minutes": 60}, "end: antingen sluttid eller minuter, inte båda"),
        ({"end": "10:00", "admin_minutes": 5}, "end: antingen sluttid eller minuter, inte båda"),
        (
            {"work_minutes": 1440, "report_minutes": 1},
            "work_minutes: minuterna är tillsammans 1441; högst 1440, ett dygn",
        ),
        (
            {"admin_minutes": 1440, "report_minutes": 2},
            "admin_minutes: minuterna är tillsammans 1442; högst 1440, ett dygn",
        ),
        ({"end": "09:00"}, "end: ska vara ett annat klockslag än början"),
        ({"date": "2025-02-29", "end": "10:00"}, f"date: {DAYS}"),
        ({"date": "1999-12-31", "end": "10:00"}, f"date: {DAYS}"),
        ({"date": "2100-01-01", "end": "10:00"}, f"date: {DAYS}"),
        ({"start": "24:00", "end": "10:00"}, "start: ett klockslag som 16:30"),
        (
            {"date": "2026-03-29", "start": "02:30", "end": "10:00"},
            "start: 02:30 finns inte 2026-03-29: klockan ställs fram",
        ),
        (
            {"date": "2026-03-28", "start": "22:00", "end": "02:59"},
            "end: 02:59 finns inte 2026-03-29: klockan ställs fram",
        ),
        ({"profession": "Nurse", "end": "10:00"}, f"profession: en av {', '.join(PROFESSIONS)}"),
        ({"profession": "nurce", "end": "18:00"}, f"profession: en av {', '.join(PROFESSIONS)}"),
        ({"rate": "1.005", "end": "10:00"}, "rate: ett tal från 0 till 1000000000 med högst 2 decimaler"),
        ({"vpi": {"26": "3.2"}, "end": "10:00"}, "vpi.26: ett prisår som 2026"),
        ({"vpi": {"2026": "101"}, "end": "10:00"}, "vpi.2026: ett tal från -50 till 100"),
        ({"vpi": "3.2", "end": "10:00"}, 'vpi: ett objekt som {"namn": "12.5"}'),
        ({"vpi": {"2026": 3.2}, "end": "10:00"}, "vpi.2026: ett tal från -50 till 100"),
        ({"vpi": {"2026": True}, "end": "10:00"}, "vpi.2026: ett tal från -50 till 100"),
        ({"date": "1", "start": "2"}, f"date: {DAYS}; start: ett klockslag som 16:30"),
    ],
)
def test_bad_input_names_the_key_and_what_is_allowed(stated: dict[str, Any], message: str) -> None:
    """Every fault of a case, each with its key."""
    with pytest.raises(BadFacts) as refused:
        answer(**CASE | stated)
    assert str(refused.value) == message


def test_the_first_and_the_last_day_that_can_be_stated_are_days() -> None:
    """2000-01-01 lies before the first value, 2099-12-31 does not."""
    with pytest.raises(NotInForce, match="den 2000-01-01"):
        answer(**CASE | {"date": "2000-01-01"}, end="10:00", rate=1)
    assert answer(**CASE | {"date": "2099-12-31"}, end="10:00", rate=1)["amount"] == "1.00"


def test_an_unknown_key_is_refused_with_the_keys_that_there_are() -> None:
    """A misspelt key is never left out in silence; derived facts cannot be stated."""
    with pytest.raises(BadFacts) as refused:
        answer(**CASE, end="10:00", colour="blue", by_clock=True)
    keys = ", ".join(charge("hired_staff").keys())
    assert [str(fault) for fault in refused.value.faults] == [
        f"colour: okänd nyckel; tillåtna är {keys}", f"by_clock: okänd nyckel; tillåtna är {keys}",
    ]  # fmt: skip
    assert keys.endswith("palliative_team, rate, rate_2025, vpi")


def test_the_events_own_id_is_given_back() -> None:
    """``id`` and ``event_id`` go through untouched."""
    found = answer(**CASE, end="10:00", id="7", event_id=8)
    assert (found["id"], found["event_id"], found["edition"]) == ("7", 8, "jamtland_2026")


def test_the_comparison_catches_a_broken_twin(monkeypatch: pytest.MonkeyPatch) -> None:
    """With 17:00 counted as daytime in the walk, the comparison fails: it can tell them apart."""
    case = {**CASE, "start": "16:59", "work_minutes": 61, "rate": 640}
    agrees_with_the_second_implementation(case)
    monkeypatch.setattr(prices, "DAY_TO", time(17, 1))
    with pytest.raises(AssertionError):
        agrees_with_the_second_implementation(case)
