"""What a decision can still come to: nothing possible is left out, and what a stated fact rules out is not there."""

from __future__ import annotations

from avtal.language.expression import by_reading, choose
from avtal.language.possible import possible
from avtal.language.rule import Decision, Row
from tests.avtal.language.test_evaluate import VALUES, F

DECISION = Decision("who", (Row(1, F.p, "REGION"), Row(2, F.q, "MUNICIPALITY")), "MANUAL").tree("X-1")


def test_with_nothing_stated_every_outcome_is_possible() -> None:
    """In the table's order."""
    assert possible(DECISION, {}, VALUES) == ("REGION", "MUNICIPALITY", "MANUAL")


def test_what_is_stated_rules_out() -> None:
    """A row that fails, a row that holds, and a row that is unknown before one that holds."""
    assert possible(DECISION, {"p": False}, VALUES) == ("MUNICIPALITY", "MANUAL")
    assert possible(DECISION, {"p": True}, VALUES) == ("REGION",)
    assert possible(DECISION, {"q": True}, VALUES) == ("REGION", "MUNICIPALITY")


def test_a_branch_that_is_chosen_may_be_open_itself() -> None:
    """The other branch is ruled out."""
    tree = choose(F.p, choose(F.q, "A", "B"), "C")
    assert possible(tree, {"p": True}, VALUES) == ("A", "B")
    assert possible(tree, {"p": False}, VALUES) == ("C",)


def test_a_reading_opens_its_chosen_branch_only() -> None:
    """What the other option could give is not possible under this one."""
    tree = by_reading("A01", {"wide": choose(F.p, "A", "B"), "narrow": "C"})
    assert possible(tree, {}, VALUES) == ("A", "B")


def test_a_code_that_is_a_fact_may_be_anything_and_names_nothing() -> None:
    """Only a table's own outcomes can be listed."""
    assert possible(choose(F.p, F.c, "other"), {}, VALUES) == ("other",)
    assert possible(choose(F.p, F.c, "other"), {"c": "x"}, VALUES) == ("x", "other")
