"""The database refuses to change, delete or empty what the journal holds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from samverka.journal.append_only import TABLES, protect, unprotect, unprotected
from samverka.journal.models import Checkpoint, Entry, EntryParty, Seal
from tests.samverka.journal.entries import made

pytestmark = pytest.mark.django_db

ATTACKS = {
    "journal_entry": ("UPDATE journal_entry SET body = '{}'", "DELETE FROM journal_entry"),
    "journal_entryparty": ("UPDATE journal_entryparty SET party = 'BERG'", "DELETE FROM journal_entryparty"),
    "journal_seal": ("UPDATE journal_seal SET seq = 9", "DELETE FROM journal_seal"),
    "journal_checkpoint": ("UPDATE journal_checkpoint SET count = 9", "DELETE FROM journal_checkpoint"),
}
EACH = [(table, attack) for table, attacks in ATTACKS.items() for attack in attacks]


@pytest.fixture(autouse=True)
def _rows() -> None:
    """A row in each of the tables."""
    (entry,) = made()
    Seal.objects.create(seq=1, entry=entry, chain=b"x" * 32)
    Checkpoint.objects.create(
        count=1, chain=b"x" * 32, at=datetime(2026, 7, 1, tzinfo=UTC), text="", signature=b"", key=""
    )


def attempt(statement: str) -> int:
    """Run it, give how many rows it struck, and leave everything as it was."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        struck: int = cursor.rowcount
        transaction.set_rollback(True)
    return struck


@pytest.mark.parametrize(("table", "attack"), EACH)
def test_a_row_is_never_changed_or_deleted(table: str, attack: str) -> None:
    """UPDATE and DELETE are refused; the twin without triggers lets the same attack through."""
    with pytest.raises(IntegrityError, match="append-only"):
        attempt(attack)
    unprotect(connection, table)
    assert attempt(attack) == 1


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_never_emptied(table: str) -> None:
    """TRUNCATE, which PostgreSQL has beside DELETE; the twin without triggers empties the tables."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE: DELETE is tried above")
    statement = f"TRUNCATE {table} CASCADE"
    with connection.cursor() as cursor:  # what the rows' own foreign keys would still refuse
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="append-only"):
        attempt(statement)
    unprotect(connection, *TABLES)
    attempt(statement)


def test_through_the_models_it_is_refused_as_well() -> None:
    """The same for code that forgets itself."""
    for rows in (Entry.objects.all(), EntryParty.objects.all(), Seal.objects.all(), Checkpoint.objects.all()):
        with pytest.raises((IntegrityError, Exception), match=r"append-only|protected"), transaction.atomic():
            rows.delete()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Entry.objects.update(party="BERG")
    assert (Entry.objects.count(), Seal.objects.count()) == (1, 1)


def test_a_table_without_its_triggers_is_found() -> None:
    """One lost trigger is enough; protecting it again mends it."""
    assert unprotected(connection, *TABLES) == []
    unprotect(connection, "journal_seal")
    assert unprotected(connection, *TABLES) == ["journal_seal"]
    protect(connection, "journal_seal")
    assert unprotected(connection, *TABLES) == []
