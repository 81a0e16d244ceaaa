"""Who pays for and prescribes materials, aids and equipment: OB-SJM, OB-HJM, SB-SJM, SB-HJM, PV-SJP, SH-ANS-R1.

The text says a main rule, "follows the responsibility for care", and exceptions in two sections. An exception does not
reach over to the other section, and each group of products has an order of its own (A29). Ordinary housing and the
facilities have a sentence each: the one is told that speaks of how the person lives, both where nobody has said it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from avtal.book.charge import Outputs
from avtal.book.checklist import Task
from avtal.book.edition import Edition
from avtal.book.question import Found, Question
from avtal.book.stated import Stated
from avtal.editions.jamtland_2026.palliative import in_team
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES, MUNICIPALITY, REGION, municipality
from avtal.editions.jamtland_2026.principles import FACILITIES, ORDINARY
from avtal.editions.jamtland_2026.scopes import AIDS_AND_EQUIPMENT, PALLIATIVE_CARE, of_product
from avtal.language.evaluate import Case
from avtal.language.expression import Expression, Value, by_reading, choose
from avtal.language.facts import FactConflict, FactError, Facts, FactSet, Parameters, boolean, code, day
from avtal.language.rule import Decision, Row, rule, unless

PARTY_NAMES = (REGION, *(f"MUNICIPALITY:{name}" for name in MUNICIPALITIES))
ASSIGNMENTS = tuple(f"{one}>{other}" for one in PARTY_NAMES for other in PARTY_NAMES if one != other)
MATERIALS = ("consumables", "incontinence")
UNITS = {
    "nutrition": ("REGION:dietistmottagning", "OB-HJM-2a"),
    "diabetes": ("REGION:diabetesmottagning", "OB-HJM-2b"),
    "ostomy": ("REGION:stomimottagning", "OB-HJM-2c"),
    "oxygen": ("REGION:syrgasmottagning", "OB-HJM-2d"),
}
PRODUCTS = (*MATERIALS, *AIDS_AND_EQUIPMENT, *UNITS, "sampling", "hearing_aid", "vision_aid")
RESPONSIBLE, EMPLOYER, PREVIOUS = "RESPONSIBLE", "EMPLOYER", "PREVIOUS"
SPECIALISED, INDIVIDUAL, MANUAL, NONE = "REGION:specialised", "INDIVIDUAL_AGREEMENT", "MANUAL", "none"
#: Who prescribes where it is not whoever pays.
PRESCRIBERS = {INDIVIDUAL: MANUAL, PREVIOUS: NONE}

PRODUCT = FactSet(
    day("date"),
    code("product", *PRODUCTS),
    code("responsible_party", *PARTY_NAMES),
    boolean("palliative_team"),
    code("medical_responsibility", "primary", "specialised"),
    code("purpose", "care", "work_environment"),
    code("employer", *PARTY_NAMES),
    code("housing", ORDINARY, *FACILITIES),
    boolean("after_discharge"),
    boolean("specialised_intervention"),
    boolean("procured"),
    boolean("suitable_packaging"),
    boolean("evaluated"),
    boolean("prescription_remains"),
    boolean("physician_only"),
    boolean("newly_prescribed"),
    code("assignment", *ASSIGNMENTS),
    code("previous_payer", *PARTY_NAMES),
    municipality(),
    code("palliative", "none", *PALLIATIVE_CARE),
    day("day", derived=True),
)


@rule("OB-SJM-0", "SB-SJM-0", "PV-SJP-0")
def material_follows_responsibility(facts: Facts) -> Expression:
    """Prescription, follow-up and payment of materials follow the responsibility for care."""
    return _by_group(facts.product.is_in(*MATERIALS, "sampling"))


@rule("OB-HJM-0", "SB-HJM-0", "PV-SJP-0")
def device_follows_responsibility(facts: Facts) -> Expression:
    """Prescription, follow-up and payment of aids and equipment follow the responsibility for care."""
    return _by_group(facts.product.is_in(*AIDS_AND_EQUIPMENT, *UNITS, "hearing_aid", "vision_aid"))


def _by_group(holds: Expression) -> Expression:
    """What another order of the exceptions would change rests on it: the reading shows, whichever was chosen (A29)."""
    return by_reading("A29", {"per_product_group": holds, "common_order": holds})


@rule("OB-SJM-1", "SB-SJM-1")
def for_the_work_environment(facts: Facts) -> Expression:
    """Consumables used for the staff's work environment are the employer's."""
    return _by_group((facts.product == "consumables") & (facts.purpose == "work_environment"))


@rule("OB-SJM-2", "SB-SJM-2")
def with_specialised_care(facts: Facts) -> Expression:
    """For consumables used in connection with specialised care an agreement is written case by case."""
    specialised = (facts.medical_responsibility == "specialised") | facts.specialised_intervention
    return _by_group((facts.product == "consumables") & specialised)


@rule("OB-SJM-3", "SB-SJM-3")
def not_procured_after_specialised(facts: Facts) -> Expression:
    """What is not procured, or not in fit packages, is specialised care's after discharge until it is evaluated."""
    return _by_group((facts.product == "consumables") & _unfit(facts) & ~facts.evaluated)


def _unfit(facts: Facts) -> Expression:
    """What is not procured or not in fit packages; at home also with interventions from specialised care."""
    by_intervention = (facts.housing == ORDINARY) & facts.specialised_intervention
    return (facts.after_discharge | by_intervention) & (~facts.procured | ~facts.suitable_packaging)


@rule("OB-SJM-3b", "SB-SJM-3")
def evaluated_and_remains(facts: Facts) -> Expression:
    """When such material has been evaluated and the prescription remains, it passes to primary level."""
    return _by_group((facts.product == "consumables") & _unfit(facts) & facts.evaluated & facts.prescription_remains)


@rule("OB-SJM-4", "SB-SJM-4")
def sampling(facts: Facts) -> Expression:
    """The region pays for sampling material, analyses, transport from the health centre and interpretation."""
    return _by_group(facts.product == "sampling")


@rule("OB-SJM-5", "SB-SJM-5", "OB-HJM-2a", "SB-HJM-2")
def nutrition_of_specialised(facts: Facts) -> Expression:
    """Nutrition products are the region's where the medical responsibility lies in specialised care."""
    return _by_group((facts.product == "nutrition") & (facts.medical_responsibility == "specialised"))


@rule("OB-HJM-2b", "OB-HJM-2c", "OB-HJM-2d", "SB-HJM-2")
def clinic_of_specialised(facts: Facts, product: str) -> Expression:
    """Diabetes, ostomy and oxygen products are the clinic's where the medical responsibility is specialised."""
    return _by_group((facts.product == product) & (facts.medical_responsibility == "specialised"))


@rule("OB-HJM-1", "SB-HJM-1")
def physician_prescribes_alone(facts: Facts) -> Expression:
    """The region answers where only a physician may prescribe (A29)."""
    listed = facts.product.is_in(*AIDS_AND_EQUIPMENT)
    groups = by_reading("A29", {"per_product_group": listed, "common_order": facts.product.is_in(*PRODUCTS)})
    return groups & facts.physician_only


@rule("OB-HJM-3", "SB-HJM-3")
def specialist_equipment(facts: Facts) -> Expression:
    """Specialist equipment after discharge or with specialised interventions is specialised care's."""
    return (facts.product == "specialist_equipment") & (facts.after_discharge | facts.specialised_intervention)


@rule("OB-HJM-4", "PV-SJP-1")
def team_products(facts: Facts) -> Expression:
    """For affiliated persons the region answers for consumables, nutrition and medical equipment (A28)."""
    listed = facts.product.is_in("consumables", "nutrition", "medical_device", "specialist_equipment")
    return by_reading("A28", {"housing_and_affiliation": listed & in_team(facts)})


@rule("PV-SJP-2")
def team_municipal_products(facts: Facts) -> Expression:
    """For affiliated persons the municipality answers for newly prescribed aids and incontinence products (A28)."""
    new_aid = (facts.product == "assistive_device") & facts.newly_prescribed
    listed = _by_group(facts.product == "incontinence") | new_aid
    return by_reading("A28", {"housing_and_affiliation": in_team(facts) & listed})


@rule("PV-SJP-3")
def team_earlier_aids(facts: Facts) -> Expression:
    """Aids from before the affiliation keep their payer (A28, A59)."""
    earlier = (facts.product == "assistive_device") & ~facts.newly_prescribed
    listed = by_reading("A28", {"housing_and_affiliation": in_team(facts) & earlier})
    return by_reading("A59", {"no_change_of_payer": listed})


@rule("OB-HJM-5")
def on_anothers_behalf(facts: Facts) -> Expression:
    """Work on another's behalf leaves aids and equipment with the party that answers for the care (A29)."""
    listed = facts.product.is_in(*AIDS_AND_EQUIPMENT)
    groups = by_reading("A29", {"per_product_group": listed, "common_order": facts.product.is_in(*PRODUCTS)})
    return groups & facts.assignment.is_in(*ASSIGNMENTS).is_true()


@rule("SH-ANS-R1")
def vision_aid(facts: Facts) -> Expression:
    """Vision aids are prescribed by the region's vision centre, whoever answers for the care (A21)."""
    return by_reading("A21", {"region_pays_when_agreed": facts.product == "vision_aid"})


@rule("SH-ANS-R1")
def hearing_aid(facts: Facts) -> Expression:
    """Hearing aids are prescribed by the region's hearing care, whoever answers for the care (A21)."""
    return by_reading("A21", {"region_pays_when_agreed": facts.product == "hearing_aid"})


def _rows(facts: Facts) -> tuple[Row, ...]:
    """Who pays for all but sampling: the first exception that holds, else whoever answers for the care."""
    clinics = tuple(
        Row(5, clinic_of_specialised(facts, product), unit, (clause, "SB-HJM-2"))
        for product, (unit, clause) in UNITS.items()
        if product != "nutrition"
    )
    dietitian, clause = UNITS["nutrition"]
    remains = evaluated_and_remains(facts)
    common = by_reading("A29", {"per_product_group": False, "common_order": True})
    return (
        Row(1, vision_aid(facts), "REGION:syncentralen", ("SH-ANS-R1",)),
        Row(1, hearing_aid(facts), "REGION:hörselvården", ("SH-ANS-R1",)),
        Row(2, for_the_work_environment(facts), EMPLOYER, ("OB-SJM-1", "SB-SJM-1")),
        Row(3, physician_prescribes_alone(facts), REGION, ("OB-HJM-1", "SB-HJM-1")),
        Row(3, team_products(facts), REGION, ("PV-SJP-1", "OB-HJM-4")),
        Row(4, team_municipal_products(facts), MUNICIPALITY, ("PV-SJP-2",)),
        Row(4, team_earlier_aids(facts), PREVIOUS, ("PV-SJP-3",)),
        Row(5, nutrition_of_specialised(facts), dietitian, (clause, "OB-SJM-5", "SB-SJM-5", "SB-HJM-2")),
        *clinics,
        Row(5, specialist_equipment(facts), SPECIALISED, ("OB-HJM-3", "SB-HJM-3")),
        Row(6, on_anothers_behalf(facts) & common, RESPONSIBLE, ("OB-HJM-5",)),
        Row(7, not_procured_after_specialised(facts), SPECIALISED, ("OB-SJM-3", "SB-SJM-3")),
        Row(8, with_specialised_care(facts) & unless(remains), INDIVIDUAL, ("OB-SJM-2", "SB-SJM-2")),
        Row(9, on_anothers_behalf(facts), RESPONSIBLE, ("OB-HJM-5",)),
        Row(9, remains, RESPONSIBLE, ("OB-SJM-3b", "SB-SJM-3")),
        Row(9, material_follows_responsibility(facts), RESPONSIBLE, ("OB-SJM-0", "SB-SJM-0", "PV-SJP-0")),
        Row(9, device_follows_responsibility(facts), RESPONSIBLE, ("OB-HJM-0", "SB-HJM-0", "PV-SJP-0")),
    )


def _payer(facts: Facts) -> Decision:
    sampled = Row(1, sampling(facts), REGION, ("OB-SJM-4", "SB-SJM-4"))
    return Decision("payer", (sampled, *_rows(facts)), otherwise=RESPONSIBLE, apart=True)


def _prescriber(facts: Facts) -> Decision:
    """Who prescribes: whoever pays, since the text joins the two; of sampling it moves the cost alone."""
    rows = tuple(replace(row, then=PRESCRIBERS.get(str(row.then), row.then)) for row in _rows(facts))
    return Decision("prescriber", rows, otherwise=RESPONSIBLE, apart=True)


def _outputs(facts: Facts, _: Parameters) -> Outputs:
    payer = _payer(facts).tree()
    return {
        "payer": payer,
        "prescriber": _prescriber(facts).tree(),
        "ground": choose(payer == EMPLOYER, EMPLOYER, NONE).named("ground_of_payer", "OB-SJM-1", "SB-SJM-1"),
        "transfer_of_payer": choose(payer == PREVIOUS, False, _changes(facts, payer)),
    }


def _changes(facts: Facts, payer: Expression) -> Expression:
    """Whether the payer is another than the one before; the municipality of an affiliated person is one only."""
    before = facts.previous_payer
    from_party = choose(payer == EMPLOYER, before != facts.employer, before != REGION)
    from_role = choose(payer == RESPONSIBLE, before != facts.responsible_party, from_party)
    return choose(payer == MUNICIPALITY, before == REGION, from_role)


def _party(value: Value | None, case: Case) -> str | None:
    """A role as a party. The municipality is the one that is named, else that answers, performs or employs."""
    performer, _, hirer = str(case["assignment"] or "").partition(">")
    match value:
        case None | "none":
            return None
        case "RESPONSIBLE":
            return _text(case["responsible_party"]) or hirer or None
        case "EMPLOYER":
            return _text(case["employer"])
        case "PREVIOUS":
            return _text(case["previous_payer"])
        case "MUNICIPALITY":
            if case["municipality"]:
                return f"{MUNICIPALITY}:{case['municipality']}"
            near = (case["responsible_party"], performer, case["employer"], case["previous_payer"])
            return next((str(one) for one in near if one and str(one) != REGION), MUNICIPALITY)
    return str(value)


def _text(value: Value | None) -> str | None:
    return None if value is None else str(value)


def _present(found: Found, case: Case, _: Edition) -> dict[str, Any]:
    return {
        "payer": _party(found["payer"], case),
        "prescriber": _party(found["prescriber"], case),
        "ground": None if found["ground"] in (None, NONE) else found["ground"],
        "transfer_of_payer": None if found["payer"] == INDIVIDUAL else found["transfer_of_payer"],
    }


def _flags(facts: Facts, outputs: Outputs) -> Outputs:
    facility, intervention = facts.housing.is_in(*FACILITIES), facts.specialised_intervention & ~facts.after_discharge
    palliative = in_team(facts) | facts.palliative.is_in(*PALLIATIVE_CARE).is_true()
    allied = facts.product.is_in("assistive_device", "medical_device") & palliative
    material, by_rule = facts.product == "consumables", outputs["payer"] == RESPONSIBLE
    ended = facts.evaluated & ~facts.prescription_remains
    return {
        "documents_differ": facility & ((material & intervention) | on_anothers_behalf(facts)),
        "allied_health_products_palliative": by_reading("A27", {"same_limit": allied}),
        "incontinence_may_be_consumables": (facts.product == "incontinence") & by_rule & _exception_near(facts),
        "prescription_ended_unregulated": material & by_rule & _unfit(facts) & ended,
    }


def _exception_near(facts: Facts) -> Expression:
    """Whether consumables would have been another's: incontinence products can be read as such too (A28)."""
    specialised = (facts.medical_responsibility == "specialised") | facts.specialised_intervention
    unfit = _unfit(facts)
    agreed = specialised & ~(unfit & facts.evaluated & facts.prescription_remains)
    return (facts.purpose == "work_environment") | (unfit & ~facts.evaluated) | agreed


@rule("OB-SJM-3", "OB-SJM-3b", "SB-SJM-3")
def evaluate_together(facts: Facts) -> Expression:
    """Specialised care evaluates the treatment together with primary level."""
    return not_procured_after_specialised(facts)


@rule("OB-SJM-2", "SB-SJM-2")
def write_agreement(payer: Expression) -> Expression:
    """An agreement is written in the individual case."""
    return payer == INDIVIDUAL


@rule("PV-SJP-3")
def keep_earlier_payer(facts: Facts) -> Expression:
    """No change of payer is made for earlier aids."""
    return team_earlier_aids(facts)


def _tasks(facts: Facts, outputs: Outputs) -> Sequence[Task]:
    return (
        Task("evaluate_together", SPECIALISED, evaluate_together(facts)),
        Task("write_agreement", "BOTH", write_agreement(outputs["payer"])),
        Task("keep_earlier_payer", "EVERY_UNIT", keep_earlier_payer(facts)),
    )


def _derive(_: Stated, values: dict[str, Value | None], faults: list[FactError]) -> None:
    """What cannot be: a team without palliative care, a municipality besides the one that answers, work for another."""
    party, named, behalf = values["responsible_party"], values["municipality"], values["assignment"]
    answers = "responsible_party", f"{party} ansvarar för vården"
    pairs = []
    if values["palliative_team"] and values["palliative"] == "none":
        team = "palliative_team", "personen är ansluten till Storsjögläntan"
        pairs.append((team, ("palliative", "personen får ingen palliativ vård")))
    if named and party not in (None, REGION, f"{MUNICIPALITY}:{named}"):
        pairs.append((("municipality", f"kommunen är {named}"), answers))
    if behalf and party and not str(behalf).endswith(f">{party}"):
        pairs.append((("assignment", f"uppdraget är {behalf}, och den som ger det ansvarar"), answers))
    for pair in pairs:
        for (fact, says), (_other, otherwise) in (pair, reversed(pair)):
            faults.append(FactConflict(fact, f"{says}, men det är också sagt att {otherwise}; ändra det ena"))


def _decisions(facts: Facts, _: Parameters) -> Sequence[Decision]:
    return [_payer(facts), _prescriber(facts)]


product = Question(
    name="product",
    facts=PRODUCT,
    parameters=(),
    outputs=_outputs,
    asked=("payer", "prescriber"),
    present=_present,
    party=_party,
    role_facts={RESPONSIBLE: "responsible_party", EMPLOYER: "employer", PREVIOUS: "previous_payer"},
    flags=_flags,
    tasks=_tasks,
    decisions=_decisions,
    speaks=of_product,
    derive=_derive,
)
