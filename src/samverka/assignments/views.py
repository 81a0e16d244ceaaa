"""Reading work, attesting it, sending it back and taking it back."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from avtal import money
from samverka.agreements.selectors import book_now
from samverka.assignments import guards, selectors, services
from samverka.assignments.forms import ReasonForm
from samverka.assignments.kinds import BY_SLUG, WorkKind, kinds_of, stated_of
from samverka.assignments.listing import address_of, listing_of
from samverka.assignments.models import State, Work
from samverka.assignments.pricing import Total, quote, sums_of, total_of
from samverka.assignments.words import code, facts_of, label
from samverka.core import clock
from samverka.core.errors import Refused
from samverka.core.once import once
from samverka.core.sorting import swedish
from samverka.parties.access import ActingRequest, acting

MOST = 100  # as many as anybody looks through before attesting
CHANGES = {
    "assignments.register": "Registrerat", "assignments.change": "Ändrat", "assignments.attest": "Attesterat",
    "assignments.send_back": "Återsänt", "assignments.take_back": "Attesten tillbakatagen",
    "assignments.withdraw": "Återkallat", "assignments.import": "Inläst ur fil", "assignments.stage": "Fil uppladdad",
}  # fmt: skip

ACTED = {
    "return": ("Återsänd", services.send_back, "Arbetet är återsänt till utföraren."),
    "take_back": ("Ta tillbaka attesten", services.take_back, "Attesten är tillbakatagen. Arbetet väntar på attest."),
    "withdraw": ("Återkalla", services.withdraw, "Arbetet är återkallat och avräknas inte."),
}


def kind_or_404(slug: str) -> WorkKind:
    """The kind that an address names."""
    if slug not in BY_SLUG:
        raise Http404(slug)
    return BY_SLUG[slug]


def work_or_404(request: ActingRequest, slug: str, public_id: str) -> tuple[WorkKind, Work]:
    """The piece of work that an address names, for those who see it."""
    kind = kind_or_404(slug)
    return kind, get_object_or_404(selectors.work_for(request.actor, kind.model), public_id=public_id)


@acting("read")
@require_GET
def overview(request: ActingRequest) -> HttpResponse:
    """Each kind of work, and what waits in it."""
    counts = [(count, label(count.kind.model.charge)) for count in selectors.counts_for(request.actor)]
    context = {"counts": counts, "own": kinds_of(request.actor.party), "waiting": State.REGISTERED.label}
    return render(request, "assignments/overview.html", context)


@acting("read")
@require_GET
def work_list(request: ActingRequest, slug: str) -> HttpResponseBase:
    """The work of one kind."""
    kind = kind_or_404(slug)
    context = {"kind": kind, "heading": label(kind.model.charge), "own": request.actor.party in kind.performers}
    rows = selectors.work_for(request.actor, kind.model)
    return listing_of(kind).response(request, rows, "assignments/list.html", context)


@acting("read")
@require_GET
def work(request: ActingRequest, slug: str, public_id: str) -> HttpResponse:
    """One piece of work: what is stated, where it is, what it is worth now, what has happened."""
    kind, found = work_or_404(request, slug, public_id)
    return render(request, "assignments/work.html", _told(request, kind, found))


def _told(request: ActingRequest, kind: WorkKind, found: Work) -> dict[str, object]:
    actor, book = request.actor, book_now()
    mine, pays = found.performer == actor.party, found.payer_party == actor.party
    state = State(found.state)
    locked = bool(guards.settled(kind.model, [found.pk]))
    history = [(entry, CHANGES.get(entry.action, entry.action)) for entry in selectors.history_for(actor, found)]
    return {
        "kind": kind, "work": found, "heading": label(kind.model.charge), "state": state.label,
        "facts": facts_of(found),
        "performer": code(found.performer), "payer": code(found.payer_party), "settled": locked,
        "quote": quote(kind, stated_of(found), book), "words": book.edition.words,
        "history": [(entry, told, code(entry.party)) for entry, told in history],
        "may_change": mine and actor.may("register") and state in services.OPEN,
        "may_attest": pays and actor.may("attest") and state == State.REGISTERED,
        "may_take_back": pays and actor.may("attest") and state == State.ATTESTED and not locked,
    }  # fmt: skip


@acting("attest")
@require_POST
@once
def attest(request: ActingRequest, slug: str, public_id: str) -> HttpResponse:
    """Attest what was read: its revision says which that was."""
    kind, found = work_or_404(request, slug, public_id)
    found.revision = _whole(request.POST.get("revision", ""))
    try:
        services.attest(request.actor, found, at=clock.now())
    except Refused as refused:
        return _refused(request, kind, found, refused)
    messages.success(request, f"{found.event_id} är attesterat.")
    return redirect(address_of(found))


def _refused(request: ActingRequest, kind: WorkKind, found: Work, refused: Refused) -> HttpResponse:
    """The page as it is now, with why nothing was done."""
    fresh = get_object_or_404(selectors.work_for(request.actor, kind.model), pk=found.pk)
    return render(
        request, "assignments/work.html", {**_told(request, kind, fresh), "refused": str(refused)}, status=409
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


@acting("attest")
@require_http_methods(["GET", "POST"])
@once
def attest_many(request: ActingRequest, slug: str) -> HttpResponse:
    """Attest several: each is ticked, and sums are the database's."""
    kind = kind_or_404(slug)
    book, waiting = book_now(), selectors.to_attest_for(request.actor, kind.model)
    shown = list(waiting[:MOST])
    refused = ""
    if request.method == "POST":
        try:
            return _attested(request, kind, shown)
        except Refused as error:
            refused = str(error)
    ids = [one.pk for one in shown]
    context = {
        "kind": kind, "heading": label(kind.model.charge), "refused": refused, "more": waiting.count() - len(shown),
        "rows": [(one, code(one.performer), quote(kind, stated_of(one), book)) for one in shown],
        "sums": sorted(
            ((code(one.payee), one) for one in sums_of(kind, ids, book.edition)), key=lambda row: swedish(row[0])
        ),
        "total": total_of(kind, ids, book.edition), "words": book.edition.words,
        "picked": {one.partition(":")[0] for one in request.POST.getlist("work")},
    }  # fmt: skip
    return render(request, "assignments/attest.html", context, status=409 if refused else 200)


def _attested(request: ActingRequest, kind: WorkKind, shown: list[Work]) -> HttpResponse:
    """All that is ticked, or all that was shown; or nothing."""
    by_id = {one.public_id: one for one in shown}
    picked = []
    for text in request.POST.getlist("shown" if "all" in request.POST else "work"):
        name, _, revision = text.partition(":")
        if name not in by_id:
            raise Refused("Något av det du valde väntar inte längre på attest. Läs listan igen; inget är attesterat.")
        by_id[name].revision = _whole(revision)
        picked.append(by_id[name])
    if not picked:
        raise Refused("Välj det du vill attestera.")
    with transaction.atomic():
        for one in picked:
            services.attest(request.actor, one, at=clock.now())
    messages.success(request, _done(total_of(kind, [one.pk for one in picked], book_now().edition)))
    return redirect("assignments:attest_many", kind.slug)


def _done(total: Total) -> str:
    """What was attested: how many, how many of them without a price, and what the others come to."""
    told = f"{total.events} attesterad{'' if total.events == 1 else 'e'}"
    if total.unpriced:
        told += f", varav {total.unpriced} utan pris"
    if total.amount is None:
        return f"{told}."
    return f"{told}, tillsammans {money.swedish(total.amount)} som avtalet räknas i dag."


def _with_reason(name: str, what: str) -> Callable[..., HttpResponseBase]:
    """A view that asks why and then does it."""

    @acting(what)
    @require_http_methods(["GET", "POST"])
    @once
    def view(request: ActingRequest, slug: str, public_id: str) -> HttpResponse:
        kind, found = work_or_404(request, slug, public_id)
        title, service, done = ACTED[name]
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                service(request.actor, found, reason=form.cleaned_data["reason"], at=clock.now())
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, done)
                return redirect(address_of(found))
        context = {"kind": kind, "work": found, "form": form, "title": title, "danger": name == "withdraw"}
        return render(request, "assignments/reason.html", context, status=422 if form.errors else 200)

    view.__name__, view.__doc__ = name, f"{title_of(name)}, with a reason."
    return view


def title_of(name: str) -> str:
    """What a button that asks for a reason says."""
    return ACTED[name][0]


give_back = _with_reason("return", "attest")
take_back = _with_reason("take_back", "attest")
withdraw = _with_reason("withdraw", "register")
