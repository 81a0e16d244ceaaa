"""What must be done when care has been decided: the duties that follow, each by its clause."""

from __future__ import annotations

from collections.abc import Sequence

from avtal.book.charge import Outputs
from avtal.book.question import Task
from avtal.editions.jamtland_2026 import palliative as palliation
from avtal.editions.jamtland_2026 import special_housing as special
from avtal.editions.jamtland_2026.hospital import inpatient
from avtal.editions.jamtland_2026.parties import MUNICIPALITY, REGION
from avtal.language.expression import Expression
from avtal.language.facts import Facts
from avtal.language.rule import rule


@rule("OB-ANS-OVL", "OB-ANS-BED")
def hand_over(status: Expression) -> Expression:
    """Whoever assesses answers for a fit handover to the receiving care giver."""
    return status.is_in("normal_case", "not_normal_case", "preference_respected", "other_municipality")


@rule("OB-INF-1", "SB-INF-2")
def transfer_information(status: Expression) -> Expression:
    """Whoever hands over the responsibility at primary level passes on the information."""
    return status.is_in("normal_case", "housing", "other_municipality", "palliative_team")


@rule("OB-INF-2")
def start_collaboration(status: Expression) -> Expression:
    """The municipality's nurse starts collaboration when a person joins the municipality's care."""
    return status.is_in("normal_case", "palliative_team")


@rule("SB-INF-1")
def update_affiliation(status: Expression, facts: Facts) -> Expression:
    """On moving in or out the municipality's nurse updates the form of care and tells the health centre."""
    return special.lives_in_facility(facts) & status.is_in("housing", "other_municipality", "preference_respected")


@rule("SB-INF-1")
def start_coordination(status: Expression, facts: Facts) -> Expression:
    """Where needed the municipality's nurse starts a coordination case."""
    return update_affiliation(status, facts)


@rule("PV-INF-1")
def invite_to_affiliation(facts: Facts) -> Expression:
    """Storsjögläntan invites the person and the municipality's nurse to an affiliation meeting at home."""
    return palliation.in_team(facts)


@rule("PV-ANS-3b")
def take_part_in_affiliation(facts: Facts) -> Expression:
    """The municipality's nurse takes part in the affiliation meeting and is the way to its other professions."""
    return palliation.in_team(facts)


@rule("PV-BAK-5b")
def inform_physician(facts: Facts) -> Expression:
    """The responsible physician is told before the consultation team is contacted."""
    return palliation.consultation_only(facts)


@rule("SB-HAL-2")
def yearly_health_talk(facts: Facts) -> Expression:
    """Whoever lives in housing with support should be offered a yearly health talk with a check-up."""
    return facts.housing == "lss_housing"


@rule("SB-HAL-3")
def yearly_physician_assessment(facts: Facts) -> Expression:
    """With long-term illness in housing with support the person should be put up for a yearly assessment."""
    return facts.housing == "lss_housing"


@rule("SB-LAK-4")
def tell_health_centre(facts: Facts) -> Expression:
    """When somebody in housing with support needs a physician the municipality tells the health centre."""
    return (facts.housing == "lss_housing") & (facts.profession == "physician")


@rule("SB-DEF-3")
def see_needs_early(facts: Facts) -> Expression:
    """Where no health care staff are on site the housing with support sees needs early and makes contact."""
    return facts.housing == "lss_housing"


@rule("OB-LKM-1", "SB-LKM-1")
def review_medicines(status: Expression) -> Expression:
    """The region answers for the review of medicines."""
    return status.is_in("normal_case", "housing", "other_municipality", "daily_activity")


@rule("OB-LKM-4", "PV-LKM-4")
def fetch_medicines(status: Expression, facts: Facts) -> Expression:
    """The municipality fetches medicines at the health centre, by the routines there are."""
    return status.is_in("normal_case", "housing") & ~palliation.in_team(facts)


@rule("PV-LKM-3")
def deliver_medicines(facts: Facts) -> Expression:
    """Storsjögläntan delivers the medicines of affiliated persons."""
    return palliation.team_delivers_medicines(facts)


@rule("OB-LKM-2")
def handle_medicines_safely(status: Expression) -> Expression:
    """Every unit answers for handling medicines safely and for its staff's competence."""
    return status.is_in("normal_case", "housing", "palliative_team", "daily_activity")


@rule("OB-FAS-3", "PV-FAS-3")
def physician_as_contact(facts: Facts) -> Expression:
    """In care at the end of life the regular contact is always a physician."""
    return palliation.general_palliative(facts)


@rule("OB-FAS-2", "PV-FAS-2")
def coordinate_contacts(facts: Facts) -> Expression:
    """The regular contact where the person has most of the care coordinates the others."""
    return facts.palliative.is_in("general", "specialised", "specialised_consultation")


@rule("OB-INF-3")
def keep_basic_responsibility(facts: Facts) -> Expression:
    """The region's primary care keeps the basic medical responsibility beside open specialised care."""
    return facts.level == "specialised"


@rule("OB-SLU-2", "SB-SLU-2")
def agree_in_writing(facts: Facts) -> Expression:
    """The heads of both units agree on the extent and write it down when municipal staff take part in hospital."""
    return inpatient(facts)


@rule("OB-UPP-D2", "OB-UPP-D3")
def agree_on_hire(status: Expression) -> Expression:
    """Whoever hires has the care giver's responsibility, whoever lets has the employer's."""
    return status == "not_registered"


def care_tasks(facts: Facts, outputs: Outputs) -> Sequence[Task]:
    """Every duty that may follow, in the order of doing."""
    status = outputs["status"]
    return (
        Task("hand_over", "ASSESSOR", hand_over(status)),
        Task("transfer_information", "FORMER", transfer_information(status)),
        Task("start_collaboration", MUNICIPALITY, start_collaboration(status)),
        Task("update_affiliation", MUNICIPALITY, update_affiliation(status, facts)),
        Task("start_coordination", MUNICIPALITY, start_coordination(status, facts)),
        Task("invite_to_affiliation", "REGION:Storsjögläntan", invite_to_affiliation(facts)),
        Task("take_part_in_affiliation", MUNICIPALITY, take_part_in_affiliation(facts)),
        Task("inform_physician", "ASSESSOR", inform_physician(facts)),
        Task("agree_in_writing", "BOTH", agree_in_writing(facts)),
        Task("agree_on_hire", "BOTH", agree_on_hire(status)),
        Task("yearly_health_talk", MUNICIPALITY, yearly_health_talk(facts), should=True),
        Task("yearly_physician_assessment", MUNICIPALITY, yearly_physician_assessment(facts), should=True),
        Task("tell_health_centre", MUNICIPALITY, tell_health_centre(facts)),
        Task("see_needs_early", MUNICIPALITY, see_needs_early(facts)),
        Task("review_medicines", REGION, review_medicines(status)),
        Task("handle_medicines_safely", "EVERY_UNIT", handle_medicines_safely(status)),
        Task("fetch_medicines", MUNICIPALITY, fetch_medicines(status, facts)),
        Task("deliver_medicines", "REGION:Storsjögläntan", deliver_medicines(facts)),
        Task("physician_as_contact", REGION, physician_as_contact(facts)),
        Task("coordinate_contacts", "MAIN_CONTACT", coordinate_contacts(facts)),
        Task("keep_basic_responsibility", REGION, keep_basic_responsibility(facts)),
    )
