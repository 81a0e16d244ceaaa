"""A file of work: read into a stage, held against what is registered, approved as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from avtal.book.edition import Edition
from avtal.language.evaluate import Case
from samverka.agreements import selectors as agreements
from samverka.assignments.cells import ANSWERS, SAMPLE, STILL_THERE, allowed_in, codes_of, read_cells, unlisted
from samverka.assignments.checks import BadWork, Checker
from samverka.assignments.kinds import BY_CHARGE, WorkKind, case_of, columns_of, stated_of
from samverka.assignments.models import Batch, BatchState, State, Work
from samverka.core.acting import Actor
from samverka.core.errors import Refused
from samverka.core.ids import public_id
from samverka.core.uploads import Table
from samverka.journal.services import record
from samverka.settle.csvfile import wrong
from samverka.settle.events import YES_NO

OPEN = (State.REGISTERED, State.RETURNED)
AT_ONCE = 500
CHANGED = "Något har ändrats sedan skillnaden visades. Granska den på nytt; inget är inläst."
TWICE = "Filen är redan inläst {}. Inget är tillagt."


@dataclass(frozen=True, slots=True)
class Staged:
    """A good row: its line, what it states, and the work that it is or changes."""

    line: int
    event_id: str
    stated: Mapping[str, Any]
    source: str
    example: bool
    case: Case
    payer: str
    work: Work | None = None


@dataclass
class Difference:
    """A file held against what is registered."""

    new: list[Staged] = field(default_factory=list)
    changed: list[Staged] = field(default_factory=list)
    unchanged: list[Staged] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """What somebody saw, to hold against what is there when they approve it."""
        return f"{len(self.new)}-{len(self.changed)}-{len(self.unchanged)}-{len(self.refused)}"


def examine(
    kind: WorkKind, party: str, batch: Batch, edition: Edition, *, on: date, lock: bool = False
) -> Difference:  # fmt: skip
    """Each row of a batch as new, changed, unchanged or refused, as things are now, on a day."""
    found = Difference(refused=[(line, column, told) for line, column, told in batch.faults])
    faulty = {line for line, _, _ in found.refused}
    checker = Checker(kind, edition)
    seen: dict[str, int] = {}
    rows = ((line, cells) for line, cells in batch.rows if line not in faulty)
    while chunk := list(islice(rows, AT_ONCE)):
        there = _registered(kind, party, (cells["event_id"] for _, cells in chunk), lock=lock)
        for line, cells in chunk:
            if cells["event_id"] == SAMPLE:
                found.refused.append((line, "event_id", STILL_THERE))
                continue
            first = seen.setdefault(cells["event_id"], line)
            if first != line:
                told = f"{cells['event_id'][:60]} står redan på rad {first}; varje händelse har sitt eget nummer"
                found.refused.append((line, "event_id", told))
                continue
            try:
                row = _read(line, cells, checker, party, there.get(cells["event_id"]), on)
            except BadWork as bad:
                found.refused += [(line, name, _told(kind, cells, name, text)) for name, text in bad.faults.items()]
                continue
            _place(row, found)
    found.refused.sort()
    return found


def _registered(kind: WorkKind, party: str, ids: Iterable[str], *, lock: bool) -> dict[str, Work]:
    rows = kind.model._default_manager.filter(performer=party, event_id__in=list(ids))  # Django's API
    return {work.event_id: work for work in (rows.select_for_update() if lock else rows)}


def _read(
    line: int, cells: Mapping[str, str], checker: Checker, party: str, work: Work | None, on: date
) -> Staged:  # fmt: skip
    stated = read_cells(checker.kind, cells)
    source, mark = cells.get("source", ""), cells.get("example", "nej").lower()
    faults = {name: f"tillåtet är {allowed_in(checker.kind, name)}" for name in unlisted(stated)}
    if mark not in YES_NO:
        faults["example"] = f"tillåtet är {ANSWERS}"
    try:
        case = checker.case(stated, cells["event_id"], source, on=on)
    except BadWork as bad:
        raise BadWork({**bad.faults, **faults}, {}) from None
    if faults:
        raise BadWork(faults, {})
    if (payee := checker.party(case, "payee")) != party:
        raise BadWork(
            {checker.kind.own or "event_id": f"tillåtet är arbete som ni har utfört; utförare är {payee}"}, {}
        )
    payer = checker.party(case, "payer")
    return Staged(line, cells["event_id"], stated, source, YES_NO[mark], case, payer, work)


def _told(kind: WorkKind, cells: Mapping[str, str], name: str, text: str) -> str:
    """The message with what the cell says, where it says anything; codes with their words."""
    said, (head, _, allowed) = cells.get(name, ""), text.partition("tillåtet är ")
    fact = kind.charge.facts.get(name)
    if fact and codes_of(kind, name) and allowed == fact.allowed():
        allowed = allowed_in(kind, name)
    return wrong(said, allowed) if said and allowed and not head else text


def _place(row: Staged, found: Difference) -> None:
    work = row.work
    if work is None:
        found.new.append(row)
    elif (dict(row.case), row.source, row.example) == (case_of(work), work.source, work.example):
        found.unchanged.append(row)
    elif work.state not in OPEN:
        told = f"är {State(work.state).label} och kan inte ändras; tillåtet är att ändra det som inte är attesterat"
        found.refused.append((row.line, "event_id", f"{row.event_id} {told}"))
    elif work.payer_party != row.payer:
        told = "betalaren kan inte ändras; återkalla arbetet och registrera det på nytt med ett nytt nummer"
        found.refused.append((row.line, "event_id", f"{row.event_id}: {told}"))
    else:
        found.changed.append(row)


@transaction.atomic
def stage(actor: Actor, *, charge: str, table: Table, on: date | None = None, at: datetime) -> Batch:
    """Keep what a file says until somebody approves it.

    Args:
        actor: Who.
        charge: The kind of work.
        table: The file as it was read.
        on: The day that it is; that of ``at`` unless said.
        at: When.

    Raises:
        Refused: The same file is approved already, or has no rows.
    """
    actor.must("register")
    kind = BY_CHARGE[charge]
    if actor.party not in kind.performers:
        raise Refused("Bara den part som har utfört arbetet kan läsa in det.")
    mine = Batch.objects.filter(party=actor.party, charge=charge, digest=table.digest)
    if before := mine.filter(state=BatchState.APPROVED).first():
        raise Refused(TWICE.format(f"{before.decided_at:%Y-%m-%d}"))
    if before := mine.filter(state=BatchState.STAGED).first():
        return before
    if not table.rows and not table.faults:
        raise Refused("Filen har inga rader under rubriken.")
    batch = Batch(
        charge=charge, party=actor.party, file_name=table.name, digest=table.digest, rows=table.rows,
        faults=table.faults, uploaded_by=actor.user, uploaded_at=at,
    )  # fmt: skip
    found = examine(kind, batch.party, batch, agreements.book_now().edition, on=on or localdate(at))
    batch.faulty = len(found.refused) - len(table.faults) + table.count
    batch.save()
    after = {"file": batch.file_name, "digest": batch.digest, "rows": len(table.rows), "faults": batch.faulty}
    record(
        actor, "assignments.stage", batch.public_id, at=at, parties=[actor.party], clauses=[kind.clause], after=after
    )
    return batch


@transaction.atomic
def approve(actor: Actor, batch: Batch, *, seen: str, on: date | None = None, at: datetime) -> Difference:
    """Register what a staged file adds and changes: all of it, or nothing.

    Args:
        actor: Who.
        batch: The file.
        seen: The ``mark`` of the difference that was shown.
        on: The day that it is; that of ``at`` unless said.
        at: When.

    Raises:
        Refused: Something in it is refused, or the difference is no longer what was shown.
    """
    actor.must("register")
    batch, kind = _open(actor, batch), BY_CHARGE[batch.charge]
    edition = agreements.book_now().edition
    found = examine(kind, batch.party, batch, edition, on=on or localdate(at), lock=True)
    if found.refused:
        raise Refused(f"{len(found.refused)} fel i filen. Rätta dem och läs in filen på nytt; inget är inläst.")
    if found.mark != seen:
        raise Refused(CHANGED)
    before = {
        row.event_id: {"stated": stated_of(row.work), "state": row.work.state} for row in found.changed if row.work
    }
    try:
        with transaction.atomic():
            _write(actor, batch, kind, found, at)
    except IntegrityError:  # one of its numbers was registered since it was examined
        raise Refused(CHANGED) from None
    batch.state, batch.decided_by, batch.decided_at = BatchState.APPROVED, actor.user, at
    try:
        with transaction.atomic():
            batch.save()
    except IntegrityError:
        raise Refused(TWICE.format("av någon annan nyss")) from None
    after = {
        "file": batch.file_name, "digest": batch.digest, "charge": batch.charge, "new": len(found.new),
        "changed": {row.event_id: row.stated for row in found.changed}, "unchanged": len(found.unchanged),
    }  # fmt: skip
    payers = {row.payer for row in (*found.new, *found.changed)}
    # where several pay, none of them may read of the others' rows
    parties = [batch.party, *payers] if len(payers) == 1 else [batch.party]
    record(actor, "assignments.import", batch.public_id, at=at, parties=parties, clauses=[kind.clause],
           before=before, after=after)  # fmt: skip
    return found


@transaction.atomic
def discard(actor: Actor, batch: Batch, *, at: datetime) -> Batch:
    """Put a staged file away: nothing of it is registered.

    Raises:
        Refused: It is not waiting any more.
    """
    actor.must("register")
    batch = _open(actor, batch)
    batch.state, batch.decided_by, batch.decided_at = BatchState.REFUSED, actor.user, at
    batch.save()
    after = {"file": batch.file_name, "digest": batch.digest}
    record(actor, "assignments.discard", batch.public_id, at=at, parties=[batch.party], after=after)
    return batch


def _open(actor: Actor, batch: Batch) -> Batch:
    """The batch as it is now, locked."""
    found = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if found.party != actor.party:
        raise Refused("Bara den part som läste in filen kan göra detta.")
    if found.state != BatchState.STAGED:
        raise Refused(f"Filen är {BatchState(found.state).label}. Inget är tillagt.")
    return found


def _write(actor: Actor, batch: Batch, kind: WorkKind, found: Difference, at: datetime) -> None:
    """The new rows and the changed ones; each keeps the file that it came by."""
    fixed = {"performer": batch.party, "batch": batch, "registered_by": actor.user, "registered_at": at}
    made = (_made(kind, row, fixed) for row in found.new)
    for chunk in _chunks(made):
        kind.model._default_manager.bulk_create(chunk)  # Django's own API
    for row in found.changed:
        work = row.work
        assert work is not None
        fields = {**columns_of(row.case), "source": row.source, "example": row.example, "batch": batch}
        fields |= {"state": State.REGISTERED, "reason": "", "registered_by": actor.user, "revision": work.revision + 1}
        for name, value in fields.items():
            setattr(work, name, value)
        work.save()


def _made(kind: WorkKind, row: Staged, fixed: Mapping[str, Any]) -> Work:
    return kind.model(
        public_id=public_id(), event_id=row.event_id, payer_party=row.payer, source=row.source, example=row.example,
        **columns_of(row.case), **fixed,
    )  # fmt: skip


def _chunks(made: Iterator[Work]) -> Iterator[list[Work]]:
    while chunk := list(islice(made, AT_ONCE)):
        yield chunk
