"""Addresses of pages that are one of a kind, looked up once: every page has the menu, and Django resolves it anew."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse


def address_of(name: str) -> str:
    """A page's address.

    Raises:
        NoReverseMatch: There is no such page.
    """
    return _address(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=256)
def _address(name: str, urls: str, _prefix: str) -> str:
    """Where a site is mounted differs between requests, so an address is kept for each place it was asked from."""
    return reverse(name, urlconf=urls)
