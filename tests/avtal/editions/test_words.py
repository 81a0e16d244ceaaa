"""The county's words: no raw English name and no number without its unit reaches a Swedish user."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from avtal.book.charge import EventCharge
from avtal.editions.jamtland_2026 import CHARGES, QUESTIONS, charge, edition
from avtal.explain import Step, as_json, as_text
from avtal.language.expression import Kind

EVENTS = [one for one in CHARGES.values() if isinstance(one, EventCharge)]
ASKED = [*EVENTS, *QUESTIONS.values()]
COUNTS = {"BERG": 50, "ARE": 53}
KEY = {"BERG": 50, "ARE": 50}
HIRED: dict[str, Any] = {
    "from": "BERG", "to": "REGION", "date": "2026-07-01", "start": "16:00", "profession": "nurse",
    "principal_level": "primary", "vpi": {"2026": "3.2"},
}  # fmt: skip
SAMPLES: list[tuple[str, dict[str, Any]]] = [
    ("hired_staff", HIRED | {"end": "18:00"}),
    ("hired_staff", HIRED | {"work_minutes": 30, "travel_minutes": 10, "travel_combined": False}),
    ("hired_staff", HIRED | {"end": "18:00", "to": "ARE", "palliative_team": True}),
    ("hired_staff", HIRED | {"date": "2026-10-24", "start": "22:00", "end": "09:00", "rate": 700}),
    ("liaison", {"kind": "vision", "municipality": "BERG", "patient_responsibility": "REGION", "agreed": True,
                 "action": "trial_fitting", "work_minutes": 61}),
    ("equipment_fixed", {"half_year": "2025H2", "counts": COUNTS}),
    ("equipment_fixed", {"half_year": "2026H1", "counts": COUNTS, "base_hours": "1.5", "vpi": {"2026": "3.2"}}),
    ("equipment_variable", {"municipality": "BERG", "hours": "1.25", "travel": "312.5", "requested": True,
                            "work": "corrective"}),
    ("hospital_attendance", {"municipality": "BERG", "wage_cost": 100, "written_agreement": True}),
    ("supplement", {"affiliated": 170, "year": 2026, "lpik": {"2025": 3, "2026": 2}, "factors": KEY}),
    ("supplement_valuation", {"posts": 3, "monthly_wage": 47_000, "payroll_percent": "47.18",
                              "readiness_factor": "1.5"}),
    ("normal_range", {"counts": {str(year): 140 for year in range(2019, 2025)}}),
    ("development_fund", {"amount": 1000, "shares": KEY}),
    ("national_share", {"amount": 1000, "populations": {"Norrbottens län": 1, "Jämtlands län": 2}}),
]  # fmt: skip
PLAIN = {"equipment_base_hours", "posts", "readiness_factor"} | {str(year) for year in range(2019, 2025)}


def explained() -> Iterator[Step]:
    """Every step of every sample's explanation, and of the same charge with nothing stated."""
    for name, stated in SAMPLES:
        yield from charge(name).price(stated, edition()).explanation.walk()
    for one in EVENTS:
        yield from one.price({}, edition()).explanation.walk()


def test_every_fact_has_a_label() -> None:
    """What a case may state, and what is derived from it."""
    names = {name for one in ASKED for name in one.facts}
    assert names - set(edition().words.labels) == set()


def test_every_step_of_every_tree_has_a_label() -> None:
    """Charges, rules, decisions, facts and parameters."""
    names = {node.name for tree in edition().trees.values() for node in tree.walk() if node.op in ("step", "fact")}
    names |= {one.name for asked in QUESTIONS.values() for one in asked.task_list}
    assert names | set(CHARGES) | set(QUESTIONS) | set(edition().parameters) <= set(edition().words.labels)


def test_every_step_of_every_explanation_has_a_label() -> None:
    """Also those that tables of shares add; only years name themselves."""
    names = {step.name for step in explained()}
    assert names - set(edition().words.labels) - {str(year) for year in range(2019, 2025)} == set()


def test_every_number_in_an_explanation_has_a_unit() -> None:
    """Money is never shown as öre, and minutes, hours and clock times never as bare numbers."""
    bare = {
        step.name
        for step in explained()
        if isinstance(step.value, int) and not isinstance(step.value, bool) and not edition().words.unit(step.name)
    }
    assert bare - PLAIN == set()


def test_every_whole_number_in_a_tree_has_a_unit() -> None:
    """Facts and steps that are numbers, whether a sample shows them or not."""
    nodes = [node for tree in edition().trees.values() for node in tree.walk()]
    numbers = {node.name for node in nodes if node.kind is Kind.INT and node.op in ("step", "fact", "parameter")}
    assert {name for name in numbers if not edition().words.unit(name)} == set()


def test_every_code_has_a_swedish_name() -> None:
    """Declared codes of facts, constants and outcomes of decisions, and codes that a rule compares with."""
    codes = {code for one in ASKED for fact in one.facts.values() for code in fact.values if ">" not in code}
    codes |= {str(outcome) for one in ASKED for table in one.tables() for outcome in table.outcomes()}
    codes |= {flag for one in QUESTIONS.values() for flag in one.flag_trees}
    codes |= {task.who for one in QUESTIONS.values() for task in one.task_list}
    nodes = [node for tree in edition().trees.values() for node in tree.walk() if node.kind is Kind.CODE]
    codes |= {node.payload for node in nodes if node.op == "constant"}
    codes = {code for code in codes if edition().words.code(code) == str(code).removeprefix("MUNICIPALITY:")}
    assert codes == set()


def test_every_status_of_an_index_or_a_value_has_a_swedish_name() -> None:
    """What the remarks of an explanation may say."""
    notes = {"forecast", "preliminary", "published", "definitive", "entered", "expected"}
    assert {note for note in notes if edition().words.code(note) == note} == set()


def test_money_and_hours_are_shown_as_a_reader_expects() -> None:
    """Öre as kronor, parts of an hour as hours, minutes of the day as a clock time, the base as kronor."""
    price = charge("hired_staff").price(SAMPLES[0][1], edition())
    text = as_text(price.explanation, edition().words).replace("\N{NO-BREAK SPACE}", " ")
    for shown in ("Grundbelopp före index: 640,00 kr", "Påbörjade timmar: 1 tim", "Början: 16.00", "Indexsteg: 3,2 %",
                  "Timpris för inhyrd personal: 660,00 kr/tim", "Inhyrd personal: 660,00 kr"):  # fmt: skip
        assert shown in text
    job = charge("equipment_variable").price(SAMPLES[7][1], edition())
    shown = as_text(job.explanation, edition().words).replace("\N{NO-BREAK SPACE}", " ")
    assert "Timmar: 1,25 tim" in shown


def test_a_regions_share_is_shown_in_kronor_with_its_name() -> None:
    """The region stands beside its share; machines get kronor with two decimals."""
    share = as_json(charge("national_share").price(SAMPLES[-1][1], edition()).explanation, edition().words)["steps"][1]
    assert (share["label"], share["value"], share["unit"], share["source"]) == (
        "Regionens andel", "333.33", "kr", "Norrbottens län",
    )  # fmt: skip


@pytest.mark.parametrize(("name", "stated"), SAMPLES)
def test_no_english_name_is_left_in_an_explanation(name: str, stated: dict[str, Any]) -> None:
    """Not in a label, a value or a remark; only the call's own keys are repeated as they were stated."""
    text = as_text(charge(name).price(stated, edition().as_known(date(2026, 11, 22))).explanation, edition().words)
    assert "_" not in re.sub(r"angivet i anropet: [a-z0-9_]+", "", text)
