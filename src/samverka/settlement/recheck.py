"""Whether issued lines still cost what they say, held against the agreement's values without anybody asking for it.

A value that is approved, an invoice that is issued by older values, and a correction that is credited ask for a check
of the issuer in their own transaction; the job does it in the background. What differs is kept by line, for the
issuer's start page. Nothing is proposed or issued here. A check that was stopped is still asked for, and can be started
again; done twice it is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import F

from avtal.book.answer import BadFacts
from avtal.book.missing import MissingValue
from avtal.bulk import Unpriced, measure, priced_sql, why_unpriced
from samverka.agreements.book import Book
from samverka.agreements.selectors import book_now
from samverka.agreements.services import snapshot
from samverka.assignments.kinds import WorkKind
from samverka.core.acting import Actor
from samverka.core.errors import Refused
from samverka.journal.services import record
from samverka.settlement.changes import changes_since
from samverka.settlement.differences import Difference, differences, stated
from samverka.settlement.models import BasisKind, Differing, InvoicedEvent, InvoiceLine, Recheck
from samverka.settlement.pricing import filled
from samverka.settlement.shares import invoiced_shares, shares_now
from samverka.settlement.sources import invoiced, payer_and_payee, rows_of, shared_kinds, work_kinds

#: What stops a check with a message: something that the parties have not entered, or an event that nobody can price.
STOPS = (MissingValue, Unpriced, BadFacts)


def issuers() -> list[str]:
    """Everybody who has issued an invoice."""
    return sorted(InvoiceLine.objects.values_list("payee", flat=True).distinct().order_by())


def ask(whose: Iterable[str]) -> None:
    """Ask for a check of these issuers' lines, in the transaction of what gave cause for it."""
    for issuer in whose:
        Recheck.objects.get_or_create(issuer=issuer)
        Recheck.objects.filter(issuer=issuer).update(asked=F("asked") + 1)
        _queue(issuer)


def value_approved() -> None:
    """A value of the agreement was approved: every issuer's lines are to be checked."""
    ask(issuers())


def start_again(actor: Actor) -> None:
    """Let a check of the own party that was stopped be done after all; one that is running is not disturbed.

    Raises:
        Refused: Nothing is waiting to be checked.
    """
    actor.must("propose")
    if not Recheck.objects.filter(issuer=actor.party).exclude(asked=F("answered")).exists():
        raise Refused("Fakturorna är redan kontrollerade med de värden som gäller nu.")
    _queue(actor.party)


def check(issuer: str, *, at: datetime) -> None:
    """Hold an issuer's lines against the values of today, and keep which differ; done already it does nothing."""
    held = Recheck.objects.get(issuer=issuer)
    if held.asked == held.answered:
        return
    book, message = book_now(), ""
    try:
        found = list(differing(issuer, book))
    except STOPS as stop:
        found, message = [], str(stop)
    _keep(issuer, held.asked, book, [one for one in found if one.amount], message, at=at)


@transaction.atomic
def _keep(issuer: str, asked: int, book: Book, found: list[Difference], message: str, *, at: datetime) -> None:
    locked = Recheck.objects.select_for_update(of=("self",)).get(issuer=issuer)
    if locked.answered >= asked:  # another worker was first
        return
    locked.answered, locked.snapshot, locked.checked_at, locked.message = asked, snapshot(book), at, message
    locked.save(update_fields=["answered", "snapshot", "checked_at", "message"])
    locked.lines.all().delete()
    changed = changes_since([one.line for one in found], locked.snapshot)
    Differing.objects.bulk_create(
        Differing(recheck=locked, line_id=one.line, stream=one.stream, amount=one.amount, changed=changed[one.line])
        for one in found
    )
    record(
        None, "settlement.recheck", issuer, at=at, parties=[issuer],
        after={"lines": len(found), "fingerprint": book.fingerprint, "message": message},
    )  # fmt: skip


def differing(issuer: str, book: Book) -> Iterator[Difference]:
    """What each issued line of an issuer costs by a book, and how much that is from what is invoiced of it.

    Raises:
        MissingValue: A number that the parties decide is not entered.
        Unpriced: An amount is unknown.
    """
    for kind in work_kinds(issuer):
        if again := _work_again(kind, issuer, book):
            yield from differences(again)
    for shared in shared_kinds(issuer):
        yield from differences(_shares_again(shared, issuer, book))


def _work_again(kind: WorkKind, issuer: str, book: Book) -> str:
    """The issued work of a kind priced where it lies, summed by line and who is sent it; empty where there is none."""
    charge, table = kind.charge, invoiced(kind, issuer)
    intake = measure(charge, table, book.edition, filled(charge))
    if not intake.events:
        return ""
    priced = priced_sql(charge, table, book.edition, intake.bounds, "invoiced_on")
    [[unknown]] = rows_of(f"SELECT COUNT(*) - COUNT(out_amount) FROM ({priced}) priced")
    if unknown:
        raise why_unpriced(charge, table, book.edition, intake.bounds)
    return (
        "SELECT invoiced_on, out_payer, SUM(out_amount), SUM(out_quantity), COUNT(*)"
        f" FROM ({priced}) priced GROUP BY invoiced_on, out_payer"
    )


def _shares_again(kind: BasisKind, issuer: str, book: Book) -> str:
    parts, bases = invoiced_shares(kind, issuer)
    held = InvoicedEvent.objects.filter(charge=kind, released_by=None, line__payee=issuer)
    line_of = {(event, part): line for event, part, line in held.values_list("event", "part", "line")}
    return stated(
        (line_of[share.basis.pk, share.part], payer_and_payee(kind, share.part)[0], share.amount, share.quantity)
        for share in shares_now(bases, parts, book, issuer)
    )


def _queue(issuer: str) -> None:
    from samverka.settlement.jobs import recheck  # here: jobs stand above services and are only named by them

    recheck.enqueue(issuer)
