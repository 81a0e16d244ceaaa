"""The ground that faults are tried on: work that is registered and attested by the real services, amounts by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samverka.assignments import services
from samverka.assignments.models import Work
from samverka.core.acting import Role
from tests.samverka.platform import AT, actor

PERIOD = "2025H2"
SOURCE = "påhittat exempel"


@dataclass(frozen=True)
class Said:
    """A piece of work as its performer states it, and what it costs in öre.

    Attributes:
        charge: Which charge.
        performer: Who registers it.
        payer: Who attests it.
        amount: The sum, computed by hand.
        stated: The facts.
    """

    charge: str
    performer: str
    payer: str
    amount: int
    stated: Mapping[str, Any]


def hired(performer: str, payer: str, day: str, minutes: int, hours: int) -> Said:
    """A nurse's day work at 10 o'clock: 640 kronor for each started hour (OB-UPP-D4)."""
    stated = {
        "from": performer, "to": payer, "date": day, "start": "10:00", "work_minutes": str(minutes),
        "profession": "nurse", "principal_level": "primary", "palliative_team": False,
    }  # fmt: skip
    return Said("hired_staff", performer, payer, hours * 64_000, stated)


def liaison(municipality: str, day: str, minutes: int, hours: int) -> Said:
    """A hearing liaison's agreed work: 338 kronor for each started hour (SH-EKO-3)."""
    stated = {
        "kind": "hearing", "municipality": municipality, "date": day, "patient_responsibility": "REGION",
        "action": "hearing_aid_care_training", "agreed": True, "work_minutes": str(minutes),
    }  # fmt: skip
    return Said("liaison", municipality, "REGION", hours * 33_800, stated)


def hospital(municipality: str, day: str, wage: str, ore: int) -> Said:
    """Municipal staff with a person in hospital, at cost (OB-SLU-3)."""
    stated = {"municipality": municipality, "date": day, "wage_cost": wage, "written_agreement": True}
    return Said("hospital_attendance", municipality, "REGION", ore, stated)


def job(municipality: str, day: str, hours: str, ore: int) -> Said:
    """A corrective job on equipment that a municipality asked for, 1 123 kronor an hour (MT-B1-2)."""
    stated = {
        "municipality": municipality, "date": day, "hours": hours, "requested": True, "work": "corrective",
        "travel": "0", "material": "0",
    }  # fmt: skip
    return Said("equipment_variable", "REGION", municipality, ore, stated)


def registered(said: Said, *, event_id: str = "", source: str = SOURCE, example: bool = False) -> Work:
    """The work registered by the performer's registrar."""
    by = actor(said.performer, Role.REGISTRAR)
    return services.register(
        by, charge=said.charge, stated=said.stated, event_id=event_id, source=source, example=example, at=AT
    )


def attested(said: Said, *, event_id: str = "", source: str = SOURCE, example: bool = False) -> Work:
    """The work registered by the performer and attested by the payer."""
    work = registered(said, event_id=event_id, source=source, example=example)
    return services.attest(actor(said.payer, Role.APPROVER), work, at=AT)
