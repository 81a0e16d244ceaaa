"""What a definitive index changes: the events of issued lines priced again, and a line for each sum that differs.

Issued invoices never change (A07). A correction is the new sum less the invoiced one and earlier corrections of it.
"""

from __future__ import annotations

from collections import Counter
from functools import reduce
from operator import add
from typing import Any

from avtal.bulk import Alike, Kept
from avtal.calendar import Period
from avtal.explain import Step, as_json
from avtal.settlement import EXPLAINED
from samverka.agreements.book import Book
from samverka.assignments.kinds import BY_CHARGE, WorkKind
from samverka.settlement.models import Basis, BasisKind, InvoicedEvent, InvoiceLine, Proposal, ProposalLine
from samverka.settlement.pricing import Found, explained, line_of, price_work
from samverka.settlement.shares import price_invoiced
from samverka.settlement.sources import invoiced, months_of, on_line, rows_of, text

#: Of each issued line whose events were priced again: its new sum, and what differs from all that is invoiced of it.
#: A line that is credited is out, and so is a correction that is credited.
DIFFERENCES = """
SELECT l.id, SUM(e.amount), SUM(e.amount) - l.amount - COALESCE((
    SELECT SUM(c.amount) FROM settlement_invoiceline c
    WHERE c.corrects_id = l.id AND c.credits_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM settlement_invoiceline n WHERE n.credits_id = c.id)), 0),
    SUM(e.quantity) - l.quantity, COUNT(*), MIN(e.month)
FROM settlement_proposedevent e
JOIN settlement_invoicedevent i
    ON i.charge = e.charge AND i.event = e.event AND i.part = e.part AND i.released_by_id IS NULL
JOIN settlement_invoiceline l ON l.id = i.line_id
WHERE e.proposal_id = {proposal:d} AND e.charge = {charge}
GROUP BY l.id, l.amount, l.quantity
ORDER BY l.id
"""

#: The events of one issued line that are charged to the same payer now, those with one amount as one.
OWN = """
SELECT e.flags, e.amount, MIN(e.event), COUNT(*), SUM(e.quantity)
FROM settlement_proposedevent e
JOIN settlement_invoicedevent i
    ON i.charge = e.charge AND i.event = e.event AND i.part = e.part AND i.released_by_id IS NULL
WHERE e.proposal_id = %s AND e.charge = %s AND i.line_id = %s AND e.status = 'charged' AND e.stream = %s
GROUP BY e.flags, e.amount
ORDER BY MIN(e.event)
"""


def compute(proposal: Proposal, step: str, book: Book) -> Found:
    """A charge's issued events priced by the book of today, and the lines that differ.

    Raises:
        MissingValue: A number that the parties decide is not entered.
        Unpriced: An amount is unknown, or something was lost on the way.
    """
    found = _again(proposal, step, book)
    statement = DIFFERENCES.format(proposal=proposal.pk, charge=text(step))
    every = rows_of(statement)
    differing = {row[0]: row for row in every if row[2]}
    now = {(line.stream, line.month, line.marked): line for line in found.lines if line.status == "charged"}
    issued = InvoiceLine.objects.filter(pk__in=[row[0] for row in every]).order_by("pk")
    lines_at = Counter(issued.order_by().values_list("stream", "month"))
    lines = []
    for line in issued.filter(pk__in=differing).select_related("invoice", "proposed"):
        _, sum_now, difference, quantity, events, _ = differing[line.pk]
        again = now.get((line.stream, line.month, _marked(line)))
        if again and step in BY_CHARGE and lines_at[line.stream, line.month] > 1:
            again = _alone(proposal, line, BY_CHARGE[step], book)
        lines.append(_line(proposal, line, again, int(sum_now), int(difference), int(quantity), int(events), book))
    return Found(lines, found.used, found.events)


def _again(proposal: Proposal, step: str, book: Book) -> Found:
    period = Period.parse(proposal.period)
    months = months_of(period)
    if step in BY_CHARGE:
        kind = BY_CHARGE[step]
        table = invoiced(kind, proposal.issuer, months)
        return price_work(proposal, kind.charge, table, book, (period.first, period.last))
    charged = InvoicedEvent.objects.filter(
        charge=step, released_by=None, line__payee=proposal.issuer, line__month__range=months
    )
    parts = set(charged.values_list("event", "part"))
    bases = list(Basis.objects.filter(pk__in={event for event, _ in parts}).order_by("month", "pk"))
    return price_invoiced(proposal, BasisKind(step), bases, parts, book)


def _alone(proposal: Proposal, line: InvoiceLine, kind: WorkKind, book: Book) -> ProposalLine | None:
    """An issued line's own events as they are priced now, where others' of the same payer and month are beside."""
    place = (line.stream, line.payee, line.month, "charged", _marked(line))
    found = [
        Alike(place, *map(int, row)) for row in rows_of(OWN, (proposal.pk, kind.charge.name, line.pk, line.stream))
    ]
    if not found:
        return None
    steps = explained(kind.charge, on_line(kind, line.pk), book, found)
    kept = reduce(add, found, Kept())
    return line_of(proposal, kind.charge, place, kept, steps[place], book, many=kept.events > EXPLAINED)


def _marked(line: InvoiceLine) -> bool:
    return line.proposed.marked if line.proposed else line.example


def _line(
    proposal: Proposal, line: InvoiceLine, again: ProposalLine | None, sum_now: int, difference: int, quantity: int,
    events: int, book: Book,
) -> ProposalLine:  # fmt: skip
    """The difference as a line, with how the sum came about then and now."""
    example = line.example or (again is not None and again.example)
    return ProposalLine(
        proposal=proposal, charge=line.charge, stream=line.stream, payee=line.payee, month=line.month,
        kind="correction", status="charged", marked=_marked(line), events=events, quantity=quantity, scale=line.scale,
        unit=line.unit, amount=difference, example=example, flags=again.flags if again else [], corrects=line,
        explanation=_explanation(line, again, sum_now, difference, book),
    )  # fmt: skip


def _explanation(
    line: InvoiceLine, again: ProposalLine | None, sum_now: int, difference: int, book: Book
) -> dict[str, Any]:
    words = book.edition.words
    told = as_json(Step("amount", difference, "rule"), words) | {"label": "Rättelse"}
    now = as_json(Step("amount", sum_now, "step"), words) | {"label": "Beräknat i dag"}
    then = as_json(Step("amount", line.amount, "step"), words) | {"label": f"Fakturerat på {line.invoice}"}
    now["steps"] = [again.explanation] if again else []
    then["steps"] = [line.explanation]
    told["steps"] = [now, then]
    return told
