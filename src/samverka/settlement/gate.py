"""The last gate: every line computed again before it is issued, by other means than those that computed it.

Plain arithmetic over stored facts and numbers, event by event (``gate_rules``). It uses none of ``avtal``:
what the trees, the SQL or a hand on the database got wrong does not pass here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db import connection

from samverka.assignments.models import KINDS, Work
from samverka.settlement.canonical import invoice_digest, proposal_digest
from samverka.settlement.gate_rules import SHARED, WORK, GateClosed, Numbers
from samverka.settlement.models import Basis, Invoice, InvoicedEvent, InvoiceLine, Proposal, ProposalLine, ProposedEvent

TABLES: Mapping[str, type[Work]] = {model.charge: model for model in KINDS}
Place = tuple[str, str, str, int, str, bool]
Event = tuple[Place, int, int, int]


def check_proposal(proposal: Proposal, *, charged_only: bool = False) -> None:
    """Refuse a proposal of which any event, line or sum is not what it should be.

    Args:
        proposal: Which.
        charged_only: Leave out what gave no amount: it is on no invoice, so its work may have been changed since.

    Raises:
        GateClosed: The message says which.
    """
    lines = list(proposal.lines.order_by("number"))
    if proposal_digest(proposal, lines) != proposal.digest:
        raise GateClosed("förslagets rader är inte de som föreslogs")
    if charged_only:
        lines = [line for line in lines if line.status == "charged"]
    sums: dict[Place, list[int]] = defaultdict(lambda: [0, 0, 0])
    corrected: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for charge in proposal.steps_done:
        work = _work(proposal, charge, charged_only=charged_only) if charge in WORK else _shares(proposal, charge)
        for place, line, quantity, amount in work:
            for total in (sums[place], corrected[line, place[1]]):
                total[0] += 1
                total[1] += quantity
                total[2] += amount
    kept = ProposedEvent.objects.filter(proposal=proposal).count()
    left_out = ProposedEvent.objects.filter(proposal=proposal).exclude(status="charged").count() if charged_only else 0
    if kept != proposal.events or sum(counted for counted, _, _ in sums.values()) != proposal.events - left_out:
        raise GateClosed("förslaget har inte de händelser som räknades")
    if proposal.corrections:
        _check_corrections(lines, corrected)
    else:
        _check_lines(lines, sums)
    if sum(line.amount for line in lines if line.status == "charged") != proposal.total:
        raise GateClosed("summan är inte radernas summa")


def _check_lines(lines: list[ProposalLine], sums: Mapping[Place, list[int]]) -> None:
    found = {
        (line.charge, line.stream, line.payee, line.month, line.status, line.marked): line for line in lines
    }  # fmt: skip
    if len(found) != len(lines) or set(found) != set(sums):
        raise GateClosed("raderna svarar inte mot händelserna")
    for place, line in found.items():
        _same(line, sums[place])


def _same(line: ProposalLine, sums: list[int]) -> None:
    if [line.events, line.quantity, line.amount] != sums:
        told = f"rad {line.number} ({line.charge}, {line.stream}, {line.month})"
        raise GateClosed(
            f"{told} är {line.amount} öre för {line.events} händelser, kontrollen ger {sums[2]} för {sums[0]}"
        )


def _check_corrections(lines: list[ProposalLine], corrected: Mapping[tuple[int, str], list[int]]) -> None:
    """Each correction is the new sum less what is invoiced and not credited; of what differs nothing is left out."""
    found = {(line.corrects_id, line.stream): line for line in lines}
    originals = InvoiceLine.objects.in_bulk({line for line, _ in corrected} | {line.corrects_id for line in lines})
    if len(found) != len(lines) or {line for line, _ in corrected} - set(originals):
        raise GateClosed("rättelserna svarar inte mot fakturerade rader")
    standing: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    earlier = InvoiceLine.objects.filter(corrects__in=originals, credits=None, credited_by=None)
    for one in [*originals.values(), *earlier]:
        before = standing[one.corrects_id or one.pk, one.stream]
        before[0] += one.quantity
        before[1] += one.amount
    for place in {*corrected, *standing}:
        events, quantity, amount = corrected.get(place, [0, 0, 0])
        counted, invoiced = standing.get(place, [0, 0])
        line = found.pop(place, None)
        if line is not None:
            _refuse_other_parties(line, originals[place[0]])
            _same(line, [events, quantity - counted, amount - invoiced])
        elif amount != invoiced:
            raise GateClosed(f"{originals[place[0]]} till {place[1]} skiljer {amount - invoiced} öre och rättas inte")
    if found:
        raise GateClosed("en rad rättar ingen fakturarad")


def _refuse_other_parties(line: ProposalLine, original: InvoiceLine) -> None:
    """A correction is paid by the party that the line was charged to, whichever of its units is sent it."""
    payers = [one.stream.partition(":")[0] for one in (line, original)]
    if original.payee != line.payee or payers[0] != payers[1]:
        raise GateClosed(f"rad {line.number} rättar en rad mellan andra parter")


def _work(proposal: Proposal, charge: str, *, charged_only: bool) -> Iterator[Event]:
    """Every proposed event of a kind of work, priced again from its facts; each is attested, and checked by itself."""
    numbers = Numbers({charge: {}} | proposal.used, charge)
    for row in _facts(proposal, charge, charged_only=charged_only):
        if row["state"] != "attested" or row["performer"] != proposal.issuer:
            raise GateClosed(f"{row['event_id']} är inte längre attesterad")
        try:
            status, stream, payee, quantity, amount = WORK[charge](row, numbers)
        except TypeError:
            raise GateClosed(f"{row['event_id']} saknar uppgifter som beloppet beror på") from None
        again = (status, stream, payee, quantity, amount)
        if again != (row["e_status"], row["e_stream"], row["e_payee"], row["e_quantity"], row["e_amount"]):
            raise GateClosed(f"{row['event_id']} är {row['e_amount']} öre i förslaget, kontrollen ger {amount}")
        if stream.partition(":")[0] != row["payer_party"]:
            raise GateClosed(f"{row['event_id']} betalas av {row['payer_party']}, inte {stream}")
        month = row["date"].year * 100 + row["date"].month
        yield (charge, stream, payee, month, status, bool(row["example"])), row["e_line"] or 0, quantity, amount


#: Columns on which no amount rests: read by the half million they would cost a good part of the time.
_SAYS_NOTHING = ("public_id", "reason", "source", "registered_at", "attested_at")


def _facts(proposal: Proposal, charge: str, *, charged_only: bool) -> Iterator[dict[str, Any]]:
    """The proposed events with their facts, locked on PostgreSQL so that none is returned meanwhile."""
    model = TABLES[charge]
    every = model._meta.concrete_fields  # Django's own way to ask
    fields = [field for field in every if not (field.is_relation or field.name in _SAYS_NOTHING)]
    columns = ", ".join(f'w."{field.column}"' for field in fields)
    lock = " FOR SHARE OF w" if connection.vendor == "postgresql" else ""
    charged = " AND e.status = 'charged'" if charged_only else ""
    query = (
        f"SELECT e.status, e.stream, e.payee, e.quantity, e.amount, i.line_id, {columns}"
        " FROM settlement_proposedevent e"
        f" JOIN {model._meta.db_table} w ON w.id = e.event"  # as above
        " LEFT JOIN settlement_invoicedevent i ON i.charge = e.charge AND i.event = e.event AND i.part = e.part"
        f" AND i.released_by_id IS NULL WHERE e.proposal_id = %s AND e.charge = %s{charged}{lock}"
    )
    names = [f"e_{name}" for name in ("status", "stream", "payee", "quantity", "amount", "line")]
    names += [str(field.column) for field in fields]
    days = connection.vendor == "sqlite"
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, (proposal.pk, charge))
        for values in iter(lambda: cursor.fetchmany(2_000), []):
            for found in values:
                row = dict(zip(names, found, strict=True))
                if days and isinstance(row["date"], str):
                    row["date"] = date.fromisoformat(row["date"])
                yield row


def _shares(proposal: Proposal, charge: str) -> Iterator[Event]:
    """Every proposed share, computed again from its basis."""
    events = list(ProposedEvent.objects.filter(proposal=proposal, charge=charge).order_by("event", "part"))
    # locked, so that none is withdrawn between the check and the commit
    locked = Basis.objects.select_for_update().filter(pk__in={event.event for event in events}).order_by("pk")
    bases = {basis.pk: basis for basis in locked}
    lines = {
        (row.event, row.part): row.line_id for row in InvoicedEvent.objects.filter(charge=charge, released_by=None)
    }  # fmt: skip
    shares: dict[int, dict[str, int]] = {}
    for event in events:
        basis = bases[event.event]
        stored = proposal.used[charge][str(basis.pk)]
        if basis.state != "approved" or not basis.stated.items() <= stored["case"].items():
            raise GateClosed(f"underlaget {basis} är inte längre det som godkändes")
        if basis.pk not in shares:
            shares[basis.pk] = SHARED[charge](stored["case"], stored["numbers"], proposal.used)
        amount = shares[basis.pk].get(event.part, 0)
        if amount != event.amount or basis.month != event.month:
            raise GateClosed(f"{charge} för {event.part} är {event.amount} öre i förslaget, kontrollen ger {amount}")
        place = (charge, event.stream, event.payee, event.month, event.status, event.example)
        yield place, lines.get((event.event, event.part), 0), event.quantity, amount


def check_invoices(proposal: Proposal, invoices: list[Invoice]) -> None:
    """Refuse invoices that are not exactly the proposal's charged lines, or that lack one of their events.

    Raises:
        GateClosed: The message says which.
    """
    events = 0
    for invoice in invoices:
        lines = list(invoice.lines.order_by("number"))
        if sum(line.amount for line in lines) != invoice.total or invoice_digest(invoice, lines) != invoice.digest:
            raise GateClosed(f"faktura {invoice} har inte sina raders summa")
        for line in lines:
            proposed = line.proposed
            if proposed is None or proposed.proposal_id != proposal.pk or proposed.amount != line.amount:
                raise GateClosed(f"faktura {invoice} rad {line.number} är inte förslagets")
            events += line.events if line.kind == "charge" else 0
    if sum(invoice.total for invoice in invoices) != proposal.total:
        raise GateClosed("fakturorna har inte förslagets summa")
    found = InvoicedEvent.objects.filter(line__invoice__in=invoices, released_by=None).count()
    if found != events:
        raise GateClosed(f"fakturorna har {found} händelser, raderna {events}")


def check_credit(invoice: Invoice, note: Invoice) -> None:
    """Refuse a credit note that is not exactly the invoice's negative, or that leaves an event of it.

    Raises:
        GateClosed: The message says which.
    """
    pairs = [(line.amount, line.credits.amount) for line in note.lines.select_related("credits") if line.credits]
    if note.total != -invoice.total or any(amount != -credited for amount, credited in pairs):
        raise GateClosed(f"kreditfakturan är inte minus {invoice}")
    if len(pairs) != invoice.lines.count() or sum(amount for amount, _ in pairs) != note.total:
        raise GateClosed(f"kreditfakturan har inte alla rader i {invoice}")
    if InvoicedEvent.objects.filter(line__invoice=invoice, released_by=None).exists():
        raise GateClosed(f"en händelse på {invoice} är inte släppt")
