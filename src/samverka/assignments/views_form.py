"""Registering and changing work, with its price while somebody types."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samverka.agreements.selectors import book_now
from samverka.assignments import services
from samverka.assignments.forms import WorkForm
from samverka.assignments.kinds import WorkKind, kinds_of
from samverka.assignments.listing import address_of
from samverka.assignments.models import Work
from samverka.assignments.pricing import quote
from samverka.assignments.views import kind_or_404, work_or_404
from samverka.assignments.words import label
from samverka.core import clock
from samverka.core.errors import Refused
from samverka.core.once import once
from samverka.parties.access import ActingRequest, acting


@acting("register")
@require_GET
def choose(request: ActingRequest) -> HttpResponse:
    """Which kind of work it was."""
    kinds = [(kind, label(kind.model.charge)) for kind in kinds_of(request.actor.party)]
    if len(kinds) == 1:
        return redirect("assignments:new", kinds[0][0].slug)
    return render(request, "assignments/choose.html", {"kinds": kinds})


@acting("register")
@require_http_methods(["GET", "POST"])
@once
def new(request: ActingRequest, slug: str) -> HttpResponse:
    """Register a piece of work."""
    kind = kind_or_404(slug)
    if request.actor.party not in kind.performers:
        return render(request, "assignments/choose.html", {"kinds": [], "wrong": label(kind.model.charge)}, status=403)
    if request.method != "POST":
        return _page(request, kind, _form(request, kind))
    form = _form(request, kind, bound=True)
    if "look" in request.POST:
        return _page(request, kind, _form(request, kind, bound=True), priced=True)
    if form.check(book_now().edition, clock.today()):
        try:
            made = services.register(
                request.actor, charge=kind.model.charge, stated=form.stated(), event_id=form.value_of("event_id"),
                source=form.source, example=form.example, on=clock.today(), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{made.event_id} är registrerat och väntar på attest.")
            return redirect(address_of(made))
    return _page(request, kind, form, priced=True)


@acting("register")
@require_http_methods(["GET", "POST"])
@once
def change(request: ActingRequest, slug: str, public_id: str) -> HttpResponse:
    """Change a piece of work that is not attested, and send it again."""
    kind, found = work_or_404(request, slug, public_id)
    if request.method != "POST":
        return _page(request, kind, WorkForm.of(found, kind, demo=settings.DEMO), work=found, priced=True)
    form = WorkForm.of(found, kind, request.POST, demo=settings.DEMO)
    if "look" not in request.POST and form.check(book_now().edition, clock.today()):
        try:
            services.change(
                request.actor, found, stated=form.stated(), source=form.source,
                example=form.example if settings.DEMO else None, on=clock.today(), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{found.event_id} är ändrat och väntar på attest.")
            return redirect(address_of(found))
    return _page(request, kind, form, work=found, priced=True)


@acting("register")
@require_POST
def redraw(request: ActingRequest, slug: str) -> HttpResponse:
    """The fields again, when what matters has changed."""
    kind = kind_or_404(slug)
    return render(request, "assignments/fields.html", {"form": _unbound(request, kind), "kind": kind})


@acting("register")
@require_POST
def price(request: ActingRequest, slug: str) -> HttpResponse:
    """What the form as it is filled in so far is worth."""
    kind = kind_or_404(slug)
    return render(request, "assignments/price.html", _priced(kind, _form(request, kind, bound=True)))


def _form(request: ActingRequest, kind: WorkKind, *, bound: bool = False) -> WorkForm:
    data = request.POST if bound else None
    return WorkForm(kind, request.actor.party, data, initial={"example": settings.DEMO}, demo=settings.DEMO)


def _unbound(request: ActingRequest, kind: WorkKind) -> WorkForm:
    """A form that holds what was typed and faults nothing yet."""
    return WorkForm(kind, request.actor.party, initial=request.POST.dict(), demo=settings.DEMO,
                    numbered="event_id" in request.POST)  # fmt: skip


def _priced(kind: WorkKind, form: WorkForm) -> dict[str, Any]:
    book = book_now()
    return {"quote": quote(kind, form.stated(), book, form.told, on=clock.today()), "words": book.edition.words}


def _page(
    request: ActingRequest, kind: WorkKind, form: WorkForm, *, work: Work | None = None, priced: bool = False
) -> HttpResponse:
    looks = "look" in request.POST
    faulty = form.is_bound and not looks and bool(form.errors)
    shown = _unbound(request, kind) if looks else form
    context = {"kind": kind, "form": shown, "work": work, "heading": label(kind.model.charge)}
    context |= _priced(kind, form) if priced else {}
    return render(request, "assignments/form.html", context, status=422 if faulty else 200)
