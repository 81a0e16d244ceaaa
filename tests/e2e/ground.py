"""What the pages show in these tests: the demonstration's example values, and Berg's nurse's day of work.

Berg's nurse works for the region on 9 March 2026: 50 minutes' work, 10 of notes and 25 of travel, 85 minutes, which are
two started hours (OB-UPP-D6, A18). An hour was 640 kr in 2025 (OB-UPP-D4); with the example's 3.1 per cent of VPI it is
659.84, in whole kronor 660 (OB-UPP-D5, A64). Two of them are 1 320 kr.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from samverka.assignments import services as assignments
from samverka.assignments.models import Work
from samverka.core.acting import Role
from samverka.demo.people import acting
from samverka.demo.values import enter_values
from samverka.settlement import services
from samverka.settlement.models import Proposal
from tests.samverka.platform import AT, actor

KR = "1 320,00 kr"
WORKED: dict[str, Any] = {
    "from": "BERG", "to": "REGION", "date": "2026-03-09", "start": "10:00", "profession": "nurse",
    "principal_level": "primary", "palliative_team": False, "work_minutes": "50", "admin_minutes": "10",
    "travel_minutes": "25", "travel_combined": False,
}  # fmt: skip


def values() -> None:
    """The example values of the demonstration, proposed by the region and approved by Östersund."""
    actor("REGION", Role.REGISTRAR)
    actor("OSTERSUND", Role.APPROVER)
    acting.cache_clear()  # people of a database that another test has emptied
    enter_values(datetime(2026, 1, 8, 9, tzinfo=UTC))


def worked(**more: Any) -> Work:
    """The day of work, registered."""
    return assignments.register(
        actor("BERG", Role.REGISTRAR), charge="hired_staff", stated={**WORKED, **more}, example=True, at=AT
    )


def proposed() -> Proposal:
    """The day of work attested and proposed for the half-year."""
    assignments.attest(actor("REGION", Role.APPROVER), worked(), at=AT)
    made = services.start_proposal(actor("BERG", Role.REGISTRAR), period="2026H1", corrections=False, at=AT)
    return Proposal.objects.get(pk=made.pk)


def approved() -> Proposal:
    """The proposal, approved by another person."""
    return services.decide(actor("BERG", Role.APPROVER), proposed(), approved=True, reason="", at=AT)
