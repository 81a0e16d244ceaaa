"""The form of a draft's facts, made from what the agreement's question may be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from avtal.language.facts import Fact
from samverka.agreements.county import base
from samverka.care.models.case import Case
from samverka.care.question import CARE, FACTS, read_text, stated_of
from samverka.care.services import CFS_ASSESSORS, CFS_VERSIONS
from samverka.core.forms import day_input

UNKNOWN = [("", "Vet inte")]
YES_NO = [*UNKNOWN, ("ja", "Ja"), ("nej", "Nej")]
PROFESSIONS = ("nurse", "occupational_therapist", "physiotherapist", "physician")
HINTS = {
    "age": "Hela år.",
    "days": "Hela dagar.",
    "cfs": "1 till 9. Välj nivå efter skalan hos den som ger ut den; texten finns inte här.",
    "date": "Tomt: avtalets första dag.",
    "listed_health_centre": "Hälsocentralens namn.",
    "facility_health_centre": "Hälsocentralens namn.",
    "wage_cost": "Kronor.",
    "travel_cost": "Kronor.",
    "travel_time_pay": "Kronor.",
}


class Chosen(forms.ChoiceField):
    """A choice that may be left: what is not known is not called optional."""

    def validate(self, value: Any) -> None:
        """What is chosen is one of the choices."""
        if value:
            super().validate(value)


class Told(forms.CharField):
    """A text that may be left."""

    def validate(self, value: Any) -> None:
        """Nothing: the question says what is allowed."""


class Day(forms.DateField):
    """A day that may be left."""

    def validate(self, value: Any) -> None:
        """Nothing more than that it is one."""


def _choices(fact: Fact) -> list[tuple[str, str]]:
    words = base().words
    return [*UNKNOWN, *((value, words.code(value).capitalize()) for value in fact.values or PROFESSIONS)]


def _field(name: str) -> forms.Field:
    """A field that asks for a fact; the question, not the field, says what is allowed."""
    fact, label = CARE.facts[name], base().words.label(name)
    options: dict[str, Any] = {"label": label, "help_text": HINTS.get(name, "")}
    match fact.kind.name:
        case "BOOL":
            return Chosen(choices=YES_NO, **options)
        case "DATE":
            widget = day_input()
            return Told(max_length=10, widget=widget, **options)
        case "INT":
            attrs = {"inputmode": "decimal" if fact.scale > 1 else "numeric", "autocomplete": "off"}
            return Told(max_length=20, widget=forms.TextInput(attrs=attrs), **options)
    if fact.own_words:
        return Told(max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}), **options)
    return Chosen(choices=_choices(fact), **options)


class FactsForm(forms.Form):
    """Every fact, how frailty was assessed, and which revision was read."""

    cfs_version = Chosen(label="Skalans version", choices=[("", "–"), *CFS_VERSIONS.items()])
    cfs_assessor = Chosen(
        label="Skörheten är bedömd av", help_text="Yrke, aldrig namn.",
        choices=[("", "–"), *((key, label.capitalize()) for key, label in CFS_ASSESSORS.items())],
    )  # fmt: skip
    cfs_on = Day(
        label="Skörheten är bedömd den",
        widget=day_input(),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        own = ("cfs_version", "cfs_assessor", "cfs_on")
        for name in FACTS:
            self.fields[name] = _field(name)
        order = [name for fact in FACTS for name in ((fact, *own) if fact == "cfs" else (fact,))]
        self.order_fields([*order, "revision"])

    @property
    def stated(self) -> dict[str, Any]:
        """The facts that are filled in."""
        return stated_in(self.cleaned_data)

    @property
    def cfs(self) -> dict[str, Any]:
        """How frailty was assessed."""
        return {
            "version": self.cleaned_data.get("cfs_version"),
            "assessor": self.cleaned_data.get("cfs_assessor"),
            "on": self.cleaned_data.get("cfs_on"),
        }

    def refuse(self, faults: Mapping[str, str]) -> None:
        """Show what is wrong where it is."""
        for name, told in faults.items():
            if name in self.fields:
                allowed = told[:1].upper() + told[1:] if told.endswith(".") else f"Tillåtet är {told}."
                self.add_error(name, allowed)
            else:
                self.add_error(None, f"{name}: {told}")


def stated_in(given: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that a form states; an empty field is unknown."""
    read = {name: read_text(CARE.facts[name], str(given.get(name) or "")) for name in FACTS}
    return {name: value for name, value in read.items() if value is not None}


def initial_of(case: Case) -> dict[str, Any]:
    """A draft as the form shows it."""
    shown = {name: {True: "ja", False: "nej"}.get(value, value) if isinstance(value, bool) else value
             for name, value in stated_of(case).items()}  # fmt: skip
    return {
        **shown, "cfs_version": case.cfs_version, "cfs_assessor": case.cfs_assessor, "cfs_on": case.cfs_on,
        "revision": case.revision,
    }  # fmt: skip
