"""Every row of the shared list is carried out by the edition and tried both ways."""

from __future__ import annotations

import pytest

from avtal.editions.jamtland_2026 import QUESTIONS, edition
from tests.architecture.rows import carried_out, rows
from tests.avtal.editions.test_golden import ALWAYS

ROWS = {row: (clause, steps, holds, fails) for row, clause, steps, holds, fails in rows(edition().trees)}


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_what_carries_it_out_and_cases_both_ways(row: str) -> None:
    """At least one rule or table, one golden case that holds and, unless it always holds, one that does not."""
    _, steps, holds, fails = ROWS[row]
    assert steps
    assert holds
    assert (row in ALWAYS) is not bool(fails)


def test_every_rule_is_part_of_an_answer() -> None:
    """A rule that no tree hangs on is dead: it would look carried out and decide nothing."""
    used = {node.name for tree in edition().trees.values() for node in tree.walk()}
    used |= {node.name for one in QUESTIONS.values() for task in one.task_list for node in task.when.walk()}
    assert set(edition().rules) - used == set()


def test_a_row_that_nothing_carries_out_is_seen() -> None:
    """The broken twin: without the trees of care, the four criteria are carried out by nothing."""
    left = {place: tree for place, tree in edition().trees.items() if not place.startswith("care.")}
    assert "OB-ANS-2" in carried_out(edition().trees)
    assert "OB-ANS-2" not in carried_out(left)
    assert not next(steps for row, _, steps, _, _ in rows(left) if row == "RULE-027")
