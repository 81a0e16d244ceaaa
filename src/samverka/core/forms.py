"""What every app's forms do alike: hand a valid one to a service, offer what can be chosen, ask for a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django import forms

from samverka.core.errors import Refused

T = TypeVar("T")


def day_input(**attrs: str) -> forms.DateInput:
    """Where a day is picked or typed, in ISO form."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


def day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    """A day."""
    return forms.DateField(label=label, help_text=hint, required=required, widget=day_input())


def tried(form: forms.Form, act: Callable[..., T]) -> T | None:
    """What the service gives for the fields; None where they are wrong or it refuses, which the form then says."""
    if not form.is_valid():
        return None
    try:
        return act(**form.cleaned_data)
    except Refused as reason:
        form.add_error(None, str(reason))
        return None


def offer(form: forms.Form, name: str, choices: Iterable[Any]) -> None:
    """What may be chosen in a field, where that is known only when the form is made."""
    form.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField: Django's stubs know no choices
