"""The log tells of requests and faults, and never of values, names or addresses."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from django.test import Client

from samverka.core import request_id
from samverka.core.acting import Role
from samverka.core.logging import Lines
from tests.samverka.platform import actor, signed_in

CANARY = "kanariefågel"


def line(record: logging.LogRecord) -> dict[str, object]:
    """The record as it would go out."""
    text = Lines().format(record)
    assert "\n" not in text
    found: dict[str, object] = json.loads(text)
    return found


def test_a_request_is_one_line(jamtland: None, caplog: pytest.LogCaptureFixture) -> None:
    """Its method, route, status and time; neither its query, its body, its session nor who sent it."""
    caplog.set_level(logging.INFO)
    who = actor("BERG", Role.READER)
    client = signed_in(who)
    client.get("/parter/", {"q": CANARY}, headers={"user-agent": CANARY})
    client.post("/konto/login/", {"login": f"{CANARY}@exempel.se", "password": CANARY})
    mine = [line(record) for record in caplog.records if record.name == "samverka.core.middleware"]
    told = [(one["event"], one["method"], one["route"], one["status"]) for one in mine]
    assert told == [("request", "GET", "parties:list", 200), ("request", "POST", "account_login", 302)]
    assert all(isinstance(one["ms"], float) for one in mine)
    every = " ".join(Lines().format(record) for record in caplog.records)
    assert CANARY not in every
    assert who.user.email not in every
    assert who.user.username not in every


def test_a_fault_tells_where_it_was_and_not_what_it_said() -> None:
    """An exception's message may hold a value from the database, so it stays out."""
    try:
        int(f"{CANARY}@exempel.se")
    except ValueError:
        record = logging.LogRecord("django.request", logging.ERROR, "f", 1, "%s: %s", ("x", CANARY), sys.exc_info())
    told = line(record)
    assert told["exception"] == "ValueError"
    assert told["event"] == "%s: %s"
    assert str(told["trace"]).count("test_logging.py") == 1
    assert CANARY not in json.dumps(told)


def test_the_logs_test_sees_a_log_that_tells() -> None:
    """The broken twin: Python's own formatter writes the value."""
    record = logging.LogRecord("x", logging.INFO, "f", 1, "signed in %s", (CANARY,), None)
    assert CANARY in logging.Formatter().format(record)
    assert CANARY not in Lines().format(record)


def test_only_named_fields_go_out() -> None:
    """What a caller hangs on a record by mistake stays out."""
    record = logging.LogRecord("x", logging.INFO, "f", 1, "done", (), None)
    record.status, record.body = 200, CANARY
    assert line(record)["status"] == 200
    assert CANARY not in json.dumps(line(record), ensure_ascii=False)


@pytest.mark.parametrize("text", ["anna.b@exempel.se", "19121212-1212", "121212-1212"])
def test_what_looks_personal_is_taken_out_of_others_messages(text: str) -> None:
    """A third party that writes an address into its message does not get it logged."""
    record = logging.LogRecord("x", logging.WARNING, "f", 1, f"refused {text} here", (), None)
    assert line(record)["event"] == "refused … here"


def test_a_line_carries_its_request() -> None:
    """So that lines of one request can be found together."""
    with request_id.using("abc123"):
        record = logging.LogRecord("x", logging.INFO, "f", 1, "done", (), None)
        assert line(record)["request"] == "abc123"


def test_what_is_not_found_is_logged_once(db: None, caplog: pytest.LogCaptureFixture) -> None:
    """By our own line alone: Django's names the address."""
    caplog.set_level(logging.INFO)
    Client().get(f"/{CANARY}")
    assert [(r.name, r.__dict__.get("status")) for r in caplog.records] == [("samverka.core.middleware", 404)]
