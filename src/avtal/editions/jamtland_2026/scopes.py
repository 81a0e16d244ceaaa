"""Whom each document speaks of, declared once: its clauses are no grounds for anybody else, where others are."""

from __future__ import annotations

from avtal.editions.jamtland_2026.principles import DAY_ACTIVITIES, FACILITIES, LSS_CHILD
from avtal.editions.jamtland_2026.special_housing import REHABILITATION
from avtal.language.citing import Speaks
from avtal.language.facts import Facts

AIDS_AND_EQUIPMENT = ("assistive_device", "medical_device", "specialist_equipment")
PALLIATIVE_CARE = ("general", "specialised", "specialised_consultation")


def of_care(facts: Facts) -> Speaks:
    """Ordinary housing; special housing and day activities; palliative care, where it is said to be that."""
    facility = facts.housing.is_in(*FACILITIES, LSS_CHILD)
    palliative = facts.palliative.is_in(*PALLIATIVE_CARE)
    said = palliative.is_true() | facts.palliative_team
    rehabilitation = facts.profession.is_in(*REHABILITATION)
    return {
        "OB": ~facility,
        "SB": facility | facts.place.is_in(*DAY_ACTIVITIES),
        **dict.fromkeys(("PV", "TB-PAL-1", "TB-PAL-2", "TB-PAL-3"), said),
        **dict.fromkeys(("OB-REH-1", "SB-REH-1"), rehabilitation),
    }


def of_product(facts: Facts) -> Speaks:
    """The same of products; palliative care is told of where it is said to be that."""
    facility = facts.housing.is_in(*FACILITIES)
    return {
        "OB": ~facility,
        "SB": facility,
        "PV-SJP-0": facts.palliative.is_in(*PALLIATIVE_CARE).is_true() | facts.palliative_team.is_true(),
        "OB-HJM-4": facts.product.is_in(*AIDS_AND_EQUIPMENT),
        "OB-HJM-2b": facts.product == "diabetes",
        "OB-HJM-2c": facts.product == "ostomy",
        "OB-HJM-2d": facts.product == "oxygen",
    }
