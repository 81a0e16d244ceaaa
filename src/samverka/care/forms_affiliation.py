"""What is filled in of an affiliation: days and a number, never a name; and a year's number by a document."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict

from django import forms

from samverka.care.forms import listed
from samverka.care.models.affiliation import Affiliation
from samverka.care.models.log import Reason

STATES = (("", "Alla utom återkallade"), ("open", "pågår"), ("ended", "avslutade"), ("withdrawn", "återkallade"))
NUMBER = "Fyra bokstäver och fyra siffror, till exempel CDFH-2345 eller 2345-CDFH."
NO_PERSON = "Högst 160 tecken. Skriv aldrig namn, personnummer, telefonnummer eller e-postadress."


def _day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, required=required, widget=widget)


def _number(label: str, hint: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=20, widget=widget)


def number_of(text: str) -> str:
    """A pseudonym as it is printed, however it was typed."""
    signs = "".join(char for char in text.upper() if char.isascii() and char.isalnum())
    return f"{signs[:4]}-{signs[4:]}" if signs else ""


class Days(TypedDict):
    """The first day and the last one, where there is one."""

    first: date
    last: date | None


class DaysForm(forms.Form):
    """The days of an affiliation, both included."""

    first = _day("Första dagen")
    last = _day("Sista dagen", "Lämna tomt så länge anslutningen pågår.", required=False)

    @property
    def days(self) -> Days:
        """As the services take them."""
        return {"first": self.cleaned_data["first"], "last": self.cleaned_data["last"]}


class PersonForm(DaysForm):
    """A person new to the register: a case's number or a fresh pseudonym, and the first affiliation."""

    case_number = _number(
        "Ärendets nummer",
        "Om personen har ett ärende hos er. Lämna tomt för ett nytt nummer. Skriv aldrig namn eller personnummer.",
    )
    example = forms.BooleanField(
        label="Exempeldata", required=False,
        help_text="Kryssa i om personen är påhittad. Allt som bygger på det märks då som exempel.",
    )  # fmt: skip

    field_order = ("case_number", "first", "last", "example")

    def clean_case_number(self) -> str:
        """As it is printed."""
        return number_of(self.cleaned_data["case_number"])


class ChangeForm(DaysForm):
    """The days of one that is registered, and which revision was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, affiliation: Affiliation, *args: Any, **options: Any) -> None:
        initial = {"first": affiliation.first, "last": affiliation.last, "revision": affiliation.revision}
        super().__init__(*args, **{**options, "initial": initial})


class RevisionForm(forms.Form):
    """Which revision was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class RegisterSearch(forms.Form):
    """Whose affiliation, of which year, going on or not; and why."""

    number = _number("Nummer", "")
    year = forms.IntegerField(label="Ansluten under", required=False, min_value=2000, max_value=2099)
    state = forms.ChoiceField(label="Läge", choices=STATES, required=False)
    reason = forms.ChoiceField(
        label="Varför söker du?", choices=[("", "Välj"), *listed(Reason.choices)], required=False
    )

    def clean_number(self) -> str:
        """As it is printed."""
        return number_of(self.cleaned_data["number"])

    def clean(self) -> dict[str, Any]:
        """Whoever searches says why."""
        given: dict[str, Any] = super().clean() or {}
        if self.asked and not given.get("reason"):
            self.add_error("reason", "Välj varför du söker. Skälet skrivs i åtkomstloggen.")
        return given

    @property
    def asked(self) -> dict[str, str]:
        """What is searched for."""
        found = {name: str(self.cleaned_data.get(name) or "") for name in ("number", "year", "state")}
        return {name: value for name, value in found.items() if value}


class NumberForm(forms.Form):
    """How many were affiliated in a year, by a document of the region's."""

    year = forms.IntegerField(label="Året som är räknat", min_value=2000, max_value=2099)
    number = forms.IntegerField(label="Antal personer", min_value=0, max_value=100_000)
    source = forms.CharField(
        label="Källa", max_length=160, help_text=f"Dokumentet som antalet står i, med diarienummer. {NO_PERSON}"
    )
    example = forms.BooleanField(label="Exempeldata", required=False, help_text="Kryssa i om antalet är påhittat.")


class ReasonForm(forms.Form):
    """Why a number is withdrawn."""

    reason = forms.CharField(label="Varför återkallas antalet?", max_length=160, help_text=NO_PERSON)
