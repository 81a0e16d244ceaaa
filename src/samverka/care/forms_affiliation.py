"""What is filled in of an affiliation: days and a number, never a name; and a year's number by a document."""

from __future__ import annotations

from typing import Any

from django import forms

from samverka.care.forms_search import CASE, checked_number
from samverka.care.models.affiliation import Affiliation
from samverka.core.forms import day

NOTE = "Högst 160 tecken. Skriv aldrig namn, personnummer, telefonnummer eller e-postadress."


class DaysForm(forms.Form):
    """The days of an affiliation, both included."""

    first = day("Första dagen")
    last = day("Sista dagen", "Lämna tomt så länge anslutningen pågår.", required=False)


class PersonForm(DaysForm):
    """A person new to the register: a case's number or a fresh pseudonym, and the first affiliation."""

    case_number = forms.CharField(
        label="Ärendets nummer", required=False, max_length=80,
        help_text="Om personen har ett ärende hos er. Lämna tomt för ett nytt nummer. Skriv aldrig namn eller "
        "personnummer.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    example = forms.BooleanField(
        label="Exempeldata", required=False,
        help_text="Kryssa i om personen är påhittad. Allt som bygger på det märks då som exempel.",
    )  # fmt: skip

    field_order = ("case_number", "first", "last", "example")

    def clean_case_number(self) -> str:
        """As it is printed, where there is one."""
        return checked_number(self, "case_number", CASE) if self.cleaned_data["case_number"] else ""


class ChangeForm(DaysForm):
    """The days of one that is registered, and which revision was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, affiliation: Affiliation, *args: Any, **options: Any) -> None:
        initial = {"first": affiliation.first, "last": affiliation.last, "revision": affiliation.revision}
        super().__init__(*args, **{**options, "initial": initial})


class RevisionForm(forms.Form):
    """Which revision was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class NumberForm(forms.Form):
    """How many were affiliated in a year, by a document of the region's."""

    year = forms.IntegerField(label="Året som är räknat", min_value=2000, max_value=2099)
    number = forms.IntegerField(label="Antal personer", min_value=0, max_value=100_000)
    source = forms.CharField(
        label="Källa", max_length=160, help_text=f"Dokumentet som antalet står i, med diarienummer. {NOTE}"
    )
    example = forms.BooleanField(label="Exempeldata", required=False, help_text="Kryssa i om antalet är påhittat.")


class ReasonForm(forms.Form):
    """Why a number is withdrawn."""

    reason = forms.CharField(label="Varför återkallas antalet?", max_length=160, help_text=NOTE)
