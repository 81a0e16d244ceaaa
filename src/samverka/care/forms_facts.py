"""The form of a draft's facts: the open question's own words and choices, for the facts that matter to this case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from avtal.book.edition import Edition
from samverka.care.asking_fields import CHOICES, DAY, Field
from samverka.care.asking_page import Asking, asking_of
from samverka.care.asking_standing import DAY as DATE
from samverka.care.asking_standing import PASSED
from samverka.care.forms import sentence
from samverka.care.models.case import Case
from samverka.care.question import CARE, FACTS, lacks_municipality, read_text, stated_of
from samverka.care.services import CFS_ASSESSORS, CFS_VERSIONS
from samverka.core.forms import day_input

SCALE, RATING = "cfs", ("cfs_version", "cfs_assessor", "cfs_on")
#: What says which municipality a case of the region's is talked over with; the answer may do without.
WHERE = ("registered_in", "staying_in")
PUBLISHER = "https://www.dal.ca/sites/gmr/our-tools/clinical-frailty-scale.html"
UNKNOWN = ("", "Vet inte")


class Chosen(forms.ChoiceField):
    """A choice that may be left: what is not known is not called optional."""

    def to_python(self, value: Any) -> str:
        """What was passed by in the open question is not known."""
        return "" if value == PASSED else str(super().to_python(value))

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


def _hint(asked: Field) -> str | SafeString:
    """The clause's summary, what whoever answers may need, the unit; with the scale, where it is published."""
    parts = (asked.clause.summary if asked.clause else "", asked.more, sentence(f"{asked.unit}.") if asked.unit else "")
    told = " ".join(part for part in parts if part)
    if asked.name != SCALE:
        return told
    return format_html(
        '{} Skalan finns hos utgivaren, Dalhousie University: <a href="{}" target="_blank" rel="noopener noreferrer">'
        'Clinical Frailty Scale<span class="unseen"> (ny flik, annan webbplats)</span></a>.', told, PUBLISHER
    )  # fmt: skip


def _field(asked: Field) -> forms.Field:
    """A field that asks as the open question does; the question, not the field, says what is allowed."""
    options: dict[str, Any] = {"label": asked.ask, "help_text": _hint(asked)}
    if asked.kind == CHOICES:
        groups = [
            (group.heading, [(one.value, sentence(one.label)) for one in group.choices]) for group in asked.listed
        ]
        offered = [pair for heading, choices in groups for pair in ([(heading, choices)] if heading else choices)]
        return Chosen(choices=[UNKNOWN, *offered], **options)
    if asked.kind == DAY:
        return Told(max_length=10, widget=day_input(), **options)
    attrs = {"autocomplete": "off", **({"inputmode": "decimal"} if asked.unit else {})}
    return Told(max_length=80, widget=forms.TextInput(attrs=attrs), **options)


class FactsForm(forms.Form):
    """The facts that matter, how frailty was assessed, and which revision was read.

    What is sent is what is asked for: a fact that is stated comes back, whatever else it hangs on.
    """

    cfs_version = Chosen(label="Skalans version", choices=[("", "–"), *CFS_VERSIONS.items()])
    cfs_assessor = Chosen(
        label="Vem har bedömt skörheten?", help_text="Yrke, aldrig namn.",
        choices=[("", "–"), *((key, sentence(label)) for key, label in CFS_ASSESSORS.items())],
    )  # fmt: skip
    cfs_on = Day(label="När bedömdes skörheten?", widget=day_input())
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    use_required_attribute = False

    def __init__(
        self, edition: Edition, today: date, data: Mapping[str, Any] | None = None, *, case: Case | None = None
    ) -> None:  # fmt: skip
        super().__init__(data, initial=initial_of(case, today) if case else {})
        self.today = today
        asking = asking_of(CARE.name, edition)
        raw = raw_of(case) if case else {}
        names = {name for name in data if name in FACTS} if data is not None else facts_that_matter(asking, raw, today)
        if case and lacks_municipality(case):
            names = {*names, *WHERE}
        standing = asking.interview.read({DATE: today.isoformat(), **raw})
        for asked in asking.fields.page([name for name in FACTS if name in names or name == DATE], standing):
            self.fields[asked.name] = _field(asked)
        if SCALE not in self.fields:
            for name in RATING:
                del self.fields[name]
        order = [name for fact in FACTS for name in ((fact, *RATING) if fact == SCALE else (fact,))]
        self.order_fields([*order, "revision"])

    @property
    def stated(self) -> dict[str, Any]:
        """The facts that are filled in, for today where no other day is."""
        return {DATE: self.today.isoformat(), **stated_in(self.cleaned_data)}

    @property
    def cfs(self) -> dict[str, Any]:
        """How frailty was assessed."""
        return {name.partition("_")[2]: self.cleaned_data.get(name) for name in RATING}

    def refuse(self, faults: Mapping[str, str]) -> None:
        """Show what is wrong where it is."""
        for name, told in faults.items():
            if name in self.fields:
                allowed = sentence(told) if told.endswith(".") else f"Tillåtet är {told}."
                self.add_error(name, allowed)
            else:
                self.add_error(None, f"{name}: {told}")


def facts_that_matter(asking: Asking, raw: Mapping[str, str], today: date) -> frozenset[str]:
    """What is stated, what the answer still needs, what would change something; all, while what is stated clashes."""
    turn = asking.interview.turn(asking.interview.read({DATE: today.isoformat(), **raw}))
    if turn.answer is None:
        return frozenset(FACTS)
    return frozenset((*raw, *turn.page, *turn.answer.missing, *turn.decisive, *turn.further))


def stated_in(given: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that a form states; an empty field is unknown."""
    read = {name: read_text(CARE.facts[name], str(given.get(name) or "")) for name in FACTS}
    return {name: value for name, value in read.items() if value is not None}


def raw_of(case: Case) -> dict[str, str]:
    """A case's facts as the open question is sent them."""
    return {
        name: {True: "ja", False: "nej"}[value] if isinstance(value, bool) else str(value)
        for name, value in stated_of(case).items()
    }


def shown_of(case: Case, edition: Edition, names: Iterable[str] = FACTS) -> list[tuple[str, str]]:
    """What a case states, label and value in the open question's words."""
    asking, raw = asking_of(CARE.name, edition), raw_of(case)
    standing = asking.interview.read(raw)
    return [
        (asking.fields.label(name), sentence(asking.fields.shown(name, raw[name], standing)))
        for name in names if name in raw
    ]  # fmt: skip


def initial_of(case: Case, today: date) -> dict[str, Any]:
    """A draft as the form shows it; the day is today where none is stated."""
    rating = {name: getattr(case, name) for name in RATING}
    return {DATE: today, **raw_of(case), **rating, "revision": case.revision}
