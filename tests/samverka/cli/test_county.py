"""Setting the county up and appointing its first people from the command line."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from samverka.cli.main import main
from samverka.parties.models import Membership, Party
from tests.samverka.platform import PASSWORD

pytestmark = pytest.mark.django_db


def given(email: str = "chef@exempel.se", party: str = "BERG", role: str = "administratör") -> int:
    """The exit code of an appointment."""
    return main(["appoint", email, "--party", party, "--role", role])


def test_the_county_is_set_up_once(capsys: pytest.CaptureFixture[str]) -> None:
    """The second time says that it is there."""
    assert [main(["county"]), main(["county"])] == [0, 0]
    assert capsys.readouterr().out.splitlines() == ["10 parter är upplagda.", "Länets parter finns redan."]
    assert Party.objects.count() == 10


@pytest.mark.usefixtures("jamtland")
def test_the_first_administrator_comes_in_by_a_link(capsys: pytest.CaptureFixture[str]) -> None:
    """Appointed without a password, the person asks for a link on the sign-in page and sets one."""
    assert given() == 0
    assert "chef@exempel.se är administratör för BERG." in capsys.readouterr().out
    client = Client()
    client.post("/konto/password/reset/", {"email": "chef@exempel.se"})
    link = re.search(r"http://testserver(/konto/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link is not None
    assert str(mail.outbox[0].body) == (
        "Någon, troligen du, har bett att få välja ett nytt lösenord i Samverka för den här e-postadressen.\n\n"
        f"Välj lösenord: {link.group()}\n\n"
        "Länken gäller i tre dagar. Har du inte bett om den kan du bortse från brevet: lösenordet är som det var."
    )
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    assert client.post("/konto/login/", {"login": "chef@exempel.se", "password": PASSWORD})["Location"] == "/"


@pytest.mark.usefixtures("jamtland")
def test_who_appoints_without_a_mail_server_is_told_where_the_letter_is(
    capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    """Nobody is sent it; with a server nothing is said."""
    settings.EMAIL_HOST, settings.EMAIL_FILE_PATH = "", "/srv/samverka/mail"
    assert given() == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Brevet med länken skickas inte, för ingen e-postserver är inställd: det skrivs i /srv/samverka/mail"
    )
    settings.EMAIL_HOST = "mail.exempel.se"
    assert given() == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("under Glömt lösenordet.")


@pytest.mark.usefixtures("jamtland")
def test_an_auditor_has_no_party() -> None:
    """And is the only one who has none."""
    assert given(party="", role="revisor") == 0
    assert (Membership.objects.get().party, Membership.objects.get().role) == (None, "auditor")


@pytest.mark.usefixtures("jamtland")
@pytest.mark.parametrize(
    ("email", "party", "role", "why"),
    [
        ("chef", "BERG", "läsare", "chef: ingen e-postadress"),
        ("chef@exempel.se", "BERG", "revisor", "hör inte till någon part"),
        ("chef@exempel.se", "", "läsare", "alla andra roller gör det"),
        ("chef@exempel.se", "ATLANTIS", "läsare", "ATLANTIS: finns inte. Parterna är REGION, BERG"),
    ],
)
def test_wrong_appointments_are_refused(
    email: str, party: str, role: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, one line that says why, and nobody is appointed."""
    assert given(email, party, role) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert why in line
    assert Membership.objects.count() == 0


def test_a_county_that_is_not_set_up_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the command to run first."""
    assert given() == 2
    assert "kör samverka county först" in capsys.readouterr().err


@pytest.mark.usefixtures("jamtland")
def test_asking_for_a_link_tells_nobody_who_has_an_account() -> None:
    """The same page for an address with an account and without; a letter to the one that has."""
    given()
    pages = []
    for email in ("chef@exempel.se", "ingen@exempel.se"):
        answer = Client().post("/konto/password/reset/", {"email": email}, follow=True)
        main = answer.content.decode().partition("<main")[2]
        pages.append((answer.redirect_chain, re.sub(r'value="[^"]*"', "", main)))
    assert pages[0] == pages[1]
    assert [letter.to for letter in mail.outbox] == [["chef@exempel.se"]]
