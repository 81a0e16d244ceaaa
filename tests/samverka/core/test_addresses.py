"""Addresses that are looked up once: Django's own, wherever the site is mounted, and escaped."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.template.defaulttags import URLNode
from django.urls import NoReverseMatch, path, reverse, set_script_prefix

from samverka.core.addresses import address_of
from samverka.core.templatetags.addresses import Address

urlpatterns = [path("a&b", lambda _: HttpResponse(), name="front"), path("<int:n>", lambda _: HttpResponse(), name="n")]


@pytest.fixture(autouse=True)
def _mounted_at_the_root() -> Any:
    """Where a request before left it, and after."""
    set_script_prefix("/")
    yield
    set_script_prefix("/")


def test_an_address_is_that_of_the_site_and_of_where_it_is_mounted(settings: Any) -> None:
    """Asked again after the site, or its place, is another."""
    for prefix, there in (("/", "/parter/"), ("/samverka/", "/samverka/parter/"), ("/", "/parter/")):
        set_script_prefix(prefix)
        assert address_of("parties:list") == reverse("parties:list") == there
        assert Template("{% static 'web/icon.svg' %}").render(Context()).endswith("static/web/icon.svg")
    settings.ROOT_URLCONF = __name__
    with pytest.raises(NoReverseMatch):
        address_of("parties:list")
    assert Template("{% url 'front' %}").render(Context()) == "/a&amp;b"


def test_only_a_page_that_is_one_of_a_kind_is_looked_up_once(settings: Any) -> None:
    """What has a value in its address, or a name that is not in the template, is Django's own."""
    settings.ROOT_URLCONF = __name__
    asked = (
        "{% url 'front' %}",
        "{% url 'n' 1 %}",
        "{% url 'n' n=1 %}",
        "{% url name %}",
        "{% url 'front' as there %}",
    )
    nodes = [Template(one).nodelist[0] for one in asked]
    assert [type(node) for node in nodes] == [Address, URLNode, URLNode, URLNode, URLNode]
    assert [Template(one).render(Context({"name": "front"})) for one in asked[1:4]] == ["/1", "/1", "/a&amp;b"]


def test_a_page_that_is_not_there_is_a_fault() -> None:
    """Each time, as with Django's own."""
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            Template("{% url 'nowhere' %}").render(Context())
