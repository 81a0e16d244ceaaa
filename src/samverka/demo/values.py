"""What nobody has published or decided, entered as examples through the same path as real values.

P-EKO-UM-1, TB-BAK-3, OB-UPP-D5, SH-EKO-4, TB-GRU-3.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from samverka.agreements.models import Entered
from samverka.agreements.services import propose_value, rule_on
from samverka.core.acting import Role
from samverka.demo.people import acting

DOCUMENT = "Påhittat exempel för demonstrationen"
#: Per cent by municipality: made-up weights that sum to 100.
SHARES = {
    "BERG": "6", "BRACKE": "5.5", "HARJEDALEN": "9", "KROKOM": "11.5", "RAGUNDA": "4.5", "STROMSUND": "10",
    "ARE": "9.5", "OSTERSUND": "44",
}  # fmt: skip
FACTORS = {"elderly": "50", "accessibility": "30", "socioeconomics": "20"}


def _index(series: str, year: int, percent: str, status: str, published: str) -> dict[str, Any]:
    return {"series": series, "index_year": year, "percent": percent, "status": status, "published": published}


#: What is approved before the first settlement: kind and payload.
APPROVED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("index", _index("VPI", 2025, "3.1", "published", "2025-12-15")),
    ("index", _index("OPI", 2026, "2.9", "preliminary", "2025-12-15")),
    ("index", _index("LPIK", 2025, "3.4", "forecast", "2025-12-18")),
    ("index", _index("LPIK", 2026, "2.8", "forecast", "2025-12-18")),
    (
        "factors",
        {"year": "2026", **{name: {"weight": weight, "shares": SHARES} for name, weight in FACTORS.items()}},
    ),
    ("development_key", {"since": "2026-01-01", "shares": SHARES}),
)
#: What is proposed and waits for another person: the final index, which changes what is already invoiced.
WAITING = _index("OPI", 2026, "3.3", "definitive", "2026-05-12")


def enter_values(at: datetime) -> None:
    """Every example value, proposed by the region and approved by the largest municipality a day later."""
    for kind, payload in APPROVED:
        made = _propose(kind, payload, at)
        rule_on(acting("OSTERSUND", Role.APPROVER), made, approved=True, reason="", at=at + timedelta(days=1))


def propose_waiting(at: datetime) -> None:
    """One value that waits for a ruling."""
    _propose("index", WAITING, at)


def _propose(kind: str, payload: dict[str, Any], at: datetime) -> Entered:
    return propose_value(
        acting("REGION", Role.REGISTRAR), kind=kind, payload=payload, document=DOCUMENT,
        document_date=date(at.year, at.month, at.day), example=True, at=at,
    )  # fmt: skip
