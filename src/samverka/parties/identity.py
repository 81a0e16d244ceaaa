"""A party's own sign-in by OpenID Connect: who runs it, whom it may vouch for, and for what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.db import transaction

from samverka.core.acting import Actor
from samverka.core.errors import Refused
from samverka.journal.services import record
from samverka.parties.models import IdentityProvider, Party, User
from samverka.parties.sealing import seal
from samverka.parties.selectors import memberships_of

DOMAIN = re.compile(r"(?=.{4,100}$)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
#: Where a provider describes itself, under its issuer's address.
DESCRIPTION = "/.well-known/openid-configuration"
#: One answer for whoever may not come in, so that it says nothing about other parties' accounts.
NOT_ADMITTED = (
    "Identitetstjänsten känner dig, men det finns ingen roll för dig hos den här parten. "
    "Be partens administratör om en roll för just den e-postadress som tjänsten uppger."
)
TWO_PEOPLE = (
    "Kontot är redan knutet till en annan identitet i tjänsten. "
    "Be partens administratör att lösa identiteten från kontot."
)
UNSURE = "Identitetstjänstens uppgifter stämmer inte överens. Be partens administratör kontrollera inställningarna."


# -- the party's settings ------------------------------------------------------------------------------


@transaction.atomic
def set_identity_provider(
    actor: Actor, *, issuer: str, client_id: str, secret: str, domains: str, at: datetime
) -> IdentityProvider:
    """Enter or change how the actor's party signs in; an empty secret keeps the one that is there.

    Another issuer knows other people: identities that were bound under the former one are let go.

    Raises:
        Refused: The issuer's address, the domains or the secret cannot be used.
    """
    actor.must("administer")
    issuer, allowed = issuer_address(issuer), email_domains(domains)
    party = Party.objects.select_for_update().get(code=actor.party)
    provider = IdentityProvider.objects.filter(party=party).first()
    same = provider is not None and (provider.issuer, provider.client_id) == (issuer, client_id)
    if not secret and not same:
        raise Refused("Ange klienthemligheten: den hör ihop med utfärdaren och klienten.")
    before = _told(provider) if provider else None
    if provider is None:
        provider = IdentityProvider(party=party, provider_id=party.code.lower())
    elif provider.issuer != issuer:
        SocialAccount.objects.filter(provider=provider.provider_id).delete()
    provider.issuer, provider.client_id, provider.domains = issuer, client_id, ",".join(allowed)
    if secret:
        provider.sealed_secret = seal(secret)
    provider.save()
    record(
        actor, "parties.set_identity_provider", party.public_id, at=at, parties=(party.code,),
        before=before, after={**_told(provider), "new_secret": bool(secret)},
    )  # fmt: skip
    return provider


@transaction.atomic
def remove_identity_provider(actor: Actor, *, at: datetime) -> None:
    """Sign in no more through the party's provider; what was bound under it is let go.

    Raises:
        Refused: There is none.
    """
    actor.must("administer")
    provider = IdentityProvider.objects.select_related("party").filter(party__code=actor.party).first()
    if provider is None:
        raise Refused("Parten har ingen identitetstjänst.")
    SocialAccount.objects.filter(provider=provider.provider_id).delete()
    party, before = provider.party, _told(provider)
    provider.delete()
    record(
        actor, "parties.remove_identity_provider", party.public_id, at=at, parties=(party.code,), before=before,
        after=None,
    )  # fmt: skip


def issuer_address(text: str) -> str:
    """An issuer's address that the site may ask: https, a host with a name, nothing after the path.

    The address of the provider's description, which many providers show, is taken for the issuer's.

    Raises:
        Refused: It is anything else.
    """
    issuer = text.strip().rstrip("/").removesuffix(DESCRIPTION).rstrip("/")
    try:
        parts = urlsplit(issuer)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise Refused("Utfärdarens adress kan inte tolkas.") from None
    if settings.OIDC_LOOPBACK and parts.scheme == "http" and host == "127.0.0.1":
        return issuer
    if parts.scheme != "https" or parts.query or parts.fragment or parts.username is not None:
        raise Refused("Utfärdaren ska vara en https-adress utan frågedel, som https://login.kommunen.se.")
    if _is_number(host) or not DOMAIN.fullmatch(host):
        raise Refused("Utfärdaren ska ha ett värdnamn på internet, inte en IP-adress eller ett internt namn.")
    return issuer


def email_domains(text: str) -> list[str]:
    """The domains of a list parted by commas.

    Raises:
        Refused: There is none, or one cannot be a domain.
    """
    found = sorted({one.strip().lower().removeprefix("@") for one in text.split(",") if one.strip()})
    if not found:
        raise Refused("Ange minst en e-postdomän.")
    for one in found:
        if not DOMAIN.fullmatch(one):
            raise Refused(f"{one} är ingen e-postdomän. Skriv till exempel kommunen.se.")
    return found


# -- at sign-in ----------------------------------------------------------------------------------------


def admit(social: SocialLogin, *, at: datetime, on: date) -> None:
    """Tie a sign-in at a party's provider to the account that has a role in that party; the first time, for good.

    Raises:
        Refused: The claims do not agree, the address is of another domain, or there is no such account.
    """
    provider = vouched(social)
    party, email = provider.party, _email(social.account.extra_data)
    if email.rpartition("@")[2] not in provider.domains.split(","):
        raise Refused(NOT_ADMITTED)
    user = social.user if social.is_existing else User.objects.filter(email=email, is_active=True).first()
    if user is None or not user.is_active or not memberships_of(user, on=on, only=party.code).exists():
        raise Refused(NOT_ADMITTED)
    if not social.is_existing:
        social.account = bind(user, provider, uid=social.account.uid, at=at, claims=social.account.extra_data)
        social.user = user


@transaction.atomic
def bind(user: User, provider: IdentityProvider, *, uid: str, at: datetime, claims: dict[str, Any]) -> SocialAccount:
    """Note which person at the provider an account belongs to.

    Raises:
        Refused: The account belongs to another one there.
    """
    bound, new = SocialAccount.objects.get_or_create(
        user=user, provider=provider.provider_id, defaults={"uid": uid, "extra_data": claims}
    )
    if not new:
        raise Refused(TWO_PEOPLE)
    membership = user.memberships.filter(party=provider.party).order_by("id")[0]
    record(
        None, "parties.bind_identity", membership.public_id, at=at, parties=(provider.party.code,),
        after={"identity_provider": provider.provider_id},
    )  # fmt: skip
    return bound


def vouched(social: SocialLogin) -> IdentityProvider:
    """The provider that vouches, where its two accounts of the person are of one person and it is the one we asked.

    Raises:
        Refused: They are not.
    """
    provider = IdentityProvider.objects.select_related("party").get(provider_id=social.account.provider)
    claims = social.account.extra_data
    token, person = claims.get("id_token") or {}, claims.get("userinfo") or {}
    if str(token.get("iss", "")).rstrip("/") != provider.issuer:
        raise Refused(UNSURE)
    if not token.get("sub") or (person and person.get("sub") != token["sub"]) or social.account.uid != token["sub"]:
        raise Refused(UNSURE)
    return provider


def _email(claims: dict[str, Any]) -> str:
    """The address that the provider states; none where it says itself that the address is not verified."""
    stated: Iterable[dict[str, Any]] = [claims.get("userinfo") or {}, claims.get("id_token") or {}]
    for one in stated:
        if isinstance(one.get("email"), str):
            return "" if one.get("email_verified") in (False, "false") else one["email"].strip().lower()
    return ""


def _told(provider: IdentityProvider) -> dict[str, str]:
    return {"issuer": provider.issuer, "client_id": provider.client_id, "domains": provider.domains}


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
