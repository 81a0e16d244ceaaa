"""Made-up work of ten months, the same every time: registered by who performs it, attested by who pays.

OB-UPP-D4, SH-EKO-3, OB-SLU-3, MT-B1-2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from avtal.editions.jamtland_2026.parties import MUNICIPALITIES, REGION
from samverka.assignments.models import Work
from samverka.assignments.services import attest, register, send_back
from samverka.core.acting import Role
from samverka.demo.people import acting

SOURCE = "påhittat exempel"
SEED = 2026
MONTHS = range(1, 11)
#: From this month on some work waits for attestation, or has been returned.
OPEN_FROM = 10
ATTESTED_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Made:
    """One made-up event: its charge, who performed it, what is stated."""

    charge: str
    performer: str
    stated: dict[str, Any]


def made_up(seed: int = SEED) -> Iterator[Made]:
    """Every event, in order of date within its month."""
    chance = Random(seed)  # noqa: S311  # example data, the same every time
    for month in MONTHS:
        for municipality in MUNICIPALITIES:
            for _ in range(chance.randint(1, 3)):
                yield _hired(chance, municipality, _day(chance, month))
            if chance.random() < 0.5:
                yield _liaison(chance, municipality, _day(chance, month))
            if chance.random() < 0.3:
                yield _attendance(chance, municipality, _day(chance, month))
            if chance.random() < 0.5:
                yield _job(chance, municipality, _day(chance, month))


def register_work(months: range = MONTHS) -> list[Work]:
    """The work of some months through the services; the last month of all partly open."""
    found = []
    for number, made in enumerate(made_up(), 1):
        day = date.fromisoformat(made.stated["date"])
        if day.month not in months:
            continue
        at = datetime.combine(day, time(15), UTC)
        work = register(
            acting(made.performer, Role.REGISTRAR), charge=made.charge, stated=made.stated,
            event_id=f"EX-{number:03d}", source=SOURCE, example=True, at=at,
        )  # fmt: skip
        found.append(work)
        payer = acting(work.payer_party, Role.APPROVER)
        if day.month < OPEN_FROM or number % 3 == 0:
            attest(payer, work, at=at + ATTESTED_AFTER)
        elif number % 7 == 0:
            send_back(
                payer, work, reason="Tiden stämmer inte med vår uppgift. Se över restiden.", at=at + ATTESTED_AFTER
            )
    return found


def _day(chance: Random, month: int) -> date:
    return date(2026, month, chance.randint(1, 28))


def _hired(chance: Random, municipality: str, day: date) -> Made:
    performer, hirer = chance.choice([(municipality, REGION)] * 4 + [(REGION, municipality)])
    stated: dict[str, Any] = {
        "from": performer, "to": hirer, "date": day.isoformat(), "palliative_team": False,
        "start": f"{chance.choice((8, 9, 10, 13, 14, 16, 18)):02d}:{chance.choice((0, 15, 30)):02d}",
        "profession": chance.choice(("nurse", "nurse", "nurse", "occupational_therapist", "physiotherapist")),
        "principal_level": "primary",
        "work_minutes": chance.choice((20, 30, 45, 60, 75, 90)), "admin_minutes": chance.choice((5, 10, 15)),
        "report_minutes": chance.choice((0, 5, 10)), "travel_minutes": chance.choice((0, 15, 25, 40, 60)),
        "travel_combined": chance.random() < 0.3,
    }  # fmt: skip
    return Made("hired_staff", performer, stated)


def _liaison(chance: Random, municipality: str, day: date) -> Made:
    kind, action = chance.choice((("hearing", "hearing_aid_care_training"), ("hearing", "motivate"),
                                  ("vision", "daisy_training"), ("vision", "trial_fitting")))  # fmt: skip
    stated = {
        "kind": kind, "municipality": municipality, "date": day.isoformat(), "action": action, "agreed": True,
        "patient_responsibility": chance.choice((REGION, REGION, REGION, "MUNICIPALITY")),
        "work_minutes": chance.choice((30, 45, 60)), "admin_minutes": 10, "report_minutes": chance.choice((0, 5)),
        "travel_minutes": chance.choice((0, 20, 35)), "special_trip": chance.random() < 0.6,
    }  # fmt: skip
    return Made("liaison", municipality, stated)


def _attendance(chance: Random, municipality: str, day: date) -> Made:
    stated = {
        "municipality": municipality, "date": day.isoformat(), "written_agreement": chance.random() < 0.85,
        "wage_cost": str(chance.randint(900, 3600)), "travel_cost": str(chance.choice((0, 96, 184))),
        "travel_time_pay": str(chance.choice((0, 151, 302))),
    }  # fmt: skip
    return Made("hospital_attendance", municipality, stated)


def _job(chance: Random, municipality: str, day: date) -> Made:
    work = chance.choice(("requested", "corrective", "preventive", "advice"))
    stated = {
        "municipality": municipality, "date": day.isoformat(), "requested": work == "requested", "work": work,
        "hours": chance.choice(("0.5", "0.75", "1.5", "2.25", "3")), "travel": str(chance.choice((0, 240, 486))),
        "material": str(chance.choice((0, 120, 390, 1250))),
    }  # fmt: skip
    return Made("equipment_variable", REGION, stated)
