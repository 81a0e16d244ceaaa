"""Forms of settlement: which period, what is decided, why something is credited or withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms

from avtal.calendar import add_months
from samverka.core.forms import offer
from samverka.core.templatetags.swedish import MONTHS
from samverka.settlement.services import LONGEST_REASON

ORDINARY, CORRECTIONS = "ordinary", "corrections"
#: How many months ahead a period may begin: the fixed part is invoiced in advance (MT-B1-1).
AHEAD = 7
BEHIND = 24


def periods(on: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """The periods that may be chosen around a day, the latest first: half-years, months, years."""
    last, first = add_months(on.replace(day=1), AHEAD), add_months(on.replace(day=1), -BEHIND)
    months = []
    day = last
    while day >= first:
        months.append(day)
        day = add_months(day, -1)
    halves = [("H1", "Första") if one.month == 1 else ("H2", "Andra") for one in months if one.month in (1, 7)]
    years = [one.year for one in months if one.month in (1, 7)]
    return [
        ("Halvår", [(f"{y}{h}", f"{which} halvåret {y}") for y, (h, which) in zip(years, halves, strict=True)]),
        ("Månad", [(f"{one:%Y-%m}", f"{MONTHS[one.month - 1]} {one.year}") for one in months]),
        ("År", [(str(year), str(year)) for year in range(last.year, first.year - 1, -1)]),
    ]


class NewProposal(forms.Form):
    """Which period, and whether it is what is owed or what is to be corrected."""

    period = forms.ChoiceField(label="Period", help_text="Arbete tas med efter sin dag, underlag efter sin månad.")
    what = forms.ChoiceField(
        label="Vad ska tas fram", widget=forms.RadioSelect, initial=ORDINARY,
        choices=[
            (ORDINARY, "Ordinarie avräkning: attesterat arbete och godkända underlag som inte är fakturerade"),
            (CORRECTIONS, "Rättelser: redan fakturerat som kostar något annat med avtalets värden i dag"),
        ],
    )  # fmt: skip

    def __init__(self, on: date, *args: Any, due: Collection[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        around = periods(on)
        older = sorted(set(due) - {period for _, group in around for period, _ in group})
        self.fields["period"].initial = f"{on.year}H{1 if on.month <= 6 else 2}"
        offer(
            self,
            "period",
            [
                *around,
                *([("Äldre, att rätta", [(one, one) for one in older])] if older else []),
            ],
        )

    @property
    def corrections(self) -> bool:
        """Whether corrections are asked for."""
        return bool(self.cleaned_data["what"] == CORRECTIONS)


class Decision(forms.Form):
    """Why, where a proposal is rejected."""

    reason = forms.CharField(
        label="Skäl", required=False, max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Behövs om förslaget avslås. Syns i journalen.",
    )  # fmt: skip


class CreditDecision(Decision):
    """Why, where a credit is declined."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = "Behövs om krediteringen avslås. Syns i journalen."


class Reason(forms.Form):
    """Why an invoice is credited."""

    reason = forms.CharField(
        label="Skäl", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Står på kreditfakturan och i journalen.",
    )  # fmt: skip


class Withdrawal(Reason):
    """Why a basis is withdrawn."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = "Står i journalen."
