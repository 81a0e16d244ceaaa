"""What has been said so far, and where the asking stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from avtal.book.answer import Answer
from avtal.language.expression import Value

#: What is sent for a fact that a person does not know.
PASSED = "?"
TRUTHS = {"ja": True, "nej": False}
DAY = "date"

Raw = Mapping[str, str]
Facts = dict[str, "Value | None"]


@dataclass(frozen=True)
class Standing:
    """What has been said so far.

    Attributes:
        raw: Fact -> what was sent, in order of answering; ``PASSED`` for what is not known.
        stated: Fact -> the value as it is stated to the question.
        case: Every fact as the rules have it; None is unknown.
        faults: Fact -> what is wrong with what was sent, and what is allowed.
    """

    raw: dict[str, str]
    stated: dict[str, Any]
    case: Facts
    faults: dict[str, str] = field(default_factory=dict)

    @cached_property
    def passed(self) -> frozenset[str]:
        """What the person does not know."""
        return frozenset(name for name, sent in self.raw.items() if sent == PASSED)


@dataclass(frozen=True)
class Turn:
    """Where the asking stands.

    Attributes:
        standing: What has been said, without what is no longer needed.
        dropped: What was said and is no longer needed: fact -> what was sent.
        answer: The answer as far as it goes; None while something is wrong.
        page: The facts to ask for now; empty where nothing is left to ask.
        forming: The main answers that are still possible, as they are named.
        at_most: So many questions are left, at the most.
        decisive: Facts that nobody asks for, but that would change who answers if they were stated.
        further: Facts that would change something else.
    """

    standing: Standing
    dropped: Mapping[str, str]
    answer: Answer | None
    page: tuple[str, ...]
    forming: tuple[str, ...]
    at_most: int
    decisive: tuple[str, ...]
    further: tuple[str, ...]
