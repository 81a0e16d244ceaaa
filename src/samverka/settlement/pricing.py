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

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from avtal.book.answer import standing_flags
from avtal.book.charge import EventCharge
from avtal.bulk import (
    Alike,
    EventTable,
    Intake,
    Kept,
    Place,
    Unpriced,
    codes_in,
    columns,
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
from samverka.assignments.kinds import BY_CHARGE
from samverka.settlement.basis import first_day
from samverka.settlement.models import Proposal, ProposalLine, ProposedEvent
from samverka.settlement.sources import rows_of, text

#: More than any month is as a number, like 202507.
MONTHS = 1_000_000


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


def price_work(
    proposal: Proposal, charge: EventCharge, table: EventTable, book: Book, days: tuple[date, date]
) -> Found:
    """Every event of a table, all of them between two days, priced and kept, and its lines with explanations.

    Raises:
        MissingValue: A price or an index step is not entered.
        Unpriced: An amount is unknown, or something was lost on the way.
    """
    intake = measure(charge, table, book.edition, filled(charge), days)
    if not intake.events:
        return Found([], {}, 0)
    before = ProposedEvent.objects.aggregate(last=Max("pk", default=0))["last"]
    keep(proposal, charge, table, book, intake)
    found, minutes = alike(proposal, charge, after=before)
    sums = summed(charge, found, intake, minutes)
    steps = explained(charge, table, book, found)
    many = intake.events > EXPLAINED
    lines = [line_of(proposal, charge, place, kept, steps[place], book, many=many) for place, kept in sums.items()]
    return Found(lines, numbers_used(charge.parameters, book, intake), intake.events)


def filled(charge: EventCharge) -> frozenset[str]:
    """The columns that the charge's table never leaves empty, by its own definition."""
    fields = BY_CHARGE[charge.name].model._meta.concrete_fields  # Django's own way to ask
    never = {field.column for field in fields if not field.null}
    return frozenset(name for name in columns(charge) if name in never or name == "line")


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


def alike(proposal: Proposal, charge: EventCharge, *, after: int) -> tuple[list[Alike], int]:
    """The kept events of a charge, those with one amount as one, and all their minutes: sums by the database.

    Args:
        proposal: Whose.
        charge: Which.
        after: They were kept after this one: so they are read in the order they lie, not by an index.

    Raises:
        Unpriced: Somebody else than the issuer is paid.
    """
    plus = "+" if connection.vendor == "sqlite" else ""
    where = f"WHERE id > {after:d} AND {plus}proposal_id = {proposal.pk:d} AND {plus}charge = {text(charge.name)}"
    if connection.vendor == "postgresql":
        rows_of("SET LOCAL enable_sort = off")  # it knows nothing of rows that are new, and would sort them all
    [[minutes, lowest, highest]] = rows_of(
        f"SELECT SUM(minutes), MIN(payee), MAX(payee) FROM settlement_proposedevent {where}"
    )
    if {lowest, highest} - {proposal.issuer, None}:
        raise Unpriced(f"{charge.name}: något betalas till {lowest} eller {highest}, inte till {proposal.issuer}")
    streams, statuses = codes_in(charge, charge.billed), codes_in(charge, charge.trees["status"])
    bits = len(charge.flag_trees)
    # one number for all but the amount: half a million of them are grouped a good deal faster than words
    place = f"{_numbered('stream', streams)} * {len(statuses)} + {_numbered('status', statuses)}"
    key = f"((({place}) * {1 << bits} + flags) * {MONTHS} + month) * 2 + CASE WHEN example THEN 1 ELSE 0 END"
    groups = rows_of(
        f"SELECT {key} AS place, amount, MIN(event), COUNT(*), SUM(quantity)"
        f" FROM settlement_proposedevent {where} GROUP BY place, amount"
    )
    found = []
    for number, *rest in groups:
        if number is None:
            raise Unpriced(f"{charge.name}: en händelse har fått en betalare eller ett utfall som regeln inte har")
        month_, marked = divmod(int(number), 2)
        flags_, month = divmod(month_, MONTHS)
        place_, flags = divmod(flags_, 1 << bits)
        stream, status = divmod(place_, len(statuses))
        at = (streams[stream], proposal.issuer, month, statuses[status], bool(marked))
        found.append(Alike(at, flags, *map(int, rest)))
    return sorted(found, key=lambda one: one.line), int(minutes or 0)


def _numbered(column: str, codes: tuple[str, ...]) -> str:
    """A column's code as its place among those that it may be; NULL for any other."""
    return f"CASE {column} {' '.join(f'WHEN {text(code)} THEN {place}' for place, code in enumerate(codes))} END"


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
    proposal: Proposal, charge: EventCharge, place: Place, kept: Kept, steps: list[Step], book: Book, *, many: bool
) -> ProposalLine:
    """What was kept of one place as a line of the proposal, without its number.

    Where events are many the first amount is spelled out, of the others an event is named: its explanation is made when
    somebody looks at it (``events``).
    """
    stream, payee, month, status, marked = place
    value = kept.amount if status == "charged" else None if status == "manual" else 0
    step = Step(charge.name, value, "rule", steps=tuple(steps))
    marks = (*flags_in(charge, kept.flags), *standing_flags(step, first_day(month), book.edition))
    told = replace(step, steps=(steps[0], *(replace(one, steps=()) for one in steps[1:]))) if many else step
    return ProposalLine(
        proposal=proposal, charge=charge.name, stream=stream, payee=payee, month=month, status=status, marked=marked,
        events=kept.events, quantity=kept.quantity, scale=charge.scale, unit=charge.unit, amount=kept.amount,
        example=marked or book.is_example(step), flags=list(marks),
        explanation=as_json(told, book.edition.words),
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
