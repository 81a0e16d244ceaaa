"""The front page, whether the site is well, and reports of broken content policy."""

from __future__ import annotations

import logging

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

log = logging.getLogger(__name__)


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return render(request, "web/front.html")


@require_GET
def health(_: HttpRequest) -> HttpResponse:
    """Whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Log what a browser refused to load."""
    log.warning("csp", extra={"report": request.body[:2000].decode("utf-8", "replace")})
    return HttpResponse(status=204)
