"""The four criteria for a municipality's responsibility in ordinary housing (OB-ANS-1 to OB-ANS-4), to measure with.

A rule of ordinary size: seven facts and three dated limits, since the edition does not decide cases yet. The same rule
stands as rules, as functions by hand, and in ``openfisca_peer`` as OpenFisca has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from avtal.explain import Step
from avtal.language.expression import Expression, Kind, Value
from avtal.language.facts import Facts, FactSet, Parameters, boolean, day, whole
from avtal.language.rule import rule

PERSON = FactSet(
    day("date"),
    boolean("safe_at_home"),
    boolean("self_care_possible"),
    boolean("frequent"),
    whole("days", high=3650),
    whole("cfs", 1, 9),
    boolean("cognitive_impairment"),
    boolean("can_reach_health_centre"),
)
LIMITS = {"guideline_days": 14, "cfs_moderate": 6, "cfs_mild": 5}
SINCE = date(2026, 1, 1)


@rule("OB-ANS-1")
def safe_at_home(person: Facts) -> Expression:
    """The care can be given safely at home, and the person cannot see to it alone."""
    return person.safe_at_home & ~person.self_care_possible


@rule("OB-ANS-2")
def often_and_long(person: Facts, limits: Parameters) -> Expression:
    """Care is needed often and for a continuous time, more than 14 days as a guideline."""
    return person.frequent & (person.days > limits.guideline_days)


@rule("OB-ANS-3a", "OB-ANS-3b")
def frail_enough(person: Facts, limits: Parameters) -> Expression:
    """Moderate frailty, or mild frailty with cognitive impairment."""
    return (person.cfs >= limits.cfs_moderate) | ((person.cfs == limits.cfs_mild) & person.cognitive_impairment)


@rule("OB-ANS-4")
def cannot_travel(person: Facts) -> Expression:
    """The person cannot get to a health centre, not even with support."""
    return ~person.can_reach_health_centre


@rule("OB-ANS-0")
def municipality_responsible(person: Facts, limits: Parameters) -> Expression:
    """All four criteria are met."""
    return safe_at_home(person) & often_and_long(person, limits) & frail_enough(person, limits) & cannot_travel(person)


class Limits:
    """The limits as a tree looks them up, from the first day of the agreement."""

    def __init__(self) -> None:
        self._steps = {name: Step(name, value, "parameter", source="001:811") for name, value in LIMITS.items()}

    def parameter(self, name: str, day: date) -> Step:  # noqa: ARG002  # as ``Values`` has it
        """A limit as a step."""
        return self._steps[name]

    def history(self, name: str) -> tuple[tuple[date, Value | None], ...]:
        """One value, from the first day."""
        return ((SINCE, LIMITS[name]),)

    def reading(self, name: str) -> Step:
        """None of the four rests on a reading."""
        raise KeyError(name)


def tree() -> Expression:
    """The rule's tree, its limits looked up on the case's day."""
    person = Facts(PERSON)
    return municipality_responsible(person, Parameters(dict.fromkeys(LIMITS, Kind.INT), person.date))


#: A person for whom all four are met, on facts that are all known: every criterion must be looked at.
CASE: Mapping[str, Value | None] = {
    "date": date(2026, 3, 31),
    "safe_at_home": True,
    "self_care_possible": False,
    "frequent": True,
    "days": 30,
    "cfs": 5,
    "cognitive_impairment": True,
    "can_reach_health_centre": False,
}


def by_hand(case: Mapping[str, Any]) -> bool:
    """The same as somebody writes it who knows that every fact is there: no unknowns, no reasons, no dates."""
    cfs = case["cfs"]
    return (
        case["safe_at_home"]
        and not case["self_care_possible"]
        and case["frequent"]
        and case["days"] > LIMITS["guideline_days"]
        and (cfs >= LIMITS["cfs_moderate"] or (cfs == LIMITS["cfs_mild"] and case["cognitive_impairment"]))
        and not case["can_reach_health_centre"]
    )


def by_hand_unknown(case: Mapping[str, Any]) -> bool | None:
    """The same in three values, an unknown fact never taken for false: what a closure must do at least."""
    get = case.get
    unknown = False
    for met in (get("safe_at_home"), _not(get("self_care_possible")), get("frequent"), _long(get("days"))):
        if met is False:
            return False
        unknown = unknown or met is None
    for met in (_frail(get("cfs"), get("cognitive_impairment")), _not(get("can_reach_health_centre"))):
        if met is False:
            return False
        unknown = unknown or met is None
    return None if unknown else True


def _not(met: bool | None) -> bool | None:  # noqa: FBT001  # a value, not a switch
    return None if met is None else not met


def _long(days: int | None) -> bool | None:
    return None if days is None else days > LIMITS["guideline_days"]


def _frail(cfs: int | None, impaired: bool | None) -> bool | None:  # noqa: FBT001
    if cfs is None:
        return None
    return impaired if cfs == LIMITS["cfs_mild"] else cfs >= LIMITS["cfs_moderate"]
