"""Invoices: the list, and the page on which a payer checks every krona."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from samverka.core.acting import Actor
from samverka.parties.access import ActingRequest, acting
from samverka.parties.selectors import label_of, name_on
from samverka.settlement.issuing import corrections_of
from samverka.settlement.models import CreditState, Invoice, InvoiceLine
from samverka.settlement.selectors import basis_for, credits_for, invoices_for, lines_of
from samverka.settlement.shown import readings_in, shown
from samverka.settlement.sources import is_work
from samverka.settlement.views_lists import INVOICES, listed


@dataclass(frozen=True)
class Addressed:
    """A party as an invoice names it, on the day that it is issued.

    Attributes:
        name: Its name, or its unit's with its own.
        org_number: Its organisation number; empty where nobody has sourced it.
        source: Where the number was found.
    """

    name: str
    org_number: str
    source: str


def _addressed(stream: str, on: date) -> Addressed:
    known = name_on(stream.partition(":")[0], on)
    return Addressed(label_of(stream, on=on), known.org_number if known else "", known.source if known else "")


def invoice_or_404(request: ActingRequest, public_id: str) -> Invoice:
    """The invoice that an address names, for its issuer, its payer and the auditor."""
    rows = invoices_for(request.actor).select_related("proposal__snapshot")
    return get_object_or_404(rows, public_id=public_id)


@acting("read")
@require_GET
def invoices(request: ActingRequest) -> HttpResponseBase:
    """What the own party has issued and what it is to pay."""
    rows = listed(request.actor, invoices_for(request.actor))
    return INVOICES.response(request, rows, "settlement/invoices.html")


@acting("read")
@require_GET
def invoice(request: ActingRequest, public_id: str) -> HttpResponse:
    """An invoice or a credit note."""
    found, actor = invoice_or_404(request, public_id), request.actor
    lines = list(lines_of(found).select_related("corrects__invoice"))
    credited, own = getattr(found, "credited_by", None), found.issuer == actor.party
    proposed = credits_for(actor).filter(invoice=found, state=CreditState.PROPOSED).first()
    context: dict[str, Any] = {
        "invoice": found, "seller": _addressed(found.issuer, found.issued_on),
        "buyer": _addressed(found.stream, found.issued_on), "credited": credited,
        "lines": [(shown(line), _bases(actor, line)) for line in lines],
        "total": found.lines.aggregate(found=Sum("amount", default=0))["found"],
        "corrected_by": corrections_of(found), "readings": readings_in(line.explanation for line in lines),
        "snapshot": found.proposal.snapshot,
        "may_credit": own and actor.may("propose") and credited is None and found.credits is None and not proposed,
        "proposed_credit": proposed,
        "may_decide": proposed and own and actor.may("issue") and proposed.proposed_by_id != actor.user.pk,
        "sees_proposal": own or actor.is_auditor,
    }  # fmt: skip
    return render(request, "settlement/invoice.html", context)


def _bases(actor: Actor, line: InvoiceLine) -> list[tuple[str, str]]:
    """The bases that a shared sum rests on: address and period, those that the actor sees."""
    if is_work(line.charge):
        return []
    held = InvoiceLine.objects.filter(pk=line.corrects_id or line.credits_id or line.pk).values("invoiced__event")
    rows = basis_for(actor).filter(kind=line.charge, pk__in=held).order_by("month")
    return [(reverse("settlement:basis", args=[row.public_id]), row.period) for row in rows]
