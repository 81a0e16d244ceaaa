"""What shared sums rest on: the list, registering with a preview, and the page on which another person approves."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from avtal import money
from avtal.book.answer import Answer, BadFacts
from avtal.book.missing import MissingValue
from avtal.settlement import key_missing
from samverka.agreements.selectors import book_now
from samverka.care.selectors_affiliation import keeps_register
from samverka.core import clock
from samverka.core.acting import Actor
from samverka.core.cells import shown
from samverka.core.errors import Refused
from samverka.core.forms import tried
from samverka.core.listing import Column
from samverka.core.once import once
from samverka.parties.access import ActingRequest, acting
from samverka.settlement import affiliated, exports
from samverka.settlement import basis as service
from samverka.settlement.ahead import basis_kinds
from samverka.settlement.forms import Withdrawal
from samverka.settlement.forms_basis import FORMS, BasisForm, Case, Equipment
from samverka.settlement.models import Basis, BasisKind
from samverka.settlement.selectors import basis_for
from samverka.settlement.shown import code, label
from samverka.settlement.views_lists import BASES, BASIS_STATES, name, without_list

SHOWN = 100  # rows of a list on the page; its files have all of them
PREVIEW, SAVE = "preview", "save"
ITEMS = (
    Column("municipality", "Kommun", lambda row: code(row["municipality"])),
    Column("item", "Inventarienummer", lambda row: row["item"]),
    Column("label", "Benämning", lambda row: row["label"]),
)


def basis_or_404(request: ActingRequest, public_id: str) -> Basis:
    """The basis that an address names, for those who see it."""
    return get_object_or_404(basis_for(request.actor), public_id=public_id)


@acting("read")
@require_GET
def bases(request: ActingRequest) -> HttpResponseBase:
    """Every basis that the actor sees."""
    kinds = basis_kinds(request.actor) if request.actor.may("register") else []
    context = {"kinds": [(kind.value, kind.label) for kind in kinds]}
    return BASES.response(request, without_list(basis_for(request.actor)), "settlement/bases.html", context)


@acting("register")
@require_http_methods(["GET", "POST"])
@once
def new(request: ActingRequest, kind: str) -> HttpResponse:
    """The form of a kind; what it gives; and then the registration."""
    if kind not in FORMS:
        raise Http404(kind)
    if kind not in basis_kinds(request.actor):
        raise PermissionDenied("Din part registrerar inte detta underlag.")
    today = clock.today()
    form = FORMS[kind](today, request.POST or None, request.FILES or None, initial=_asked(request))
    context: dict[str, Any] = {"kind": kind, "label": BasisKind(kind).label}
    if form.is_bound and form.is_valid():
        try:
            case = form.case()
            if request.POST.get("step") == SAVE:
                made = _registered(request, form, case)
                messages.success(request, "Underlaget är registrerat. Det gäller när en annan person har godkänt det.")
                return redirect("settlement:basis", made.public_id)
            service.read_list(kind, case.listed)  # what is shown is what can be registered
            context |= _priced(_unsaved(kind, case)) | {"seen": True, "counted": _counted(kind, case)}
            form = _with_list(form, request)
        except Refused as refused:
            form.add_error(None, str(refused))
        except BadFacts as bad:
            form.add_error(None, "; ".join(f"{label(fault.fact)}: {fault.allowed}" for fault in bad.faults))
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "settlement/new_basis.html", {**context, "form": form}, status=status)


def _asked(request: ActingRequest) -> dict[str, str]:
    """What an address asks for: a half-year, a year."""
    return {key: str(value) for key, value in request.GET.items() if key in ("half_year", "year")}


def _registered(request: ActingRequest, form: BasisForm, case: Case) -> Basis:
    return service.register_basis(
        request.actor, kind=form.kind.value, period=case.period, month=case.month, stated=case.stated,
        listed=case.listed, counted_on=case.counted_on, source=form.cleaned_data["source"],
        example=form.cleaned_data["example"], at=clock.now(),
    )  # fmt: skip


def _with_list(form: BasisForm, request: ActingRequest) -> BasisForm:
    """The form as it is sent again: a file that was read has become its text."""
    if not isinstance(form, Equipment) or not form.listed:
        return form
    again = Equipment(form.on, {**request.POST.dict(), "rows": form.listed_text()})
    again.is_valid()
    return again


def _unsaved(kind: str, case: Case) -> Basis:
    return Basis(kind=kind, period=case.period, month=case.month, stated=case.stated, listed=case.listed)


def _counted(kind: str, case: Case) -> dict[str, Any] | None:
    """How the number of persons came about, as it will be kept."""
    return affiliated.count_of(case.stated, clock.now()).explanation if kind == BasisKind.SUPPLEMENT else None


def _priced(found: Basis) -> dict[str, Any]:
    """What a basis gives as the agreement is computed today, or what is missing for it."""
    book = book_now()
    context: dict[str, Any] = {"words": book.edition.words}
    try:
        answer = service.answer_of(found, book)
    except MissingValue as lack:
        return {**context, "lack": str(lack)}
    if answer.missing:
        raise Refused(f"Underlaget saknar {', '.join(map(label, answer.missing))}.")
    charge = service.charge_of(found.kind)
    if not answer.shares and charge.key:
        return {**context, "lack": str(key_missing(charge, book.edition)), "answer": answer}
    return {**context, "answer": answer, "shares": _shares(answer), "flags": [code(flag) for flag in answer.flags]}


def _shares(answer: Answer) -> list[tuple[str, int]]:
    return [(code(part), amount) for part, amount in answer.shares.items()]


@acting("read")
@require_GET
def basis(request: ActingRequest, public_id: str) -> HttpResponse:
    """A basis: what it states, its list, what it gives."""
    found = basis_or_404(request, public_id)
    return render(request, "settlement/basis.html", _told(request, found))


def _told(request: ActingRequest, found: Basis) -> dict[str, Any]:
    actor = request.actor
    keeps = actor.party in service.keepers(found.kind)
    made_it = found.registered_by_id == actor.user.pk
    try:
        priced = _priced(found)
    except BadFacts as bad:  # registered when the charge allowed it
        priced = {"lack": str(bad)}
    return {
        **priced, "basis": found, "label": BasisKind(found.kind).label, "state": BASIS_STATES[found.state],
        "keeper": name(found.party), "stated": list(_stated(found)), "rows": found.listed[:SHOWN],
        "items": len(found.listed), "shown": SHOWN, "clauses": service.CLAUSES[BasisKind(found.kind)],
        "may_approve": keeps and found.state == "registered" and actor.may("approve") and not made_it,
        "own_waits": keeps and made_it and found.state == "registered",
        "may_withdraw": found.state != "withdrawn" and _may_withdraw(actor, found), "counted": found.explanation,
        # what the register says by now is for whoever has it: others could tell from it when somebody was affiliated
        "changed": affiliated.what_changed(found) if keeps_register(actor) and found.state != "withdrawn" else "",
    }  # fmt: skip


def grouped(count: str) -> str:
    """A whole number as a reader expects it; anything else as it stands."""
    return shown("count", int(count)) if count.isascii() and count.isdigit() else count


def _may_withdraw(actor: Actor, found: Basis) -> bool:
    return actor.party in service.keepers(found.kind) and (actor.may("register") or actor.may("approve"))


def _stated(found: Basis) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """What is stated: label and value, or label and a table."""
    for key, value in found.stated.items():
        if isinstance(value, dict):
            yield label(key), "", [(code(name_), grouped(str(count))) for name_, count in value.items()]
        else:
            yield label(key), money.swedish(money.ore(money.number(value))) if key == "amount" else str(value), []


@acting("read")
@require_GET
def list_file(request: ActingRequest, public_id: str, form: str) -> HttpResponseBase:
    """The list that was counted, as CSV or XLSX."""
    found = basis_or_404(request, public_id)
    if not found.listed:
        raise Http404(form)
    return exports.answer(form, f"inventarier-{found.period.lower()}", ITEMS, iter(found.listed))


@acting("approve", fresh=True)
@require_http_methods(["GET", "POST"])
@once
def approve(request: ActingRequest, public_id: str) -> HttpResponse:
    """Approve what another person has registered."""
    found, refused = basis_or_404(request, public_id), ""
    if request.method == "POST":
        try:
            service.approve_basis(request.actor, found, at=clock.now())
        except Refused as error:
            refused = str(error)
        else:
            messages.success(request, "Underlaget är godkänt och avräknas i sin månad.")
            return redirect("settlement:basis", found.public_id)
    context = {**_told(request, found), "refused": refused}
    return render(request, "settlement/approve_basis.html", context, status=409 if refused else 200)


@acting("read")
@require_http_methods(["GET", "POST"])
@once
def withdraw(request: ActingRequest, public_id: str) -> HttpResponse:
    """Withdraw a basis that is not invoiced, with a reason: for those who register and those who approve."""
    found = basis_or_404(request, public_id)
    if not _may_withdraw(request.actor, found):
        raise PermissionDenied("Underlaget återkallas av den part som registrerar det.")
    form = Withdrawal(request.POST or None)
    if tried(form, partial(service.withdraw_basis, request.actor, found, at=clock.now())):
        messages.success(request, "Underlaget är återkallat.")
        return redirect("settlement:bases")
    context = {"basis": found, "label": BasisKind(found.kind).label, "form": form}
    return render(request, "settlement/withdraw_basis.html", context, status=422 if form.errors else 200)
