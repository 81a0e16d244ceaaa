"""A kind of work priced where it lies: every event in one statement, then lines by one sum over what was kept.

The trees of ``avtal`` are the statement. An amount that nobody knows is a NULL that the table refuses; then the first
of those events are priced one by one, to say what is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from avtal.book.answer import standing_flags
from avtal.book.charge import EventCharge
from avtal.bulk import (
    Alike,
    EventTable,
    Intake,
    Place,
    Total,
    Unpriced,
    flags_in,
    kept_sql,
    measure,
    rows,
    summed,
    why_unpriced,
)
from avtal.explain import Step, as_json
from avtal.settlement import EXPLAINED, explain
from samverka.agreements.book import Book
from samverka.settlement.basis import first_day
from samverka.settlement.models import Proposal, ProposalLine
from samverka.settlement.sources import rows_of, text


@dataclass(frozen=True)
class Found:
    """What one charge gave: its lines without numbers, and the numbers of the agreement that were used.

    Attributes:
        lines: In order of payer, payee, month and outcome.
        used: Parameter -> first day and value, for the days among the events.
        events: How many.
    """

    lines: list[ProposalLine]
    used: dict[str, list[list[Any]]]
    events: int


def price_work(proposal: Proposal, charge: EventCharge, table: EventTable, book: Book) -> Found:
    """Every event of a table priced and kept, and its lines with explanations.

    Raises:
        MissingValue: A price or an index step is not entered.
        Unpriced: An amount is unknown, or something was lost on the way.
    """
    intake = measure(charge, table, book.edition)
    if not intake.events:
        return Found([], {}, 0)
    keep(proposal, charge, table, book, intake)
    found = alike(proposal, charge)
    totals = summed(charge, found, intake)
    _refuse_others(charge, proposal, totals)
    steps = explained(charge, table, book, found)
    raised: dict[Place, int] = defaultdict(int)
    for one in found:
        raised[one.place] |= one.flags
    lines = [
        line_of(proposal, charge, total, steps[place], flags_in(charge, raised[place]), book)
        for place, total in totals.items()
    ]
    return Found(lines, numbers_used(charge.parameters, book, intake), intake.events)


def keep(proposal: Proposal, charge: EventCharge, table: EventTable, book: Book, intake: Intake) -> None:
    """One statement: every event priced, and kept with its outcome."""
    priced = kept_sql(charge, table, book.edition, intake.bounds)
    statement = (
        "INSERT INTO settlement_proposedevent (proposal_id, charge, event, part, stream, payee, month, status, example,"
        f" quantity, minutes, amount, flags) SELECT {proposal.pk:d}, {text(charge.name)}, line, '', out_payer,"
        f" out_payee, month, out_status, example, out_quantity, out_minutes, out_amount, out_flags FROM ({priced}) p"
    )
    try:
        with transaction.atomic():
            rows_of(statement)
    except IntegrityError as unknown:
        if "null" in str(unknown).lower():
            raise why_unpriced(charge, table, book.edition, intake.bounds) from unknown
        raise


def alike(proposal: Proposal, charge: EventCharge) -> list[Alike]:
    """The kept events of a charge, those that differ in their ids alone as one: sums by the database."""
    group = "stream, payee, month, status, example, flags, amount"
    query = (
        f"SELECT {group}, MIN(event), COUNT(*), SUM(quantity), SUM(minutes), SUM(amount) FROM settlement_proposedevent"
        f" WHERE proposal_id = {proposal.pk:d} AND charge = {text(charge.name)} GROUP BY {group} ORDER BY MIN(event)"
    )
    return [
        Alike((stream, payee, int(month), status, bool(example)), *map(int, rest))
        for stream, payee, month, status, example, *rest in rows_of(query)
    ]


def _refuse_others(charge: EventCharge, proposal: Proposal, totals: Iterable[Place]) -> None:
    for _, payee, *_rest in totals:
        if payee != proposal.issuer:
            raise Unpriced(f"{charge.name}: betalas till {payee}, men förslaget är {proposal.issuer}s")


def explained(charge: EventCharge, table: EventTable, book: Book, found: list[Alike]) -> Mapping[Place, list[Step]]:
    """The explanations of each line's events: all of them, or one for each distinct amount where they are many."""
    many = sum(one.events for one in found) > EXPLAINED
    first: dict[tuple[Place, int], tuple[int, int]] = {}
    for one in found:
        line, events = first.get((one.place, one.each), (one.line, 0))
        first[one.place, one.each] = (line, events + one.events)
    chosen = dict(first.values())
    where = f"WHERE line IN ({', '.join(map(str, chosen))})" if many else ""
    steps: dict[Place, list[Step]] = defaultdict(list)
    for event in rows(charge, table, where, limit=len(chosen) if many else EXPLAINED):
        place, step = explain(charge, event, book.edition)
        note = f"{event.id}, {event.case['date']}"
        if many:
            note = f"{chosen[event.line]} händelser med detta belopp; här {note}"
        steps[place].append(replace(step, note=note))
    return steps


def line_of(
    proposal: Proposal, charge: EventCharge, total: Total, steps: list[Step], flags: Iterable[str], book: Book
) -> ProposalLine:
    """A total as a line of the proposal, without its number."""
    value = total.amount if total.status == "charged" else None if total.status == "manual" else 0
    step = Step(charge.name, value, "rule", steps=tuple(steps))
    marks = (*flags, *standing_flags(step, first_day(total.month), book.edition))
    return ProposalLine(
        proposal=proposal, charge=charge.name, stream=total.payer, payee=total.payee, month=total.month,
        status=total.status, marked=total.example, events=total.events, quantity=total.quantity, scale=charge.scale,
        unit=charge.unit, amount=total.amount, example=total.example or book.is_example(step), flags=list(marks),
        explanation=as_json(step, book.edition.words),
    )  # fmt: skip


def numbers_used(names: Iterable[str], book: Book, intake: Intake) -> dict[str, list[list[Any]]]:
    """The parameters' values on the days among the events: first day and value, for the last gate."""
    first, last = intake.bounds.days or (date.min, date.max)
    found = {}
    for name in names:
        history = [entry for entry in book.edition.history(name) if entry[0] <= last]
        while len(history) > 1 and history[1][0] <= first:
            history.pop(0)
        found[name] = [[since.isoformat(), None if value is None else str(value)] for since, value in history]
    return found


def readings_used(book: Book) -> dict[str, str]:
    """The chosen option of every reading that can be computed in more than one way."""
    readings = book.edition.readings
    return {name: book.edition.option(name) for name in sorted(readings) if len(readings[name].computed) > 1}
