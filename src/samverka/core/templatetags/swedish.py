"""Swedish on the page: öre as kronor, months, and the hidden key of a form that is done once."""

from __future__ import annotations

import uuid

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from avtal import money

register = template.Library()

MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
          "november", "december")  # fmt: skip


@register.filter
def kr(amount: int) -> str:
    """Öre as ``126 112,90 kr``."""
    return money.swedish(amount)


@register.filter
def month(number: int) -> str:
    """202507 as ``juli 2025``."""
    return f"{MONTHS[number % 100 - 1]} {number // 100}"


@register.simple_tag
def once_key() -> SafeString:
    """The hidden field that ``core.once`` reads: a new key each time the form is shown."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid.uuid4())
