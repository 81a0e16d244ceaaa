"""Every model is an event table of its charge: settlement prices it where it lies."""

from __future__ import annotations

import pytest
from django.db import connection, models

from avtal.bulk import OWN_COLUMNS, columns
from avtal.language.expression import Kind
from samverka.assignments.kinds import KINDS, WorkKind
from samverka.assignments.models import Work

#: What each kind of fact is in each database, as Django's own introspection names it.
TYPES = {
    "sqlite": {
        Kind.BOOL: {"bool"},
        Kind.INT: {"integer", "bigint"},
        Kind.DATE: {"date"},
        Kind.CODE: {"varchar"},
    },
    "postgresql": {
        Kind.BOOL: {"boolean"},
        Kind.INT: {"integer", "bigint"},
        Kind.DATE: {"date"},
        Kind.CODE: {"character varying"},
    },
}


def declared(model: type[Work]) -> dict[str, str]:
    """Column -> type as the database has it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f'SELECT name, type FROM pragma_table_info("{model._meta.db_table}")')
        else:
            cursor.execute(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s",
                [model._meta.db_table],
            )
        return {name: kind.lower().partition("(")[0] for name, kind in cursor.fetchall()}


def faults(kind: WorkKind, found: dict[str, str]) -> list[str]:
    """The columns that the charge needs and that are absent or of another type."""
    needed = {**columns(kind.charge), "id": Kind.INT}
    del needed["line"]  # settlement reads the primary key as the line
    allowed = TYPES[connection.vendor]
    return [name for name, sort in needed.items() if found.get(name) not in allowed[sort]]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.model.charge)
def test_a_model_has_the_columns_that_its_charge_is_priced_by(kind: WorkKind) -> None:
    """Each fact by its own name and type, and event_id, month, example and a primary key."""
    found = declared(kind.model)
    assert faults(kind, found) == []
    broken = {name: sort for name, sort in found.items() if name != "date"} | {"month": "text"}
    assert faults(kind, broken) == ["month", "date"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.model.charge)
def test_a_model_has_no_columns_beside_the_facts_and_what_all_work_has(kind: WorkKind) -> None:
    """What is registered is what is priced: nothing is stated that no rule knows."""
    common = {field.column for field in Work._meta.get_fields() if isinstance(field, models.Field)}
    own = {field.column for field in kind.model._meta.concrete_fields} - common - {"id"}
    assert own == set(kind.charge.facts) - {"date"}
    assert set(OWN_COLUMNS) - {"line"} <= common


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.model.charge)
def test_a_column_holds_the_longest_code_that_its_fact_allows(kind: WorkKind) -> None:
    """No code that the charge accepts is too long for the database."""
    for name, fact in kind.charge.facts.items():
        if fact.kind is Kind.CODE:
            field = next(field for field in kind.model._meta.concrete_fields if field.column == name)
            assert (field.max_length or 0) >= (max(map(len, fact.values)) if fact.values else 61), name
