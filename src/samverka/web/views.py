"""The front page, the account, how long a sign-in lasts, whether the site is well, and reports of broken policy."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samverka.agreements.selectors import missing_for_next_settlement
from samverka.core import clock
from samverka.core.access import ActingRequest, signed_in
from samverka.core.sessions import asking_is_no_use, left
from samverka.web.csp import LONGEST_REPORT, REPORTS, told
from samverka.web.front import waiting_for
from samverka.web.health import faults
from samverka.web.sign_in import who_is_in

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


@signed_in
@require_GET
def account(_: ActingRequest) -> HttpResponse:
    """The first of the account's pages, for who shortens their addresses."""
    return redirect("account_change_password")


@asking_is_no_use
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_left(request: HttpRequest) -> HttpResponse:
    """Seconds left of the sign-in, whose it is, and a form's token; to ask leaves it as it is, to send goes on with it.

    The middleware has already ended what is over and noted what was sent.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"who": "", "idle": 0, "whole": 0})
    found = left(request.session, int(clock.now().timestamp()))
    token = get_token(request)
    return JsonResponse({"who": who_is_in(request), "idle": found.idle, "whole": found.whole, "token": token})


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
