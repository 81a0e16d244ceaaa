"""Schemathesis asks the API all that its OpenAPI allows, and much that it does not, and finds nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from jsonschema_rs import validator_for
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup

from avtal.book.question import Question
from avtal.language.facts import LONGEST_NAME
from samverka.agreements.county import QUESTIONS, base
from samverka.care import api
from samverka.care.api_schema import fact_schema
from samverka.web.api import document

NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=LONGEST_NAME)
schemathesis.openapi.format("name", NAMES)


#: Facts that the schema allows one by one may contradict each other: see what is asked of those below.
CONFIG = {
    "generation": {"mode": "all"},
    "checks": {
        "positive_data_acceptance": {"expected-statuses": [200, 422]},
        "negative_data_rejection": {"expected-statuses": [400, 405, 411, 413, 415, 422]},
    },
}
schema = schemathesis.openapi.from_dict(json.loads(json.dumps(document())), config=SchemathesisConfig.from_dict(CONFIG))
schema.app = get_wsgi_application()


@pytest.fixture
def open_throughout(db: None) -> Iterator[None]:
    """The test's connection stays open after each request, as it does under Django's own client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_schemathesis_finds_nothing(open_throughout: None, case: schemathesis.Case) -> None:
    """What is allowed is answered as declared, what is not is refused as declared; nothing breaks the server."""
    response = case.call_and_validate()
    if response.status_code == 422 and case.meta is not None and case.meta.generation.mode.is_positive:
        # what the schema allows is refused only because facts contradict each other, or a number was not known that day
        assert [one for one in response.json() if one["message"].startswith("tillåtet är")] == []


def test_schemathesis_sees_an_answer_that_is_not_declared(
    open_throughout: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It catches its broken twins: an answer with another shape, a fault of ours, and bad facts that are answered."""
    asked = schema["/api/v1/decisions/care"]["POST"]
    asked.Case(body={"age": 70}, media_type="application/json").call_and_validate()
    monkeypatch.setattr(api, "_told", lambda *_: b'{"responsible": null}')
    with pytest.raises(FailureGroup, match="1 distinct failure"):
        asked.Case(body={"age": 70}, media_type="application/json").call_and_validate()


def test_the_schema_allows_what_the_facts_allow() -> None:
    """Each fact by itself, at both ends of what is allowed and just outside: the schema and the reader agree."""
    for question in QUESTIONS.values():
        for name in question.facts.stated():
            check = validator_for(fact_schema(question.facts[name], question, base()))
            for said in _tried(question, name):
                assert check.is_valid(said) is _is_read(question, name, said), (question.name, name, said)


def _tried(question: Question, name: str) -> list[Any]:
    fact = question.facts[name]
    texts = ["", "0", "00", "-0", "-1", "1,0", "1.50", "1.505", "1e1", "a", "A", "nurse", "2026-02-29", "2028-02-29"]
    days = ["2026-01-01", "2026-04-31", "2099-12-31", "2100-01-01", "26-01-01", "16:30", "24:00", None]
    ends = [fact.low - 1, fact.low, fact.high // fact.scale, fact.high // fact.scale + 1]
    return [*texts, *days, *ends, *map(str, ends), *fact.values, True, False, [], {}]


def _is_read(question: Question, name: str, said: Any) -> bool:
    values, faults = question.facts.read({name: said})
    return not faults and (name in values)
