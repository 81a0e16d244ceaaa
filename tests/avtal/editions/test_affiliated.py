"""How many persons were affiliated in a year: TB-AVS-1, both options of A11, against the days one by one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avtal.book.readings import Choice
from avtal.editions.jamtland_2026 import edition
from avtal.editions.jamtland_2026.affiliated import Affiliation, affiliated_persons, counted, told
from avtal.explain import Step

DAY = timedelta(days=1)


def of(*days: tuple[str, str, str]) -> list[Affiliation]:
    """Affiliations as person, first day, last day; no last day is a dash."""
    return [
        Affiliation(person, date.fromisoformat(first), None if last == "-" else date.fromisoformat(last))
        for person, first, last in days
    ]


CASES = {
    "within the year": ([("a", "2025-03-01", "2025-04-10")], (1, 1)),
    "over new year, the year it began": ([("a", "2025-12-20", "2026-02-03")], (1, 1)),
    "over new year, the year after": ([("a", "2024-12-20", "2025-02-03")], (1, 0)),
    "before and after the year": ([("a", "2024-01-01", "2024-12-31"), ("b", "2026-01-01", "-")], (0, 0)),
    "the whole year and more": ([("a", "2023-05-01", "2026-05-01")], (1, 0)),
    "the year's first day alone": ([("a", "2025-01-01", "2025-01-01")], (1, 1)),
    "the year's last day alone": ([("a", "2025-12-31", "2025-12-31")], (1, 1)),
    "ended on the first day": ([("a", "2024-11-01", "2025-01-01")], (1, 0)),
    "ended the day before": ([("a", "2024-11-01", "2024-12-31")], (0, 0)),
    "open since the year before": ([("a", "2024-11-01", "-")], (1, 0)),
    "open since the last day": ([("a", "2025-12-31", "-")], (1, 1)),
    "open from the year after": ([("a", "2026-01-01", "-")], (0, 0)),
    "twice in the year": ([("a", "2025-02-01", "2025-03-01"), ("a", "2025-09-01", "2025-09-30")], (1, 1)),
    "carried over and affiliated again": ([("a", "2024-12-01", "2025-01-15"), ("a", "2025-06-01", "-")], (1, 1)),
    "taken up on the day after is not anew": ([("a", "2024-12-01", "2024-12-31"), ("a", "2025-01-01", "-")], (1, 0)),
    "taken up after a day's break is anew": ([("a", "2024-12-01", "2024-12-30"), ("a", "2025-01-01", "-")], (1, 1)),
    "two persons the same days": ([("a", "2025-05-01", "2025-05-02"), ("b", "2025-05-01", "2025-05-02")], (2, 2)),
    "the day after another person's last": ([("a", "2024-12-01", "2024-12-31"), ("b", "2025-01-01", "-")], (1, 1)),
    "the same line twice": ([("a", "2025-05-01", "2025-05-02")] * 2, (1, 1)),
    "nobody": ([], (0, 0)),
}


@pytest.mark.parametrize("name", CASES)
def test_tb_avs_1_who_is_counted_in_2025(name: str) -> None:
    """The number by any day, and by newly affiliated (A11)."""
    days, expected = CASES[name]
    found = counted(of(*days), 2025)
    assert (found["any_day"], found["newly_affiliated"]) == expected


def test_tb_avs_1_a_person_over_new_year_counts_in_both_years() -> None:
    """By any day 2024 and 2025; by newly affiliated 2024 alone (A11)."""
    over = of(("a", "2024-12-31", "2025-01-01"))
    assert [dict(counted(over, year)) for year in (2023, 2024, 2025, 2026)] == [
        {"any_day": 0, "newly_affiliated": 0}, {"any_day": 1, "newly_affiliated": 1},
        {"any_day": 1, "newly_affiliated": 0}, {"any_day": 0, "newly_affiliated": 0},
    ]  # fmt: skip


def test_tb_avs_1_the_leap_day_is_a_day_like_any_other() -> None:
    """Affiliated on 29 February alone; and an affiliation from 1 March that follows on it is not anew."""
    leap = of(("a", "2024-02-29", "2024-02-29"))
    assert dict(counted(leap, 2024)) == {"any_day": 1, "newly_affiliated": 1}
    assert counted([*of(("a", "2023-02-01", "2024-02-29")), *of(("a", "2024-03-01", "-"))], 2024) == {
        "any_day": 1, "newly_affiliated": 0,
    }  # fmt: skip
    assert counted([*of(("a", "2023-02-01", "2024-02-28")), *of(("a", "2024-03-01", "-"))], 2024) == {
        "any_day": 1, "newly_affiliated": 1,
    }  # fmt: skip


def test_tb_avs_1_a_last_day_before_the_first_is_refused() -> None:
    """One day is the shortest."""
    with pytest.raises(ValueError, match=r"^sista dagen 2025-01-01 är före den första 2025-01-02$"):
        of(("a", "2025-01-02", "2025-01-01"))


@pytest.mark.parametrize(("option", "persons"), [("", 2), ("any_day", 2), ("newly_affiliated", 1)])
def test_a11_the_number_names_its_clause_its_year_and_its_reading(option: str, persons: int) -> None:
    """By default any day; the parties may choose that only newly affiliated persons count."""
    chosen = [Choice("A11", option, "särskilda utredare", date(2026, 1, 8), "prov")] if option else []
    county = edition().choosing(*chosen)
    found = affiliated_persons(of(("a", "2024-11-01", "2025-01-03"), ("b", "2025-02-01", "-")), 2025, county)
    assert (found.name, found.value, found.kind, found.clauses) == ("affiliated", persons, "rule", ("TB-AVS-1",))
    assert [(step.name, step.value) for step in found.steps] == [
        ("counted_year", "2025"), ("A11", option or "any_day")
    ]  # fmt: skip
    assert found.readings() == ("A11",)


def test_tb_avs_1_a_number_from_a_document_says_where_it_stands() -> None:
    """It was not counted here: a fact with its source, and what stands beside it."""
    found = told(171, 2025, edition(), source="tjänsteanteckning", beside=(Step("register_number", 170, "fact"),))
    assert (found.value, found.kind, found.source) == (171, "fact", "tjänsteanteckning")
    assert [step.name for step in found.steps] == ["counted_year", "register_number", "A11"]


FIRST, LAST = date(2023, 11, 1), date(2026, 2, 28)
SOME_DAY = st.dates(FIRST, LAST) | st.sampled_from(
    [date(year, month, day) for year in (2023, 2024, 2025, 2026) for month, day in ((1, 1), (1, 2), (12, 30), (12, 31))]
).filter(lambda day: FIRST <= day <= LAST)


@st.composite
def affiliations(draw: st.DrawFn) -> list[Affiliation]:
    """Some of up to three persons, in any order, also overlapping, also open."""
    found = []
    for _ in range(draw(st.integers(0, 6))):
        first = draw(SOME_DAY)
        last = draw(st.none() | st.integers(0, 500).map(lambda n, first=first: first + n * DAY))
        found.append(Affiliation(draw(st.sampled_from("abc")), first, last))
    return found


@settings(deadline=None)
@given(affiliations(), st.sampled_from((2024, 2025)))
def test_a11_any_affiliations_agree_with_the_days_one_by_one(found: list[Affiliation], year: int) -> None:
    """Each day of the year looked at for each person: affiliated that day, and not the day before."""
    on = {
        person: {
            one.first + n * DAY
            for one in found
            if one.person == person
            for n in range(((one.last or date(2028, 1, 1)) - one.first).days + 1)
        }
        for person in "abc"
    }
    days = [date(year, 1, 1) + n * DAY for n in range(366) if (date(year, 1, 1) + n * DAY).year == year]
    assert counted(found, year) == {
        "any_day": sum(any(day in on[person] for day in days) for person in "abc"),
        "newly_affiliated": sum(
            any(day in on[person] and day - DAY not in on[person] for day in days) for person in "abc"
        ),
    }
