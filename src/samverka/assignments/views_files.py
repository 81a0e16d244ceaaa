"""Files of work: a template, what is registered, reading in, and approving what a file adds and changes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from samverka.agreements.selectors import book_now
from samverka.assignments import cells, files, intake, selectors
from samverka.assignments.forms import FileForm
from samverka.assignments.kinds import BY_CHARGE, WorkKind, case_of
from samverka.assignments.listing import FILES
from samverka.assignments.models import Batch, BatchState
from samverka.assignments.pricing import quote
from samverka.assignments.views import kind_or_404
from samverka.assignments.words import code, facts_in, label, show
from samverka.core import clock
from samverka.core.errors import Refused
from samverka.core.once import once
from samverka.core.uploads import read_upload
from samverka.parties.access import ActingRequest, acting

FAULTY = "har fel"  # and so it waits for nothing
SHOWN = 100  # rows of each sort on the page; the counts are of all


@acting("register")
@require_http_methods(["GET", "POST"])
@once
def upload(request: ActingRequest, slug: str) -> HttpResponse:
    """Read a file in, to be looked at before anything is registered."""
    kind = kind_or_404(slug)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        required, optional = ("event_id", *kind.charge.required), kind.columns[1 + len(kind.charge.required) :]
        try:
            table = read_upload(request.FILES.get("file"), required, optional)
            staged = intake.stage(
                request.actor, charge=kind.model.charge, table=table, on=clock.today(), at=clock.now()
            )
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("assignments:batch", staged.public_id)
    needed = ("event_id", *kind.charge.required)
    written = zip(kind.columns, cells.sample(kind, request.actor.party, clock.today()), strict=True)
    columns = [
        (name, label(name), cells.choices_in(kind, name), cells.allowed_in(kind, name), name in needed, like)
        for name, like in written
    ]
    context = {"kind": kind, "form": form, "heading": label(kind.model.charge), "columns": columns}
    return render(request, "assignments/upload.html", context, status=422 if form.errors else 200)


@acting("register")
@require_GET
def file_list(request: ActingRequest) -> HttpResponseBase:
    """The files that the actor's party has read in, and where each is."""
    return FILES.response(request, selectors.batches_for(request.actor), "assignments/files.html")


@acting("register")
@require_http_methods(["GET", "POST"])
@once
def batch(request: ActingRequest, public_id: str) -> HttpResponse:
    """What a file adds, changes and leaves, to approve or put away."""
    found = get_object_or_404(selectors.batches_for(request.actor), public_id=public_id)
    kind, refused = BY_CHARGE[found.charge], ""
    if request.method == "POST":
        try:
            return _decided(request, kind, found)
        except Refused as error:
            refused = str(error)
    context = {"kind": kind, "batch": found, "heading": label(found.charge), "refused": refused,
               "state": BatchState(found.state).label}  # fmt: skip
    if found.state == BatchState.STAGED:
        context |= _difference(kind, found)
        if context["refusals"]:
            context["state"] = FAULTY
    return render(request, "assignments/batch.html", context, status=409 if refused else 200)


def _decided(request: ActingRequest, kind: WorkKind, found: Batch) -> HttpResponse:
    if "discard" in request.POST:
        intake.discard(request.actor, found, at=clock.now())
        messages.success(request, "Filen är undanlagd. Inget är inläst.")
    else:
        made = intake.approve(request.actor, found, seen=request.POST.get("seen", ""), on=clock.today(),
                              at=clock.now())  # fmt: skip
        sorts = ((made.new, "ny", "nya"), (made.changed, "ändrad", "ändrade"),
                 (made.unchanged, "oförändrad", "oförändrade"))  # fmt: skip
        told = ", ".join(f"{len(rows)} {one if len(rows) == 1 else many}" for rows, one, many in sorts)
        messages.success(request, f"Filen är inläst: {told}.")
    return redirect("assignments:list", kind.slug)


def _difference(kind: WorkKind, found: Batch) -> dict[str, object]:
    book = book_now()
    made = intake.examine(kind, found.party, found, book.edition, on=clock.today())
    return {
        "found": made, "shown": SHOWN,
        "new": [
            (row, code(row.payer), _facts(kind, row), quote(kind, row.stated, book)) for row in made.new[:SHOWN]
        ],
        "changed": [(row, _changes(kind, row)) for row in made.changed[:SHOWN]],
        "refusals": [(line, column, told) for line, column, told in made.refused[:SHOWN]],
    }  # fmt: skip


def _facts(kind: WorkKind, row: intake.Staged) -> list[tuple[str, str]]:
    """What a row states, but for its day, which has a column of its own."""
    said = [pair for pair in facts_in(kind, row.case.get) if pair[0] != label("date")]
    return [*said, (label("source"), row.source)] if row.source else said


def _changes(kind: WorkKind, row: intake.Staged) -> list[tuple[str, str, str]]:
    """What a row changes: label, before, after."""
    assert row.work is not None
    before = case_of(row.work)
    changed = [
        (label(name), show(name, before[name]), show(name, row.case[name]))
        for name in kind.charge.facts.stated()
        if before[name] != row.case[name]
    ]
    if row.work.source != row.source:
        changed.append((label("source"), row.work.source, row.source))
    return changed or [(label("example"), show("", row.work.example), show("", row.example))]


@acting("register")
@require_GET
def template(request: ActingRequest, slug: str, form: str) -> HttpResponseBase:
    """A file with the right columns, and a row to go by."""
    kind = kind_or_404(slug)
    like = cells.sample(kind, request.actor.party, clock.today())
    return files.answer(kind, _form(form), (list(kind.columns), like))


@acting("read")
@require_GET
def rows(request: ActingRequest, slug: str, form: str) -> HttpResponseBase:
    """What the actor sees of this kind, as a file that can be read in again."""
    kind = kind_or_404(slug)
    works = selectors.work_for(request.actor, kind.model).order_by("date", "id")
    return files.answer(kind, _form(form), files.rows_of(kind, works.iterator(chunk_size=2000)))


def _form(form: str) -> str:
    if form not in files.FORMS:
        raise Http404(form)
    return form
