"""Every request has an id and a policy of its own, and a session ends when it is idle or old."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user
from django.test import Client

from samverka.core import clock, request_id
from samverka.core.acting import Role
from samverka.core.middleware import POLICY
from tests.samverka.platform import actor, signed_in

START = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
Clock = Callable[[int], None]


@pytest.fixture
def minutes(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Set the clock to so many minutes after eight."""

    def at(count: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: START + timedelta(minutes=count))

    at(0)
    return at


def is_in(client: Client) -> bool:
    """Whether the browser's session is somebody's."""
    return get_user(client).is_authenticated  # type: ignore[arg-type]  # it only needs the session


def test_a_session_that_is_used_goes_on(jamtland: None, minutes: Clock) -> None:
    """Each use within half an hour moves the limit."""
    client = signed_in(actor("BERG", Role.READER))
    for count in range(0, 300, 29):
        minutes(count)
        client.get("/")
        assert is_in(client), count


def test_an_idle_session_ends(jamtland: None, minutes: Clock) -> None:
    """Thirty-one minutes without a request, and the next one is nobody's: it is sent to sign in."""
    client = signed_in(actor("BERG", Role.READER))
    client.get("/")
    minutes(31)
    assert client.get("/parter/").status_code == 302
    assert not is_in(client)


def test_an_old_session_ends_though_it_is_used(jamtland: None, minutes: Clock) -> None:
    """Ten hours after sign-in it ends, however busy it was."""
    client = signed_in(actor("BERG", Role.READER))
    for count in range(0, 600, 20):
        minutes(count)
        client.get("/")
        assert is_in(client)
    minutes(601)
    client.get("/")
    assert not is_in(client)


def test_a_session_is_not_written_at_every_request(jamtland: None, minutes: Clock) -> None:
    """When it was used is noted once a minute at most."""
    client = signed_in(actor("BERG", Role.READER))
    client.get("/")
    assert client.session["used"] == int(START.timestamp())
    minutes(1)
    client.get("/")
    assert client.session["used"] == int(START.timestamp())
    minutes(2)
    client.get("/")
    assert client.session["used"] == int(START.timestamp()) + 120


def test_without_the_limits_an_idle_session_goes_on(jamtland: None, minutes: Clock, settings: object) -> None:
    """The broken twin: with the middleware taken out, the idle test would find the user still signed in."""
    client = signed_in(actor("BERG", Role.READER))
    client.get("/")
    minutes(31)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("SessionLimits")]  # type: ignore[attr-defined]  # pytest-django's
    client.handler.load_middleware()
    client.get("/")
    assert is_in(client)


def test_each_answer_has_an_id_and_a_nonce_of_its_own(db: None) -> None:
    """Neither comes again, and the page's scripts carry the nonce of its own policy."""
    seen = []
    for _ in range(5):
        answer = Client().get("/")
        nonce = re.search(r"'nonce-([\w-]{20,})'", answer["Content-Security-Policy"])
        assert nonce is not None
        assert set(re.findall(r'nonce="([^"]*)"', answer.content.decode())) == {nonce[1]}
        assert answer["Content-Security-Policy"] == POLICY.format(nonce=nonce[1])
        seen.append((answer["X-Request-Id"], nonce[1]))
    assert len({id_ for id_, _ in seen}) == len({nonce for _, nonce in seen}) == 5
    assert request_id.current() == ""


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    """No ``unsafe-``, no host, no wildcard."""
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "*" not in POLICY
    assert POLICY.startswith("default-src 'none'")
