"""``Vem ansvarar``: who is responsible for a person's care, who performs it, and on what ground."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import Any

from avtal.book.charge import Outputs
from avtal.book.edition import Edition
from avtal.book.question import Found, Question
from avtal.book.stated import Stated
from avtal.editions.jamtland_2026 import ordinary_housing as ordinary
from avtal.editions.jamtland_2026 import palliative as palliation
from avtal.editions.jamtland_2026 import principles, scopes
from avtal.editions.jamtland_2026 import special_housing as special
from avtal.editions.jamtland_2026.assignments import hospital_attendance
from avtal.editions.jamtland_2026.care_tasks import care_tasks
from avtal.editions.jamtland_2026.hospital import inpatient, municipal_staff_in_hospital
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES, MUNICIPALITY, REGION
from avtal.editions.jamtland_2026.principles import CARE
from avtal.language.evaluate import Case
from avtal.language.expression import Expression, Value, by_reading, choose
from avtal.language.facts import FactConflict, FactError, Facts, Parameters
from avtal.language.rule import Decision, Row, unless
from avtal.money import kronor

MANUAL = "MANUAL"
TEAM, SPECIALISED, NONE, FACTS_MISSING = "REGION:Storsjögläntan", "REGION:specialised", "none", "facts_missing"
#: The grounds on which the region itself cares for somebody at home, and may have a home region to invoice.
AT_HOME_BY_REGION = ("not_registered", "palliative_team", "physician_level", "specialised_level")
COSTS = ("wage_cost", "travel_cost", "travel_time_pay")


def _status(facts: Facts, limits: Parameters) -> Decision:
    """The ground of the answer: the first that holds."""
    met, elsewhere = ordinary.all_criteria_met(facts, limits), principles.stays_elsewhere(facts)
    at_home, facility = ordinary.lives_in_ordinary_housing(facts), special.lives_in_facility(facts)
    flexible = ordinary.open_to_flexibility
    return Decision(
        "status",
        (
            Row(1, inpatient(facts), "inpatient", ("OB-SLU-1", "SB-SLU-1")),
            Row(2, principles.physician_level(facts), "physician_level", ("P-GEM-2b", "OB-ANS-L", "SB-ANS-1a")),
            Row(3, palliation.team_in_ordinary_housing(facts), "palliative_team", ("PV-BAK-5", "PV-ANS-3")),
            Row(4, ordinary.visitor(facts), "not_registered", ("P-GEM-1b", "OB-BAK-2")),
            Row(5, special.child_in_short_term_stay(facts), "manual", ("SB-ANS-1",)),
            Row(5, palliation.team_in_facility(facts), "manual", ("PV-ANS-3", "SB-ANS-1")),
            Row(6, principles.specialised_level(facts), "specialised_level", ("P-GEM-2", "TB-PAL-2")),
            Row(7, special.visitor_in_facility(facts), "manual", ("SB-ANS-1", "P-GEM-1")),
            Row(8, special.open_clinic_wished(facts), "preference_respected", ("SB-ANS-1b",)),
            Row(9, special.at_day_activity(facts), "daily_activity", ("SB-ANS-2",)),
            Row(10, facility & elsewhere, "other_municipality", ("P-GEM-1", "SB-ANS-1")),
            Row(11, facility, "housing", ("SB-ANS-1", "P-GEM-2")),
            Row(12, at_home & ~met, "not_normal_case", ("OB-ANS-U", "OB-ANS-FLEX")),
            Row(13, at_home & flexible(ordinary.wish_is_respected(facts)), "preference_respected", ("OB-ANS-ONS",)),
            Row(14, at_home & flexible(met) & elsewhere, "other_municipality", ("P-GEM-1", "OB-ANS-FLEX")),
            Row(15, at_home & flexible(met), "normal_case", ("OB-ANS-FLEX",)),
        ),
        otherwise="manual",
        apart=True,
    )


def _responsible(facts: Facts, limits: Parameters) -> Decision:
    """Who answers: the same grounds, gathered by party, so that what makes no difference need not be known."""
    met, at_home = ordinary.all_criteria_met(facts, limits), ordinary.lives_in_ordinary_housing(facts)
    palliative, team_in_facility = palliation.general_palliative(facts), palliation.team_in_facility(facts)
    child, specialised = special.child_in_short_term_stay(facts), principles.specialised_level(facts)
    kept = by_reading(
        "A61", {"region_responsible": ordinary.wish_is_respected(facts), "municipality_responsible": False}
    )
    by_criteria = at_home & ~special.at_day_activity(facts)
    return Decision(
        "responsible",
        (
            Row(1, inpatient(facts), REGION, ("OB-SLU-1", "SB-SLU-1")),
            Row(1, principles.physician_level(facts), REGION, ("P-GEM-2b", "OB-ANS-L", "SB-ANS-1a")),
            Row(1, palliation.team_in_ordinary_housing(facts), REGION, ("PV-BAK-5", "PV-ANS-3")),
            Row(1, ordinary.visitor(facts), REGION, ("P-GEM-1b", "OB-BAK-2")),
            Row(1, specialised & unless(child) & unless(team_in_facility), REGION, ("P-GEM-2", "TB-PAL-2")),
            Row(1, by_criteria & ~met, REGION, ("OB-ANS-U", "OB-ANS-FLEX")),
            Row(1, by_criteria & kept, REGION, ("OB-ANS-ONS",)),
            Row(1, (by_criteria & ~met & palliative).is_true(), REGION, ("PV-ANS-1", "TB-PAL-1")),
            Row(2, child, MANUAL, ("SB-ANS-1",)),
            Row(2, team_in_facility, MANUAL, ("PV-ANS-3", "SB-ANS-1")),
            Row(2, special.visitor_in_facility(facts), MANUAL, ("SB-ANS-1", "P-GEM-1")),
            Row(3, special.lives_in_facility(facts), MUNICIPALITY, ("SB-ANS-1", "P-GEM-2")),
            Row(3, special.at_day_activity(facts), MUNICIPALITY, ("SB-ANS-2",)),
            Row(3, special.municipal_rehabilitation(facts), MUNICIPALITY, ("SB-REH-1",)),
            Row(3, at_home & met, MUNICIPALITY, ("OB-ANS-FLEX",)),
            # Further grounds of what is decided above; ``is_true`` so that nobody is asked for them.
            Row(3, (at_home & met & palliative).is_true(), MUNICIPALITY, ("PV-ANS-1", "TB-PAL-1")),
            Row(3, palliation.palliative_in_facility(facts).is_true(), MUNICIPALITY, ("PV-ANS-2",)),
        ),
        otherwise=MANUAL,
        apart=True,
    )


def _performer(facts: Facts, status: Expression, responsible: Expression) -> Decision:
    """Who performs: the responsible party, but for these; the region's own care need not know its ground."""
    here, team = principles.registered_here(facts), status == "palliative_team"
    by_region = (responsible == REGION) & (~palliation.team_in_ordinary_housing(facts) | ~team)
    # Whether the supplement is all that is paid is a reading: it shows, whichever was chosen (A53).
    supplemented = by_reading("A53", {"no_hourly_charge": team & here, "both": team & here})
    elsewhere = principles.stays_elsewhere(facts)
    return Decision(
        "performer",
        (
            Row(1, municipal_staff_in_hospital(facts), MUNICIPALITY, ("OB-SLU-3", "SB-SLU-3")),
            Row(2, by_region, REGION, ("OB-DEF-1", "OB-ANS-U")),
            Row(3, supplemented & elsewhere, MANUAL, ("P-GEM-1",)),
            Row(3, (status == "daily_activity") & elsewhere, MANUAL, ("P-GEM-1",)),
            Row(4, supplemented, MUNICIPALITY, ("PV-ANS-3",)),
            Row(4, team & ~here, REGION, ("PV-ANS-4",)),
            Row(4, status == "other_municipality", MANUAL, ("P-GEM-1",)),
            Row(4, status == "manual", MANUAL),
            Row(5, status.is_in("daily_activity", "housing"), MUNICIPALITY, ("SB-ANS-1", "SB-ANS-2")),
            Row(5, status == "normal_case", MUNICIPALITY, ("OB-DEF-1", "OB-ANS-FLEX")),
            Row(6, status == "preference_respected", REGION, ("OB-ANS-ONS", "SB-ANS-1b")),
        ),
        otherwise=REGION,
        apart=True,
    )


def _otherwise(facts: Facts, limits: Parameters) -> Expression:
    """Who answers when the person is not at the day activity: SB-ANS-2b."""
    by_criteria = choose(ordinary.all_criteria_met(facts, limits), MUNICIPALITY, REGION)
    by_housing = choose(special.lives_in_facility(facts), MUNICIPALITY, by_criteria)
    return choose(special.otherwise_by_housing(facts), by_housing, NONE).named("responsible_otherwise", "SB-ANS-2b")


def _health_centre(facts: Facts) -> Expression:
    """The health centre that answers: the facility's for what is urgent, the listed one's for what is planned."""
    listed, of_facility = facts.listed_health_centre, facts.facility_health_centre
    planned = choose(special.planned_by_listed(facts), listed, of_facility)
    by_kind = choose(special.urgent_by_facility(facts), of_facility, planned)
    in_facility = choose((listed == of_facility).is_true(), of_facility, by_kind)
    return choose(special.has_facility_health_centre(facts), in_facility, facts.listed_health_centre).named(
        "responsible_health_centre", "SB-LAK-1", "SB-LAK-2", "SB-LAK-3"
    )


def _contact(facts: Facts) -> Expression:
    """The regular physician contact: the team's physician, else the listed health centre's."""
    listed = facts.listed_health_centre
    return choose(palliation.team_physician_is_contact(facts), TEAM, listed).named(
        "regular_physician_contact", "SB-LAK-2", "PV-LAK-1", "PV-LAK-1b"
    )


def _physician(facts: Facts) -> Expression:
    """Physicians are the region's, at home those of the team where it is said that the person is affiliated."""
    by_team = palliation.in_team(facts).is_true() & ~inpatient(facts)
    return choose(by_team, TEAM, REGION).named("physician", "P-GEM-4", "OB-LAK-1")


def _outputs(facts: Facts, limits: Parameters) -> Outputs:
    status = _status(facts, limits).tree()
    responsible = _responsible(facts, limits).tree()
    first, second, third, fourth = ordinary.criteria(facts, limits)
    team, here = status == "palliative_team", principles.registered_here(facts)
    # The supplement is for those registered here. For others the region may hire, and whoever is hired is paid by hour.
    by_supplement, may_hire = team & here, (status == "not_registered") | (team & ~here)
    by_criteria = ordinary.lives_in_ordinary_housing(facts) & status.is_in(
        "normal_case", "not_normal_case", "preference_respected", "other_municipality"
    )
    intervention = choose(
        special.open_clinic_wished(facts), choose(status == "preference_respected", REGION, NONE), NONE
    )
    at_home = ordinary.lives_in_ordinary_housing(facts) & status.is_in(*AT_HOME_BY_REGION)
    visitor = choose(ordinary.home_region_pays(facts), "home_region", NONE)
    by_team = palliation.in_team(facts) & status.is_in("palliative_team", "physician_level")
    unit = choose(by_team, TEAM, choose(status == "specialised_level", SPECIALISED, NONE))
    return {
        "responsible": responsible,
        "status": status,
        "performer": _performer(facts, status, responsible).tree(),
        "criterion_1": first,
        "criterion_2": second,
        "criterion_3": third,
        "criterion_4": fourth,
        "below_dementia": ordinary.rated_below_dementia(facts, limits),
        "by_criteria": by_criteria,
        "flexibility_possible": choose(by_criteria, ordinary.may_depart(facts, limits), False),
        "physician": _physician(facts),
        "recharge": choose((status == "not_registered") | at_home, visitor, NONE).named(
            "recharge", "OB-BAK-3", "PV-ANS-4"
        ),
        "responsible_for_intervention": intervention.named("responsible_for_intervention", "SB-ANS-1b"),
        "responsible_otherwise": _otherwise(facts, limits),
        "responsible_health_centre": _health_centre(facts),
        "regular_physician_contact": _contact(facts),
        "responsible_unit": unit.named("responsible_unit", "PV-BAK-5", "TB-PAL-2"),
        "hourly_charge": choose(by_supplement, by_reading("A53", {"no_hourly_charge": False, "both": True}), may_hire),
        "compensation": choose(by_supplement, "supplement", NONE).named("compensation", "PV-ANS-3"),
        "may_hire": may_hire,
        "invoiced": municipal_staff_in_hospital(facts),
    }


def _party(value: Value | None, case: Case) -> str | None:
    """A role as a party: the municipality is where the person is registered, the hired one where the person stays."""
    if value is None or value == NONE:
        return None
    if value == MUNICIPALITY:
        return f"{MUNICIPALITY}:{case['registered_in']}" if case["registered_in"] in MUNICIPALITIES else None
    return str(value)


def _present(found: Found, case: Case, edition: Edition) -> dict[str, Any]:
    """The answer's fields by the agreement's names."""
    parties = ("responsible", "performer", "physician", "responsible_for_intervention", "responsible_otherwise")
    plain = ("recharge", "responsible_health_centre", "regular_physician_contact", "responsible_unit", "compensation")
    named = {name: _party(found[name], case) for name in (*parties, *plain)}
    performer = named["performer"]
    staying = case["staying_in"]
    hired = [f"{MUNICIPALITY}:{staying}:hired"] if found["may_hire"] and staying else []
    return {
        "responsible": named["responsible"],
        "performer": performer,
        "physician": named["physician"],
        "criteria": [found[f"criterion_{n}"] for n in (1, 2, 3, 4)] if found["by_criteria"] is not False else None,
        "status": found["status"] or FACTS_MISSING,
        "flexibility_possible": found["flexibility_possible"],
        "possible_performers": ([] if performer in (None, MANUAL) else [performer]) + hired,
        **{name: named[name] for name in (*parties[3:], *plain)},
        "hourly_charge": found["hourly_charge"],
        "invoice": _invoice(case, edition) if found["invoiced"] else None,
    }


def _invoice(case: Case, edition: Edition) -> dict[str, Any]:
    """What the municipality invoices the region for its staff in hospital; no amount where a cost is missing."""
    stated: dict[str, Any] = {name: kronor(int(str(case[name]))) for name in COSTS if case[name] is not None}
    stated |= {"municipality": case["registered_in"], "written_agreement": True}
    found = hospital_attendance.ask(stated, edition)
    return {"from": _party(MUNICIPALITY, case), "to": REGION, "amount": found.fields["amount"]}


def _flags(facts: Facts, outputs: Outputs) -> Outputs:
    met = reduce(and_, (outputs[f"criterion_{n}"] for n in (1, 2, 3, 4)))
    disabled = facts.barrier.is_in("mental_disability", "physical_disability")
    rated = facts.cfs >= 1
    at_home, outside = ordinary.lives_in_ordinary_housing(facts), ~inpatient(facts)
    unregulated = outside & special.child_in_short_term_stay(facts)
    unsafe = outside & special.open_clinic_wished(facts) & facts.preference_affects_safety
    palliative = outside & palliation.palliative_in_facility(facts)
    return {
        "cfs_dementia_reassess": outputs["below_dementia"],
        "cfs_not_validated_for_age": rated & (facts.age < 65),
        "cfs_not_validated_for_disability": rated & disabled,
        "lss_child_unregulated": (facts.housing == principles.LSS_CHILD) & unregulated,
        "digital_not_considered": at_home & ~facts.digital_considered,
        "consider_self_care": facts.self_care_possible,
        "no_home_region": facts.registered_in == principles.NOT_REGISTERED,
        "inform_physician_before_consultation": palliation.consultation_only(facts),
        "preference_cannot_be_met": at_home & met & ordinary.wish_cannot_be_met(facts),
        "open_clinic_unmentioned": outside & met & ordinary.open_clinic_unmentioned(facts),
        "rehab_day_activity_unmentioned": special.day_activity_unmentioned(facts),
        "special_housing_and_palliative_team_conflict": outside & palliation.team_in_facility(facts),
        "written_agreement_missing": inpatient(facts) & ~facts.written_agreement,
        "temporary_stay_unregulated": outside & principles.stays_elsewhere(facts),
        "visitor_in_facility_unregulated": (outputs["status"] == "manual") & special.visitor_in_facility(facts),
        "allied_health_products_palliative": palliation.allied_health_at_palliative(facts),
        "medicine_cost_unregulated": outside & palliation.medicine_cost_unsaid(facts),
        # Where two texts differ, and beside it which ones, each with its own reading.
        "documents_differ": unregulated | palliative | unsafe,
        "short_term_place_for_adults": (facts.housing == "short_term") & unregulated,
        "palliative_text_on_ordinary_housing": palliative,
        "open_clinic_without_safety": unsafe,
    }


def _derive(_: Stated, values: dict[str, Value | None], faults: list[FactError]) -> None:
    """What cannot be: costs in hospital of somebody who is not there, a team without palliative care, a grown child.

    A complete set of facts is answered wherever the person is: what is said about care at home is then not needed.
    """
    place, age = values["place"], values["age"]
    if place not in (None, "inpatient"):
        wrong = f"hör till sluten vård, men place är {place}; ange place: inpatient eller utelämna kostnaden"
        faults.extend(FactConflict(name, wrong) for name in COSTS if values[name] is not None)
    if values["palliative_team"] and values["palliative"] == "none":
        team, none = "personen är ansluten till Storsjögläntan", "personen får ingen palliativ vård"
        faults.append(FactConflict("palliative_team", f"{team}, men det är också sagt att {none}; ändra det ena"))
        faults.append(FactConflict("palliative", f"{none}, men det är också sagt att {team}; ändra det ena"))
    if values["housing"] == principles.LSS_CHILD and isinstance(age, int) and age >= special.OF_AGE:
        child, grown = "korttidsvistelsen är för barn", f"personen är {age} år"
        faults.append(FactConflict("housing", f"{child}, men det är också sagt att {grown}; ändra det ena"))
        faults.append(FactConflict("age", f"{grown}, men det är också sagt att {child}; ändra det ena"))


def _decisions(facts: Facts, limits: Parameters) -> Sequence[Decision]:
    status = _status(facts, limits)
    responsible = _responsible(facts, limits)
    return [status, responsible, _performer(facts, status.tree(), responsible.tree())]


care = Question(
    name="care",
    facts=CARE,
    parameters=("days_guideline", "cfs_moderate", "cfs_mild"),
    outputs=_outputs,
    asked=("responsible", "status", "performer"),
    present=_present,
    party=_party,
    role_facts={MUNICIPALITY: "registered_in"},
    flags=_flags,
    tasks=care_tasks,
    decisions=_decisions,
    priced="invoiced",
    speaks=scopes.of_care,
    derive=_derive,
)
