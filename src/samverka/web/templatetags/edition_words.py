"""The journal's fields in the edition's words: the journal itself lies below the agreement and knows none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from samverka.agreements.county import base
from samverka.journal.words import Difference, differences

register = template.Library()


@register.simple_tag
def what_differs(says: Mapping[str, Any]) -> list[Difference]:
    """Field by field what an entry says was and became."""
    return differences(says["before"], says["after"], base().words)
