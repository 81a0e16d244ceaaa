"""Shared sums as lines: a basis priced by its charge, one line for each party that has a share of the issuer's.

MT-B1-1 and MT-EKO-1 (equipment), TB-AVS-2 and TB-GRU-1 (supplement), P-EKO-UM-1 (development fund).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Sum

from avtal.book.answer import Answer
from avtal.calendar import Period
from avtal.explain import Step, as_json
from avtal.settlement import key_missing
from samverka.agreements.book import Book
from samverka.settlement.affiliated import require_reading
from samverka.settlement.basis import answer_of, case_of, charge_of, first_day, rests_on_example
from samverka.settlement.differences import Difference
from samverka.settlement.models import (
    Basis,
    BasisKind,
    InvoicedEvent,
    InvoiceLine,
    Proposal,
    ProposalLine,
    ProposedEvent,
)
from samverka.settlement.pricing import Found
from samverka.settlement.sources import months_of, payer_and_payee

#: Every month.
EVER = (0, 999_999)
#: What the quantity of a share counts.
UNITS = {
    BasisKind.EQUIPMENT_FIXED: "st",
    BasisKind.SUPPLEMENT: "andel",
    BasisKind.DEVELOPMENT_FUND: "andel",
    BasisKind.NATIONAL_SHARE: "andel",
}
#: The reading that says in which month it is settled.
PLACED_BY = {BasisKind.EQUIPMENT_FIXED: "A40", BasisKind.SUPPLEMENT: "A67", BasisKind.DEVELOPMENT_FUND: "A67"}
#: The agreement's numbers that each kind uses, on which day: the basis' year for the supplement.
NUMBERS = {
    BasisKind.EQUIPMENT_FIXED: ("equipment_rate", "equipment_base_hours", "equipment_minutes_per_item"),
    BasisKind.SUPPLEMENT: ("supplement", "supplement_adjustment", "normal_range_low", "normal_range_high",
                           "supplement_base_persons"),
    BasisKind.DEVELOPMENT_FUND: ("region_percent",),
}  # fmt: skip


@dataclass(frozen=True)
class Share:
    """A party's part of a shared sum: an event of its own, on one line.

    Attributes:
        basis: What it rests on.
        part: The party that has it.
        amount: In öre.
        quantity: What it counts.
        example: Whether the numbers are example data.
        answer: The whole, explained.
    """

    basis: Basis
    part: str
    amount: int
    quantity: int
    example: bool
    answer: Answer


def approved_bases(kind: str, period: Period) -> list[Basis]:
    """The approved bases that are settled in a period."""
    first, last = months_of(period)
    found = Basis.objects.filter(kind=kind, state="approved", month__gte=first, month__lte=last)
    return list(found.order_by("month", "pk"))


def shares_of(basis: Basis, book: Book, issuer: str) -> Iterator[Share]:
    """The shares of a basis that an issuer is paid.

    Raises:
        MissingValue: A price, an index step, the model or the key is not entered.
    """
    answer = answer_of(basis, book)
    if not answer.shares:
        raise key_missing(charge_of(basis.kind), book.edition, _year(basis))
    counts = basis.stated.get("counts", {})
    example = rests_on_example(basis, book)
    for part, amount in answer.shares.items():
        if payer_and_payee(basis.kind, part)[1] == issuer:
            yield Share(basis, part, amount, int(counts.get(part, 1)), example, answer)


def _year(basis: Basis) -> int | None:
    return int(basis.stated["year"]) if basis.kind == BasisKind.SUPPLEMENT else None


def price_shares(proposal: Proposal, kind: BasisKind, bases: list[Basis], book: Book) -> Found:
    """The issuer's shares that are on no invoice, kept as events, and their lines.

    Raises:
        MissingValue: A number that the parties decide is not entered, or was counted by another reading.
    """
    taken = set(
        InvoicedEvent.objects.filter(charge=kind, event__in=[one.pk for one in bases], released_by=None)
        .values_list("event", "part")
    )  # fmt: skip
    every = [share for basis in bases for share in shares_of(basis, book, proposal.issuer)]
    left = [one for one in every if (one.basis.pk, one.part) not in taken]
    for one in left:
        require_reading(one.basis, book.edition)
    return _kept(proposal, kind, bases, left, book)


def price_invoiced(
    proposal: Proposal, kind: BasisKind, bases: list[Basis], parts: set[tuple[int, str]], book: Book
) -> Found:
    """The shares that are on invoices, computed again.

    Raises:
        MissingValue: A number that the parties decide is not entered.
    """
    return _kept(proposal, kind, bases, list(shares_now(bases, parts, book, proposal.issuer)), book)


def invoiced_shares(
    kind: BasisKind, issuer: str, months: tuple[int, int] = EVER
) -> tuple[set[tuple[int, str]], list[Basis]]:
    """The basis and the part of each share on the issuer's invoices that are not credited, and the bases."""
    charged = InvoicedEvent.objects.filter(
        charge=kind, released_by=None, line__payee=issuer, line__month__range=months
    )  # fmt: skip
    parts = set(charged.values_list("event", "part"))
    return parts, list(Basis.objects.filter(pk__in={event for event, _ in parts}).order_by("month", "pk"))


def shares_now(bases: list[Basis], parts: set[tuple[int, str]], book: Book, issuer: str) -> Iterator[Share]:
    """What each of the shares is now; 0 where the key gives it nothing any more.

    Raises:
        MissingValue: A number that the parties decide is not entered.
    """
    for basis in bases:
        found = {share.part: share for share in shares_of(basis, book, issuer)}
        for part in sorted(part for event, part in parts if event == basis.pk):
            share = found.get(part)
            yield share or Share(basis, part, 0, 0, rests_on_example(basis, book), answer_of(basis, book))


def shares_of_line(proposal: Proposal, line: InvoiceLine, one: Difference, book: Book) -> ProposalLine:
    """An issued line's own shares as they are now, where others' of the same payer and month are beside."""
    parts = set(InvoicedEvent.objects.filter(line=line).values_list("event", "part"))
    bases = list(Basis.objects.filter(pk__in={event for event, _ in parts}).order_by("month", "pk"))
    shares = list(shares_now(bases, parts, book, proposal.issuer))
    marked = line.proposed.marked if line.proposed else line.example
    place, sums = (one.stream, line.month, marked), (one.quantity, one.now)
    return _line(proposal, BasisKind(line.charge), place, shares, sums, book)


def _kept(proposal: Proposal, kind: BasisKind, bases: list[Basis], shares: list[Share], book: Book) -> Found:
    events = [_event(proposal, share) for share in shares]
    ProposedEvent.objects.bulk_create(events)
    places: dict[tuple[str, int, bool], list[Share]] = {}
    for event, share in zip(events, shares, strict=True):
        places.setdefault((event.stream, event.month, event.example), []).append(share)
    sums = _sums(proposal, kind)
    lines = [_line(proposal, kind, place, found, sums[place], book) for place, found in places.items()]
    used = {str(basis.pk): numbers_of(basis, book) for basis in bases}
    return Found(lines, used, len(events))  # type: ignore[arg-type]  # by basis, what it was computed with


def numbers_of(basis: Basis, book: Book) -> dict[str, Any]:
    """What the gate needs to compute a basis again: its case, and the agreement's numbers on its day."""
    on = first_day(basis.month)
    if basis.kind == BasisKind.SUPPLEMENT:
        on = on.replace(year=int(basis.stated["year"]), month=12, day=31)
    elif basis.kind == BasisKind.EQUIPMENT_FIXED:
        on = Period.parse(basis.stated["half_year"]).first
    elif basis.kind == BasisKind.DEVELOPMENT_FUND:
        on = book.edition.valid_from
    numbers = {name: str(book.edition.number(name, on)) for name in NUMBERS[BasisKind(basis.kind)]}
    return {"case": case_of(basis, book), "numbers": numbers}


def _event(proposal: Proposal, share: Share) -> ProposedEvent:
    payer, payee = payer_and_payee(share.basis.kind, share.part)
    return ProposedEvent(
        proposal=proposal, charge=share.basis.kind, event=share.basis.pk, part=share.part, stream=payer, payee=payee,
        month=share.basis.month, status="charged", example=share.example, quantity=share.quantity, minutes=0,
        amount=share.amount,
    )  # fmt: skip


def _sums(proposal: Proposal, kind: BasisKind) -> dict[tuple[str, int, bool], tuple[int, int]]:
    """Quantity and öre of each line, by the database."""
    kept = ProposedEvent.objects.filter(proposal=proposal, charge=kind).values("stream", "month", "example")
    found = kept.annotate(counted=Sum("quantity"), owed=Sum("amount"))
    return {(row["stream"], row["month"], row["example"]): (row["counted"], row["owed"]) for row in found}


def _line(
    proposal: Proposal, kind: BasisKind, place: tuple[str, int, bool], shares: list[Share], sums: tuple[int, int],
    book: Book,
) -> ProposalLine:  # fmt: skip
    (stream, month, marked), (quantity, amount) = place, sums
    explanations = [explained(share, book) for share in shares]
    step = explanations[0] if len(explanations) == 1 else Step(str(kind), amount, "rule", steps=tuple(explanations))
    flags = dict.fromkeys(flag for share in shares for flag in share.answer.flags)
    return ProposalLine(
        proposal=proposal, charge=str(kind), stream=stream, payee=proposal.issuer, month=month, status="charged",
        marked=marked, events=len(shares), quantity=quantity, scale=1, unit=UNITS[kind], amount=amount,
        example=marked or book.is_example(step), flags=list(flags),
        explanation=as_json(step, book.edition.words),
    )  # fmt: skip


def explained(share: Share, book: Book) -> Step:
    """How the whole came about and is shared, with the reading that places it in its month."""
    why, placed = share.answer.explanation, PLACED_BY[BasisKind(share.basis.kind)]
    if placed not in why.readings():
        why = replace(why, steps=(*why.steps, book.edition.reading(placed)))
    return replace(why, note=share.basis.source)
