"""The first page, the menu, who acts, and what an ordinary page costs."""

from __future__ import annotations

import inspect
import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import include, path
from django.views.decorators.http import require_GET

from samverka.core.acting import Role
from samverka.core.waiting import Waiting
from samverka.parties.access import ActingRequest, acting
from samverka.parties.models import Unit
from samverka.settlement import selectors as settlement_selectors
from samverka.web import front
from samverka.web.templatetags import navigation
from tests.samverka.budget import within
from tests.samverka.core.test_listing import UNITS
from tests.samverka.core.units import make_units
from tests.samverka.platform import ON, actor, signed_in
from tests.samverka.web.pages import english, faults, text_of

pytestmark = pytest.mark.usefixtures("jamtland")


def test_who_is_not_signed_in_is_told_what_this_is() -> None:
    """Three sentences, the open question and a way in; no menu of pages that ask for a sign-in."""
    response = Client().get("/")
    html = response.content.decode()
    lead = re.search(r'<p class="lead">(.*?)</p>', html)
    assert lead is not None
    assert lead[1].count(".") == 3
    assert '<a class="button" href="/vem-ansvarar/">Vem ansvarar?</a>' in html
    assert '<a class="button secondary" href="/konto/login/">Logga in</a>' in html
    assert 'class="main"' not in html
    assert faults(html, response["Content-Security-Policy"]) == []
    assert english(html) == set()


def test_who_has_no_role_is_told_so() -> None:
    """Not an empty page, and not a refusal."""
    who = actor("BERG", Role.READER)
    who.user.memberships.all().delete()
    assert "Ingen gällande roll" in signed_in(who).get("/").content.decode()


def test_what_waits_is_gathered_from_every_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the work's way; what is nothing is left out; the texts are escaped."""
    who = actor("BERG", Role.APPROVER)
    asked: list[tuple[str, date]] = []

    def tell(actor: Any, on: date) -> list[Waiting]:
        asked.append((actor.party, on))
        return [Waiting("<arbete> att attestera", 3, "/arbete/?a=1&b=2"), Waiting("tomt", 0, "/x")]

    monkeypatch.setattr(front, "TELLERS", (tell, lambda *_: [Waiting("fakturor", 1, "/y")]))
    found = front.waiting_for(who, date(2026, 7, 1))
    assert [(one.text, one.count) for one in found] == [("<arbete> att attestera", 3), ("fakturor", 1)]
    assert asked == [("BERG", date(2026, 7, 1))]
    html = signed_in(who).get("/").content.decode()
    assert '<a class="tall" href="/arbete/?a=1&amp;b=2">&lt;arbete&gt; att attestera</a>' in html


def test_every_app_that_has_something_to_tell_is_asked() -> None:
    """The real ones, each of which answers with a list for every role."""
    for role in Role:
        who = actor("" if role is Role.AUDITOR else "BERG", role)
        assert all(isinstance(tell(who, date(2026, 7, 1)), list) for tell in front.TELLERS)


def test_what_the_settlement_tells_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """One alone is led to itself, more of a sort to their list; every sort that it tells of has a text."""
    source = inspect.getsource(settlement_selectors.waiting_for)
    assert set(re.findall(r'Waiting\("(\w+)"', source)) == set(front.SETTLEMENT)
    alone, first, second = (SimpleNamespace(public_id=f"{letter}" * 16) for letter in "abc")
    told = [("decide", alone), ("received", first), ("received", second)]
    waits = [SimpleNamespace(what=what, found=one, since=ON) for what, one in told]
    monkeypatch.setattr(front.settlement, "waiting_for", lambda *_: waits)
    assert front.of_settlement(actor("BERG", Role.APPROVER), ON) == [
        Waiting("1 förslag att besluta om", 1, f"/avrakning/forslag/{'a' * 16}/"),
        Waiting("2 nya fakturor till er senaste 30 dagarna", 2, "/avrakning/fakturor/"),
    ]


def test_what_is_missing_is_told_with_who_decides(settings: Any) -> None:
    """The table leads to where it is entered and to its clauses."""
    settings.REQUIRE_MFA = False
    html = signed_in(actor("REGION", Role.READER)).get("/").content.decode()
    assert "Det här saknas före nästa avräkning" in html
    assert re.search(r'<td data-label="Klausul"><a[^>]* href="/avtal/klausul/[^"]+/"', html)
    assert html.count('<td data-label="Vem bestämmer">') >= 3


def test_the_menu_marks_where_one_is(settings: Any) -> None:
    """``aria-current`` once: the page itself, or the place that it is under."""
    client = signed_in(actor("BERG", Role.READER))
    assert re.findall(r'<a href="([^"]+)" aria-current="(\w+)"', client.get("/").content.decode()) == [("/", "page")]
    under = re.findall(r'<a href="([^"]+)" aria-current="(\w+)"', client.get("/avtal/villkor/").content.decode())
    assert ("/avtal/", "true") in under


def test_a_place_that_does_not_exist_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The menu shows no dead link."""
    monkeypatch.setattr(navigation, "PLACES", (("front", "Start"), ("nowhere:list", "Ingenstans")))
    html = signed_in(actor("BERG", Role.READER)).get("/").content.decode()
    assert "Ingenstans" not in html


def test_every_place_of_the_menu_exists() -> None:
    """On the whole site none is left out."""
    assert [name for name, _ in navigation.PLACES if not navigation.place_of(name)] == []


def test_who_acts_is_said_by_party_and_role() -> None:
    """A link to where it is changed; an auditor belongs to no party."""
    html = signed_in(actor("BERG", Role.READER)).get("/").content.decode()
    assert re.search(r'<a href="/parter/roll"><span class="unseen">Du agerar som </span>Bergs kommun, läsare</a>', html)
    assert ">Revisor</a>" in re.sub(
        r'<span class="unseen">.*?</span>', "", signed_in(actor("", Role.AUDITOR)).get("/").content.decode()
    )


def test_a_demonstration_says_so(settings: Any) -> None:
    """On every page, and never elsewhere."""
    assert "Demonstration" not in Client().get("/").content.decode()
    settings.DEMO = True
    assert "Demonstration: exempeldata" in text_of(Client().get("/").content.decode())


@acting("read")
@require_GET
def units(request: ActingRequest) -> HttpResponseBase:
    """A list as every app has them, with eight columns."""
    return UNITS.response(request, Unit.objects.select_related("party"), "tried/list.html")


urlpatterns = [path("units", units), path("", include("samverka.web.urls"))]
PAGE = '{% extends "web/base.html" %}{% block content %}<h1>Lista</h1>{% include "core/listing.html" %}{% endblock %}'


def test_a_list_costs_four_queries(settings: Any) -> None:
    """Session, user, role and rows: the whole request through every middleware."""
    settings.ROOT_URLCONF = __name__
    loaders = [("django.template.loaders.locmem.Loader", {"tried/list.html": PAGE})]
    (given,) = settings.TEMPLATES
    folders = "django.template.loaders.app_directories.Loader"
    options = {**given["OPTIONS"], "loaders": [("django.template.loaders.cached.Loader", [*loaders, folders])]}
    settings.TEMPLATES = [{**given, "APP_DIRS": False, "OPTIONS": options}]
    make_units(60)
    client = signed_in(actor("REGION", Role.READER))
    client.get("/units")
    with within(queries=4):
        answer = client.get("/units?sort=-since")
    assert answer.content.decode().count("<tr>") == 26
