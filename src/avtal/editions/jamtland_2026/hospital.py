"""When a person is admitted to hospital: OB-SLU, SB-SLU; reading A38. What staff cost is in ``assignments``."""

from __future__ import annotations

from avtal.editions.jamtland_2026.assignments import attendance_agreed
from avtal.editions.jamtland_2026.principles import registered_here
from avtal.language.expression import Expression
from avtal.language.facts import Facts
from avtal.language.rule import rule


@rule("OB-SLU-1", "SB-SLU-1")
def inpatient(facts: Facts) -> Expression:
    """The region answers for the nursing of whoever is admitted to hospital."""
    return facts.place == "inpatient"


@rule("OB-SLU-3", "SB-SLU-3")
def municipal_staff_in_hospital(facts: Facts) -> Expression:
    """The staff of the person's municipality take part where it is agreed in writing, and the region pays for them."""
    return inpatient(facts) & registered_here(facts) & attendance_agreed(facts).is_true()
