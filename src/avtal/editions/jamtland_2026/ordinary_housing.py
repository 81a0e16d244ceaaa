"""Care in ordinary housing, the four criteria: OB-ANS; readings A22, A25, A61 and A62."""

from __future__ import annotations

from avtal.editions.jamtland_2026.principles import BARRIERS, ORDINARY, not_registered_here, wished
from avtal.language.expression import Expression, by_reading
from avtal.language.facts import Facts, Parameters
from avtal.language.rule import rule


@rule("P-GEM-3")
def lives_in_ordinary_housing(facts: Facts) -> Expression:
    """In ordinary housing the region may leave care below physician level to a municipality, by agreement."""
    return facts.housing == ORDINARY


@rule("OB-BAK-2", "OB-BAK-3", "PV-ANS-4")
def visitor(facts: Facts) -> Expression:
    """Whoever stays in ordinary housing without being registered here is the region's, who may hire (A25)."""
    not_registered = not_registered_here(facts)
    at_home = lives_in_ordinary_housing(facts) & not_registered
    return by_reading("A25", {"by_group": at_home, "registration_decides": not_registered})


@rule("OB-BAK-3")
def home_region_pays(facts: Facts) -> Expression:
    """The region invoices the home region, where there is one."""
    return facts.registered_in == "OTHER_REGION"


@rule("OB-ANS-1")
def safe_and_not_self_care(facts: Facts) -> Expression:
    """Safe at home, not possible as self-care, and digital solutions have been considered."""
    considered = by_reading("A62", {"criterion_false": facts.digital_considered})
    return facts.safe_at_home & ~facts.self_care_possible & considered


@rule("OB-ANS-2")
def frequent_and_continuous(facts: Facts, limits: Parameters) -> Expression:
    """Frequent and continuous over time, more days than the guideline of 14."""
    return facts.frequent & facts.continuous & (facts.days > limits.days_guideline)


@rule("OB-ANS-3a")
def moderately_frail(facts: Facts, limits: Parameters) -> Expression:
    """Moderate frailty or more: level 6 or higher on the Clinical Frailty Scale."""
    return facts.cfs >= limits.cfs_moderate


@rule("OB-ANS-3b")
def mildly_frail_with_impairment(facts: Facts, limits: Parameters) -> Expression:
    """Mild frailty, level 5, together with cognitive impairment: symptoms, investigation or diagnosis."""
    return (facts.cfs == limits.cfs_mild) & facts.cognitive.is_in("symptoms", "investigation", "diagnosis")


@rule("OB-CFS")
def rated_below_dementia(facts: Facts, limits: Parameters) -> Expression:
    """Frailty is as severe as the dementia: whoever has a diagnosis is at least mildly frail, so assess again."""
    return (facts.cognitive == "diagnosis") & (facts.cfs < limits.cfs_mild)


def frail_enough(facts: Facts, limits: Parameters) -> Expression:
    """The third criterion: either of its two parts."""
    parts = moderately_frail(facts, limits) | mildly_frail_with_impairment(facts, limits)
    return parts.named("frail_enough", "OB-ANS-3a", "OB-ANS-3b")


@rule("OB-ANS-4")
def cannot_reach_health_centre(facts: Facts) -> Expression:
    """Cannot get to a health centre, alone or with support, because of illness or disability."""
    return ~facts.can_reach_health_centre & facts.barrier.is_in(*BARRIERS)


def criteria(facts: Facts, limits: Parameters) -> tuple[Expression, Expression, Expression, Expression]:
    """The four criteria in the text's order."""
    return (
        safe_and_not_self_care(facts),
        frequent_and_continuous(facts, limits),
        frail_enough(facts, limits),
        cannot_reach_health_centre(facts),
    )


@rule("OB-ANS-FLEX", "OB-ANS-FLEX2", "OB-REH-1", "PV-ANS-2")
def all_criteria_met(facts: Facts, limits: Parameters) -> Expression:
    """In the normal case all four hold, with room for flexibility; so too for rehabilitation and palliative care."""
    first, second, third, fourth = criteria(facts, limits)
    every = first & second & third & fourth
    return by_reading("A22", {"advisory": every, "hard_rule": every})


@rule("OB-ANS-ONS")
def wish_is_respected(facts: Facts) -> Expression:
    """A wish to be cared for at the health centre is respected when it does not affect safety."""
    return wished(facts.prefers_health_centre) & ~facts.preference_affects_safety


@rule("OB-ANS-ONS")
def wish_cannot_be_met(facts: Facts) -> Expression:
    """A wish that affects safety is not respected: the normal case holds."""
    return wished(facts.prefers_health_centre) & facts.preference_affects_safety


@rule("OB-ANS-ONS")
def open_clinic_unmentioned(facts: Facts) -> Expression:
    """In ordinary housing the text speaks of a wish for the health centre, not for another open clinic."""
    return lives_in_ordinary_housing(facts) & facts.prefers_open_clinic & ~facts.prefers_health_centre.is_true()


def open_to_flexibility(holds: Expression) -> Expression:
    """An answer that the criteria give may be departed from, by readings that show whichever was chosen (A22, A63)."""
    either_way = by_reading("A63", {"region_may_keep": holds, "not_allowed": holds})
    return by_reading("A22", {"advisory": either_way, "hard_rule": either_way})


@rule("OB-ANS-FLEX2")
def may_depart(facts: Facts, limits: Parameters) -> Expression:
    """The person's good gives room for departing from the criteria, with a reason and in dialogue (A22, A63)."""
    met = all_criteria_met(facts, limits)
    towards_region = by_reading("A63", {"region_may_keep": met, "not_allowed": False})
    return by_reading("A22", {"advisory": ~met | towards_region, "hard_rule": False})
