"""Special housing, short-term places, housing with support, day activities: SB; readings A25, A26 and A55."""

from __future__ import annotations

from avtal.editions.jamtland_2026.principles import (
    DAY_ACTIVITIES,
    FACILITIES,
    LSS_CHILD,
    not_registered_here,
    registered_here,
    wished,
)
from avtal.language.expression import Expression, by_reading
from avtal.language.facts import Facts
from avtal.language.rule import rule

WITH_PHYSICIAN_VISITS = ("special", "short_term")
#: The text says "vuxna" and leaves the age to the law (Föräldrabalken 9 kap. 1 §).
OF_AGE = 18
REHABILITATION = ("occupational_therapist", "physiotherapist")


@rule("SB-ANS-1", "P-GEM-2")
def lives_in_facility(facts: Facts) -> Expression:
    """In special housing, short-term places and housing with support primary care is the municipality's (A26)."""
    listed, wider = facts.housing.is_in(*FACILITIES), facts.housing.is_in(*FACILITIES, LSS_CHILD)
    return by_reading("A26", {"special_rule_first": listed, "principles_first": wider})


@rule("SB-ANS-1", "SB-DEF-2")
def child_in_short_term_stay(facts: Facts) -> Expression:
    """Short-term places are for adults; short-term stays of children are not regulated: people decide (A26)."""
    minor = (facts.housing == "short_term") & (facts.age < OF_AGE).is_true()
    child = (facts.housing == LSS_CHILD) | minor
    child = by_reading("A25", {"by_group": child, "registration_decides": child})  # a visitor's is a matter of it too
    return by_reading("A26", {"special_rule_first": child, "principles_first": False})


@rule("SB-ANS-1", "P-GEM-1")
def visitor_in_facility(facts: Facts) -> Expression:
    """Whoever lives in a facility without being registered in the county: people decide, first who granted it (A25)."""
    here = lives_in_facility(facts) & not_registered_here(facts)
    return by_reading("A25", {"by_group": here, "registration_decides": False})


@rule("SB-ANS-2", "SB-ANS-2b", "P-GEM-2")
def at_day_activity(facts: Facts) -> Expression:
    """While a person is at a day activity the municipality answers for primary care, other time not (A55)."""
    return by_reading("A55", {"both_covered": facts.place.is_in(*DAY_ACTIVITIES)}) & registered_here(facts)


@rule("SB-ANS-2b")
def otherwise_by_housing(facts: Facts) -> Expression:
    """Other time goes by the housing or, in ordinary housing, by the criteria."""
    return at_day_activity(facts)


@rule("SB-ANS-1b")
def open_clinic_wished(facts: Facts) -> Expression:
    """A wish to be cared for at the region's open clinic is respected for those interventions (A26, A73)."""
    # A health centre is an open clinic of the region too: the text sets no limit to which one.
    wish = facts.prefers_open_clinic | facts.prefers_health_centre
    return _beside_principles(lives_in_facility(facts) & wished(wish))


@rule("SB-REH-1")
def municipal_rehabilitation(facts: Facts) -> Expression:
    """Rehabilitation is the municipality's in facilities and at day activities (A26)."""
    there = lives_in_facility(facts) | at_day_activity(facts)
    return _beside_principles(facts.profession.is_in(*REHABILITATION) & there)


def _beside_principles(holds: Expression) -> Expression:
    """What this text says and the principles do not: the reading shows, whichever goes first (A26)."""
    return by_reading("A26", {"special_rule_first": holds, "principles_first": holds})


@rule("SB-REH-1")
def day_activity_unmentioned(facts: Facts) -> Expression:
    """Rehabilitation at a day activity under the Social Services Act is not mentioned (A26)."""
    return facts.profession.is_in(*REHABILITATION) & (facts.place == "sol_day_activity")


@rule("SB-LAK-1")
def has_facility_health_centre(facts: Facts) -> Expression:
    """Every special housing and short-term place has a health centre and a physician that answer for it."""
    return facts.housing.is_in(*WITH_PHYSICIAN_VISITS)


@rule("SB-LAK-2")
def planned_by_listed(facts: Facts) -> Expression:
    """Planned measures and the regular physician contact are the listed health centre's."""
    return has_facility_health_centre(facts) & ~facts.urgent


@rule("SB-LAK-3")
def urgent_by_facility(facts: Facts) -> Expression:
    """Urgent and unplanned interventions are the facility's health centre's."""
    return has_facility_health_centre(facts) & facts.urgent
