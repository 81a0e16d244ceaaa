"""The end of a sign-in, told on the page before it comes and after; and how long one lasts, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone

from samverka.core import clock
from samverka.core.sessions import TOLD_BEFORE, left, warned_before
from samverka.web.sign_in import who_is_in

register = template.Library()


@register.inclusion_tag("web/sign_in_end.html", takes_context=True)
def sign_in_end(context: dict[str, Any]) -> dict[str, Any]:
    """What the page's script needs to tell in time, and the time of the end where it is near."""
    request, now = context["request"], clock.now()
    found = left(request.session, int(now.timestamp()))
    ends = timezone.localtime(now + timedelta(seconds=found.whole)) if found.told else None
    return {
        "left": found, "ends": ends, "who": who_is_in(request), "warned_before": warned_before(),
        "told_before": TOLD_BEFORE, "csrf_token": context.get("csrf_token"), "nonce": context.get("nonce", ""),
    }  # fmt: skip


@register.simple_tag
def sign_in_lasts() -> str:
    """How long, for who signs in: ``30 minuter … 10 timmar``."""
    hours = settings.ABSOLUTE_HOURS
    whole = "en timme" if hours == 1 else f"{hours} timmar"
    return f"Du loggas ut när du inte har öppnat eller skickat något på {_minutes()}, och alltid efter {whole}."


def _minutes() -> str:
    return "en minut" if settings.IDLE_MINUTES == 1 else f"{settings.IDLE_MINUTES} minuter"
