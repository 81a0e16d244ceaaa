"""Walking through the open question as a person would, and what a step of it may be held against."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from typing import Any

from avtal.editions.jamtland_2026 import QUESTIONS, asked, edition
from avtal.language.compile import compile_tree
from avtal.language.expression import Value
from samverka.care.asking import Interview
from samverka.care.asking_standing import PASSED, Turn

DAY = "2026-07-01"
#: A person at home for whom all four criteria are met.
NORMAL: dict[str, str] = {
    "place": "home", "profession": "nurse", "housing": "ordinary", "registered_in": "BERG", "palliative_team": "nej",
    "safe_at_home": "ja", "self_care_possible": "nej", "digital_considered": "ja", "frequent": "ja",
    "continuous": "ja", "days": "20", "cfs": "6", "age": "80", "can_reach_health_centre": "nej",
    "barrier": "illness",
}  # fmt: skip


@cache
def interview(name: str) -> Interview:
    """A question of the edition as it is put to a person."""
    return Interview(QUESTIONS[name], edition(), asked())


def as_sent(value: Value) -> str:
    """A value as a form sends it."""
    return {True: "ja", False: "nej"}[value] if isinstance(value, bool) else str(value)


def turn_of(name: str, said: Mapping[str, str]) -> Turn:
    """Where the asking stands after some answers."""
    put = interview(name)
    return put.turn(put.read({"date": DAY, **said}))


def walk(name: str, dice: random.Random, *, passes: float = 0.0, lean: float = 0.0) -> Iterator[Turn]:
    """Every step of a way through: answers at random, some of them not known, some as in the normal case."""
    put = interview(name)
    said = {"date": DAY}
    while True:
        turn = put.turn(put.read(said))
        yield turn
        if not turn.page:
            return
        said = dict(turn.standing.raw)
        for fact in turn.page:
            answer = as_sent(dice.choice(put.probes(fact)))
            if fact in NORMAL and dice.random() < lean:
                answer = NORMAL[fact]
            said[fact] = PASSED if dice.random() < passes else answer


def makes_a_difference(name: str, fact: str, turn: Turn, dice: random.Random, tries: int = 400) -> bool:
    """Whether two answers to a fact ever lead to different answers, whatever else is answered to what is still open.

    What was passed by stays unknown. It asks compiled trees, which know nothing of outlooks.
    """
    put, case = interview(name), turn.standing.case
    open_ = [one for one in put.question.facts.stated() if one not in turn.standing.raw and one != fact]
    for _ in range(tries):
        lean = dice.random()
        rest = {one: _some(put, one, dice, lean) for one in open_}
        found = {_asked(name, {**case, **rest, fact: answer}) for answer in put.probes(fact)}
        if len(found) > 1:
            return True
    return False


def _some(put: Interview, fact: str, dice: random.Random, lean: float) -> Value | None:
    if fact in NORMAL and dice.random() < lean:
        return put.read({fact: NORMAL[fact]}).case[fact]
    return dice.choice([*put.probes(fact), None])


@cache
def _compiled(name: str) -> tuple[Any, ...]:
    question, warned = QUESTIONS[name], asked().entrances[name].warned
    trees = [*(question.trees[output] for output in question.asked), *(question.flag_trees[flag] for flag in warned)]
    return tuple(compile_tree(tree, edition()) for tree in trees)


def _asked(name: str, case: Mapping[str, Value | None]) -> tuple[object, ...]:
    """The outputs that are asked for and the party that each of them names, and which warnings are raised."""
    values, count = [closure(case) for closure in _compiled(name)], len(QUESTIONS[name].asked)
    outputs, warnings = values[:count], [value is True for value in values[count:]]
    return (*outputs, *(QUESTIONS[name].party(value, case) for value in outputs), *warnings)


class Form(HTMLParser):
    """The first form of a page that goes to an address: what it sends when no button but the first is pressed."""

    def __init__(self, text: str, action: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.names: set[str] = set()
        self.buttons: list[tuple[str, str]] = []
        self._action, self._inside, self._done = action, False, False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a field, and what it would send."""
        said = {key: value or "" for key, value in attrs}
        if tag == "form" and said.get("action") == self._action and not self._done:
            self._inside = True
        if not self._inside:
            return
        if tag in ("input", "select"):
            self.names.add(said.get("name", ""))
        if tag == "input" and (said.get("type") not in ("radio", "checkbox") or "checked" in said):
            self.fields.append((said["name"], said.get("value", "")))
        if tag == "button":
            self.buttons.append((said.get("name", ""), said.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """The end of the form."""
        if tag == "form" and self._inside:
            self._inside, self._done = False, True

    def sent(self, **more: str) -> dict[str, list[str]]:
        """What is sent, with what is filled in or pressed."""
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            if name not in more:
                found.setdefault(name, []).append(value)
        return {**found, **{name: [value] for name, value in more.items()}}

    @property
    def shown(self) -> list[str]:
        """The facts that are asked for."""
        return [value for name, value in self.fields if name == "shown"]
