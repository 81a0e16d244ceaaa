"""Entering a value, and ruling on one that somebody else has proposed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from samverka.agreements import services
from samverka.agreements.county import base
from samverka.agreements.entries import STATES, entry_of, who
from samverka.agreements.forms import FORMS, Propose, Rule
from samverka.agreements.models import Entered, EnteredKind
from samverka.agreements.payloads import BadPayload, read_payload
from samverka.agreements.selectors import book_now, entered_for, preview_for, waiting_for_ruling
from samverka.agreements.subjects import label_of, value_of
from samverka.core import clock
from samverka.core.errors import Refused
from samverka.core.listing import Column, Filter, Listing
from samverka.core.once import once
from samverka.parties.access import ActingRequest, acting


def _page(row: Entered) -> str:
    return reverse("agreements:entered_page", args=[row.public_id])


def _label(row: Entered) -> str:
    return label_of(read_payload(row.kind, row.payload, base()), base())


def _value(row: Entered) -> str:
    return value_of(read_payload(row.kind, row.payload, base()), base())


LISTING = Listing(
    "infort",
    (
        Column("label", "Värde", _label, link=_page),
        Column("value", "Innehåll", _value),
        Column("state", "Läge", lambda row: STATES[row.state], kind="tag"),
        Column("document", "Dokument", lambda row: row.document),
        Column("document_date", "Daterat", lambda row: row.document_date, kind="date", sort="document_date"),
        Column("who", "Föreslaget av", lambda row: who(row.party, row.role, base().words)),
        Column("proposed_at", "Föreslaget", lambda row: row.proposed_at, kind="datetime", sort="proposed_at"),
        Column("example", "Exempel", lambda row: row.example, kind="example"),
    ),
    (
        Filter("state", "Läge", "state", [(key, label) for key, label in STATES.items() if key != "replaced"]),
        Filter("kind", "Slag", "kind", EnteredKind.choices),
    ),
    order="-proposed_at",
)


@acting("read")
@require_GET
def entered_list(request: ActingRequest) -> HttpResponseBase:
    """Every value that anybody has proposed."""
    context = {"kinds": EnteredKind.choices, "waiting": waiting_for_ruling(request.actor).count()}
    return LISTING.response(request, entered_for(request.actor), "agreements/entered.html", context)


@acting("read")
@require_GET
def entered_page(request: ActingRequest, public_id: str) -> HttpResponse:
    """One value: what it says, where it is written, who proposed it and what became of it."""
    row = get_object_or_404(entered_for(request.actor), public_id=public_id)
    return render(request, "agreements/entered_page.html", _shown(request, row))


def _shown(request: ActingRequest, row: Entered) -> dict[str, Any]:
    entry = entry_of(row, book_now())
    own = row.proposed_by_id == request.actor.user.pk
    may_rule = entry.state == "waiting" and request.actor.may("approve") and not own
    return {"entry": entry, "own": own, "may_rule": may_rule, "words": base().words,
            "corrected_by": entered_for(request.actor).filter(replaces=row)}  # fmt: skip


@acting("propose")
@require_http_methods(["GET", "POST"])
@once
def propose(request: ActingRequest, kind: str) -> HttpResponse:
    """The form of a kind; what the value would change; and then the proposal."""
    if kind not in FORMS:
        raise Http404(f"{kind}: slaget finns inte")
    replaced = _replaced(request, kind)
    if kind == EnteredKind.READING and request.GET.get("reading", request.POST.get("reading")) not in base().readings:
        return redirect("agreements:readings")
    form = FORMS[kind](request.POST or None, initial=_initial(request, replaced))
    found = None
    if form.is_bound and form.is_valid():
        try:
            if request.POST.get("step") == "propose":
                made = services.propose_value(request.actor, **_said(form, replaced), at=clock.now())
                messages.success(request, "Värdet är föreslaget. Det gäller när en annan person har godkänt det.")
                return redirect("agreements:entered_page", made.public_id)
            found = preview_for(request.actor, **_said(form, replaced), at=clock.now())
        except BadPayload as bad:
            form.add_faults(bad.faults)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "kind": kind, "label": EnteredKind(kind).label, "preview": found, "replaced": replaced,
               "reading": base().readings.get(str(form["reading"].value())) if kind == EnteredKind.READING else None,
               "words": base().words}  # fmt: skip
    return render(request, "agreements/propose.html", context)


def _said(form: Propose, replaced: Entered | None) -> dict[str, Any]:
    said = form.cleaned_data
    return {"kind": form.kind.value, "payload": form.payload(), "document": said["document"],
            "document_date": said["document_date"], "example": said["example"], "replaces": replaced}  # fmt: skip


def _replaced(request: ActingRequest, kind: str) -> Entered | None:
    """The value that the form corrects, if it says one; another's or another kind's is not found."""
    asked = request.POST.get("replaces") or request.GET.get("replaces")
    rows: QuerySet[Entered] = entered_for(request.actor).filter(kind=kind, ruling__approved=True)
    return get_object_or_404(rows, public_id=asked) if asked else None


def _initial(request: ActingRequest, replaced: Entered | None) -> dict[str, Any]:
    """What the address says, on top of the value that is corrected."""
    told = request.GET.dict()
    if replaced is None:
        return told
    return {**_flat(replaced.payload), "replaces": replaced.public_id, "example": replaced.example, **told}


def _flat(payload: dict[str, Any], lead: str = "") -> dict[str, Any]:
    """``{"elderly": {"weight": "40"}}`` as the form's ``elderly_weight``."""
    found: dict[str, Any] = {}
    for key, value in payload.items():
        found |= _flat(value, f"{lead}{key}_") if isinstance(value, dict) else {f"{lead}{key}": value}
    return found


@acting("approve", fresh=True)
@require_http_methods(["GET", "POST"])
@once
def rule(request: ActingRequest, public_id: str) -> HttpResponse:
    """What a value changes, and whether it shall."""
    row = get_object_or_404(entered_for(request.actor), public_id=public_id)
    form = Rule(request.POST or None)
    if form.is_bound and form.is_valid():
        approved = request.POST.get("ruling") == "approve"
        try:
            services.rule_on(request.actor, row, approved=approved, reason=form.cleaned_data["reason"], at=clock.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            said = "Värdet är godkänt och gäller från och med nu." if approved else "Värdet är avslaget."
            messages.success(request, said)
            return redirect("agreements:entered_page", row.public_id)
    shown = _shown(request, row)
    if shown["may_rule"]:
        shown["preview"] = preview_for(
            request.actor, kind=row.kind, payload=row.payload, document=row.document, document_date=row.document_date,
            example=row.example, at=clock.now(), replaces=row.replaces,
        )  # fmt: skip
    return render(request, "agreements/rule.html", {**shown, "form": form})
