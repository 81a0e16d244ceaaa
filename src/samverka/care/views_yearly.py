"""How many were affiliated in a year: from the register, by a document, and whether they agree. The region's alone."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from samverka.agreements.county import affiliated as counting
from samverka.agreements.selectors import book_now
from samverka.care import selectors_affiliation as selectors
from samverka.care import services_affiliation as services
from samverka.care.forms_affiliation import NumberForm, ReasonForm
from samverka.care.models.affiliation import NumberState, YearlyNumber
from samverka.core import clock
from samverka.core.errors import Refused
from samverka.core.forms import tried
from samverka.core.listing import Column, Listing
from samverka.core.once import once
from samverka.parties.access import ActingRequest, acting

NUMBERS = Listing(
    "anslutna-per-ar",
    (
        Column("year", "År", lambda row: str(row.year), "code", sort="year",
               link=lambda row: reverse("care:yearly_number", args=[row.public_id])),
        Column("number", "Antal personer", lambda row: row.number, "count", sort="number"),
        Column("state", "Läge", lambda row: NumberState(row.state).label, "tag", sort="state"),
        Column("source", "Källa", lambda row: row.source),
        Column("entered", "Angett", lambda row: row.entered_at, "datetime", sort="entered_at"),
        Column("attested", "Intygat", lambda row: row.attested_at, "datetime", sort="attested_at"),
        Column("example", "Exempel", lambda row: row.example, "example"),
    ),
    order="-year",
)  # fmt: skip


@acting("care")
@require_GET
def yearly_numbers(request: ActingRequest) -> HttpResponseBase:
    """Each year by both options of the reading, beside the attested number."""
    today = clock.today()
    edition = book_now().edition
    reading = edition.readings[counting.READING]
    context = {
        "years": [(one, str(one.year), one.year < today.year) for one in selectors.years_for(request.actor, today)],
        "reading": reading, "option": reading.options[edition.option(counting.READING)],
        "may_register": request.actor.may("register"),
    }  # fmt: skip
    return NUMBERS.response(request, selectors.numbers_for(request.actor), "care/affiliation_years.html", context)


@acting("register")
@require_http_methods(["GET", "POST"])
@once
def new_number(request: ActingRequest) -> HttpResponse:
    """A year's number by a document."""
    selectors.require_register(request.actor)
    form = NumberForm(request.POST or None, initial={"year": clock.today().year - 1})
    if made := tried(form, partial(services.enter_number, request.actor, at=clock.now())):
        messages.success(request, "Antalet är sparat. Det gäller när en annan person har intygat det.")
        return redirect("care:yearly_number", made.public_id)
    return render(request, "care/affiliation_number_new.html", {"form": form}, status=422 if form.errors else 200)


@acting("care")
@require_GET
def yearly_number(request: ActingRequest, public_id: str) -> HttpResponse:
    """One number: what it says, what the register says beside it."""
    return render(request, "care/affiliation_number.html", _told(request, _own(request, public_id)))


@acting("approve", fresh=True)
@require_http_methods(["GET", "POST"])
@once
def attest_number(request: ActingRequest, public_id: str) -> HttpResponse:
    """Attest what another person has entered."""
    found, refused = _own(request, public_id), ""
    if request.method == "POST":
        try:
            services.attest_number(request.actor, found, at=clock.now())
        except Refused as error:
            refused = str(error)
        else:
            messages.success(request, "Antalet är intygat.")
            return redirect("care:yearly_number", public_id)
    context = {**_told(request, found), "refused": refused, "asks": True}
    return render(request, "care/affiliation_number.html", context, status=409 if refused else 200)


@acting("care")
@require_http_methods(["GET", "POST"])
@once
def withdraw_number(request: ActingRequest, public_id: str) -> HttpResponse:
    """Withdraw a number, with a reason: for those who enter and those who attest."""
    found = _own(request, public_id)
    if not (request.actor.may("register") or request.actor.may("approve")):
        raise PermissionDenied("Antalet återkallas av den som registrerar eller beslutar.")
    form = ReasonForm(request.POST or None)
    if tried(form, partial(services.withdraw_number, request.actor, found, at=clock.now())):
        messages.success(request, "Antalet är återkallat.")
        return redirect("care:yearly_numbers")
    context = {"number": found, "year": str(found.year), "form": form}
    return render(request, "care/affiliation_number_withdraw.html", context, status=422 if form.errors else 200)


def _own(request: ActingRequest, public_id: str) -> YearlyNumber:
    return get_object_or_404(selectors.numbers_for(request.actor), public_id=public_id)


def _told(request: ActingRequest, number: YearlyNumber) -> dict[str, object]:
    actor, waits = request.actor, number.state == NumberState.ENTERED
    own = number.entered_by_id == actor.user.pk
    register = selectors.yearly(number.year).register
    return {
        "number": number, "year": str(number.year), "state": NumberState(number.state).label, "register": register,
        "differs": register is not None and register != number.number,
        "may_attest": waits and actor.may("approve") and not own, "own_waits": waits and own,
        "may_withdraw": number.state != NumberState.WITHDRAWN and (actor.may("register") or actor.may("approve")),
    }  # fmt: skip
