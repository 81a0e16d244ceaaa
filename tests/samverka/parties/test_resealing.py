"""Another secret key: what the former one sealed is sealed anew, and whoever meets what is lost is told so."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from samverka.core.acting import Role
from samverka.core.errors import Refused
from samverka.parties import adapter, identity
from samverka.parties.models import IdentityProvider
from samverka.parties.resealing import reseal
from samverka.parties.sealing import unseal
from tests.samverka.parties.test_factors import add_app, code
from tests.samverka.platform import AT, PASSWORD, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")
FORMER, NEW = "f" * 60, "n" * 60


@pytest.fixture
def secret(settings: Any, jamtland: None) -> str:
    """An app for codes, its recovery codes and a party's provider, sealed with a key that another has replaced."""
    settings.SECRET_KEY = FORMER
    berg = actor("BERG", Role.ADMINISTRATOR)
    found = add_app(signed_in(berg))
    identity.set_identity_provider(
        berg, issuer="https://login.berg.exempel.se", client_id="samverka", secret="mycket-hemligt",
        domains="exempel.se", at=AT,
    )  # fmt: skip
    settings.SECRET_KEY = NEW
    return found


def opened() -> set[str]:
    """Every secret that can be read, but the seed of recovery codes, which is random."""
    factors = Authenticator.objects.filter(type="totp").values_list("data__secret", flat=True)
    return {unseal(one) for one in [*factors, IdentityProvider.objects.get().sealed_secret]}


def test_what_a_former_key_sealed_is_sealed_anew(secret: str, settings: Any) -> None:
    """Three secrets once; the former key can then be let go, and there is nothing more to do."""
    settings.SECRET_KEY_FALLBACKS = [FORMER]
    assert reseal() == (3, 0)
    settings.SECRET_KEY_FALLBACKS = []
    assert opened() == {secret, "mycket-hemligt"}
    assert reseal() == (0, 0)


@pytest.mark.usefixtures("secret")
def test_without_the_former_key_nothing_is_touched() -> None:
    """The broken twin: the key let go too early opens nothing, and what it sealed waits for it."""
    before = IdentityProvider.objects.get().sealed_secret
    assert reseal() == (0, 3)
    assert IdentityProvider.objects.get().sealed_secret == before
    with pytest.raises(Refused, match="SECRET_KEY är bytt"):
        opened()


def test_who_signs_in_with_a_factor_that_is_lost_is_told_so(secret: str) -> None:
    """Not that something went wrong."""
    client = Client()
    email = Authenticator.objects.filter(type="totp").get().user.email
    client.post("/konto/login/", {"login": email, "password": PASSWORD})
    answer = client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert answer.status_code == 403
    assert adapter.FACTOR_GONE in answer.content.decode()


@pytest.mark.usefixtures("secret")
def test_who_signs_in_by_a_provider_whose_secret_is_lost_is_told_so() -> None:
    """And who is to enter it again."""
    answer = Client().get("/konto/oidc/berg/login/")
    assert answer.status_code == 403
    assert adapter.PROVIDER_GONE in answer.content.decode()
