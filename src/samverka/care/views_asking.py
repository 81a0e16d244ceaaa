"""``Vem ansvarar?``: asked by anyone, without signing in. Nothing is kept, and no fact is in an address or a log.

Each step is a POST of all the answers so far; what is answered lives in the page alone.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samverka.agreements.county import QUESTIONS, asked, base
from samverka.agreements.selectors import book_now
from samverka.care.asking_page import Asking, Page, asking_of
from samverka.care.forms_asking import Sent, nothing_sent, read
from samverka.care.services import CFS_ASSESSORS, CFS_VERSIONS
from samverka.core import clock

#: The question that another one leads on to, and the one that a case is about.
ONWARDS, CASES = "product", "care"


@require_GET
def entrances(request: HttpRequest) -> HttpResponse:
    """The three ways in, and what becomes of what is answered."""
    ways = [(reverse(f"asking:{name}"), asked().entrances[name]) for name in QUESTIONS]
    return render(request, "care/asking_entrances.html", {"ways": ways})


@require_GET
def clause(request: HttpRequest, clause_id: str) -> HttpResponse:
    """What a clause says, for who is not signed in."""
    edition = base()
    found = edition.clauses.get(clause_id)
    if found is None:
        raise Http404(f"{clause_id}: klausulen finns inte")
    return render(request, "care/asking_clause.html", {"clause": found, "document": edition.documents[found.document]})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def care(request: HttpRequest) -> HttpResponse:
    """Who answers for a person's care."""
    return _step(request, "care")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def product(request: HttpRequest) -> HttpResponse:
    """Who pays for and prescribes a product."""
    return _step(request, "product")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def matter(request: HttpRequest) -> HttpResponse:
    """Who answers for something that is neither a person's care nor a product."""
    return _step(request, "matter")


@sensitive_post_parameters()
@never_cache
@require_POST
def care_sheet(request: HttpRequest) -> HttpResponse:
    """The answer about care on paper."""
    return _sheet(request, "care")


@sensitive_post_parameters()
@never_cache
@require_POST
def product_sheet(request: HttpRequest) -> HttpResponse:
    """The answer about a product on paper."""
    return _sheet(request, "product")


@sensitive_post_parameters()
@never_cache
@require_POST
def matter_sheet(request: HttpRequest) -> HttpResponse:
    """The answer about a matter on paper."""
    return _sheet(request, "matter")


def _step(request: HttpRequest, name: str) -> HttpResponse:
    asking = asking_of(name, book_now().edition)
    sent = _sent(request, asking)
    page = asking.page(sent)
    if sent.back and not page.fields:
        return redirect("asking:entrances")
    known = _known(request, asking, page, name)
    if page.fields:
        wrong = page.faults and "HX-Request" not in request.headers  # htmx shows nothing of an answer that is a fault
        return render(request, "care/asking_step.html", known, status=422 if wrong else 200)
    return render(request, "care/asking_outcome.html", {**known, **_answered(request, asking, page)})


def _sheet(request: HttpRequest, name: str) -> HttpResponse:
    asking = asking_of(name, book_now().edition)
    sent = _sent(request, asking)
    page = asking.page(Sent(sent.raw, outcome=True, rating=sent.rating))
    if page.turn.answer is None:
        return _step(request, name)
    known = {**_known(request, asking, page, name), **_answered(request, asking, page)}
    return render(request, "care/asking_sheet.html", {**known, "edition": asking.interview.edition})


def _sent(request: HttpRequest, asking: Asking) -> Sent:
    today = clock.today()
    if request.method != "POST":
        return nothing_sent(today)
    return read(request.POST, asking.interview, asking.fields, today)


def _known(request: HttpRequest, asking: Asking, page: Page, name: str) -> dict[str, Any]:
    """What every page of the question knows; the first one does not take the focus."""
    return {
        "name": name,
        "entrance": asking.interview.entrance,
        "page": page,
        "versions": CFS_VERSIONS,
        "assessors": CFS_ASSESSORS,
        "action": reverse(f"asking:{name}"),
        "sheet": reverse(f"asking:{name}_sheet"),
        "clause_page": "agreements:clause" if getattr(request, "actor", None) else "asking:clause",
        "begun": request.method == "POST",
        "words": asking.telling.words,
    }


def _answered(request: HttpRequest, asking: Asking, page: Page) -> dict[str, Any]:
    answer, actor = page.turn.answer, getattr(request, "actor", None)
    assert answer is not None  # a page without questions has nothing wrong
    may_open = actor.may("register") if actor else False
    onwards = {}
    if ONWARDS in asking.interview.entrance.carries:
        onwards = asking.carried(ONWARDS, page, answer.fields)
    return {
        "outcome": asking.telling.outcome(page.turn, answer),
        "onwards": onwards,
        "onwards_to": reverse(f"asking:{ONWARDS}"),
        "open_case": reverse("care:open") if may_open and asking.interview.question.name == CASES else "",
    }
