"""The SHA-256 of a proposal and of an invoice: the same text for the same lines on every machine and database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from samverka.journal.services import canonical
from samverka.settlement.models import Invoice, InvoiceLine, Proposal, ProposalLine, Sums

_SUMS = (
    "number", "charge", "stream", "payee", "month", "kind", "revision", "events", "quantity", "scale", "unit",
    "amount", "example", "flags", "explanation",
)  # fmt: skip


def proposal_digest(proposal: Proposal, lines: Iterable[ProposalLine]) -> str:
    """Of every line with its explanation, and what the proposal was computed with."""
    fingerprint = proposal.snapshot.fingerprint if proposal.snapshot else ""
    head = {"issuer": proposal.issuer, "period": proposal.period, "corrections": proposal.corrections,
            "fingerprint": fingerprint, "used": proposal.used}  # fmt: skip
    return _digest(head, lines, ("status", "marked", "corrects_id"))


def invoice_digest(invoice: Invoice, lines: Iterable[InvoiceLine]) -> str:
    """Of an invoice's number, day and parties, and every line with its explanation."""
    head = {"issuer": invoice.issuer, "stream": invoice.stream, "year": invoice.year, "number": invoice.number,
            "period": invoice.period, "credits": invoice.credits_id, "reason": invoice.reason,
            "issued_on": invoice.issued_on.isoformat()}  # fmt: skip
    return _digest(head, lines, ("corrects_id", "credits_id"))


def _digest(head: dict[str, object], lines: Iterable[Sums], more: tuple[str, ...]) -> str:
    found = hashlib.sha256(canonical(head).encode())
    for line in lines:
        found.update(canonical({name: getattr(line, name) for name in (*_SUMS, *more)}).encode())
    return found.hexdigest()
