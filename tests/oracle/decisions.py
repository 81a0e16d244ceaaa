"""Oracle: a second, naive implementation of who is responsible, from the text alone, for tests only.

A case is a dict with the README's keys; a key that is absent or None is not stated. ``care`` and ``product`` are plain
``if`` and must be given the facts that they hang on; the criteria are three-valued and may be asked of any case.
Roles are the party's kind: ``MUNICIPALITY``, ``REGION``, ``MANUAL``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Case = Mapping[str, Any]

COUNTY = ("BERG", "BRACKE", "HARJEDALEN", "KROKOM", "RAGUNDA", "STROMSUND", "ARE", "OSTERSUND")
#: Facts that count when they are said, and else not: by A25, A26, A38, A72 and A73.
SAID = (
    "staying_in", "age", "written_agreement", "level", "palliative", "prefers_health_centre", "prefers_open_clinic",
    "assignment", "previous_payer",
)  # fmt: skip


def criteria(case: Case) -> list[bool | None]:
    """The four of 001:811-835, each true, false or unknown."""
    return [_first(case), _second(case), _third(case), _fourth(case)]


def _first(case: Case) -> bool | None:
    safe, self_care, digital = case.get("safe_at_home"), case.get("self_care_possible"), case.get("digital_considered")
    if safe is False or self_care is True or digital is False:
        return False
    if safe is None or self_care is None or digital is None:
        return None
    return True


def _second(case: Case) -> bool | None:
    frequent, continuous, days = case.get("frequent"), case.get("continuous"), case.get("days")
    if frequent is False or continuous is False or (days is not None and days <= 14):
        return False
    if frequent is None or continuous is None or days is None:
        return None
    return True


def _third(case: Case) -> bool | None:
    cfs, cognitive = case.get("cfs"), case.get("cognitive")
    if cfs is None:
        return None
    if cfs >= 6:
        return True
    if cfs < 5 or cognitive == "none":
        return False
    return None if cognitive is None else True


def _fourth(case: Case) -> bool | None:
    reach, barrier = case.get("can_reach_health_centre"), case.get("barrier")
    if reach is True or barrier == "other":
        return False
    if reach is None or barrier is None:
        return None
    return True


def in_team(case: Case) -> bool | None:
    """Affiliated to Storsjögläntan; whoever gets no palliative care is not, unless it is said."""
    if case.get("palliative_team") is None and case.get("palliative") == "none":
        return False
    return case.get("palliative_team")


def specialised(case: Case) -> bool:
    """Whether the care is said to be at specialised level (A72), as care or as palliative care (001:2073-2075)."""
    if case.get("level") is None:
        return case.get("palliative") == "specialised"
    return case["level"] == "specialised"


def care(case: Case) -> tuple[str, str, str]:
    """Role, ground and performer, where every fact is stated but those that count when they are said."""
    if case["place"] == "inpatient":
        staff = case.get("written_agreement") and case["registered_in"] in COUNTY
        return "REGION", "inpatient", "MUNICIPALITY" if staff else "REGION"
    if case["profession"] == "physician":
        return "REGION", "physician_level", "REGION"
    housing, here = case["housing"], case["registered_in"] in COUNTY
    facility = housing in ("special", "short_term", "lss_housing")
    minor = case.get("age") is not None and case["age"] < 18
    if housing == "lss_short_term_child" or (housing == "short_term" and minor):
        return "MANUAL", "manual", "MANUAL"
    if in_team(case) and facility:
        return "MANUAL", "manual", "MANUAL"
    elsewhere = here and case.get("staying_in") not in (None, case["registered_in"])
    if in_team(case):
        return "REGION", "palliative_team", "MANUAL" if elsewhere else "MUNICIPALITY" if here else "REGION"
    if housing == "ordinary" and not here:
        return "REGION", "not_registered", "REGION"
    if specialised(case):
        return "REGION", "specialised_level", "REGION"
    if not here:
        return "MANUAL", "manual", "MANUAL"
    if facility and case.get("prefers_open_clinic"):
        return "MUNICIPALITY", "preference_respected", "REGION"
    if case["place"] in ("lss_daily_activity", "sol_day_activity"):
        return "MUNICIPALITY", "daily_activity", "MUNICIPALITY"
    if facility:
        return ("MUNICIPALITY", "other_municipality", "MANUAL") if elsewhere else _by_housing()
    return _by_criteria(case, elsewhere=elsewhere)


def _by_housing() -> tuple[str, str, str]:
    return "MUNICIPALITY", "housing", "MUNICIPALITY"


def _by_criteria(case: Case, *, elsewhere: bool) -> tuple[str, str, str]:
    if not all(criteria(case)):
        return "REGION", "not_normal_case", "REGION"
    if case.get("prefers_health_centre") and not case["preference_affects_safety"]:
        return "REGION", "preference_respected", "REGION"
    if elsewhere:
        return "MUNICIPALITY", "other_municipality", "MANUAL"
    return "MUNICIPALITY", "normal_case", "MUNICIPALITY"


def product(case: Case) -> tuple[str, str]:
    """Who pays and who prescribes, as roles, where every fact is stated but those that count when they are said."""
    payer = _payer(case)
    if payer == "INDIVIDUAL_AGREEMENT":
        return payer, "MANUAL"
    if payer == "PREVIOUS":
        return payer, "none"
    if case["product"] == "sampling":
        return payer, "RESPONSIBLE"
    return payer, payer


def _payer(case: Case) -> str:
    kind = case["product"]
    if kind == "consumables":
        return _consumables(case)
    if kind in ("assistive_device", "medical_device", "specialist_equipment"):
        return _equipment(case)
    team = case["palliative_team"]
    if kind == "incontinence":
        return "MUNICIPALITY" if team else "RESPONSIBLE"
    if kind == "sampling":
        return "REGION"
    if kind == "vision_aid":
        return "REGION:syncentralen"
    if kind == "hearing_aid":
        return "REGION:hörselvården"
    if kind == "nutrition" and team:
        return "REGION"
    if case["medical_responsibility"] == "primary":
        return "RESPONSIBLE"
    clinics = {"nutrition": "dietist", "diabetes": "diabetes", "ostomy": "stomi", "oxygen": "syrgas"}
    return f"REGION:{clinics[kind]}mottagning"


def _consumables(case: Case) -> str:
    """A29: work environment, the team, not procured, evaluated, case by case, the main rule."""
    if case["purpose"] == "work_environment":
        return "EMPLOYER"
    if case["palliative_team"]:
        return "REGION"
    unfit = not case["procured"] or not case["suitable_packaging"]
    reached = case["after_discharge"] or (case["housing"] == "ordinary" and case["specialised_intervention"])
    if unfit and reached and not case["evaluated"]:
        return "REGION:specialised"
    if case["evaluated"] and case["prescription_remains"]:
        return "RESPONSIBLE"
    if case["medical_responsibility"] == "specialised" or case["specialised_intervention"]:
        return "INDIVIDUAL_AGREEMENT"
    return "RESPONSIBLE"


def _equipment(case: Case) -> str:
    """A29: a physician alone, the team, specialist equipment; another's behalf and the main rule say the same."""
    if case["physician_only"]:
        return "REGION"
    if case["palliative_team"]:
        if case["product"] != "assistive_device":
            return "REGION"
        return "MUNICIPALITY" if case["newly_prescribed"] else "PREVIOUS"
    after = case["after_discharge"] or case["specialised_intervention"]
    return "REGION:specialised" if case["product"] == "specialist_equipment" and after else "RESPONSIBLE"
