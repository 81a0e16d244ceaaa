"""The parties: who they are, what they are called, their units and providers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from samverka.core import clock
from samverka.core.listing import Column, Listing
from samverka.parties import selectors, services
from samverka.parties.access import ActingRequest, acting
from samverka.parties.forms import LastDayForm, OrgNumberForm, ProviderForm, RenameForm, UnitForm, tried
from samverka.parties.models import Kind

PARTIES = Listing(
    "parter",
    [
        Column("name", "Part", lambda row: row.name, link=lambda row: reverse("parties:party", args=[row.public_id])),
        Column("kind", "Slag", lambda row: Kind(row.kind).label, sort="kind"),
        Column("org_number", "Organisationsnummer", lambda row: row.org_number or "saknas"),
        Column("under", "Hör till", lambda row: row.under_name or ""),
    ],
    order="position",
)


@acting("read")
@require_GET
def parties(request: ActingRequest) -> HttpResponseBase:
    """Every party, provider and joint body."""
    rows = selectors.parties_on(request.actor, clock.today())
    return PARTIES.response(request, rows, "parties/list.html", {"own": request.actor.may("administer")})


@acting("read")
@require_GET
def party(request: ActingRequest, public_id: str) -> HttpResponse:
    """One party: names over time, number with its source, units, what is under it, the arenas it sits in."""
    found = get_object_or_404(selectors.parties_for(request.actor), public_id=public_id)
    on = clock.today()
    context = {
        "party": found,
        "kind": Kind(found.kind).label,
        "name": selectors.name_on(found.code, on),
        "units": selectors.units_of(found),
        "below": found.below.order_by("position", "code"),
        "seats": selectors.seats_of(found),
        "own": request.actor.may("administer") and selectors.administered_by(request.actor).contains(found),
        "itself": found.code == request.actor.party,
        "today": on,
    }
    return render(request, "parties/party.html", context)


@acting("administer")
@require_http_methods(["GET", "POST"])
def rename(request: ActingRequest, public_id: str) -> HttpResponse:
    """A new name from a day on."""
    found = get_object_or_404(selectors.administered_by(request.actor), public_id=public_id)
    form = RenameForm(request.POST or None, initial={"since": clock.today()})
    if tried(form, lambda **given: services.rename(request.actor, found, at=clock.now(), **given)):
        return _to(request, public_id, "Namnet är infört.")
    return _form(request, form, "Byt namn", "Spara namnet", public_id)


@acting("administer")
@require_http_methods(["GET", "POST"])
def org_number(request: ActingRequest, public_id: str) -> HttpResponse:
    """The organisation number that goes with today's name."""
    found = get_object_or_404(selectors.administered_by(request.actor), public_id=public_id)
    name = selectors.name_on(found.code, clock.today())
    form = OrgNumberForm(
        request.POST or None, initial={"number": name.org_number, "source": name.org_source} if name else {}
    )
    stated = tried(
        form,
        lambda **given: services.state_org_number(request.actor, found, on=clock.today(), at=clock.now(), **given),
    )
    if stated:
        return _to(request, public_id, "Organisationsnumret är infört.")
    return _form(request, form, "Ange organisationsnummer", "Spara numret", public_id)


@acting("administer")
@require_http_methods(["GET", "POST"])
def add_unit(request: ActingRequest, public_id: str) -> HttpResponse:
    """A new unit."""
    found = get_object_or_404(selectors.administered_by(request.actor), public_id=public_id)
    form = UnitForm(request.POST or None, initial={"since": clock.today()})
    if tried(form, lambda **given: services.open_unit(request.actor, found, at=clock.now(), **given)):
        return _to(request, public_id, "Enheten är tillagd.")
    return _form(request, form, "Lägg till enhet", "Lägg till", public_id)


@acting("administer")
@require_http_methods(["GET", "POST"])
def close_unit(request: ActingRequest, public_id: str) -> HttpResponse:
    """A unit's last day."""
    unit = get_object_or_404(selectors.units_for(request.actor), public_id=public_id)
    form = LastDayForm(request.POST or None, initial={"until": clock.today()})
    if tried(form, lambda **given: services.close_unit(request.actor, unit, at=clock.now(), **given)):
        return _to(request, unit.party.public_id, f"{unit.name} är avslutad.")
    return _form(request, form, f"Avsluta {unit.name}", "Avsluta enheten", unit.party.public_id)


@acting("administer")
@require_http_methods(["GET", "POST"])
def add_provider(request: ActingRequest) -> HttpResponse:
    """A private provider under the own party."""
    form = ProviderForm(request.POST or None, initial={"since": clock.today()})
    made = tried(form, lambda **given: services.add_provider(request.actor, at=clock.now(), **given))
    if made:
        return _to(request, made.public_id, "Utföraren är tillagd.")
    return _form(request, form, "Lägg till privat utförare", "Lägg till", "")


def _to(request: ActingRequest, public_id: str, message: str) -> HttpResponseRedirect:
    messages.success(request, message)
    return redirect("parties:party", public_id=public_id)


def _form(request: ActingRequest, form: Any, title: str, submit: str, public_id: str) -> HttpResponse:
    back = reverse("parties:party", args=[public_id]) if public_id else reverse("parties:list")
    return render(request, "parties/form.html", {"form": form, "title": title, "submit": submit, "back": back})
