"""What has been credited and not been invoiced again, though it still is attested work or an approved basis."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Sum

from avtal.money import swedish
from samverka.assignments.kinds import BY_CHARGE
from samverka.assignments.models import State
from samverka.core.acting import Actor
from samverka.core.waiting import Waiting
from samverka.settlement.due import proposing_at
from samverka.settlement.models import Basis, BasisKind, InvoicedEvent, Proposal, ProposalState

#: Proposals that what is credited may be in already.
OPEN = (ProposalState.COMPUTING, ProposalState.PROPOSED, ProposalState.APPROVED)


@dataclass(frozen=True, slots=True)
class Credited:
    """What an issuer has credited of a period and would charge again.

    Attributes:
        period: That it was issued for.
        amount: What was credited, in öre; what is charged again may be another sum.
    """

    period: str
    amount: int

    @property
    def address(self) -> str:
        """Where a proposal for the period is started, with the period chosen."""
        return proposing_at(period=self.period)


def not_invoiced_again(issuer: str) -> QuerySet[InvoicedEvent]:
    """The events that an issuer has credited and that the next proposal would take up: once each, as last credited."""
    released = InvoicedEvent.objects.filter(released_by__issuer=issuer).order_by()
    last = released.values("charge", "event", "part").annotate(last=Max("pk")).values("last")
    again = InvoicedEvent.objects.filter(
        charge=OuterRef("charge"), event=OuterRef("event"), part=OuterRef("part"), released_by=None
    )
    return InvoicedEvent.objects.filter(~Exists(again), _still_owed(), pk__in=last).order_by()


def credited_for(actor: Actor) -> list[Credited]:
    """What the actor's party has credited and not invoiced again, by period; what is proposed already is left out."""
    actor.must("read")
    open_ = Proposal.objects.filter(
        issuer=actor.party, period=OuterRef("line__invoice__period"), corrections=False, state__in=OPEN
    )
    found = not_invoiced_again(actor.party).filter(~Exists(open_)).values(period=F("line__invoice__period"))
    rows = found.annotate(owed=Sum("amount")).order_by("period")
    return [Credited(row["period"], row["owed"]) for row in rows]


def credited_waiting(actor: Actor) -> list[Waiting]:
    """What the start page tells whoever proposes for the issuer: one query."""
    if not (actor.party and actor.may("propose")):
        return []
    told = "är krediterat och inte fakturerat på nytt: ta fram förslag"
    found = credited_for(actor)
    return [Waiting(f"{swedish(one.amount)} för {one.period} {told}", 1, one.address) for one in found]


def _still_owed() -> Q:
    """Work that still is attested, or a basis that still is approved: else there is nothing to charge again."""
    owed = Q(Exists(Basis.objects.filter(pk=OuterRef("event"), state="approved")), charge__in=BasisKind.values)
    for charge, kind in BY_CHARGE.items():
        work = kind.model._default_manager.filter(pk=OuterRef("event"), state=State.ATTESTED)  # of any kind
        owed |= Q(Exists(work), charge=charge)
    return owed
