"""The app's name and place."""

from __future__ import annotations

from django.apps import AppConfig


class CareConfig(AppConfig):
    """Of the platform's apps, the one named care."""

    name = "samverka.care"
    label = "care"
    default_auto_field = "django.db.models.BigAutoField"
