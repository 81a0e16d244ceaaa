"""The first line of a view, where most apps look for it; the journal is below this app and takes it from ``core``."""

from __future__ import annotations

from samverka.core.access import ActingRequest, acting, signed_in

__all__ = ["ActingRequest", "acting", "signed_in"]
