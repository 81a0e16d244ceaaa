"""Made-up cases about nobody: one in each state, one in dispute, one that departs from its proposal; all marked.

OB-ANS-BED, OB-ANS-FLEX2, OB-ANS-OVL, OB-TVI-I.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from samverka.care import services, services_dialogue, services_handover
from samverka.care.duties import duties_before_handover
from samverka.care.models import Case
from samverka.care.states import Ground, Lack, Objection, Regard, Review
from samverka.core.acting import Role
from samverka.demo.people import acting

REGION = "REGION"
FIRST = datetime(2026, 8, 17, 7, tzinfo=UTC)
#: All four criteria hold: the municipality's.
NORMAL: dict[str, Any] = {
    "housing": "ordinary", "place": "home", "profession": "nurse", "safe_at_home": True, "self_care_possible": False,
    "digital_considered": True, "frequent": True, "continuous": True, "days": 30, "cfs": 6, "cognitive": "none",
    "can_reach_health_centre": False, "barrier": "illness", "palliative_team": False, "age": 84,
}  # fmt: skip
#: The person can get there: the region's.
REACHES: dict[str, Any] = {**NORMAL, "can_reach_health_centre": True, "barrier": None, "cfs": 5}
FACILITY: dict[str, Any] = {
    "housing": "special", "place": "home", "profession": "nurse", "palliative_team": False, "age": 91,
}  # fmt: skip


def make_cases() -> None:
    """Each through the services, a week apart."""
    week = timedelta(weeks=1)
    _started(_decided(REGION, "BERG", NORMAL, FIRST), FIRST)
    _reviewed(_decided(REGION, "OSTERSUND", NORMAL, FIRST + week), FIRST + week)
    _started(_decided("KROKOM", "KROKOM", FACILITY, FIRST + 2 * week), FIRST + 2 * week)
    _handed_over(_decided(REGION, "STROMSUND", NORMAL, FIRST + 3 * week), FIRST + 3 * week)
    _sent_back(_decided("ARE", "ARE", REACHES, FIRST + 4 * week), FIRST + 4 * week)
    _departs("BERG", FIRST + 5 * week)
    _disputed("HARJEDALEN", FIRST + 6 * week)
    _in_dialogue(REGION, "BRACKE", NORMAL, FIRST + 7 * week)
    _proposed("BERG", "BERG", NORMAL, FIRST + 8 * week)
    _draft(REGION, "BERG", {**NORMAL, "cfs": None, "frequent": None}, FIRST + 9 * week)


def _draft(owner: str, registered: str, stated: dict[str, Any], at: datetime) -> Case:
    on = date(at.year, at.month, at.day)
    facts = {**stated, "registered_in": registered, "date": on.isoformat()}
    cfs = {"version": "2.0", "assessor": "nurse", "on": on} if stated.get("cfs") else {}
    return services.open_case(acting(owner, Role.REGISTRAR), stated=facts, cfs=cfs, example=True, at=at)


def _proposed(owner: str, registered: str, stated: dict[str, Any], at: datetime) -> Case:
    case = _draft(owner, registered, stated, at)
    return services.propose(acting(owner, Role.REGISTRAR), case, at=at + timedelta(minutes=10))


def _in_dialogue(owner: str, registered: str, stated: dict[str, Any], at: datetime) -> Case:
    case = _proposed(owner, registered, stated, at)
    return services_dialogue.open_dialogue(
        acting(owner, Role.REGISTRAR), case, intended=case.proposed_party, ground=Ground.FOLLOWS,
        at=at + timedelta(minutes=20),
    )  # fmt: skip


def _decided(owner: str, registered: str, stated: dict[str, Any], at: datetime) -> Case:
    case = _in_dialogue(owner, registered, stated, at)
    case = services_dialogue.agree(acting(case.other, Role.APPROVER), case, at=at + timedelta(hours=3))
    return services_dialogue.decide(acting(owner, Role.APPROVER), case, at=at + timedelta(hours=4))


def _handed_over(case: Case, at: datetime) -> Case:
    done = [one["duty"] for one in duties_before_handover(case)]
    return services_handover.hand_over(acting(case.owner, Role.REGISTRAR), case, done=done, at=at + timedelta(days=1))


def _sent_back(case: Case, at: datetime) -> Case:
    case = _handed_over(case, at)
    approver = acting(case.responsible_party, Role.APPROVER)
    return services_handover.send_back(approver, case, code=Lack.INFORMATION, at=at + timedelta(days=2))


def _started(case: Case, at: datetime) -> Case:
    later = at + timedelta(days=2)
    if case.responsible_party != case.owner:
        case = _handed_over(case, at)
        case = services_handover.receive(acting(case.responsible_party, Role.APPROVER), case, at=later)
    return services_handover.start(acting(case.responsible_party, Role.REGISTRAR), case, at=later)


def _reviewed(case: Case, at: datetime) -> Case:
    case = _started(case, at)
    registrar = acting(case.responsible_party, Role.REGISTRAR)
    return services_handover.review(registrar, case, code=Review.CHANGED, at=at + timedelta(days=40))


def _departs(municipality: str, at: datetime) -> Case:
    """The region's by the criteria; the municipality keeps the person by what is best: OB-ANS-FLEX2."""
    case = _proposed(municipality, municipality, REACHES, at)
    case = services_dialogue.open_dialogue(
        acting(municipality, Role.REGISTRAR), case, intended=municipality, ground=Ground.FLEXIBILITY,
        regard=Regard.NETWORK, at=at + timedelta(minutes=20),
    )  # fmt: skip
    case = services_dialogue.agree(acting(case.other, Role.APPROVER), case, at=at + timedelta(hours=5))
    return services_dialogue.decide(acting(municipality, Role.APPROVER), case, at=at + timedelta(hours=6))


def _disputed(municipality: str, at: datetime) -> Case:
    """The region does not agree; the municipality gives the care meanwhile."""
    case = _in_dialogue(municipality, municipality, REACHES, at)
    approver = acting(case.other, Role.APPROVER)
    return services_dialogue.disagree(
        approver, case, objection=Objection.CRITERIA, meanwhile=municipality, at=at + timedelta(hours=2)
    )
