"""The page ``Vad händer om``: a form, a chart and the table that it is drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from avtal.explain import Words
from samverka.agreements.selectors import book_now
from samverka.care.forms_what_if import OURS, WhatIf
from samverka.care.log import Access
from samverka.care.models.log import Action
from samverka.care.what_if import Row, made_up, our_cases, shares
from samverka.core import clock
from samverka.core.access import ActingRequest, acting

#: The chart in its own units: half its width, the height of a row, and of a bar.
HALF, TALL, THICK = 200, 44, 18


@acting("read")
@require_GET
def what_if(request: ActingRequest) -> HttpResponse:
    """Whom a draft would move, among made-up persons or the cases of the actor's party."""
    edition = book_now().edition
    form = WhatIf(edition, request.GET or None)
    context: dict[str, object] = {"form": form, "shares": shares(edition.code), "edition": edition}
    if form.is_bound and form.is_valid():
        given, change = form.cleaned_data, form.change()
        if given["cohort"] == OURS:
            found = our_cases(
                request.actor, edition, change, access=Access(Action.WHAT_IF, clock.now()), on=clock.today()
            )
        else:
            found = made_up(
                request.actor, edition, change, count=given["persons"], seed=given["seed"], on=clock.today()
            )
        named = [Named(_name(row.group, edition.words), row) for row in found]
        context |= {"made_up": given["cohort"] != OURS, "change": change}
        context |= {"rows": named[:-1], "total": named[-1], "chart": chart(named[:-1])}
    wrong = form.is_bound and not form.is_valid()
    return render(request, "care/what_if.html", context, status=422 if wrong else 200)


@dataclass(frozen=True, slots=True)
class Named:
    """A row with the name that it has on the page."""

    name: str
    row: Row


@dataclass(frozen=True, slots=True)
class Bar:
    """One municipality in the chart: to the left those who go to the region, to the right those who go to it."""

    name: str
    text_at: int
    bar_at: int
    left: int
    right: int
    to_region: int
    to_municipality: int

    @property
    def bar_end(self) -> int:
        """Where the bars end, and the axis between them, which leaves the name alone."""
        return self.bar_at + THICK

    @property
    def left_at(self) -> int:
        """Where the left bar starts."""
        return HALF - self.left

    @property
    def right_end(self) -> int:
        """Where the right bar ends."""
        return HALF + self.right


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars, and the height of all of them."""

    bars: list[Bar]
    height: int
    middle: int = HALF
    width: int = 2 * HALF
    thick: int = THICK


def chart(rows: list[Named]) -> Chart | None:
    """Those of the rows where somebody moves, drawn to one scale; none where nobody does."""
    most = max((max(one.row.to_region, one.row.to_municipality) for one in rows), default=0)
    if not most:
        return None
    room = HALF - 50  # the number stands beside its bar
    moving = [one for one in rows if one.row.to_region or one.row.to_municipality]
    bars = [
        Bar(
            one.name, place * TALL + 14, place * TALL + 20, one.row.to_region * room // most,
            one.row.to_municipality * room // most, one.row.to_region, one.row.to_municipality,
        )
        for place, one in enumerate(moving)
    ]  # fmt: skip
    return Chart(bars, len(bars) * TALL + 4)


def _name(group: str | None, words: Words) -> str:
    if group is None:
        return "Folkbokföring okänd"
    return words.code(group).capitalize() if group else "Alla"
