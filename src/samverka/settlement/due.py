"""Which corrections are due: what the last check of an issuer's lines found, less what has been corrected since."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, Max, Min, OuterRef, QuerySet, Subquery, Sum
from django.urls import reverse

from samverka.core.acting import Actor
from samverka.core.waiting import Waiting
from samverka.settlement.models import Differing, InvoiceLine, Proposal, ProposalState, Recheck

#: What a period is said to have changed by where its lines do not all say the same.
SEVERAL = "flera av avtalets värden"


def proposing_at(**chosen: str) -> str:
    """Where a proposal is started, with the choices made."""
    return f"{reverse('settlement:new')}?{urlencode(chosen)}"


@dataclass(frozen=True, slots=True)
class Due:
    """The issued lines of an issuer's period that cost something else now.

    Attributes:
        issuer: Whose.
        period: That they were issued for.
        lines: How many.
        amount: By how much in all, in öre; what is owed and what is owed back counted together.
        changed: Which values have changed since.
        proposal: The public id of the corrections that are proposed already, if they are.
    """

    issuer: str
    period: str
    lines: int
    amount: int
    changed: str
    proposal: str

    @property
    def address(self) -> str:
        """Where corrections for the period are proposed, with the choices made."""
        return proposing_at(period=self.period, what="corrections")


def rechecks_for(actor: Actor) -> QuerySet[Recheck]:
    """How far the checks of the actor's party have come; an auditor's are everybody's."""
    actor.must("read")
    every = Recheck.objects.select_related("snapshot").annotate(waits=F("asked") - F("answered")).order_by("issuer")
    return every if actor.is_auditor else every.filter(issuer=actor.party or None)


def due_for(actor: Actor) -> list[Due]:
    """The corrections that are due from the actor's party, by period: one query, and nothing is priced."""
    corrected = InvoiceLine.objects.filter(
        corrects=OuterRef("line"), stream=OuterRef("stream"), credits=None, credited_by=None,
        invoice__proposal__snapshot=OuterRef("recheck__snapshot"),
    )  # fmt: skip
    open_ = Proposal.objects.filter(
        issuer=OuterRef("recheck__issuer"), period=OuterRef("period"), corrections=True,
        state__in=[ProposalState.COMPUTING, ProposalState.PROPOSED, ProposalState.APPROVED],
    )  # fmt: skip
    rows = Differing.objects.filter(~Exists(corrected), recheck__in=rechecks_for(actor), line__credited_by=None)
    found = (
        rows.values("recheck__issuer", period=F("line__invoice__period"))
        .annotate(lines=Count("line", distinct=True), owed=Sum("amount"), first=Min("changed"), last=Max("changed"))
        .annotate(proposed=Subquery(open_.values("public_id")[:1]))
        .order_by("recheck__issuer", "period")
    )
    return [
        Due(row["recheck__issuer"], row["period"], row["lines"], row["owed"],
            row["first"] if row["first"] == row["last"] else SEVERAL, row["proposed"] or "")
        for row in found
    ]  # fmt: skip


def corrections_waiting(actor: Actor) -> list[Waiting]:
    """What the start page tells whoever proposes for the issuer: two small queries."""
    if not (actor.party and actor.may("propose")):
        return []
    page = reverse("settlement:corrections")
    own = next(iter(rechecks_for(actor)), None)
    if own is None:
        return []
    found = [Waiting(_told(one), one.lines, one.address) for one in due_for(actor) if not one.proposal]
    if own.asked != own.answered:
        found.append(Waiting("Utställda fakturor är inte kontrollerade mot avtalets nya värden än", 1, page))
    elif own.message:
        found.append(
            Waiting("Utställda fakturor kan inte räknas om med avtalets nya värden: se vad som saknas", 1, page)
        )
    return found


def _told(one: Due) -> str:
    lines = "1 utställd rad" if one.lines == 1 else f"{one.lines} utställda rader"
    return f"{lines} för {one.period} får annat belopp sedan {one.changed} ändrades: föreslå rättelse"
