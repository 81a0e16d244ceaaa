"""Whether the journal is whole: leaves, chain, no gaps, nothing unsealed, what columns say, checkpoints."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

from samverka.journal.append_only import TABLES, unprotected
from samverka.journal.chain import START, XMIN, seal
from samverka.journal.checkpoints import known_keys
from samverka.journal.snapshot import Row, Snapshot, snapshot

_SEALS = "SELECT seq, entry_id, chain FROM journal_seal ORDER BY seq"
_ENTRIES = {
    True: "SELECT id, convert_to(body, 'UTF8'), leaf, xid FROM journal_entry ORDER BY xid, id",
    False: "SELECT id, CAST(body AS BLOB), leaf, xid FROM journal_entry ORDER BY id",
}
_CHECKPOINTS = "SELECT count, chain, text, signature, key FROM journal_checkpoint ORDER BY count, id"
#: Entries whose columns say anything else than their text.
_COLUMNS = {
    True: (
        "SELECT e.id FROM journal_entry e, LATERAL (SELECT e.body::jsonb AS b OFFSET 0) x WHERE "
        "(b->>'party', b->>'user', b->>'action', b->>'subject', b->>'request', (b->>'at')::timestamptz) "
        'IS DISTINCT FROM (e.party::text, e."user"::text, e.action::text, e.subject::text, e.request::text, e.at) '
        "ORDER BY e.id LIMIT 1"
    ),
    False: (
        "SELECT id FROM journal_entry WHERE json_extract(body, '$.party') IS NOT party "
        "OR json_extract(body, '$.user') IS NOT user OR json_extract(body, '$.action') IS NOT action "
        "OR json_extract(body, '$.subject') IS NOT subject OR json_extract(body, '$.request') IS NOT request "
        "OR datetime(json_extract(body, '$.at')) IS NOT datetime(at) ORDER BY id LIMIT 1"
    ),
}
#: And those that other parties see, or do not see, than their text says.
_PARTIES = {
    True: (
        "SELECT e.id FROM journal_entry e LEFT JOIN (SELECT entry_id, "
        'jsonb_agg(party ORDER BY party COLLATE "C") AS found FROM journal_entryparty GROUP BY entry_id) p '
        "ON p.entry_id = e.id WHERE e.body::jsonb->'parties' IS DISTINCT FROM COALESCE(p.found, '[]') "
        "ORDER BY e.id LIMIT 1"
    ),
    False: (
        "SELECT e.id FROM journal_entry e WHERE json_extract(e.body, '$.parties') IS NOT (SELECT "
        "json_group_array(party) FROM (SELECT party FROM journal_entryparty p WHERE p.entry_id = e.id ORDER BY party)) "
        "ORDER BY e.id LIMIT 1"
    ),
}


@dataclass(slots=True)
class Report:
    """What was found.

    Attributes:
        sealed: Entries in the chain.
        now: Of them, those that were sealed as this began.
        waiting: Entries whose turn has not come: an older transaction was running.
        checkpoints: Signed checkpoints that agree.
        faults: What is wrong, in Swedish.
    """

    sealed: int = 0
    now: int = 0
    waiting: int = 0
    checkpoints: int = 0
    faults: list[str] = field(default_factory=list)


def verify() -> Report:
    """Seal what can be, then go through the whole journal as it is at one moment, while others write."""
    horizon = _horizon()
    report = Report(now=seal(in_turn=True))
    with snapshot() as moment:
        chains = _chain(moment, report, horizon)
        if not report.faults:  # the texts are what was written, so that they can be compared with
            _copies(moment, report)
        _checkpoints(moment, report, chains)
    report.faults += [
        f"Tabellen {table} går att ändra: dess spärrar saknas." for table in unprotected(connection, *TABLES)
    ]
    return report


def _horizon() -> int:
    """Entries of transactions below this number, or on SQLite with ids up to it, are to be sealed by now."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {XMIN}" if connection.vendor == "postgresql" else "SELECT COALESCE(MAX(id), 0) FROM journal_entry"
        )
        return int(cursor.fetchone()[0])


def _chain(moment: Snapshot, report: Report, horizon: int) -> dict[int, bytes]:
    """Follow the chain, and give what it is at each checkpoint; stops at the first entry that is broken."""
    wanted = {count for count, *_ in moment.few(_CHECKPOINTS)}
    chains = {0: START}
    entries = moment.rows(_ENTRIES[moment.postgres])
    passed: dict[int, Row] = {}  # entries that were read and not yet met in the chain
    sha256, chain, number = hashlib.sha256, START, 0
    for seq, entry, sealed in moment.rows(_SEALS):
        number += 1
        if seq != number:
            report.faults.append(f"Post {number} saknas i kedjan: efter {number - 1} kommer {seq}.")
            return chains
        row = next(entries, None)
        if row is None or row[0] != entry:
            row = _find(entry, row, entries, passed)
            if row is None:
                report.faults.append(f"Post {seq} i kedjan finns inte i journalen: den är borttagen.")
                return chains
        _, body, leaf, _ = row
        if sha256(b"\0" + body).digest() != leaf:
            report.faults.append(f"Post {seq} är ändrad: dess text stämmer inte med sitt fingeravtryck.")
            return chains
        chain = sha256(b"\1" + chain + leaf).digest()
        if chain != sealed:
            report.faults.append(f"Kedjan är bruten vid post {seq}: den, eller en post före den, är utbytt.")
            return chains
        if seq in wanted:
            chains[seq] = chain
    report.sealed = number
    _unsealed(passed, entries, report, horizon, postgres=moment.postgres)
    return chains


def _find(entry: int, row: Row | None, entries: Iterator[Row], passed: dict[int, Row]) -> Row | None:
    """An entry that does not come next: among those passed by, or further on."""
    while row is not None and row[0] != entry:
        passed[row[0]] = row
        if entry in passed:
            break
        row = next(entries, None)
    return passed.pop(entry, None) if row is None or row[0] != entry else row


def _unsealed(passed: dict[int, Row], entries: Iterator[Row], report: Report, horizon: int, *, postgres: bool) -> None:
    """Entries without a place: those whose turn has not come, and those that were missed."""
    for entry, body, leaf, xid in [*passed.values(), *entries]:
        if hashlib.sha256(b"\0" + body).digest() != leaf:
            report.faults.append(f"En post som väntar på sin plats (nr {entry}) är ändrad.")
        elif xid < horizon if postgres else entry <= horizon:
            report.faults.append(f"En post (nr {entry}) har ingen plats i kedjan, fast alla före den är avslutade.")
        else:
            report.waiting += 1


def _copies(moment: Snapshot, report: Report) -> None:
    for questions, fault in (
        (_COLUMNS, "I posten med nr {} säger kolumnerna något annat än dess text."),
        (_PARTIES, "Posten med nr {} visas för andra parter än dess text säger."),
    ):
        report.faults += [fault.format(number) for (number,) in moment.few(questions[moment.postgres])]


def _checkpoints(moment: Snapshot, report: Report, chains: dict[int, bytes]) -> None:
    """Each checkpoint: what its text says, who signed it, and that the chain is what it was."""
    keys = known_keys()
    for count, chain, text, signature, key in moment.few(_CHECKPOINTS):
        if fault := _checkpoint(count, bytes(chain), text, bytes(signature), key, keys):
            report.faults.append(f"Kontrollpunkten vid post {count}: {fault}")
        elif count > report.sealed and not report.faults:
            report.faults.append(f"Kontrollpunkten vid post {count}: kedjan slutar vid post {report.sealed}.")
        elif count in chains and chains[count] != chain:
            report.faults.append(f"Kontrollpunkten vid post {count}: kedjan är en annan än den som undertecknades.")
        elif count in chains:
            report.checkpoints += 1


def _checkpoint(count: int, chain: bytes, text: str, signature: bytes, key: str, keys: Collection[str]) -> str:
    """What is wrong with a checkpoint in itself; nothing is an empty text."""
    lines = text.split("\n")
    if lines[2:4] != [str(count), chain.hex()]:
        return "texten säger något annat än det som är sparat."
    if key not in keys:
        return "nyckeln är inte systemets, varken den nya eller någon tidigare."
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, text.encode())
    except InvalidSignature:
        return "underskriften stämmer inte."
    return ""
