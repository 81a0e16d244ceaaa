"""What a person fills in about parties, people and arenas."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from samverka.core.acting import Actor, Role
from samverka.core.forms import day
from samverka.parties.models import Party, Unit
from samverka.parties.selectors import administered_by, in_force, names, units_for


class RenameForm(forms.Form):
    """A name from a day on."""

    name = forms.CharField(label="Nytt namn", max_length=120)
    since = day("Gäller från och med")
    source = forms.CharField(label="Källa", help_text="Var namnet är beslutat eller hämtat.", max_length=300)


class OrgNumberForm(forms.Form):
    """An organisation number and where it was found."""

    number = forms.CharField(label="Organisationsnummer", help_text="Tio siffror, som 232100-0214.", max_length=13)
    source = forms.CharField(label="Källa", help_text="Var numret är hämtat.", max_length=300)


class UnitForm(forms.Form):
    """A unit from a day on."""

    name = forms.CharField(label="Enhetens namn", max_length=120)
    since = day("Första dag")


class LastDayForm(forms.Form):
    """When something ends."""

    until = day("Sista dag")


class ProviderForm(forms.Form):
    """A private provider under the own party."""

    name = forms.CharField(label="Utförarens namn", max_length=120)
    since = day("Gäller från och med")
    number = forms.CharField(
        label="Organisationsnummer", help_text="Tomt om det inte är känt. Aldrig ett personnummer.",
        max_length=13, required=False,
    )  # fmt: skip
    source = forms.CharField(
        label="Källa", help_text="Krävs när numret anges: var det är hämtat.", max_length=300, required=False
    )


class SeatForm(forms.Form):
    """A body that fills an arena."""

    party = forms.ModelChoiceField(
        Party.objects.none(),
        label="Part",
        to_field_name="public_id",
        required=False,
        empty_label="gemensamt för parterna",
    )
    body = forms.CharField(
        label="Organ eller funktion", help_text="Nämnd, grupp eller befattning. Skriv aldrig en persons namn.",
        max_length=160,
    )  # fmt: skip
    since = day("Från och med")
    source = forms.CharField(label="Beslutat i", help_text="Protokoll, paragraf och datum.", max_length=300)

    def __init__(self, actor: Actor, on: Any, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = names(on)
        field: Any = self.fields["party"]
        field.queryset = administered_by(actor)
        field.label_from_instance = lambda party: known[party.code]


class SeatEndForm(forms.Form):
    """When a body leaves an arena."""

    until = day("Sista dag")
    source = forms.CharField(label="Beslutat i", help_text="Protokoll, paragraf och datum.", max_length=300)


class InviteForm(forms.Form):
    """A role for the owner of an e-mail address."""

    email = forms.EmailField(label="E-post", max_length=254)
    name = forms.CharField(label="Namn", help_text="Så som ni vill se det i er lista.", max_length=120)
    role = forms.ChoiceField(
        label="Roll",
        choices=[(role.value, role.label) for role in Role if role != Role.AUDITOR],
        help_text="Den som föreslår och den som beslutar ska vara olika personer.",
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="Enhet",
        to_field_name="public_id",
        required=False,
        empty_label="ingen enhet",
        help_text="Åtkomstloggen för ärenden visar enheten.",
    )
    since = day("Från och med")

    def __init__(self, actor: Actor, on: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.on = on
        field: Any = self.fields["unit"]
        field.queryset = units_for(actor).filter(in_force(on), party__code=actor.party).order_by("name")
        field.label_from_instance = lambda unit: unit.name

    def clean_email(self) -> str:
        """The address in small letters, as it is kept."""
        return str(self.cleaned_data["email"]).strip().lower()

    def clean_since(self) -> date:
        """Nobody is said to have had a role before it was given."""
        since: date = self.cleaned_data["since"]
        if since < self.on:
            raise forms.ValidationError(f"Ange i dag, {self.on}, eller en senare dag.")
        return since

    def clean_role(self) -> Role:
        """The role itself."""
        return Role(self.cleaned_data["role"])


class IdentityForm(forms.Form):
    """A party's own sign-in by OpenID Connect."""

    issuer = forms.CharField(
        label="Utfärdare (issuer)", max_length=300,
        help_text="Adressen där tjänsten beskriver sig: /.well-known/openid-configuration läggs till.",
    )  # fmt: skip
    client_id = forms.CharField(label="Klient-id", max_length=190)
    secret = forms.CharField(
        label="Klienthemlighet", max_length=190, required=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
        help_text="Visas aldrig igen. Tomt behåller den som finns.",
    )  # fmt: skip
    domains = forms.CharField(
        label="E-postdomäner",
        max_length=300,
        help_text="Åtskilda med komma. Bara adresser här släpps in genom tjänsten.",
    )

    def __init__(self, *args: Any, known: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["secret"].required = not known
