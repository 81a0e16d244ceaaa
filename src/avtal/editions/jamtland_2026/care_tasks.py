"""What must be done when care has been decided: the duties that follow, each by its clause.

A duty rests on what its text says: on how the person lives, on who answers, on the team. What ordinary housing and the
facilities say alike is one duty; an answer cites the text that speaks of the case.
"""

from __future__ import annotations

from collections.abc import Sequence

from avtal.book.charge import Outputs
from avtal.book.checklist import Task
from avtal.editions.jamtland_2026 import palliative as palliation
from avtal.editions.jamtland_2026 import special_housing as special
from avtal.editions.jamtland_2026.hospital import inpatient
from avtal.editions.jamtland_2026.ordinary_housing import lives_in_ordinary_housing
from avtal.editions.jamtland_2026.parties import MUNICIPALITY, REGION
from avtal.editions.jamtland_2026.principles import registered_here
from avtal.language.expression import Expression
from avtal.language.facts import Facts
from avtal.language.rule import rule

STORSJOGLANTAN = "REGION:Storsjögläntan"
#: Levels 8 and 9 of the scale: the agreement's own appendix says that they come near the end of life.
NEAR_THE_END = 8


def _spoken_of(facts: Facts) -> Expression:
    """Ordinary housing or a facility: each has its text, and short-term stays of children have none."""
    return lives_in_ordinary_housing(facts) | special.lives_in_facility(facts)


def _joins_team(facts: Facts) -> Expression:
    """Affiliated at home, where the municipality performs for the team."""
    return palliation.team_in_ordinary_housing(facts) & ~inpatient(facts)


@rule("OB-ANS-OVL", "OB-ANS-BED")
def hand_over(by_criteria: Expression) -> Expression:
    """Whoever assesses by the criteria answers for a fit handover to the receiving care giver."""
    return by_criteria


@rule("OB-INF-1", "SB-INF-2")
def transfer_information(responsible: Expression, facts: Facts) -> Expression:
    """Whoever hands over the responsibility at primary level passes on the information."""
    return (_spoken_of(facts) & (responsible == MUNICIPALITY)) | _joins_team(facts)


@rule("OB-INF-2")
def start_collaboration(responsible: Expression, facts: Facts) -> Expression:
    """The municipality's nurse starts collaboration when a person joins the municipality's care."""
    joins = lives_in_ordinary_housing(facts) & (responsible == MUNICIPALITY)
    return joins | (_joins_team(facts) & registered_here(facts))


@rule("SB-INF-1")
def update_affiliation(facts: Facts) -> Expression:
    """On moving in or out the municipality's nurse updates the form of care and tells the health centre."""
    return special.lives_in_facility(facts) & ~inpatient(facts)


@rule("SB-INF-1")
def start_coordination(facts: Facts) -> Expression:
    """Where needed the municipality's nurse starts a coordination case."""
    return update_affiliation(facts)


@rule("PV-INF-1")
def invite_to_affiliation(facts: Facts) -> Expression:
    """Storsjögläntan invites the person and the municipality's nurse to an affiliation meeting at home."""
    return palliation.in_team(facts) & ~inpatient(facts)


@rule("PV-ANS-3b")
def take_part_in_affiliation(facts: Facts) -> Expression:
    """The municipality's nurse takes part in the affiliation meeting and is the way to its other professions."""
    return invite_to_affiliation(facts) & registered_here(facts)


@rule("PV-BAK-6", "PV-BAK-5b")
def inform_physician(facts: Facts) -> Expression:
    """The responsible physician, who is still the ordinary one, is told before the consultation team is contacted."""
    return palliation.consultation_only(facts)


@rule("SB-ANS-1", "P-GEM-1")
def agree_on_responsibility(status: Expression) -> Expression:
    """Where the text leaves it to people they agree; in a facility first the municipality that decided (A25)."""
    return status == "manual"


@rule("P-GEM-1")
def agree_on_performer(status: Expression, performer: Expression) -> Expression:
    """Staying in another municipality: who performs follows a separate agreement (A25)."""
    return (performer == "MANUAL") & (status != "manual")


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
def review_medicines(facts: Facts) -> Expression:
    """The region answers for the review of medicines, whoever answers for the care."""
    return _spoken_of(facts)


@rule("OB-LKM-2", "SB-LKM-2", "PV-LKM-1")
def handle_medicines_safely(facts: Facts) -> Expression:
    """Every unit answers for handling medicines safely and for its staff's competence."""
    return _spoken_of(facts)


@rule("OB-LKM-4", "SB-LKM-4", "PV-LKM-4")
def fetch_medicines(responsible: Expression, facts: Facts) -> Expression:
    """The municipality fetches medicines for those it answers for, and all for general palliative care."""
    # The sentence on palliative care does not ask who answers; the team delivers to those affiliated.
    palliative = (facts.palliative == "general") & ~palliation.in_team(facts) & registered_here(facts)
    return (_spoken_of(facts) & (responsible == MUNICIPALITY)) | (palliative & ~inpatient(facts))


@rule("PV-LKM-3")
def deliver_medicines(facts: Facts) -> Expression:
    """Storsjögläntan delivers the medicines of affiliated persons."""
    return palliation.team_delivers_medicines(facts) & ~inpatient(facts)


@rule("OB-FAS-3", "SB-FAS-3", "PV-FAS-3")
def physician_as_contact(facts: Facts) -> Expression:
    """In care at the end of life the regular contact is always a physician."""
    # No fact states the end of life: palliative care, or a level of the scale, which is rated for ordinary housing.
    rated = lives_in_ordinary_housing(facts) & ~inpatient(facts) & (facts.cfs >= NEAR_THE_END).is_true()
    return (_spoken_of(facts) & palliation.general_palliative(facts)) | rated


@rule("OB-FAS-2", "SB-FAS-2", "PV-FAS-2")
def coordinate_contacts(facts: Facts) -> Expression:
    """Of several regular contacts the one where the person has most of the care coordinates."""
    return _spoken_of(facts)


@rule("OB-INF-3")
def keep_basic_responsibility(facts: Facts) -> Expression:
    """The region's primary care keeps the basic medical responsibility beside open specialised care."""
    return lives_in_ordinary_housing(facts) & (facts.level == "specialised") & ~inpatient(facts)


@rule("OB-SLU-2", "SB-SLU-2")
def agree_in_writing(facts: Facts) -> Expression:
    """The heads of both units agree on the extent and write it down when municipal staff take part in hospital."""
    return inpatient(facts)


@rule("OB-UPP-D2", "OB-UPP-D3")
def agree_on_hire(may_hire: Expression) -> Expression:
    """Whoever hires has the care giver's responsibility, whoever lets has the employer's."""
    return may_hire


def care_tasks(facts: Facts, outputs: Outputs) -> Sequence[Task]:
    """Every duty that may follow, in the order of doing."""
    status, responsible = outputs["status"], outputs["responsible"]
    return (
        Task("hand_over", "ASSESSOR", hand_over(outputs["by_criteria"])),
        Task("agree_on_responsibility", "BOTH", agree_on_responsibility(status)),
        Task("agree_on_performer", "BOTH", agree_on_performer(status, outputs["performer"])),
        Task("transfer_information", "FORMER", transfer_information(responsible, facts)),
        Task("start_collaboration", MUNICIPALITY, start_collaboration(responsible, facts)),
        Task("update_affiliation", MUNICIPALITY, update_affiliation(facts)),
        Task("start_coordination", MUNICIPALITY, start_coordination(facts)),
        Task("invite_to_affiliation", STORSJOGLANTAN, invite_to_affiliation(facts)),
        Task("take_part_in_affiliation", MUNICIPALITY, take_part_in_affiliation(facts)),
        Task("inform_physician", "ASSESSOR", inform_physician(facts)),
        Task("agree_in_writing", "BOTH", agree_in_writing(facts)),
        Task("agree_on_hire", "BOTH", agree_on_hire(outputs["may_hire"])),
        Task("yearly_health_talk", MUNICIPALITY, yearly_health_talk(facts), should=True),
        Task("yearly_physician_assessment", MUNICIPALITY, yearly_physician_assessment(facts), should=True),
        Task("tell_health_centre", MUNICIPALITY, tell_health_centre(facts)),
        Task("see_needs_early", MUNICIPALITY, see_needs_early(facts)),
        Task("review_medicines", REGION, review_medicines(facts)),
        Task("handle_medicines_safely", "EVERY_UNIT", handle_medicines_safely(facts)),
        Task("fetch_medicines", MUNICIPALITY, fetch_medicines(responsible, facts)),
        Task("deliver_medicines", STORSJOGLANTAN, deliver_medicines(facts)),
        Task("physician_as_contact", REGION, physician_as_contact(facts)),
        Task("coordinate_contacts", "MAIN_CONTACT", coordinate_contacts(facts)),
        Task("keep_basic_responsibility", REGION, keep_basic_responsibility(facts)),
    )
