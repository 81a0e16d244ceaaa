"""Django's ``{% url %}`` and ``{% static %}`` in every template of ours, where what they name is looked up once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as any_url
from django.templatetags.static import static as any_static
from django.urls import get_script_prefix
from django.utils.html import escape
from django.utils.safestring import SafeString

from samverka.core.addresses import address_of

register = template.Library()


class Address(template.Node):
    """The address of a page that is one of a kind."""

    child_nodelists = ()

    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, _: Context) -> SafeString:
        """The address, as HTML."""
        return escape(address_of(self.name))


@register.tag
def url(parser: Parser, token: Token) -> template.Node:
    """Django's own, but for a page that is named in the template and has nothing more in its address."""
    node: URLNode = any_url(parser, token)
    named: Any = node.view_name.var
    plain = isinstance(named, str) and not (node.args or node.kwargs or node.asvar or node.view_name.filters)
    return Address(named) if plain else node


@register.simple_tag
def static(path: str) -> str:
    """Django's own, which splits and joins the address each time."""
    return _static(path, get_script_prefix())


@lru_cache(maxsize=64)
def _static(path: str, _prefix: str) -> str:
    return any_static(path)
