"""Made-up affiliations to the palliative team of 2026, under pseudonyms; of 2025 an attested number: TB-AVS-1.

The register is kept from 2026 on. What sets the year's supplement is the number of the year before, from a document.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from avtal.editions.jamtland_2026.parties import REGION
from samverka.care.log import Access
from samverka.care.models.log import Action
from samverka.care.selectors_affiliation import affiliated_for
from samverka.care.services_affiliation import (
    affiliate_again,
    attest_number,
    change_days,
    enter_number,
    register_person,
)
from samverka.core.acting import Role
from samverka.demo.people import acting

SOURCE = "påhittad sammanställning"
COUNTED, PERSONS = 2025, 171
#: Of each person the first and the last day of every affiliation; none while it goes on.
DAYS = (
    (("2026-01-07", "2026-02-20"),),
    (("2026-01-26", "2026-06-11"),),
    (("2026-03-02", "2026-03-30"), ("2026-08-17", None)),
    (("2026-04-13", "2026-05-29"),),
    (("2026-06-22", "2026-08-07"),),
    (("2026-07-01", None),),
    (("2026-09-14", "2026-10-23"),),
    (("2026-10-12", None),),
)


def attest_last_year(at: datetime) -> None:
    """The number of the year before, entered by one person and attested by another a day later."""
    number = enter_number(
        acting(REGION, Role.REGISTRAR), year=COUNTED, number=PERSONS, source=SOURCE, example=True, at=at
    )
    attest_number(acting(REGION, Role.APPROVER), number, at=at + timedelta(days=1))


def register_affiliations() -> None:
    """Each when it began; and ended when it did."""
    registrar = acting(REGION, Role.REGISTRAR)
    for periods in DAYS:
        person = None
        for began, ended in periods:
            first, last = date.fromisoformat(began), date.fromisoformat(ended) if ended else None
            if person is None:
                person = register_person(registrar, first=first, example=True, at=_on(first))
            else:
                affiliate_again(registrar, person, first=first, at=_on(first))
            if last is not None:
                seen = Access(Action.VIEW, _on(last))
                latest = affiliated_for(registrar, person.public_id, access=seen).affiliations[0]
                change_days(registrar, latest, first=first, last=last, at=_on(last))


def _on(day: date) -> datetime:
    return datetime.combine(day, time(10), UTC)
