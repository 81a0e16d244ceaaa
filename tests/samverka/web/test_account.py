"""Account pages: sign-in, password, second factor, keys, sign-ins: Swedish, in the site's frame, within the policy."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client
from django.urls import get_resolver

from samverka.core.acting import Actor, Role
from tests.samverka.platform import PASSWORD, actor
from tests.samverka.web.pages import english, faults, text_of

pytestmark = pytest.mark.usefixtures("jamtland")
SECRET = "JBSWY3DPEHPK3PXP"


def code(secret: str = SECRET) -> str:
    """What the authenticator app shows now."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def enter(client: Client, who: Actor, password: str = PASSWORD) -> Any:
    """Sign in by the form."""
    return client.post("/konto/login/", {"login": who.user.email, "password": password})


def enter_afresh(client: Client, who: Actor) -> None:
    """Sign in, by the second factor too where there is one, and give the password again as its pages ask for."""
    enter(client, who)
    if who.user.authenticator_set.exists():
        client.post("/konto/2fa/authenticate/", {"code": code()})
    assert is_in(client)
    client.post("/konto/reauthenticate/", {"password": PASSWORD})


def is_in(client: Client) -> bool:
    """Whether the browser's session is somebody's."""
    return get_user(client).is_authenticated  # type: ignore[arg-type]  # it only needs the session


def check(response: Any) -> str:
    """A page of ours, in Swedish, that breaks no policy; its HTML."""
    html = str(response.content.decode())
    assert english(html) == set(), text_of(html)
    assert faults(html, response["Content-Security-Policy"]) == []
    return html


def account_addresses() -> list[str]:
    """The names of allauth's pages that need nothing in their address."""
    names = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    found = [name for name in names if name.startswith(("account_", "mfa_", "usersessions_", "socialaccount_"))]
    return sorted(name for name in found if "%(" not in get_resolver().reverse_dict.getlist(name)[0][0][0][0])


def test_the_account_pages_are_known() -> None:
    """The list that the next tests walk holds what people use."""
    assert {"account_login", "account_change_password", "mfa_index", "mfa_activate_totp", "usersessions_list"} <= set(
        account_addresses()
    )
    assert len(account_addresses()) >= 20


@pytest.mark.parametrize("state", ["nobody", "signed in", "second factor", "asked for the second factor"])
@pytest.mark.parametrize("name", account_addresses())
def test_every_account_page_is_ours(client: Client, name: str, state: str) -> None:
    """Whatever state the browser is in, what is shown is a page of the site; nothing breaks."""
    who = actor("BERG", Role.READER)
    if "factor" in state:
        TOTP.activate(who.user, SECRET)
    if state == "asked for the second factor":
        enter(client, who)
    elif state != "nobody":
        enter_afresh(client, who)
    address = "/" + get_resolver().reverse_dict.getlist(name)[0][0][0][0]
    response = client.get(address)
    assert response.status_code in {200, 302, 401, 403, 404, 405}
    if response.status_code in {200, 401, 403, 404} and "text/html" in response["Content-Type"]:
        check(response)


def test_the_page_test_sees_a_page_that_is_not_ours() -> None:
    """The broken twin: allauth's own sign-in page is English, without frame, and its scripts have no nonce."""
    html = '<html><title>Sign In</title><script src="/x.js"></script><p style="x">Please enter your password</p>'
    assert english(html) >= {"sign", "please", "enter", "your", "password"}
    found = faults(html, "script-src 'nonce-abc'")
    assert {" style=", '<script src="/x.js">', "<h1", '<html lang="sv">'} <= set(found)


def test_a_new_factor_asks_for_the_password_again(client: Client) -> None:
    """Being signed in is not enough to change how an account is signed in to."""
    enter(client, actor("BERG", Role.READER))
    asked = client.get("/konto/2fa/totp/activate/", follow=True)
    assert asked.redirect_chain[0][0].startswith("/konto/reauthenticate/?next=")
    check(asked)
    told = text_of(asked.content.decode())
    assert "Skriv lösenordet igen" in told
    assert "utentisera" not in told


def test_the_account_has_a_first_page(client: Client) -> None:
    """The address above the others leads to one of them; who is not signed in signs in first."""
    assert client.get("/konto/")["Location"] == "/konto/login/?next=/konto/"
    enter(client, actor("BERG", Role.READER))
    assert client.get("/konto/")["Location"] == "/konto/password/change/"


def test_sign_in_by_address_and_password(client: Client) -> None:
    """A wrong password is said in the summary, which has the focus; the right one leads to the first page."""
    who = actor("BERG", Role.READER)
    wrong = check(enter(client, who, "fel lösenord"))
    assert 'role="alert" tabindex="-1" autofocus' in wrong
    assert "felaktigt" in text_of(wrong)
    assert not is_in(client)
    assert enter(client, who)["Location"] == "/"
    assert is_in(client)


def test_an_unknown_address_gets_the_same_answer(client: Client) -> None:
    """Nobody learns who has an account, at sign-in or by asking for a new password."""
    who = actor("BERG", Role.READER)
    known = text_of(enter(client, who, "fel").content.decode())
    unknown = text_of(client.post("/konto/login/", {"login": "ingen@exempel.se", "password": "fel"}).content.decode())
    assert unknown == known
    answers = [client.post("/konto/password/reset/", {"email": to}) for to in (who.user.email, "ingen@exempel.se")]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert [letter.to for letter in mail.outbox] == [[who.user.email]]


def test_a_forgotten_password_is_made_anew(client: Client) -> None:
    """The letter is Swedish, its link leads to a form, and the new password is the one that counts."""
    who = actor("BERG", Role.READER)
    client.post("/konto/password/reset/", {"email": who.user.email})
    (letter,) = mail.outbox
    assert english(letter.subject + " " + re.sub(r"https?://\S+", "", letter.body)) == set()
    link = re.search(r"http://testserver(/\S+)", letter.body)
    assert link is not None
    page = client.get(link[1], follow=True)
    check(page)
    new = "en ny väg över fjället"
    answer = client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True)
    check(answer)
    assert enter(Client(), who, new).status_code == 302
    assert enter(Client(), who).status_code == 200


def test_nobody_signs_up(client: Client) -> None:
    """The page says that it is closed, and a form that is sent anyway makes no account."""
    check(client.get("/konto/signup/"))
    form = {"email": "ny@exempel.se", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/konto/signup/", form)
    assert not type(actor("BERG", Role.READER).user).objects.filter(email="ny@exempel.se").exists()


def test_a_password_is_changed(client: Client) -> None:
    """Too short a one is said by the field; the changed one counts."""
    who = actor("BERG", Role.READER)
    enter(client, who)
    short = {"oldpassword": PASSWORD, "password1": "kort", "password2": "kort"}
    assert "12 tecken" in text_of(check(client.post("/konto/password/change/", short)))
    new = "en ny väg över fjället"
    client.post("/konto/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert enter(Client(), who, new).status_code == 302


def test_an_app_is_set_up_and_used(client: Client) -> None:
    """The code is a picture that the policy allows; after that the password alone is not enough."""
    who = actor("BERG", Role.READER)
    enter_afresh(client, who)
    page = check(client.get("/konto/2fa/totp/activate/"))
    assert re.search(r'<img class="qr" src="data:image/svg\+xml[^"]+" alt="QR-kod', page)
    secret = re.search(r'id="authenticator_secret" value="([A-Z2-7]+)"', page)
    assert secret is not None
    check(client.post("/konto/2fa/totp/activate/", {"code": "000000"}))
    check(client.post("/konto/2fa/totp/activate/", {"code": code(secret[1])}, follow=True))
    assert Authenticator.objects.filter(user=who.user, type="totp").count() == 1

    other = Client()
    asked = enter(other, who)
    assert asked["Location"].startswith("/konto/2fa/authenticate/")
    assert not is_in(other)
    check(other.get(asked["Location"]))
    assert "alert" in check(other.post(asked["Location"], {"code": "000000"}))
    assert not is_in(other)


def test_a_recovery_code_works_once(client: Client) -> None:
    """They are shown as a list, can be fetched, and each opens the door one time."""
    who = actor("BERG", Role.READER)
    TOTP.activate(who.user, SECRET)
    enter_afresh(client, who)
    check(client.get("/konto/2fa/recovery-codes/generate/"))
    page = check(client.post("/konto/2fa/recovery-codes/generate/", follow=True))
    codes = re.findall(r"<li>(\d{8})</li>", page)
    assert len(codes) == 10
    assert all(one in client.get("/konto/2fa/recovery-codes/download/").content.decode() for one in codes)
    for opens in (True, False):
        other = Client()
        enter(other, who)
        other.post("/konto/2fa/authenticate/", {"code": codes[0]})
        assert is_in(other) is opens


def test_a_key_is_asked_for_with_words_and_scripts_of_our_own(client: Client) -> None:
    """The page of a new key has its name field in Swedish and scripts that the policy lets run."""
    enter_afresh(client, actor("BERG", Role.READER))
    page = check(client.get("/konto/2fa/webauthn/add/"))
    assert ">Namn" in page
    assert page.count("mfa/js/webauthn") == 2


def test_sign_ins_are_listed_and_the_others_ended(client: Client) -> None:
    """Both are shown; after the button only this one is left."""
    who = actor("BERG", Role.READER)
    other = Client()
    enter(client, who)
    enter(other, who)
    page = check(client.get("/konto/sessions/"))
    assert page.count('data-label="IP-adress"') == 2
    client.post("/konto/sessions/")
    assert (is_in(client), is_in(other)) == (True, False)


def test_sign_out_asks_and_ends_it(client: Client) -> None:
    """A link signs nobody out; the button does."""
    enter(client, actor("BERG", Role.READER))
    check(client.get("/konto/logout/"))
    assert is_in(client)
    client.post("/konto/logout/")
    assert not is_in(client)
