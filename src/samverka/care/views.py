"""Cases: the list, one case, its facts, its print sheet, what the person may know of who looked at it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samverka.agreements.selectors import book_now
from samverka.care import selectors, selectors_log, services
from samverka.care.again import shown_again
from samverka.care.forms_facts import FactsForm
from samverka.care.forms_search import NOT_IN_ADDRESS, CaseSearch, NumberSearch
from samverka.care.log import Access
from samverka.care.models.case import Case
from samverka.care.models.log import Action
from samverka.care.question import BadCase
from samverka.care.selectors_affiliation import keeps_register
from samverka.care.shown import party_name, state_of, told
from samverka.care.states import STEPS
from samverka.care.steps import why_not
from samverka.core import clock
from samverka.core.errors import Refused
from samverka.core.files import csv_response, xlsx_response
from samverka.core.listing import Column, Listing
from samverka.core.once import once
from samverka.parties.access import ActingRequest, acting

TODO = {
    "draft": "utkast", "proposed": "att öppna dialog om", "answer": "väntar på ert svar", "decide": "att besluta om",
    "dispute": "i tvist", "hand_over": "att lämna över", "receive": "att ta emot", "start": "att starta",
    "review": "att ompröva", "go_on": "omprövade",
}  # fmt: skip


def address_of(case: Any) -> str:
    """A case's page."""
    return reverse("care:case", args=[case.public_id])


CASES = Listing(
    "arenden",
    (
        Column("number", "Ärende", lambda row: row.number, "code", sort="number", link=address_of),
        Column("state", "Läge", state_of, "tag", sort="state"),
        Column("owner", "Bedömer", lambda row: party_name(row.owner), sort="owner"),
        Column("other", "Motpart", lambda row: party_name(row.other), sort="other"),
        Column("proposed", "Förslag", lambda row: party_name(row.proposed_party)),
        Column("responsible", "Beslut", lambda row: party_name(row.responsible_party)),
        Column("review", "Omprövas", lambda row: row.review_on, "date", sort="review_on"),
        Column("changed", "Ändrat", lambda row: row.changed_at, "datetime", sort="changed_at"),
        Column("example", "Exempel", lambda row: row.example, "example"),
    ),
    order="-changed",
)
#: What a search for a number finds, on a page of its own that has no address to sort or fetch by.
FOUND = Listing(CASES.name, [replace(column, sort="") for column in CASES.columns], order="-changed_at")
SEEN = (
    Column("on", "Dag", lambda row: row.on, "date"),
    Column("unit", "Enhet", lambda row: row.unit),
    Column("count", "Antal gånger", lambda row: row.count, "count"),
    Column("times", "Klockan", lambda row: row.times),
)


@acting("read")
@require_GET
def case_list(request: ActingRequest) -> HttpResponseBase:
    """The cases of the own party; for those who work with none, how many there are."""
    if not request.actor.may("care"):
        return redirect("care:statistics")
    if "number" in request.GET:
        messages.error(request, NOT_IN_ADDRESS)
        return redirect("care:list")
    todo = request.GET.get("todo", "")
    search = CaseSearch(request.actor, request.GET)
    valid = search.is_valid()
    asked = search.asked if valid else {}
    if todo in TODO:
        asked["todo"] = todo
    reason = search.why if valid else None
    searched = bool(set(asked) - {"todo"})
    form = request.GET.get("format")
    if valid and form in {"csv", "xlsx"}:
        access = Access(Action.EXPORT, clock.now(), reason)
        rows = selectors.cases_for(request.actor, access=access, on=clock.today(), **asked)
        return (csv_response if form == "csv" else xlsx_response)(CASES.name, CASES.columns, rows)
    page = None
    if valid:
        access = Access(Action.SEARCH if searched else Action.LIST, clock.now(), reason)
        page = selectors.page_of_cases_for(
            request.actor, lambda rows: CASES.page(request, rows), access=access, on=clock.today(), **asked
        )
    context = {"find": NumberSearch(), "search": search, "todo": TODO.get(todo, ""), "page": page}
    return _cases(request, context, valid=valid)


@acting("care")
@require_POST
def find(request: ActingRequest) -> HttpResponse:
    """A case by its number."""
    form = NumberSearch(request.POST)
    valid, found = form.is_valid(), None
    if valid:
        access, number = Access(Action.SEARCH, clock.now(), form.why), form.cleaned_data["number"]
        found = selectors.page_of_cases_for(
            request.actor, lambda rows: FOUND.page(request, rows), access=access, on=clock.today(), number=number
        )
    search = CaseSearch(request.actor, {})
    search.is_valid()
    return _cases(request, {"find": form, "search": search, "found": found}, valid=valid)


def _cases(request: ActingRequest, context: dict[str, Any], *, valid: bool) -> HttpResponse:
    context |= {"may_open": request.actor.may("register"), "register": keeps_register(request.actor)}
    return render(request, "care/case_list.html", context, status=200 if valid else 422)


def seen(request: ActingRequest, public_id: str, action: Action = Action.VIEW) -> Case:
    """The case that an address names, once this is in the log; 404 for who has nothing to do with it."""
    return selectors.case_for(request.actor, public_id, access=Access(action, clock.now()))


@acting("care")
@require_GET
def case(request: ActingRequest, public_id: str) -> HttpResponse:
    """One case: what is proposed and why, what has happened, what is next."""
    return render(request, "care/case.html", told(request.actor, seen(request, public_id)))


@acting("care")
@require_GET
def case_print(request: ActingRequest, public_id: str) -> HttpResponse:
    """The same on a sheet of its own."""
    found = told(request.actor, seen(request, public_id, Action.PRINT))
    return render(request, "care/case_print.html", {**found, "at": clock.now()})


@acting("register")
@require_GET
def new(request: ActingRequest) -> HttpResponse:
    """Every case starts in the open question, which asks for what matters and no more."""
    messages.info(request, "Svara på frågorna. Vid svaret kan du spara det som ärende.")
    return redirect("asking:care")


@acting("register")
@require_POST
@once
def open_case(request: ActingRequest) -> HttpResponse:
    """A draft of what the open question was told."""
    form = FactsForm(book_now().edition, clock.today(), request.POST)
    if form.is_valid():
        try:
            made = services.open_case(request.actor, stated=form.stated, cfs=form.cfs, at=clock.now())
        except Refused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, f"Ärende {made.number} är öppnat som utkast. Bara ni ser det.")
            return redirect(address_of(made))
    return _facts_page(request, form, None)


@acting("register")
@require_http_methods(["GET", "POST"])
@shown_again(seen)
@once
def change(request: ActingRequest, public_id: str) -> HttpResponse:
    """The facts of a draft."""
    found = seen(request, public_id)
    form = FactsForm(book_now().edition, clock.today(), request.POST or None, case=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(
                request.actor, found, stated=form.stated, cfs=form.cfs, at=clock.now(),
                revision=form.cleaned_data["revision"],
            )  # fmt: skip
        except Refused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, "Uppgifterna är sparade.")
            return redirect(address_of(found))
    return _facts_page(request, form, found)


def _facts_page(request: ActingRequest, form: FactsForm, case: Case | None) -> HttpResponse:
    wrong = form.is_bound and bool(form.errors)
    refused = why_not(STEPS["change"], request.actor, case) if case else ""
    context = {"form": form, "case": case, "refused": refused}
    return render(request, "care/case_facts.html", context, status=422 if wrong else 200)


def _refuse(form: FactsForm, refused: Refused) -> None:
    if isinstance(refused, BadCase):
        form.refuse(refused.faults)
    else:
        form.add_error(None, str(refused))


@acting("approve")
@require_GET
def extract(request: ActingRequest, public_id: str) -> HttpResponseBase:
    """Which units of the own party have had the case before them, and when: for the person who asks."""
    access = Access(Action.EXTRACT, clock.now())
    found, rows = selectors_log.extract_for(request.actor, public_id, access=access)
    if request.GET.get("format") == "csv":
        return csv_response(f"loggutdrag-{found.number}", SEEN, rows)
    context = {"case": found, "rows": rows, "party": party_name(request.actor.party), "at": clock.now()}
    return render(request, "care/case_extract.html", context)
