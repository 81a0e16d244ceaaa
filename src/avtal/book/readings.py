"""The open questions of the text (A01 to A65 and our own): options, recommended and chosen one, and who decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from avtal.explain import Step

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """One question that the text leaves open or answers in two ways.

    Attributes:
        id: A01 to A65 are the project's list; higher numbers were added while the rules were written.
        title: The question.
        clauses: Where the text leaves it open.
        problem: What the text says and does not say.
        options: Option -> what it means.
        default: The recommended option, used until the parties decide.
        computed: The options that the edition's rules can compute.
        decided_by: Who may choose.
        why: Why the default is recommended.
    """

    id: str
    title: str
    clauses: tuple[str, ...]
    problem: str
    options: Mapping[str, str]
    default: str
    computed: tuple[str, ...]
    decided_by: str
    why: str

    def left_to(self) -> str:
        """Who decides it, as a sentence for users."""
        return f"Beslutas av {self.decided_by} ({self.id})."


@dataclass(frozen=True, slots=True)
class Choice:
    """What the parties chose for a reading: option, who, when and where it is written."""

    reading: str
    option: str
    decided_by: str
    decided: date
    source: str


@dataclass(frozen=True, slots=True)
class Chosen(Generic[T]):
    """A setting that depends on a reading, or on none: the same in data as ``by_reading`` is in a tree."""

    options: Mapping[str, T]
    reading: str = ""

    def pick(self, step: Step | None) -> T:
        """The setting under the option that a reading's step shows; the only one when no reading matters."""
        return self.options[str(step.value) if step else ""]


def fixed(value: T) -> Chosen[T]:
    """A setting on which no reading bears."""
    return Chosen({"": value})
