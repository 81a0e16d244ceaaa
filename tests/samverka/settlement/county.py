"""Work, bases and people for the tests of settlement, made by the real services."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from samverka.agreements.services import propose_value, rule_on
from samverka.assignments import services as work
from samverka.assignments.models import Work
from samverka.core.acting import Actor, Role
from samverka.settlement import basis, crediting, services
from samverka.settlement.models import Basis, Invoice, Proposal
from tests.samverka.care import affiliations
from tests.samverka.platform import AT, actor

LATER = AT + timedelta(hours=1)
ISSUED_ON = date(2026, 7, 10)
#: The document's own count of 2025-06-30, and what half a year costs each (MT-B1-1, MT-EKO-1).
COUNTS = {"BERG": "50", "BRACKE": "60", "HARJEDALEN": "96", "KROKOM": "90", "RAGUNDA": "41", "STROMSUND": "152",
          "ARE": "53", "OSTERSUND": "381"}  # fmt: skip

HOUR = {"profession": "nurse", "principal_level": "primary", "start": "09:00", "travel_combined": True}


def registrar(party: str, number: int = 1) -> Actor:
    """Who registers and proposes."""
    return actor(party, Role.REGISTRAR, number)


def approver(party: str, number: int = 1) -> Actor:
    """Who attests, approves and issues."""
    return actor(party, Role.APPROVER, number)


def hired(
    performer: str = "BERG", hirer: str = "REGION", day: str = "2025-10-01", at: datetime = AT, **more: Any
) -> Work:
    """A nurse's hour of work by day, attested; ``work_minutes`` and anything else may be stated."""
    stated = {"from": performer, "to": hirer, "date": day, "work_minutes": "60", **HOUR, **more}
    example, event_id = stated.pop("example", False), stated.pop("event_id", "")
    return attested("hired_staff", performer, hirer, stated, example=example, event_id=event_id, at=at)


def attested(
    charge: str, performer: str, payer: str, stated: dict[str, Any], *, example: bool = False, event_id: str = "",
    at: datetime = AT,
) -> Work:  # fmt: skip
    """Work of any kind, registered by its performer and attested by its payer."""
    done = work.register(
        registrar(performer), charge=charge, stated=stated, event_id=event_id, example=example, at=at
    )  # fmt: skip
    return work.attest(approver(payer), done, at=at)


def approved_basis(kind: str = "equipment_fixed", party: str = "REGION", **more: Any) -> Basis:
    """A basis that two people stand behind; the document's count of equipment if nothing else is said."""
    told: dict[str, Any] = {"period": "2025H2", "month": 202507, "stated": {"counts": COUNTS}, "source": "bilaga 1"}
    told |= more
    if kind == "supplement":  # the year before is counted (TB-AVS-1)
        affiliations.attested(int(told["period"]) - 1, int(told["stated"]["affiliated"]))
    found = basis.register_basis(registrar(party), kind=kind, example=False, at=AT, **told)
    return basis.approve_basis(approver(party), found, at=AT)


def entered(kind: str, payload: dict[str, Any], *, example: bool = False, at: datetime = AT) -> None:
    """A value of the agreement, proposed and approved."""
    made = propose_value(
        registrar("REGION"), kind=kind, payload=payload, document="Publicering", document_date=date(2026, 1, 15),
        example=example, at=at,
    )  # fmt: skip
    rule_on(approver("REGION"), made, approved=True, reason="", at=at)


def index(percent: str, *, status: str = "definitive", published: str = "2026-01-10", series: str = "VPI",
          year: str = "2025", example: bool = False, at: datetime = AT) -> None:  # fmt: skip
    """The step to the prices of 2026: a made-up value, as only tests have."""
    payload = {"series": series, "index_year": year, "percent": percent, "status": status, "published": published}
    entered("index", payload, example=example, at=at)


def proposed(party: str = "BERG", period: str = "2025H2", *, corrections: bool = False, at: datetime = AT) -> Proposal:
    """A proposal, computed."""
    return services.start_proposal(registrar(party), period=period, corrections=corrections, at=at)


def approved(proposal: Proposal, at: datetime = LATER) -> Proposal:
    """Approved by another person."""
    return services.decide(approver(proposal.issuer), proposal, approved=True, reason="", at=at)


def issued(party: str = "BERG", period: str = "2025H2", **more: Any) -> list[Invoice]:
    """Proposed, approved and issued."""
    found = approved(proposed(party, period, **more))
    return services.issue(approver(party), found, on=ISSUED_ON, at=LATER)


def credited(invoice: Invoice, reason: str = "Fel underlag") -> Invoice:
    """Credited as a whole: proposed by one person, decided by another."""
    proposed_ = crediting.propose_credit(registrar(invoice.issuer), invoice, reason=reason, at=LATER)
    return crediting.credit(approver(invoice.issuer), proposed_, on=ISSUED_ON, at=LATER)
