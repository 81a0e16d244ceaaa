"""What a proposal would hold if it were started now, and what is missing for it. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from avtal.book.missing import MissingValue
from avtal.calendar import Period
from avtal.settlement import key_missing
from samverka.agreements.book import Book
from samverka.agreements.selectors import book_now
from samverka.assignments.kinds import WorkKind
from samverka.assignments.models import State
from samverka.core.acting import Actor
from samverka.settlement.basis import answer_of, charge_of, keepers
from samverka.settlement.calendar import due
from samverka.settlement.freshness import has_share_left
from samverka.settlement.models import Basis, BasisKind, InvoiceLine
from samverka.settlement.shares import approved_bases
from samverka.settlement.shown import code, label
from samverka.settlement.sources import Scope, chargeable, months_of, rows_of, shared_kinds, work_kinds


@dataclass(frozen=True)
class Ahead:
    """What a proposal would take up.

    Attributes:
        work: Charge, how much attested work that is not invoiced, and how much still waits for attestation.
        bases: The approved bases of which something is left to settle in the period.
        issued: How many invoiced lines of the period there are to correct.
        missing: What is missing, in words, with clause and who decides.
    """

    work: list[tuple[str, int, int]]
    bases: list[Basis]
    issued: int
    missing: list[str]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to take up."""
        return not (self.bases or self.issued or any(attested for _, attested, _ in self.work))


def ahead_for(actor: Actor, period: Period, *, corrections: bool, at: datetime) -> Ahead:
    """What a proposal of the actor's party for a period would hold."""
    actor.must("propose")
    first, last = months_of(period)
    scope, book = Scope(actor.party, period, at), book_now()
    if corrections:
        lines = InvoiceLine.objects.filter(
            payee=actor.party, kind="charge", credits=None, invoice__credited_by=None, month__gte=first, month__lte=last
        )
        return Ahead([], [], lines.count(), [])
    work = [(label(kind.charge.name), *_counted(kind, scope)) for kind in work_kinds(actor.party)]
    bases = [basis for kind in shared_kinds(actor.party) for basis in approved_bases(kind, period)]
    missing = [*_prices(actor, scope, book), *_bases(actor, period, bases, book)]
    left = [basis for basis in bases if has_share_left(basis, actor.party)]
    return Ahead(work, left, 0, list(dict.fromkeys(missing)))


def _counted(kind: WorkKind, scope: Scope) -> tuple[int, int]:
    [[attested]] = rows_of(f"SELECT COUNT(*) FROM {chargeable(kind, scope).name}")
    waiting = kind.model._default_manager.filter(  # of any kind
        performer=scope.issuer, state=State.REGISTERED, date__gte=scope.period.first, date__lte=scope.period.last
    )
    return int(attested), waiting.count()


def _prices(actor: Actor, scope: Scope, book: Book) -> Iterator[str]:
    """Prices that the work needs and nobody has entered, at both ends of the period."""
    for kind in work_kinds(actor.party):
        if _counted(kind, scope)[0]:
            for name in kind.charge.parameters:
                for day in (scope.period.first, scope.period.last):
                    try:
                        book.edition.parameter(name, day)
                    except MissingValue as lack:
                        yield str(lack)


def _bases(actor: Actor, period: Period, found: list[Basis], book: Book) -> Iterator[str]:
    """Bases that the agreement's days ask for and nobody has approved, and what those that are there lack."""
    there = {(basis.kind, basis.month) for basis in found}
    shared = shared_kinds(actor.party)
    first, last = period.first.replace(day=1), period.last
    for one in due(first.replace(year=first.year - 1), last, book.edition):
        kind, month = one.settles or ("", 0)
        within = months_of(period)[0] <= month <= months_of(period)[1]
        if kind in shared and within and (kind, month) not in there:
            who = " eller ".join(map(code, keepers(kind)))
            yield f"Godkänt underlag för {label(kind)} saknas ({one.clause}). Registreras av {who}."
    for basis in found:
        try:
            answer = answer_of(basis, book)
        except MissingValue as lack:
            yield str(lack)
        else:
            if not answer.shares:
                yield str(key_missing(charge_of(basis.kind), book.edition))


def basis_kinds(actor: Actor) -> list[BasisKind]:
    """The kinds of basis that the actor's party may register."""
    return [kind for kind in BasisKind if actor.party in keepers(kind)]
