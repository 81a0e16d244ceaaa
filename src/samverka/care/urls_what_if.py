"""The address of ``Vad händer om``."""

from __future__ import annotations

from django.urls import path

from samverka.care import views_what_if

app_name = "what_if"
urlpatterns = [path("", views_what_if.what_if, name="page")]
