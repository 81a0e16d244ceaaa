"""What a column's value looks like: on the page in Swedish, in a file for machines."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from avtal import money
from samverka.core.templatetags.swedish import month as month_name

NONE = mark_safe('<span class="quiet">–</span>')
EXAMPLE = mark_safe('<mark class="example">exempel</mark>')
#: A text that begins so is a formula to a spreadsheet, or is made one by it.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Kinds that are never broken over two lines.
FIXED = frozenset({"code", "date", "datetime", "month", "tag", "example"})
#: Kinds whose figures stand to the right.
NUMBERS = frozenset({"money", "count", "number"})


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: a quotation mark goes before one that could be."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) or text.lstrip(" \u00a0").startswith("=") else text


def small(text: str) -> str:
    """A text as it stands within a sentence: its first letter is small, names in it keep theirs."""
    return text[:1].lower() + text[1:]


def _count(value: int) -> str:
    return f"{'−' if value < 0 else ''}{abs(value):,}".replace(",", "\N{NO-BREAK SPACE}")


def _tag(value: object) -> str:
    return f'<span class="tag">{html.escape(str(value))}</span>'


def _day(value: date) -> str:
    return value.isoformat()


def _moment(value: datetime) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


#: How each kind but text is shown to a person: HTML, made of figures or escaped where it is made.
SHOWN: dict[str, Callable[[Any], str]] = {
    "code": lambda value: html.escape(str(value)),
    "tag": _tag,
    "example": lambda value: EXAMPLE if value else "",
    "money": money.swedish,
    "count": _count,
    "number": lambda value: f"{value:f}".replace(".", ",").replace("-", "−"),
    "date": _day,
    "datetime": _moment,
    "month": month_name,
}

#: How each kind is written in a CSV file: numbers with a dot, days by ISO 8601, öre as kronor.
WRITTEN: dict[str, Callable[[Any], str]] = {
    "text": lambda value: harmless(str(value)),
    "code": lambda value: harmless(str(value)),
    "tag": lambda value: harmless(str(value)),
    "example": lambda value: "exempel" if value else "",
    "money": money.kronor,
    "count": str,
    "number": lambda value: f"{value:f}",
    "date": _day,
    "datetime": lambda value: timezone.localtime(value).isoformat(timespec="seconds"),
    "month": lambda value: f"{value // 100:04d}-{value % 100:02d}",
}


def shown(kind: str, value: Any) -> str:
    """A value as HTML."""
    if value is None or value == "":
        return NONE
    if kind != "text":
        return SHOWN[kind](value)
    return value if isinstance(value, SafeString) else html.escape(str(value))


def written(kind: str, value: Any) -> str:
    """A value as a CSV file has it; nothing for what is not there."""
    return "" if value is None else WRITTEN[kind](value)
