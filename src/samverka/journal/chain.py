"""The chain: each sealed entry's hash holds the hash of all before it, so that nothing can be changed unseen.

Entries are sealed after their transaction has been committed. On PostgreSQL an entry with a lower id may be committed
after one with a higher, so "the ids above the last" would miss it. The order is by transaction id, and only below the
oldest transaction that still runs: nothing can appear there any more. SQLite's writers take turns, so ids will do.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from samverka.journal.models import Seal

START = bytes(32)
BATCH = 1000
#: The advisory lock of the one who seals.
LOCK = 0x73_65_67_6C

#: Seconds that one who signs waits for transactions that run: they are short, and only a few hold anything back.
PATIENCE = 3.0

XMIN = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
XMAX = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
_LAST = (
    "SELECT s.seq, s.chain, e.xid, e.id FROM journal_seal s "
    "JOIN journal_entry e ON e.id = s.entry_id ORDER BY s.seq DESC LIMIT 1"
)
_UNSEALED = "NOT EXISTS (SELECT 1 FROM journal_seal s WHERE s.entry_id = e.id)"
_NEXT = {
    "postgresql": f"SELECT id, leaf FROM journal_entry WHERE (xid, id) > (%s, %s) AND xid < {XMIN} ORDER BY xid, id",
    "sqlite": "SELECT id, leaf FROM journal_entry WHERE id > %s ORDER BY id",
}
#: Every one that has no place, by going through the whole: visible ones from another server's future are committed.
_NEXT_OF_ALL = {
    "postgresql": (
        f"SELECT id, leaf FROM journal_entry e WHERE {_UNSEALED} AND (xid < {XMIN} OR xid >= {XMAX}) ORDER BY xid, id"
    ),
    "sqlite": f"SELECT id, leaf FROM journal_entry e WHERE {_UNSEALED} ORDER BY id",
}


@dataclass(frozen=True, slots=True)
class Last:
    """The chain's end, and the transaction and id of its entry."""

    seq: int = 0
    chain: bytes = START
    xid: int = -1
    entry: int = 0


def link(chain: bytes, leaf: bytes) -> bytes:
    """The chain with one more entry."""
    return hashlib.sha256(b"\1" + chain + leaf).digest()


def last() -> Last:
    """Where the chain ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        row = cursor.fetchone()
    return Last(row[0], bytes(row[1]), row[2], row[3]) if row else Last()


def waiting() -> int:
    """How many entries have no place yet: their transaction, or one that began before it, has not ended."""
    return _number("SELECT (SELECT COUNT(*) FROM journal_entry) - (SELECT COUNT(*) FROM journal_seal)")


def seal_committed() -> int:
    """Seal all that is committed now, and say how many have no place yet.

    It waits ``PATIENCE`` for the transactions that hold any back, and not for one of our own.
    """
    seal(in_turn=True)
    held = waiting()
    if not held or connection.vendor != "postgresql" or connection.in_atomic_block:
        return held
    # nothing committed by now has a higher number, and when those below it have ended nothing holds it back
    horizon, until = _number(f"SELECT {XMAX}"), time.monotonic() + PATIENCE
    while _number(f"SELECT {XMIN}") < horizon and time.monotonic() < until:
        time.sleep(0.02)
    seal(in_turn=True)
    return waiting()


def seal(*, most: int | None = None, thorough: bool = False, in_turn: bool = False) -> int:
    """Give committed entries their place in the chain, and say how many got one.

    Whoever comes while another seals leaves it to the other. What a running transaction holds back, the next one seals.

    Args:
        most: At most so many.
        thorough: Look for entries without a place in the whole journal: after it was restored.
        in_turn: Wait for another that seals, for who must know that it is done.
    """
    done = 0
    while most is None or done < most:
        room = BATCH if most is None else min(BATCH, most - done)
        found = bool(_due(last(), 1, thorough)) and _seal_some(room, thorough, in_turn)
        if not found:
            break
        done += found
    return done


def _seal_some(room: int, thorough: bool, in_turn: bool) -> int:  # noqa: FBT001  # private, named where it is called
    with transaction.atomic():
        if not _my_turn(in_turn):
            return 0
        end = last()
        rows = _due(end, room, thorough)
        chain, made = end.chain, []
        for seq, (entry, leaf) in enumerate(rows, end.seq + 1):
            chain = link(chain, bytes(leaf))
            made.append(Seal(seq=seq, entry_id=entry, chain=chain))
        Seal.objects.bulk_create(made)
    return len(made)


def _my_turn(in_turn: bool) -> bool:  # noqa: FBT001  # as above
    """Whether nobody else seals, until the transaction ends. On SQLite whoever writes is alone."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        if in_turn:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _due(end: Last, room: int, thorough: bool) -> Sequence[tuple[Any, ...]]:  # noqa: FBT001  # as above
    """The next entries in order."""
    postgres = connection.vendor == "postgresql"
    if postgres and not thorough:
        # a sealed entry's transaction has ended: a number ahead of us comes from the server it was restored from
        thorough = end.xid >= _number(f"SELECT {XMIN}")
    with connection.cursor() as cursor:
        if thorough:
            cursor.execute(f"{_NEXT_OF_ALL[connection.vendor]} LIMIT %s", [room])
        else:
            cursor.execute(f"{_NEXT[connection.vendor]} LIMIT %s", [*([end.xid] if postgres else []), end.entry, room])
        rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _number(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])
