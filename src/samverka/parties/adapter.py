"""What django-allauth asks of us: no sign-up, one count of failed sign-ins, and identities that a party vouches for."""

from __future__ import annotations

import functools
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import Response, Session
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidURL

from samverka.core.access import IDENTITY_FRESH, IDENTITY_PARTY
from samverka.core.errors import Refused
from samverka.parties import identity
from samverka.parties.models import IdentityProvider
from samverka.parties.sealing import seal, unseal
from samverka.parties.selectors import names

SKEW = timedelta(minutes=1)
NOT_FRESH = (
    "Identitetstjänsten har inte bekräftat att du nyss loggade in (auth_time saknas eller är för gammal). "
    "Försök igen, eller be partens administratör kontrollera tjänstens inställningar."
)
FACTOR_GONE = (
    "Din andra faktor kan inte läsas, eftersom webbplatsens nyckel är bytt. Den som driver webbplatsen behöver lägga "
    "tillbaka den gamla."
)
PROVIDER_GONE = (
    "Identitetstjänstens hemlighet kan inte läsas, eftersom webbplatsens nyckel är bytt. Partens administratör behöver "
    "ange den igen."
)
OTHER_PERSON = "Du loggade in som någon annan än den du började som. Logga ut och börja om."
NO_PROCESS = "Identiteter knyts till konton vid inloggning, inte på annat sätt."


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Passwords: nobody signs up, and failures are counted for the account alone, however the site was addressed."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": "För många misslyckade försök. Vänta fem minuter och försök igen.",
    }

    def is_open_for_signup(self, _: HttpRequest) -> bool:
        """People are invited by their party's administrator."""
        return False

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether it is the user's password; a failure counts as one at sign-in."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Bind a session that began at a party's identity provider to that party."""
        social: SocialLogin | None = (kwargs.get("signal_kwargs") or {}).get("sociallogin")
        if social is not None:
            provider = IdentityProvider.objects.select_related("party").get(provider_id=social.account.provider)
            request.session[IDENTITY_PARTY] = provider.party.code
            request.session[IDENTITY_FRESH] = _signed_in_at(social)
        return super().post_login(request, user, **kwargs)  # type: ignore[no-any-return]  # allauth has no types

    def _get_login_attempts_cache_key(self, _: HttpRequest, **credentials: Any) -> str:
        """Of the account alone: allauth adds the host, whose port the sender may choose anew for every five tries."""
        return str(credentials.get("email", credentials.get("username", ""))).lower()


class Factors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factors: their secrets are kept sealed."""

    def encrypt(self, text: str) -> str:
        """The secret as it is kept."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret as it is used.

        Raises:
            PermissionDenied: It was sealed with a key that is gone.
        """
        try:
            return unseal(encrypted_text)
        except Refused:
            raise PermissionDenied(FACTOR_GONE) from None


class Identities(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """OpenID Connect: each party's own provider, for accounts that are already there."""

    def list_apps(self, request: HttpRequest, provider: str = "", client_id: str = "") -> list[SocialApp]:
        """The parties' providers as allauth wants them; they are kept, with their secrets sealed, in our own table."""
        found = IdentityProvider.objects.select_related("party").order_by("party__position", "provider_id")
        if provider and provider != "openid_connect":
            found = found.filter(provider_id=provider)
        if client_id:
            found = found.filter(client_id=client_id)
        try:
            return [_app(request, one, secret=bool(provider)) for one in found]
        except Refused:
            raise PermissionDenied(PROVIDER_GONE) from None

    def is_open_for_signup(self, _: HttpRequest, __: SocialLogin) -> bool:
        """An identity makes no account."""
        return False

    def pre_social_login(self, request: HttpRequest, social: SocialLogin) -> None:
        """Let in who has an account with a role in the party; anybody else is told so, in the same words."""
        try:
            match social.state.get("process"):
                case AuthProcess.LOGIN:
                    identity.admit(social, at=request.at, on=request.today)  # type: ignore[attr-defined]  # middleware
                case AuthProcess.REDIRECT:
                    _confirm(request, social)
                case _:
                    raise Refused(NO_PROCESS)  # noqa: TRY301  # all three refusals end in one page
        except Refused as reason:
            page = render(request, "parties/identity_refused.html", {"reason": reason}, status=403)
            raise ImmediateHttpResponse(page) from None

    def get_requests_session(self) -> Session:
        """Only over TLS, and never further than where it was sent."""
        session = Session()
        session.mount("https://", _NoRedirects())
        session.mount("http://", _NoRedirects() if settings.OIDC_LOOPBACK else _NoTls())
        session.request = functools.partial(session.request, timeout=5)  # type: ignore[method-assign]  # as allauth does
        return session


class _NoRedirects(HTTPAdapter):
    """An answer that sends us elsewhere is an answer that we did not ask for."""

    def send(self, request: Any, **options: Any) -> Response:  # type: ignore[override]  # all options pass through
        """The answer, unless it is a redirect."""
        answer = super().send(request, **options)
        if answer.is_redirect:
            raise InvalidURL("identitetstjänsten hänvisar till en annan adress")
        return answer


class _NoTls(HTTPAdapter):
    """Refuses what is not encrypted."""

    def send(self, *_: Any, **__: Any) -> Response:
        """Never an answer."""
        raise InvalidURL("identitetstjänsten svarar inte över https")


def _app(request: HttpRequest, provider: IdentityProvider, *, secret: bool) -> SocialApp:
    """A provider in allauth's form, never saved; its secret is unsealed only where it is to be used."""
    return SocialApp(
        provider="openid_connect",
        provider_id=provider.provider_id,
        name=names(request.today)[provider.party.code],  # type: ignore[attr-defined]  # set by the middleware
        client_id=provider.client_id,
        secret=unseal(provider.sealed_secret) if secret else "",
        settings={"server_url": provider.issuer.rstrip("/"), "oauth_pkce_enabled": True},
    )


def _confirm(request: HttpRequest, social: SocialLogin) -> None:
    """Note that the session's own user has just signed in anew at the session's own provider.

    Raises:
        Refused: It is someone else, or another provider, or the sign-in is not new by the provider's own word.
    """
    provider = identity.vouched(social)
    if (
        not request.user.is_authenticated
        or request.session.get(IDENTITY_PARTY) != provider.party.code
        or not social.is_existing
        or social.user.pk != request.user.pk
    ):
        raise Refused(OTHER_PERSON)
    signed_in_at = _signed_in_at(social)
    age = request.at.timestamp() - signed_in_at  # type: ignore[attr-defined]  # set by the middleware
    if not -SKEW.total_seconds() <= age < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        raise Refused(NOT_FRESH)
    request.session[IDENTITY_FRESH] = signed_in_at


def _signed_in_at(social: SocialLogin) -> int:
    """When the provider says that the user signed in; 0 where it does not say."""
    stated = (social.account.extra_data.get("id_token") or {}).get("auth_time")
    return stated if isinstance(stated, int) else 0
