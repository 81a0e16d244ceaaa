"""What of the calendar is settled already, as the actor sees it."""

from __future__ import annotations

from datetime import date

from django.db.models import Count

from avtal.calendar import Period, add_months
from samverka.agreements.county import base
from samverka.core.acting import Actor
from samverka.settlement.calendar import Issued
from samverka.settlement.credited import not_invoiced_again
from samverka.settlement.late import late_for
from samverka.settlement.models import InvoiceLine, Proposal, ProposalState
from samverka.settlement.run import steps_of
from samverka.settlement.selectors import invoices_for, proposals_for
from samverka.settlement.sources import is_work

#: Charges that each municipality issues by itself: to the region they are settled when all of them have.
BY_EACH = ("liaison", "supplement")


def issued_for(actor: Actor) -> frozenset[Issued]:
    """The charges and months that are settled: invoiced and not credited, or left empty by a later settlement.

    The own party's are not, as long as something of them is attested too late, or credited and not invoiced again.
    """
    _, *municipalities = base().parties
    lines = InvoiceLine.objects.filter(
        invoice__in=invoices_for(actor).order_by().values("pk"), kind="charge", credits=None, invoice__credited_by=None
    )
    found = set()
    counted = lines.order_by().values("charge", "month").annotate(sellers=Count("payee", distinct=True))
    for row in counted:
        needed = len(municipalities) if row["charge"] in BY_EACH and actor.party not in municipalities else 1
        if row["sellers"] >= needed:
            found.add((row["charge"], row["month"]))
    return frozenset((found | _nothing_to_charge(actor)) - _still_owed(actor))


def _still_owed(actor: Actor) -> set[Issued]:
    """The months of which the own party has something left to invoice."""
    if not actor.party:
        return set()
    credited = not_invoiced_again(actor.party).values_list("charge", "line__month").distinct()
    return {*credited, *((one.charge, one.month) for one in late_for(actor))}


def own_charges(actor: Actor) -> frozenset[str]:
    """The charges whose days the actor's party knows to be late: its own, and the fixed part that all are sent."""
    return frozenset({*steps_of(actor.party), "equipment_fixed"}) if actor.party else frozenset()


def _nothing_to_charge(actor: Actor) -> set[Issued]:
    """The months that an issued settlement of the own party's took up after they had ended, work or none."""
    found: set[Issued] = set()
    if not actor.party:
        return found
    for proposal in proposals_for(actor).filter(state=ProposalState.ISSUED, corrections=False):
        found |= {(charge, month) for charge in proposal.steps_done if is_work(charge) for month in _ended(proposal)}
    return found


def _ended(proposal: Proposal) -> list[int]:
    """The months of a proposal that had ended when it was computed."""
    days, computed = Period.parse(proposal.period), proposal.proposed_at.date()
    firsts = [date.fromisoformat(f"{month}-01") for month in days.months()]
    return [day.year * 100 + day.month for day in firsts if add_months(day, 1) <= computed]
