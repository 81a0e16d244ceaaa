"""Sign-in by OpenID Connect through the whole flow, against a provider that the test serves itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from samverka.core.acting import Role
from samverka.core.errors import Refused
from samverka.journal.models import Entry
from samverka.parties import identity, middleware
from samverka.parties.adapter import Identities
from samverka.parties.models import IdentityProvider, Membership, Party, User
from samverka.parties.sealing import unseal
from tests.samverka.parties.provider import CLIENT, SECRET, Provider, serving
from tests.samverka.parties.test_factors import add_app, code
from tests.samverka.platform import AT, PASSWORD, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")
EMAIL = "asa@berg.exempel.se"


@pytest.fixture
def provider(settings: Any, jamtland: None) -> Iterator[Provider]:
    """Berg's provider, set up by its administrator; it knows Åsa, who is a registrar and an approver there."""
    settings.OIDC_LOOPBACK = True
    with serving() as served:
        stated = {"issuer": served.issuer, "client_id": CLIENT, "secret": SECRET, "domains": "berg.exempel.se"}
        identity.set_identity_provider(actor("BERG", Role.ADMINISTRATOR), at=AT, **stated)
        served.person = {"sub": "1001", "email": EMAIL, "email_verified": True, "name": "Åsa Exempel"}
        yield served


@pytest.fixture
def asa(jamtland: None) -> User:
    """Åsa, who also has roles in Krokom and a password."""
    user = User.objects.create(username="asa", email=EMAIL)
    user.set_password(PASSWORD)
    user.save()
    for party, role in (("BERG", Role.REGISTRAR), ("BERG", Role.APPROVER), ("KROKOM", Role.APPROVER)):
        Membership.objects.create(user=user, party=Party.objects.get(code=party), role=role, since=date(2026, 1, 1))
    return user


def through(client: Client, query: str = "process=login") -> HttpResponse:
    """Go to the provider and back, as a browser would; the site's answer to the return."""
    out = client.get(f"/konto/oidc/berg/login/?{query}")
    assert out.status_code == 302, out.content.decode()
    back = requests.get(out["Location"], allow_redirects=False, timeout=5).headers["Location"]
    return client.get(back.removeprefix("http://testserver"))


def acts(client: Client) -> str:
    """For which party and in which role the site says that the session acts."""
    page = client.get("/parter/")
    found = page.context["actor"] if page.status_code == 200 else None
    return f"{found.party} {found.role.value}" if found else ""


def test_who_has_a_role_in_the_party_comes_in(provider: Provider, asa: User) -> None:
    """The first sign-in binds the account to the person at the provider, with one entry; the next uses the tie."""
    client = Client()
    assert through(client)["Location"] == "/"
    assert acts(client) == "BERG registrar"
    bound = SocialAccount.objects.get()
    assert (bound.user, bound.provider, bound.uid) == (asa, "berg", "1001")
    assert Entry.objects.filter(action="parties.bind_identity").count() == 1
    assert through(Client())["Location"] == "/"
    assert SocialAccount.objects.count() == 1
    assert Entry.objects.filter(action="parties.bind_identity").count() == 1
    assert provider.asked[0]["code_challenge_method"] == "S256"


@pytest.mark.usefixtures("provider")
def test_the_sign_in_page_offers_the_partys_own() -> None:
    """Under the site's own way in, by the party's name; where no party has one, nothing is said of it."""
    page = Client().get("/konto/login/").content.decode()
    assert page.index("Logga in hos din arbetsgivare") < page.index('href="/konto/oidc/berg/login/')
    IdentityProvider.objects.all().delete()
    assert "arbetsgivare" not in Client().get("/konto/login/").content.decode()


def test_such_a_session_acts_for_that_party_only(provider: Provider, asa: User) -> None:
    """Åsa is an approver in Krokom too: not in this session, neither by choice nor because Berg's roles end."""
    client = Client()
    through(client)
    krokom = asa.memberships.get(party__code="KROKOM")
    assert client.post(reverse("parties:acting"), {"membership": krokom.public_id}).status_code == 404
    session = client.session
    session[middleware.SESSION_KEY] = krokom.public_id
    session.save()
    assert acts(client) == "BERG registrar"
    asa.memberships.filter(party__code="BERG").update(until=date(2026, 1, 2))
    assert acts(client) == ""
    by_password = signed_in_by_password()
    assert acts(by_password) == "KROKOM approver"


def signed_in_by_password() -> Client:
    """Åsa, by her password."""
    client = Client()
    assert client.post("/konto/login/", {"login": EMAIL, "password": PASSWORD}).status_code == 302
    return client


def test_a_second_factor_of_ones_own_does_not_loosen_the_tie(provider: Provider, asa: User) -> None:
    """Who has an app is asked for its code after the provider too; the session is the party's all the same."""
    secret = add_app(signed_in_by_password())
    client = Client()
    assert through(client)["Location"] == reverse("mfa_authenticate")
    assert acts(client) == ""
    assert client.post(reverse("mfa_authenticate"), {"code": code(secret, 1)}).status_code == 302
    assert acts(client) == "BERG registrar"
    assert client.session["identity_party"] == "BERG"


def test_without_our_own_mark_a_session_acts_for_nobody(provider: Provider, asa: User) -> None:
    """The broken twin of the tie: allauth's record of the sign-in is enough to keep the session from every party."""
    client = Client()
    through(client)
    session = client.session
    del session["identity_party"]
    session.save()
    assert acts(client) == ""


def test_the_tie_is_what_keeps_the_session_in_its_party(
    provider: Provider, asa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin: without it the same session would act for Krokom."""
    client = Client()
    through(client)
    monkeypatch.setattr(middleware, "by_identity", lambda _: False)
    krokom = asa.memberships.get(party__code="KROKOM")
    session = client.session
    session[middleware.SESSION_KEY] = krokom.public_id
    session.save()
    assert acts(client) == "KROKOM approver"


@pytest.mark.parametrize(
    ("person", "token"),
    [
        ({"email": "bo@berg.exempel.se"}, {}),  # no account
        ({"email": "asa@krokom.exempel.se"}, {}),  # another domain
        ({"email_verified": False}, {}),
        ({}, {"iss": "http://127.0.0.1:1"}),  # another issuer
        ({}, {"aud": "someone-else"}),
        ({}, {"exp": 1}),
        ({}, {"sub": "1002"}),  # the token and the user page speak of two people
    ],
)
def test_others_do_not_come_in(provider: Provider, asa: User, person: dict[str, Any], token: dict[str, Any]) -> None:
    """No account is made, nothing is bound, and nobody is signed in."""
    provider.person |= person
    provider.token = token
    people = User.objects.count()
    client = Client()
    answer = through(client)
    assert answer.status_code in {401, 403}
    assert "_auth_user_id" not in client.session
    assert (User.objects.count(), SocialAccount.objects.count()) == (people, 0)


def test_an_account_elsewhere_and_no_account_get_the_same_answer(provider: Provider, asa: User) -> None:
    """Berg's provider may claim any address in its domain: the answer does not say whether another party has it."""
    User.objects.create(username="cia", email="cia@berg.exempel.se")
    answers = []
    for email in ("cia@berg.exempel.se", "nobody@berg.exempel.se"):
        provider.person |= {"email": email, "sub": email}
        answers.append(through(Client()))
    assert [one.status_code for one in answers] == [403, 403]
    assert answers[0].context["reason"].args == answers[1].context["reason"].args == (identity.NOT_ADMITTED,)


def test_another_person_with_the_same_address_does_not_take_an_account_over(provider: Provider, asa: User) -> None:
    """Once bound, the account belongs to that person at the provider, until the administrator lets it go."""
    through(Client())
    provider.person |= {"sub": "2002"}
    answer = through(Client())
    assert answer.status_code == 403
    assert identity.TWO_PEOPLE in answer.content.decode()
    administrator = signed_in(actor("BERG", Role.ADMINISTRATOR))
    membership = asa.memberships.filter(party__code="BERG")[0]
    administrator.post(reverse("parties:let_go", args=[membership.public_id]))
    assert through(Client())["Location"] == "/"


def test_an_ended_role_ends_the_way_in(provider: Provider, asa: User) -> None:
    """The tie alone lets nobody in."""
    through(Client())
    asa.memberships.filter(party__code="BERG").update(until=date(2026, 1, 2))
    assert through(Client()).status_code == 403


@pytest.mark.parametrize(
    "name",
    ["account_change_password", "account_set_password", "account_reauthenticate", "mfa_index", "mfa_activate_totp",
     "mfa_add_webauthn", "usersessions_list"],
)  # fmt: skip
def test_a_partys_provider_does_not_change_how_an_account_is_signed_in_to(
    provider: Provider, asa: User, name: str
) -> None:
    """Berg's word must not be enough to set a password or a key by which Krokom's approver then comes in."""
    client = Client()
    through(client)
    assert client.get(reverse(name)).status_code == 403
    assert signed_in_by_password().get(reverse(name)).status_code in {200, 302}


@pytest.mark.parametrize("name", ["account_email", "socialaccount_connections", "socialaccount_signup"])
def test_addresses_and_ties_are_not_changed_by_hand(asa: User, name: str) -> None:
    """An address is the administrator's word: who could add another's would be invited in its owner's place."""
    client = signed_in_by_password()
    assert client.get(reverse(name)).status_code == 404
    assert client.post(reverse(name), {"action_add": "", "email": "vd@krokom.exempel.se"}).status_code == 404
    assert not EmailAddress.objects.filter(email="vd@krokom.exempel.se").exists()


def test_nothing_is_bound_to_a_session_that_is_already_there(provider: Provider, asa: User) -> None:
    """Allauth's way of tying an identity to whoever is signed in is refused."""
    answer = through(signed_in_by_password(), "process=connect")
    assert answer.status_code == 403
    assert SocialAccount.objects.count() == 0


def fresh_needed(client: Client) -> bool:
    """Whether a page that asks for a fresh sign-in sends the session away for one."""
    answer = client.get(reverse("parties:invite"))
    assert answer.status_code in {200, 302}
    return answer.status_code == 302


def make_administrator(user: User) -> None:
    """Let Åsa do what needs a fresh sign-in."""
    user.memberships.update(role=Role.ADMINISTRATOR)


def age(client: Client) -> None:
    """Let an hour pass for the session's freshness."""
    session = client.session
    session["identity_fresh_at"] -= 3600
    session.save()


def test_fresh_means_anew_at_the_provider(provider: Provider, asa: User) -> None:
    """An hour later the session goes to the provider, which is asked to ask again, and comes back to the form."""
    asa.memberships.filter(party__code="BERG", role=Role.APPROVER).delete()
    make_administrator(asa)
    client = Client()
    through(client)
    assert not fresh_needed(client)
    age(client)
    answer = client.get(reverse("parties:invite"))
    assert answer["Location"] == "/parter/bekrafta?next=%2Fparter%2Fpersoner%2Fny"
    page = client.get(answer["Location"])
    query = page.context["address"].partition("?")[2]
    before = client.session.session_key
    assert through(client, query)["Location"] == "/parter/personer/ny"
    assert provider.asked[-1] | {"prompt": "login", "max_age": "0"} == provider.asked[-1]
    assert client.session.session_key == before
    assert not fresh_needed(client)


@pytest.mark.parametrize(
    ("person", "token"),
    [
        ({}, {"auth_time": int(time.time()) - 3600}),  # the provider did not ask again
        ({}, {"auth_time": None}),  # and does not say when
        ({}, {"auth_time": int(time.time()) + 3600}),
        ({"sub": "3003"}, {}),  # somebody else
    ],
)
def test_a_silent_return_is_not_fresh(
    provider: Provider, asa: User, person: dict[str, Any], token: dict[str, Any]
) -> None:
    """A provider that waves the user through, or returns another one, does not make the session fresh."""
    asa.memberships.filter(party__code="BERG", role=Role.APPROVER).delete()
    make_administrator(asa)
    client = Client()
    through(client)
    age(client)
    provider.person |= person
    provider.token = token
    answer = through(client, "process=redirect&next=/parter/personer/ny&auth_params=prompt%3Dlogin%26max_age%3D0")
    assert answer.status_code == 403
    assert fresh_needed(client)


def test_a_provider_that_is_silent_or_sends_us_elsewhere_is_a_page(provider: Provider, asa: User) -> None:
    """Neither a redirect nor an unanswered call ends in a fault of ours."""
    provider.sends_elsewhere = True
    assert Client().get("/konto/oidc/berg/login/?process=login").status_code == 502
    IdentityProvider.objects.update(issuer="http://127.0.0.1:9")
    answer = Client().get("/konto/oidc/berg/login/?process=login")
    assert answer.status_code == 502
    assert "svarar inte" in answer.content.decode()


def test_only_tls_leaves_the_site(provider: Provider, settings: Any) -> None:
    """What was allowed to the test alone is refused in earnest, whoever put it in the table."""
    settings.OIDC_LOOPBACK = False
    assert Client().get("/konto/oidc/berg/login/?process=login").status_code == 502
    session = Identities().get_requests_session()
    with pytest.raises(requests.exceptions.InvalidURL):
        session.get(provider.issuer)


def test_a_wrong_secret_is_refused_by_the_provider(provider: Provider, asa: User) -> None:
    """The secret that is sealed is the one that is sent: with another, the provider gives no token."""
    stated = {"issuer": provider.issuer, "client_id": CLIENT, "secret": "fel", "domains": "berg.exempel.se"}
    identity.set_identity_provider(actor("BERG", Role.ADMINISTRATOR), at=AT, **stated)
    assert through(Client()).status_code == 401
    assert provider.refused == ["token"]


# -- the administrator's page --------------------------------------------------------------------------

STATED = {
    "issuer": "https://login.berg.exempel.se",
    "client_id": "abc",
    "secret": "mycket-hemligt",
    "domains": "Berg.se",
}


def test_the_secret_is_kept_sealed_and_never_shown() -> None:
    """It is in no page, no entry and not in the table as it is; an empty one keeps it, a new issuer needs a new one."""
    client = signed_in(actor("BERG", Role.ADMINISTRATOR))
    address = reverse("parties:identity_provider")
    assert client.post(address, STATED)["Location"] == address
    provider = IdentityProvider.objects.get()
    assert (provider.party.code, provider.domains, provider.provider_id) == ("BERG", "berg.se", "berg")
    assert "mycket-hemligt" not in provider.sealed_secret
    assert unseal(provider.sealed_secret) == "mycket-hemligt"
    assert "mycket-hemligt" not in client.get(address).content.decode()
    assert not Entry.objects.filter(body__contains="mycket-hemligt").exists()
    assert "/konto/oidc/berg/login/callback/" in client.get(address).content.decode()
    client.post(address, {**STATED, "secret": "", "domains": "berg.se, x.se"})
    assert unseal(IdentityProvider.objects.get().sealed_secret) == "mycket-hemligt"
    faulty = client.post(address, {**STATED, "secret": "", "issuer": "https://login.annan.se"})
    assert "Ange klienthemligheten" in faulty.content.decode()
    assert IdentityProvider.objects.get().issuer == STATED["issuer"]


def test_another_issuer_lets_go_of_everybody(asa: User) -> None:
    """The people of the former issuer are not those of the new one, whatever they are called there."""
    berg = actor("BERG", Role.ADMINISTRATOR)
    identity.set_identity_provider(berg, at=AT, **STATED)
    SocialAccount.objects.create(user=asa, provider="berg", uid="1")
    identity.set_identity_provider(berg, at=AT, **{**STATED, "secret": "", "domains": "x.se"})
    assert SocialAccount.objects.count() == 1
    identity.set_identity_provider(berg, at=AT, **{**STATED, "issuer": "https://ny.berg.exempel.se"})
    assert SocialAccount.objects.count() == 0
    identity.remove_identity_provider(berg, at=AT)
    assert IdentityProvider.objects.count() == 0
    with pytest.raises(Refused, match="ingen identitetstjänst"):
        identity.remove_identity_provider(berg, at=AT)


def test_a_removed_provider_lets_nobody_in() -> None:
    """Its address is no more."""
    assert Client().get("/konto/oidc/berg/login/?process=login").status_code == 404
