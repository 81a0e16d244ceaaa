"""Approving, rejecting, issuing and crediting: each on a page of its own, after a fresh sign-in."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from samverka.core import clock
from samverka.core.errors import Refused
from samverka.core.forms import tried
from samverka.core.once import once
from samverka.core.sorting import swedish
from samverka.parties.access import ActingRequest, acting
from samverka.settlement import crediting, services
from samverka.settlement.forms import CreditDecision, Decision, Reason
from samverka.settlement.models import CreditState, Proposal, ProposalState
from samverka.settlement.selectors import credits_for, invoices_for, lines_of, payers_of
from samverka.settlement.views import person, proposal_or_404
from samverka.settlement.views_lists import name


def _told(found: Proposal) -> dict[str, Any]:
    """What is decided on: each payer with its sum, and all of it."""
    payers = sorted(payers_of(found), key=lambda one: swedish(name(one.stream)))
    charged = lines_of(found).filter(status="charged")
    return {
        "proposal": found, "issuer": name(found.issuer), "state": ProposalState(found.state),
        "payers": [(one, name(one.stream)) for one in payers],
        "total": charged.aggregate(found=Sum("amount", default=0))["found"],
    }  # fmt: skip


@acting("approve", fresh=True)
@require_http_methods(["GET", "POST"])
@once
def decide(request: ActingRequest, public_id: str) -> HttpResponse:
    """Approve what another person has proposed, or reject it with a reason."""
    found = proposal_or_404(request, public_id)
    form = Decision(request.POST or None)
    if request.method == "POST" and form.is_valid():
        approved = request.POST.get("ruling") == "approve"
        try:
            services.decide(request.actor, found, approved=approved, reason=form.cleaned_data["reason"], at=clock.now())
        except Refused as refused:
            form.add_error(None if approved else "reason", str(refused))
        else:
            said = "Förslaget är godkänt och kan faktureras." if approved else "Förslaget är avslaget."
            messages.success(request, said)
            return redirect("settlement:proposal", found.public_id)
    context = {**_told(found), "form": form, "own": found.proposed_by_id == request.actor.user.pk,
               "may_approve": found.state == ProposalState.PROPOSED, "open": found.state in services.OPEN}  # fmt: skip
    return render(request, "settlement/decide.html", context, status=422 if form.errors else 200)


@acting("issue", fresh=True)
@require_http_methods(["GET", "POST"])
@once
def issue(request: ActingRequest, public_id: str) -> HttpResponse:
    """How many invoices, to whom and for how much; then they are issued."""
    found, refused = proposal_or_404(request, public_id), ""
    if request.method == "POST":
        try:
            invoices = services.issue(request.actor, found, on=clock.today(), at=clock.now())
        except Refused as error:
            refused = str(error)
        else:
            count = len(invoices)
            said = "1 faktura är utställd." if count == 1 else f"{count} fakturor är utställda."
            messages.success(request, said)
            return redirect("settlement:proposal", found.public_id)
    context = {**_told(found), "refused": refused, "on": clock.today(), "ready": found.state == ProposalState.APPROVED}
    return render(request, "settlement/issue.html", context, status=409 if refused else 200)


@acting("propose")
@require_http_methods(["GET", "POST"])
@once
def credit(request: ActingRequest, public_id: str) -> HttpResponse:
    """Propose that a whole invoice of the own party's be credited."""
    found = get_object_or_404(invoices_for(request.actor).filter(issuer=request.actor.party), public_id=public_id)
    form = Reason(request.POST or None)
    if tried(form, partial(crediting.propose_credit, request.actor, found, at=clock.now())):
        messages.success(request, "Krediteringen är föreslagen. En annan person ska besluta om den.")
        return redirect("settlement:invoice", found.public_id)
    context = {
        "invoice": found,
        "to": name(found.stream),
        "form": form,
        "credited": getattr(found, "credited_by", None),
    }
    return render(request, "settlement/credit.html", context, status=422 if form.errors else 200)


@acting("issue", fresh=True)
@require_http_methods(["GET", "POST"])
@once
def decide_credit(request: ActingRequest, public_id: str) -> HttpResponse:
    """Credit an invoice as another person has proposed, or decline with a reason."""
    actor = request.actor
    found = get_object_or_404(credits_for(actor), public_id=public_id)
    invoice, form = found.invoice, CreditDecision(request.POST or None)
    if request.method == "POST" and form.is_valid():
        approved = request.POST.get("ruling") == "approve"
        try:
            if approved:
                note = crediting.credit(actor, found, on=clock.today(), at=clock.now())
            else:
                crediting.decline_credit(actor, found, reason=form.cleaned_data["reason"], at=clock.now())
        except Refused as refused:
            form.add_error(None if approved else "reason", str(refused))
        else:
            if not approved:
                messages.success(request, f"Krediteringen är avslagen. {invoice} står kvar.")
                return redirect("settlement:invoice", invoice.public_id)
            again = "Rättelsen kan föreslås" if invoice.proposal.corrections else "Händelserna kan faktureras"
            messages.success(request, f"{invoice} är krediterad med {note}. {again} på nytt.")
            return redirect("settlement:invoice", note.public_id)
    context = {"credit": found, "invoice": invoice, "to": name(invoice.stream), "form": form, "on": clock.today(),
               "state": CreditState(found.state), "open": found.state == CreditState.PROPOSED,
               "own": found.proposed_by_id == actor.user.pk, "proposed_by": person(found.proposed_by)}  # fmt: skip
    return render(request, "settlement/decide_credit.html", context, status=422 if form.errors else 200)
