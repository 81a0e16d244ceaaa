"""The events of a line, a page at a time, and lines and events as files: of a proposal as of an invoice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from samverka.agreements.selectors import OtherBook
from samverka.assignments.kinds import BY_CHARGE
from samverka.parties.access import ActingRequest, acting
from samverka.settlement import exports
from samverka.settlement.events import PAGE, LineEvent, events_of
from samverka.settlement.models import Invoice, Proposal, ProposalLine
from samverka.settlement.selectors import lines_of
from samverka.settlement.shown import shown
from samverka.settlement.views_lists import name

#: Finds what an address names for who asks, or answers 404; the table of addresses says which of the two it is.
OrNotFound = Callable[[ActingRequest, str], Proposal | Invoice]
#: The page of each.
PAGES: dict[type, str] = {Proposal: "settlement:proposal", Invoice: "settlement:invoice"}


@dataclass(frozen=True)
class EventShown:
    """An event with the address of its work; a share has none."""

    event: LineEvent

    @property
    def address(self) -> str:
        """Where the work is shown."""
        if not self.event.public_id:
            return ""
        return reverse("assignments:work", args=[BY_CHARGE[self.event.charge].slug, self.event.public_id])


@acting("read")
@require_GET
def events(request: ActingRequest, public_id: str, number: int, of: OrNotFound) -> HttpResponse:
    """The events of a line, each with its own explanation."""
    found = of(request, public_id)
    line = get_object_or_404(lines_of(found), number=number)
    after = request.GET.get("efter", "0")
    if not (after.isascii() and after.isdigit() and len(after) < 19):
        raise Http404(after)
    gone = ""
    try:
        rows = events_of(line, after=int(after), limit=PAGE + 1)
    except OtherBook as other:  # the program has other rules since: the amounts stand, how they came about does not
        gone, rows = str(other), exports.unexplained(line, after=int(after), limit=PAGE + 1)
    context = {
        "line": shown(line), "found": found, "gone": gone, "page": PAGES[type(found)], "to": name(line.stream),
        "events": [EventShown(row) for row in rows[:PAGE]],
        "next": rows[PAGE - 1].key if len(rows) > PAGE else None, "first": after == "0",
        "is_proposal": isinstance(line, ProposalLine),
    }  # fmt: skip
    return render(request, "settlement/events.html", context)


@acting("read")
@require_GET
def lines_file(request: ActingRequest, public_id: str, form: str, of: OrNotFound) -> HttpResponseBase:
    """The lines as CSV or XLSX."""
    found = of(request, public_id)
    return exports.lines_file(form, exports.name_of(found, "rader"), found)


@acting("read")
@require_GET
def events_file(request: ActingRequest, public_id: str, form: str, of: OrNotFound) -> HttpResponseBase:
    """The events as CSV or XLSX."""
    found = of(request, public_id)
    return exports.events_file(form, exports.name_of(found, "handelser"), found)
