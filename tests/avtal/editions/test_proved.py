"""The decision tables of the questions are proved for every case; planted faults are found, however rare."""

from __future__ import annotations

from dataclasses import replace

import pytest

from avtal.book.question import Question
from avtal.editions.jamtland_2026 import QUESTIONS, edition
from avtal.language.analyse import Findings, analyse
from avtal.language.expression import by_reading
from avtal.language.rule import Decision, Row

TABLES = [(question, table) for question in QUESTIONS.values() for table in question.tables()]
NAMES = [f"{question.name}.{table.name}" for question, table in TABLES]


def found_in(question: Question, table: Decision) -> Findings:
    """What the build-time check finds in a table."""
    return analyse(question.name, table, question.facts, edition(), question.derive)


@pytest.mark.parametrize(("question", "table"), TABLES, ids=NAMES)
def test_no_decision_table_has_overlaps_gaps_or_rows_that_never_decide(question: Question, table: Decision) -> None:
    """Proved for every case, whatever is unsaid and whatever the parties choose; every one is decided."""
    found = found_in(question, table)
    assert found.proved
    assert (found.overlaps, found.unreachable, found.gaps, found.unknown) == ((), (), (), ())


@pytest.mark.parametrize("rank", [1, 9])
def test_two_rows_of_equal_rank_that_disagree_are_caught(rank: int) -> None:
    """The broken twin: one more row beside the first, or beside the last, with another outcome."""
    question = QUESTIONS["product"]
    payer = next(table for table in question.tables() if table.name == "payer")
    twin = Row(rank, question.recorders[0].product.is_in("sampling", "diabetes"), "MANUAL")
    found = found_in(question, replace(payer, rows=(*payer.rows, twin)))
    assert found.overlaps
    assert all(f"rang {rank} ger både" in one for one in found.overlaps)


def status_with(*rows: Row) -> Findings:
    """What is found where the table of the ground has more rows."""
    question = QUESTIONS["care"]
    status = next(table for table in question.tables() if table.name == "status")
    return found_in(question, replace(status, rows=(*status.rows, *rows)))


def rank_of(outcome: str) -> int:
    """The rank of the ground's row that gives an outcome."""
    status = next(table for table in QUESTIONS["care"].tables() if table.name == "status")
    return next(row.rank for row in status.rows if row.then == outcome)


def test_a_row_that_disagrees_in_one_case_of_millions_is_caught() -> None:
    """The broken twin that no sample of 50 000 met: a facility, and ten facts more."""
    facts = QUESTIONS["care"].recorders[0]
    rare = (
        facts.housing.is_in("special", "short_term", "lss_housing") & facts.safe_at_home & facts.self_care_possible
        & facts.digital_considered & ~facts.frequent & facts.continuous & (facts.days > 14) & (facts.cfs == 5)
        & (facts.cognitive == "symptoms") & (facts.barrier == "illness") & ~facts.can_reach_health_centre
    )  # fmt: skip
    found = status_with(Row(rank_of("housing"), rare, "normal_case"))
    assert len(found.overlaps) == 1
    assert found.overlaps[0].startswith(f"rang {rank_of('housing')} ger både housing och normal_case: ")
    assert ", days=15, cfs=5, cognitive=symptoms, " in found.overlaps[0]


def test_a_row_that_rests_on_a_reading_and_never_decides_is_caught() -> None:
    """The broken twin: ranked after what decides for everybody in a facility; by its reading it was let off before."""
    facts = QUESTIONS["care"].recorders[0]
    facility = facts.housing == "special"
    dead = by_reading("A61", {"region_responsible": facility & facts.urgent, "municipality_responsible": facility})
    found = status_with(Row(rank_of("housing") + 1, dead, "dead"))
    assert [one.split(" (")[1] for one in found.unreachable] == [f"dead, rang {rank_of('housing') + 1}) avgör aldrig"]


def test_what_is_refused_together_is_no_overlap() -> None:
    """Costs of staff in hospital are stated only for somebody who is admitted: at home they meet nobody."""
    facts = QUESTIONS["care"].recorders[0]
    costly = (facts.wage_cost > 0) & (facts.place != "inpatient")
    found = status_with(Row(rank_of("housing"), costly, "costly"))
    assert found.overlaps == ()
    assert "(costly, rang" in found.unreachable[-1]
