"""What a definitive index changes: the events of issued lines priced again, and a line for each sum that differs.

Issued invoices never change (A07). A correction is the new sum less the invoiced one and earlier corrections of it, of
the line and of who is sent it.
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
from samverka.assignments.kinds import BY_CHARGE
from samverka.settlement.differences import Difference, differences
from samverka.settlement.models import BasisKind, InvoiceLine, Proposal, ProposalLine
from samverka.settlement.pricing import Found, explained, line_of, price_work
from samverka.settlement.shares import invoiced_shares, price_invoiced, shares_of_line
from samverka.settlement.shown import CORRECTION
from samverka.settlement.sources import invoiced, months_of, on_line, rows_of, text

#: What the issued events of a charge cost by the proposal, by line and who is sent them.
AGAIN = """
SELECT i.line_id, e.stream, SUM(e.amount), SUM(e.quantity), COUNT(*)
FROM settlement_proposedevent e
JOIN settlement_invoicedevent i
    ON i.charge = e.charge AND i.event = e.event AND i.part = e.part AND i.released_by_id IS NULL
WHERE e.proposal_id = {proposal:d} AND e.charge = {charge}
GROUP BY i.line_id, e.stream
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
    every = differences(AGAIN.format(proposal=proposal.pk, charge=text(step)))
    now = {(line.stream, line.month, line.marked): line for line in found.lines if line.status == "charged"}
    rows = InvoiceLine.objects.filter(pk__in={one.line for one in every}).select_related("invoice", "proposed")
    issued = {line.pk: line for line in rows}
    lines_at = Counter((one.stream, issued[one.line].month) for one in every if one.events)
    lines = []
    for one in every:
        if not one.amount:
            continue
        line = issued[one.line]
        again = now.get((one.stream, line.month, _marked(line)))
        if again and lines_at[one.stream, line.month] > 1:
            again = _alone(proposal, line, one, book)
        lines.append(_line(proposal, line, one, again, book))
    return Found(lines, found.used, found.events)


def _again(proposal: Proposal, step: str, book: Book) -> Found:
    period = Period.parse(proposal.period)
    months = months_of(period)
    if step in BY_CHARGE:
        kind = BY_CHARGE[step]
        table = invoiced(kind, proposal.issuer, months)
        return price_work(proposal, kind.charge, table, book, (period.first, period.last))
    parts, bases = invoiced_shares(BasisKind(step), proposal.issuer, months)
    return price_invoiced(proposal, BasisKind(step), bases, parts, book)


def _alone(proposal: Proposal, line: InvoiceLine, one: Difference, book: Book) -> ProposalLine | None:
    """An issued line's own events as they are priced now, where others' of the same payer and month are beside."""
    place = (one.stream, line.payee, line.month, "charged", _marked(line))
    if line.charge not in BY_CHARGE:
        return shares_of_line(proposal, line, one, book)
    charge = BY_CHARGE[line.charge].charge
    found = [Alike(place, *map(int, row)) for row in rows_of(OWN, (proposal.pk, charge.name, line.pk, one.stream))]
    if not found:
        return None
    steps = explained(charge, on_line(BY_CHARGE[line.charge], line.pk), book, found)
    kept = reduce(add, found, Kept())
    return line_of(proposal, charge, place, kept, steps[place], book, many=kept.events > EXPLAINED)


def _marked(line: InvoiceLine) -> bool:
    return line.proposed.marked if line.proposed else line.example


def _line(
    proposal: Proposal, line: InvoiceLine, one: Difference, again: ProposalLine | None, book: Book
) -> ProposalLine:  # fmt: skip
    """The difference as a line, with how the sum came about then and now."""
    example = line.example or (again is not None and again.example)
    return ProposalLine(
        proposal=proposal, charge=line.charge, stream=one.stream, payee=line.payee, month=line.month,
        kind="correction", status="charged", marked=_marked(line), events=one.events, quantity=one.quantity,
        scale=line.scale, unit=line.unit, amount=one.amount, example=example, flags=again.flags if again else [],
        corrects=line, explanation=_explanation(line, one, again, book),
    )  # fmt: skip


def _explanation(line: InvoiceLine, one: Difference, again: ProposalLine | None, book: Book) -> dict[str, Any]:
    words = book.edition.words
    told = as_json(Step("amount", one.amount, "rule"), words) | {"label": CORRECTION}
    now = as_json(Step("amount", one.now, "step"), words) | {"label": "Beräknat i dag"}
    now["steps"] = [again.explanation] if again else []
    if one.stream != line.stream:  # the rules send it to another unit: there nothing was invoiced
        told["steps"] = [now, as_json(Step("amount", 0, "step"), words) | {"label": f"Ingick i {line.invoice}"}]
        return told
    then = as_json(Step("amount", line.amount, "step"), words) | {"label": f"Fakturerat på {line.invoice}"}
    then["steps"] = [line.explanation]
    told["steps"] = [now, then]
    return told
