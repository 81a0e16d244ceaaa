"""Crediting an invoice: proposed with its reason by one person, decided by another, each one entry in the journal."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from samverka.core.acting import Actor
from samverka.core.errors import Refused
from samverka.journal.services import record
from samverka.settlement import gate, issuing, recheck
from samverka.settlement.models import Credit, CreditState, Invoice
from samverka.settlement.services import LONGEST_REASON, must_issue_for


@transaction.atomic
def propose_credit(actor: Actor, invoice: Invoice, *, reason: str, at: datetime) -> Credit:
    """Propose that a whole invoice be credited: nothing is issued before another person has decided on it.

    Raises:
        Refused: It cannot be credited, it is proposed already, or no reason is given.
    """
    actor.must("propose")
    found = _locked(invoice)
    must_issue_for(actor, found.issuer)
    told = reason.strip()
    if not 0 < len(told) <= LONGEST_REASON:
        raise Refused(f"Skriv varför fakturan ska krediteras, högst {LONGEST_REASON} tecken.")
    _refuse_what_stands(found)
    try:
        with transaction.atomic():
            made = Credit.objects.create(invoice=found, reason=told, proposed_by=actor.user, proposed_at=at)
    except IntegrityError:
        raise Refused(f"Det är redan föreslaget att {found} ska krediteras.") from None
    record(
        actor, "settlement.propose_credit", made.public_id, at=at, parties=[found.issuer], why=told,
        after={"invoice": str(found), "digest": found.digest, "state": str(made.state)},
    )  # fmt: skip
    return made


@transaction.atomic
def credit(actor: Actor, proposed: Credit, *, on: date, at: datetime) -> Invoice:
    """Credit the invoice by a new document in the same issuer's series; its events can be charged again.

    Raises:
        Refused: The actor proposed it, it is decided already, or the invoice cannot be credited any more.
    """
    actor.must("issue")
    found, made = _open(actor, proposed)
    _refuse_what_stands(found)
    note = issuing.write_credit(found, reason=made.reason, on=on, user=actor.user)
    gate.check_credit(found, note)
    made.state, made.note, made.decided_by, made.decided_at = CreditState.CREDITED, note, actor.user, at
    made.save(update_fields=["state", "note", "decided_by", "decided_at"])
    if found.lines.exclude(corrects=None).exists():
        recheck.ask([found.issuer])  # what it corrected is owed again
    record(
        actor, "settlement.credit", note.public_id, at=at, parties={found.issuer, found.payer}, why=made.reason,
        before={"invoice": str(found), "digest": found.digest},
        after={"number": str(note), "credits": str(found), "digest": note.digest},
    )  # fmt: skip
    return note


@transaction.atomic
def decline_credit(actor: Actor, proposed: Credit, *, reason: str, at: datetime) -> Credit:
    """Decline with a reason: the invoice stands.

    Raises:
        Refused: The actor proposed it, it is decided already, or no reason is given.
    """
    actor.must("issue")
    found, made = _open(actor, proposed)
    told = reason.strip()
    if not 0 < len(told) <= LONGEST_REASON:
        raise Refused(f"Skriv varför krediteringen avslås, högst {LONGEST_REASON} tecken.")
    made.state, made.answer, made.decided_by, made.decided_at = CreditState.DECLINED, told, actor.user, at
    made.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    record(
        actor, "settlement.decline_credit", made.public_id, at=at, parties=[found.issuer], why=told,
        before={"invoice": str(found), "state": "proposed"}, after={"state": str(made.state)},
    )  # fmt: skip
    return made


def _open(actor: Actor, proposed: Credit) -> tuple[Invoice, Credit]:
    """The invoice and what is proposed, both as they are now and locked; another person than its maker asks."""
    found = _locked(proposed.invoice)
    made = Credit.objects.select_for_update(of=("self",)).get(pk=proposed.pk)
    must_issue_for(actor, found.issuer)
    if made.state != CreditState.PROPOSED:
        raise Refused(f"Krediteringen är redan {CreditState(made.state).label}.")
    _refuse_own(actor, made)
    return found, made


def _refuse_own(actor: Actor, made: Credit) -> None:
    if made.proposed_by_id == actor.user.pk:
        raise Refused("Du har själv föreslagit krediteringen. En annan person ska besluta om den.")


def _refuse_what_stands(found: Invoice) -> None:
    if found.credits_id is not None:
        raise Refused("En kreditfaktura kan inte krediteras.")
    if Invoice.objects.filter(credits=found).exists():
        raise Refused(f"Fakturan {found} är redan krediterad.")
    if corrected_by := issuing.corrections_of(found):
        raise Refused(f"Fakturan {found} är rättad av {', '.join(map(str, corrected_by))}. Kreditera den först.")


def _locked(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)
