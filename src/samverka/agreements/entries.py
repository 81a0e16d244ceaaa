"""Entered values as pages show them: what, where it is written, who (party and role, never a name) and what became."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from avtal.explain import Words
from samverka.agreements.book import Book
from samverka.agreements.county import base
from samverka.agreements.models import Entered, Ruling
from samverka.agreements.payloads import Payload, read_payload
from samverka.agreements.selectors import end_of, entered_for
from samverka.agreements.subjects import clauses_of, details_of, label_of, page_of, value_of
from samverka.core.acting import Actor, Role

STATES = {"waiting": "väntar på beslut", "approved": "godkänt", "declined": "avslaget", "replaced": "ersatt"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entered value, ready to be shown."""

    entered: Entered
    payload: Payload
    ruling: Ruling | None
    state: str

    @property
    def state_label(self) -> str:
        """What became of it, in words."""
        return STATES[self.state]

    @property
    def label(self) -> str:
        """What it is."""
        return label_of(self.payload, base())

    @property
    def value(self) -> str:
        """What it says."""
        return value_of(self.payload, base())

    @property
    def details(self) -> list[tuple[str, str]]:
        """What more it says."""
        return details_of(self.payload, base())

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses it carries out."""
        return clauses_of(self.payload, base())

    @property
    def page(self) -> str:
        """Where what is in force is shown."""
        return page_of(self.payload)

    @property
    def proposed_by(self) -> str:
        """Party and role of who proposed it."""
        return who(self.entered.party, self.entered.role, base().words)

    @property
    def ruled_by(self) -> str:
        """Party and role of who ruled on it."""
        return who(self.ruling.party, self.ruling.role, base().words) if self.ruling else ""


def who(party: str, role: str, words: Words) -> str:
    """Party and role in words."""
    return f"{words.code(party)}, {Role(role).label}"


def entry_of(entered: Entered, book: Book, at: datetime | None = None) -> Entry:
    """A value as it stood at a moment (None is now), held against the book of that moment."""
    ruling: Ruling | None = getattr(entered, "ruling", None)
    if ruling is not None and at is not None and ruling.ruled_at > at:
        ruling = None
    state = "waiting" if ruling is None else "approved" if ruling.approved else "declined"
    if state == "approved" and entered.pk not in book.counted:
        state = "replaced"
    return Entry(entered, read_payload(entered.kind, entered.payload, base()), ruling, state)


def entries_for(
    actor: Actor, book: Book, *, kinds: Iterable[str], name: str = "", known: date | None = None
) -> list[Entry]:
    """The values of some kinds, of one name where it is given, as they stood when a day ended; latest first."""
    rows: QuerySet[Entered] = entered_for(actor).filter(kind__in=list(kinds)).order_by("-proposed_at", "-pk")
    if name:
        rows = rows.filter(name=name)
    at = end_of(known) if known else None
    if at is not None:
        rows = rows.filter(proposed_at__lte=at)
    return [entry_of(row, book, at) for row in rows]
