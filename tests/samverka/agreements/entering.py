"""Values entered as tests need them, through the real services; every number here is made up and marked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from samverka.agreements.county import FACTORS, MUNICIPALITIES
from samverka.agreements.models import Entered
from samverka.agreements.services import propose_value, rule_on
from samverka.core.acting import Role
from tests.samverka.platform import AT, actor

DAY = date(2026, 1, 15)
VPI = {"series": "VPI", "index_year": "2025", "percent": "3,2", "status": "definitive", "published": "2025-12-15"}
OPI = {"series": "OPI", "index_year": "2026", "percent": "2,0", "status": "preliminary", "published": "2025-12-12"}
RATE = {"name": "hired_staff_rate", "since": "2026-07-01", "value": "700"}
RANGE = {"since": "2026-01-01", "low": "130", "high": "170"}
EQUAL = dict.fromkeys(MUNICIPALITIES, "12.5")
KEY = {"since": "2026-01-01", "shares": EQUAL}
MODEL = {
    "year": "2026",
    **{factor: {"weight": weight, "shares": EQUAL} for factor, weight in zip(FACTORS, ("50", "30", "20"), strict=True)},
}
READING = {"reading": "A64", "option": "ore", "decided_by": "parterna", "decided": "2026-01-10"}
PAYLOADS: Mapping[str, Mapping[str, Any]] = {
    "index": VPI,
    "parameter": RATE,
    "normal_range": RANGE,
    "factors": MODEL,
    "development_key": KEY,
    "reading": READING,
}


def proposed(
    kind: str,
    payload: Mapping[str, Any] | None = None,
    *,
    at: datetime = AT,
    example: bool = False,
    document: str = "Prov § 1",
    document_date: date = DAY,
    replaces: Entered | None = None,
) -> Entered:
    """A value proposed by the region's registrar."""
    return propose_value(
        actor("REGION", Role.REGISTRAR), kind=kind, payload=PAYLOADS[kind] if payload is None else payload,
        document=document, document_date=document_date, example=example, at=at, replaces=replaces,
    )  # fmt: skip


def approved(kind: str, payload: Mapping[str, Any] | None = None, *, at: datetime = AT, **more: Any) -> Entered:
    """The same approved by Berg's approver at the same moment."""
    made = proposed(kind, payload, at=at, **more)
    rule_on(actor("BERG", Role.APPROVER), made, approved=True, reason="", at=at)
    return made


def moment(day: date, hour: int = 8) -> datetime:
    """A moment of a day, in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
