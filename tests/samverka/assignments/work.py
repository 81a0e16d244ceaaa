"""Work as tests state it: one good case of each kind, and rows of files. All of it is made up."""

from __future__ import annotations

import uuid
from typing import Any

from samverka.assignments.models import Work
from samverka.assignments.services import attest, register
from samverka.core.acting import Actor, Role
from tests.samverka.platform import AT, actor

EVENING = {
    "from": "BERG", "to": "REGION", "date": "2025-10-01", "start": "16:30", "end": "18:15",
    "profession": "nurse", "principal_level": "primary",
}  # fmt: skip
GOOD: dict[str, tuple[str, dict[str, Any]]] = {
    "hired_staff": ("BERG", EVENING),
    "liaison": ("BERG", {"kind": "vision", "municipality": "BERG", "date": "2025-10-14", "agreed": True,
                         "patient_responsibility": "REGION", "action": "daisy_training", "work_minutes": "50"}),
    "hospital_attendance": ("BERG", {"municipality": "BERG", "date": "2025-12-02", "wage_cost": "2418,75",
                                     "travel_cost": "96", "written_agreement": True}),
    "equipment_variable": ("REGION", {"municipality": "BERG", "date": "2025-09-12", "hours": "2.25", "requested": True,
                                      "travel": "486.50", "work": "corrective"}),
}  # fmt: skip


def registrar(party: str = "BERG") -> Actor:
    """Who registers."""
    return actor(party, Role.REGISTRAR)


def approver(party: str = "REGION") -> Actor:
    """Who attests."""
    return actor(party, Role.APPROVER)


def registered(charge: str = "hired_staff", **more: Any) -> Work:
    """A registered piece of work; ``stated`` and what ``register`` takes may be given."""
    party, stated = GOOD[charge]
    given = {"stated": stated, "example": True, **more}
    return register(registrar(party), charge=charge, at=AT, **given)


def attested(charge: str = "hired_staff", **more: Any) -> Work:
    """A piece of work that its payer has attested."""
    work = registered(charge, **more)
    return attest(approver(work.payer_party), work, at=AT)


def once() -> dict[str, str]:
    """The hidden key of a form."""
    return {"once": str(uuid.uuid4())}
