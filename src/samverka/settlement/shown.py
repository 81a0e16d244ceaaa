"""Lines, readings and bases as pages show them: labels, quantities and marks in Swedish. No money is computed here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from samverka.agreements.county import base
from samverka.settlement.models import InvoiceLine, ProposalLine

KINDS = {"charge": "avgift", "correction": "rättelse"}
#: An explanation of more events than this shows the first ones; every event has its own on a page of its own.
MOST_STEPS = 25
CORRECTION = "Rättelse"  # what the explanation of one is called; below it what is computed now, and what was issued
UNCONFIRMED = "standardval"  # how a reading's note begins where the parties have not chosen


def label(charge: str) -> str:
    """A charge's name."""
    return base().words.label(charge)


def code(value: str) -> str:
    """A code's name: a status, a flag, a party."""
    return base().words.code(value)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line ready for a page.

    Attributes:
        line: The line itself.
        charge: The charge's name.
        kind: Empty for a charge, else what it is.
        status: What it came to; empty on an invoice.
        quantity: How much of a unit, with a decimal comma.
        flags: What a human must look at.
        explanation: How it came about, with at most ``MOST_STEPS`` events.
        left_out: How many events the explanation leaves out.
    """

    line: ProposalLine | InvoiceLine
    charge: str
    kind: str
    status: str
    quantity: str
    flags: tuple[str, ...]
    explanation: dict[str, Any]
    left_out: int


def shown(line: ProposalLine | InvoiceLine) -> Shown:
    """A line ready for a page."""
    explanation, left_out = shortened(line.explanation)
    status = code(line.status) if isinstance(line, ProposalLine) else ""
    return Shown(
        line, label(line.charge), "" if line.kind == "charge" else KINDS[line.kind], status, quantity_of(line),
        tuple(code(flag) for flag in line.flags), explanation, left_out,
    )  # fmt: skip


def quantity_of(line: ProposalLine | InvoiceLine) -> str:
    """The quantity with a decimal comma and its unit; a dash for a correction of the amount alone."""
    if line.kind == "correction" and not line.quantity:
        return "–"
    number = f"{(Decimal(line.quantity) / line.scale).normalize():f}".replace(".", ",").replace("-", "−")
    return f"{number}\N{NO-BREAK SPACE}{line.unit}"


def shortened(explanation: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """An explanation with at most so many steps below its top, and how many were left out."""
    steps = explanation.get("steps", [])
    left_out = len(steps) - MOST_STEPS
    return ({**explanation, "steps": steps[:MOST_STEPS]}, left_out) if left_out > 0 else (explanation, 0)


@dataclass(frozen=True, slots=True)
class ReadingUsed:
    """A reading that an explanation rests on: what it asks, what was chosen, by whom; and if only what is corrected."""

    id: str
    title: str
    option: str
    note: str
    earlier: bool = False

    @property
    def confirmed(self) -> bool:
        """Whether the parties have chosen it themselves."""
        return not self.note.startswith(UNCONFIRMED)


def readings_in(explanations: Iterable[Mapping[str, Any]]) -> list[ReadingUsed]:
    """Every reading that the explanations rest on, once, by id; then what was read when a corrected sum was issued."""
    now: dict[tuple[str, str], ReadingUsed] = {}
    then: dict[tuple[str, str], ReadingUsed] = {}
    for explanation in explanations:
        corrects = explanation.get("label") == CORRECTION
        today, *issued = explanation["steps"] if corrects else [explanation]
        now |= _readings([today], earlier=False)
        then |= _readings(issued, earlier=True)
    return sorted((then | now).values(), key=lambda one: (one.id, one.earlier))


def _readings(steps: Iterable[Mapping[str, Any]], *, earlier: bool) -> dict[tuple[str, str], ReadingUsed]:
    return {
        (step["name"], step["source"]): ReadingUsed(step["name"], step["label"], step["source"], step["note"], earlier)
        for top in steps
        for step in walk(top)
        if step["kind"] == "reading"
    }


def walk(step: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A step of a stored explanation and every one below it."""
    if not step:
        return
    yield step
    for child in step.get("steps", ()):
        yield from walk(child)
