"""The app's name and place."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Of the platform's apps, the one named web."""

    name = "samverka.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
