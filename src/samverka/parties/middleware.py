"""Who acts in a request: the membership chosen in the session, or the first that is in force."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from requests import RequestException

from samverka.core import clock
from samverka.core.access import IDENTITY_PARTY
from samverka.core.acting import Role
from samverka.parties.selectors import Standing, standing_of

SESSION_KEY = "acting"
#: Roles that need a second factor, where the settings say so.
GUARDED = frozenset({Role.APPROVER, Role.ADMINISTRATOR})
#: allauth's pages that nobody has use of: an address is the administrator's word, an identity is bound at sign-in.
CLOSED = frozenset({
    "account_email", "account_confirm_email", "account_email_verification_sent",
    "socialaccount_signup", "socialaccount_connections",
})  # fmt: skip
#: What of allauth's is open to who came through a party's identity provider: that party's word is not enough to
#: change how an account is signed in to, since the account may act for other parties too.
OPEN_TO_IDENTITIES = frozenset({
    "account_login", "account_logout", "account_inactive", "openid_connect_login", "openid_connect_callback",
    "socialaccount_login_error", "socialaccount_login_cancelled", "mfa_authenticate",
})  # fmt: skip
OWN_PAGES = ("account_", "mfa_", "socialaccount_", "usersessions_")
AT_THE_PROVIDER = "Du är inloggad genom partens identitetstjänst. Konto och inloggning ändras där."


class Acting:
    """Sets ``request.actor``: an ``Actor``, or something false for who is not signed in or has no role in force."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look the actor up when it is first asked for."""
        standing = cache(lambda: _standing(request))
        request.at = clock.now()  # type: ignore[attr-defined]  # what is below the views is told the time
        request.today = timezone.localdate(request.at)  # type: ignore[attr-defined]  # and the day
        request.actor = SimpleLazyObject(  # type: ignore[attr-defined]  # read by our views
            lambda: found.actor if (found := standing()) else None
        )
        request.acts_for = (  # type: ignore[attr-defined]  # the party's name, read by the base template
            lambda: found.party_name if (found := standing()) else ""
        )
        request.needs_second_factor = (  # type: ignore[attr-defined]  # read by the views' first line
            lambda: _needs_second_factor(request, standing())
        )
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> None:
        """Close allauth's pages that would undo what the parties rely on."""
        match = request.resolver_match
        name = (match.url_name or "") if match and not match.namespaces else ""
        if name in CLOSED:
            raise Http404
        if name.startswith(OWN_PAGES) and name not in OPEN_TO_IDENTITIES and by_identity(request):
            raise PermissionDenied(AT_THE_PROVIDER)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """An identity provider that does not answer is a page, not a fault of ours."""
        name = request.resolver_match.url_name if request.resolver_match else ""
        if isinstance(fault, RequestException) and name in {"openid_connect_login", "openid_connect_callback"}:
            return render(request, "parties/provider_silent.html", status=502)
        return None


def by_identity(request: HttpRequest) -> bool:
    """Whether the session began at a party's identity provider, by allauth's own record of it or by ours."""
    if not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    return IDENTITY_PARTY in request.session or any(one["method"] == "socialaccount" for one in records)


def _standing(request: HttpRequest) -> Standing | None:
    if not request.user.is_authenticated:
        return None
    only = ""
    if by_identity(request):
        only = request.session.get(IDENTITY_PARTY, "")
        if not only:  # nobody said for which party, so for none
            return None
    chosen = request.session.get(SESSION_KEY, "")
    return standing_of(request.user, on=clock.today(), chosen=chosen, only=only)


def _needs_second_factor(request: HttpRequest, standing: Standing | None) -> bool:
    """Whether a role is acted in that needs a second factor, and there is none: a party's provider sees to its own."""
    return bool(
        settings.REQUIRE_MFA
        and standing
        and standing.actor.role in GUARDED
        and not standing.second_factor
        and not by_identity(request)
    )
