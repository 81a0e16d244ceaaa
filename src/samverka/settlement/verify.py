"""Every issued invoice computed again from its snapshot, and held against what stands on it: ``samverka verify``.

The agreement's rules price the stored facts anew, by the book that the proposal was computed with; sums and digests are
made again too. Of a credited invoice whose work was changed afterwards, which it may be, only sums and digest are left.
Where the program's rules are others since, so that the book cannot be built again, the last gate computes instead: it
needs the stored facts and numbers alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet, Sum

from avtal.book.missing import MissingValue
from avtal.bulk import Unpriced, owed, totals
from samverka.agreements.book import Book
from samverka.agreements.selectors import OtherBook, book_of
from samverka.assignments.kinds import BY_CHARGE
from samverka.settlement import gate
from samverka.settlement.canonical import invoice_digest
from samverka.settlement.gate_rules import GateClosed
from samverka.settlement.models import Basis, Invoice, InvoicedEvent, InvoiceLine, Proposal, Series
from samverka.settlement.shares import shares_of
from samverka.settlement.sources import on_line


def invoices() -> Iterable[str]:
    """What is wrong, a text for each fault; nothing where every invoice is what it was."""
    every = Invoice.objects.select_related("proposal__snapshot", "credits").order_by("issuer", "year", "number")
    gated: dict[int, list[str]] = {}
    for invoice in every.iterator():
        for fault in _faults(invoice, gated):
            yield f"faktura {invoice}: {fault}"
    yield from _gaps()


def _gaps() -> Iterator[str]:
    """Numbers that are missing in a series, or that it does not know of."""
    numbers = Invoice.objects.values("issuer", "year").order_by("issuer", "year")
    found = numbers.annotate(count=Count("pk"), first=Min("number"), last=Max("number"))
    held = {(row["issuer"], row["year"]): (row["count"], row["first"], row["last"]) for row in found}
    for series in Series.objects.order_by("issuer", "year"):
        is_ = held.pop((series.issuer, series.year), (0, 1, 0))
        if is_ != (series.last, 1, series.last):
            yield f"serien {series} har {is_[0]} fakturor, sista numret är {series.last}"
    for issuer, year in held:
        yield f"serien {issuer} {year} saknas"


def _faults(invoice: Invoice, gated: dict[int, list[str]]) -> Iterator[str]:
    lines = list(invoice.lines.select_related("corrects", "credits").order_by("number"))
    if invoice_digest(invoice, lines) != invoice.digest:
        yield "raderna är inte de som fakturerades"
    if (said := _sum(invoice.lines.all())) != invoice.total:
        yield f"summan är {invoice.total} öre, raderna är {said}"
    if invoice.credits is not None:
        yield from _credit_faults(invoice, invoice.credits)
        return
    snapshot = invoice.proposal.snapshot
    assert snapshot is not None  # what is issued was computed
    try:
        book = book_of(snapshot)
        for line in lines:
            yield from _line_faults(line, book)
    except OtherBook:
        if invoice.proposal_id not in gated:
            gated[invoice.proposal_id] = list(_gate_faults(invoice.proposal))
        yield from gated[invoice.proposal_id]
    except (MissingValue, Unpriced) as fault:
        yield f"kan inte räknas om: {fault}"


def _gate_faults(proposal: Proposal) -> Iterator[str]:
    """What the last gate finds now of what was charged, while that work can still be what it was.

    What gave no amount is on no invoice and may have been changed since. A correction was the difference from what
    stood when it was issued, itself left out: of it sum and digest are left.
    """
    if proposal.corrections:
        return
    lines = InvoiceLine.objects.filter(invoice__proposal=proposal, credits=None).select_related("corrects", "invoice")
    if all(_as_it_was(line.corrects or line) for line in lines):
        try:
            with transaction.atomic():  # the gate locks what it reads
                gate.check_proposal(proposal, charged_only=True)
        except GateClosed as fault:
            yield f"kontrollen med sparade villkor: {fault}"


def _sum(lines: QuerySet[InvoiceLine]) -> int:
    return int(lines.aggregate(found=Sum("amount", default=0))["found"])


def _credit_faults(note: Invoice, invoice: Invoice) -> Iterator[str]:
    if _sum(InvoiceLine.objects.filter(invoice__in=[note, invoice])) != 0:
        yield f"är inte minus {invoice}"
    if set(note.lines.values_list("credits", flat=True)) != set(invoice.lines.values_list("pk", flat=True)):
        yield f"har inte alla rader i {invoice}"
    if InvoicedEvent.objects.filter(line__invoice=invoice, released_by=None).exists():
        yield f"har inte släppt alla händelser i {invoice}"


def _line_faults(line: InvoiceLine, book: Book) -> Iterator[str]:
    """A charge is what its events cost by the book; a corrected one is that with what corrects it up to this line.

    Each of it for who is sent the line: the rules may have moved an event to another unit since.
    """
    original = line.corrects or line
    if not _as_it_was(original):
        return
    events, again = _again(original, book)
    standing = InvoiceLine.objects.filter(corrects=original, stream=line.stream, pk__lte=line.pk, credits=None)
    if line.corrects is None:
        standing = standing.none()
    credited = InvoiceLine.objects.filter(credits__in=standing, pk__lt=line.pk).values("credits")
    own = [original.pk] if original.stream == line.stream else []
    said = _sum(
        InvoiceLine.objects.filter(pk__in=[*own, *standing.exclude(pk__in=credited).values_list("pk", flat=True)])
    )
    elsewhere = set(again) - {line.stream} if line.corrects is None else set()
    if (events, again.get(line.stream, 0)) != (original.events, said) or elsewhere:
        told = f"omräknat {again.get(line.stream, 0)} för {events}"
        yield f"rad {line.number} är {said} öre för {original.events} händelser, {told}"


def _as_it_was(line: InvoiceLine) -> bool:
    """Whether a line's work can still be what it was charged for: it can change once the invoice is credited."""
    if line.charge not in BY_CHARGE or not Invoice.objects.filter(credits=line.invoice).exists():
        return True
    held = InvoicedEvent.objects.filter(line=line).values("event")
    work = BY_CHARGE[line.charge].model._default_manager.filter(pk__in=held)  # of any kind
    return not work.exclude(state="attested", attested_at__lte=line.invoice.proposal.proposed_at).exists()


def _again(line: InvoiceLine, book: Book) -> tuple[int, dict[str, int]]:
    """How many events were put on a line, and what they cost by a book, in öre, by who is sent them."""
    if line.charge in BY_CHARGE:
        kind = BY_CHARGE[line.charge]
        found = totals(kind.charge, on_line(kind, line.pk), book.edition)
        streams = {total.payer for total in found}
        priced = {stream: owed(total for total in found if total.payer == stream) for stream in streams}
        return sum(total.events for total in found), priced
    kept = list(InvoicedEvent.objects.filter(line=line).values_list("event", "part"))
    shares: dict[tuple[int, str], int] = {}
    for basis in Basis.objects.filter(pk__in={event for event, _ in kept}):
        shares |= {(basis.pk, share.part): share.amount for share in shares_of(basis, book, line.payee)}
    return len(kept), {line.stream: sum(shares.get(key, 0) for key in kept)}
