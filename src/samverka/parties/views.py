"""The parties: who they are, what they are called, their units and providers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from samverka.core import clock
from samverka.core.forms import tried
from samverka.core.listing import Column, Listing
from samverka.parties import selectors, services
from samverka.parties.access import ActingRequest, acting
from samverka.parties.forms import LastDayForm, OrgNumberForm, ProviderForm, RenameForm, UnitForm
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
    page = Page("Byt namn", "Spara namnet", "Namnet är infört.", public_id)
    return _answered(request, form, page, partial(services.rename, request.actor, found))


@acting("administer")
@require_http_methods(["GET", "POST"])
def org_number(request: ActingRequest, public_id: str) -> HttpResponse:
    """The organisation number that goes with today's name."""
    found = get_object_or_404(selectors.administered_by(request.actor), public_id=public_id)
    today = clock.today()
    name = selectors.name_on(found.code, today)
    stated = {"number": name.org_number, "source": name.org_source} if name else {}
    form = OrgNumberForm(request.POST or None, initial=stated)
    page = Page("Ange organisationsnummer", "Spara numret", "Organisationsnumret är infört.", public_id)
    state = partial(services.state_org_number, request.actor, found, on=today)
    return _answered(request, form, page, state)


@acting("administer")
@require_http_methods(["GET", "POST"])
def add_unit(request: ActingRequest, public_id: str) -> HttpResponse:
    """A new unit."""
    found = get_object_or_404(selectors.administered_by(request.actor), public_id=public_id)
    form = UnitForm(request.POST or None, initial={"since": clock.today()})
    page = Page("Lägg till enhet", "Lägg till", "Enheten är tillagd.", public_id)
    return _answered(request, form, page, partial(services.open_unit, request.actor, found))


@acting("administer")
@require_http_methods(["GET", "POST"])
def close_unit(request: ActingRequest, public_id: str) -> HttpResponse:
    """A unit's last day."""
    unit = get_object_or_404(selectors.units_for(request.actor), public_id=public_id)
    form = LastDayForm(request.POST or None, initial={"until": clock.today()})
    page = Page(f"Avsluta {unit.name}", "Avsluta enheten", f"{unit.name} är avslutad.", unit.party.public_id)
    return _answered(request, form, page, partial(services.close_unit, request.actor, unit))


@acting("administer")
@require_http_methods(["GET", "POST"])
def add_provider(request: ActingRequest) -> HttpResponse:
    """A private provider under the own party."""
    form = ProviderForm(request.POST or None, initial={"since": clock.today()})
    page = Page("Lägg till privat utförare", "Lägg till", "Utföraren är tillagd.")
    return _answered(request, form, page, partial(services.add_provider, request.actor))


class Page(NamedTuple):
    """A page with one form about a party: its heading, its button, what is said when it is done, and whose it is.

    Without a party it is about one that the form makes.
    """

    title: str
    submit: str
    done: str
    party: str = ""


def _answered(request: ActingRequest, form: Any, page: Page, act: Callable[..., Any]) -> HttpResponse:
    """Do what a sent form asks for and lead to the party, or show the form with what is wrong."""
    if made := tried(form, partial(act, at=clock.now())):
        messages.success(request, page.done)
        return redirect("parties:party", public_id=page.party or made.public_id)
    back = reverse("parties:party", args=[page.party]) if page.party else reverse("parties:list")
    context = {"form": form, "title": page.title, "submit": page.submit, "back": back}
    return render(request, "parties/form.html", context)
