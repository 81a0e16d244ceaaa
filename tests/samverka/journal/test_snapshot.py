"""Rows of one moment: the same for every question, also where each has a connection of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from samverka.journal import snapshot as module
from samverka.journal.models import Entry
from samverka.journal.snapshot import snapshot
from tests.samverka.journal.entries import made

pytestmark = pytest.mark.django_db(transaction=True)
SUBJECTS = "SELECT subject FROM journal_entry ORDER BY id"
CONNECTIONS = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()"
postgres_only = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite reads by one connection")


def made_beside() -> None:
    """An entry more, by another connection."""
    try:
        made()
    finally:
        connection.close()


def count() -> int:
    """How many entries a question of a snapshot's gives, asked after another has been written."""
    with snapshot() as moment, ThreadPoolExecutor(1) as pool:
        [(before,)] = moment.few("SELECT COUNT(*) FROM journal_entry")
        pool.submit(made_beside).result()
        found = len(list(moment.rows(SUBJECTS)))
    assert before + 1 == Entry.objects.count()
    return found


def test_what_is_written_meanwhile_is_not_seen() -> None:
    """Not by a question that is asked after it was committed."""
    made(3)
    assert count() == 3


@postgres_only
def test_a_connection_that_takes_its_own_moment_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: each connection begins when it is asked."""
    made(3)
    monkeypatch.setattr(module, "SHARED", "SELECT '{}'")
    assert count() == 4


@pytest.mark.parametrize("block", [1, 2, 3, 7, 200])
def test_every_row_comes_once_whatever_the_blocks(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    """In order, two questions side by side, with and without a transaction that has begun."""
    monkeypatch.setattr(module, "BLOCK", block)
    made(7)
    every = [(f"subject-{number}",) for number in range(1, 8)]
    with snapshot() as moment:
        assert list(zip(moment.rows(SUBJECTS), moment.rows(SUBJECTS), strict=True)) == list(
            zip(every, every, strict=True)
        )
    with transaction.atomic():
        made(subject="own")
        with snapshot() as moment:
            assert list(moment.rows(SUBJECTS)) == [*every, ("own",)]


@postgres_only
def test_a_driver_that_gives_one_row_at_a_time_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own library may be older than blocks."""
    monkeypatch.setattr("psycopg.capabilities.has_stream_chunked", lambda: False)
    made(3)
    with snapshot() as moment:
        assert len(list(moment.rows(SUBJECTS))) == 3


@postgres_only
def test_what_is_not_read_to_its_end_leaves_nothing() -> None:
    """Neither a connection nor a transaction."""
    made(3)
    with connection.cursor() as cursor:
        cursor.execute(CONNECTIONS)
        (before,) = cursor.fetchone()
        with snapshot() as moment:
            assert next(moment.rows("SELECT generate_series(1, 1000000)")) == (1,)
            [(within,)] = moment.few(CONNECTIONS)
        assert within == before + 1
    made()
    with snapshot() as moment:
        assert moment.few(CONNECTIONS) == [(before,)]
