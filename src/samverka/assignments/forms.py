"""The form of a piece of work: only the fields that matter, checked by the charge itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from avtal.book.edition import Edition
from samverka.assignments.checks import FILL_IN, LONGEST_ID, LONGEST_SOURCE, BadWork, Checker
from samverka.assignments.fields import MINUTES, SPECS, YES_NO, Spec, field_of, sentence
from samverka.assignments.kinds import WorkKind, stated_of
from samverka.assignments.models import Work
from samverka.assignments.words import label
from samverka.core.errors import Refused
from samverka.core.uploads import NO_FILE

SOME_TIME = f"{FILL_IN}, eller en annan del av tiden"
ANSWERS = {"ja": True, "nej": False}
WITHIN_NUMBERS = str.maketrans("", "", " \N{NO-BREAK SPACE}")


class WorkForm(forms.Form):
    """What somebody states of a piece of work: ``stated`` is the charge's case, and the charge says what is wrong."""

    use_required_attribute = False

    def __init__(
        self, kind: WorkKind, party: str, data: Mapping[str, Any] | None = None, *,
        initial: Mapping[str, Any] | None = None, numbered: bool = True, demo: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(data, initial={"how": "end", **(initial or {})})
        self.kind, self.party = kind, party
        self.shown = [spec for spec in SPECS[kind.model.charge] if self._matters(spec)]
        for spec in self.shown:
            self.fields[spec.name] = self._field(spec)
        if numbered:
            hint = "Lämna tomt, så får arbetet ett nummer."
            self.fields["event_id"] = forms.CharField(
                max_length=LONGEST_ID, required=False, label=label("event_id"), help_text=hint
            )
        hint = "Inga uppgifter om personen."
        self.fields["source"] = forms.CharField(
            max_length=LONGEST_SOURCE, required=False, label=label("source"), help_text=hint
        )
        if demo:
            told = "Det här är ett exempel, inte verkligt arbete"
            self.fields["example"] = forms.BooleanField(required=False, label=told)

    @classmethod
    def of(cls, work: Work, kind: WorkKind, data: Mapping[str, Any] | None = None, *, demo: bool = False) -> WorkForm:
        """The form of a piece of work that is there already."""
        return cls(kind, work.performer, data, initial=initial_of(work), numbered=False, demo=demo)

    def stated(self) -> dict[str, Any]:
        """What the fields say, as the charge reads it; an empty field is not stated."""
        said: dict[str, Any] = {self.kind.own: self.party} if self.kind.own else {}
        facts = self.kind.charge.facts
        for spec in self.shown:
            text = self.value_of(spec.name).strip()
            if spec.name not in facts or not text:
                continue
            if spec.sort in ("minutes", "number"):
                text = text.translate(WITHIN_NUMBERS)
            said[spec.name] = ANSWERS.get(text, text) if facts[spec.name].kind.value == "bool" else text
        return said

    def value_of(self, name: str) -> str:
        """What a field holds, as text; time is stated by the clock where nothing else is said."""
        found = self.data.get(name, "") if self.is_bound else self.initial.get(name, "")
        if name == "how":
            return "minutes" if found == "minutes" else "end"
        return "" if found is None else str(found)

    def check(self, edition: Edition, on: date) -> bool:
        """Whether the charge accepts what is stated, on a day; its faults are put at their fields."""
        if not self.is_valid():
            return False
        try:
            number = self.value_of("event_id").strip() or "A"
            Checker(self.kind, edition).case(self.stated(), number, self.source, on=on)
        except BadWork as bad:
            self.refuse(bad)
        return not self.errors

    def refuse(self, refused: Refused) -> None:
        """Show what a service refused, at its field where it has one."""
        if not isinstance(refused, BadWork):
            self.add_error(None, str(refused))
            return
        for name, told in self.told(refused.faults).items():
            if name in self.fields:
                self.add_error(name, f"{sentence(told)}.")
            else:
                self.add_error(None, f"{sentence(label(name))}: {told}.")

    def told(self, faults: Mapping[str, str]) -> dict[str, str]:
        """Faults by the fields of this form: where no time is stated at all, that is one fault, where time is asked."""
        timed = [name for name in faults if name in (*MINUTES, "travel_combined", "special_trip")]
        if not timed or any(self.value_of(name).strip() for name in MINUTES):
            return dict(faults)
        others = {name: told for name, told in faults.items() if name not in timed}
        return {**others, "end": FILL_IN} if "end" in self.fields else {**others, MINUTES[0]: SOME_TIME}

    @property
    def source(self) -> str:
        """The note."""
        return self.value_of("source").strip()

    @property
    def example(self) -> bool:
        """Whether it is marked as an example."""
        return bool(self.data.get("example")) if self.is_bound else bool(self.initial.get("example"))

    @property
    def redrawn_by(self) -> list[str]:
        """The fields that others depend on."""
        return [spec.name for spec in self.shown if spec.redraws]

    def _given(self) -> dict[str, str]:
        return {name: self.value_of(name) for name in ("how", "kind")}

    def _matters(self, spec: Spec) -> bool:
        if spec.when is None:
            return True
        other, values = spec.when
        return self.value_of(other) in values

    def _field(self, spec: Spec) -> forms.Field:
        choices = spec.choices(self.party, self._given()) if spec.choices else []
        needed = spec.sort == "radio" or spec.name in (*self.kind.charge.required, "end")  # "vet inte" is an answer
        return field_of(spec, spec.label or label(spec.name), choices, optional=not needed)


def initial_of(work: Work) -> dict[str, Any]:
    """A piece of work as its form's first values."""
    stated = {name: _answer(value) for name, value in stated_of(work).items()}
    how = {"how": "minutes" if any(stated.get(name) for name in MINUTES) else "end"}
    return {**how, **stated, "source": work.source, "example": work.example}


def _answer(value: object) -> str:
    if isinstance(value, bool):
        return YES_NO[0][0] if value else YES_NO[1][0]
    text = "" if value is None else str(value)
    return text.replace(".", ",") if text.replace(".", "").isdigit() else text


class ReasonForm(forms.Form):
    """Why something is sent back or taken back."""

    reason = forms.CharField(label="Varför?", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
                             help_text="Den andra parten läser detta. Inga uppgifter om personen.")  # fmt: skip


class FileForm(forms.Form):
    """A file of work; what is allowed in it is said by the reader, in one message."""

    file = forms.FileField(
        label="Fil",
        error_messages={**dict.fromkeys(("required", "missing", "invalid"), NO_FILE), "empty": "Filen är tom."},
        help_text="CSV eller Excel (.xlsx), högst 8 MB och 20 000 rader.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
