"""What can be asked of the agreement: a charge's price, or a question of responsibility; one answer for one case."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from avtal.book.answer import Answer, BadFacts
from avtal.book.edition import Edition
from avtal.book.missing import MissingValue
from avtal.book.readings import Choice
from avtal.book.stated import Stated
from avtal.language.facts import FactConflict

#: Keys that any case may state to be recognised by; they are given back as they are.
ECHOED = ("id", "event_id")


class UnknownKey(FactConflict):
    """A case states something that is not asked for."""

    def __init__(self, key: str, allowed: Sequence[str]) -> None:
        super().__init__(key, f"okänd nyckel; tillåtna är {', '.join(allowed)}")


class Inquiry(ABC):
    """Something that can be asked by name; ``ask`` answers one case."""

    name: str

    @abstractmethod
    def keys(self) -> tuple[str, ...]:
        """The keys that a case may state."""

    @abstractmethod
    def answer(self, stated: Stated, edition: Edition) -> Answer:
        """Answer a case whose keys are all known."""

    @cached_property
    def known(self) -> frozenset[str]:
        """The keys that a case may state, and those that are given back."""
        return frozenset((*self.keys(), *ECHOED))

    def ask(self, stated: Stated, edition: Edition) -> Answer:
        """The answer for one case.

        Raises:
            BadFacts: A key is unknown, or a value is not what is allowed.
            MissingValue: The parties have not entered a number that the case needs.
        """
        allowed = self.keys()
        unknown = [UnknownKey(key, allowed) for key in stated if key not in self.known]
        try:
            answer = self.answer(stated, edition)
        except BadFacts as bad:
            raise BadFacts([*unknown, *bad.faults]) from None
        except MissingValue:
            if not unknown:
                raise
            raise BadFacts(unknown) from None  # the misspelt key may be the number that is missing
        if unknown:
            raise BadFacts(unknown)
        echoed = {key: stated[key] for key in ECHOED if key in stated}
        return replace(answer, fields={**echoed, **answer.fields}) if echoed else answer

    def told(self, stated: Stated, edition: Edition) -> bytes:
        """The whole answer as JSON in UTF-8, with what the other readings would give; raises what ``ask`` does."""
        answer = self.ask(stated, edition)
        found = answer.as_dict(edition)
        others = {**self.alternatives(stated, edition, answer), **found.get("alternatives", {})}
        return json.dumps({**found, "alternatives": others}, ensure_ascii=False).encode()

    def alternatives(self, stated: Stated, edition: Edition, answer: Answer) -> dict[str, dict[str, Any]]:
        """What every other option of a reading that mattered would have given: see ``_other``."""
        found: dict[str, dict[str, Any]] = {}
        for reading in answer.explanation.readings():
            for option in edition.readings[reading].computed:
                if option != edition.option(reading):
                    other = edition.choosing(Choice(reading, option, "alternativ", date.min, "alternativ"))
                    found.setdefault(reading, {})[option] = self._other(stated, other)
        return found

    @abstractmethod
    def _other(self, stated: Stated, edition: Edition) -> Any:
        """What the same case gives under an edition with another option."""
