"""Browsing the agreement by document and clause."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from samverka.agreements import browsing
from samverka.agreements.forms import Search
from samverka.parties.access import ActingRequest, acting


@acting("read")
@require_GET
def browse(request: ActingRequest) -> HttpResponse:
    """The documents, and the clauses that a search finds."""
    form = Search(request.GET or None)
    text = form.cleaned_data["q"].strip() if form.is_bound and form.is_valid() else ""
    found = browsing.search_for(request.actor, text)
    context = {"documents": browsing.documents_for(request.actor), "form": form, "text": text, "found": found}
    return render(request, "agreements/browse.html", context)


@acting("read")
@require_GET
def document(request: ActingRequest, code: str) -> HttpResponse:
    """One document, clause by clause."""
    found = browsing.document_for(request.actor, code)
    if found is None:
        raise Http404(f"{code}: dokumentet finns inte")
    return render(request, "agreements/document.html", {"document": found})


@acting("read")
@require_GET
def clause(request: ActingRequest, clause_id: str) -> HttpResponse:
    """One clause with its duties, rules, numbers, open questions and uses."""
    found = browsing.clause_for(request.actor, clause_id)
    if found is None:
        raise Http404(f"{clause_id}: klausulen finns inte")
    return render(request, "agreements/clause.html", {"page": found})
