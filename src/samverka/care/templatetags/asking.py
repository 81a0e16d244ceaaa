"""Clauses as links that leave the page where it is: what has been answered is nowhere else."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
NEW_TAB = '<a href="{}" target="_blank" rel="noopener">{}<span class="unseen"> (ny flik)</span></a>'


@register.simple_tag
def clauses(ids: Iterable[str], page: str) -> SafeString:
    """Clause ids, each a link to its page in a new tab; ``page`` names the address that the reader may see."""
    links = (format_html(NEW_TAB, reverse(page, args=[one]), one) for one in ids)
    return format_html_join(", ", "{}", ((link,) for link in links))
