"""Failed sign-ins are counted, for the account and for the address, by every process together."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from samverka.core.acting import Role
from samverka.parties.adapter import Accounts
from samverka.parties.models import SharedCache
from tests.samverka.platform import PASSWORD, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")
TOO_MANY = "För många misslyckade försök. Vänta fem minuter och försök igen."


def attempt(email: str, password: str = "fel", *, host: str = "testserver", address: str = "10.0.0.1") -> str:
    """One try with a browser of its own: in, out, or locked out with the message that says so."""
    client = Client(REMOTE_ADDR=address, HTTP_HOST=host)
    answer = client.post("/konto/login/", {"login": email, "password": password})
    if "_auth_user_id" in client.session:
        return "in"
    return "locked" if TOO_MANY in answer.content.decode() else "out"


def test_five_failures_lock_the_account() -> None:
    """The sixth try fails with the right password too, and says why; from any address, in any spelling."""
    email = actor("BERG", Role.READER).user.email
    assert [attempt(email, address=f"10.0.0.{n}") for n in range(5)] == ["out"] * 5
    assert attempt(email, PASSWORD) == "locked"
    assert attempt(email.upper(), PASSWORD, address="10.9.9.9") == "locked"


def test_four_failures_do_not() -> None:
    """And a success in between does not wipe the count."""
    email = actor("BERG", Role.READER).user.email
    assert [attempt(email) for _ in range(4)] == ["out"] * 4
    assert attempt(email, PASSWORD) == "in"
    assert attempt(email) == "out"
    assert attempt(email, PASSWORD) == "locked"


def test_another_account_is_not_locked() -> None:
    """One person's mistakes are not another's, from the same address."""
    email, other = (actor(party, Role.READER).user.email for party in ("BERG", "ARE"))
    assert [attempt(email) for _ in range(6)] == ["out"] * 5 + ["locked"]
    assert attempt(other, PASSWORD) == "in"


def test_an_account_that_is_not_there_is_locked_all_the_same() -> None:
    """The lock does not tell which addresses have accounts."""
    assert [attempt("finns.inte@exempel.se") for _ in range(6)] == ["out"] * 5 + ["locked"]


def test_thirty_failures_lock_the_address() -> None:
    """Whoever tries many accounts once is stopped by the address, and others are not."""
    email = actor("BERG", Role.READER).user.email
    assert [attempt(f"gissning{n}@exempel.se") for n in range(30)] == ["out"] * 30
    assert attempt(email, PASSWORD) == "locked"
    assert attempt(email, PASSWORD, address="10.0.0.2") == "in"


def test_five_minutes_later_the_right_password_is_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock passes by itself."""
    email = actor("BERG", Role.READER).user.email
    assert [attempt(email) for _ in range(5)] == ["out"] * 5
    assert attempt(email, PASSWORD) == "locked"
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    assert attempt(email, PASSWORD) == "in"


def test_the_port_in_the_hosts_name_gives_no_new_tries() -> None:
    """The sender chooses what port the request names; the count is the account's alone."""
    email = actor("BERG", Role.READER).user.email
    assert [attempt(email, host=f"testserver:{n}") for n in range(1, 6)] == ["out"] * 5
    assert attempt(email, PASSWORD, host="testserver:6") == "locked"


def test_allauths_own_count_is_fooled_by_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: allauth's own key holds the host, so that every port is a new count."""
    monkeypatch.delattr(Accounts, "_get_login_attempts_cache_key")
    email = actor("BERG", Role.READER).user.email
    assert [attempt(email, host=f"testserver:{n}") for n in range(1, 7)] == ["out"] * 6
    assert attempt(email, PASSWORD, host="testserver:7") == "in"


def test_every_process_counts_the_same() -> None:
    """The count is in the database, not in a process."""
    email = actor("BERG", Role.READER).user.email
    attempt(email)
    assert SharedCache.objects.filter(cache_key__contains="login_failed").count() == 2


def test_a_count_in_each_process_would_not_do(settings: Any) -> None:
    """The broken twin: with Django's own cache, two processes give ten tries, and a third one lets in."""
    email = actor("BERG", Role.READER).user.email
    backend = "django.core.cache.backends.locmem.LocMemCache"
    for process in ("first", "second"):
        settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": process}}
        assert [attempt(email) for _ in range(5)] == ["out"] * 5
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "third"}}
    assert attempt(email, PASSWORD) == "in"


def test_asking_again_counts_as_signing_in() -> None:
    """Whoever sits at an open session has no tries of their own at its password."""
    who = actor("BERG", Role.ADMINISTRATOR)
    client = signed_in(who, fresh=False)
    for _ in range(5):
        client.post("/konto/reauthenticate/", {"password": "fel"})
    assert attempt(who.user.email, PASSWORD) == "locked"
    assert TOO_MANY in client.post("/konto/reauthenticate/", {"password": PASSWORD}).content.decode()


def test_codes_are_counted_too() -> None:
    """Five wrong codes stop the right one."""
    from tests.samverka.parties.test_factors import add_app, code

    who = actor("BERG", Role.APPROVER)
    secret = add_app(signed_in(who))
    assert Authenticator.objects.filter(user=who.user).exists()
    client = Client()
    client.post("/konto/login/", {"login": who.user.email, "password": PASSWORD})
    for _ in range(5):
        client.post("/konto/2fa/authenticate/", {"code": "000000"})
    answer = client.post("/konto/2fa/authenticate/", {"code": code(secret, 1)})
    assert "_auth_user_id" not in client.session
    assert TOO_MANY in answer.content.decode()


def test_passwords_are_argon2() -> None:
    """The real settings have Argon2 alone; the tests' is the same with its least cost."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    import samverka.settings
    from tests.hasher import QuickArgon2

    assert samverka.settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert issubclass(QuickArgon2, Argon2PasswordHasher)
    assert actor("BERG", Role.READER).user.password.startswith("argon2$argon2id$")


def test_nobody_signs_up(client: Any) -> None:
    """The page says that it is closed, and a form sent to it makes no account."""
    from samverka.parties.models import User

    page = client.get("/konto/signup/")
    assert "<form" not in page.content.decode().partition("<main")[2]
    before = User.objects.count()
    posted = {"email": "x@exempel.se", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/konto/signup/", posted)
    client.post("/konto/3rdparty/signup/", posted)
    assert User.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_counted_too() -> None:
    """Eight threads with three tries each: at most five passwords are looked at, and the right one is refused."""
    email = actor("BERG", Role.READER).user.email
    together, seen = threading.Barrier(8), []

    def tries() -> None:
        together.wait()
        try:
            seen.extend(attempt(email) for _ in range(3))
        finally:
            connection.close()

    threads = [threading.Thread(target=tries) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(seen) == 24
    assert seen.count("out") <= 5
    assert attempt(email, PASSWORD) == "locked"
