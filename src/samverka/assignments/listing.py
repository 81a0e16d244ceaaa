"""The lists of work, one for each kind, and the list of files of work."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.urls import reverse

from samverka.agreements.county import base
from samverka.assignments.kinds import BY_CHARGE, WorkKind
from samverka.assignments.models import BatchState, State
from samverka.assignments.words import code, label
from samverka.core.listing import Column, Filter, Listing


def _parties() -> list[tuple[str, str]]:
    return [(one, code(one)) for one in base().parties]


@cache
def listing_of(kind: WorkKind) -> Listing:
    """The list of one kind: who did it for whom, when, and where it is."""
    parties: Callable[[], list[tuple[str, str]]] = _parties
    charge = kind.model.charge
    columns = (
        Column(
            "id",
            "Nummer",
            lambda row: row.event_id,
            sort="event_id",
            link=lambda row: _pages(charge).format(row.public_id),
        ),
        Column("date", "Datum", lambda row: row.date, "date", sort="date"),
        Column("performer", "Utförare", lambda row: code(row.performer), sort="performer"),
        Column("payer", "Betalare", lambda row: code(row.payer_party), sort="payer_party"),
        Column("state", "Läge", state_of, "tag", sort="state"),
        Column("example", "Exempel", lambda row: row.example, "example"),
    )
    filters = (
        Filter("state", "Läge", "state", State.choices),
        Filter("month", "Månad", "month"),
        Filter("performer", "Utförare", "performer", parties),
        Filter("payer", "Betalare", "payer_party", parties),
    )
    reads = ("public_id", "event_id", "date", "performer", "payer_party", "state", "example")
    return Listing(kind.slug, columns, filters, reads=reads)


FILES = Listing(
    "filer-med-arbete",
    (
        Column("file", "Fil", lambda row: row.file_name, sort="file_name",
               link=lambda row: reverse("assignments:batch", args=[row.public_id])),
        Column("kind", "Arbete", lambda row: label(row.charge), sort="charge"),
        Column("uploaded", "Uppladdad", lambda row: row.uploaded_at, "datetime", sort="uploaded_at"),
        Column("state", "Läge", lambda row: BatchState(row.state).label, "tag", sort="state"),
        Column("faults", "Fel", lambda row: row.faulty, "count", sort="faulty"),
    ),
    (Filter("state", "Läge", "state", BatchState.choices),),
    "-uploaded",
    reads=("public_id", "file_name", "charge", "uploaded_at", "state", "faulty"),
)  # fmt: skip


def state_of(work: Any) -> str:
    """Where it is, in words."""
    return State(work.state).label


def address_of(work: Any) -> str:
    """The page of a piece of work."""
    return _pages(work.charge).format(work.public_id)


@cache
def _pages(charge: str) -> str:
    """The pages of a kind of work, with a place for the id: a list asks for 25, and resolving each costs as a query."""
    return reverse("assignments:work", args=[BY_CHARGE[charge].slug, "ID"]).replace("ID", "{}")
