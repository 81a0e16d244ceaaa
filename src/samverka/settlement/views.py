"""Proposals: the list, a new one, and what it holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from avtal.calendar import Period
from samverka.core import clock
from samverka.core.errors import Refused
from samverka.core.once import once
from samverka.core.sorting import swedish
from samverka.parties.access import ActingRequest, acting
from samverka.parties.models import User
from samverka.settlement import services
from samverka.settlement.ahead import ahead_for
from samverka.settlement.due import due_for
from samverka.settlement.forms import ORDINARY, NewProposal
from samverka.settlement.models import Invoice, Proposal, ProposalState
from samverka.settlement.run import steps_of
from samverka.settlement.selectors import lines_of, not_priced, payers_of, proposals_for
from samverka.settlement.shown import Shown, label, readings_in, shown
from samverka.settlement.views_lists import PROPOSALS, name

#: So many lines a page shows with explanations; of more, one payer's at a time.
MOST_LINES = 60


def proposal_or_404(request: ActingRequest, public_id: str) -> Proposal:
    """The proposal that an address names, for its issuer and the auditor."""
    return get_object_or_404(proposals_for(request.actor), public_id=public_id)


@acting("read")
@require_GET
def proposals(request: ActingRequest) -> HttpResponseBase:
    """The own party's proposals."""
    context = {"may_propose": request.actor.may("propose") and bool(steps_of(request.actor.party))}
    return PROPOSALS.response(request, proposals_for(request.actor), "settlement/proposals.html", context)


@acting("propose")
@require_http_methods(["GET", "POST"])
@once
def new(request: ActingRequest) -> HttpResponse:
    """Choose a period, see what it holds and what is missing, and start."""
    today = clock.today()
    given = request.POST if request.method == "POST" else request.GET if "period" in request.GET else None
    due = [one.period for one in due_for(request.actor)]
    form = NewProposal(today, {"what": ORDINARY, **given.dict()} if given is not None else None, due=due)
    context: dict[str, Any] = {"form": form, "charged": bool(steps_of(request.actor.party))}
    if form.is_bound and form.is_valid():
        period, corrections = form.cleaned_data["period"], form.corrections
        if request.method == "POST":
            try:
                made = services.start_proposal(request.actor, period=period, corrections=corrections, at=clock.now())
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                return redirect("settlement:proposal", made.public_id)
        context["ahead"] = ahead_for(request.actor, Period.parse(period), corrections=corrections, at=clock.now())
        context |= {"period": period, "what": form.cleaned_data["what"], "corrections": corrections}
    return render(request, "settlement/new.html", context, status=422 if form.errors else 200)


@acting("read")
@require_GET
def proposal(request: ActingRequest, public_id: str) -> HttpResponse:
    """A proposal: how far it is, what stopped it, or all that it holds."""
    found = proposal_or_404(request, public_id)
    context: dict[str, Any] = {"proposal": found, **_head(request, found)}
    if found.state not in (ProposalState.COMPUTING, ProposalState.FAILED):
        context |= _held(request, found)
    return render(request, "settlement/proposal.html", context)


def _head(request: ActingRequest, found: Proposal) -> dict[str, Any]:
    actor, own = request.actor, found.issuer == request.actor.party
    made_it = found.proposed_by_id == actor.user.pk
    names = {"proposed_by": person(found.proposed_by)} if own else {}
    if own and found.decided_by:
        names["decided_by"] = person(found.decided_by)
    open_ = found.state in services.OPEN
    return {
        "issuer": name(found.issuer), "state": ProposalState(found.state), **names,
        "steps": [label(step) for step in found.steps_done],
        "may_resume": own and found.state == ProposalState.COMPUTING and actor.may("propose"),
        "may_decide": own and open_ and actor.may("approve") and not made_it,
        "own_waits": own and made_it and found.state == ProposalState.PROPOSED,
        "may_issue": own and found.state == ProposalState.APPROVED and actor.may("issue"),
        "invoices": _invoices(found) if found.state == "issued" else (),
    }  # fmt: skip


def _invoices(found: Proposal) -> list[tuple[str, Invoice]]:
    """Who was sent which invoice, in the order that the payers stand in above."""
    rows = [(name(one.stream), one) for one in found.invoices.filter(credits=None).order_by("number")]
    return sorted(rows, key=lambda row: swedish(row[0]))


def person(user: User) -> str:
    """A person's name, for the own party alone."""
    return user.get_full_name() or user.email


def _held(request: ActingRequest, found: Proposal) -> dict[str, Any]:
    """What a computed proposal holds: payers, lines, what has no price, readings."""
    payers = sorted(payers_of(found), key=lambda one: swedish(name(one.stream)))
    charged, rest = lines_of(found).filter(status="charged"), not_priced(found)
    chosen = request.GET.get("till", "")
    if chosen not in [one.stream for one in payers]:
        chosen = payers[0].stream if payers and charged.count() > MOST_LINES else ""
    lines: list[Shown] = [shown(line) for line in (charged.filter(stream=chosen) if chosen else charged)]
    rest_shown = [shown(line) for line in rest]
    every = lines_of(found).values_list("explanation", flat=True)
    groups = [
        (one, name(one.stream), [line for line in lines if line.line.stream == one.stream]) for one in payers
    ]  # fmt: skip
    return {
        "opened": request.GET.get("forklaringar") == "alla",
        "payers": [(one, name(one.stream)) for one in payers], "groups": [group for group in groups if group[2]],
        "chosen": chosen, "many": bool(chosen), "not_priced": [(one, name(one.line.stream)) for one in rest_shown],
        "readings": readings_in(every), "total": charged.aggregate(found=Sum("amount", default=0))["found"],
    }  # fmt: skip


@acting("read")
@require_GET
def progress(request: ActingRequest, public_id: str) -> HttpResponse:
    """How far a proposal is, for a page that asks now and then; the page is loaded anew when it is done."""
    found = proposal_or_404(request, public_id)
    response = render(request, "settlement/_progress.html", {"proposal": found, **_head(request, found)})
    if found.state != ProposalState.COMPUTING:
        response["HX-Refresh"] = "true"
    response["Cache-Control"] = "no-store"
    return response


@acting("propose")
@require_POST
@once
def resume(request: ActingRequest, public_id: str) -> HttpResponse:
    """Let a run that was stopped go on."""
    found = proposal_or_404(request, public_id)
    try:
        services.resume(request.actor, found)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("settlement:proposal", found.public_id)
