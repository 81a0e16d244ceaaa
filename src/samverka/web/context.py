"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The actor, the nonce, and whether this is a demonstration."""
    return {
        "actor": getattr(request, "actor", None),
        "nonce": getattr(request, "csp_nonce", ""),
        "demo": settings.DEMO,
    }
