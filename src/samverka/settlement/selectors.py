"""Reading proposals, invoices and bases: proposals are the issuer's own, an issued invoice is its payer's too.

An auditor sees all of it. Sums and differences of money come from the database.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When

from avtal.calendar import Period, add_months
from samverka.assignments.models import Work
from samverka.core.acting import Actor
from samverka.settlement.basis import keepers
from samverka.settlement.credited import not_invoiced_again
from samverka.settlement.models import (
    Basis,
    BasisKind,
    Credit,
    CreditState,
    Invoice,
    InvoicedEvent,
    InvoiceLine,
    Proposal,
    ProposalLine,
    ProposalState,
)


def proposals_for(actor: Actor) -> QuerySet[Proposal]:
    """The proposals of the actor's party; an auditor's are everybody's."""
    actor.must("read")
    every = Proposal.objects.select_related("snapshot")
    return every if actor.is_auditor else every.filter(issuer=actor.party or None)


def invoices_for(actor: Actor) -> QuerySet[Invoice]:
    """The invoices that the actor's party has issued or is to pay; an auditor's are everybody's."""
    actor.must("read")
    every = Invoice.objects.select_related("credits", "credited_by", "proposal")
    if actor.is_auditor:
        return every
    return every.filter(Q(issuer=actor.party) | Q(payer=actor.party)) if actor.party else every.none()


def basis_for(actor: Actor) -> QuerySet[Basis]:
    """What shared sums rest on: approved, it is every party's to check; before that, its keepers' own."""
    actor.must("read")
    every = Basis.objects.all()
    if actor.is_auditor:
        return every
    kinds = [kind for kind in BasisKind.values if actor.party in keepers(kind)]
    return every.filter(Q(state="approved") | Q(kind__in=kinds)) if actor.party else every.none()


def credits_for(actor: Actor) -> QuerySet[Credit]:
    """What the actor's party proposes to credit: the issuer's own until it is done; an auditor's are everybody's."""
    actor.must("read")
    every = Credit.objects.select_related("invoice", "note", "proposed_by")
    return every if actor.is_auditor else every.filter(invoice__issuer=actor.party or None)


def lines_of(found: Proposal | Invoice) -> QuerySet[Any]:
    """The lines of a proposal or an invoice, in order."""
    return found.lines.order_by("number")


def not_priced(proposal: Proposal) -> QuerySet[ProposalLine]:
    """What gives no amount in a proposal, and why: free, not chargeable, or left to people."""
    return proposal.lines.exclude(status="charged").order_by("number")


@dataclass(frozen=True)
class PayerTotal:
    """What a payer is to be sent.

    Attributes:
        stream: Who is sent the invoice.
        lines: How many lines are charged.
        events: How many events they sum.
        total: In öre.
        before: What was invoiced for the period before, credit notes counted; None where nothing was.
        change: The difference; None where nothing was invoiced before.
        credited: Of the period before, what was credited and is not invoiced again.
        example: Whether any of it is example data.
    """

    stream: str
    lines: int
    events: int
    total: int
    before: int | None
    change: int | None
    credited: int
    example: bool


def payers_of(proposal: Proposal) -> list[PayerTotal]:
    """A proposal's charged lines by who is sent the invoice, with the change against the period before."""
    before, credited = previous_totals(proposal), previous_credited(proposal)
    earlier = Case(*(When(stream=stream, then=Value(ore)) for stream, ore in before.items()), default=Value(0))
    of = proposal.lines.filter(status="charged").order_by().values("stream")
    rows = of.annotate(
        rows=Count("pk"), counted=Sum("events"), owed=Sum("amount"), examples=Count("pk", filter=Q(example=True))
    ).annotate(change=F("owed") - earlier)
    return [_payer(row, before, credited) for row in rows.order_by("stream")]


def _payer(row: Mapping[str, Any], before: dict[str, int], credited: dict[str, int]) -> PayerTotal:
    stream = row["stream"]
    earlier, change = (before[stream], row["change"]) if stream in before else (None, None)
    return PayerTotal(
        stream, row["rows"], row["counted"], row["owed"], earlier, change, credited.get(stream, 0),
        bool(row["examples"]),
    )  # fmt: skip


def previous_totals(proposal: Proposal) -> dict[str, int]:
    """By stream, what the issuer has invoiced for the period before, credit notes counted."""
    first, last = previous_months(proposal.period)
    lines = InvoiceLine.objects.filter(invoice__issuer=proposal.issuer, month__gte=first, month__lte=last)
    return dict(lines.order_by().values_list("stream").annotate(Sum("amount")))


def previous_credited(proposal: Proposal) -> dict[str, int]:
    """By stream, what the issuer has credited of the period before and not invoiced again."""
    first, last = previous_months(proposal.period)
    rows = not_invoiced_again(proposal.issuer).filter(line__month__gte=first, line__month__lte=last)
    return dict(rows.values_list("line__stream").annotate(Sum("amount")))


def previous_months(period: str) -> tuple[int, int]:
    """The first and the last month of the period before one that is as long."""
    days = Period.parse(period)
    length = len(list(days.months()))
    first, last = add_months(days.first, -length), add_months(days.first, -1)
    return first.year * 100 + first.month, last.year * 100 + last.month


def national_shares(actor: Actor) -> list[tuple[Basis, str, dict[str, Any]]]:
    """What the region is expected to pay outside the county: basis, kronor as text, explanation as JSON (MTN-2, A42).

    No party of ours is paid, so there is no invoice of ours.
    """
    from samverka.settlement.expected import own_national_share  # here: it prices, which lists do not

    found = basis_for(actor).filter(kind=BasisKind.NATIONAL_SHARE, state="approved").order_by("-month")
    return [(basis, *own_national_share(basis)) for basis in found]


@dataclass(frozen=True)
class Waiting:
    """Something that waits for the actor: what, how many or which, and since when."""

    what: str
    found: Proposal | Invoice | Basis | Credit
    since: date


def waiting_for(actor: Actor, on: date) -> list[Waiting]:
    """What waits for the actor: proposals and credits to decide on, bases to approve, new invoices (30 days)."""
    found: list[Waiting] = []
    if actor.may("approve"):
        own = proposals_for(actor).order_by("proposed_at")
        others = own.filter(state=ProposalState.PROPOSED).exclude(proposed_by=actor.user)
        found += [Waiting("decide", one, one.proposed_at.date()) for one in others]
        found += [Waiting("issue", one, one.proposed_at.date()) for one in own.filter(state=ProposalState.APPROVED)]
        credits_ = credits_for(actor).filter(state=CreditState.PROPOSED).exclude(proposed_by=actor.user)
        found += [Waiting("credit", one, one.proposed_at.date()) for one in credits_.order_by("proposed_at")]
        kinds = [kind for kind in BasisKind.values if actor.party in keepers(kind)]
        bases = Basis.objects.filter(kind__in=kinds, state="registered").exclude(registered_by=actor.user)
        found += [Waiting("approve_basis", one, one.registered_at.date()) for one in bases.order_by("registered_at")]
    if actor.party:
        new = invoices_for(actor).filter(payer=actor.party, issued_on__gte=date.fromordinal(on.toordinal() - 30))
        found += [Waiting("received", one, one.issued_on) for one in new.order_by("-issued_on", "-pk")]
    return found


def is_settled(model: type[Work], ids: Collection[int]) -> set[int]:
    """Of these pieces of work, those that are on an invoice that is not credited.

    Who is to unlock work has locked it first, as the last gate of an issue does: so one of the two waits for the other,
    and nobody waits with a lock that the other needs.
    """
    charge: str = model.charge
    held = InvoicedEvent.objects.filter(charge=charge, event__in=list(ids), part="", released_by=None)
    return set(held.values_list("event", flat=True))
