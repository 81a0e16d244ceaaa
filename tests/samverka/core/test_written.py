"""Queries that are written once: the rows of Django's own query, for each value, as each database takes it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateField, DateTimeField, QuerySet

from samverka.core.written import Given, Written
from samverka.parties.models import Unit
from tests.samverka.core.units import make_units

pytestmark = pytest.mark.usefixtures("jamtland")
DAYS = [date(2026, 1, day) for day in range(1, 9)]
WRITTEN: list[str] = []


@Written
def begun() -> QuerySet[Any, tuple[Any, ...]]:
    """The units that have begun on a day, with a text that is the same every time."""
    WRITTEN.append("begun")
    on = Given("on", DateField())
    return Unit.objects.filter(since__lte=on, party__code="BERG").order_by("id").values_list("name", "since", "until")


def test_its_rows_are_those_of_the_query() -> None:
    """For every day, days as days; Django wrote it once."""
    make_units(20)
    WRITTEN.clear()
    begun._written.cache_clear()
    for day in DAYS:
        rows = Unit.objects.filter(since__lte=day, party__code="BERG").order_by("id")
        assert begun.rows(on=day) == list(rows.values_list("name", "since", "until"))
    assert len(begun.rows(on=DAYS[0])) == 3
    assert WRITTEN == ["begun"]


def test_a_value_is_never_part_of_the_statement() -> None:
    """A text with a quotation mark finds the row that has it, and no other."""
    named = Written(lambda: Unit.objects.filter(name=Given("name", CharField())).values_list("name"))
    first, _ = make_units(2)
    hostile = "' OR 1=1 --%s"
    assert named.rows(name=hostile) == []
    Unit.objects.filter(pk=first.pk).update(name=hostile)
    assert named.rows(name=hostile) == [(hostile,)]


def test_a_moment_is_compared_as_the_database_keeps_it() -> None:
    """To the microsecond, whichever zone it was given in."""
    at = datetime(2026, 7, 1, 8, 0, 0, 500, tzinfo=UTC)
    Session.objects.create(session_key="a" * 32, session_data="x", expire_date=at)
    later = Written(
        lambda: Session.objects.filter(expire_date__gt=Given("at", DateTimeField())).values_list("expire_date")
    )
    assert later.rows(at=at.replace(microsecond=499)) == [(at,)]
    assert later.rows(at=at) == []


def test_a_value_that_is_not_given_is_no_question() -> None:
    """Nothing is asked without it."""
    with pytest.raises(KeyError):
        begun.rows()
