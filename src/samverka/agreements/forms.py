"""Forms for days and for entering values: they gather text, and what is allowed is said by ``payloads``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms

from samverka.agreements.county import FACTORS, MUNICIPALITIES, base
from samverka.agreements.models import EnteredKind
from samverka.agreements.payloads import NORMAL_RANGE
from samverka.agreements.subjects import FACTOR_WORDS
from samverka.core.forms import day_input, offer

STATUSES = ("forecast", "preliminary", "published", "definitive")


def _day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    widget = day_input(min="2000-01-01", max="2099-12-31")
    return forms.DateField(
        label=label, help_text=hint, required=required, widget=widget, input_formats=["%Y-%m-%d"]
    )  # fmt: skip


def _text(label: str, hint: str = "", **attrs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, help_text=hint, max_length=300, widget=widget)


def _number(label: str, hint: str = "") -> forms.CharField:
    return _text(label, hint, inputmode="decimal", autocomplete="off")


class Days(forms.Form):
    """In force on a day, as known on a day; both empty is today."""

    on = _day("Gäller den", required=False)
    known = _day("Känt den", required=False)

    def clean(self) -> dict[str, Any]:
        """Both within the century."""
        found = super().clean() or {}
        for name in ("on", "known"):
            day = found.get(name)
            if day and not date(2000, 1, 1) <= day <= date(2099, 12, 31):
                self.add_error(name, "Ange en dag från 2000-01-01 till 2099-12-31.")
        return found


class Search(forms.Form):
    """Words to look for in clauses."""

    q = forms.CharField(label="Sök i klausulerna", max_length=100, required=False,
                        help_text="Klausulens id eller ord ur sammanfattningen.",
                        widget=forms.TextInput(attrs={"type": "search"}))  # fmt: skip


class Propose(forms.Form):
    """What every kind has: where the value is written, and whether it is example data."""

    #: The fields of the payload, in its order.
    payload_fields: ClassVar[tuple[str, ...]] = ()
    kind: ClassVar[EnteredKind]

    document = _text("Dokument", "Var värdet står: beslut, cirkulär eller protokoll, med diarienummer och paragraf.")
    document_date = _day("Dokumentets datum", "Inte efter i dag.")
    example = forms.BooleanField(
        label="Exempeldata", required=False,
        help_text="Kryssa i om värdet är påhittat. Allt som bygger på det märks då som exempel.",
    )  # fmt: skip
    replaces = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    #: Headings of the columns, where the shares are shown as a table.
    columns: ClassVar[tuple[str, ...]] = ()

    def rows(self) -> list[tuple[str, list[tuple[str, forms.BoundField]]]]:
        """The shares as rows of a table; none where the kind has no shares."""
        return []

    def _row(self, names: list[str]) -> list[tuple[str, forms.BoundField]]:
        return [(column, self[name]) for column, name in zip(self.columns, names, strict=True)]

    def above(self) -> list[forms.BoundField]:
        """The visible fields that stand before the table of shares."""
        shared = {field.name for _, fields in self.rows() for _, field in fields}
        last = ("document", "document_date", "example")
        return [field for field in self.visible_fields() if field.name not in shared and field.name not in last]

    def below(self) -> list[forms.BoundField]:
        """The visible fields that stand after it."""
        return [self[name] for name in ("document", "document_date", "example")]

    def payload(self) -> dict[str, Any]:
        """The value as ``payloads`` reads it."""
        return {name: _plain(self.cleaned_data[name]) for name in self.payload_fields}

    def add_faults(self, faults: Mapping[str, str]) -> None:
        """What the payload said is wrong, at the fields where it is; the rest above the form."""
        for key, text in faults.items():
            name = key.replace(".", "_")
            at = name if name in self.fields else None
            self.add_error(at, f"Ange {text}." if at else f"{self._where(key)}: {text}.")

    def _where(self, key: str) -> str:
        return FACTOR_WORDS.get(key.split(".", 1)[0], "Fördelningen").capitalize()


def _plain(value: Any) -> Any:
    """A day as text, and a typographic minus as the one that numbers are read with."""
    return value.isoformat() if isinstance(value, date) else value.replace("\N{MINUS SIGN}", "-")


class ProposeIndex(Propose):
    """An index value."""

    kind = EnteredKind.INDEX
    payload_fields = ("series", "index_year", "percent", "status", "published")

    series = forms.ChoiceField(label="Indexserie")
    index_year = _number("Indexår", "Det år vars förändring värdet mäter, som 2025.")
    percent = _number(
        "Förändring i procent", "Från −50 till 100, högst fyra decimaler: 3,2. Minustecken om det sjunker."
    )
    status = forms.ChoiceField(label="Status", help_text="Ett preliminärt värde kan senare leda till rättelserader.")
    published = _day(
        "Publicerat den", "När utgivaren publicerade värdet. Av två värden för samma år gäller det senaste."
    )
    field_order = (*payload_fields, "document", "document_date", "example")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        edition = base()
        offer(self, "series", [(one.name, f"{one.name}, {one.label}") for one in edition.series.values()])
        offer(self, "status", [(one, edition.words.code(one)) for one in STATUSES])


class ProposeParameter(Propose):
    """A price or another condition."""

    kind = EnteredKind.PARAMETER
    payload_fields = ("name", "since", "value")

    name = forms.ChoiceField(label="Villkor")
    since = _day("Gäller från", "Ett pris som följer index står i det årets prisnivå och räknas upp från året efter.")
    value = _number(
        "Värde", "Pris i kronor med högst två decimaler: 640 eller 640,50. Klockslag som 08:00. Annars heltal."
    )
    field_order = (*payload_fields, "document", "document_date", "example")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        edition = base()
        offer(
            self,
            "name",
            [
                (one.name, f"{one.label} ({edition.words.code(one.unit)})")
                for one in edition.parameters.values()
                if one.name not in NORMAL_RANGE
            ],
        )


class ProposeNormalRange(Propose):
    """Both limits of the normal range."""

    kind = EnteredKind.NORMAL_RANGE
    payload_fields = ("since", "low", "high")

    since = _day("Gäller från", "Räknas om vart tredje år (TB-GRU-4).")
    low = _number("Nedre gräns", "Antal personer, heltal. Gränsen ingår i normalvariationen.")
    high = _number("Övre gräns", "Antal personer, heltal. Gränsen ingår i normalvariationen.")
    field_order = (*payload_fields, "document", "document_date", "example")


class ProposeKey(Propose):
    """A key for the development money."""

    kind = EnteredKind.DEVELOPMENT_KEY
    since = _day("Gäller från")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in MUNICIPALITIES:
            self.fields[f"shares_{name}"] = _number(f"{base().words.code(name)}, procent")
        self.order_fields(
            ["since", *(f"shares_{name}" for name in MUNICIPALITIES), "document", "document_date", "example"]
        )

    columns = ("Andel i procent",)

    def rows(self) -> list[tuple[str, list[tuple[str, forms.BoundField]]]]:
        """One municipality a row."""
        return [(base().words.code(name), self._row([f"shares_{name}"])) for name in MUNICIPALITIES]

    def payload(self) -> dict[str, Any]:
        """The key with its shares."""
        shares = {name: self.cleaned_data[f"shares_{name}"] for name in MUNICIPALITIES}
        return {"since": _plain(self.cleaned_data["since"]), "shares": shares}


class ProposeFactors(Propose):
    """The three-factor model of a year: for each factor its weight and every municipality's share."""

    kind = EnteredKind.FACTORS
    year = _number("År", "Det år vars tilläggsbelopp fördelas, som 2026.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for factor in FACTORS:
            word = FACTOR_WORDS[factor].capitalize()
            self.fields[f"{factor}_weight"] = _number(f"{word}: vikt i procent")
            for name in MUNICIPALITIES:
                self.fields[f"{factor}_shares_{name}"] = _number(f"{word}: {base().words.label(name)}, procent")
        self.order_fields(["year", *self._cells(), "document", "document_date", "example"])

    def _cells(self) -> Iterator[str]:
        for factor in FACTORS:
            yield f"{factor}_weight"
            yield from (f"{factor}_shares_{name}" for name in MUNICIPALITIES)

    columns = tuple(f"{FACTOR_WORDS[factor].capitalize()}, procent" for factor in FACTORS)

    def rows(self) -> list[tuple[str, list[tuple[str, forms.BoundField]]]]:
        """The factors' weights, and then one municipality a row."""
        weights = ("Faktorns vikt", self._row([f"{factor}_weight" for factor in FACTORS]))
        shares = [
            (base().words.code(name), self._row([f"{factor}_shares_{name}" for factor in FACTORS]))
            for name in MUNICIPALITIES
        ]
        return [weights, *shares]

    def payload(self) -> dict[str, Any]:
        """The model as the supplement states it."""
        said = self.cleaned_data
        return {
            "year": said["year"],
            **{
                factor: {
                    "weight": said[f"{factor}_weight"],
                    "shares": {name: said[f"{factor}_shares_{name}"] for name in MUNICIPALITIES},
                }
                for factor in FACTORS
            },
        }


class ProposeReading(Propose):
    """The parties' choice for one reading."""

    kind = EnteredKind.READING
    payload_fields = ("reading", "option", "decided_by", "decided")

    reading = forms.CharField(widget=forms.HiddenInput, max_length=8)
    option = forms.ChoiceField(
        label="Val", widget=forms.RadioSelect, error_messages={"required": "Välj en av läsningarna."}
    )
    decided_by = _text("Beslutat av", "Den arena, nämnd eller part som har beslutat.")
    decided = _day("Beslutat den", "Inte efter i dag.")
    field_order = (*payload_fields, "document", "document_date", "example")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        asked = self.data.get("reading") or self.initial.get("reading")
        reading = base().readings.get(str(asked))
        choices = [(one, f"{reading.options[one]}") for one in reading.computed] if reading else []
        offer(self, "option", choices)


FORMS: Mapping[str, type[Propose]] = {
    form.kind.value: form
    for form in (ProposeIndex, ProposeParameter, ProposeNormalRange, ProposeFactors, ProposeKey, ProposeReading)
}


class Rule(forms.Form):
    """The reason of a ruling: needed where the value is declined."""

    reason = forms.CharField(label="Skäl", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
                             help_text="Behövs när du avslår. Alla parter ser det i journalen.")  # fmt: skip
