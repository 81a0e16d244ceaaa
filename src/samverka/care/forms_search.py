"""How cases and affiliations are searched: by what, and why, since every search stands in the access log."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms

from samverka.agreements.county import base
from samverka.care.forms import listed, names
from samverka.care.guard import NO_PERSON, person_in
from samverka.care.models.log import Reason
from samverka.care.services import FIGURES, LETTERS
from samverka.care.states import State
from samverka.core.acting import Actor
from samverka.core.forms import offer

WHY = "Välj varför du söker. Skälet skrivs i åtkomstloggen."
AFFILIATIONS = (
    ("", "Alla utom återkallade"), ("open", "pågår"), ("ended", "avslutade"), ("withdrawn", "återkallade"),
)  # fmt: skip


#: A case's number, and the pseudonym of somebody in the register who has no case: the halves the other way round.
CASE = re.compile(f"[{LETTERS}]{{4}}-[{FIGURES}]{{4}}")
PSEUDONYM = re.compile(f"{CASE.pattern}|[{FIGURES}]{{4}}-[{LETTERS}]{{4}}")
USED = f"Bokstäverna är några av {LETTERS}, siffrorna {FIGURES[0]} till {FIGURES[-1]}."
FORMS = {
    CASE: f"Ett ärendenummer är fyra bokstäver och fyra siffror, som CDFH-2345. {USED}",
    PSEUDONYM: f"Numret är fyra bokstäver och fyra siffror, som CDFH-2345 eller 2345-CDFH. {USED}",
}
NOT_IN_ADDRESS = "Skriv numret i sökrutan. Det ska inte stå i adressen."


def number_of(text: str, form: re.Pattern[str]) -> str:
    """A pseudonym as it is printed, however it was typed; empty where it is none."""
    signs = "".join(char for char in text.upper() if char.isalnum())
    printed = f"{signs[:4]}-{signs[4:]}"
    return printed if form.fullmatch(printed) else ""


class NumberSearch(forms.Form):
    """A search for a number, sent in a body and never in an address. What is no number is refused, not repeated."""

    number = forms.CharField(
        label="Ärendenummer", max_length=80, error_messages={"required": FORMS[CASE]},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    reason = forms.ChoiceField(
        label="Skäl till sökningen", choices=[("", "Välj"), *listed(Reason.choices)], error_messages={"required": WHY}
    )
    pattern = CASE
    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "find_%s", **options})

    def clean_number(self) -> str:
        """As it is printed.

        Raises:
            ValidationError: It is none.
        """
        return checked_number(self, "number", self.pattern)

    @property
    def why(self) -> Reason:
        """The reason."""
        return Reason(self.cleaned_data["reason"])


class PersonSearch(NumberSearch):
    """A search for somebody in the register."""

    pattern = PSEUDONYM

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["number"].label = "Nummer"


def checked_number(form: forms.Form, field: str, pattern: re.Pattern[str]) -> str:
    """The number in a field as it is printed; what is none is taken out of the form.

    Raises:
        ValidationError: It is none, and could say who somebody is.
    """
    typed = str(form.cleaned_data[field])
    number = number_of(typed, pattern)
    if not number:
        data = dict(form.data.items())
        form.data = {**data, form.add_prefix(field): ""}
        told = NO_PERSON.format(what="Det du skrev", found=person_in(typed))
        raise forms.ValidationError(f"{FORMS[pattern]} {told if person_in(typed) else told.partition('. ')[2]}")
    return number


class LoggedSearch(forms.Form):
    """A search that says why, once it asks for anything.

    Attributes:
        by: The fields that narrow it.
    """

    by: ClassVar[tuple[str, ...]] = ()

    reason = forms.ChoiceField(
        label="Skäl till sökningen", required=False, choices=[("", "Välj"), *listed(Reason.choices)]
    )

    def clean(self) -> dict[str, Any]:
        """Whoever searches says why."""
        given: dict[str, Any] = super().clean() or {}
        if self.asked and not given.get("reason"):
            self.add_error("reason", WHY)
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

    by = ("state", "side", "party")
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
        offer(self, "party", [("", "Alla"), *names(*(code for code in base().parties if code != actor.party))])


class AffiliationSearch(LoggedSearch):
    """Whose affiliation, of which year, going on or not."""

    by = ("year", "state")
    field_order = (*by, "reason")

    year = forms.IntegerField(label="Ansluten under", required=False, min_value=2000, max_value=2099)
    state = forms.ChoiceField(label="Läge", choices=AFFILIATIONS, required=False)
