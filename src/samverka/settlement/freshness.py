"""Whether a proposal still says what is so: the agreement's values, and the events and lines that it rests on."""

from __future__ import annotations

from datetime import datetime

from avtal.calendar import Period
from samverka.agreements.book import Book
from samverka.agreements.models import Snapshot
from samverka.assignments.kinds import BY_CHARGE
from samverka.settlement.models import Basis, BasisKind, Invoice, InvoicedEvent, InvoiceLine, Proposal, ProposalState
from samverka.settlement.shares import approved_bases
from samverka.settlement.sources import (
    Scope,
    attested,
    moment,
    months_of,
    not_invoiced,
    rows_of,
    shared_kinds,
    text,
    work_kinds,
    work_table,
)

START_ANEW = "Avslå förslaget och ta fram ett nytt."
TAKEN = "Något i förslaget har fakturerats på annat håll sedan det beräknades."
OTHER_BOOK = "Avtalets värden eller läsningar har ändrats sedan förslaget beräknades."
NOTHING_NEW = "Det finns inget nytt att fakturera för {period}: inget är attesterat eller godkänt sedan sist."
NOTHING_ISSUED = "Det finns inga fakturor att rätta för {period}."
NOTHING_CHANGED = "Det finns inget att rätta för {period}: avtalets värden är desamma som när fakturorna beräknades."


def changed(proposal: Proposal, *, book: Book | None) -> str:
    """What has changed since a proposal was computed, in words; empty when nothing has.

    Args:
        proposal: A sealed one.
        book: The book of today, to be held against the proposal's; None leaves that out.
    """
    snapshot = proposal.snapshot
    if book is not None and (snapshot is None or snapshot.fingerprint != book.fingerprint):
        return OTHER_BOOK
    if proposal.corrections:
        return _changed_lines(proposal)
    for charge in proposal.steps_done:
        gone = _gone_work(proposal, charge) if charge in BY_CHARGE else _gone_shares(proposal, charge)
        if gone:
            noun = "händelse" if gone == 1 else "händelser"
            return f"{gone} {noun} i förslaget har återsänts, ändrats eller fakturerats sedan det beräknades."
    return ""


def _gone_work(proposal: Proposal, charge: str) -> int:
    """How many events, charged or not, are no longer attested as they were, or are invoiced."""
    table = work_table(BY_CHARGE[charge])
    unchanged = f"w.state = 'attested' AND w.attested_at <= {moment(proposal.proposed_at)}"
    [[gone]] = rows_of(
        "SELECT COUNT(*) FROM settlement_proposedevent e"
        f" LEFT JOIN {table} w ON w.id = e.event AND {unchanged} AND {not_invoiced(charge)}"
        f" WHERE e.proposal_id = {proposal.pk:d} AND e.charge = {text(charge)} AND w.id IS NULL"
    )
    return int(gone)


def _gone_shares(proposal: Proposal, charge: str) -> int:
    """How many shares rest on a basis that is withdrawn, or are invoiced."""
    of = "i.charge = e.charge AND i.event = e.event AND i.part = e.part AND i.released_by_id IS NULL"
    [[gone]] = rows_of(
        "SELECT COUNT(*) FROM settlement_proposedevent e"
        " LEFT JOIN settlement_basis b ON b.id = e.event AND b.state = 'approved'"
        f" AND NOT EXISTS (SELECT 1 FROM settlement_invoicedevent i WHERE {of})"
        f" WHERE e.proposal_id = {proposal.pk:d} AND e.charge = {text(charge)} AND b.id IS NULL"
    )
    return int(gone)


def _changed_lines(proposal: Proposal) -> str:
    """For a correction: whether an invoice it corrects is credited since."""
    corrected = list(proposal.lines.values_list("corrects__invoice", flat=True))
    # locked, so that none is credited between now and the end of this transaction
    locked = list(Invoice.objects.select_for_update(of=("self",)).filter(pk__in=corrected).order_by("pk"))
    if Invoice.objects.filter(credits__in=locked).exists():
        return "En faktura som rättas har krediterats sedan förslaget beräknades."
    return ""


def nothing_new(issuer: str, period: Period, book: Snapshot, *, corrections: bool, until: datetime) -> str:
    """Why a new proposal would be empty, in words; empty when it would not."""
    if corrections:
        return _nothing_to_correct(issuer, period, book)
    scope = Scope(issuer, period, until)
    new = any(_new_work(kind.charge.name, scope, book) for kind in work_kinds(issuer))
    if new or _new_shares(issuer, period):
        return ""
    return NOTHING_NEW.format(period=period.name)


def _new_work(charge: str, scope: Scope, book: Snapshot) -> bool:
    """Whether there is attested work that is not invoiced, nor left uncharged by a settlement under the same book."""
    seen = (
        "SELECT 1 FROM settlement_proposedevent e JOIN settlement_proposal p ON p.id = e.proposal_id"
        f" WHERE e.charge = {text(charge)} AND e.event = w.id AND e.part = '' AND e.status <> 'charged'"
        f" AND p.issuer = {text(scope.issuer)} AND p.state = {text(ProposalState.ISSUED)} AND NOT p.corrections"
        f" AND p.snapshot_id = {book.pk:d} AND p.proposed_at >= w.attested_at"
    )
    query = (
        f"SELECT 1 FROM {work_table(BY_CHARGE[charge])} w WHERE {attested(scope)} AND {not_invoiced(charge)}"
        f" AND NOT EXISTS ({seen}) LIMIT 1"
    )
    return bool(rows_of(query))


def _new_shares(issuer: str, period: Period) -> bool:
    """Whether there is an approved basis of which a share of the issuer's is not invoiced, or was credited."""
    for kind in shared_kinds(issuer):
        if any(has_share_left(basis, issuer) for basis in approved_bases(kind, period)):
            return True
    return False


def has_share_left(basis: Basis, issuer: str) -> bool:
    """Whether a share of an approved basis is the issuer's to invoice: not invoiced, or credited since."""
    charged = InvoicedEvent.objects.filter(charge=basis.kind, event=basis.pk, released_by=None)
    if basis.kind == BasisKind.SUPPLEMENT:  # each municipality issues its own share
        charged = charged.filter(part=issuer)
    return not charged.exists() or _released(basis.kind, basis.pk, issuer)


def _released(kind: str, basis: int, issuer: str) -> bool:
    """Whether a share of the issuer's was credited and is not charged again."""
    of = InvoicedEvent.objects.filter(charge=kind, event=basis, line__payee=issuer)
    taken = of.filter(released_by=None).values_list("part", flat=True)
    return of.exclude(released_by=None).exclude(part__in=list(taken)).exists()


def _nothing_to_correct(issuer: str, period: Period, book: Snapshot) -> str:
    first, last = months_of(period)
    lines = InvoiceLine.objects.filter(
        payee=issuer, credits=None, month__gte=first, month__lte=last, invoice__credited_by=None
    )
    if not lines.filter(kind="charge").exists():
        return NOTHING_ISSUED.format(period=period.name)
    # corrections too: a value that is taken back is the book of the invoice again, but not of what corrected it
    if not lines.exclude(invoice__proposal__snapshot=book).exists():
        return NOTHING_CHANGED.format(period=period.name)
    return ""
