"""/health says whether the site is well, and /csp takes reports without filling the log."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from samverka.web import csp, health
from samverka.web.csp import Allowance, told
from tests.samverka.budget import within

AT = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """No database has been found to be up to date yet."""
    monkeypatch.setattr(health, "_UP_TO_DATE", set())


def test_a_site_that_is_well_says_so(db: None) -> None:
    """Nothing but that; the second time by two queries at most, without signing anybody in."""
    assert Client().get("/health").json() == {"status": "ok"}
    with within(queries=2):
        assert Client().get("/health").status_code == 200


def test_a_migration_that_is_not_applied_is_told(db: None) -> None:
    """Also when code is newer than the database; told again until it is applied."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core' AND name = '0001_initial'")
    for _ in range(2):
        response = Client().get("/health")
        assert (response.status_code, response.json()) == (503, {"status": "migrations"})


def test_a_database_that_does_not_answer_is_told(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not what it said, which may name its host."""

    def lost() -> bool:
        raise DatabaseError("connection to db.exempel.se failed")

    monkeypatch.setattr(health, "_migrated", lost)
    response = Client().get("/health")
    assert (response.status_code, response.json()) == (503, {"status": "database"})


def test_a_worker_that_has_stopped_is_told(db: None, settings: Any) -> None:
    """A job that has waited a quarter of an hour; one that waits for a shorter time is as it should be."""
    from django_tasks_db.models import DBTaskResult, get_date_max

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    job = DBTaskResult.objects.create(
        args_kwargs={}, task_path="x", backend_name="default", run_after=get_date_max(), exception_class_path="",
        traceback="",
    )  # fmt: skip
    now = timezone.now()
    DBTaskResult.objects.filter(pk=job.pk).update(enqueued_at=now - timedelta(seconds=health.LONGEST_WAIT - 5))
    assert health.faults(now) == []
    DBTaskResult.objects.filter(pk=job.pk).update(enqueued_at=now - timedelta(seconds=health.LONGEST_WAIT + 5))
    assert health.faults(now) == ["queue"]
    DBTaskResult.objects.filter(pk=job.pk).update(status="SUCCESSFUL")
    assert health.faults(now) == []


REPORT = {
    "effective-directive": "script-src-elem",
    "blocked-uri": "https://evil.exempel.se/x.js?who=anna@exempel.se",
    "source-file": "https://samverka.exempel.se/konto/password/reset/key/1-hemlig/",
    "document-uri": "https://samverka.exempel.se/parter/?q=hemlig",
    "line-number": 7,
}


def test_a_report_is_cut_down_to_what_helps() -> None:
    """The rule, the host and the line; no address, which may hold a secret."""
    assert told(json.dumps({"csp-report": REPORT}).encode()) == {
        "directive": "script-src-elem", "blocked": "evil.exempel.se", "source": "", "line": 7,
    }  # fmt: skip
    assert told(b'{"csp-report": {"violated-directive": "style-src", "blocked-uri": "inline"}}')["blocked"] == "inline"


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'{"csp-report": 1}', b"[" * 8000, b'{"csp-report": null}'])
def test_a_report_that_is_none_is_taken_as_one(body: bytes) -> None:
    """Anybody may send anything here."""
    assert told(body) == {"directive": "?"}


def test_reports_cannot_fill_the_log(
    db: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty a minute are logged, too long a one is refused, and all are answered."""
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr("samverka.web.views.REPORTS", Allowance(20))
    client = Client()
    body = json.dumps({"csp-report": REPORT})
    answers = {client.post("/csp", body, content_type="application/csp-report").status_code for _ in range(50)}
    assert answers == {204}
    assert [record.getMessage() for record in caplog.records if record.name == "samverka.web.views"] == ["csp"] * 20
    long = client.post("/csp", "x" * (csp.LONGEST_REPORT + 1), content_type="application/csp-report")
    assert long.status_code == 413


def test_an_allowance_comes_back_each_minute() -> None:
    """So many in a minute, and as many in the next."""
    few = Allowance(2)
    assert [few.allows(now) for now in (0.0, 1.0, 2.0, 59.9, 60.0, 61.0, 62.0)] == [
        True, True, False, False, True, True, False,
    ]  # fmt: skip
