"""The fields of each kind's form, in the order in which somebody who did the work would tell of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django import forms

from avtal.editions.jamtland_2026.assignments import PROFESSIONS
from avtal.editions.jamtland_2026.vision_hearing import HEARING, VISION
from samverka.agreements.county import base
from samverka.assignments.words import code
from samverka.core.forms import day_input

Choices = list[tuple[str, str]]

YES_NO: Choices = [("ja", "Ja"), ("nej", "Nej")]
YES_NO_UNKNOWN: Choices = [*YES_NO, ("", "Vet inte")]
MINUTES = ("work_minutes", "admin_minutes", "report_minutes", "travel_minutes")
HOW: Choices = [("end", "Klockslag när arbetet slutade"), ("minutes", "Minuter för varje del")]
ONCE = "Hela minuter. Lämna tomt om det inte förekom."
KRONOR = "Kronor, som 486,50. Lämna tomt om det inte förekom."


@dataclass(frozen=True)
class Spec:
    """One field.

    Attributes:
        name: The fact, or ``how`` for the choice of how time is stated.
        sort: date, time, minutes, number, text, radio or select.
        choices: What may be chosen, from the actor's party and what is filled in.
        hint: What to write.
        when: Another field and the values of it with which this one matters.
        redraws: Whether the other fields depend on it.
        label: What it is called, where that is not the fact's own label.
    """

    name: str
    sort: str
    choices: Callable[[str, dict[str, str]], Choices] | None = None
    hint: str = ""
    when: tuple[str, tuple[str, ...]] | None = None
    redraws: bool = False
    label: str = ""


def _fixed(choices: Choices) -> Callable[[str, dict[str, str]], Choices]:
    return lambda _party, _given: choices


def _codes(*values: str) -> Callable[[str, dict[str, str]], Choices]:
    return lambda _party, _given: [(value, sentence(code(value))) for value in values]


def _others(party: str, _: dict[str, str]) -> Choices:
    return [("", "Välj"), *((one, code(one)) for one in base().parties if one != party)]


def _municipalities(_party: str, _: dict[str, str]) -> Choices:
    return [("", "Välj"), *((one, code(one)) for one in base().parties[1:])]


def _professions(_party: str, _: dict[str, str]) -> Choices:
    return [("", "Välj"), *((one, "Annat yrke" if one == "other" else sentence(code(one))) for one in PROFESSIONS)]


def _actions(_party: str, given: dict[str, str]) -> Choices:
    listed: Iterable[str] = {"vision": VISION, "hearing": HEARING}.get(given.get("kind", ""), (*VISION, *HEARING))
    return [("", "Välj"), *((one, sentence(code(one))) for one in listed), ("other", "Annan åtgärd")]


def _responsible(_party: str, _: dict[str, str]) -> Choices:
    return [(base().parties[0], "Regionen"), ("MUNICIPALITY", "Kommunen")]


def _sorts_of_job(party: str, given: dict[str, str]) -> Choices:
    return [("", "Vet inte"), *_codes("requested", "preventive", "corrective", "advice")(party, given)]


def sentence(text: str) -> str:
    """A text that begins with a capital."""
    return text[:1].upper() + text[1:]


def _time(when: tuple[str, tuple[str, ...]] | None, shared: str) -> tuple[Spec, ...]:
    hints = ("", "", "", "Hela minuter. Lämna tomt om ingen resa gjordes.")
    parts = tuple(
        Spec(name, "minutes", hint=hint or ONCE, when=when) for name, hint in zip(MINUTES, hints, strict=True)
    )
    return (*parts, Spec(shared, "radio", _fixed(YES_NO_UNKNOWN), hint="Behövs bara om en resa anges.", when=when))


BY_MINUTES = ("how", ("minutes",))
SPECS: dict[str, tuple[Spec, ...]] = {
    "hired_staff": (
        Spec("to", "select", _others, label="Vem bad om hjälpen?"),
        Spec("date", "date"),
        Spec("start", "time"),
        Spec("how", "radio", _fixed(HOW), redraws=True, label="Hur anges tiden?"),
        Spec("end", "time", hint="Är sluttiden före början räknas nästa dygn.", when=("how", ("end",))),
        *_time(BY_MINUTES, "travel_combined"),
        Spec("profession", "select", _professions),
        Spec("principal_level", "radio", _codes("primary", "specialised")),
        Spec("palliative_team", "radio", _fixed(YES_NO_UNKNOWN)),
    ),
    "liaison": (
        Spec("kind", "radio", _codes("vision", "hearing"), redraws=True),
        Spec("date", "date"),
        Spec("action", "select", _actions),
        Spec("patient_responsibility", "radio", _responsible),
        Spec("agreed", "radio", _fixed(YES_NO)),
        *_time(None, "special_trip"),
    ),
    "hospital_attendance": (
        Spec("date", "date"),
        Spec("written_agreement", "radio", _fixed(YES_NO)),
        Spec("wage_cost", "number", hint="Kronor, som 2418,75."),
        Spec("travel_cost", "number", hint=KRONOR),
        Spec("travel_time_pay", "number", hint=KRONOR),
    ),
    "equipment_variable": (
        Spec("municipality", "select", _municipalities),
        Spec("date", "date"),
        Spec("hours", "number", hint="Timmar, som 2,25."),
        Spec("requested", "radio", _fixed(YES_NO)),
        Spec("work", "select", _sorts_of_job),
        Spec("travel", "number", hint=KRONOR),
        Spec("material", "number", hint=KRONOR),
    ),
}  # fmt: skip


class Stated(forms.CharField):
    """A field that refuses nothing for being empty: the charge says what is missing, and why."""

    def validate(self, value: object) -> None:
        """Nothing."""


def field_of(spec: Spec, label: str, choices: Choices, *, optional: bool) -> forms.Field:
    """The field; the charge, not the field, says what is allowed in it."""
    widget: forms.Widget
    match spec.sort:
        case "date":
            widget = day_input()
        case "time":
            widget = forms.TimeInput(attrs={"type": "time"})
        case "minutes":
            widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        case "number":
            widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        case "radio":
            widget = forms.RadioSelect(choices=choices)
        case _:
            widget = forms.Select(choices=choices)
    return Stated(max_length=100, required=not optional, label=label, help_text=spec.hint, widget=widget)
