"""The register of affiliations: its list, a person's days, who has looked. The region's alone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samverka.care import selectors as cases
from samverka.care import selectors_affiliation as selectors
from samverka.care import services_affiliation as services
from samverka.care.again import shown_again
from samverka.care.forms_affiliation import (
    ChangeForm,
    DaysForm,
    PersonForm,
    RevisionForm,
)
from samverka.care.forms_search import CASE, NOT_IN_ADDRESS, AffiliationSearch, PersonSearch, number_of
from samverka.care.log import Access
from samverka.care.models.affiliation import Affiliation
from samverka.care.models.log import Action, Reason
from samverka.care.shown import party_name
from samverka.care.views import SEEN
from samverka.core import clock
from samverka.core.files import csv_response, xlsx_response
from samverka.core.forms import tried
from samverka.core.listing import Column, Listing
from samverka.core.once import once
from samverka.parties.access import ActingRequest, acting


def address_of(row: Affiliation) -> str:
    """The page of an affiliation's person."""
    return reverse("care:affiliated", args=[row.person.public_id])


def state_of(row: Affiliation) -> str:
    """Withdrawn, ended or going on."""
    return "återkallad" if row.withdrawn else "avslutad" if row.last else "pågår"


AFFILIATIONS = Listing(
    "anslutningar",
    (
        Column("number", "Nummer", lambda row: row.person.number, "code", link=address_of),
        Column("first", "Första dagen", lambda row: row.first, "date", sort="first"),
        Column("last", "Sista dagen", lambda row: row.last, "date", sort="last"),
        Column("state", "Läge", state_of, "tag"),
        Column("changed", "Ändrad", lambda row: row.changed_at, "datetime", sort="changed_at"),
        Column("example", "Exempel", lambda row: row.person.example, "example"),
    ),
    order="-first",
)
FOUND = Listing(AFFILIATIONS.name, [replace(column, sort="") for column in AFFILIATIONS.columns], order="-first")


def _seen(request: ActingRequest, public_id: str) -> selectors.Registered:
    return selectors.affiliated_for(request.actor, public_id, access=Access(Action.VIEW, clock.now()))


def _affiliation(request: ActingRequest, public_id: str) -> Affiliation:
    return selectors.affiliation_for(request.actor, public_id, access=Access(Action.VIEW, clock.now()))


def _case_searched(request: ActingRequest) -> None:
    number = number_of(request.POST.get("case_number", ""), CASE)
    if number:
        access = Access(Action.SEARCH, clock.now(), Reason.CARE)
        cases.cases_for(request.actor, access=access, on=clock.today(), number=number)


@acting("care")
@require_GET
def affiliations(request: ActingRequest) -> HttpResponseBase:
    """Who is and was affiliated."""
    selectors.require_register(request.actor)
    if "number" in request.GET:
        messages.error(request, NOT_IN_ADDRESS)
        return redirect("care:affiliations")
    search = AffiliationSearch(request.GET)
    valid = search.is_valid()
    asked = search.asked if valid else {}
    reason = search.why if valid else None
    form = request.GET.get("format")
    if valid and form in {"csv", "xlsx"}:
        rows = selectors.affiliations_for(request.actor, access=Access(Action.EXPORT, clock.now(), reason), **asked)
        return (csv_response if form == "csv" else xlsx_response)(AFFILIATIONS.name, AFFILIATIONS.columns, rows)
    page = None
    if valid:
        access = Access(Action.SEARCH if asked else Action.LIST, clock.now(), reason)
        page = selectors.page_of_affiliations_for(
            request.actor, lambda rows: AFFILIATIONS.page(request, rows), access=access, **asked
        )
    context = {"find": PersonSearch(), "search": search, "page": page}
    return _affiliations(request, context, valid=valid)


@acting("care")
@require_POST
def find(request: ActingRequest) -> HttpResponse:
    """Somebody in the register by number."""
    selectors.require_register(request.actor)
    form = PersonSearch(request.POST)
    valid, found = form.is_valid(), None
    if valid:
        access, number = Access(Action.SEARCH, clock.now(), form.why), form.cleaned_data["number"]
        found = selectors.page_of_affiliations_for(
            request.actor, lambda rows: FOUND.page(request, rows), access=access, number=number
        )
    search = AffiliationSearch({})
    search.is_valid()
    return _affiliations(request, {"find": form, "search": search, "found": found}, valid=valid)


def _affiliations(request: ActingRequest, context: dict[str, Any], *, valid: bool) -> HttpResponse:
    context |= {"may_register": request.actor.may("register")}
    return render(request, "care/affiliation_list.html", context, status=200 if valid else 422)


@acting("register")
@require_http_methods(["GET", "POST"])
@shown_again(_case_searched)
@once
def new(request: ActingRequest) -> HttpResponse:
    """A person new to the register."""
    selectors.require_register(request.actor)
    form = PersonForm(request.POST or None)
    if made := tried(form, partial(services.register_person, request.actor, at=clock.now())):
        messages.success(request, f"{made.number} är registrerad. Anteckna numret i er egen dokumentation.")
        return redirect("care:affiliated", made.public_id)
    context = {
        "form": form, "title": "Registrera en ansluten person", "submit": "Registrera",
        "lead": "Dagarna räknas med, både den första och den sista. Personen får ett nummer, aldrig ett namn.",
    }  # fmt: skip
    return _page(request, context, form)


@acting("care")
@require_GET
def affiliated(request: ActingRequest, public_id: str) -> HttpResponse:
    """One person of the register: the days of every affiliation, and what was done with them."""
    found = _seen(request, public_id)
    context = {
        "person": found.person, "rows": [(row, state_of(row)) for row in found.affiliations], "moves": found.moves,
        "open": any(row.last is None and not row.withdrawn for row in found.affiliations),
        "may_register": request.actor.may("register"), "may_extract": request.actor.may("approve"),
    }  # fmt: skip
    return render(request, "care/affiliation_person.html", context)


@acting("register")
@require_http_methods(["GET", "POST"])
@shown_again(_seen)
@once
def affiliate_again(request: ActingRequest, public_id: str) -> HttpResponse:
    """A further affiliation of a person of the register."""
    person = _seen(request, public_id).person
    form = DaysForm(request.POST or None)
    if tried(form, partial(services.affiliate_again, request.actor, person, at=clock.now())):
        messages.success(request, "Anslutningen är registrerad.")
        return redirect("care:affiliated", public_id)
    context = {"form": form, "person": person, "title": f"Ny anslutning av {person.number}", "submit": "Registrera"}
    return _page(request, context, form)


@acting("register")
@require_http_methods(["GET", "POST"])
@shown_again(_affiliation)
@once
def change_affiliation(request: ActingRequest, public_id: str) -> HttpResponse:
    """End an affiliation, or correct its days."""
    found = _affiliation(request, public_id)
    form = ChangeForm(found, request.POST or None)
    if tried(form, partial(services.change_days, request.actor, found, at=clock.now())):
        messages.success(request, "Dagarna är sparade.")
        return redirect("care:affiliated", found.person.public_id)
    context = {"form": form, "person": found.person, "title": f"Dagar för {found.person.number}", "submit": "Spara"}
    return _page(request, context, form)


@acting("register")
@require_http_methods(["GET", "POST"])
@shown_again(_affiliation)
@once
def withdraw_affiliation(request: ActingRequest, public_id: str) -> HttpResponse:
    """Withdraw one that was registered by mistake."""
    found = _affiliation(request, public_id)
    form = RevisionForm(request.POST or None, initial={"revision": found.revision})
    if tried(form, partial(services.withdraw_affiliation, request.actor, found, at=clock.now())):
        messages.success(request, "Anslutningen är återkallad och räknas inte.")
        return redirect("care:affiliated", found.person.public_id)
    days = f"{found.first} till {found.last or 'pågår'}"
    context = {
        "form": form, "person": found.person, "title": f"Återkalla anslutningen av {found.person.number}",
        "submit": "Återkalla", "danger": True, "lead": f"{days}. En felaktig registrering återkallas. Den som har "
        "slutat vara ansluten får i stället en sista dag.",
    }  # fmt: skip
    return _page(request, context, form)


@acting("approve")
@require_GET
def extract(request: ActingRequest, public_id: str) -> HttpResponseBase:
    """Which units have had the person's affiliations before them, and when: for the person who asks."""
    person, rows = selectors.extract_for(request.actor, public_id, access=Access(Action.EXTRACT, clock.now()))
    if request.GET.get("format") == "csv":
        return csv_response(f"loggutdrag-{person.number}", SEEN, rows)
    context = {"person": person, "rows": rows, "party": party_name(request.actor.party), "at": clock.now()}
    return render(request, "care/affiliation_extract.html", context)


def _page(request: ActingRequest, context: dict[str, Any], form: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "care/affiliation_days.html", context, status=status)
