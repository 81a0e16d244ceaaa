"""The first line of a view: who may come here (docs/adr/0014-acting.md)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from samverka.core import clock
from samverka.core.acting import Actor

P = ParamSpec("P")

#: Where a session holds when its user last signed in at the party's identity provider, by the provider's own word.
IDENTITY_FRESH = "identity_fresh_at"
#: Where a session holds the party whose identity provider it began at; such a session acts for that party only.
IDENTITY_PARTY = "identity_party"
#: A form that was shown to a fresh user may be sent for as long again, so that it is not lost while it is filled in.
GRACE = 2
NO_ROLE = "Kontot har ingen gällande roll. Be partens administratör om en."
SIGNED_OUT = "Du är utloggad. Logga in i en annan flik; det du har skrivit finns kvar."
AGAIN = "Det gick för lång tid. Inget är sparat: bekräfta vem du är, kontrollera formuläret och skicka det igen."


class ActingRequest(HttpRequest):
    """A request in which somebody acts."""

    actor: Actor


View = Callable[Concatenate[ActingRequest, P], HttpResponseBase]


def acting(what: str, *, fresh: bool = False) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Only for a signed-in user whose role allows ``what``; others are sent to sign in, or refused.

    Who acts in a role that needs a second factor, and has none, is sent to set one up.

    Args:
        what: As in ``Actor.may``.
        fresh: Whether the user must have given a password or a key within the last minutes: approving and issuing. It
            is asked for when the form is shown, so that what is then filled in and sent is not lost.
    """

    def wrap(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def checked(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if not request.actor:
                raise PermissionDenied(NO_ROLE)
            if getattr(request, "needs_second_factor", bool)():
                return HttpResponseRedirect(reverse("parties:second_factor"))
            request.actor.must(what)
            if fresh and not is_fresh(request):
                return _ask_again(request)
            return view(request, *args, **kwargs)

        checked.access = what  # type: ignore[attr-defined]  # the authorisation matrix reads it
        checked.fresh = fresh  # type: ignore[attr-defined]  # the authorisation matrix reads it
        return checked

    return wrap


def signed_in(view: View[P]) -> Callable[..., HttpResponseBase]:
    """Only for a signed-in user, whether any role is in force or not: choosing a role, setting a second factor up."""

    @wraps(view)
    def checked(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(request, *args, **kwargs)

    checked.access = "signed_in"  # type: ignore[attr-defined]  # the authorisation matrix reads it
    return checked


def is_fresh(request: HttpRequest) -> bool:
    """Whether the user gave a password or a key within the last minutes, or signed in anew at the party's provider."""
    limit = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT * (GRACE if request.method == "POST" else 1)
    if request.session.get(IDENTITY_PARTY):
        given = [request.session.get(IDENTITY_FRESH, 0)]
    else:
        records = get_authentication_records(request, request.user)
        given = [one["at"] for one in records if one["method"] in {"password", "mfa"}]
    return clock.now().timestamp() - max(given, default=0) < limit


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To where one signs in; a part of a page that is fetched anew is refused, so that the page stays as it is.

    The page's own script then tells that the sign-in is over (web/static/web/sign_in_end.js).
    """
    if request.headers.get("HX-Request"):
        refused = HttpResponse(SIGNED_OUT, status=401, content_type="text/plain; charset=utf-8")
        refused["HX-Reswap"] = "none"
        return refused
    return redirect_to_login(request.get_full_path())


def _ask_again(request: HttpRequest) -> HttpResponseBase:
    """To where a password or a key is asked for, and from there to the page with the form."""
    back = request.get_full_path()
    if request.method == "POST":
        messages.warning(request, AGAIN)
        sent_from = request.headers.get("Referer", "")
        if url_has_allowed_host_and_scheme(sent_from, {request.get_host()}, require_https=request.is_secure()):
            parts = urlsplit(sent_from)
            back = f"{parts.path}?{parts.query}" if parts.query else parts.path
    ask = "parties:reauthenticate" if request.session.get(IDENTITY_PARTY) else "account_reauthenticate"
    return HttpResponseRedirect(f"{reverse(ask)}?{urlencode({'next': back})}")
