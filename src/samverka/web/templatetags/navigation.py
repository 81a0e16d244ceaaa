"""The main navigation: places that exist, and which of them this page is in."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from samverka.core.acting import Actor
from samverka.parties.selectors import label_of

register = template.Library()

PLACES = (
    ("front", "Start"),
    ("assignments:list", "Arbete"),
    ("settlement:proposals", "Avräkning"),
    ("settlement:invoices", "Fakturor"),
    ("agreements:browse", "Avtalet"),
    ("parties:list", "Parter"),
    ("journal:list", "Journal"),
)


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> SafeString:
    """The list of places; the one that this page is in or under is marked."""
    here = context["request"].path if "request" in context else ""
    found = [(address, label) for name, label in PLACES if (address := address_of(name))]
    under = [address for address, _ in found if here == address or (address != "/" and here.startswith(address))]
    current = max(under, key=len, default="")
    return format_html_join(
        "",
        '<li><a href="{}"{}>{}</a></li>',
        (
            (address, format_html(' aria-current="{}"', "page" if here == address else "true"), label)
            if address == current
            else (address, "", label)
            for address, label in found
        ),
    )


@register.simple_tag(takes_context=True)
def who_acts(context: dict[str, Any], actor: Actor) -> SafeString:
    """For whom and in which role, as a link to where that is chosen."""
    party = label_of(actor.party, on=context["request"].today) if actor.party else ""
    label = f"{party}, {actor.role.label}" if party else str(actor.role.label).capitalize()
    address = address_of("parties:acting")
    if not address:
        return format_html("<span>{}</span>", label)
    return format_html('<a href="{}"><span class="unseen">Du agerar som </span>{}</a>', address, label)


def address_of(name: str) -> str:
    """A page's address, or nothing where there is no such page."""
    return _address(name, get_urlconf() or settings.ROOT_URLCONF)


@lru_cache(maxsize=64)
def _address(name: str, urls: str) -> str:
    """Looked up once: every page has the menu, and its addresses do not change while the site is up."""
    try:
        return reverse(name, urlconf=urls)
    except NoReverseMatch:
        return ""
