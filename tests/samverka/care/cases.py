"""Made-up cases as the tests need them: made by the services, taken as far as a test asks."""

from __future__ import annotations

from typing import Any

from samverka.care import services, services_dialogue, services_handover
from samverka.care.duties import duties_before_handover
from samverka.care.log import Access
from samverka.care.models.case import Case
from samverka.care.models.log import AccessEntry, Action
from samverka.care.selectors import case_for
from samverka.care.states import Ground, Objection
from samverka.core.acting import Actor, Role
from tests.samverka.platform import AT, ON, actor

#: All four criteria hold: the municipality's, by OB-ANS-FLEX.
NORMAL: dict[str, Any] = {
    "date": "2026-07-01", "registered_in": "BERG", "housing": "ordinary", "place": "home", "profession": "nurse",
    "age": 82, "safe_at_home": True, "self_care_possible": False, "digital_considered": True, "frequent": True,
    "continuous": True, "days": 20, "cfs": 7, "cognitive": "none", "can_reach_health_centre": False,
    "barrier": "illness", "palliative_team": False,
}  # fmt: skip
#: The person can get to the health centre: the region's, by OB-ANS-4.
REACHES: dict[str, Any] = {**NORMAL, "can_reach_health_centre": True, "barrier": None}
CFS: dict[str, Any] = {"version": "2.0", "assessor": "nurse", "on": ON}
VIEW = Access(Action.VIEW, AT)


def registrar(party: str, number: int = 1) -> Actor:
    """Who drafts and proposes."""
    return actor(party, Role.REGISTRAR, number)


def approver(party: str, number: int = 1) -> Actor:
    """Who answers and decides."""
    return actor(party, Role.APPROVER, number)


def draft(owner: str = "REGION", stated: dict[str, Any] | None = None) -> Case:
    """A draft; as it is stated, the municipality's by the agreement."""
    return services.open_case(registrar(owner), stated=NORMAL if stated is None else stated, cfs=CFS, at=AT)


def proposed(owner: str = "REGION", stated: dict[str, Any] | None = None) -> Case:
    """One with its proposal."""
    return services.propose(registrar(owner), draft(owner, stated), at=AT)


def in_dialogue(owner: str = "REGION", stated: dict[str, Any] | None = None) -> Case:
    """One that the other party is asked about, following the proposal."""
    case = proposed(owner, stated)
    return services_dialogue.open_dialogue(
        registrar(owner), case, intended=case.proposed_party, ground=Ground.FOLLOWS, at=AT
    )


def agreed(owner: str = "REGION", stated: dict[str, Any] | None = None) -> Case:
    """One that the other party agrees to."""
    case = in_dialogue(owner, stated)
    return services_dialogue.agree(approver(case.other), case, at=AT)


def disputed(owner: str = "REGION", stated: dict[str, Any] | None = None) -> Case:
    """One that the other party does not agree to: the region gives the care meanwhile."""
    case = in_dialogue(owner, stated)
    return services_dialogue.disagree(
        approver(case.other), case, objection=Objection.CRITERIA, meanwhile="REGION", at=AT
    )


def decided(owner: str = "REGION", stated: dict[str, Any] | None = None) -> Case:
    """One that is decided."""
    return services_dialogue.decide(approver(owner), agreed(owner, stated), at=AT)


def handed_over(owner: str = "REGION", stated: dict[str, Any] | None = None) -> Case:
    """One that is handed over, all duties done."""
    case = decided(owner, stated)
    done = [one["duty"] for one in duties_before_handover(case)]
    return services_handover.hand_over(registrar(owner), case, done=done, at=AT)


def received(owner: str = "REGION", stated: dict[str, Any] | None = None) -> Case:
    """One that its receiver has acknowledged."""
    case = handed_over(owner, stated)
    return services_handover.receive(approver(case.responsible_party), case, at=AT)


def active(owner: str = "REGION", stated: dict[str, Any] | None = None) -> Case:
    """One that goes on."""
    case = received(owner, stated)
    return services_handover.start(registrar(case.responsible_party), case, at=AT)


def reviewed(owner: str = "REGION", stated: dict[str, Any] | None = None) -> Case:
    """One that has been reviewed."""
    case = active(owner, stated)
    return services_handover.review(registrar(case.responsible_party), case, code="yearly", at=AT)  # type: ignore[arg-type]  # as a form sends it


def logged(**these: Any) -> list[tuple[str, str, str]]:
    """The log's lines, the first first: action, party, the case's number."""
    rows = AccessEntry.objects.filter(**these).order_by("id")
    return [(one.action, one.party, one.case.number if one.case else "") for one in rows.select_related("case")]


def as_it_is(case: Case) -> Case:
    """The case as the database has it, for a test to look at."""
    return case_for(registrar(case.owner, 9), case.public_id, access=VIEW)
