"""The agreement's arenas and the bodies that fill them over time."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from samverka.core import clock
from samverka.core.forms import tried
from samverka.parties import seats, selectors
from samverka.parties.access import ActingRequest, acting
from samverka.parties.forms import SeatEndForm, SeatForm


@acting("read")
@require_GET
def arenas(request: ActingRequest) -> HttpResponse:
    """Every arena, who fills it now and who did before."""
    found = list(selectors.arenas_for(request.actor))
    own = (
        set(selectors.seats_for(request.actor).values_list("pk", flat=True))
        if request.actor.may("administer")
        else set()
    )
    context = {
        "shared": [one for one in found if one.area is None],
        "local": [one for one in found if one.area is not None],
        "own_seats": own,
        "own": request.actor.may("administer"),
        "today": clock.today(),
    }
    return render(request, "parties/arenas.html", context)


@acting("administer")
@require_http_methods(["GET", "POST"])
def fill(request: ActingRequest, public_id: str) -> HttpResponse:
    """Enter a body that fills an arena."""
    arena = get_object_or_404(selectors.arenas_for(request.actor), public_id=public_id)
    form = SeatForm(request.actor, clock.today(), request.POST or None, initial={"since": clock.today()})
    if tried(form, lambda **given: seats.fill_seat(request.actor, arena, at=clock.now(), **given)):
        messages.success(request, "Organet är infört i arenan.")
        return redirect("parties:arenas")
    return _form(request, form, f"Ange vem som sitter i {arena.name}", "Spara")


@acting("administer")
@require_http_methods(["GET", "POST"])
def vacate(request: ActingRequest, public_id: str) -> HttpResponse:
    """A body's last day in an arena."""
    seat = get_object_or_404(selectors.seats_for(request.actor), public_id=public_id)
    form = SeatEndForm(request.POST or None, initial={"until": clock.today()})
    if tried(form, lambda **given: seats.vacate_seat(request.actor, seat, at=clock.now(), **given)):
        messages.success(request, f"{seat.body} lämnar arenan.")
        return redirect("parties:arenas")
    return _form(request, form, f"{seat.body} lämnar {seat.arena.name}", "Avsluta")


def _form(request: ActingRequest, form: object, title: str, submit: str) -> HttpResponse:
    context = {"form": form, "title": title, "submit": submit, "back": reverse("parties:arenas")}
    return render(request, "parties/form.html", context)
