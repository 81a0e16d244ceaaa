"""Who approves or administers has a second factor, and who approves or issues has just shown who it is."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from samverka.core import access
from samverka.core.acting import Role
from samverka.parties.models import Membership
from tests.samverka.parties.key import SecurityKey
from tests.samverka.platform import PASSWORD, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")
FRESH = "parties:invite"
LIST = "parties:list"


def code(secret: str, later: int = 0) -> str:
    """What the app shows now, or one period later: a code is good once."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def age(client: Client, seconds: float) -> None:
    """Let time pass for what was shown in a session."""
    session = client.session
    for one in session["account_authentication_methods"]:
        one["at"] -= seconds
    session.save()


def add_app(client: Client) -> str:
    """Set an app for codes up, through the pages; its secret."""
    client.post("/konto/reauthenticate/", {"password": PASSWORD})
    secret = str(client.get(reverse("mfa_activate_totp")).context["form"].secret)
    assert client.post(reverse("mfa_activate_totp"), {"code": code(secret)}).status_code == 302
    return secret


def add_key(client: Client) -> SecurityKey:
    """Set a security key up, through the pages."""
    client.post("/konto/reauthenticate/", {"password": PASSWORD})
    key = SecurityKey()
    options = client.get(reverse("mfa_add_webauthn")).context["js_data"]["creation_options"]
    posted = {"name": "nyckel", "credential": key.registered(options)}
    assert client.post(reverse("mfa_add_webauthn"), posted).status_code == 302
    return key


# -- the second factor ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR])
def test_guarded_roles_are_led_to_a_second_factor(settings: Any, role: Role) -> None:
    """Without one, every page of the role leads to the page that says why and where; with one, none does."""
    settings.REQUIRE_MFA = True
    client = signed_in(actor("BERG", role))
    assert client.get(reverse(LIST))["Location"] == reverse("parties:second_factor")
    page = client.get(reverse("parties:second_factor"))
    assert reverse("mfa_index") in page.content.decode()
    add_app(client)
    assert client.get(reverse(LIST)).status_code == 200


@pytest.mark.parametrize("role", [Role.READER, Role.REGISTRAR])
def test_others_need_none(settings: Any, role: Role) -> None:
    """Reading and registering are done with a password."""
    settings.REQUIRE_MFA = True
    assert signed_in(actor("BERG", role)).get(reverse(LIST)).status_code == 200


def test_codes_to_recover_with_are_no_second_factor(settings: Any) -> None:
    """A list of codes without an app or a key does not count."""
    settings.REQUIRE_MFA = True
    who = actor("BERG", Role.APPROVER)
    Authenticator.objects.create(user=who.user, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert signed_in(who).get(reverse(LIST)).status_code == 302


def test_a_person_may_go_on_in_another_role(settings: Any) -> None:
    """Choosing a role needs no second factor, so that a registrar who is also an approver can work."""
    settings.REQUIRE_MFA = True
    who = actor("BERG", Role.APPROVER)
    registrar = actor("BERG", Role.REGISTRAR).user.memberships.get()
    Membership.objects.filter(pk=registrar.pk).update(user=who.user)
    client = signed_in(who)
    assert client.get(reverse(LIST)).status_code == 302
    assert client.post(reverse("parties:acting"), {"membership": registrar.public_id})["Location"] == "/"
    assert client.get(reverse(LIST)).status_code == 200


def test_a_demonstration_asks_for_none(settings: Any) -> None:
    """The broken twin: without the setting, the same approver goes straight in."""
    settings.REQUIRE_MFA = False
    assert signed_in(actor("BERG", Role.APPROVER)).get(reverse(LIST)).status_code == 200


def test_a_secret_of_an_app_is_kept_sealed() -> None:
    """The table holds nothing that shows codes."""
    secret = add_app(signed_in(actor("BERG", Role.APPROVER)))
    assert secret not in str(Authenticator.objects.get(type=Authenticator.Type.TOTP).data)


def test_a_password_alone_does_not_sign_in_who_has_an_app() -> None:
    """The code is asked for after the password; wrong ones do not let in, the right one does."""
    who = actor("BERG", Role.APPROVER)
    secret = add_app(signed_in(who))
    client = Client()
    answer = client.post("/konto/login/", {"login": who.user.email, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": code(secret, 1)})
    assert client.session["_auth_user_id"] == str(who.user.pk)


def test_a_key_signs_in_and_a_stranger_does_not() -> None:
    """The key that was registered answers; another's answer is refused."""
    who = actor("BERG", Role.APPROVER)
    key = add_key(signed_in(who))
    for answering, let_in in ((SecurityKey(), False), (key, True)):
        client = Client()
        client.post("/konto/login/", {"login": who.user.email, "password": PASSWORD})
        options = client.get(reverse("mfa_authenticate")).context["js_data"]["request_options"]
        client.post(reverse("mfa_authenticate"), {"credential": answering.answered(options)})
        assert ("_auth_user_id" in client.session) is let_in


# -- freshness -----------------------------------------------------------------------------------------


def test_a_sign_in_is_fresh_for_five_minutes() -> None:
    """Then the form asks for the password again, and comes back after it."""
    client = Client()
    who = actor("BERG", Role.ADMINISTRATOR)
    client.post("/konto/login/", {"login": who.user.email, "password": PASSWORD})
    assert client.get(reverse(FRESH)).status_code == 200
    age(client, 301)
    answer = client.get(reverse(FRESH))
    assert answer["Location"] == "/konto/reauthenticate/?next=%2Fparter%2Fpersoner%2Fny"
    assert client.post(answer["Location"], {"password": "fel"}).status_code == 200
    assert client.get(reverse(FRESH)).status_code == 302
    again = client.post(answer["Location"], {"password": PASSWORD})
    assert again["Location"] == "/parter/personer/ny"
    assert client.get(reverse(FRESH)).status_code == 200


def test_what_is_not_fresh_is_no_matter_elsewhere() -> None:
    """Only what asks for it: the list of people is shown to a stale administrator."""
    client = signed_in(actor("BERG", Role.ADMINISTRATOR), fresh=False)
    assert client.get(reverse("parties:people")).status_code == 200


def test_an_app_makes_fresh() -> None:
    """A code instead of the password."""
    client = signed_in(actor("BERG", Role.ADMINISTRATOR))
    secret = add_app(client)
    age(client, 301)
    assert client.get(reverse(FRESH)).status_code == 302
    again = client.post(f"{reverse('mfa_reauthenticate')}?next={reverse(FRESH)}", {"code": code(secret, 1)})
    assert again["Location"] == reverse(FRESH)
    assert client.get(reverse(FRESH)).status_code == 200


def test_a_key_makes_fresh() -> None:
    """A security key instead of the password; a strange key does not."""
    client = signed_in(actor("BERG", Role.ADMINISTRATOR))
    key = add_key(client)
    age(client, 301)
    address = f"{reverse('mfa_reauthenticate_webauthn')}?next={reverse(FRESH)}"
    options = client.get(address).context["js_data"]["request_options"]
    client.post(address, {"credential": SecurityKey().answered(options)})
    assert client.get(reverse(FRESH)).status_code == 302
    options = client.get(address).context["js_data"]["request_options"]
    assert client.post(address, {"credential": key.answered(options)})["Location"] == reverse(FRESH)
    assert client.get(reverse(FRESH)).status_code == 200


FILLED = {"email": "ny@berg.exempel.se", "name": "Ny", "role": "reader", "since": "2090-01-01"}


def test_a_form_may_take_its_time() -> None:
    """Shown to who was fresh, it may be sent for five minutes more: what was filled in is not lost."""
    client = signed_in(actor("BERG", Role.ADMINISTRATOR))
    age(client, 301)
    assert client.get(reverse(FRESH)).status_code == 302
    assert client.post(reverse(FRESH), FILLED)["Location"] == reverse("parties:people")
    assert Membership.objects.filter(user__email=FILLED["email"]).count() == 1


def test_a_form_that_comes_too_late_is_shown_again() -> None:
    """Nothing is done; after the password its sender is back at the form and is told so."""
    client = signed_in(actor("BERG", Role.ADMINISTRATOR), fresh=False)
    page = "http://testserver/parter/personer/ny"
    answer = client.post(reverse(FRESH), FILLED, headers={"Referer": page})
    assert answer["Location"] == "/konto/reauthenticate/?next=%2Fparter%2Fpersoner%2Fny"
    assert not Membership.objects.filter(user__email=FILLED["email"]).exists()
    back = client.post(answer["Location"], {"password": PASSWORD}, follow=True)
    assert back.redirect_chain == [("/parter/personer/ny", 302)]
    assert access.AGAIN in back.content.decode()
    assert not Membership.objects.filter(user__email=FILLED["email"]).exists()


def test_a_button_on_another_page_leads_back_to_that_page() -> None:
    """A form whose address cannot be read is shown where it stood; a page of another host is not gone to."""
    client = signed_in(actor("BERG", Role.ADMINISTRATOR), fresh=False)
    address = reverse("parties:identity_provider_remove")
    for sent_from, back in (
        ("http://testserver/parter/identitetstjanst?x=1", "%2Fparter%2Fidentitetstjanst%3Fx%3D1"),
        ("http://annan.se/x", "%2Fparter%2Fidentitetstjanst%2Fta-bort"),
    ):
        answer = client.post(address, headers={"Referer": sent_from})
        assert answer["Location"] == f"/konto/reauthenticate/?next={back}"


def test_the_check_of_freshness_is_what_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: where everything is fresh, the stale form is done."""
    monkeypatch.setattr(access, "is_fresh", lambda _: True)
    client = signed_in(actor("BERG", Role.ADMINISTRATOR), fresh=False)
    assert client.post(reverse(FRESH), FILLED)["Location"] == reverse("parties:people")
