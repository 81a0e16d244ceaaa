"""How cases and affiliations are searched: by what, and why, since every search stands in the access log."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from samverka.agreements.county import base
from samverka.care.forms import listed, names
from samverka.care.models.log import Reason
from samverka.care.states import State
from samverka.core.acting import Actor
from samverka.core.forms import offer

AFFILIATIONS = (
    ("", "Alla utom återkallade"), ("open", "pågår"), ("ended", "avslutade"), ("withdrawn", "återkallade"),
)  # fmt: skip


def number_of(text: str) -> str:
    """A pseudonym as it is printed, however it was typed."""
    signs = "".join(char for char in text.upper() if char.isascii() and char.isalnum())
    return f"{signs[:4]}-{signs[4:]}" if signs else ""


class LoggedSearch(forms.Form):
    """A search that says why, once it asks for anything.

    Attributes:
        by: The fields that narrow it.
    """

    by: ClassVar[tuple[str, ...]] = ()

    number = forms.CharField(
        label="Nummer", required=False, max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    reason = forms.ChoiceField(
        label="Skäl till sökningen", required=False, choices=[("", "Välj"), *listed(Reason.choices)]
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
        found = {name: str(self.cleaned_data.get(name) or "") for name in self.by}
        return {name: value for name, value in found.items() if value}

    @property
    def why(self) -> Reason | None:
        """The reason, where one is given."""
        return Reason(self.cleaned_data["reason"]) if self.cleaned_data.get("reason") else None


class CaseSearch(LoggedSearch):
    """Which cases."""

    by = ("number", "state", "side", "party")
    field_order = (*by, "reason")

    state = forms.ChoiceField(
        label="Läge", required=False, choices=[("", "Pågående"), ("all", "Alla"), *listed(State.choices)]
    )  # fmt: skip
    side = forms.ChoiceField(
        label="Vems", required=False, choices=[("", "Alla"), ("own", "Våra egna"), ("incoming", "Inkommande")]
    )  # fmt: skip
    party = forms.ChoiceField(label="Motpart", required=False)

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["number"].label = "Ärendenummer"
        offer(self, "party", [("", "Alla"), *names(*(code for code in base().parties if code != actor.party))])


class AffiliationSearch(LoggedSearch):
    """Whose affiliation, of which year, going on or not."""

    by = ("number", "year", "state")
    field_order = (*by, "reason")

    year = forms.IntegerField(label="Ansluten under", required=False, min_value=2000, max_value=2099)
    state = forms.ChoiceField(label="Läge", choices=AFFILIATIONS, required=False)
