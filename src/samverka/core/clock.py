"""What time it is: for views, jobs and the command line only. Everything below them takes the day as an argument."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The moment, in UTC."""
    return timezone.now()


def today() -> date:
    """The day in Stockholm."""
    return timezone.localdate()
