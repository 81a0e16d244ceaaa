"""Principles: whose the person is, and where the municipality's care ends: P-GEM; readings A25, A26, A72 and A73."""

from __future__ import annotations

from datetime import date

from avtal.editions.jamtland_2026.parties import MUNICIPALITIES
from avtal.language.expression import Expression, by_reading
from avtal.language.facts import Facts, FactSet, boolean, code, day, kronor, name_of, whole
from avtal.language.rule import rule

OTHER_REGION, NOT_REGISTERED = "OTHER_REGION", "NOT_REGISTERED"
ORDINARY, LSS_CHILD = "ordinary", "lss_short_term_child"
FACILITIES = ("special", "short_term", "lss_housing")
DAY_ACTIVITIES = ("lss_daily_activity", "sol_day_activity")
#: The agreement's first and last day: its decision tables are looked through for these, and hold between them.
TERM = (date(2026, 1, 1), date(2027, 12, 31))
BARRIERS = ("illness", "medical_condition", "mental_disability", "physical_disability")

CARE = FactSet(
    day("date"),
    code("registered_in", *MUNICIPALITIES, OTHER_REGION, NOT_REGISTERED),
    code("housing", ORDINARY, *FACILITIES, LSS_CHILD),
    code("place", "home", *DAY_ACTIVITIES, "inpatient", "health_centre"),
    code("profession"),
    boolean("palliative_team"),
    code("staying_in", *MUNICIPALITIES),
    whole("age", high=125, probes=(0, 17, 18, 64, 65, 66, 125)),
    code("level", "primary", "specialised"),
    code("palliative", "none", "general", "specialised", "specialised_consultation"),
    boolean("safe_at_home"),
    boolean("self_care_possible"),
    boolean("digital_considered"),
    boolean("frequent"),
    boolean("continuous"),
    whole("days", high=36_500),
    whole("cfs", low=1, high=9),
    code("cognitive", "none", "symptoms", "investigation", "diagnosis"),
    boolean("can_reach_health_centre"),
    code("barrier", *BARRIERS, "other"),
    boolean("prefers_health_centre"),
    boolean("preference_affects_safety"),
    boolean("prefers_open_clinic"),
    name_of("listed_health_centre"),
    name_of("facility_health_centre"),
    boolean("urgent"),
    boolean("written_agreement"),
    kronor("wage_cost"),
    kronor("travel_cost"),
    kronor("travel_time_pay"),
    day("day", *TERM, derived=True),
)


@rule("P-GEM-1", "OB-BAK-1")
def registered_here(facts: Facts) -> Expression:
    """The municipalities answer for those registered in them, by the other rules."""
    return facts.registered_in.is_in(*MUNICIPALITIES)


@rule("P-GEM-1b")
def not_registered_here(facts: Facts) -> Expression:
    """The region answers for everyone who stays in the county, visitors and asylum seekers too."""
    return facts.registered_in.is_in(OTHER_REGION, NOT_REGISTERED)


@rule("P-GEM-1")
def stays_elsewhere(facts: Facts) -> Expression:
    """Whoever is registered in one municipality of the county and said to stay in another (A25)."""
    elsewhere = registered_here(facts) & (facts.staying_in != facts.registered_in)
    return by_reading("A25", {"by_group": elsewhere.is_true(), "registration_decides": False})


@rule("P-GEM-2b", "P-GEM-4", "OB-ANS-L", "OB-LAK-1", "SB-ANS-1a")
def physician_level(facts: Facts) -> Expression:
    """The municipality's care ends below physician level; physicians are the region's, whatever the housing."""
    return facts.profession == "physician"


@rule("P-GEM-2", "TB-PAL-2")
def specialised_level(facts: Facts) -> Expression:
    """The municipality answers for care at primary level; what is said to be specialised is the region's (A72)."""
    specialised = facts.level == "specialised"
    palliative = (facts.palliative == "specialised").is_true() & ~(facts.level == "primary").is_true()
    said = (specialised | palliative).is_true()
    return by_reading("A72", {"primary_unless_said": said, "must_be_said": specialised})


def wished(wish: Expression) -> Expression:
    """A wish counts when it has been said (A73)."""
    return by_reading("A73", {"said_only": wish.is_true(), "must_be_asked": wish})
