"""Which clauses an answer cites: those of the texts that speak of the person and the product, and of no exception."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from avtal.editions.jamtland_2026 import QUESTIONS, edition
from avtal.language.rule import Decision

NURSE = {
    "registered_in": "ARE", "housing": "ordinary", "place": "home", "profession": "nurse", "palliative_team": False,
    "safe_at_home": True, "self_care_possible": False, "digital_considered": True, "frequent": True,
    "continuous": True, "days": 30, "cfs": 6, "can_reach_health_centre": False, "barrier": "illness",
}  # fmt: skip
REGULAR = {"responsible_party": "MUNICIPALITY:ARE", "palliative_team": False}


@pytest.mark.parametrize(
    ("name", "case", "cited", "silent"),
    [
        ("care", NURSE, "OB-ANS-FLEX", {"SB", "PV", "TB", "OB-REH-1"}),
        ("care", {**NURSE, "profession": "physiotherapist"}, "OB-REH-1", {"SB", "PV", "TB"}),
        ("care", {**NURSE, "palliative": "general"}, "PV-ANS-1", {"SB"}),
        ("care", {**NURSE, "housing": "special"}, "SB-ANS-1", {"OB-ANS-FLEX", "PV", "TB"}),
        ("care", {**NURSE, "place": "sol_day_activity"}, "SB-ANS-2", {"PV", "TB"}),
        ("care", {"place": "inpatient", "housing": "special"}, "SB-SLU-1", {"OB-SLU-1"}),
        ("care", {"place": "inpatient", "housing": "ordinary"}, "OB-SLU-1", {"SB-SLU-1"}),
        ("care", {"place": "inpatient"}, "SB-SLU-1", set()),
        ("product", {"product": "nutrition", "palliative_team": True, "housing": "ordinary"}, "PV-SJP-1",
         {"OB-SJM-4", "SB-SJM-4", "OB-HJM-1", "SB"}),
        ("product", {**REGULAR, "product": "oxygen", "medical_responsibility": "specialised", "housing": "ordinary"},
         "OB-HJM-2d", {"OB-HJM-2b", "OB-HJM-2c", "SB", "PV-SJP-1"}),
        ("product", {**REGULAR, "product": "specialist_equipment", "specialised_intervention": True,
                     "physician_only": False, "housing": "ordinary"}, "OB-HJM-3", {"OB-SJM-3", "SB", "PV-SJP-1"}),
    ],
)  # fmt: skip
def test_clauses_are_of_the_documents_that_speak_of_the_case(
    name: str, case: dict[str, Any], cited: str, silent: set[str]
) -> None:
    """Ordinary housing, special housing and palliative care say much the same, each of its own; unknown cites both."""
    head = QUESTIONS[name].ask(case, edition()).head(edition())
    assert cited in head["clauses"]
    wrong = [one for one in head["clauses"] if {one, one.partition("-")[0]} & silent]
    assert wrong == []
    told = [clause for duty in head["checklist"] for clause in duty["clauses"]]
    assert [one for one in told if one not in head["clauses"]] == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_whom_a_document_speaks_of_is_declared_of_what_the_edition_holds(name: str) -> None:
    """Every key is a document or a clause of the edition: a misspelt one would keep nothing silent."""
    known = {*edition().clauses, *(clause.document for clause in edition().clauses.values())}
    assert set(QUESTIONS[name].speaking) <= known


#: The main rules: they hold where no other does, so no rule of a condition carries them.
MAIN_RULES = {"OB-ANS-U", "OB-DEF-1"}
TABLES = {f"{name}.{table.name}": table for name in ("care", "product") for table in QUESTIONS[name].tables()}


def foreign(table: Decision) -> set[str]:
    """The clauses that stand on a row and on no rule of its condition."""
    return {
        clause
        for row in table.rows
        for clause in set(row.clauses) - {one for node in row.when.walk() for one in node.clauses}
    }


@pytest.mark.parametrize("name", TABLES)
def test_a_row_cites_the_rules_of_its_condition_and_no_other(name: str) -> None:
    """A clause on a row is carried out by a rule that it rests on; another one on any of its rows is found."""
    table = TABLES[name]
    assert foreign(table) <= MAIN_RULES
    for number, row in enumerate(table.rows):
        wrong = replace(row, clauses=(*row.clauses, "X-1"))
        rows = (*table.rows[:number], wrong, *table.rows[number + 1 :])
        assert "X-1" in foreign(replace(table, rows=rows))


def test_what_is_told_beside_the_answer_cites_the_clauses_that_say_it() -> None:
    """Output for output, held against the documents; an answer with that field has them among its clauses."""
    assert QUESTIONS["product"].beside == {"ground": ("OB-SJM-1", "SB-SJM-1")}
    assert QUESTIONS["care"].beside == {
        "criterion_1": ("OB-ANS-1",),
        "criterion_2": ("OB-ANS-2",),
        "criterion_3": ("OB-ANS-3a", "OB-ANS-3b"),
        "criterion_4": ("OB-ANS-4",),
        "below_dementia": ("OB-CFS",),
        "physician": ("P-GEM-4", "OB-LAK-1"),
        "recharge": ("OB-BAK-3", "PV-ANS-4"),
        "responsible_for_intervention": ("SB-ANS-1b",),
        "responsible_otherwise": ("SB-ANS-2b",),
        "responsible_health_centre": ("SB-LAK-1", "SB-LAK-2", "SB-LAK-3"),
        "regular_physician_contact": ("SB-LAK-2", "PV-LAK-1", "PV-LAK-1b"),
        "responsible_unit": ("PV-BAK-5", "TB-PAL-2"),
        "compensation": ("PV-ANS-3",),
        "invoiced": ("OB-SLU-3", "SB-SLU-3"),
    }
