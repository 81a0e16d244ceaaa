"""How long a sign-in lasts: the page knows, may ask without using it, and may go on with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.test import Client

from samverka.core import clock
from samverka.core.acting import Role
from tests.samverka.platform import actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")
START = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
ADDRESS = "/inloggning"
Clock = Callable[[int], None]


@pytest.fixture
def minutes(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Set the clock to so many minutes after eight in Greenwich, ten in Stockholm."""

    def at(count: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: START + timedelta(minutes=count))

    at(0)
    return at


@pytest.fixture
def client() -> Client:
    """A reader of Berg."""
    return signed_in(actor("BERG", Role.READER))


def told(client: Client) -> tuple[int, int]:
    """Minutes that are left, as the address says."""
    found = client.get(ADDRESS).json()
    return found["idle"] // 60, found["whole"] // 60


def test_to_ask_is_no_use_and_to_send_is_one(client: Client, minutes: Clock) -> None:
    """Asked every five minutes the session still ends; sent to, it has half an hour again."""
    client.get("/")
    for count in range(0, 26, 5):
        minutes(count)
        assert told(client) == (30 - count, 600 - count)
    assert client.post(ADDRESS).json()["idle"] == 30 * 60
    minutes(55)
    assert told(client) == (0, 545)
    minutes(56)
    assert client.get(ADDRESS).json() == {"who": "", "idle": 0, "whole": 0}
    assert not get_user(client).is_authenticated  # type: ignore[arg-type]  # it only needs the session


def test_asking_would_keep_it_alive_without_its_mark(
    client: Client, minutes: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin: where asking counts as a use, a page that is left open never signs anybody out."""
    from samverka.web.views import sign_in_left

    monkeypatch.delattr(sign_in_left, "asking_is_no_use")
    client.get("/")
    for count in range(0, 120, 20):
        minutes(count)
        client.get(ADDRESS)
    assert get_user(client).is_authenticated  # type: ignore[arg-type]  # it only needs the session


def test_the_whole_cannot_be_gone_on_with(client: Client, minutes: Clock) -> None:
    """Sending moves the one limit, and never the other."""
    for count in range(0, 600, 25):
        minutes(count)
        client.post(ADDRESS)
    assert client.post(ADDRESS).json()["whole"] == 25 * 60
    minutes(601)
    assert client.post(ADDRESS).json()["who"] == ""


def test_nobody_is_told_nothing() -> None:
    """Without a sign-in there is nothing left and no session made."""
    client = Client()
    answer = client.get(ADDRESS)
    assert answer.json() == {"who": "", "idle": 0, "whole": 0}
    assert "no-store" in answer["Cache-Control"]
    assert client.cookies == {}


def test_another_site_cannot_go_on_with_it(client: Client) -> None:
    """A form from elsewhere is refused; with the token that was told it goes through."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    token = strict.get(ADDRESS).json()["token"]
    assert strict.post(ADDRESS).status_code == 403
    assert strict.post(ADDRESS, headers={"X-CSRFToken": token}).status_code == 200


def test_the_mark_is_of_a_person_in_a_role() -> None:
    """The same for the same, another for another person and for another role; it tells neither."""
    marks = [
        signed_in(who).get(ADDRESS).json()["who"]
        for who in (
            actor("BERG", Role.READER),
            actor("BERG", Role.READER),
            actor("BERG", Role.READER, 2),
            actor("BERG", Role.REGISTRAR),
        )
    ]
    assert marks[0] == marks[1]
    assert len(set(marks)) == 3
    assert all(re.fullmatch("[0-9a-f]{16}", mark) for mark in marks)


def test_every_page_knows_what_is_left(client: Client, minutes: Clock) -> None:
    """Seconds of both limits, and whose page it is; who is not signed in gets none of it."""
    client.get("/")
    minutes(10)
    html = client.get("/parter/").content.decode()
    assert 'data-idle="1800" data-whole="35400" data-warned="300" data-told="900"' in html
    assert f'data-who="{client.get(ADDRESS).json()["who"]}"' in html
    assert "sign_in_end.js" in html
    assert "sign_in_end" not in Client().get("/").content.decode()


def test_without_scripts_the_last_quarter_of_an_hour_is_told_on_the_page(client: Client, minutes: Clock) -> None:
    """By the time in Stockholm, for browsers without scripts; not a minute earlier."""
    for count in range(0, 585, 25):
        minutes(count)
        client.get("/")
    minutes(584)
    assert "Du måste logga in igen" not in client.get("/").content.decode()
    minutes(585)
    html = client.get("/").content.decode()
    assert re.search(r"<noscript><p [^>]*>Du måste logga in igen klockan 20:00\.", html)


@pytest.mark.parametrize(("idle", "whole", "words"), [
    (30, 10, "på 30 minuter, och alltid efter 10 timmar."), (1, 1, "på en minut, och alltid efter en timme."),
])  # fmt: skip
def test_the_sign_in_page_says_how_long_it_lasts(settings: Any, idle: int, whole: int, words: str) -> None:
    """In words, by the settings: also who has no scripts knows beforehand."""
    settings.IDLE_MINUTES, settings.ABSOLUTE_HOURS = idle, whole
    assert (
        f"Du loggas ut när du inte har öppnat eller skickat något {words}"
        in Client().get("/konto/login/").content.decode()
    )
