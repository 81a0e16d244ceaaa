"""Entering values in the browser: form by kind, preview, proposal, ruling by another, correction."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from samverka.agreements.models import Entered, EnteredKind, Ruling
from samverka.agreements.selectors import book_now
from samverka.core import clock
from samverka.core.acting import Role
from samverka.journal.models import Entry
from tests.samverka.agreements.entering import PAYLOADS, READING, VPI, approved, proposed
from tests.samverka.platform import actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")


NOON = datetime(2026, 7, 1, 10, tzinfo=UTC)
RATE, KEY = PAYLOADS["parameter"], PAYLOADS["development_key"]
LESS = {**KEY["shares"], "ARE": "1"}
WRONG = {**KEY["shares"], "ARE": "x"}


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The agreement's days, whatever day it is where the test runs."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    monkeypatch.setattr(clock, "today", NOON.date)


@pytest.fixture
def registrar(jamtland: None) -> Client:
    """The region's registrar."""
    return signed_in(actor("REGION", Role.REGISTRAR))


@pytest.fixture
def approver(jamtland: None) -> Client:
    """Berg's approver, who gave the password just now."""
    return approving(minutes=0)


def approving(*, minutes: int) -> Client:
    """Berg's approver, who gave the password so many minutes ago by the site's clock."""
    client = signed_in(actor("BERG", Role.APPROVER))
    session = client.session
    given = NOON.timestamp() - minutes * 60
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": given}]
    session.save()
    return client


def flat(payload: Mapping[str, Any], lead: str = "") -> Iterator[tuple[str, str]]:
    """A payload as the form's fields."""
    for key, value in payload.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{lead}{key}_")
        else:
            yield f"{lead}{key}", str(value)


def post(client: Client, kind: str, step: str, payload: Mapping[str, Any] | None = None, **more: str) -> HttpResponse:
    """Send the form of a kind."""
    fields = dict(flat(PAYLOADS[kind] if payload is None else payload))
    said = {"document": "Prov § 1", "document_date": "2026-01-15", "once": str(uuid.uuid4()), "step": step}
    return client.post(reverse("agreements:propose", args=[kind]), {**fields, **said, **more})  # type: ignore[return-value]  # Django's test response


def text(response: HttpResponse) -> str:
    """A page's text, with plain spaces."""
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("kind", PAYLOADS)
def test_every_kind_has_a_form_that_shows_what_changes_and_then_proposes(registrar: Client, kind: str) -> None:
    """The preview keeps nothing; the proposal keeps what was shown, and the page says that another must approve."""
    shown = text(post(registrar, kind, "preview"))
    assert "Det här ändras" in shown
    assert "Rätta detta" not in shown
    assert Entered.objects.count() == 0
    response = post(registrar, kind, "propose", example="on")
    made = Entered.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/avtal/infort/{made.public_id}/")
    assert (made.kind, made.example, made.party) == (kind, True, "REGION")
    page = text(registrar.get(response["Location"]))  # type: ignore[arg-type]  # Django's test response
    assert "Värdet är föreslaget." in page
    assert "En annan person med rollen beslutsfattare behöver besluta om värdet." in page
    assert "(du)" in page


def test_the_preview_of_an_index_is_the_price_it_gives_with_how_it_came_about(registrar: Client) -> None:
    """640 kr becomes 660 kr and 1 123 kr becomes 1 159 kr in 2026, where both are missing today."""
    shown = text(post(registrar, "index", "preview", {**VPI, "percent": "3,2"}))
    assert "660,00 kr/tim" in shown
    assert "1 159,00 kr/tim" in shown
    assert '<td data-label="Nu" class="number">saknas</td>' in shown
    assert "Så räknades det" in shown
    assert 'name="step" value="propose"' in shown
    assert 'name="step" value="propose"' not in text(registrar.get("/avtal/infort/nytt/index/"))  # type: ignore[arg-type]  # Django's test response


def test_the_preview_of_a_reading_names_what_is_computed_otherwise(registrar: Client) -> None:
    """A17 is asked in the trees of the equipment; A03 and A16 by what is computed as a whole."""
    for reading, option, told in (
        ("A17", "started_hour", "Medicinsk teknik, rörlig del"),
        ("A03", "mean", "Tilläggsbelopp"),
        ("A16", "base_equally", "Medicinsk teknik, fast del"),
    ):
        page = text(post(registrar, "reading", "preview", {**READING, "reading": reading, "option": option}))
        assert f"Räknas på ett annat sätt: {told}." in page
        assert "Inget som räknas i dag ändras." not in page
    default = {**READING, "option": "whole_krona"}
    assert "Inget som räknas i dag ändras." in text(post(registrar, "reading", "preview", default))


def test_the_preview_of_a_model_is_each_municipalitys_share(registrar: Client) -> None:
    """An eighth each."""
    assert text(post(registrar, "factors", "preview")).count(">12,5 %</td>") == 8


@pytest.mark.parametrize(
    ("kind", "payload", "told"),
    [
        ("index", {**VPI, "percent": "3,20001"}, "Ange ett tal från -50 till 100 med högst 4 decimaler."),
        ("index", {**VPI, "published": "2026-07-02"}, "Ange en dag som inte ligger efter i dag, 2026-07-01."),
        ("parameter", {**RATE, "value": "1e3"}, "Ange ett tal från 0 till 10000000 med högst 2 decimaler."),
        ("normal_range", {**PAYLOADS["normal_range"], "high": "100"}, "Ange minst lika mycket som den nedre gränsen."),
        ("development_key", {**KEY, "shares": LESS}, "Fördelningen: procent med summan 100; summan är 88.5."),
        ("factors", {**PAYLOADS["factors"], "elderly": {"weight": "50", "shares": WRONG}}, "Äldre"),
        ("reading", {**READING, "decided_by": ""}, "Beslutat av: ska vara ifylld."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("step", ["preview", "propose"])
def test_what_is_wrong_is_told_above_the_form_and_at_the_field(
    registrar: Client, kind: str, payload: dict[str, Any], told: str, step: str
) -> None:
    """With what is allowed; nothing is kept, and what was typed is still there."""
    shown = text(post(registrar, kind, step, payload))
    assert "Rätta detta" in shown
    assert told in shown
    assert 'value="Prov § 1"' in shown
    assert Entered.objects.count() == 0


def test_a_typographic_minus_is_a_minus(registrar: Client) -> None:
    """As a word processor writes it."""
    assert post(registrar, "index", "propose", {**VPI, "percent": "\N{MINUS SIGN}0,5"}).status_code == 302
    assert Entered.objects.get().payload["percent"] == "-0.5"


def test_a_double_click_proposes_once(registrar: Client) -> None:
    """The same key again gives the same answer; one value, one entry."""
    key = str(uuid.uuid4())
    first, again = (post(registrar, "index", "propose", once=key) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert Entered.objects.count() == 1
    assert Entry.objects.filter(action="agreements.propose").count() == 1


def test_the_same_value_twice_is_refused_in_words(registrar: Client) -> None:
    """It waits already."""
    post(registrar, "index", "propose")
    assert "Samma värde är redan föreslaget och väntar på beslut." in text(post(registrar, "index", "propose"))


def test_the_form_is_filled_in_from_the_address(registrar: Client) -> None:
    """As the front page links to what is missing."""
    shown = text(registrar.get("/avtal/infort/nytt/index/?series=OPI&index_year=2027"))  # type: ignore[arg-type]  # Django's test response
    assert '<option value="OPI" selected>' in shown
    assert 'value="2027"' in shown


def test_a_reading_is_chosen_before_its_form_is_shown(registrar: Client) -> None:
    """Without one, or with one that is not there, the list of readings comes."""
    for query in ("", "?reading=A99"):
        assert registrar.get(f"/avtal/infort/nytt/reading/{query}")["Location"] == "/avtal/lasningar/"
    shown = text(registrar.get("/avtal/infort/nytt/reading/?reading=A64"))  # type: ignore[arg-type]  # Django's test response
    assert "A64 Hur avrundas 640 och 338 kr efter uppräkning?" in shown
    assert len(re.findall(r'type="radio"', shown)) == 2


def test_an_unknown_kind_is_not_found(registrar: Client) -> None:
    """404."""
    assert registrar.get("/avtal/infort/nytt/pris/").status_code == 404


@pytest.mark.parametrize("role", [Role.READER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_only_a_registrar_comes_to_the_forms(role: Role) -> None:
    """Others are refused, GET and POST."""
    client = signed_in(actor("" if role == Role.AUDITOR else "ARE", role))
    assert client.get(reverse("agreements:propose", args=["index"])).status_code == 403
    assert post(client, "index", "propose").status_code == 403
    assert Entered.objects.count() == 0


def rule(client: Client, made: Entered, ruling: str, reason: str = "", key: str = "") -> HttpResponse:
    """Send a ruling."""
    said = {"ruling": ruling, "reason": reason, "once": key or str(uuid.uuid4())}
    return client.post(reverse("agreements:rule", args=[made.public_id]), said)  # type: ignore[return-value]  # Django's test response


def test_another_person_sees_what_changes_and_approves(approver: Client) -> None:
    """The list tells that it waits; the page shows the price; from then on it counts."""
    made = proposed("index")
    assert "1 värde väntar på ditt beslut." in text(approver.get("/avtal/infort/"))  # type: ignore[arg-type]  # Django's test response
    page = f"/avtal/infort/{made.public_id}/"
    assert f'href="{page}beslut/">Besluta</a>' in text(approver.get(page))  # type: ignore[arg-type]  # Django's test response
    assert "660,00 kr/tim" in text(approver.get(f"{page}beslut/"))  # type: ignore[arg-type]  # Django's test response
    assert rule(approver, made, "approve")["Location"] == page
    assert book_now().entered == (made.pk,)
    after = text(approver.get(page))  # type: ignore[arg-type]  # Django's test response
    assert "godkänt" in after
    assert "Bergs kommun, beslutsfattare" in after
    assert "Besluta</a>" not in after


def test_a_value_is_declined_with_a_reason(approver: Client) -> None:
    """Without one it is refused and nothing is kept."""
    made = proposed("index")
    assert "Ange ett skäl till avslaget" in text(rule(approver, made, "decline"))
    assert Ruling.objects.count() == 0
    rule(approver, made, "decline", "Fel tabell i cirkuläret")
    shown = text(approver.get(f"/avtal/infort/{made.public_id}/"))  # type: ignore[arg-type]  # Django's test response
    assert "Fel tabell i cirkuläret" in shown
    assert "avslaget" in shown


def test_ruling_asks_for_the_password_again() -> None:
    """One that was given an hour ago does not do, and nothing is ruled."""
    made = proposed("index")
    stale = approving(minutes=60)
    response = rule(stale, made, "approve")
    assert response.status_code == 302
    assert "/reauthenticate/" in response["Location"]
    assert Ruling.objects.count() == 0


def test_a_double_click_rules_once(approver: Client) -> None:
    """The same key again gives the same answer; another key is told that it is done."""
    made = proposed("index")
    key = str(uuid.uuid4())
    assert rule(approver, made, "approve", key=key)["Location"] == rule(approver, made, "approve", key=key)["Location"]
    assert Ruling.objects.count() == 1
    page = text(rule(approver, made, "approve"))
    assert ("Värdet är redan beslutat." in page, 'name="reason"' in page) == (True, False), "and nothing to fill in"


def test_the_proposer_is_told_that_another_must_rule() -> None:
    """Who proposed for one party and approves for another is the same person."""
    from samverka.parties.models import Membership, Party
    from tests.samverka.platform import SINCE

    made = proposed("index")
    who = actor("REGION", Role.REGISTRAR)
    Membership.objects.filter(user=who.user).update(role=Role.APPROVER)
    client = signed_in(who)
    assert "En annan person måste besluta om det." in text(client.get(f"/avtal/infort/{made.public_id}/beslut/"))  # type: ignore[arg-type]  # Django's test response
    assert "Du har själv föreslagit värdet." in text(rule(client, made, "approve"))
    assert Ruling.objects.count() == 0
    assert Party.objects.filter(memberships__since=SINCE).exists()


@pytest.mark.parametrize("kind", EnteredKind.values)
def test_an_approved_value_is_corrected_by_a_new_one(registrar: Client, approver: Client, kind: str) -> None:
    """The form is filled in with the old value; once the new one is approved, the old one is replaced."""
    old = approved(kind)
    query = f"?replaces={old.public_id}" + (f"&reading={old.name}" if kind == "reading" else "")
    form = text(registrar.get(f"/avtal/infort/nytt/{kind}/{query}"))  # type: ignore[arg-type]  # Django's test response
    assert "Du rättar ett godkänt värde: Prov § 1, 2026-01-15." in form
    for value in (
        value for name, value in flat(old.payload) if name not in ("reading", "option", "status", "series", "name")
    ):
        assert f'value="{value}"' in form, value
    response = post(registrar, kind, "propose", old.payload, replaces=old.public_id, document="Prov § 2")
    new = Entered.objects.get(document="Prov § 2")
    assert (response.status_code, new.replaces_id) == (302, old.pk)
    rule(approver, new, "approve")
    assert book_now().counted == {new.pk}
    assert "ersatt" in text(registrar.get(f"/avtal/infort/{old.public_id}/"))  # type: ignore[arg-type]  # Django's test response


def test_only_an_approved_value_of_the_kind_can_be_corrected(registrar: Client) -> None:
    """Another kind's, one that waits, and one that is not there are not found."""
    waiting, other = proposed("index"), approved("parameter")
    for public_id in (waiting.public_id, other.public_id, "aaaaaaaaaaaaaaaa"):
        assert registrar.get(f"/avtal/infort/nytt/index/?replaces={public_id}").status_code == 404
