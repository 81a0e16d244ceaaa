"""The app's name and place."""

from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Of the platform's apps, the one named journal."""

    name = "samverka.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
