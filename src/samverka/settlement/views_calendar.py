"""The calendar of settlements, and the private address by which a calendar program reads it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samverka.agreements.county import base
from samverka.core import clock
from samverka.parties.access import ActingRequest, acting
from samverka.settlement.calendar import Due, due, without_day
from samverka.settlement.calendar_done import issued_for, own_charges
from samverka.settlement.calendar_feed import feed_for, renew_feed, revoke_feed

SHOWN_ONCE = "calendar_token"
YEARS = range(2026, 2100)


@acting("read")
@require_GET
def calendar(request: ActingRequest) -> HttpResponse:
    """A year of what is due by which clause, and what of it is settled."""
    today = clock.today()
    asked = request.GET.get("ar", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 and int(asked) in YEARS else today.year
    dues = due(date(year, 1, 1), date(year, 12, 31), base(), issued_for(request.actor))
    own = own_charges(request.actor)
    context = {
        "year": year, "today": today, "months": _by_month(dues, own, today), "without_day": without_day(base()),
        "previous": year - 1 if year - 1 in YEARS else None, "next": year + 1 if year + 1 in YEARS else None,
    }  # fmt: skip
    return render(request, "settlement/calendar.html", context)


def _by_month(dues: list[Due], own: Collection[str], today: date) -> list[tuple[int, list[tuple[Due, str]]]]:
    """What is due and how it stands, by month."""
    months: dict[int, list[tuple[Due, str]]] = {}
    for one in dues:
        months.setdefault(one.day.year * 100 + one.day.month, []).append((one, _state(one, own, today)))
    return list(months.items())


def _state(one: Due, own: Collection[str], today: date) -> str:
    """How something stands; of what others invoice by the month nobody can tell that it is late."""
    if one.done:
        return "avräknat"
    if one.settles is None:
        return "upplysning"
    if one.day >= today:
        return "kommer"
    return "inte avräknat" if one.settles[0] in own else "–"


@acting("read")
@require_http_methods(["GET", "POST"])
def feed_address(request: ActingRequest) -> HttpResponse:
    """Make or renew the private address; it is shown once."""
    if request.method == "POST":
        request.session[SHOWN_ONCE] = renew_feed(request.actor, at=clock.now())
        return redirect("settlement:feed_address")
    token = request.session.pop(SHOWN_ONCE, "")
    address = request.build_absolute_uri(reverse("settlement:feed", args=[token])) if token else ""
    response = render(request, "settlement/feed.html", {"feed": feed_for(request.actor), "address": address})
    response["Cache-Control"] = "no-store"
    return response


@acting("read")
@require_POST
def revoke(request: ActingRequest) -> HttpResponse:
    """Let the private address stop working."""
    if revoke_feed(request.actor, at=clock.now()):
        messages.success(request, "Adressen är återkallad. Kalenderprogram som använder den får inget svar.")
    return redirect("settlement:feed_address")
