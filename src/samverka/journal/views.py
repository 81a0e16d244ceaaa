"""The journal's pages: what was done, its place in the chain, checkpoints and what is needed to check them oneself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from samverka.core import clock
from samverka.core.access import ActingRequest, acting
from samverka.core.acting import Role
from samverka.core.errors import Refused
from samverka.core.listing import Column, Filter, Listing
from samverka.journal import checkpoints as signed
from samverka.journal import personal, selectors, verifier
from samverka.journal.chain import waiting
from samverka.journal.models import Entry
from samverka.journal.subjects import page_of, subject_words
from samverka.journal.words import ACTIONS, action_words

ROLES = dict(Role.choices)


def _who(entry: Entry) -> str:
    """The name within the own party; the role for everybody else."""
    person: str = entry.person  # type: ignore[attr-defined]  # annotated by the selector
    return person or ROLES.get(selectors.told(entry)["role"], "systemet")


def _subject(entry: Entry) -> str:
    """What it is about, in words."""
    return subject_words(selectors.told(entry), selectors.told_first(entry))


def _page(entry: Entry) -> str | None:
    """The address of what it is about, where the reader has one."""
    own: bool = entry.own  # type: ignore[attr-defined]  # annotated by the selector
    found = page_of(selectors.told(entry), selectors.told_first(entry), own=own)
    return reverse(found[0], args=found[1]) if found else None


COLUMNS = (
    Column("at", "Tid", lambda row: row.at, "datetime", "id", lambda row: reverse("journal:entry", args=[row.pk])),
    Column("party", "Part", lambda row: row.party_name or "systemet"),
    Column("who", "Av", _who),
    Column("action", "Vad", lambda row: action_words(row.shown_action)),
    Column("subject", "Ämne", _subject, link=_page),
    Column("why", "Varför", lambda row: selectors.told(row)["why"]),
    Column("clauses", "Klausul", lambda row: ", ".join(selectors.told(row)["clauses"])),
    Column("seq", "Plats", lambda row: row.seq, "count"),
)


def _listing(actions: Mapping[str, str]) -> Listing:
    """The journal with the actions that a reader may be told of."""
    filters = (
        Filter("action", "Vad", "shown_action", sorted(actions.items(), key=lambda pair: pair[1])),
        Filter("subject", "Ämnets id", "shown_subject"),
        Filter("since", "Från och med", "at__gte"),
        Filter("until", "Till och med", "at__lte"),
    )
    return Listing("journal", COLUMNS, filters, order="-at")


JOURNAL = _listing(ACTIONS)
JOURNAL_WITHOUT_PERSONS = _listing(
    {name: told for name, told in ACTIONS.items() if not name.startswith(personal.APP) or name in personal.OPEN}
    | {name: told for name, (told, _) in personal.HIDDEN.items()}
)
CHECKPOINTS = Listing(
    "kontrollpunkter",
    [
        Column("at", "Undertecknad", lambda row: row.at, "datetime", "id"),
        Column("count", "Poster", lambda row: row.count, "count"),
        Column("chain", "Kedjan där", lambda row: bytes(row.chain).hex()),
        Column("file", "Fil", lambda _: "hämta", link=lambda row: reverse("journal:checkpoint", args=[row.pk])),
    ],
    order="-at",
)


@acting("read")
@require_GET
def journal(request: ActingRequest) -> HttpResponseBase:
    """What was done, the latest first."""
    listing = JOURNAL_WITHOUT_PERSONS if personal.hidden_from(request.actor) else JOURNAL
    return listing.response(request, selectors.entries_for(request.actor), "journal/list.html")


@acting("read")
@require_GET
def entry(request: ActingRequest, number: int) -> HttpResponse:
    """One entry: what it says, what changed, and its place in the chain."""
    found = get_object_or_404(selectors.entries_for(request.actor), pk=number)
    says = selectors.told(found)
    context = {
        "entry": found,
        "says": says,
        "who": _who(found),
        "action": action_words(says["action"]),
        "subject": _subject(found),
        "page": _page(found),
        "has_before": says["before"] is not None,
        "leaf": bytes(found.leaf).hex(),
        "chain": bytes(found.seal.chain).hex() if found.seq else "",  # type: ignore[attr-defined]  # annotated
    }
    return render(request, "journal/entry.html", context)


@acting("read")
@require_GET
def checkpoints(request: ActingRequest) -> HttpResponseBase:
    """The signed checkpoints, and how to check the journal oneself."""
    context = {"key": signed.public_key(), "may_sign": request.actor.may("administer")}
    return CHECKPOINTS.response(request, selectors.checkpoints_for(request.actor), "journal/checkpoints.html", context)


@acting("read")
@require_GET
def checkpoint(request: ActingRequest, number: int) -> HttpResponse:
    """One checkpoint as a file."""
    found = get_object_or_404(selectors.checkpoints_for(request.actor), pk=number)
    return _download(signed.file_of(found), f"kontrollpunkt-{found.count}.txt", "text/plain")


@acting("administer")
@require_POST
def sign(request: ActingRequest) -> HttpResponse:
    """Sign where the chain ends now."""
    try:
        made = signed.sign(request.actor, at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Kontrollpunkten vid post {made.count} är undertecknad.")
        if held := waiting():
            messages.info(request, f"{signed.waits(held)} Den hör inte till kontrollpunkten.")
    return redirect("journal:checkpoints")


@acting("read")
@require_GET
def export(request: ActingRequest) -> HttpResponseBase:
    """The party's own copy of the journal."""
    response = StreamingHttpResponse(
        selectors.export_for(request.actor), content_type="application/jsonl; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="journal-{request.actor.party or "revisor"}.jsonl"'
    return response


@acting("read")
@require_GET
def stand_alone_verifier(_: ActingRequest) -> HttpResponse:
    """The verifier as it runs here, to be read and run anywhere."""
    return _download(Path(verifier.__file__).read_text(encoding="utf-8"), "verifier.py", "text/x-python")


def _download(text: str, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
