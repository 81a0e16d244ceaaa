"""Who is signed in: a session and an account that both still hold, by the queries that every request asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.utils import timezone

from samverka.core.acting import Role
from samverka.core.session_store import SessionStore
from samverka.parties.backend import Accounts
from samverka.parties.models import User
from tests.samverka.platform import actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")


def who_is(client: Client) -> Any:
    """Who a browser's session says is signed in."""
    request = RequestFactory().get("/")
    request.session = SessionStore(client.cookies["sessionid"].value)
    return get_user(request)


def test_the_user_is_read_as_django_reads_it() -> None:
    """Every column, nothing left to fetch, and saved as what it is: a row that is there."""
    found = actor("BERG", Role.READER).user
    ours, djangos = Accounts().get_user(found.pk), ModelBackend().get_user(found.pk)
    assert {**vars(ours), "_state": None} == {**vars(djangos), "_state": None}
    assert ours is not None
    assert (ours._state.adding, ours._state.db) == (False, "default")
    assert ours.get_deferred_fields() == set()


def test_nobody_is_read_for_an_account_that_is_closed_or_gone() -> None:
    """As Django's own."""
    user = actor("BERG", Role.READER).user
    client = signed_in(actor("BERG", Role.READER))
    assert who_is(client) == user
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert who_is(client).is_anonymous
    assert Accounts().get_user(user.pk + 1000) is None


def test_a_new_password_ends_the_sessions_of_the_old() -> None:
    """The session holds a mark of the password, and the account that is read has the new one."""
    user = actor("BERG", Role.READER).user
    client = signed_in(actor("BERG", Role.READER))
    user.set_password("järv-och-lo-2027-fjäll")
    user.save()
    assert who_is(client).is_anonymous


def test_a_session_is_read_as_django_reads_it() -> None:
    """What it holds; nothing of one that has expired or never was, whose key is not taken over either."""
    key = signed_in(actor("BERG", Role.READER)).cookies["sessionid"].value
    assert SessionStore(key).load() == db.SessionStore(key).load() != {}
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    for unknown in (key, "a" * 32):
        ours = SessionStore(unknown)
        assert ours.load() == {}
        assert ours.session_key is None


def test_the_test_above_sees_a_session_that_does_not_expire(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: the same query without its limit."""
    key = signed_in(actor("BERG", Role.READER)).cookies["sessionid"].value
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    monkeypatch.setattr("samverka.core.session_store.timezone.now", lambda: datetime(2000, 1, 1, tzinfo=UTC))
    assert SessionStore(key).load() != {}
