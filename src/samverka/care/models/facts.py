"""What a case may state of a person's care: the facts of the agreement's question, a column each; NULL is unknown.

A column has the fact's own name and the type that the trees ask for, so that ``avtal`` decides where the rows lie:
days are dates, costs are öre.
"""

from __future__ import annotations

from typing import Any

from django.db import models


def _code(longest: int = 32) -> Any:
    """A code of the agreement's; NULL, not an empty text, is unknown."""
    return models.CharField(max_length=longest, null=True, blank=True)


def _yes_no() -> Any:
    return models.BooleanField(null=True, blank=True)


def _whole() -> Any:
    return models.IntegerField(null=True, blank=True)


def _ore() -> Any:
    return models.BigIntegerField(null=True, blank=True)


class CareFacts(models.Model):
    """The facts of ``Vem ansvarar``; ``day`` is derived: the day that the answer is for."""

    date = models.DateField(null=True, blank=True)
    registered_in = _code()
    housing = _code()
    place = _code()
    profession = _code(64)
    palliative_team = _yes_no()
    staying_in = _code()
    age = _whole()
    level = _code()
    palliative = _code()
    safe_at_home = _yes_no()
    self_care_possible = _yes_no()
    digital_considered = _yes_no()
    frequent = _yes_no()
    continuous = _yes_no()
    days = _whole()
    cfs = _whole()
    cognitive = _code()
    can_reach_health_centre = _yes_no()
    barrier = _code()
    prefers_health_centre = _yes_no()
    preference_affects_safety = _yes_no()
    prefers_open_clinic = _yes_no()
    listed_health_centre = _code(80)
    facility_health_centre = _code(80)
    urgent = _yes_no()
    written_agreement = _yes_no()
    wage_cost = _ore()
    travel_cost = _ore()
    travel_time_pay = _ore()
    day = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
