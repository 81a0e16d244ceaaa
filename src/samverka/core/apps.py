"""The app's name and place."""

from __future__ import annotations

from django.apps import AppConfig
from django.forms import Field


class CoreConfig(AppConfig):
    """Of the platform's apps, the one named core."""

    name = "samverka.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks, and give every form one wording of what must be filled in."""
        Field.default_error_messages["required"] = "Ska vara ifylld."
        from samverka.core import checks  # noqa: F401  # importing registers them; settings must be read first
