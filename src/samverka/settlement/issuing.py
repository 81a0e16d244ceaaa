"""Writing invoices and credit notes: numbers, lines and the events that are on them. Services call it, nobody else.

The series' row is locked while numbers are taken, and what fails leaves no number behind: there are no gaps.
"""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Sum

from samverka.agreements.county import CHARGES
from samverka.settlement.canonical import invoice_digest
from samverka.settlement.models import Invoice, InvoiceLine, Proposal, ProposalLine, Series
from samverka.settlement.sources import rows_of

#: What a line says, which an invoice repeats.
COPIED = (
    "charge", "stream", "payee", "month", "kind", "revision", "events", "quantity", "scale", "unit", "amount",
    "example", "flags", "explanation",
)  # fmt: skip

#: Which events are on which line of the new invoices; a correction's are on the line it corrects. The lines are looked
#: up for each event: SQLite would go through all events for each line instead, and hold its lock twenty times as long.
EVENTS = """
WITH lines AS MATERIALIZED (
    SELECT l.id, p.charge, p.stream, p.payee, p.month, p.marked
    FROM settlement_proposalline p JOIN settlement_invoiceline l ON l.proposed_id = p.id
    WHERE p.proposal_id = {proposal:d} AND p.status = 'charged' AND p.kind = 'charge'
)
INSERT INTO settlement_invoicedevent (line_id, charge, event, part, amount, released_by_id)
SELECT l.id, e.charge, e.event, e.part, e.amount, NULL
FROM settlement_proposedevent e {each} lines l ON l.charge = e.charge AND l.stream = e.stream
    AND l.payee = e.payee AND l.month = e.month AND l.marked = e.example
WHERE {plus}e.proposal_id = {proposal:d} AND e.status = 'charged'
"""


def issued(proposal: Proposal) -> list[Invoice]:
    """The invoices of an issued proposal, credit notes left out."""
    return list(Invoice.objects.filter(proposal=proposal, credits=None).order_by("year", "number"))


def write(proposal: Proposal, *, on: date, user: Any) -> list[Invoice]:
    """The invoices of a proposal, one for each stream in order, with the next numbers of the issuer's year."""
    series = next_numbers(proposal.issuer, on.year)
    charged = proposal.lines.filter(status="charged").order_by("stream", "number")
    totals = dict(charged.order_by().values_list("stream").annotate(Sum("amount")))
    invoices = []
    for stream, found in groupby(charged, key=lambda line: line.stream):
        lines = list(found)
        series.last += 1
        invoice = Invoice(
            issuer=proposal.issuer, stream=stream, payer=stream.partition(":")[0], year=on.year, number=series.last,
            period=proposal.period, proposal=proposal, issued_on=on, issued_by=user, total=totals[stream],
            example=any(line.example for line in lines),
        )  # fmt: skip
        _save(invoice, [_copy(line) for line in lines])
        invoices.append(invoice)
    series.save(update_fields=["last"])
    if not proposal.corrections:
        each, plus = ("CROSS JOIN", "+") if connection.vendor == "sqlite" else ("JOIN", "")
        rows_of(EVENTS.format(proposal=proposal.pk, each=each, plus=plus))
    return invoices


def write_credit(invoice: Invoice, *, reason: str, on: date, user: Any) -> Invoice:
    """A credit note of a whole invoice, every line negative; the invoice's events are released."""
    series = next_numbers(invoice.issuer, on.year)
    series.last += 1
    negative = _negatives(invoice)
    note = Invoice(
        issuer=invoice.issuer, stream=invoice.stream, payer=invoice.payer, year=on.year, number=series.last,
        period=invoice.period, proposal=invoice.proposal, credits=invoice, reason=reason, issued_on=on, issued_by=user,
        total=negative[0], example=invoice.example,
    )  # fmt: skip
    lines = []
    for line in invoice.lines.order_by("number"):
        copy = _copy(line)
        copy.proposed, copy.corrects, copy.credits = line.proposed, line.corrects, line
        copy.amount, copy.quantity = negative[line.pk]
        lines.append(copy)
    _save(note, lines)
    series.save(update_fields=["last"])
    rows_of(
        "UPDATE settlement_invoicedevent SET released_by_id = %s WHERE released_by_id IS NULL AND line_id IN"
        " (SELECT id FROM settlement_invoiceline WHERE invoice_id = %s)",
        (note.pk, invoice.pk),
    )
    return note


def _negatives(invoice: Invoice) -> dict[int, Any]:
    """By the database: each line's negative amount and quantity by key, the invoice's total under 0."""
    rows = rows_of("SELECT id, -amount, -quantity FROM settlement_invoiceline WHERE invoice_id = %s", (invoice.pk,))
    [[total]] = rows_of("SELECT -total FROM settlement_invoice WHERE id = %s", (invoice.pk,))
    return {0: int(total), **{key: (int(amount), int(quantity)) for key, amount, quantity in rows}}


def next_numbers(issuer: str, year: int) -> Series:
    """The issuer's series of a year, locked until the transaction ends; made by whoever comes first."""
    Series.objects.get_or_create(issuer=issuer, year=year)
    return Series.objects.select_for_update().get(issuer=issuer, year=year)


def corrections_of(invoice: Invoice) -> list[Invoice]:
    """The invoices, not credited, that correct a line of this one."""
    correcting = InvoiceLine.objects.filter(corrects__invoice=invoice, credits=None, invoice__credited_by=None)
    return list(Invoice.objects.filter(pk__in=correcting.values("invoice")).order_by("year", "number"))


def clauses_of(proposal: Proposal) -> list[str]:
    """The clauses that give the right to what a proposal charges."""
    found: dict[str, None] = {}
    for charge in proposal.lines.filter(status="charged").values_list("charge", flat=True).distinct().order_by():
        found |= dict.fromkeys(CLAUSES.get(charge, ()))
    return list(found)


CLAUSES = {
    "hired_staff": ("OB-UPP-D4",),
    "liaison": ("SH-EKO-3",),
    "hospital_attendance": ("OB-SLU-3", "SB-SLU-3"),
    "equipment_variable": ("MT-B1-2",),
    "equipment_fixed": ("MT-B1-1",),
    "supplement": ("TB-AVS-1",),
    "development_fund": ("P-EKO-UM-1",),
}
assert set(CLAUSES) <= set(CHARGES)


def _copy(line: ProposalLine | InvoiceLine) -> InvoiceLine:
    copy = InvoiceLine(number=line.number, **{name: getattr(line, name) for name in COPIED})
    if isinstance(line, ProposalLine):
        copy.proposed, copy.corrects = line, line.corrects
    return copy


def _save(invoice: Invoice, lines: list[InvoiceLine]) -> None:
    for number, line in enumerate(lines, start=1):
        line.number = number
    invoice.digest = invoice_digest(invoice, lines)
    invoice.save(force_insert=True)
    for line in lines:
        line.invoice = invoice
    InvoiceLine.objects.bulk_create(lines)
