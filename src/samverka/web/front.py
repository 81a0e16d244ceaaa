"""What waits for who acts, as every app tells it."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from django.urls import reverse

from samverka.agreements import selectors as agreements
from samverka.assignments import selectors as assignments
from samverka.care import selectors as care
from samverka.care import selectors_affiliation as affiliations
from samverka.care import selectors_log as care_log
from samverka.core.acting import Actor
from samverka.core.waiting import Waiting
from samverka.settlement import selectors as settlement
from samverka.settlement.credited import credited_waiting
from samverka.settlement.due import corrections_waiting
from samverka.settlement.late import late_waiting

#: Of what the settlement tells: what one is called and what more are, the page of one and the list of all.
SETTLEMENT = {
    "decide": ("förslag att besluta om", "förslag att besluta om", "settlement:proposal", "settlement:proposals"),
    "issue": ("godkänt förslag att fakturera", "godkända förslag att fakturera",
              "settlement:proposal", "settlement:proposals"),
    "credit": ("kreditering att besluta om", "krediteringar att besluta om",
               "settlement:decide_credit", "settlement:invoices"),
    "approve_basis": ("underlag att godkänna", "underlag att godkänna", "settlement:basis", "settlement:bases"),
    "received": ("ny faktura till er senaste 30 dagarna", "nya fakturor till er senaste 30 dagarna",
                 "settlement:invoice", "settlement:invoices"),
}  # fmt: skip


def of_settlement(actor: Actor, on: date) -> list[Waiting]:
    """Proposals, credits, bases, invoices: one alone is led to, more in their list; then what is left to invoice."""
    found = []
    for what, alike in groupby(settlement.waiting_for(actor, on), key=lambda one: one.what):
        one, more, page, all_of_them = SETTLEMENT[what]
        ones = list(alike)
        if len(ones) == 1:
            found.append(Waiting(f"1 {one}", 1, reverse(page, args=[ones[0].found.public_id])))
        else:
            found.append(Waiting(f"{len(ones)} {more}", len(ones), reverse(all_of_them)))
    return [*found, *credited_waiting(actor), *late_waiting(actor), *corrections_waiting(actor)]


#: Who tells, in the order of the work's way to an invoice.
TELLERS = (
    care.waiting_for, assignments.waiting_for, affiliations.waiting_for, of_settlement, agreements.waiting_for,
    care_log.waiting_for,
)  # fmt: skip


def waiting_for(actor: Actor, on: date) -> list[Waiting]:
    """All that waits for the actor."""
    return [one for tell in TELLERS for one in tell(actor, on) if one.count]
