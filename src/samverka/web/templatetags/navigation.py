"""The main navigation: places that exist, and which of them this page is in."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.urls import NoReverseMatch
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from samverka.core.acting import Actor
from samverka.core.addresses import address_of

register = template.Library()

PLACES = (
    ("front", "Start"),
    ("asking:entrances", "Vem ansvarar?"),
    ("care:list", "Ärenden"),
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
    found = tuple((address, label) for name, label in PLACES if (address := place_of(name)))
    under = [address for address, _ in found if here == address or (address != "/" and here.startswith(address))]
    current = max(under, key=len, default="")
    return _menu(found, current, "page" if here == current else "true")


@lru_cache(maxsize=64)
def _menu(found: tuple[tuple[str, str], ...], current: str, how: str) -> SafeString:
    """The list, made once for each place that a page may be in, since it is the same for everyone."""
    mark = format_html(' aria-current="{}"', how)
    return format_html_join(
        "",
        '<li><a href="{}"{}>{}</a></li>',
        ((address, mark if address == current else "", label) for address, label in found),
    )


@register.simple_tag(takes_context=True)
def who_acts(context: dict[str, Any], actor: Actor) -> SafeString:
    """For whom and in which role, as a link to where that is chosen."""
    party = context["request"].acts_for()
    label = f"{party}, {actor.role.label}" if party else str(actor.role.label).capitalize()
    address = place_of("parties:acting")
    if not address:
        return format_html("<span>{}</span>", label)
    return format_html('<a href="{}"><span class="unseen">Du agerar som </span>{}</a>', address, label)


def place_of(name: str) -> str:
    """A page's address, or nothing where there is no such page."""
    try:
        return address_of(name)
    except NoReverseMatch:
        return ""
