"""The app's name and place."""

from __future__ import annotations

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Of the platform's apps, the one named settlement."""

    name = "samverka.settlement"
    label = "settlement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Work that is on an invoice is locked: the floor below asks."""
        from samverka.assignments.guards import register_settled
        from samverka.settlement.selectors import is_settled

        register_settled(is_settled)
