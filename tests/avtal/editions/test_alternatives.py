"""An answer names every reading that would change it: another option of any other reading leaves it as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest

from avtal.book.edition import Edition
from avtal.book.question import CHECKLISTS
from avtal.book.readings import Choice
from avtal.editions.jamtland_2026 import QUESTIONS, edition
from tests.avtal.editions.golden import Golden, golden_cases

CASES = [case for case in golden_cases() if case.asks in QUESTIONS]
OPTIONS = [
    (reading.id, option)
    for reading in edition().readings.values()
    for option in reading.computed
    if option != edition().option(reading.id)
]


@cache
def under(reading: str, option: str) -> Edition:
    """The edition with another option, made once: it keeps what it has worked out."""
    return edition().choosing(Choice(reading, option, "another", date.min, "another"))


def changed(case: Golden, reading: str, option: str) -> dict[str, Any]:
    """The fields of a case that another option of a reading gives another value, with that value."""
    question = QUESTIONS[case.asks]
    now, then = (question.ask(case.facts, one).fields for one in (edition(), under(reading, option)))
    return {name: value for name, value in then.items() if value != now[name] and name not in CHECKLISTS}


def untold(case: Golden, reading: str, option: str, told: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The fields that it changes and the answer does not tell of."""
    named = told.get(reading, {}).get(option, {})
    found = changed(case, reading, option).items()
    return {name for name, value in found if named.get(name, ...) != value}


@pytest.mark.parametrize(("reading", "option"), OPTIONS)
def test_an_answer_names_the_readings_that_would_change_it(reading: str, option: str) -> None:
    """For every golden case with a known answer; an answer that told nothing would be caught for some of them."""
    found = [case for case in CASES if untold(case, reading, option, {})]
    assert found or not any(changed(case, reading, option) for case in CASES)
    for case in found:
        question = QUESTIONS[case.asks]
        answer = question.ask(case.facts, edition())
        told = question.alternatives(case.facts, edition(), answer)
        assert answer.fields[question.main] is None or untold(case, reading, option, told) == set(), case
