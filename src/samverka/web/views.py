"""The front page, whether the site is well, and reports of broken content policy."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from samverka.agreements.selectors import missing_for_next_settlement
from samverka.core import clock
from samverka.web.csp import LONGEST_REPORT, REPORTS, told
from samverka.web.front import waiting_for
from samverka.web.health import faults

log = logging.getLogger(__name__)


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """What this is, for who is not signed in; what waits and what is missing, for who acts."""
    actor, today = getattr(request, "actor", None), clock.today()
    known: dict[str, Any] = {}
    if actor:
        known["waiting"], known["missing"] = waiting_for(actor, today), missing_for_next_settlement(today)
        known["may_propose"] = actor.may("propose")
    return render(request, "web/front.html", known)


@require_GET
def health(_: HttpRequest) -> HttpResponse:
    """Whether the site is well: 200, or 503 and what is not."""
    found = faults(clock.now())
    return JsonResponse({"status": "ok" if not found else found[0]}, status=503 if found else 200)


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Log what a browser refused to load: which rule, from which host, in which file; a few a minute."""
    body = request.read(LONGEST_REPORT + 1)
    if len(body) > LONGEST_REPORT:
        return HttpResponse(status=413)
    if REPORTS.allows(time.monotonic()):
        log.warning("csp", extra=told(body))
    return HttpResponse(status=204)
