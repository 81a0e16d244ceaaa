"""A decision's table for reviewers: every case is in exactly one line, and the line says what is decided of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from avtal.editions.jamtland_2026 import QUESTIONS, edition
from avtal.language.compile import compile_tree
from avtal.language.evaluate import probes
from avtal.language.expression import choose, constant, parameter
from avtal.language.facts import FactConflict, FactError, Facts, FactSet, boolean, code, whole
from avtal.language.rule import Decision, Row
from avtal.language.space import DIFFERS, Difference, Line, Space, differences, differing, settled, space, tried
from tests.avtal.language.fakes import FakeValues, since

DAY = date(2026, 7, 1)
NOTHING = FakeValues({}, {})
DECLARED = FactSet(code("profession"), whole("days", high=100), boolean("wish"), code("housing", "own", "special"))
FACTS = Facts(DECLARED)


def small(limit: int = 14) -> Decision:
    """A table of three grounds."""
    return Decision(
        "status",
        (
            Row(1, FACTS.profession == "physician", "REGION", ("P-GEM-2b",)),
            Row(2, (FACTS.housing == "own") & (FACTS.days <= limit), "REGION", ("OB-ANS-2",)),
            Row(2, FACTS.wish.is_true(), "REGION", ("OB-ANS-ONS",)),
        ),
        otherwise="MUNICIPALITY",
        apart=True,
    )


def test_a_small_table_is_written_line_by_line() -> None:
    """Answers that lead to the same share a line; what makes no difference is left out; what is unsaid is asked for."""
    lines = space(small(), DECLARED, NOTHING, DAY)
    other, own, short, long = ("other",), ("own",), (0, 13, 14), (15,)
    assert lines == [
        Line({"profession": other, "housing": own, "days": short}, "REGION", ("OB-ANS-2",)),
        Line({"profession": other, "housing": own, "days": long, "wish": (False,)}, "MUNICIPALITY", ()),
        Line({"profession": other, "housing": own, "days": long, "wish": (True,)}, "REGION", ("OB-ANS-ONS",)),
        Line({"profession": other, "housing": ("special",), "wish": (False,)}, "MUNICIPALITY", ()),
        Line({"profession": other, "housing": ("special",), "wish": (True,)}, "REGION", ("OB-ANS-ONS",)),
        Line({"profession": ("physician",)}, "REGION", ("P-GEM-2b",)),
    ]


def test_two_editions_differ_between_their_limits() -> None:
    """Only the days between the old limit and the new one are decided differently."""
    shorter, longer = (
        FakeValues({"limit": since(("2026-01-01", 14))}, {}),
        FakeValues({"limit": since(("2026-01-01", 30))}, {}),
    )
    days = FactSet(whole("days", high=100))
    facts = Facts(days)
    most = parameter("limit", constant(DAY))
    decision = Decision("status", (Row(1, facts.days <= most, "REGION", ("OB-ANS-2",)),), otherwise="MUNICIPALITY")
    found = differences(decision, days, shorter, longer, DAY)
    inside = {"days": (15, 29, 30)}
    assert found == [
        Difference(inside, Line(inside, "MUNICIPALITY", ()), Line(inside, "REGION", ("OB-ANS-2",)))
    ]  # fmt: skip
    assert tried(decision, days, DAY, shorter, longer) == {"days": (0, 13, 14, 15, 29, 30, 31)}


def test_a_fact_that_turns_out_to_make_no_difference_is_left_out() -> None:
    """Unknown on both sides of an *or* that is true either way."""
    special = FACTS.housing == "special"
    decision = Decision("who", (Row(1, (FACTS.wish & special) | (FACTS.wish & ~special), "A"),), otherwise="B")
    assert space(decision, DECLARED, NOTHING, DAY) == [
        Line({"wish": (False,)}, "B", ()),
        Line({"wish": (True,)}, "A", ()),
    ]


def wrong(lines: Sequence[Line], decision: Decision, declared: FactSet, cases: int = 2000) -> list[str]:
    """Random cases, every fact stated, that are not in exactly one line, or in a line that decides otherwise."""
    dice = random.Random("cases")
    tree = settled(decision.tree(), edition(), edition().valid_from)
    asked = {fact: probes(tree, fact, declared) for fact in tree.facts()}
    pairs = [name for name in tried(decision, declared, edition().valid_from, edition()) if DIFFERS in name]
    decides = compile_tree(tree, edition())
    found = []
    for _ in range(cases):
        case = {fact: dice.choice(answers) for fact, answers in asked.items()}
        for pair in pairs:
            left, right = pair.split(DIFFERS)
            case[pair] = case[left] != case[right]
        here = [line for line in lines if all(case[fact] in given for fact, given in line.facts.items())]
        if len(here) != 1 or here[0].outcome != decides(case):
            found.append(f"{len(here)} lines: {case}")
    return found


@pytest.mark.parametrize(("name", "place"), [("care", "responsible"), ("care", "status"), ("product", "payer")])
def test_every_case_is_in_exactly_one_line(name: str, place: str) -> None:
    """The whole space, without gaps and overlaps; with a line less, or another outcome, it would be seen."""
    question = QUESTIONS[name]
    decision = next(one for one in question.tables() if one.name == place)
    lines = space(decision, question.facts, edition(), edition().valid_from)
    assert wrong(lines, decision, question.facts) == []
    widest = min(lines, key=lambda line: len(line.facts))
    assert wrong([line for line in lines if line is not widest], decision, question.facts) != []
    other = [replace(line, outcome="nobody") for line in lines]
    assert len(wrong(other, decision, question.facts)) == 2000


def test_no_case_of_care_is_without_a_ground() -> None:
    """Within the agreement's days every line of the status names its clauses."""
    status = next(one for one in QUESTIONS["care"].tables() if one.name == "status")
    lines = space(status, QUESTIONS["care"].facts, edition(), edition().valid_from)
    assert [line for line in lines if not line.clauses] == []


def test_answers_of_an_open_code_are_those_it_is_compared_with() -> None:
    """Codes that only a choice gives are not professions."""
    chosen = choose(FACTS.wish, FACTS.profession, "nurse")
    decision = Decision("who", (Row(1, chosen.is_in("physician", "nurse"), "A"),), otherwise="B")
    assert tried(decision, DECLARED, DAY, NOTHING)["profession"] == ("nurse", "other", "physician")
    status = choose(FACTS.profession == "physician", "level", "normal")
    outcome = Decision("next", (Row(1, status == "level", "A"),), otherwise="B")
    assert tried(outcome, DECLARED, DAY, NOTHING)["profession"] == ("other", "physician")


def test_two_facts_that_are_held_against_each_other_are_one_condition() -> None:
    """Which town it is makes no difference, only whether the two are the same."""
    towns = FactSet(code("home", "ARE", "BERG", "OTHER"), code("stays", "ARE", "BERG"), boolean("wish"))
    facts = Facts(towns)
    elsewhere = facts.home.is_in("ARE", "BERG") & (facts.stays != facts.home) & ~(facts.home == facts.stays)
    decision = Decision("who", (Row(1, elsewhere, "A"),), otherwise="B")
    there, back = differing("stays", "home"), differing("home", "stays")
    assert space(decision, towns, NOTHING, DAY) == [
        Line({"home": ("ARE", "BERG"), there: (False,)}, "B", ()),
        Line({"home": ("ARE", "BERG"), there: (True,), back: (False,)}, "B", ()),
        Line({"home": ("ARE", "BERG"), there: (True,), back: (True,)}, "A", ()),
        Line({"home": ("OTHER",)}, "B", ()),
    ]


def test_what_cannot_be_alike_is_not_a_line() -> None:
    """Whoever is registered outside the county cannot stay there, within it: no line says what such a case gives."""
    towns = FactSet(code("home", "ARE", "BERG", "OTHER"), code("stays", "ARE", "BERG"))
    facts = Facts(towns)
    decision = Decision("who", (Row(1, (facts.home == "OTHER") & (facts.stays == facts.home), "A"),), otherwise="B")
    assert space(decision, towns, NOTHING, DAY) == [Line({}, "B", ())]
    one = Space(decision, towns, NOTHING, DAY)
    apart = differing("stays", "home")
    found = [one.can_be({"home": home, apart: differ}) for home in ("ARE", "OTHER") for differ in (True, False)]
    assert found == [True, True, True, False]
    assert one.can_be({"stays": "ARE", "home": "ARE", apart: False})
    assert not one.can_be({"stays": "ARE", "home": "BERG", apart: False})


def test_codes_without_a_list_are_held_against_each_other_as_they_are() -> None:
    """What they may be is not known, so each is asked for."""
    open_codes = FactSet(code("one"), code("other", "a"))
    facts = Facts(open_codes)
    decision = Decision("who", (Row(1, facts.one == facts.other, "A"),), otherwise="B")
    assert Space(decision, open_codes, NOTHING, DAY).pairs == {}


def test_what_is_refused_together_is_not_a_line() -> None:
    """Physicians in own housing are refused here: nothing is left to tell apart."""

    def derive(_: Any, held: dict[str, Any], faults: list[FactError]) -> None:
        if held["profession"] == "physician" and held["housing"] == "own":
            faults.append(FactConflict("housing", "inte här"))

    apart = Decision("who", (Row(1, (FACTS.housing == "own") & (FACTS.profession == "physician"), "A"),), otherwise="B")
    assert {line.outcome for line in space(apart, DECLARED, NOTHING, DAY)} == {"A", "B"}
    assert space(apart, DECLARED, NOTHING, DAY, derive) == [Line({}, "B", ())]
