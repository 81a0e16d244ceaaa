"""The plays of a settlement: proposing, issuing, crediting, and what must hold of its invoices at any moment."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db.models import Count, Sum

from samverka.core.acting import Role
from samverka.settlement import crediting, jobs, services
from samverka.settlement.models import (
    Credit,
    Invoice,
    InvoicedEvent,
    InvoiceLine,
    Proposal,
    ProposalLine,
    ProposalState,
    ProposedEvent,
    Series,
)
from tests.faults.ground import PERIOD, Said
from tests.faults.plays import WORK, Play, entries
from tests.samverka.platform import AT, ON, actor

ISSUER = "REGION"
OWED: tuple[Said, ...] = tuple(said for said in WORK if said.performer == ISSUER)
TOTAL = sum(said.amount for said in OWED)
STREAMS = sorted({said.payer for said in OWED})
CREDITED = "BERG"
BACK = sum(said.amount for said in OWED if said.payer == CREDITED)


def proposed() -> Proposal:
    """The region's proposal for the period, computed."""
    made = services.start_proposal(actor(ISSUER, Role.REGISTRAR), period=PERIOD, corrections=False, at=AT)
    jobs.compute.func(made.public_id)  # as the worker does
    return Proposal.objects.get(pk=made.pk)


def approved() -> None:
    """It approved, as a stage."""
    services.decide(actor(ISSUER, Role.APPROVER), proposed(), approved=True, reason="", at=AT)


def issued() -> None:
    """It issued, as a stage."""
    services.issue(actor(ISSUER, Role.APPROVER), Proposal.objects.get(), on=ON, at=AT)


class Proposing(Play):
    """Starting a proposal and computing it to its end."""

    name = "propose"
    stage = "attested"

    def run(self) -> None:
        """Start it unless there is one; a worker that finds it unfinished computes it."""
        proposal = Proposal.objects.first() or proposed()
        if proposal.state == ProposalState.COMPUTING:
            jobs.compute.func(proposal.public_id)

    def begun(self) -> bool:
        """Whether there is one."""
        return Proposal.objects.exists()

    def faults(self, *, done: bool) -> list[str]:
        """At most one, each step's events complete, the sums those of the work."""
        found = []
        states = list(Proposal.objects.values_list("state", flat=True))
        if states not in ([], ["computing"], ["proposed"]) or (done and states != ["proposed"]):
            found.append(f"proposals are {states}")
        if entries("settlement.propose") != len(states) or entries("settlement.seal") != states.count("proposed"):
            found.append("the journal does not tell of each")
        for line in ProposalLine.objects.all():
            on = ProposedEvent.objects.filter(charge=line.charge, stream=line.stream, month=line.month)
            if (line.events, line.amount) != _sums(on):
                found.append(f"line {line} is not the sum of its events")
        if done and (_total(ProposalLine), ProposedEvent.objects.count()) != (TOTAL, len(OWED)):
            found.append(f"{_total(ProposalLine)} öre of {ProposedEvent.objects.count()} events")
        return found

    def digest(self) -> str:
        """Lines and events; what the proposal says of itself."""
        own = Proposal.objects.values_list("state", "events", "total", "steps_done", "done", "todo", "message")
        return _told(
            own, _lines(ProposalLine), ProposedEvent.objects.values_list("charge", "stream", "amount", "status")
        )


class Invoicing(Play):
    """What must hold of invoices whatever happened."""

    #: How many invoices and credit notes there are when all is done.
    documents: ClassVar[int]

    def faults(self, *, done: bool) -> list[str]:
        """Numbers without gaps, exact sums, every event on one line; all of an act or nothing, told once."""
        found = []
        numbers = sorted(Invoice.objects.values_list("number", flat=True))
        last = Series.objects.filter(issuer=ISSUER).aggregate(last=Sum("last"))["last"] or 0
        if numbers != list(range(1, last + 1)):
            found.append(f"numbers {numbers} in a series that stands at {last}")
        invoices = Invoice.objects.annotate(sum=Sum("lines__amount"))
        found += [f"{one} says {one.total}, its lines {one.sum}" for one in invoices if one.total != one.sum]
        lines = InvoiceLine.objects.filter(credits=None)
        differ = [one for one in lines if (one.events, one.amount) != _sums(one.invoiced.all())]
        found += [f"line {line} is not the sum of its events" for line in differ]
        twice = InvoicedEvent.objects.filter(released_by=None).values("charge", "event").annotate(n=Count("pk"))
        found += [f"event {one} is invoiced {one['n']} times" for one in twice.filter(n__gt=1)]
        notes = Invoice.objects.exclude(credits=None).count()
        acts = (Proposal.objects.filter(state="issued").count(), notes)
        if (entries("settlement.issue"), entries("settlement.credit")) != acts:
            found.append(f"the journal does not tell of {acts} once")
        decided = list(Credit.objects.values_list("state", "note__number"))
        if entries("settlement.propose_credit") != len(decided) or notes != sum(bool(note) for _, note in decided):
            found.append(f"{notes} credit notes of {decided}")
        if len(numbers) - notes not in (0, len(STREAMS)):
            found.append(f"{len(numbers) - notes} invoices of {len(STREAMS)}")
        if done and len(numbers) != self.documents:
            found.append(f"{len(numbers)} documents, not {self.documents}")
        return found

    def digest(self) -> str:
        """Invoices, lines, events and the proposal's state."""
        documents = Invoice.objects.order_by("year", "number")
        return _told(
            Proposal.objects.values_list("state"),
            documents.values_list("issuer", "stream", "number", "total", "credits__number", "reason"),
            _lines(InvoiceLine),
            InvoicedEvent.objects.values_list(
                "charge", "event", "amount", "released_by__number", "line__invoice__number"
            ),
        )


class Issuing(Invoicing):
    """Issuing an approved proposal."""

    name = "issue"
    stage = "approved"
    documents = len(STREAMS)

    def run(self) -> None:
        """Issue it unless it is issued; whoever presses the button again changes nothing."""
        issued()

    def begun(self) -> bool:
        """Whether there is an invoice."""
        return Invoice.objects.exists()

    def faults(self, *, done: bool) -> list[str]:
        """And the whole is the sum of the work, by hand."""
        of = InvoicedEvent.objects.filter(released_by=None)
        right = not done or (_total(Invoice), _sums(of)) == (TOTAL, (len(OWED), TOTAL))
        return super().faults(done=done) + ([] if right else [f"invoiced {_total(Invoice)}, owed {TOTAL}"])


class Crediting(Invoicing):
    """Crediting one of the invoices."""

    name = "credit"
    stage = "issued"
    documents = len(STREAMS) + 1

    def run(self) -> None:
        """Credit it unless that is done."""
        invoice = Invoice.objects.get(stream=CREDITED, credits=None)
        if not Invoice.objects.filter(credits=invoice).exists():
            made = Credit.objects.filter(invoice=invoice).first()
            if made is None:
                made = crediting.propose_credit(actor(ISSUER, Role.REGISTRAR), invoice, reason="Fel underlag", at=AT)
            crediting.credit(actor(ISSUER, Role.APPROVER), made, on=ON, at=AT)

    def begun(self) -> bool:
        """Whether there is a credit note."""
        return Invoice.objects.exclude(credits=None).exists()

    def faults(self, *, done: bool) -> list[str]:
        """And what is left is the work less what was credited, by hand; the credited events can be charged again."""
        released = _sums(InvoicedEvent.objects.exclude(released_by=None))
        events = sum(said.payer == CREDITED for said in OWED)
        right = not done or (_total(Invoice), released) == (TOTAL - BACK, (events, BACK))
        return super().faults(done=done) + ([] if right else [f"{_total(Invoice)} left, released {released}"])


def _sums(of: Any) -> tuple[int, int]:
    found = of.aggregate(n=Count("pk"), total=Sum("amount"))
    return found["n"], found["total"] or 0


def _total(model: Any) -> int:
    return int(model.objects.aggregate(total=Sum("total" if model is Invoice else "amount"))["total"] or 0)


def _lines(model: Any) -> Any:
    return model.objects.values_list("number", "charge", "stream", "month", "revision", "events", "quantity", "amount")


def _told(*found: Any) -> str:
    return json.dumps([sorted(map(list, one), key=repr) for one in found], default=str)
