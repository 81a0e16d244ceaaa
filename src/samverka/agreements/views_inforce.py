"""Numbers and readings in force on a day, as known on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from samverka.agreements import inforce
from samverka.agreements.book import Book
from samverka.agreements.browsing import rules_on
from samverka.agreements.county import FACTORS, MUNICIPALITIES, base
from samverka.agreements.entries import entries_for
from samverka.agreements.forms import Days
from samverka.agreements.models import EnteredKind
from samverka.agreements.payloads import NORMAL_RANGE
from samverka.agreements.selectors import book_known_on
from samverka.agreements.subjects import FACTOR_WORDS
from samverka.core import clock
from samverka.parties.access import ActingRequest, acting


@dataclass(frozen=True, slots=True)
class Asked:
    """The days that a page is asked for, and the book as it was known."""

    form: Days
    on: date
    known: date | None
    book: Book

    def context(self, **more: Any) -> dict[str, Any]:
        """What every page of days shows."""
        query = "".join(f"&{key}={value}" for key, value in (("on", self.on), ("known", self.known)) if value)
        return {"days": self.form, "on": self.on, "known": self.known, "book": self.book,
                "words": self.book.edition.words, "query": f"?{query[1:]}", **more}  # fmt: skip


def _asked(request: ActingRequest) -> Asked:
    """The days of the address; today where none, or none that is a day, is given."""
    today = clock.today()
    form = Days(request.GET or None, initial={"on": today, "known": today})
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    known: date | None = said.get("known")
    return Asked(form, said.get("on") or today, known if known and known < today else None,
                 book_known_on(known, today=today))  # fmt: skip


@acting("read")
@require_GET
def parameters(request: ActingRequest) -> HttpResponse:
    """Every number of the agreement."""
    asked = _asked(request)
    series = [inforce.series_page(asked.book, name, asked.on) for name in asked.book.edition.series]
    prices = inforce.prices(asked.book, asked.on)
    context = asked.context(prices=prices, series=series, lacking=any(one.lack for one in prices))
    return render(request, "agreements/parameters.html", context)


@acting("read")
@require_GET
def parameter(request: ActingRequest, name: str) -> HttpResponse:
    """One number: its values, and its price year by year where it follows an index."""
    asked = _asked(request)
    if name not in asked.book.edition.parameters:
        raise Http404(f"{name}: villkoret finns inte")
    kind, about = EnteredKind.PARAMETER, name
    if name in NORMAL_RANGE:
        kind, about = EnteredKind.NORMAL_RANGE, ""
    page = inforce.parameter_page(asked.book, name, asked.on)
    entries = entries_for(request.actor, asked.book, kinds=[kind], name=about, known=asked.known)
    return render(request, "agreements/parameter.html", asked.context(page=page, entries=entries, kind=kind.value))


@acting("read")
@require_GET
def series(request: ActingRequest, name: str) -> HttpResponse:
    """One index: its values and the prices that follow it."""
    asked = _asked(request)
    if name not in asked.book.edition.series:
        raise Http404(f"{name}: indexserien finns inte")
    page = inforce.series_page(asked.book, name, asked.on)
    entries = entries_for(request.actor, asked.book, kinds=[EnteredKind.INDEX], name=name, known=asked.known)
    return render(request, "agreements/series.html", asked.context(page=page, entries=entries))


@acting("read")
@require_GET
def keys(request: ActingRequest) -> HttpResponse:
    """How the supplement and the development money are shared, as the parties have decided."""
    asked = _asked(request)
    entries = entries_for(
        request.actor, asked.book, kinds=[EnteredKind.FACTORS, EnteredKind.DEVELOPMENT_KEY], known=asked.known
    )
    factors = [(name, FACTOR_WORDS[name]) for name in FACTORS]
    named = [(name, base().words.code(name)) for name in MUNICIPALITIES]
    models = sorted(asked.book.models.items(), reverse=True)
    key = asked.book.key_on(asked.on)
    context = asked.context(entries=entries, factors=factors, municipalities=named, models=models, key=key)
    return render(request, "agreements/keys.html", context)


@acting("read")
@require_GET
def readings(request: ActingRequest) -> HttpResponse:
    """The open questions of the text, and which answer is in force."""
    asked = _asked(request)
    rows = inforce.reading_rows(asked.book)
    return render(request, "agreements/readings.html", asked.context(rows=rows, open=sum(row.open for row in rows)))


@acting("read")
@require_GET
def reading(request: ActingRequest, id_: str) -> HttpResponse:
    """One open question: its options, who decides, where it bears."""
    asked = _asked(request)
    edition = asked.book.edition
    if id_ not in edition.readings:
        raise Http404(f"{id_}: läsningen finns inte")
    entries = entries_for(request.actor, asked.book, kinds=[EnteredKind.READING], name=id_, known=asked.known)
    row = inforce.reading_row(asked.book, id_)
    context = asked.context(row=row, entries=entries, charges=rules_on(edition, id_))
    return render(request, "agreements/reading.html", context)
