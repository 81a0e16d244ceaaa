"""Every committed entry gets one place in the chain, whatever order the transactions end in."""

from __future__ import annotations

import hashlib
import logging
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from samverka.journal import chain
from samverka.journal.chain import START, seal, waiting
from samverka.journal.models import Entry, Seal
from tests.samverka.journal.entries import DEADLINE, made, made_unsealed, older_transaction, seal_all, until_due

pytestmark = pytest.mark.django_db(transaction=True)

postgres_only = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite's writers take turns")


def order() -> list[int]:
    """The sealed entries in the chain's order."""
    return list(Seal.objects.order_by("seq").values_list("entry_id", flat=True))


def test_an_entry_is_sealed_when_its_transaction_is_committed() -> None:
    """Without anybody asking; the chain is what the definition says."""
    made(3)
    seal_all()
    rows = list(Seal.objects.order_by("seq").values_list("seq", "chain", "entry__body"))
    expected = START
    for number, (seq, sealed, body) in enumerate(rows, 1):
        leaf = hashlib.sha256(b"\x00" + body.encode()).digest()
        expected = hashlib.sha256(b"\x01" + expected + leaf).digest()
        assert (seq, bytes(sealed)) == (number, expected)
    assert len(rows) == 3


def test_what_is_rolled_back_leaves_nothing() -> None:
    """Neither an entry nor a place."""
    with transaction.atomic():
        made()
        transaction.set_rollback(True)
    assert (Entry.objects.count(), Seal.objects.count()) == (0, 0)


def test_a_fault_in_sealing_is_logged_and_the_change_stays(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The user's change is committed; the next one's sealing takes both."""
    made_unsealed()  # so that there is something to seal, whatever else runs in the server
    with monkeypatch.context() as broken:
        broken.setattr(chain, "link", lambda *_: 1 / 0)
        with caplog.at_level(logging.ERROR):
            made()
    assert Seal.objects.count() == 0
    assert "seal" in caplog.text
    made()
    seal_all()
    assert order() == list(Entry.objects.order_by("id").values_list("id", flat=True))


def test_at_most_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """``most`` bounds it, across batches."""
    made_unsealed(7)
    monkeypatch.setattr(chain, "BATCH", 2)
    assert [seal(most=5), seal(most=5), seal(most=5)] == [5, 2, 0]
    assert order() == list(Entry.objects.order_by("id").values_list("id", flat=True))


def test_two_changes_in_one_transaction_are_sealed_once() -> None:
    """One call after the commit however many entries it has; one that was rolled back to a savepoint is not counted."""
    with transaction.atomic():
        made(2)
        assert [call is seal for _, call, _ in connection.run_on_commit] == [True]
    with transaction.atomic():
        with transaction.atomic():
            made()
            transaction.set_rollback(True)
        assert connection.run_on_commit == []
        made()
        assert len(connection.run_on_commit) == 1
    seal_all()
    assert len(order()) == 3


def _writers(writers: int, each: int) -> list[threading.Thread]:
    """Threads that write entries and hold their transactions open for a while; some write several, some roll back."""

    def write(seed: int) -> None:
        dice = random.Random(seed)
        try:
            for _ in range(each):
                with transaction.atomic():
                    made(dice.choice((1, 1, 3)))
                    time.sleep(dice.choice((0, 0, 0.003, 0.02)))
                    transaction.set_rollback(dice.random() < 0.2)
        finally:
            connection.close()

    return [threading.Thread(target=write, args=(number,)) for number in range(writers)]


def _race(sealer: Callable[[], Any]) -> list[int]:
    """Seal while eight write; the chain's order as it was seen, each time an extension of what was seen before."""
    threads = _writers(8, 25)
    for thread in threads:
        thread.start()
    seen: list[int] = []
    changed = False
    while any(thread.is_alive() for thread in threads):
        sealer()
        now = order()
        changed = changed or now[: len(seen)] != seen
        seen = now
    for thread in threads:
        thread.join()
    assert not changed
    until_due()
    sealer()
    return order()


@postgres_only
def test_no_entry_is_missed_or_doubled_while_transactions_overlap() -> None:
    """Eight writers that end in any order: every entry has one place, in order of transaction and id."""
    sealed = _race(seal)
    assert sealed == list(Entry.objects.order_by("xid", "id").values_list("id", flat=True))
    assert sealed != sorted(sealed), "no transaction overlapped another: the trial tried nothing"


@postgres_only
def test_a_sealer_that_trusts_ids_misses_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: ids above the last one sealed. The same race leaves entries without a place."""

    def above_the_last(end: chain.Last, room: int, *_: Any) -> list[tuple[Any, ...]]:
        return list(Entry.objects.filter(id__gt=end.entry).order_by("id").values_list("id", "leaf")[:room])

    monkeypatch.setattr(chain, "_due", above_the_last)
    sealed = _race(seal)
    assert len(sealed) < Entry.objects.count()


@postgres_only
def test_an_older_transaction_holds_back_what_came_after_it() -> None:
    """Until it ends: then both are sealed, the older one first although it was committed last."""
    with older_transaction() as late:
        (newer,) = made()
        assert (seal(), waiting()) == (0, 1)
    seal_all()
    assert order() == [late[0].pk, newer.pk]


@postgres_only
def test_who_must_know_waits_for_another_that_seals() -> None:
    """Whoever comes while another seals leaves it to the other, or waits for its turn and finds nothing left."""
    made_unsealed(3)
    found: list[int] = []

    def run(**how: bool) -> threading.Thread:
        def sealing() -> None:
            try:
                found.append(seal(**how))
            finally:
                connection.close()

        thread = threading.Thread(target=sealing)
        thread.start()
        return thread

    with transaction.atomic():
        assert seal() == 3
        run().join(DEADLINE)
        assert found == [0]
        waits = run(in_turn=True)
        waits.join(0.2)
        assert waits.is_alive()
    waits.join(DEADLINE)
    assert found == [0, 0]
    assert len(order()) == 3


@postgres_only
def test_a_journal_from_another_server_goes_on(unguarded: None) -> None:
    """Entries restored from a server whose transaction numbers are far ahead do not stop those written here."""
    entries = made(2)
    seal_all()
    Entry.objects.filter(pk=entries[1].pk).update(xid=2**60)
    (newer,) = made()
    seal_all()
    assert order() == [*(entry.pk for entry in entries), newer.pk]
    (newest,) = made()
    seal_all()
    assert order()[-1] == newest.pk


def test_a_thorough_look_finds_what_lies_before_the_last(unguarded: None) -> None:
    """An entry without a place before the chain's end, as a restored journal may have, is given one on demand."""
    first, second = made(2)
    seal_all()
    Seal.objects.all().delete()
    Seal.objects.create(seq=1, entry=second, chain=chain.link(START, bytes(second.leaf)))
    assert seal() == 0
    assert seal(thorough=True) == 1
    assert order() == [second.pk, first.pk]
