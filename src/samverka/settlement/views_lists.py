"""The lists of settlement: proposals, invoices, bases."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, QuerySet, Value, When
from django.db.models.functions import Cast, Concat, LPad
from django.urls import reverse

from samverka.agreements.county import base
from samverka.core import clock
from samverka.core.acting import Actor
from samverka.core.listing import Column, Filter, Listing
from samverka.parties.selectors import label_of
from samverka.parties.services import FUND
from samverka.settlement.models import Basis, BasisKind, Invoice, ProposalState

BASIS_STATES = {"registered": "väntar på godkännande", "approved": "godkänt", "withdrawn": "återkallat"}
DIRECTIONS = {"issued": "utställd", "received": "mottagen", "other": "mellan parter"}
WHAT = [(True, "rättelser"), (False, "ordinarie")]


def name(stream: str) -> str:
    """A party's or a unit's name today."""
    return label_of(stream, on=clock.today())


def parties() -> list[tuple[str, str]]:
    """Everybody who can issue or pay."""
    return [(one, base().words.code(one)) for one in (*base().parties, FUND)]


def listed(actor: Actor, rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """The invoices with ``direction``, issued or received as the actor's party sees them, and ``place``, the number."""
    number = LPad(Cast("number", CharField()), 9, Value("0"))
    rows = rows.annotate(place=Concat("issuer", Value(" "), Cast("year", CharField()), Value(" "), number))
    if not actor.party:
        return rows.annotate(direction=Value("other", CharField()))
    issued = When(issuer=actor.party, then=Value("issued"))
    return rows.annotate(direction=Case(issued, default=Value("received"), output_field=CharField()))


def _credited(row: Invoice) -> str:
    note = getattr(row, "credited_by", None)
    if row.credits is not None:
        return f"krediterar {row.credits}"
    return f"krediterad av {note}" if note is not None else ""


PROPOSALS = Listing(
    "avrakningar",
    (
        Column("period", "Period", lambda row: row.period, sort="period",
               link=lambda row: reverse("settlement:proposal", args=[row.public_id])),
        Column("issuer", "Fakturerar", lambda row: name(row.issuer), sort="issuer"),
        Column("what", "Slag", lambda row: "rättelser" if row.corrections else "ordinarie"),
        Column("state", "Läge", lambda row: ProposalState(row.state).label, "tag", sort="state"),
        Column("events", "Händelser", lambda row: row.events, "count", sort="events"),
        Column("total", "Summa", lambda row: row.total, "money", sort="total"),
        Column("date", "Framtaget", lambda row: row.proposed_at, "datetime", sort="proposed_at"),
        Column("example", "Exempel", lambda row: row.example, "example"),
    ),
    (
        Filter("state", "Läge", "state", ProposalState.choices),
        Filter("period", "Period", "period"),
        Filter("what", "Slag", "corrections", WHAT),
    ),
    order="-proposed_at",
)  # fmt: skip

INVOICES = Listing(
    "fakturor",
    (
        Column("number", "Nummer", str, sort="number",
               link=lambda row: reverse("settlement:invoice", args=[row.public_id])),
        Column("direction", "Riktning", lambda row: DIRECTIONS[row.direction]),
        Column("issuer", "Från", lambda row: name(row.issuer), sort="issuer"),
        Column("stream", "Till", lambda row: name(row.stream), sort="stream"),
        Column("period", "Period", lambda row: row.period, sort="period"),
        Column("date", "Datum", lambda row: row.issued_on, "date", sort="issued_on"),
        Column("total", "Summa", lambda row: row.total, "money", sort="total"),
        Column("credited", "Kredit", _credited),
        Column("example", "Exempel", lambda row: row.example, "example"),
    ),
    (
        Filter("direction", "Riktning", "direction", list(DIRECTIONS.items())),
        Filter("issuer", "Från", "issuer", parties),
        Filter("payer", "Till", "payer", parties),
        Filter("period", "Period", "period"),
        Filter("from", "Från och med", "issued_on__gte"),
        Filter("to", "Till och med", "issued_on__lte"),
    ),
    order="-issued_on",
    tie="place",
)  # fmt: skip

BASES = Listing(
    "underlag",
    (
        Column("kind", "Underlag", lambda row: BasisKind(row.kind).label.capitalize(),
               link=lambda row: reverse("settlement:basis", args=[row.public_id])),
        Column("period", "Period", lambda row: row.period, sort="period"),
        Column("month", "Avräknas", lambda row: row.month, "month", sort="month"),
        Column("state", "Läge", lambda row: BASIS_STATES[row.state], "tag", sort="state"),
        Column("party", "Part", lambda row: name(row.party)),
        Column("source", "Källa", lambda row: row.source),
        Column("date", "Registrerat", lambda row: row.registered_at, "datetime", sort="registered_at"),
        Column("example", "Exempel", lambda row: row.example, "example"),
    ),
    (
        Filter("kind", "Underlag", "kind", BasisKind.choices),
        Filter("state", "Läge", "state", list(BASIS_STATES.items())),
        Filter("period", "Period", "period"),
    ),
    order="-registered_at",
)  # fmt: skip


def without_list(rows: QuerySet[Any]) -> QuerySet[Basis]:
    """Bases without their lists, which may be long."""
    return rows.defer("listed", "stated")
