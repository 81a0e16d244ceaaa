"""What is filled in when a step is taken, and when the log is checked."""

from __future__ import annotations

from typing import Any

from django import forms

from samverka.agreements.county import base
from samverka.care.duties import duties_before_handover, own_duties
from samverka.care.models.case import Case
from samverka.care.models.log import Judgement
from samverka.care.states import GROUND_CLAUSES, Ending, Ground, Lack, Objection, Regard, Review
from samverka.core.acting import Actor
from samverka.core.forms import day, offer


def _radio(label: str, choices: Any, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, help_text=hint)


class IfAny(forms.ChoiceField):
    """A choice that is for one of the answers before it, which the form checks; it is not called optional."""

    def validate(self, value: Any) -> None:
        """What is chosen is one of the choices."""
        if value:
            super().validate(value)


def sentence(text: str) -> str:
    """A text that begins with a capital."""
    return text[:1].upper() + text[1:]


def listed(values: Any) -> list[tuple[str, str]]:
    """Choices as a form shows them."""
    return [(value, sentence(str(label))) for value, label in values]


def names(*codes: str) -> list[tuple[str, str]]:
    """Parties by name."""
    return [(code, sentence(base().words.code(code))) for code in codes if code]


class StepForm(forms.Form):
    """A step: which revision was read, and what more it asks for."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, case: Case, actor: Actor, *args: Any, **options: Any) -> None:
        self.case, self.actor = case, actor
        super().__init__(*args, **{**options, "initial": {"revision": case.revision, **options.get("initial", {})}})
        self.fit()

    def fit(self) -> None:
        """Make the choices those of the case."""


class DialogueForm(StepForm):
    """What the owner means to decide, and why."""

    intended = _radio("Vem ska ansvara?", [])
    ground = _radio("Varför?", [], "Avtalet föreslår, den som bedömer beslutar.")
    regard = IfAny(
        label="Vad tar flexibiliteten hänsyn till?", widget=forms.RadioSelect,
        help_text="Anges bara vid flexibilitet utifrån personens bästa (OB-ANS-FLEX2).",
    )  # fmt: skip

    def fit(self) -> None:
        """The two parties, the proposed one first; the reasons that the agreement knows for this proposal."""
        case = self.case
        offer(self, "regard", listed(Regard.choices))
        codes = sorted({case.owner, case.other}, key=lambda code: code != case.proposed_party)
        offer(self, "intended", names(*codes))
        if case.proposed_party:
            grounds = [Ground.FOLLOWS, Ground.FLEXIBILITY, Ground.WISH]
            self.initial.update({"intended": case.proposed_party, "ground": Ground.FOLLOWS})
        else:
            grounds = [Ground.JUDGED]
            del self.fields["regard"]
            self.initial.update({"ground": Ground.JUDGED})
        offer(
            self,
            "ground",
            [
                (one.value, sentence(one.label) + (f" ({GROUND_CLAUSES[one]})" if one in GROUND_CLAUSES else ""))
                for one in grounds
            ],
        )

    def clean(self) -> dict[str, Any]:
        """Flexibility says what it has regard to."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("ground") == Ground.FLEXIBILITY and not given.get("regard"):
            self.add_error("regard", "Välj vad flexibiliteten tar hänsyn till.")
        return given


class DisagreeForm(StepForm):
    """Why not, and who gives the care while the leaderships talk."""

    objection = _radio("Varför?", listed(Objection.choices))
    meanwhile = _radio("Vem ger vården under tiden?", [], "Vården får inte fördröjas (OB-TVI-I).")

    def fit(self) -> None:
        """The two parties."""
        offer(self, "meanwhile", names(self.case.owner, self.case.other))


class SuggestForm(StepForm):
    """A solution that one side's leadership stands by."""

    responsible = _radio("Vem ska ansvara?", [])

    def fit(self) -> None:
        """The two parties."""
        offer(self, "responsible", names(self.case.owner, self.case.other))


class AllOfThem(forms.MultipleChoiceField):
    """What all must be ticked, which the service says by name; it is not called optional."""

    def validate(self, value: Any) -> None:
        """What is ticked is among the choices."""
        if value:
            super().validate(value)


class DoneForm(StepForm):
    """The duties that are done."""

    done = forms.MultipleChoiceField(
        label="Det här är gjort", choices=[], required=False, widget=forms.CheckboxSelectMultiple
    )

    def fit(self) -> None:
        """The duties that are for this step."""
        offered = [(one["duty"], one["label"]) for one in self.duties()]
        offer(self, "done", offered)
        if not offered:
            del self.fields["done"]

    def duties(self) -> list[dict[str, Any]]:
        """The actor's party's own that nobody has ticked yet."""
        return own_duties(self.case, self.actor.party)


class HandOverForm(DoneForm):
    """What whoever hands over has done: all of it."""

    done = AllOfThem(
        label="Det här är gjort",
        widget=forms.CheckboxSelectMultiple,
        help_text="Allt ska vara gjort före överlämningen.",
    )

    def duties(self) -> list[dict[str, Any]]:
        """Those of whoever hands over."""
        return duties_before_handover(self.case)


class TickForm(DoneForm):
    """What is done: something."""

    done = forms.MultipleChoiceField(label="Det här är gjort", widget=forms.CheckboxSelectMultiple)


class StartForm(DoneForm):
    """The next review, and the duties that are done."""

    review_on = day("Ompröva senast", "Tomt: om ett år (A23).", required=False)
    field_order = ("review_on", "done")


class GoOnForm(StepForm):
    """The next review."""

    review_on = day("Ompröva senast", "Tomt: om ett år (A23).", required=False)


class LackForm(StepForm):
    """What a handover lacks."""

    code = _radio("Vad saknas?", listed(Lack.choices))


class ReviewForm(StepForm):
    """Why it is reviewed."""

    code = _radio("Varför omprövas ärendet?", listed(Review.choices))


class EndingForm(StepForm):
    """Why it ends."""

    code = _radio("Varför avslutas ärendet?", listed(Ending.choices))


class DrawForm(forms.Form):
    """Which days, and how many lines."""

    since = day("Från och med")
    until = day("Till och med")
    size = forms.IntegerField(label="Antal rader", min_value=1, max_value=200, initial=20)


class JudgeForm(forms.Form):
    """What was found of a line."""

    judgement = forms.ChoiceField(label="Bedömning", choices=listed(Judgement.choices))
    note = forms.CharField(label="Anteckning", required=False, max_length=160)


class FinishForm(forms.Form):
    """What the check showed."""

    summary = forms.CharField(
        label="Vad visade kontrollen?", max_length=400,
        help_text="Högst 400 tecken. Skriv aldrig namn eller nummer på personer.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class PeriodForm(forms.Form):
    """Which cases are counted."""

    since = forms.CharField(label="Öppnat från", required=False, widget=forms.TextInput(attrs={"type": "month"}))
    until = forms.CharField(label="till", required=False, widget=forms.TextInput(attrs={"type": "month"}))
    municipality = forms.ChoiceField(label="Kommun", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "municipality", [("", "Alla"), *names(*base().parties[1:])])

    def clean_since(self) -> str:
        """A month."""
        return _month(self.cleaned_data["since"])

    def clean_until(self) -> str:
        """A month."""
        return _month(self.cleaned_data["until"])

    def clean(self) -> dict[str, Any]:
        """The months come in their order."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            self.add_error("until", "Den sista månaden är före den första.")
        return given


def _month(text: str) -> str:
    """A month as it is written, or nothing.

    Raises:
        ValidationError: It is none.
    """
    year, _, month = text.partition("-")
    if text and not (
        text.isascii() and len(text) == 7 and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12
    ):  # fmt: skip
        raise forms.ValidationError("Skriv år och månad så här: 2026-07.")
    return text
