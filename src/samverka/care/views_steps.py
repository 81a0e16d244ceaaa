"""Taking a case's steps: a page for each, that shows what is asked for and says why it cannot be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from samverka.care import services, services_dialogue, services_handover
from samverka.care.again import shown_again
from samverka.care.forms import (
    DialogueForm,
    DisagreeForm,
    DoneForm,
    EndingForm,
    GoOnForm,
    HandOverForm,
    LackForm,
    ReviewForm,
    StartForm,
    StepForm,
    SuggestForm,
    TickForm,
)
from samverka.care.shown import told
from samverka.care.states import STEPS
from samverka.care.steps import why_not
from samverka.care.views import address_of, seen
from samverka.core import clock
from samverka.core.cells import small
from samverka.core.forms import tried
from samverka.core.once import once
from samverka.parties.access import ActingRequest, acting

DANGER = frozenset({"disagree", "send_back", "close", "cancel", "withdraw"})
#: What is said above a step's form.
ABOUT = {
    "propose": "Avtalet föreslår vem som ansvarar, ur uppgifterna som de är nu. Du beslutar inte något än.",
    "take_back": "Förslaget och dialogen tas bort, och motparten ser inte längre ärendet. Historiken är kvar.",
    "open_dialogue": "Motparten ser ärendet från och med nu och svarar på det du avser. Bedömningen görs i dialog "
                     "med mottagande vårdgivare (OB-ANS-BED).",
    "agree": "Du svarar för din part. Därefter kan den som bedömer besluta.",
    "disagree": "Oenighet om en person löses snarast mellan ansvariga ledningsfunktioner. Vården fördröjs inte, och "
                "kostnader regleras i efterhand (OB-TVI-I).",
    "suggest": "Du svarar för din parts ledningsfunktion. Den andra partens ledning godtar eller föreslår något annat.",
    "settle": "Du svarar för din parts ledningsfunktion. När båda står bakom lösningen är tvisten löst.",
    "decide": "Beslutet gäller det som motparten har instämt i.",
    "hand_over": "Den som gjort bedömningen svarar för att överlämningen är ändamålsenlig (OB-ANS-OVL).",
    "receive": "Du kvitterar överlämningen för din part.",
    "start": "Ärendet omprövas när något förändras och senast efter ett år (A23).",
    "tick": "Det som er part har gjort av det som följer av beslutet. Ärendet ligger kvar i sitt läge.",
    "review": "Säg att bedömningen är gjord på nytt. Därefter fortsätter ärendet eller avslutas det.",
    "go_on": "Samma part ansvarar till nästa omprövning.",
}  # fmt: skip


def _step(name: str, form_class: type[StepForm], service: Callable[..., Any], *, fresh: bool = False) -> Any:
    """A view that asks for what a step needs, and takes it."""
    step = STEPS[name]

    @acting(step.right, fresh=fresh)
    @require_http_methods(["GET", "POST"])
    @shown_again(seen)
    @once
    def view(request: ActingRequest, public_id: str) -> HttpResponse:
        found = seen(request, public_id)
        form = form_class(found, request.actor, request.POST or None)
        refused = why_not(step, request.actor, found)
        if done := tried(form, partial(service, request.actor, found, at=clock.now())):
            messages.success(request, f"{done.number}: {small(step.done)}.")
            return redirect(address_of(done))
        context = told(request.actor, found) | {
            "form": form, "step": step, "danger": name in DANGER, "refused": refused, "about": ABOUT.get(name, ""),
        }  # fmt: skip
        return render(request, "care/case_step.html", context, status=422 if form.errors else 200)

    view.__name__, view.__doc__ = name, f"{step.label}."
    return view


View = Callable[..., HttpResponseBase]
propose: View = _step("propose", StepForm, services.propose)
take_back: View = _step("take_back", StepForm, services.take_back)
withdraw: View = _step("withdraw", EndingForm, services.withdraw)
open_dialogue: View = _step("open_dialogue", DialogueForm, services_dialogue.open_dialogue)
agree: View = _step("agree", StepForm, services_dialogue.agree, fresh=True)
disagree: View = _step("disagree", DisagreeForm, services_dialogue.disagree, fresh=True)
suggest: View = _step("suggest", SuggestForm, services_dialogue.suggest, fresh=True)
settle: View = _step("settle", StepForm, services_dialogue.settle, fresh=True)
decide: View = _step("decide", StepForm, services_dialogue.decide, fresh=True)
hand_over: View = _step("hand_over", HandOverForm, services_handover.hand_over)
send_back: View = _step("send_back", LackForm, services_handover.send_back)
receive: View = _step("receive", DoneForm, services_handover.receive)
start: View = _step("start", StartForm, services_handover.start)
tick: View = _step("tick", TickForm, services_handover.tick)
review: View = _step("review", ReviewForm, services_handover.review)
go_on: View = _step("go_on", GoOnForm, services_handover.go_on)
close: View = _step("close", EndingForm, services_handover.close)
cancel: View = _step("cancel", EndingForm, services_handover.cancel)
