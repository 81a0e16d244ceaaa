"""Rows to list: a party's units, many of them alike, some without a last day."""

from __future__ import annotations

from datetime import date, timedelta

from samverka.parties.models import Party, Unit


def make_units(count: int, *, alike: int = 7) -> list[Unit]:
    """Units of Berg, and no others, whose first days repeat, and of which every third has no last day."""
    Unit.objects.all().delete()
    berg = Party.objects.get(code="BERG")
    made = [
        Unit(
            party=berg,
            name=f"Enhet {number:04d}",
            since=date(2026, 1, 1) + timedelta(days=number % alike),
            until=None if number % 3 == 0 else date(2027, 1, 1) + timedelta(days=number % 5),
        )
        for number in range(count)
    ]
    return Unit.objects.bulk_create(made)
