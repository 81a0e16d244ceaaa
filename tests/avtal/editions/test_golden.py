"""The golden cases against the edition; every row of the shared list has one that holds and one that does not."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from avtal.editions.jamtland_2026 import CHARGES, QUESTIONS, edition
from avtal.language.compile import compile_tree
from avtal.language.rule import Row
from tests.avtal.editions.golden import Golden, golden_cases, golden_rules

SHARED = Path(__file__).parents[4] / "shared" / "agreement" / "responsibility_rules.csv"
CASES = list(golden_cases())
ASKED = {**CHARGES, **QUESTIONS}
#: Keys of an expected answer that name what must be there among more.
AMONG = ("flags", "readings", "clauses", "missing", "checklist")


def answered(case: Golden) -> dict[str, Any]:
    """What the edition answers, the checklist as names."""
    answer = ASKED[case.asks].ask(case.facts, edition()).as_dict(edition())
    duties = answer.get("checklist", [])
    return {**answer, "checklist": [one["duty"] for one in duties]}


def differences(case: Golden, answer: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Key -> what the text says and what was answered, where they differ."""
    found = {}
    for key, expected in case.answer.items():
        if key.startswith("without_"):
            given = answer[key.removeprefix("without_")]
            differs = bool(set(expected) & set(given))
        else:
            given = answer[key]
            differs = not set(expected) <= set(given) if key in AMONG else given != expected
        if differs:
            found[key] = (expected, given)
    return found


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_text_and_the_edition_say_the_same(case: Golden) -> None:
    """Every expected field, flag, reading, clause, missing fact and duty."""
    assert differences(case, answered(case)) == {}, case.says


#: Rows without a condition: that the region provides physicians is so in every case there is (001:87, 001:879).
ALWAYS = {"RULE-006", "RULE-035"}


def test_every_row_has_a_case_that_holds_and_one_that_does_not() -> None:
    """All 136, by their numbers; a row that always holds has several that hold."""
    holds = [row for case in CASES for row in case.holds]
    fails = {row for case in CASES for row in case.fails}
    assert sorted(golden_rules()) == [f"RULE-{n:03d}" for n in range(1, 137)]
    assert (set(golden_rules()) - set(holds), set(golden_rules()) - fails) == (set(), ALWAYS)
    assert all(holds.count(row) > 1 for row in ALWAYS)
    assert set(holds) | fails <= set(golden_rules())


@pytest.mark.skipif(not SHARED.exists(), reason="the shared list is not beside this checkout")
def test_the_rows_are_those_of_the_shared_list() -> None:
    """The same numbers and clauses, in the same order."""
    with SHARED.open(encoding="utf-8-sig") as file:
        assert list(golden_rules().items()) == [(row["id"], row["clause_id"]) for row in csv.DictReader(file)]


def test_every_case_names_a_clause_and_says_it_in_a_sentence() -> None:
    """A clause of the book, a sentence with a full stop, and something that is expected."""
    for case in CASES:
        assert case.clause in edition().clauses, case
        assert case.says.endswith("."), case
        assert case.answer, case


def test_a_wrong_answer_is_caught() -> None:
    """The broken twin: of each kind of key, a difference is seen."""
    case = next(one for one in CASES if one.file == "palliative" and one.number == 1)
    answer = answered(case)
    wrong = answer | {"responsible": "MUNICIPALITY:ARE", "flags": ["inform_physician_before_consultation"]}
    wrong |= {"checklist": ["fetch_medicines"]}
    assert set(differences(case, wrong)) == {
        "responsible", "flags", "without_flags", "checklist", "without_checklist",
    }  # fmt: skip


#: Rows that change no outcome of a golden case: they name a further ground of what would come out anyway, or decide
#: under another option of a reading only.
GROUNDS_ONLY = {
    "care.responsible": {"PV-ANS-1", "PV-ANS-2", "SB-REH-1"},
    "care.performer": {"PV-ANS-4", "OB-ANS-ONS"},
    "product.payer": {"OB-HJM-5", "OB-SJM-3b", "OB-HJM-0"},
    "product.prescriber": {"OB-HJM-5", "OB-SJM-3b", "OB-HJM-0"},
    "matter.responsible": {"MT-ANS-6"},
    "matter.payer": {"PV-LKM-3"},
}
TABLES = {f"{one.name}.{table.name}": (one, table) for one in QUESTIONS.values() for table in one.tables()}


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_every_table_is_needed_by_a_golden_case(name: str) -> None:
    """A twin of the table without one row gives another outcome for some golden case, for row after row."""
    question, table = TABLES[name]
    stated = [{key: value for key, value in case.facts.items() if value is not None} for case in CASES
              if case.asks == question.name]  # fmt: skip
    cases = [question.case(one, edition()) for one in stated]

    def outcomes(rows: tuple[Row, ...]) -> list[Any]:
        decide = compile_tree(replace(table, rows=rows).tree(), edition())
        return [decide(case) for case in cases]

    whole = outcomes(table.rows)
    idle = {
        row.clauses[0]
        for number, row in enumerate(table.rows)
        if outcomes(table.rows[:number] + table.rows[number + 1 :]) == whole
    }
    assert idle == GROUNDS_ONLY.get(name, set())


def test_every_row_is_named_by_an_answer_where_it_holds() -> None:
    """The clause of each of the 136 is among those of an answer where it holds; one where it fails does without."""
    named = {row: clause for case in CASES for clause in answered(case)["clauses"] for row in case.holds
             if golden_rules()[row] == clause}  # fmt: skip
    assert named == golden_rules()
    at_home = next(case for case in CASES if "RULE-022" in case.fails and case.facts["registered_in"] == "ARE")
    assert "OB-BAK-3" not in answered(at_home)["clauses"]


def test_clauses_name_what_the_explanation_does_not_go_into() -> None:
    """The health centre and the duties are told beside the reasons, with their clauses."""
    case = next(one for one in CASES if one.file == "special_housing" and one.clause == "SB-LAK-3")
    answer = QUESTIONS["care"].ask(case.facts, edition())
    assert {"SB-LAK-3", "SB-INF-1"} <= set(answer.grounds) - set(answer.explanation.all_clauses())
    assert {"SB-LAK-3", "SB-INF-1"} <= set(answer.as_dict(edition())["clauses"])
