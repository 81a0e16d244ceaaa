"""A county with something on every page of settlement, and the addresses of those pages."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from samverka.settlement.models import Basis, Invoice, Proposal
from tests.samverka.settlement.county import approved_basis, credited, hired, issued

ITEM_LIST = (
    'municipality;item;label\nBERG;PUMP-1;Infusionspump\nÖstersund;PUMP-2;"Säng; höj- och sänkbar"\nBERG;PUMP-3;\n'
)
FORM_POSTS = ("resume", "decide", "issue", "credit", "decide_credit", "approve_basis", "withdraw_basis")


@dataclass(frozen=True)
class Ground:
    """What was made: the region's proposal, its invoice to Berg, the credit note of another, the basis."""

    proposal: Proposal
    invoice: Invoice
    credit: Invoice
    basis: Basis


def ground() -> Ground:
    """The fixed part of half a year issued to the eight, one invoice credited; and an hour that Berg worked."""
    basis = approved_basis()
    invoices = {one.payer: one for one in issued("REGION")}
    note = credited(invoices["KROKOM"])
    hired()
    issued("BERG")
    return Ground(Proposal.objects.get(issuer="REGION"), invoices["BERG"], note, basis)


def of_proposal(found: Proposal) -> list[str]:
    """Every address that shows a proposal."""
    id_ = found.public_id
    one = [reverse(f"settlement:{name}", args=[id_]) for name in ("proposal", "progress")]
    files = [(name, form) for name in ("proposal_lines_file", "proposal_events_file") for form in ("csv", "xlsx")]
    line = reverse("settlement:proposal_events", args=[id_, 1])
    return [*one, line, *(reverse(f"settlement:{name}", args=[id_, form]) for name, form in files)]


def of_invoice(found: Invoice) -> list[str]:
    """Every address that shows an invoice."""
    id_ = found.public_id
    files = [(name, form) for name in ("lines_file", "events_file") for form in ("csv", "xlsx")]
    line = reverse("settlement:events", args=[id_, 1])
    return [
        reverse("settlement:invoice", args=[id_]), line,
        *(reverse(f"settlement:{name}", args=[id_, form]) for name, form in files),
    ]  # fmt: skip


def text(client: Client, address: str) -> str:
    """A page's text, streamed or not."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]  # pieces of bytes
    return body.decode("utf-8", "replace")


def send(client: Client, address: str, **fields: str) -> tuple[int, str]:
    """Send a form with a key of its own: the status, and the page or where it leads."""
    answer = client.post(address, {"once": str(uuid.uuid4()), **fields})
    return answer.status_code, answer.get("Location") or answer.content.decode()
