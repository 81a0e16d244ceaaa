"""Events in, priced lines out: one line for each payer, payee, charge and month, with how it came about.

DESIGN 4: nothing is lost on the way, what cannot be priced is named with its reason, and an amount that nobody can
explain does not leave.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from avtal.book.answer import party, standing_flags
from avtal.book.charge import EventCharge, TableCharge
from avtal.book.edition import Edition
from avtal.book.missing import MissingValue
from avtal.bulk import Event, EventTable, Place, Total, flagged, outcomes, rows, totals
from avtal.explain import Step
from avtal.language.evaluate import Evaluation

#: Up to this many events of a charge are all explained; above it, one event for each distinct amount of a line.
EXPLAINED = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """What one party owes another for one charge and month.

    Attributes:
        payer: Who pays, as ``REGION`` or ``MUNICIPALITY:BERG``.
        payee: Who is paid.
        charge: The charge's name.
        month: Like ``2025-07``.
        events: How many events it sums; one for a share of a whole.
        quantity: What was charged, in ``unit``.
        unit: Hours, items, persons.
        amount: In öre.
        example: Whether any of it is example data.
        explanation: How it came about; its clauses, parameters and readings are the line's.
        flags: What a human must look at in at least one of its events.
    """

    payer: str
    payee: str
    charge: str
    month: str
    events: int
    quantity: Decimal
    unit: str
    amount: int
    example: bool
    explanation: Step
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotCharged:
    """Events that give no amount: free, not chargeable, or left to people; explained as far as they are few."""

    payer: str
    payee: str
    charge: str
    month: str
    status: str
    events: int
    example: bool
    explanation: Step
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settlement:
    """One period settled.

    Attributes:
        lines: Every krona, in order of charge, payer, payee and month.
        not_charged: What gave no amount, and why.
    """

    lines: tuple[Line, ...] = ()
    not_charged: tuple[NotCharged, ...] = ()

    def __add__(self, other: Settlement) -> Settlement:
        return Settlement(self.lines + other.lines, self.not_charged + other.not_charged)

    def explanations(self) -> tuple[Step, ...]:
        """How every line, and everything without an amount, came about."""
        return (*(line.explanation for line in self.lines), *(rest.explanation for rest in self.not_charged))

    @property
    def total(self) -> int:
        """The sum of all lines, in öre."""
        return sum(line.amount for line in self.lines)


def settle_events(charge: EventCharge, table: EventTable, edition: Edition) -> Settlement:
    """Every event of a table priced, summed by payer, payee and month, and explained.

    Raises:
        MissingValue: A price that an event needs is not entered.
        Unpriced: An amount is unknown, or something was lost on the way.
    """
    found = totals(charge, table, edition)
    steps, flags = _explained(charge, table, edition, found), flagged(charge, table, edition)
    lines: list[Line] = []
    not_charged: list[NotCharged] = []
    for total in found:
        payer, payee = party(total.payer, edition), party(total.payee, edition)
        month, place = _month(total.month), (total.payer, total.payee, total.month, total.status, total.example)
        below = tuple(steps[place])
        explanation = Step(charge.name, total.amount, "rule", steps=below)
        marks = (*flags[place], *standing_flags(explanation, _first_day(total.month), edition))
        if total.status == "charged":
            quantity = Decimal(total.quantity) / charge.scale
            sums = (total.events, quantity, charge.unit, total.amount, total.example)
            lines.append(Line(payer, payee, charge.name, month, *sums, explanation, marks))
        else:
            explained = replace(explanation, value=None if total.status == "manual" else 0)
            why = (total.status, total.events, total.example, explained)
            not_charged.append(NotCharged(payer, payee, charge.name, month, *why, marks))
    return Settlement(tuple(lines), tuple(not_charged))


def _month(number: int) -> str:
    return f"{number // 100}-{number % 100:02d}"


def _first_day(month: int) -> date:
    return date(month // 100, month % 100, 1)


def _explained(
    charge: EventCharge, table: EventTable, edition: Edition, found: Sequence[Total]
) -> Mapping[Place, list[Step]]:
    """The explanations of each line's events: all of them, or one for each distinct amount where they are many."""
    alike: dict[int, int] = {}
    if sum(total.events for total in found) > EXPLAINED:
        alike = {outcome.line: outcome.events for outcome in outcomes(charge, table, edition)}
        lines = ", ".join(map(str, alike))
        events = rows(charge, table, f"WHERE line IN ({lines})", limit=len(alike))
    else:
        events = rows(charge, table, limit=EXPLAINED)
    steps: dict[Place, list[Step]] = defaultdict(list)
    for event in events:
        place, step = explain(charge, event, edition)
        note = f"{event.id}, {event.case['date']}"
        if alike:
            step = replace(step, note=f"{alike[event.line]} händelser med detta belopp; här {note}")
        steps[place].append(step if alike else replace(step, note=note))
    return steps


def explain(charge: EventCharge, event: Event, edition: Edition) -> tuple[Place, Step]:
    """Where an event belongs, and how its amount came about."""
    run = Evaluation(event.case, edition)
    billed, step = run.result(charge.billed), run.result(charge.trees["amount"]).explanation
    payer, payee, status = (
        str(found.value) for found in (billed, *(run.result(charge.trees[name]) for name in ("payee", "status")))
    )
    if billed.explanation.clauses:  # the text names the unit that is sent the invoice
        step = replace(step, steps=(*step.steps, billed.explanation))
    day = str(event.case["date"])
    month = int(day[:4]) * 100 + int(day[5:7])
    place = (payer, payee, month, status, event.example)
    return place, replace(step, value=None) if status == "manual" else step


def settle_shares(
    charge: TableCharge,
    stated: Mapping[str, Any],
    edition: Edition,
    month: str,
    *,
    payers: Mapping[str, tuple[str, str]],
    quantities: Mapping[str, int],
    unit: str,
    example: bool,
    placed_by: str = "A67",
) -> Settlement:
    """A sum shared between parties: one line for each share.

    Args:
        charge: The charge that computes the sum and its shares.
        stated: Its case.
        edition: The edition.
        month: The month that the sum belongs to.
        payers: Share -> payer and payee.
        quantities: Share -> what it counts.
        unit: The unit of the quantities.
        example: Whether the numbers are example data.
        placed_by: The reading that says which month it is.

    Raises:
        MissingValue: A number that the parties decide is not entered.
        BadFacts: The case is not what is allowed.
    """
    answer = charge.price(stated, edition)
    if not answer.shares:
        raise key_missing(charge, edition, stated.get("year"))
    why = answer.explanation
    if placed_by not in why.readings():
        why = replace(why, steps=(*why.steps, edition.reading(placed_by)))
    lines = []
    for name, amount in answer.shares.items():
        payer, payee = (party(code, edition) for code in payers[name])
        quantity = Decimal(quantities.get(name, 1))
        sums = (1, quantity, unit, amount, example)
        lines.append(Line(payer, payee, charge.name, month, *sums, why, answer.flags))
    return Settlement(tuple(lines))


def key_missing(charge: TableCharge, edition: Edition, year: int | None = None) -> MissingValue:
    """That the parties have not decided how the sum is shared: which reading, where, and who decides."""
    reading = edition.readings[charge.key]
    of = f"{edition.words.label(charge.name)} {year}" if year else edition.words.label(charge.name)
    what = f"Beslutad fördelning mellan kommunerna ({of})"
    return MissingValue(what, reading.clauses, reading.left_to())


def counts(settlement: Settlement) -> Counter[tuple[str, str]]:
    """How many events each charge has by outcome: in equals out."""
    found: Counter[tuple[str, str]] = Counter()
    for line in settlement.lines:
        found[line.charge, "charged"] += line.events
    for rest in settlement.not_charged:
        found[rest.charge, rest.status] += rest.events
    return found
