"""What waits for who acts, as every app tells it."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from django.urls import reverse

from samverka.agreements import selectors as agreements
from samverka.assignments import selectors as assignments
from samverka.core.acting import Actor
from samverka.core.waiting import Waiting
from samverka.settlement import selectors as settlement

#: Of what the settlement tells: what it is called, the page of one and the list of all.
SETTLEMENT = {
    "decide": ("förslag att besluta om", "settlement:proposal", "settlement:proposals"),
    "issue": ("godkända förslag att fakturera", "settlement:proposal", "settlement:proposals"),
    "approve_basis": ("underlag att godkänna", "settlement:basis", "settlement:bases"),
    "received": ("nya fakturor till er, senaste 30 dagarna", "settlement:invoice", "settlement:invoices"),
}


def of_settlement(actor: Actor, on: date) -> list[Waiting]:
    """Proposals, bases and invoices, each sort counted: one alone is led to, more are led to in their list."""
    found = []
    for what, alike in groupby(settlement.waiting_for(actor, on), key=lambda one: one.what):
        text, page, all_of_them = SETTLEMENT[what]
        ones = list(alike)
        to = reverse(page, args=[ones[0].found.public_id]) if len(ones) == 1 else reverse(all_of_them)
        found.append(Waiting(text, len(ones), to))
    return found


#: Who tells, in the order of the work's way to an invoice.
TELLERS = (assignments.waiting_for, of_settlement, agreements.waiting_for)


def waiting_for(actor: Actor, on: date) -> list[Waiting]:
    """All that waits for the actor."""
    return [one for tell in TELLERS for one in tell(actor, on) if one.count]
