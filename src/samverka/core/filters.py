"""Filters of a list: fields of a form that GETs, each a lookup of the rows."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import DateField, DateTimeField, Field, IntegerField, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from samverka.core.fields import field_of

Choices = Sequence[tuple[Any, str]]
_MONTH = re.compile(r"([0-9]{4})-?([0-9]{2})", re.ASCII)
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """One field above a list.

    Attributes:
        key: Its name in the address.
        label: What it is called.
        field: A Django lookup: ``state``, ``date__gte``, ``month``.
        choices: What may be chosen, value and label, or what gives them; None is a text, day or month, by the lookup.
    """

    key: str
    label: str
    field: str
    choices: Callable[[], Choices] | Choices | None = None


@dataclass(slots=True)
class Applied:
    """A filter in a request: what was given and what is wrong with it."""

    filter: Filter
    kind: str
    given: str
    fault: str = ""
    offered: Choices = ()

    @property
    def html(self) -> SafeString:
        """Label, fault and field."""
        name = self.filter.key
        fault = (
            format_html('<span class="fault" id="filter-{}-fault">{}</span>', name, self.fault) if self.fault else ""
        )
        tied = format_html(' aria-invalid="true" aria-describedby="filter-{}-fault"', name) if self.fault else ""
        if self.kind == "choice":
            options = "".join(
                _option(str(value), str(text), chosen=str(value) == self.given)
                for value, text in [("", "Alla"), *self.offered]
            )
            made = mark_safe(options)  # noqa: S308  # each is escaped where it is made
            field = format_html('<select name="{}" id="filter-{}"{}>{}</select>', name, name, tied, made)
        else:
            field = format_html(
                '<input type="{}" name="{}" id="filter-{}" value="{}"{}>',
                {"date": "date", "month": "month"}.get(self.kind, "text"), name, name, self.given, tied,
            )  # fmt: skip
        return format_html('<p><label for="filter-{}">{}</label>{}{}</p>', name, self.filter.label, fault, field)


def _option(value: str, text: str, *, chosen: bool) -> str:
    """One of what may be chosen; ``format_html`` takes five times as long over a county's parties."""
    return f'<option value="{html.escape(value)}"{" selected" if chosen else ""}>{html.escape(text)}</option>'


def applied(filters: Sequence[Filter], rows: QuerySet[Any], given: Any) -> tuple[list[Applied], QuerySet[Any]]:
    """Each filter as a request gives it, and the rows that pass; none where a value cannot be understood."""
    found = []
    for one in filters:
        text = given.get(one.key, "").strip()
        offered = () if one.choices is None else list(one.choices() if callable(one.choices) else one.choices)
        field = field_of(rows, one.field)
        each = Applied(one, _kind(one, field), text, offered=offered)
        found.append(each)
        if text:
            try:
                rows = rows.filter(**{one.field: _value(each, field)})
            except ValueError as fault:
                each.fault = str(fault)
                rows = rows.none()
    return found, rows


def _kind(one: Filter, field: Field[Any, Any]) -> str:
    """Which sort of field asks for it."""
    if one.choices is not None:
        return "choice"
    if isinstance(field, DateField):
        return "date"
    return "month" if isinstance(field, IntegerField) and "month" in one.field.split(LOOKUP_SEP) else "text"


def _value(each: Applied, field: Field[Any, Any]) -> Any:
    """What was given, as the lookup wants it.

    Raises:
        ValueError: It is nothing that may be given; the message says what is.
    """
    text = each.given
    if len(text) > LONGEST or "\x00" in text:
        raise ValueError(f"Högst {LONGEST} vanliga tecken.")
    if each.kind == "choice":
        values = {str(value): value for value, _ in each.offered}
        if text not in values:
            raise ValueError("Välj något i listan.")
        return values[text]
    if each.kind == "month":
        month = _MONTH.fullmatch(text)
        if month is None or not 1 <= int(month[2]) <= 12:
            raise ValueError("Skriv år och månad så här: 2026-07.")
        return int(month[1] + month[2])
    if each.kind == "date":
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ValueError("Skriv dagen så här: 2026-07-01.") from None
        return _whole_day(each.filter.field, day) if isinstance(field, DateTimeField) else day
    if isinstance(field, IntegerField):
        if not (text.isascii() and text.isdigit()) or len(text) > 18:
            raise ValueError("Skriv ett heltal.")
        return int(text)
    return text


def _whole_day(lookup: str, day: date) -> datetime:
    """A day's first moment, or its last where the lookup is an upper limit."""
    return timezone.make_aware(datetime.combine(day, time.max if lookup.endswith("__lte") else time.min))
