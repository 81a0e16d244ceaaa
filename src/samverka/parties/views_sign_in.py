"""How a person signs in and acts: the role acted in, the second factor, the party's identity provider."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samverka.core import clock
from samverka.core.access import IDENTITY_PARTY
from samverka.core.errors import Refused
from samverka.core.forms import tried
from samverka.parties import identity, selectors
from samverka.parties.access import ActingRequest, acting, signed_in
from samverka.parties.forms import IdentityForm
from samverka.parties.middleware import SESSION_KEY
from samverka.parties.models import IdentityProvider


@signed_in
@require_http_methods(["GET", "POST"])
def choose(request: ActingRequest) -> HttpResponse:
    """The roles that the user may act in, and the choice of one."""
    on = clock.today()
    only = request.session.get(IDENTITY_PARTY, "")
    found = selectors.memberships_of(request.user, on=on, only=only)  # type: ignore[arg-type]  # signed in
    if request.method == "POST":
        membership = get_object_or_404(found, public_id=request.POST.get("membership", ""))
        request.session[SESSION_KEY] = membership.public_id
        return redirect("front")
    acted = request.session.get(SESSION_KEY) or (found[0].public_id if found else "")
    context = {"memberships": found, "today": on, "acted": acted, "only": only}
    return render(request, "parties/acting.html", context)


@signed_in
@require_GET
def second_factor(request: ActingRequest) -> HttpResponse:
    """Why a second factor is asked for, and where it is set up."""
    return render(request, "parties/second_factor.html")


@signed_in
@require_GET
def reauthenticate(request: ActingRequest) -> HttpResponse:
    """To the party's identity provider, and back to the form: for who signed in there."""
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    party = request.session.get(IDENTITY_PARTY, "")
    provider = IdentityProvider.objects.filter(party__code=party).first()
    if provider is None:
        return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")
    asked = {"process": "redirect", "next": back, "auth_params": "prompt=login&max_age=0"}
    address = reverse("openid_connect_login", args=[provider.provider_id])
    context = {"address": f"{address}?{urlencode(asked)}", "party": selectors.names(clock.today())[party]}
    return render(request, "parties/reauthenticate.html", context)


@acting("administer", fresh=True)
@require_http_methods(["GET", "POST"])
def identity_provider(request: ActingRequest) -> HttpResponse:
    """The own party's sign-in by OpenID Connect; its secret is entered and never shown."""
    provider = selectors.identity_provider_for(request.actor)
    stated = (
        {"issuer": provider.issuer, "client_id": provider.client_id, "domains": provider.domains} if provider else {}
    )
    form = IdentityForm(request.POST or None, initial=stated, known=provider is not None)
    if tried(form, lambda **given: identity.set_identity_provider(request.actor, at=clock.now(), **given)):
        messages.success(request, "Identitetstjänsten är sparad.")
        return redirect("parties:identity_provider")
    back_to = (provider.provider_id if provider else request.actor.party.lower(),)
    callback = request.build_absolute_uri(reverse("openid_connect_callback", args=back_to))
    return render(request, "parties/identity.html", {"form": form, "provider": provider, "callback": callback})


@acting("administer", fresh=True)
@require_POST
def remove_identity_provider(request: ActingRequest) -> HttpResponse:
    """Sign in through it no more."""
    try:
        identity.remove_identity_provider(request.actor, at=clock.now())
        messages.success(request, "Identitetstjänsten är borttagen.")
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect("parties:identity_provider")
