"""The site's addresses and, to compare with, a page that says nothing: behind the same middleware."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from samverka.web.urls import urlpatterns as ours


def empty(_: HttpRequest) -> HttpResponse:
    """The least that a view can answer."""
    return HttpResponse("")


urlpatterns = [*ours, path("tom", empty), path("api/v1/decisions/tom", empty)]
