"""Forms of what a shared sum rests on, one for each kind: they gather what is stated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from avtal.calendar import Period
from samverka.agreements.county import base
from samverka.core.errors import Refused
from samverka.core.forms import day, offer
from samverka.core.uploads import read_upload
from samverka.settlement.affiliated import counted_before, told, why_none
from samverka.settlement.basis import differs
from samverka.settlement.forms import periods
from samverka.settlement.models import BasisKind

#: The columns of a list of equipment, and of a table of inhabitants.
ITEMS, ITEMS_MORE = ("municipality", "item"), ("label",)
INHABITANTS = ("region", "population")
SETTLED_IN, NEW_YEAR = 3, 1  # the supplement's month by A67; the national share's by its yearly step
MOST_TOLD = 10
WITHIN = str.maketrans("", "", " \N{NO-BREAK SPACE}")
LONGEST_TEXT = 2_000_000


@dataclass(frozen=True)
class Case:
    """What a form states, as ``basis.register_basis`` takes it."""

    period: str
    month: int
    stated: dict[str, Any]
    listed: list[dict[str, str]] = field(default_factory=list)
    counted_on: date | None = None


def _whole(label: str, *, required: bool = True, hint: str = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=10_000_000, required=required, help_text=hint)


def _amount(hint: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label="Belopp i kronor", max_length=20, help_text=hint, widget=widget)


def _text(label: str, hint: str, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows, "spellcheck": "false"}),
    )  # fmt: skip


class BasisForm(forms.Form):
    """What every kind has: where it is written, and whether it is example data."""

    kind: ClassVar[BasisKind]
    title: ClassVar[str]
    lead: ClassVar[str]

    source = forms.CharField(
        label="Källa", max_length=300, help_text="Dokumentet som uppgifterna kommer från, med diarienummer eller datum."
    )
    example = forms.BooleanField(
        label="Exempeldata", required=False,
        help_text="Kryssa i om uppgifterna är påhittade. Allt som bygger på dem märks då som exempel.",
    )  # fmt: skip

    def __init__(self, on: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.on = on
        self.choose(on)
        self.order_fields([*(name for name in self.fields if name not in ("source", "example")), "source", "example"])

    def choose(self, on: date) -> None:
        """Fill in what may be chosen around a day."""

    def counted(self) -> list[forms.BoundField]:
        """The numbers by municipality, to be shown as a table; none where the kind has no such numbers."""
        return [self[name] for name in self.fields if name.startswith("count_")]

    def above(self) -> list[forms.BoundField]:
        """The fields that stand before the table."""
        return [self[name] for name in self.fields if name in ("half_year", "counted_on")]

    def below(self) -> list[forms.BoundField]:
        """The fields that stand after it."""
        names = [field.name for field in (*self.above(), *self.counted())]
        return [field for field in self if field.name not in names]

    def clean(self) -> dict[str, Any]:
        """Nothing is counted or decided on a day that has not come."""
        said = super().clean() or {}
        for name in {"counted_on", "decided_on"} & set(said):
            if said[name] and said[name] > self.on:
                self.add_error(name, f"Tillåtet är i dag ({self.on}) eller tidigare.")
        return said

    def case(self) -> Case:
        """What a valid form states."""
        raise NotImplementedError


class Equipment(BasisForm):
    """Registered items: a number for each municipality, or the list that is counted: MT-B1-1, MT-EKO-1, A40."""

    kind = BasisKind.EQUIPMENT_FIXED
    title = "Registrera antal inventarier"
    lead = "Antalet registrerade medicintekniska inventarier per kommun, räknat sista dagen före halvåret (A40)."

    half_year = forms.ChoiceField(label="Halvår", help_text="Det halvår som faktureras i förskott.")
    counted_on = day("Räknat den", "Tomt betyder sista dagen före halvåret.", required=False)
    file = forms.FileField(
        label="Lista som fil", required=False,
        help_text="CSV eller Excel med kolumnerna municipality, item (inventarienummer) och gärna label (benämning). "
        "Listan räknas och låses med underlaget.",
    )  # fmt: skip
    rows = _text("Eller klistra in listan", "Samma kolumner, en rad per inventarie: municipality;item;label", 6)

    def choose(self, on: date) -> None:
        """The half-years, and a field for each municipality."""
        halves = dict(periods(on))["Halvår"]
        offer(self, "half_year", halves)
        for code in base().parties[1:]:
            self.fields[f"count_{code}"] = _whole(base().words.code(code), required=False)
        counts = [name for name in self.fields if name.startswith("count_")]
        self.order_fields(["half_year", "counted_on", *counts, "file", "rows", "source", "example"])

    def clean(self) -> dict[str, Any]:
        """The list where there is one, else every number."""
        said = super().clean() or {}
        counts = {name.removeprefix("count_"): said.get(name) for name in self.fields if name.startswith("count_")}
        self.listed: list[dict[str, str]] = []
        sent = said.get("file") or (said.get("rows") or "").strip()
        if sent:
            try:
                self.listed = _items(_rows(sent, ITEMS, ITEMS_MORE))
            except Refused as refused:
                self.add_error("file" if said.get("file") else "rows", str(refused))
        elif not {"file", "rows"} & set(self.errors):
            for code, count in counts.items():
                if count is None and f"count_{code}" not in self.errors:
                    self.add_error(f"count_{code}", "Ange antalet, 0 om inga finns.")
        if not {"counted_on", "half_year"} & set(self.errors) and self._counted_on() > self.on:
            self.add_error("counted_on", f"Sista dagen före halvåret, {self._counted_on()}, har inte varit än.")
        return said

    def _counted_on(self) -> date:
        """The day of the count, the last one before the half-year unless another is said."""
        said = self.cleaned_data["counted_on"] or Period.parse(self.cleaned_data["half_year"]).first - timedelta(days=1)
        assert isinstance(said, date)  # as the field gives it
        return said

    def case(self) -> Case:
        """The half-year's numbers, settled in its first month."""
        said = self.cleaned_data
        half = Period.parse(said["half_year"])
        counts = {code: said[f"count_{code}"] for code in base().parties[1:]}
        if self.listed:
            found = Counter(row["municipality"] for row in self.listed)
            told = {code: found[code] for code in counts}
            off = [code for code, count in counts.items() if count is not None and count != told[code]]
            if off:
                code = off[0]
                raise Refused(f"{base().words.code(code)}: {differs(told[code], counts[code])}")
            counts = told
        stated = {"half_year": half.name, "counts": {code: str(count) for code, count in counts.items()}}
        return Case(half.name, half.first.year * 100 + half.first.month, stated, self.listed, self._counted_on())

    def listed_text(self) -> str:
        """The list as it can be pasted in again."""
        lines = [";".join((row["municipality"], row["item"], _quoted(row["label"]))) for row in self.listed]
        return "\n".join(["municipality;item;label", *lines]) if lines else ""


class Supplement(BasisForm):
    """Last year's affiliated persons: TB-AVS-1, A11, A12."""

    kind = BasisKind.SUPPLEMENT
    title = "Registrera anslutna personer"
    lead = (
        "Antalet personer i länet som föregående år var anslutna till Storsjögläntan; det bestämmer årets belopp (A12)."
    )

    year = forms.ChoiceField(label="Året som beloppet gäller")
    affiliated = forms.CharField(required=False, widget=forms.HiddenInput)
    counted_on = day("Räknat den", "Senast under första kvartalet.")

    def choose(self, on: date) -> None:
        """The years around a day; and of the chosen one the number, or both where register and attested one differ."""
        years = dict(periods(on))["År"]
        offer(self, "year", years)
        self.initial.setdefault("year", str(on.year))
        asked = str(self.data.get("year") or self.initial["year"])
        self.found = counted_before(int(asked if asked in dict(years) else on.year))
        self.fields["year"].help_text = told(self.found)
        if self.found.differs:
            self.fields["affiliated"] = self._either()
        elif self.data.get("step") != "save":  # what is saved is what was seen; what is looked at is what is there
            number = self.found.numbers[0] if self.found.numbers else ""
            self.initial["affiliated"] = number
            if self.is_bound:
                self.data = {**self.data.dict(), "affiliated": str(number)}  # type: ignore[attr-defined]  # as a request has it

    def _either(self) -> forms.ChoiceField:
        found, attested = self.found, self.found.attested
        assert attested is not None  # they differ
        return forms.ChoiceField(
            label="Vilket antal ska gälla?", widget=forms.RadioSelect,
            choices=[(str(found.register), f"{found.register} enligt registret"),
                     (str(attested.number), f"{attested.number} enligt intygat antal: {attested.source}")],
            help_text="Registret och det intygade antalet skiljer sig. Båda antalen står i underlaget.",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A number that is there, and the one that was seen."""
        said = super().clean() or {}
        refused = why_none(self.found, self.on)
        seen = said.get("affiliated")
        if refused:
            self.add_error("year", refused)
        elif seen is not None and seen not in map(str, self.found.numbers):
            self.add_error(None, f"{told(self.found)} Det har ändrats sedan du såg det. Visa vad underlaget ger igen.")
        return said

    def case(self) -> Case:
        """The number, settled in March."""
        said = self.cleaned_data
        year = said["year"]
        stated = {"affiliated": said["affiliated"], "year": year}
        return Case(year, int(year) * 100 + SETTLED_IN, stated, counted_on=said["counted_on"])


class DevelopmentFund(BasisForm):
    """What the parties put into the development fund, by the decision's date: P-EKO-UM-1, A51, A67."""

    kind = BasisKind.DEVELOPMENT_FUND
    title = "Registrera utvecklingsmedel"
    lead = "Beslutat belopp till utvecklingsmedlen. Regionen betalar hälften, kommunerna resten efter nyckeln."

    decided_on = day("Beslutets datum", "Beloppet avräknas i beslutets månad (A67).")
    amount = _amount("Hela beloppet, båda halvorna: 250000 eller 250000,00.")

    def case(self) -> Case:
        """The amount, settled in the decision's month."""
        on = self.cleaned_data["decided_on"]
        stated = {"amount": self.cleaned_data["amount"].translate(WITHIN)}
        return Case(str(on.year), on.year * 100 + on.month, stated, counted_on=on)


class NationalShare(BasisForm):
    """The joint functions of the national model and how many live where: MTN-2, A42."""

    kind = BasisKind.NATIONAL_SHARE
    title = "Registrera nationell andel"
    lead = (
        "Den nationella modellens belopp och folkmängd per region. Inget faktureras här: andelen betalas utanför länet."
    )

    year = forms.ChoiceField(label="År")
    amount = _amount("Hela landets belopp för året.")
    counted_on = day("Folkmängd den", "Dagen som folkmängden gäller.")
    populations = _text(
        "Folkmängd per region", "Kolumnerna region;population, en rad per region. Den egna är REGION.", 8
    )

    def choose(self, on: date) -> None:
        """The years around a day; the table cannot be left out."""
        offer(self, "year", dict(periods(on))["År"])
        self.fields["populations"].required = True

    def clean_populations(self) -> dict[str, str]:
        """The table as names and numbers."""
        try:
            rows = _rows(self.cleaned_data["populations"], INHABITANTS, ())
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None
        found = {row["region"]: row["population"].translate(WITHIN) for row in rows}
        if len(found) < len(rows):
            raise forms.ValidationError("En region står flera gånger.")
        return found

    def case(self) -> Case:
        """The amount and the inhabitants, expected at the turn of the year."""
        said = self.cleaned_data
        stated = {"amount": said["amount"].translate(WITHIN), "populations": said["populations"]}
        return Case(said["year"], int(said["year"]) * 100 + NEW_YEAR, stated, counted_on=said["counted_on"])


FORMS: dict[str, type[BasisForm]] = {
    form.kind.value: form for form in (Equipment, Supplement, DevelopmentFund, NationalShare)
}


def _rows(sent: Any, required: tuple[str, ...], more: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a file or of a pasted text, read strictly in a process of their own.

    Raises:
        Refused: It cannot be read, or a row is not what is allowed; the first faults are named.
    """
    file = SimpleUploadedFile("lista.csv", sent.encode()) if isinstance(sent, str) else sent
    table = read_upload(file, required, more)
    if table.count:
        told = [
            f"rad {line}{f', {column}' if column else ''}: {text}" for line, column, text in table.faults[:MOST_TOLD]
        ]
        raise Refused(f"Listan har {table.count} fel. " + "; ".join(told))
    if not table.rows:
        raise Refused("Listan har inga rader.")
    return [cells for _, cells in table.rows]


def _items(rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Rows with the municipality's code, where its name or its code may be written."""
    codes = {code: code for code in base().parties[1:]}
    for code in base().parties[1:]:
        codes |= {base().words.label(code): code, base().words.code(code): code}
    return [
        {"municipality": codes.get(row["municipality"], row["municipality"]), "item": row["item"],
         "label": row.get("label", "")}
        for row in rows
    ]  # fmt: skip


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"' if ";" in text or '"' in text else text
