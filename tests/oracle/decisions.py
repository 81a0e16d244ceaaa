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


def wishes_open_clinic(case: Case) -> bool:
    """001:1359: one of the region's open clinics, and a health centre is one."""
    return bool(case.get("prefers_open_clinic") or case.get("prefers_health_centre"))


def cannot_be(case: Case) -> bool:
    """Affiliated to the palliative team without palliative care (001:1742-1746), or a grown child."""
    if case.get("palliative_team") and case.get("palliative") == "none":
        return True
    return case.get("housing") == "lss_short_term_child" and (case.get("age") or 0) >= 18


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
    if facility and wishes_open_clinic(case):
        return "MUNICIPALITY", "preference_respected", "REGION"
    if case["place"] in ("lss_daily_activity", "sol_day_activity"):
        return "MUNICIPALITY", "daily_activity", "MANUAL" if elsewhere else "MUNICIPALITY"
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


def paid(case: Case) -> tuple[str, str, bool]:
    """Whose the physician is, what the municipality is paid, and whether by the hour (A53; PV-ANS-3, PV-ANS-4)."""
    _, ground, _ = care(case)
    here = case["registered_in"] in COUNTY
    physician = "REGION:Storsjögläntan" if in_team(case) and case["place"] != "inpatient" else "REGION"
    if ground == "palliative_team" and here:
        return physician, "supplement", False
    return physician, "none", ground in ("palliative_team", "not_registered")


def duties(case: Case) -> set[str]:
    """What must be done, text by text, where every fact is stated but those that count when they are said."""
    role, ground, performer = care(case)
    found = set()
    if ground == "manual":
        found.add("agree_on_responsibility")
    elif performer == "MANUAL":
        found.add("agree_on_performer")
    if paid(case)[2]:
        found.add("agree_on_hire")
    if case["place"] == "inpatient":
        found.add("agree_in_writing")
    if case["housing"] == "ordinary":
        found |= _at_home(case, role, ground)
    elif case["housing"] != "lss_short_term_child":
        found |= _in_facility(case, role)
    return found | _palliative(case)


def _either(case: Case, role: str) -> set[str]:
    """What bilaga 4 (001:888-914) and bilaga 5 (001:1408-1426) say in the same words."""
    found = {"review_medicines", "handle_medicines_safely", "coordinate_contacts"}
    if role == "MUNICIPALITY":
        found |= {"transfer_information", "fetch_medicines"}
    if case.get("palliative") not in (None, "none"):
        found.add("physician_as_contact")
    return found


def _at_home(case: Case, role: str, ground: str) -> set[str]:
    """001:857-940: bilaga 4."""
    found, admitted = _either(case, role), case["place"] == "inpatient"
    joins_team = bool(in_team(case)) and not admitted
    if ground in ("normal_case", "not_normal_case", "preference_respected", "other_municipality"):
        found.add("hand_over")
    if joins_team:
        found.add("transfer_information")
    if role == "MUNICIPALITY" or (joins_team and case["registered_in"] in COUNTY):
        found.add("start_collaboration")
    if case.get("level") == "specialised" and not admitted:
        found.add("keep_basic_responsibility")
    if case["cfs"] >= 8 and not admitted:  # 001:1240-1246: "närmar sig livets slut"
        found.add("physician_as_contact")
    return found


def _in_facility(case: Case, role: str) -> set[str]:
    """001:1342-1440: bilaga 5."""
    found = _either(case, role)
    if case["place"] != "inpatient":
        found |= {"update_affiliation", "start_coordination"}
    if case["housing"] == "lss_housing":
        found |= {"yearly_health_talk", "yearly_physician_assessment", "see_needs_early"}
        if case["profession"] == "physician":
            found.add("tell_health_centre")
    return found


def _palliative(case: Case) -> set[str]:
    """001:1834-1910: bilaga 7."""
    found, admitted, here = set(), case["place"] == "inpatient", case["registered_in"] in COUNTY
    if case.get("palliative") == "specialised_consultation":
        found.add("inform_physician")
    if in_team(case) and not admitted:
        found |= {"invite_to_affiliation", "deliver_medicines"}
        if here:
            found.add("take_part_in_affiliation")
    if case.get("palliative") == "general" and here and not admitted and not in_team(case):
        found.add("fetch_medicines")
    return found


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


def product_cannot_be(case: Case) -> bool:
    """Another municipality than the one that answers (001:63), work for another than that (001:996)."""
    party, municipality, behalf = (case.get(name) for name in ("responsible_party", "municipality", "assignment"))
    if case.get("palliative_team") and case.get("palliative") == "none":
        return True  # 001:1742-1746
    if party is None:
        return False
    other = municipality is not None and party not in ("REGION", f"MUNICIPALITY:{municipality}")
    return other or (behalf is not None and behalf.split(">")[1] != party)


def product_flags(case: Case) -> set[str]:
    """What the text leaves open of a complete case: incontinence products as material; nothing left to prescribe."""
    found = set()
    payer = _payer(case)
    if case["product"] == "incontinence" and payer == "RESPONSIBLE" and _consumables(case) != payer:
        found.add("incontinence_may_be_consumables")
    ended = case["evaluated"] and not case["prescription_remains"]
    if case["product"] == "consumables" and payer == "RESPONSIBLE" and _unfit(case) and ended:
        found.add("prescription_ended_unregulated")
    return found


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
    """A29: work environment, the team, not procured, then case by case, then the main rule."""
    if case["purpose"] == "work_environment":
        return "EMPLOYER"
    if case["palliative_team"]:
        return "REGION"
    if _unfit(case) and not case["evaluated"]:
        return "REGION:specialised"
    if _unfit(case) and case["prescription_remains"]:  # 001:1047 follows 001:1043: other material is not evaluated
        return "RESPONSIBLE"
    if case["medical_responsibility"] == "specialised" or case["specialised_intervention"]:
        return "INDIVIDUAL_AGREEMENT"
    return "RESPONSIBLE"


def _unfit(case: Case) -> bool:
    """Not procured or not in fit packages (001:1043); an intervention counts in ordinary housing only (001:1467)."""
    reached = case["after_discharge"] or (case["housing"] == "ordinary" and case["specialised_intervention"])
    return bool(reached and (not case["procured"] or not case["suitable_packaging"]))


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
