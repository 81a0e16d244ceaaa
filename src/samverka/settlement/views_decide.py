"""Approving, rejecting, issuing and crediting: each on a page of its own, after a fresh sign-in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from samverka.core import clock
from samverka.core.errors import Refused
from samverka.core.once import once
from samverka.core.sorting import swedish
from samverka.parties.access import ActingRequest, acting
from samverka.settlement import services
from samverka.settlement.forms import Decision, Reason
from samverka.settlement.models import Proposal, ProposalState
from samverka.settlement.selectors import invoices_for, lines_of, payers_of
from samverka.settlement.views import proposal_or_404
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


@acting("issue", fresh=True)
@require_http_methods(["GET", "POST"])
@once
def credit(request: ActingRequest, public_id: str) -> HttpResponse:
    """Credit a whole invoice that the own party has issued."""
    found = get_object_or_404(invoices_for(request.actor).filter(issuer=request.actor.party), public_id=public_id)
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            note = services.credit(
                request.actor, found, reason=form.cleaned_data["reason"], on=clock.today(), at=clock.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{found} är krediterad med {note}. Händelserna kan faktureras på nytt.")
            return redirect("settlement:invoice", note.public_id)
    context = {"invoice": found, "to": name(found.stream), "form": form, "on": clock.today(),
               "credited": getattr(found, "credited_by", None)}  # fmt: skip
    return render(request, "settlement/credit.html", context, status=422 if form.errors else 200)
