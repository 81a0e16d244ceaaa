"""From proposal to invoice: each step one transaction and one entry in the journal.

Started by one person, approved by another, issued with the next number of the issuer's year.
"""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from avtal.calendar import Period
from samverka.agreements.selectors import book_now
from samverka.agreements.services import snapshot
from samverka.core.acting import Actor
from samverka.core.errors import Refused
from samverka.journal.services import record
from samverka.settlement import freshness, gate, issuing, recheck, run
from samverka.settlement.models import Invoice, Proposal, ProposalState

LONGEST_REASON = 300
OPEN = (ProposalState.COMPUTING, ProposalState.PROPOSED, ProposalState.APPROVED)


@transaction.atomic
def start_proposal(actor: Actor, *, period: str, corrections: bool, at: datetime) -> Proposal:
    """Start computing what the actor's party is owed for a period, or what of its invoices is to be corrected.

    The job ``settlement.jobs.compute`` does the work; it is queued in this transaction.

    Raises:
        Refused: The period is none, another proposal for it is open, or there is nothing new.
    """
    actor.must("propose")
    try:
        days = Period.parse(period)
    except ValueError as fault:
        raise Refused(f"Perioden ska vara {fault}.") from None
    steps = run.steps_of(actor.party)
    if not steps:
        raise Refused("Parten har inga avgifter att fakturera enligt avtalet.")
    book = book_now()
    held = snapshot(book)
    told = freshness.nothing_new(actor.party, days, held, corrections=corrections, until=at)
    if told:
        raise Refused(told)
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                issuer=actor.party, period=days.name, corrections=corrections, snapshot=held, todo=len(steps) + 1,
                used=run.used_at_start(book), proposed_by=actor.user, proposed_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(f"Det finns redan ett öppet förslag för {days.name}. Besluta om det först.") from None
    record(
        actor, "settlement.propose", proposal.public_id, at=at, parties=[actor.party],
        after={"period": days.name, "corrections": corrections, "fingerprint": held.fingerprint},
    )  # fmt: skip
    _queue(proposal)
    proposal.refresh_from_db()
    return proposal


def resume(actor: Actor, proposal: Proposal) -> Proposal:
    """Let a run that was stopped go on where it was; one that is running is not disturbed.

    Raises:
        Refused: It is not being computed.
    """
    actor.must("propose")
    must_issue_for(actor, proposal.issuer)
    if proposal.state != ProposalState.COMPUTING:
        raise Refused("Förslaget beräknas inte, så det finns inget att fortsätta med.")
    _queue(proposal)
    proposal.refresh_from_db()
    return proposal


@transaction.atomic
def decide(actor: Actor, proposal: Proposal, *, approved: bool, reason: str, at: datetime) -> Proposal:
    """Approve a proposal that somebody else made, or reject it with a reason.

    Raises:
        Refused: The actor made it, it does not wait for a decision, no reason is given, or what it was computed from
            has changed since.
    """
    actor.must("approve")
    found = _locked(proposal)
    must_issue_for(actor, found.issuer)
    told = reason.strip()
    if len(told) > LONGEST_REASON:
        raise Refused(f"Skälet är för långt: tillåtet är högst {LONGEST_REASON} tecken.")
    before = found.state
    if approved:
        _refuse_approval(actor, found)
    elif found.state not in OPEN:
        raise Refused(f"Förslagets läge: {ProposalState(found.state).label}. Det kan inte avslås.")
    elif not told:
        raise Refused("Skriv varför förslaget avslås.")
    found.state = ProposalState.APPROVED if approved else ProposalState.REJECTED
    found.decided_by, found.decided_at, found.reason = actor.user, at, told
    found.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    record(
        actor, "settlement.approve" if approved else "settlement.reject", found.public_id, at=at,
        parties=[found.issuer], why=told, before={"state": str(before)},
        after={"state": str(found.state), "digest": found.digest},
    )  # fmt: skip
    return found


@transaction.atomic
def issue(actor: Actor, proposal: Proposal, *, on: date, at: datetime) -> list[Invoice]:
    """Issue an approved proposal: an invoice for each stream, numbered without gaps; done again it adds nothing.

    Raises:
        Refused: It is not approved, or the last gate finds that something is not as it was computed.
    """
    actor.must("issue")
    found = _locked(proposal)
    must_issue_for(actor, found.issuer)
    if found.state == ProposalState.ISSUED:
        return issuing.issued(found)
    if found.state != ProposalState.APPROVED:
        raise Refused(f"Förslagets läge: {ProposalState(found.state).label}. Bara ett godkänt förslag kan faktureras.")
    stale = freshness.changed(found, book=None)
    if stale:
        raise Refused(f"{stale} {freshness.START_ANEW}")
    try:
        with transaction.atomic():
            gate.check_proposal(found)
            invoices = issuing.write(found, on=on, user=actor.user)
    except IntegrityError as clash:
        raise Refused(f"{freshness.TAKEN} {freshness.START_ANEW}") from clash
    gate.check_invoices(found, invoices)
    found.state = ProposalState.ISSUED
    found.save(update_fields=["state"])
    if found.snapshot is None or found.snapshot.fingerprint != book_now().fingerprint:
        recheck.ask([found.issuer])  # a value came between the approval and this
    record(
        actor, "settlement.issue", found.public_id, at=at, parties={found.issuer, *(one.payer for one in invoices)},
        clauses=issuing.clauses_of(found), before={"state": "approved"},
        after={"state": "issued", "invoices": [{"number": str(one), "digest": one.digest} for one in invoices]},
    )  # fmt: skip
    return invoices


def _refuse_approval(actor: Actor, proposal: Proposal) -> None:
    if proposal.state != ProposalState.PROPOSED:
        label = ProposalState(proposal.state).label
        raise Refused(f"Förslagets läge: {label}. Bara ett förslag som väntar på beslut kan godkännas.")
    if proposal.proposed_by_id == actor.user.pk:
        raise Refused("Du har själv tagit fram förslaget. En annan person ska godkänna det.")
    stale = freshness.changed(proposal, book=book_now())
    if stale:
        raise Refused(f"{stale} {freshness.START_ANEW}")


def _locked(proposal: Proposal) -> Proposal:
    """The row as it is now, locked until the transaction ends."""
    return Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)


def must_issue_for(actor: Actor, issuer: str) -> None:
    """Refuse whoever acts for another party than the one that is paid."""
    if actor.party != issuer:
        raise PermissionDenied("Bara den part som fakturerar kan göra detta.")


def _queue(proposal: Proposal) -> None:
    from samverka.settlement.jobs import compute  # here: jobs stand above services and are only named by them

    compute.enqueue(proposal.public_id)
