"""What shared sums rest on: counts, affiliated persons, amounts. Registered by one person, approved by another.

MT-B1-1 (equipment by half-year), TB-AVS-1 (last year's affiliated persons), P-EKO-UM-1 (development fund), MTN-2
(national share: recorded here and paid outside the county, so no invoice of ours).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from avtal.book.answer import Answer, BadFacts
from avtal.book.charge import TableCharge
from avtal.book.missing import MissingValue
from avtal.calendar import Period
from samverka.agreements.book import Book
from samverka.agreements.county import CHARGES, base
from samverka.agreements.selectors import book_now
from samverka.core.acting import Actor
from samverka.core.errors import Refused
from samverka.journal.services import ALL_PARTIES, record
from samverka.parties.services import FUND
from samverka.settlement.affiliated import count_of, what_changed
from samverka.settlement.models import Basis, BasisKind, InvoicedEvent

CLAUSES = {
    BasisKind.EQUIPMENT_FIXED: ("MT-B1-1",),
    BasisKind.SUPPLEMENT: ("TB-AVS-1",),
    BasisKind.DEVELOPMENT_FUND: ("P-EKO-UM-1",),
    BasisKind.NATIONAL_SHARE: ("MTN-2",),
}
MOST_LISTED = 20_000


def keepers(kind: str) -> tuple[str, ...]:
    """The parties that may register a basis; it is kept in the name of the first."""
    region = base().parties[0]
    return (FUND, region) if kind == BasisKind.DEVELOPMENT_FUND else (region,)


@transaction.atomic
def register_basis(
    actor: Actor,
    *,
    kind: str,
    period: str,
    month: int,
    stated: Mapping[str, Any],
    listed: Sequence[Mapping[str, Any]] = (),
    counted_on: date | None = None,
    source: str,
    example: bool,
    at: datetime,
) -> Basis:
    """Register what a shared sum rests on.

    Args:
        actor: Who.
        kind: One of ``BasisKind``.
        period: The period it is counted for: 2026H1, 2026.
        month: The month in which the sum is settled, like 202607.
        stated: The charge's case, numbers as text. Counts of equipment are made from the list where there is one.
        listed: The list that was counted: rows with ``municipality`` and ``item``.
        counted_on: The day of the count.
        source: The document.
        example: Whether it is example data.
        at: When.

    Raises:
        Refused: Something is not what is allowed; the message says what.
    """
    actor.must("register")
    if kind not in BasisKind.values:
        raise Refused(f"{kind} finns inte; det finns {', '.join(BasisKind.values)}.")
    if actor.party not in keepers(kind):
        raise Refused(f"Underlaget registreras av {' eller '.join(map(base().words.code, keepers(kind)))}.")
    rows = read_list(kind, listed)
    case = dict(stated)
    if rows:
        case["counts"] = _counted(rows, stated.get("counts"))
    if kind == BasisKind.EQUIPMENT_FIXED:
        case.setdefault("half_year", period)
    elif kind == BasisKind.SUPPLEMENT:
        case.setdefault("year", period)
    _refuse_bad(kind, period, month, case, source)
    count = count_of(case, at) if kind == BasisKind.SUPPLEMENT else None
    explanation = count.explanation if count else None
    counted = None if counted_on is None else counted_on.isoformat()
    basis = Basis.objects.create(
        kind=kind, party=keepers(kind)[0], period=period, month=month, stated=case, listed=rows,
        explanation=explanation, digest=digest_of(kind, period, month, case, rows, counted, explanation),
        counted_on=counted_on, source=source.strip(), example=example or bool(count and count.example),
        registered_by=actor.user, registered_at=at,
    )  # fmt: skip
    _tell(actor, "register_basis", basis, at=at)
    return basis


@transaction.atomic
def approve_basis(actor: Actor, basis: Basis, *, at: datetime) -> Basis:
    """Approve what another person has registered: from now on it cannot change, and it is settled in its month.

    Raises:
        Refused: The same person registered it, it is not waiting, one is approved for the period already, or what it
            was counted from says something else now.
    """
    actor.must("approve")
    found = _locked(actor, basis, "registered")
    if found.registered_by_id == actor.user.pk:
        raise Refused("Du har själv registrerat underlaget. En annan person ska godkänna det.")
    changed = what_changed(found)
    if changed:
        raise Refused(f"{changed} Återkalla underlaget och registrera det igen.")
    found.state, found.approved_by, found.approved_at = "approved", actor.user, at
    try:
        with transaction.atomic():
            found.save(update_fields=["state", "approved_by", "approved_at"])
    except IntegrityError:
        told = "Återkalla det först; är det fakturerat krediteras fakturorna innan."
        raise Refused(f"Det finns redan ett godkänt underlag för {found.period}. {told}") from None
    _tell(actor, "approve_basis", found, at=at)
    return found


@transaction.atomic
def withdraw_basis(actor: Actor, basis: Basis, *, reason: str, at: datetime) -> Basis:
    """Withdraw a basis that is not settled; it is kept, and nothing is charged by it.

    Raises:
        Refused: It is withdrawn or invoiced already, or no reason is given.
    """
    actor.must("register" if actor.may("register") else "approve")
    found = _locked(actor, basis, "registered", "approved")
    if not reason.strip():
        raise Refused("Skriv varför underlaget återkallas.")
    if InvoicedEvent.objects.filter(charge=found.kind, event=found.pk, released_by=None).exists():
        raise Refused("Underlaget är fakturerat. Kreditera fakturan först.")
    found.state = "withdrawn"
    found.save(update_fields=["state"])
    _tell(actor, "withdraw_basis", found, at=at, why=reason.strip()[:300])
    return found


def case_of(basis: Basis, book: Book) -> dict[str, Any]:
    """The charge's case: what is stated, with the model or the key that the parties have decided."""
    case = dict(basis.stated)
    if basis.kind == BasisKind.SUPPLEMENT:
        case["factors"] = book.factors(int(case["year"]))
    elif basis.kind == BasisKind.DEVELOPMENT_FUND:
        case["shares"] = book.development_key(first_day(basis.month)) or {}
    return case


def rests_on_example(basis: Basis, book: Book) -> bool:
    """Whether the basis, or what shares it, is example data."""
    shared = False
    if basis.kind == BasisKind.SUPPLEMENT:
        shared = book.factors_are_example(int(basis.stated["year"]))
    elif basis.kind == BasisKind.DEVELOPMENT_FUND:
        shared = book.development_key_is_example(first_day(basis.month))
    return basis.example or shared


def answer_of(basis: Basis, book: Book) -> Answer:
    """What the charge answers for a basis.

    Raises:
        MissingValue: A price, an index step, the model or the key is not entered.
    """
    return charge_of(basis.kind).price(case_of(basis, book), book.edition)


def charge_of(kind: str) -> TableCharge:
    """The charge that a basis is for."""
    charge = CHARGES[kind]
    assert isinstance(charge, TableCharge)  # each kind of basis is one
    return charge


def first_day(month: int) -> date:
    """The first day of a month like 202507."""
    return date(month // 100, month % 100, 1)


def digest_of(
    kind: str, period: str, month: int, case: Mapping[str, Any], rows: Sequence[Any], counted_on: str | None,
    explanation: Mapping[str, Any] | None = None,
) -> str:  # fmt: skip
    """SHA-256 of all that a basis says, its list and how its number came about too."""
    said = [kind, period, month, case, rows, counted_on, *([explanation] if explanation else [])]
    told = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _locked(actor: Actor, basis: Basis, *states: str) -> Basis:
    found = Basis.objects.select_for_update(of=("self",)).get(pk=basis.pk)
    if actor.party not in keepers(found.kind):
        raise Refused(f"Underlaget beslutas av {base().words.code(found.party)}.")
    if found.state not in states:
        words = {"registered": "registrerat", "approved": "godkänt", "withdrawn": "återkallat"}
        raise Refused(f"Underlaget är {words[found.state]}; detta kan göras när det är {words[states[0]]}.")
    return found


def read_list(kind: str, listed: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The list that is counted, as it is kept.

    Raises:
        Refused: A row is not what is allowed; the heading is its first line, where it is a file's or a pasted text's.
    """
    if listed and kind != BasisKind.EQUIPMENT_FIXED:
        raise Refused("Bara registrerade inventarier har en lista.")
    if len(listed) > MOST_LISTED:
        raise Refused(f"Listan har {len(listed)} rader; högst {MOST_LISTED} är tillåtna.")
    municipalities = base().parties[1:]
    rows: dict[str, dict[str, str]] = {}
    for number, row in enumerate(listed, start=2):
        told = {key: str(row.get(key) or "").strip() for key in ("municipality", "item", "label")}
        if told["municipality"] not in municipalities:
            raise Refused(f"Rad {number}: kommunen ska vara en av {', '.join(municipalities)}.")
        if not 0 < len(told["item"]) <= 64 or len(told["label"]) > 120:
            raise Refused(f"Rad {number}: inventarienumret ska ha 1 till 64 tecken, benämningen högst 120.")
        if rows.setdefault(told["item"], told) is not told:
            raise Refused(f"Rad {number}: inventariet {told['item']} står redan i listan.")
    return list(rows.values())


def _counted(rows: Sequence[Mapping[str, str]], stated: Any) -> dict[str, str]:
    """How many of the list each municipality has; a count that is stated too must agree."""
    found = Counter(row["municipality"] for row in rows)
    counts = {name: str(found[name]) for name in base().parties[1:]}
    if isinstance(stated, Mapping):
        for name, count in counts.items():
            if name in stated and str(stated[name]) != count:
                raise Refused(f"{base().words.code(name)}: {differs(count, stated[name])}")
    return counts


def differs(listed: str | int, stated: object) -> str:
    """That a list and a number beside it do not agree."""
    return f"listan har {listed} inventarie{'' if str(listed) == '1' else 'r'}, angivet är {stated}."


#: What each kind must state, and may: what the parties decide is taken from the agreement's entered values.
_STATED = {
    BasisKind.EQUIPMENT_FIXED: {"half_year", "counts"},
    BasisKind.SUPPLEMENT: {"affiliated", "year"},
    BasisKind.DEVELOPMENT_FUND: {"amount"},
    BasisKind.NATIONAL_SHARE: {"amount", "populations"},
}


def _refuse_bad(kind: str, period: str, month: int, case: Mapping[str, Any], source: str) -> None:
    """Refuse what the charge itself would refuse; a number that nobody has entered yet does not matter here."""
    if set(case) != _STATED[BasisKind(kind)]:
        raise Refused(f"Underlaget ska ange {', '.join(sorted(_STATED[BasisKind(kind)]))}.")
    try:
        days = Period.parse(period)
        first_day(month)
    except ValueError:
        raise Refused("Perioden ska vara som 2026H1 eller 2026, månaden som 202603.") from None
    if not 0 < len(source.strip()) <= 300:
        raise Refused("Ange dokumentet som uppgifterna kommer från, högst 300 tecken.")
    _refuse_other_period(kind, days, case)
    book = book_now()
    try:
        answer = charge_of(kind).price(dict(case) | _known(kind, month, case, book), book.edition)
    except BadFacts as bad:
        raise Refused("; ".join(f"{fault.fact}: {fault.allowed}" for fault in bad.faults)) from None
    except MissingValue:
        return
    if answer.missing:
        raise Refused(f"Underlaget saknar {', '.join(answer.missing)}.")


def _refuse_other_period(kind: str, period: Period, case: Mapping[str, Any]) -> None:
    region, *municipalities = base().parties
    if kind == BasisKind.EQUIPMENT_FIXED:
        if case["half_year"] != period.name:
            raise Refused(f"Halvåret ska vara {period.name}, som underlagets period.")
        absent = [name for name in municipalities if name not in case["counts"]]
        if absent:
            told = ", ".join(map(base().words.code, absent))
            raise Refused(f"Antal saknas för {told}; en kommun utan inventarier har antalet 0.")
    if kind == BasisKind.SUPPLEMENT and str(case["year"]) != period.name:
        raise Refused(f"Året ska vara {period.name}, som underlagets period.")
    if kind == BasisKind.NATIONAL_SHARE and region not in case["populations"]:
        raise Refused(f"Folkmängden för den egna regionen saknas: ange den som {region}.")


def _known(kind: str, month: int, case: Mapping[str, Any], book: Book) -> dict[str, Any]:
    if kind == BasisKind.DEVELOPMENT_FUND:
        return {"shares": book.development_key(first_day(month)) or {}}
    if kind == BasisKind.SUPPLEMENT and str(case["year"]).isdecimal():
        return {"factors": book.factors(int(case["year"]))}
    return {}


def _tell(actor: Actor, action: str, basis: Basis, *, at: datetime, why: str = "") -> None:
    after: dict[str, Any] = {"kind": basis.kind, "period": basis.period, "state": basis.state, "digest": basis.digest}
    if action == "register_basis":
        after |= {"stated": basis.stated, "example": basis.example, "source": basis.source}
    record(
        actor, f"settlement.{action}", basis.public_id, at=at, parties=ALL_PARTIES, why=why,
        clauses=CLAUSES[BasisKind(basis.kind)], after=after,
    )  # fmt: skip
