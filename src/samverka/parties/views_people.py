"""The own party's people, for its administrator: who has which role."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from samverka.core import clock
from samverka.core.acting import Role
from samverka.core.errors import Refused
from samverka.core.forms import tried
from samverka.core.listing import Column, Filter, Listing
from samverka.parties import people, selectors
from samverka.parties.access import ActingRequest, acting
from samverka.parties.forms import InviteForm
from samverka.parties.models import Membership

#: The same words whether the address had an account or not.
INVITED = "{email} har fått rollen {role}. Ett brev är skickat dit."
INVITED_ALONE = (
    "{email} har fått rollen {role}. Inget brev är skickat: webbplatsen har ingen e-postserver. Har personen inget "
    "lösenord här ska den som driver webbplatsen lämna över brevet, där länken för att välja ett står."
)


def _end(row: Membership) -> str | None:
    return None if row.until else reverse("parties:membership_end", args=[row.public_id])


PEOPLE = Listing(
    "personer",
    [
        Column("name", "Namn", lambda row: row.name or row.user.email),
        Column("email", "E-post", lambda row: row.user.email),
        Column("role", "Roll", lambda row: Role(row.role).label, sort="role"),
        Column("unit", "Enhet", lambda row: row.unit.name if row.unit else ""),
        Column("since", "Från och med", lambda row: row.since, kind="date", sort="since"),
        Column("until", "Till och med", lambda row: row.until, kind="date", sort="until"),
        Column("example", "Exempel", lambda row: row.example, kind="example"),
        Column("end", "Ändra", lambda row: "" if row.until else "Avsluta", link=_end),
    ],
    [Filter("roll", "Roll", "role", [(role.value, role.label) for role in Role if role != Role.AUDITOR])],
    order="since",
)


@acting("administer")
@require_GET
def memberships(request: ActingRequest) -> HttpResponseBase:
    """Everyone who has, or has had, a role in the own party."""
    return PEOPLE.response(request, selectors.memberships_for(request.actor), "parties/people.html")


@acting("administer", fresh=True)
@require_http_methods(["GET", "POST"])
def invite(request: ActingRequest) -> HttpResponse:
    """Give somebody a role."""
    form = InviteForm(request.actor, clock.today(), request.POST or None, initial={"since": clock.today()})
    site = request.build_absolute_uri("/")
    made = tried(form, lambda **given: people.invite(request.actor, site=site, at=clock.now(), **given))
    if made:
        words = INVITED_ALONE if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend") else INVITED
        messages.success(request, words.format(email=form.cleaned_data["email"], role=Role(made.role).label))
        return redirect("parties:people")
    context = {"form": form, "title": "Lägg till person", "submit": "Ge rollen", "back": reverse("parties:people")}
    return render(request, "parties/form.html", context)


@acting("administer", fresh=True)
@require_http_methods(["GET", "POST"])
def end(request: ActingRequest, public_id: str) -> HttpResponse:
    """End somebody's role at once."""
    found = get_object_or_404(selectors.memberships_for(request.actor), public_id=public_id)
    fault = ""
    if request.method == "POST":
        try:
            people.end_membership(request.actor, found, on=clock.today(), at=clock.now())
        except Refused as reason:
            fault = str(reason)
        else:
            messages.success(request, "Rollen är avslutad och gäller inte längre.")
            return redirect("parties:people")
    context = {"membership": found, "role": Role(found.role).label, "fault": fault}
    return render(request, "parties/membership_end.html", context)


@acting("administer", fresh=True)
@require_http_methods(["POST"])
def let_go(request: ActingRequest, public_id: str) -> HttpResponse:
    """Loose somebody's account from the identity it was bound to."""
    found = get_object_or_404(selectors.memberships_for(request.actor), public_id=public_id)
    try:
        people.let_go(request.actor, found, at=clock.now())
        messages.success(request, "Identiteten är löst från kontot. Nästa inloggning knyter en ny.")
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect("parties:membership_end", public_id=public_id)
