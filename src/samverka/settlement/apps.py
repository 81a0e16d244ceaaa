"""The app's name and place."""

from __future__ import annotations

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Of the platform's apps, the one named settlement."""

    name = "samverka.settlement"
    label = "settlement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer the floors below: whether work is on an invoice, and where a clause has been charged."""
        from samverka.agreements import uses
        from samverka.assignments.guards import register_settled
        from samverka.settlement.selectors import is_settled
        from samverka.settlement.uses import uses_of

        register_settled(is_settled)
        uses.register(uses_of)
