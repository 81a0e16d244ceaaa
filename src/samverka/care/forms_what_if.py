"""The form of a draft: other limits, criteria taken away, other readings, and how many made-up persons to try it on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from avtal.book.edition import Edition
from samverka.care.what_if import CRITERIA, LIMITS, MOST_PERSONS, Change, questions_open

BOUNDS = {"days_guideline": (0, 365), "cfs_moderate": (1, 9), "cfs_mild": (1, 9)}
FEWEST = 1000
MADE_UP, OURS = "made_up", "cases"
COHORTS = ((MADE_UP, "påhittade personer"), (OURS, "de ärenden som er part har"))


class WhatIf(forms.Form):
    """What the draft says otherwise; every field holds what is in force until it is changed."""

    data: QueryDict

    def __init__(self, edition: Edition, given: QueryDict | None) -> None:
        super().__init__(given)
        self.edition = edition
        words = edition.words
        self.in_force = {name: int(edition.number(name, edition.valid_from)) for name in LIMITS}
        for name in LIMITS:
            low, high = BOUNDS[name]
            label = edition.parameters[name].label
            self.fields[name] = _whole(label, f"Gäller nu: {self.in_force[name]}.", low, high, self.in_force[name])
        self.fields["without"] = forms.MultipleChoiceField(
            label="Ta bort kriterier", required=False, widget=forms.CheckboxSelectMultiple,
            help_text="Ett borttaget kriterium räknas som uppfyllt.",
            choices=[(name, words.label(name)) for name in CRITERIA],
        )  # fmt: skip
        for name in questions_open(edition):
            reading = edition.readings[name]
            self.fields[name] = forms.ChoiceField(
                label=f"{name} {reading.title}", initial=edition.option(name), required=False,
                choices=[(option, reading.options[option]) for option in reading.computed],
                widget=forms.RadioSelect,
            )  # fmt: skip
        self.fields["cohort"] = forms.ChoiceField(
            label="Pröva på", choices=COHORTS, initial=MADE_UP, widget=forms.RadioSelect,
            help_text="Ärenden räknas bara, till närmaste femtal, och färre än fem visas inte.",
        )  # fmt: skip
        self.fields["persons"] = _whole(
            "Påhittade personer", f"{FEWEST} till {MOST_PERSONS}.", FEWEST, MOST_PERSONS, 5000
        )
        self.fields["seed"] = _whole("Frö", "Samma frö ger samma personer.", 1, 9999, 1)

        if self.is_bound:  # an address may say no more than what it changes
            data = self.data.copy()
            for name, one in self.fields.items():
                if one.initial is not None:
                    data.setdefault(name, str(one.initial))
            self.data = data

    def clean(self) -> dict[str, Any]:
        """Mild frailty is not more than moderate."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        mild, moderate = given.get("cfs_mild"), given.get("cfs_moderate")
        if mild is not None and moderate is not None and mild > moderate:
            self.add_error("cfs_mild", f"Ange högst {moderate}: lindrig skörhet är inte mer än måttlig.")
        return given

    def change(self) -> Change:
        """What differs from what is in force."""
        given = self.cleaned_data
        limits = {name: given[name] for name in LIMITS if given[name] != self.in_force[name]}
        asked = {name: given.get(name) for name in questions_open(self.edition)}
        readings = {name: option for name, option in asked.items() if option and option != self.edition.option(name)}
        return Change(limits, tuple(given["without"]), readings)


def _whole(label: str, hint: str, low: int, high: int, now: int) -> forms.IntegerField:
    wrong = f"Ange ett heltal från {low} till {high}."
    return forms.IntegerField(
        label=label, help_text=hint, min_value=low, max_value=high, initial=now,
        error_messages={"required": wrong, "invalid": wrong, "min_value": wrong, "max_value": wrong},
    )  # fmt: skip
