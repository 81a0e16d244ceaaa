"""The calendar at its private address: no session, a token that only its owner knows, a wrong one is not found."""

from __future__ import annotations

import hashlib
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from samverka.agreements.county import base
from samverka.core import clock
from samverka.parties.selectors import label_of
from samverka.settlement.calendar import due
from samverka.settlement.calendar_done import issued_for
from samverka.settlement.calendar_feed import changed_at, reader_of
from samverka.settlement.calendar_ics import ics


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What is due last year, this year and next year."""
    on = clock.today()
    found = reader_of(token, on=on)
    if found is None:
        raise Http404
    kept, actor = found
    stamp = changed_at(kept, actor, on)
    dues = due(date(on.year - 1, 1, 1), date(on.year + 1, 12, 31), base(), issued_for(actor))
    name = f"Avräkning, {label_of(actor.party, on=on)}" if actor.party else "Avräkning"
    body = ics(dues, name=name, stamp=stamp)
    etag = quote_etag(hashlib.sha256(body).hexdigest())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Last-Modified"] = http_date(stamp.timestamp())
    response["Cache-Control"] = "private, no-cache"
    # by the text alone: two invoices of one day are one change to the day, but not to the text
    answer = get_conditional_response(request, etag, None, response)
    assert isinstance(answer, HttpResponse)  # ours, or Django's 304
    return answer
