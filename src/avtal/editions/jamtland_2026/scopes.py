"""Whom each document speaks of, declared once: its clauses are no grounds for anybody else, where others are."""

from __future__ import annotations

from avtal.editions.jamtland_2026.principles import DAY_ACTIVITIES, FACILITIES, LSS_CHILD
from avtal.editions.jamtland_2026.special_housing import REHABILITATION
from avtal.language.citing import Speaks
from avtal.language.expression import Expression
from avtal.language.facts import Facts

MATERIALS = ("consumables", "incontinence", "sampling")


def of_care(facts: Facts) -> Speaks:
    """Ordinary housing; special housing and day activities; palliative care, where it is said to be that."""
    facility = facts.housing.is_in(*FACILITIES, LSS_CHILD)
    palliative = facts.palliative.is_in("general", "specialised", "specialised_consultation")
    said = palliative.is_true() | facts.palliative_team
    rehabilitation = facts.profession.is_in(*REHABILITATION)
    return {
        "OB": ~facility,
        "SB": facility | facts.place.is_in(*DAY_ACTIVITIES),
        **dict.fromkeys(("PV", "TB-PAL-1", "TB-PAL-2", "TB-PAL-3"), said),
        **dict.fromkeys(("OB-REH-1", "SB-REH-1"), rehabilitation),
    }


def of_product(facts: Facts) -> Speaks:
    """The same texts on materials and on aids, each for its products.

    Whether somebody who is not affiliated gets palliative care is no fact of a product: PV-SJP-0 may speak of anybody.
    """
    facility, material = facts.housing.is_in(*FACILITIES), facts.product.is_in(*MATERIALS)
    return {
        "OB": ~facility,
        "SB": facility,
        "PV-SJP-1": facts.palliative_team,
        **dict.fromkeys(("OB-SJM-0", "SB-SJM-0", "OB-SJM-3", "SB-SJM-3"), material),
        **dict.fromkeys(("OB-HJM-0", "SB-HJM-0", "OB-HJM-3", "SB-HJM-3"), ~material),
        **dict.fromkeys(("OB-HJM-1", "SB-HJM-1"), facts.physician_only.is_true()),
        **_of(facts, "nutrition", "OB-HJM-2a", "OB-SJM-5", "SB-SJM-5"),
        **_of(facts, "diabetes", "OB-HJM-2b"),
        **_of(facts, "ostomy", "OB-HJM-2c"),
        **_of(facts, "oxygen", "OB-HJM-2d"),
    }


def _of(facts: Facts, product: str, *clauses: str) -> dict[str, Expression]:
    return dict.fromkeys(clauses, facts.product == product)
