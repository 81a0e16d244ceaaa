"""The app's name and place."""

from __future__ import annotations

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Of the platform's apps, the one named parties."""

    name = "samverka.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"
