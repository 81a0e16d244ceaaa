"""The app's name and place."""

from __future__ import annotations

from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    """Of the platform's apps, the one named assignments."""

    name = "samverka.assignments"
    label = "assignments"
    default_auto_field = "django.db.models.BigAutoField"
