"""A proposal computed in steps, a charge in each, every step its own transaction: a run that was stopped goes on.

Nothing here takes a number or locks a series. Sealing comes last: lines are checked, the digest taken, and from then on
neither lines nor events change.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Sum

from avtal.book.answer import BadFacts
from avtal.book.missing import MissingValue
from avtal.bulk import Unpriced
from avtal.calendar import Period
from samverka.agreements.book import Book
from samverka.agreements.selectors import book_of
from samverka.assignments.kinds import BY_CHARGE
from samverka.journal.services import record
from samverka.settlement import corrections
from samverka.settlement.canonical import proposal_digest
from samverka.settlement.models import (
    BasisKind,
    InvoiceLine,
    Proposal,
    ProposalLine,
    ProposalState,
    ProposedEvent,
)
from samverka.settlement.pricing import Found, price_work, readings_used
from samverka.settlement.shares import approved_bases, price_shares
from samverka.settlement.sources import Scope, chargeable, shared_kinds, work_kinds

#: What stops a run with a message: something that the parties have not entered, or an event that nobody can price.
STOPS = (MissingValue, Unpriced, BadFacts)


def steps_of(issuer: str) -> tuple[str, ...]:
    """The charges that an issuer is paid for, in the order they are computed."""
    return (*(kind.charge.name for kind in work_kinds(issuer)), *map(str, shared_kinds(issuer)))


def scope_of(proposal: Proposal) -> Scope:
    """Whose work of which days a proposal takes up."""
    return Scope(proposal.issuer, Period.parse(proposal.period), proposal.proposed_at)


@transaction.atomic
def take_step(pk: int, step: str) -> None:
    """Compute one charge of a proposal, unless it is done already.

    Raises:
        MissingValue: A number that the parties decide is not entered.
        Unpriced: An amount is unknown, or something was lost on the way.
    """
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=pk)
    if proposal.state != ProposalState.COMPUTING or step in proposal.steps_done:
        return
    assert proposal.snapshot is not None  # taken when the proposal was started
    found = _computer(proposal)(proposal, step, book_of(proposal.snapshot))
    _add(proposal, found.lines)
    proposal.used = {**proposal.used, step: found.used}
    proposal.steps_done = [*proposal.steps_done, step]
    proposal.events += found.events
    proposal.done += 1
    proposal.save(update_fields=["used", "steps_done", "events", "done"])


Computer = Callable[[Proposal, str, Book], Found]


def _computer(proposal: Proposal) -> Computer:
    return corrections.compute if proposal.corrections else _charge


def _charge(proposal: Proposal, step: str, book: Book) -> Found:
    if step in BY_CHARGE:
        kind = BY_CHARGE[step]
        scope = scope_of(proposal)
        return price_work(proposal, kind.charge, chargeable(kind, scope), book, (scope.period.first, scope.period.last))
    kind_ = BasisKind(step)
    return price_shares(proposal, kind_, approved_bases(kind_, Period.parse(proposal.period)), book)


def _add(proposal: Proposal, lines: list[ProposalLine]) -> None:
    """Number the lines after those that are there, and say which revision of its kind each is."""
    last = ProposalLine.objects.filter(proposal=proposal).aggregate(last=Max("number"))["last"] or 0
    taken: dict[tuple[object, ...], int] = {}
    for number, line in enumerate(lines, start=last + 1):
        line.number = number
        if line.status != "charged":
            continue
        key = (line.payee, line.stream, line.charge, line.month, line.kind, line.example)
        line.revision = taken[key] = taken.get(key, _last_revision(key)) + 1
    ProposalLine.objects.bulk_create(lines)


def _last_revision(key: tuple[object, ...]) -> int:
    """The last revision that an invoice has charged of a payer, charge and month; -1 where there is none."""
    names = ("payee", "stream", "charge", "month", "kind", "example")
    of = InvoiceLine.objects.filter(credits=None, **dict(zip(names, key, strict=True)))
    found = of.aggregate(last=Max("revision"))["last"]
    return -1 if found is None else int(found)


@transaction.atomic
def seal(pk: int, *, at: datetime) -> None:
    """Close a proposal whose steps are done: it waits for a decision, and its lines never change again.

    One that has nothing to charge, or nothing to correct, ends there and says so.
    """
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=pk)
    if proposal.state != ProposalState.COMPUTING or set(steps_of(proposal.issuer)) - set(proposal.steps_done):
        return
    lines = list(proposal.lines.order_by("number"))
    charged = proposal.lines.filter(status="charged").aggregate(total=Sum("amount"), count=Count("pk"))
    proposal.state = ProposalState.PROPOSED
    if not lines:
        proposal.state = ProposalState.FAILED
        proposal.message = NOTHING_TO_CORRECT if proposal.corrections else NOTHING_TO_CHARGE
    proposal.total = charged["total"] or 0
    proposal.example = any(line.example for line in lines)
    proposal.digest = proposal_digest(proposal, lines)
    proposal.done += 1
    proposal.save(update_fields=["state", "message", "total", "example", "digest", "done"])
    record(
        None, "settlement.seal", proposal.public_id, at=at, parties=[proposal.issuer], after={
            "state": str(proposal.state), "digest": proposal.digest, "lines": len(lines), "events": proposal.events,
            "total": proposal.total, "message": proposal.message,
        },
    )  # fmt: skip


NOTHING_TO_CHARGE = "Det finns inget att fakturera i perioden."
NOTHING_TO_CORRECT = "Det finns inget att rätta: alla fakturerade rader i perioden har samma belopp i dag."


@transaction.atomic
def fail(pk: int, message: str, *, at: datetime) -> None:
    """End a run that cannot price something: the message says what is missing, where, and who decides it."""
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=pk)
    if proposal.state != ProposalState.COMPUTING:
        return
    ProposedEvent.objects.filter(proposal=proposal).delete()
    proposal.lines.all().delete()
    proposal.state, proposal.message = ProposalState.FAILED, message
    proposal.save(update_fields=["state", "message"])
    record(
        None, "settlement.fail", proposal.public_id, at=at, parties=[proposal.issuer],
        after={"state": "failed", "message": message},
    )  # fmt: skip


def used_at_start(book: Book) -> dict[str, object]:
    """What every charge is computed with: the readings' options, and the parties, the region first."""
    return {"readings": readings_used(book), "parties": list(book.edition.parties)}
