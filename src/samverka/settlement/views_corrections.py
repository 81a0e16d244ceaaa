"""Corrections that are due: by period, how far the check has come, and a check that was stopped started again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from samverka.core.errors import Refused
from samverka.core.once import once
from samverka.parties.access import ActingRequest, acting
from samverka.settlement import recheck
from samverka.settlement.due import due_for, rechecks_for
from samverka.settlement.views_lists import name


@acting("read")
@require_GET
def corrections(request: ActingRequest) -> HttpResponse:
    """What the own party's issued lines cost now where that differs; every party's for the auditor."""
    actor = request.actor
    context = {
        "due": [(one, name(one.issuer)) for one in due_for(actor)],
        "checks": [(one, name(one.issuer)) for one in rechecks_for(actor)],
        "may_propose": bool(actor.party) and actor.may("propose"),
    }
    return render(request, "settlement/corrections.html", context)


@acting("propose")
@require_POST
@once
def check(request: ActingRequest) -> HttpResponse:
    """Let a check that was stopped be done after all."""
    try:
        recheck.start_again(request.actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Fakturorna kontrolleras i bakgrunden.")
    return redirect("settlement:corrections")
