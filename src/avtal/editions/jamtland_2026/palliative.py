"""Palliative care and the team Storsjögläntan: PV, TB-PAL; readings A27, A28 and A54."""

from __future__ import annotations

from avtal.editions.jamtland_2026.ordinary_housing import lives_in_ordinary_housing
from avtal.editions.jamtland_2026.special_housing import REHABILITATION, lives_in_facility
from avtal.language.expression import Expression, by_reading
from avtal.language.facts import Facts
from avtal.language.rule import rule


@rule("PV-BAK-5", "TB-PAL-3")
def in_team(facts: Facts) -> Expression:
    """A person affiliated to Storsjögläntan: the team takes over the responsibility of the care giver."""
    # Whoever gets no palliative care is in no palliative team: there the question need not be asked.
    without = (facts.palliative == "none").is_true()
    return facts.palliative_team.is_true() | (facts.palliative_team & ~without)


@rule("PV-ANS-3")
def team_in_ordinary_housing(facts: Facts) -> Expression:
    """Affiliated in ordinary housing: the region answers, the municipality performs below physician level (A28)."""
    return by_reading("A28", {"housing_and_affiliation": in_team(facts) & lives_in_ordinary_housing(facts)})


@rule("PV-ANS-3", "SB-ANS-1")
def team_in_facility(facts: Facts) -> Expression:
    """Affiliated in a facility: two texts answer differently, people decide (A28)."""
    return by_reading("A28", {"housing_and_affiliation": in_team(facts) & lives_in_facility(facts)})


@rule("PV-BAK-5b")
def consultation_only(facts: Facts) -> Expression:
    """The consultation team advises; the responsibility stays with the ordinary physician and nurse."""
    return facts.palliative == "specialised_consultation"


@rule("PV-ANS-1", "TB-PAL-1")
def general_palliative(facts: Facts) -> Expression:
    """Palliative care is given at primary level by municipality and health centre together."""
    return facts.palliative.is_in("general", "specialised", "specialised_consultation")


@rule("PV-LAK-1b")
def team_physician_is_contact(facts: Facts) -> Expression:
    """For affiliated persons the team's physician is the regular physician contact."""
    return in_team(facts)


@rule("PV-LKM-3")
def team_delivers_medicines(facts: Facts) -> Expression:
    """Storsjögläntan delivers medicines to affiliated persons."""
    return in_team(facts)


@rule("PV-LKM-3")
def medicine_cost_unsaid(facts: Facts) -> Expression:
    """Who pays for the medicines of affiliated persons is not said (A54)."""
    return by_reading("A54", {"delivery_only": in_team(facts), "region_pays": False})


@rule("PV-ANS-2")
def palliative_in_facility(facts: Facts) -> Expression:
    """Without affiliation palliative care in a facility is sent to the text on ordinary housing (A28)."""
    without = general_palliative(facts) & ~in_team(facts)
    return by_reading("A28", {"housing_and_affiliation": without & lives_in_facility(facts)})


@rule("PV-SJP-0", "P-GEM-2b")
def allied_health_at_palliative(facts: Facts) -> Expression:
    """Products of other professions than nurses are not mentioned in palliative care (A27)."""
    palliative = in_team(facts) | general_palliative(facts)
    return by_reading("A27", {"same_limit": palliative & facts.profession.is_in(*REHABILITATION)})
