"""The app's name and place."""

from __future__ import annotations

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Of the platform's apps, the one named settlement."""

    name = "samverka.settlement"
    label = "settlement"
    default_auto_field = "django.db.models.BigAutoField"
