"""What an inquiry answers: its fields, flags and missing facts, with the explanation that they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from avtal.book.edition import Edition
from avtal.explain import Step, as_json
from avtal.language.facts import FactError


class BadFacts(ValueError):
    """A case has faults: every one of them, each naming its key and what is allowed."""

    def __init__(self, faults: Sequence[FactError]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a charge or a question gives for one case.

    Attributes:
        fields: The answer's own keys, in the agreement's JSON names; money as kronor text, None is unknown.
        explanation: How it came about.
        flags: What a human must look at.
        missing: Facts that are needed and not stated.
        shares: Party code -> öre, where the charge shares a sum.
        next_question: The missing fact whose answers most often settle the case.
        grounds: Clauses of fields and duties that the explanation does not go into.
    """

    fields: Mapping[str, Any]
    explanation: Step
    flags: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    shares: Mapping[str, int] = field(default_factory=dict)
    next_question: str | None = None
    grounds: tuple[str, ...] = ()

    def as_dict(self, edition: Edition) -> dict[str, Any]:
        """The whole answer as JSON values."""
        return {**self.head(edition), "explanation": as_json(self.explanation, edition.words)}

    def head(self, edition: Edition) -> dict[str, Any]:
        """All but the explanation."""
        return {
            **self.fields,
            "flags": list(self.flags),
            "missing": list(self.missing),
            "next_question": self.next_question,
            "clauses": list(dict.fromkeys((*self.explanation.all_clauses(), *self.grounds))),
            "readings": list(self.explanation.readings()),
            "edition": edition.code,
        }


def standing_flags(explanation: Step, on: date | None, edition: Edition) -> tuple[str, ...]:
    """Flags that any answer may carry.

    ``preliminary_price``: an index step is preliminary (A07). ``before_agreement``: the day lies before the agreement's
    first, so that the answer is the document's worked example. ``after_agreement``: it lies after the first
    term's last, so that the answer holds only if the agreement was renewed (P-GIL-3).
    """
    early = on is not None and on < edition.valid_from
    late = on is not None and on > edition.valid_to
    preliminary = "preliminary" in explanation.notes()
    return (
        *(["preliminary_price"] if preliminary else []),
        *(["before_agreement"] if early else []),
        *(["after_agreement"] if late else []),
    )


def party(code: str, edition: Edition) -> str:
    """How an answer names a party: ``REGION``, or ``MUNICIPALITY:`` and the code."""
    return f"MUNICIPALITY:{code}" if code in edition.parties[1:] else code
