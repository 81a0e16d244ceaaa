"""The app's name and place."""

from __future__ import annotations

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Of the platform's apps, the one named agreements."""

    name = "samverka.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"
