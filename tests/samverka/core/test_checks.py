"""The system checks: each says what it should and is silent otherwise; a production-like site has none."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from samverka.core import checks

PRODUCTION = {"DEMO": False, "DEBUG": False, "SECRET_KEY": "s" * 64, "SIGNING_KEY": "ab" * 32, "EMAIL_HOST": "mail",
              "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}}, "PROCESSES": 1}  # fmt: skip
SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3"}}


def found(patch: pytest.MonkeyPatch, **changed: object) -> list[str]:
    """The checks' ids under these settings."""
    patch.setattr(checks, "settings", SimpleNamespace(**{**PRODUCTION, **changed}))
    return [one.id for check in (checks.database, checks.keys, checks.mail) for one in check()]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"DATABASES": SQLITE}, ["samverka.W002"]),
        ({"DATABASES": SQLITE, "DEMO": True}, []),
        ({"DATABASES": SQLITE, "DEBUG": True}, []),
        ({"PROCESSES": 4}, []),
        ({"SECRET_KEY": "s" * 49}, ["samverka.E001"]),
        ({"SECRET_KEY": "s", "DEMO": True}, []),
        ({"SIGNING_KEY": ""}, ["samverka.E003"]),
        ({"SIGNING_KEY": "", "DEMO": True}, []),
        ({"EMAIL_HOST": ""}, ["samverka.W003"]),
    ],
)
def test_a_check_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, object], said: list[str]
) -> None:
    """One fault, one id."""
    assert found(monkeypatch, **changed) == said


@pytest.mark.parametrize(("version", "said"), [((3, 51, 2), ["samverka.W001"]), ((3, 51, 3), [])])
def test_an_old_sqlite_is_for_one_process(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], said: list[str]
) -> None:
    """From 3.51.3 the fault of its log is mended; before, several processes are warned of."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    assert found(monkeypatch, DATABASES=SQLITE, PROCESSES=2, DEMO=True) == said
    assert found(monkeypatch, DATABASES=SQLITE, PROCESSES=1, DEMO=True) == []


POSTGRES = "postgres://namn:lösenord@värd:5432/databas; skriv @, / och % i lösenordet som %40, %2F, %25"
CHECK = (sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING")


def check_deploy(command: Sequence[str] = CHECK, **changed: str) -> subprocess.CompletedProcess[str]:
    """``django-admin check --deploy`` as an operator runs it before a release."""
    variables = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "samverka.settings",
        "SAMVERKA_SECRET_KEY": "".join(chr(33 + number % 90) for number in range(70)),
        "SAMVERKA_SIGNING_KEY": "0f" * 32,
        "SAMVERKA_DATA": os.environ["SAMVERKA_DATA"],
        "SAMVERKA_HOSTS": "samverka.exempel.se",
        "SAMVERKA_MAIL_HOST": "mail.exempel.se",
        "DATABASE_URL": "postgres://samverka@db.exempel.se/samverka",
        **changed,
    }
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def test_a_production_like_site_has_no_warning() -> None:
    """Neither Django's, allauth's nor ours, without asking the database."""
    ran = check_deploy()
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"DATABASE_URL": "sqlite:////nowhere/x"}, "samverka.W002"),
        ({"SAMVERKA_SECRET_KEY": "kort"}, "samverka.E001"),
        ({"SAMVERKA_SIGNING_KEY": ""}, "samverka.E003"),
        ({"SAMVERKA_HTTPS": "nej"}, "security.W012"),
        ({"SAMVERKA_MAIL_HOST": ""}, "samverka.W003"),
        ({"SAMVERKA_HOST": "samverka.exempel.se"}, "SAMVERKA_HOST is no setting.\n\tHINT: Is it SAMVERKA_HOSTS?"),
        ({"SAMVERKA_BOGUS": "1"}, "(samverka.W004) SAMVERKA_BOGUS is no setting.\n\tHINT: The settings are in docs"),
    ],
)
def test_a_production_like_site_with_a_fault_is_stopped(changed: dict[str, str], said: str) -> None:
    """The broken twins of the test above."""
    ran = check_deploy(**changed)
    assert ran.returncode == 1
    assert said in ran.stderr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SAMVERKA_SECRET_KEY": ""}, "SAMVERKA_SECRET_KEY saknas: sätt miljövariabeln"),
        ({"SAMVERKA_HOSTS": ""}, "SAMVERKA_HOSTS=: tillåtet är namn som samverka.example.org, minst ett"),
        (
            {"SAMVERKA_SIGNING_KEY": "xy" * 32},
            "SAMVERKA_SIGNING_KEY: tillåtet är 64 hexadecimala tecken för varje nyckel",
        ),
        (
            {"DATABASE_URL": "postgres://samverka:a/b@db.exempel.se/samverka"},
            "DATABASE_URL: tillåtet är " + POSTGRES,
        ),
        (
            {"SAMVERKA_DATA": "/etc/hostname"},
            "SAMVERKA_DATA=/etc/hostname: mappen kan inte göras: finns redan och är inte en mapp",
        ),
    ],
)
def test_what_is_not_allowed_is_one_line(changed: dict[str, str], said: str) -> None:
    """From Django's own commands, which several units are started by: no traceback hides it."""
    ran = check_deploy(**changed)
    assert ran.returncode == 1
    assert ran.stderr == f"django.core.exceptions.ImproperlyConfigured: {said}\n"


def test_a_program_that_fails_tells_where() -> None:
    """Only while settings are read are faults one line."""
    code = "import django; django.setup(); print(1 // 0)"
    ran = check_deploy(command=[sys.executable, "-c", code])
    assert ran.stderr.startswith("Traceback")
    assert "line 1, in <module>" in ran.stderr
