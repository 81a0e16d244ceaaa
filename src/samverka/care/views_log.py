"""Counting cases without opening any, and checking by samples who has opened them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from avtal.calendar import add_months
from samverka.care import selectors_log, services_log
from samverka.care.again import shown_again
from samverka.care.forms import DrawForm, FinishForm, JudgeForm, PeriodForm
from samverka.care.log import Access
from samverka.care.models.log import Action, Check, Judgement
from samverka.care.statistics import exported_statistics_for, lines_of, statistics_for
from samverka.core import clock
from samverka.core.files import csv_response, xlsx_response
from samverka.core.forms import tried
from samverka.core.listing import Column, Listing
from samverka.core.once import once
from samverka.parties.access import ActingRequest, acting

COUNTED = (
    Column("table", "Uppdelning", lambda row: row[0]),
    Column("value", "Värde", lambda row: row[1]),
    Column("count", "Antal, avrundat till femtal", lambda row: row[2], "count"),
    Column("few", "Anmärkning", lambda row: row[3]),
)
CHECKS = Listing(
    "stickprov",
    (
        Column("drawn", "Draget", lambda row: row.drawn_at, "datetime", sort="drawn_at",
               link=lambda row: reverse("care:check", args=[row.public_id])),
        Column("since", "Från och med", lambda row: row.since, "date", sort="since"),
        Column("until", "Till och med", lambda row: row.until, "date", sort="until"),
        Column("finished", "Avslutad", lambda row: row.finished_at, "datetime", sort="finished_at"),
        Column("summary", "Resultat", lambda row: row.summary),
    ),
    order="-drawn",
)  # fmt: skip


@acting("read")
@require_GET
def statistics(request: ActingRequest) -> HttpResponseBase:
    """How many cases of each sort, in whole fives."""
    form = PeriodForm(request.GET)
    valid = form.is_valid()
    given = form.cleaned_data if valid else {}
    since = date.fromisoformat(f"{given['since']}-01") if given.get("since") else None
    until = date.fromisoformat(f"{given['until']}-01") if given.get("until") else None
    last = add_months(until, 1) - timedelta(days=1) if until else None
    asked: dict[str, Any] = {"since": since, "until": last, "municipality": given.get("municipality") or ""}
    form_of = request.GET.get("format")
    if valid and form_of in {"csv", "xlsx"}:
        found = exported_statistics_for(request.actor, access=Access(Action.COUNT, clock.now()), **asked)
        return (csv_response if form_of == "csv" else xlsx_response)("arenden-statistik", COUNTED, lines_of(found))
    query = request.GET.copy()
    query.pop("format", None)
    shown = statistics_for(request.actor, **asked) if valid else None
    context = {"form": form, "found": shown, "query": query.urlencode()}
    return render(request, "care/case_statistics.html", context, status=200 if valid else 422)


@acting("administer")
@require_http_methods(["GET", "POST"])
@once
def checks(request: ActingRequest) -> HttpResponse:
    """The party's checks of its access log, and a new one."""
    today = clock.today()
    initial = {"since": add_months(today, -selectors_log.CHECK_MONTHS), "until": today, "size": 20}
    form = DrawForm(request.POST or None, initial=initial)
    if made := tried(form, partial(services_log.draw_check, request.actor, at=clock.now())):
        return redirect("care:check", made.public_id)
    rows = selectors_log.checks_for(request.actor)
    context = {
        "form": form,
        "due": selectors_log.check_is_due(request.actor, today),
        "page": CHECKS.page(request, rows),
    }
    return render(request, "care/case_checks.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A judgement that was not kept: of which line, what was filled in, and why."""

    line: int
    judgement: str
    note: str
    told: str


@acting("administer")
@require_GET
def check(request: ActingRequest, public_id: str) -> HttpResponse:
    """One check, line by line."""
    return _shown(request, public_id, FinishForm())


def _shown(request: ActingRequest, public_id: str, finish: FinishForm, refusal: Refusal | None = None) -> HttpResponse:
    """A check's page, with what was filled in where it was refused."""
    found, drawn = _lines(request, public_id)
    counted = selectors_log.counted(drawn)
    counts = [(one.label.capitalize(), counted[one.value]) for one in Judgement]
    left = sum(line.judgement is None for line in drawn)
    numbers = {line.sampled.pk: number for number, line in enumerate(drawn, 1)}
    context = {
        "check": found, "drawn": drawn, "counts": counts, "left": left, "finish": finish, "refusal": refusal,
        "judgements": Judgement.choices, "row": numbers.get(refusal.line) if refusal else None,
    }  # fmt: skip
    return render(request, "care/case_check.html", context, status=422 if refusal or finish.errors else 200)


def _lines(request: ActingRequest, public_id: str, **_: int) -> tuple[Check, list[selectors_log.Drawn]]:
    """The check that an address names, and its lines, once this is in the log."""
    return selectors_log.check_for(request.actor, public_id, access=Access(Action.CHECK, clock.now()))


def _own(request: ActingRequest, public_id: str) -> Check:
    return get_object_or_404(selectors_log.checks_for(request.actor), public_id=public_id)


@acting("administer")
@require_POST
@shown_again(_lines)
@once
def judge(request: ActingRequest, public_id: str, sampled: int) -> HttpResponse:
    """What was found of one line."""
    form, found = JudgeForm(request.POST), _own(request, public_id)
    if tried(form, partial(services_log.judge, request.actor, found, sampled, at=clock.now())):
        return redirect(f"{reverse('care:check', args=[public_id])}#rad-{sampled}")
    told = " ".join(str(fault) for fault in form.non_field_errors()) or "Välj en bedömning och skriv högst 160 tecken."
    refusal = Refusal(sampled, request.POST.get("judgement", ""), request.POST.get("note", ""), told)
    return _shown(request, public_id, FinishForm(), refusal)


@acting("administer")
@require_POST
@shown_again(_lines)
@once
def finish(request: ActingRequest, public_id: str) -> HttpResponse:
    """Sum a check up."""
    form, found = FinishForm(request.POST), _own(request, public_id)
    if not tried(form, partial(services_log.finish_check, request.actor, found, at=clock.now())):
        return _shown(request, public_id, form)
    messages.success(request, "Kontrollen är avslutad.")
    return redirect("care:check", public_id)
