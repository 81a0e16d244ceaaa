"""The app's name and place."""

from __future__ import annotations

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Of the platform's apps, the one named settlement."""

    name = "samverka.settlement"
    label = "settlement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer the floors below: is work on an invoice, where is a clause charged; and hear of approved values."""
        from samverka.agreements import rulings, uses
        from samverka.assignments.guards import register_settled
        from samverka.settlement.recheck import value_approved
        from samverka.settlement.selectors import is_settled
        from samverka.settlement.uses import uses_of

        register_settled(is_settled)
        uses.register(uses_of)
        rulings.register(value_approved)
