"""Writing the journal: one entry for each change, in the change's own transaction."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from samverka.core import request_id
from samverka.core.acting import Actor
from samverka.journal.chain import seal
from samverka.journal.models import Entry, EntryParty

ALL_PARTIES = ("*",)


class NoTransaction(RuntimeError):
    """An entry was to be written outside the transaction of what it tells of."""


def canonical(body: Mapping[str, Any]) -> str:
    """The same text for the same body on every machine."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def leaf_of(body: str) -> bytes:
    """What an entry weighs in the chain."""
    return hashlib.sha256(b"\0" + body.encode()).digest()


def record(
    actor: Actor | None,
    action: str,
    subject: str,
    *,
    at: datetime,
    parties: Collection[str],
    why: str = "",
    clauses: Collection[str] = (),
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Entry:
    """Write one entry.

    Args:
        actor: Who; None for the system itself.
        action: A verb and its app, as ``settlement.issue``.
        subject: The public id of what was changed.
        at: When.
        parties: The codes of the parties that see it, ``ALL_PARTIES`` for what all of them share.
        why: The reason that was given.
        clauses: The clauses that it rests on.
        before: What was changed, as it was.
        after: And as it became.

    Raises:
        NoTransaction: Not in a transaction, so that the change could be kept without its entry.
    """
    if not connection.in_atomic_block:
        raise NoTransaction(action)
    party, user, request = (actor.party, actor.user.public_id, request_id.current()) if actor else ("", "", "")
    body = canonical(
        {
            "at": at.isoformat(), "party": party, "user": user, "role": actor.role.value if actor else "",
            "action": action, "subject": subject, "request": request, "why": why, "clauses": list(clauses),
            "before": before, "after": after, "parties": sorted(set(parties)),
            "salt": secrets.token_hex(16),  # so that a leaf alone does not let others guess what it says
        }
    )  # fmt: skip
    entry = Entry.objects.create(
        xid=_transaction_id(), at=at, party=party, user=user, action=action, subject=subject, request=request,
        body=body, leaf=leaf_of(body),
    )  # fmt: skip
    EntryParty.objects.bulk_create(EntryParty(entry=entry, party=code) for code in sorted(set(parties)))
    coming: list[Any] = [call[1] for call in connection.run_on_commit]
    if seal not in coming:
        # robust: an entry that could not be sealed now is sealed with the next; its change is committed all the same
        transaction.on_commit(seal, robust=True)
    return entry


def _transaction_id() -> int:
    """The writing transaction on PostgreSQL, by which entries are sealed; 0 where writers take turns."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])
