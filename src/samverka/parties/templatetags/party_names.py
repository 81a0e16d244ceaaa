"""Parties by name in templates: ``{% load party_names %}{{ code|party_name:day }}``."""

from __future__ import annotations

from datetime import date

from django import template

from samverka.parties.selectors import label_of

register = template.Library()


@register.filter
def party_name(code: str, on: date) -> str:
    """The name of a party, or of ``PARTY:unit``, on a day."""
    return label_of(code, on=on)
