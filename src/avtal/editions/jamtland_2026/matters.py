"""What the agreement says of matters that are no person's care and no product: who answers, who does it, who pays.

Equipment (MT-ANS), medicines, information, hygiene, liaisons (SH-ANS), the palliative team's drugs, disputes, the
parties' own costs and the joint sums. Where a charge computes the amount, the row says so and the charge does it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from avtal.book.charge import Outputs
from avtal.book.checklist import Task
from avtal.book.edition import Edition
from avtal.book.question import Found, Question
from avtal.editions.jamtland_2026.parties import MUNICIPALITY, REGION, municipality
from avtal.language.evaluate import Case
from avtal.language.expression import Expression, Value, by_reading
from avtal.language.facts import Facts, FactSet, Parameters, boolean, code, day
from avtal.language.rule import Decision, Row, rule

MANUAL, NONE = "MANUAL", "none"
#: What the text says, which is more than that it says nothing: work is done without pay, a responsibility is not moved.
FREE, UNCHANGED, EITHER = "FREE", "UNCHANGED", "EITHER_PARTY"
EACH, BOTH, SHARED, UNITS = "EACH_PARTY", "BOTH", "SHARED_EQUALLY", "EVERY_UNIT"
MT, HEALTH_CENTRE, ASSESSOR, FORMER = "REGION:medicinsk teknik", "REGION:hälsocentralen", "ASSESSOR", "FORMER"
TEAM, VISION_HEARING, LETTER, HIRER = "REGION:Storsjögläntan", "REGION:syncentralen och hörselvården", "LETTER", "HIRER"
SEPARATE, UNSAID, CONTACT = "SEPARATE_AGREEMENT", "UNREGULATED", "MAIN_CONTACT"
LEADERS, INVESTIGATORS, SUPPLIER, POST = "BOTH_LEADERS", "INVESTIGATORS", "SUPPLIER", "POSTNORD"
SKL, REGIONS, PATIENT, NEAREST = "SKL", "REGIONS", "PATIENT", "NEAREST_FACILITY"


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter: its clauses, who answers, who does it and who pays; ``charge`` computes the amount where one does.

    Where it rests on a ``reading``, ``payers`` has an entry for each computed option: who pays then, if it differs.
    """

    clauses: tuple[str, ...]
    responsible: str
    performer: str
    payer: str
    charge: str = ""
    reading: str = ""
    payers: Mapping[str, str] = field(default_factory=dict)

    def outcomes(self, role: str) -> dict[str, str]:
        """The role's party by the reading's options; the reading may change who pays, never who answers."""
        party: str = getattr(self, role)
        return {option: payer or party if role == "payer" else party for option, payer in self.payers.items()}


_STEPS = {"steps_per_agreement": ""}
_COST = {"delivery_only": "", "region_pays": REGION}
_BY_REQUEST = {"standing_assignment": "", "requested_only": ""}
_RANK, _LIAISONS = {"law_principles_special": ""}, {"region_pays_when_agreed": ""}
_PAIRS = {"all_pairs": "", "region_municipality": ""}
_SUPPLEMENT = ("P-EKO-TB", "TB-GRU-1", "TB-GRU-2", "TB-AVS-2a", "TB-AVS-2b")

MATTERS: dict[str, Matter] = {
    # the parties' own costs and the joint sums
    "representatives": Matter(("P-TIL-3",), EACH, EACH, EACH),
    "development_work": Matter(("GU-TIL-3",), EACH, EACH, EACH),
    "development_fund": Matter(("P-EKO-UM-1", "GU-BAK-1"), SHARED, BOTH, SHARED, "development_fund"),
    "supplement": Matter(_SUPPLEMENT, REGION, REGION, REGION, "supplement"),
    "care_responsibility_by_supplement": Matter(("TB-BAK-2",), UNCHANGED, EITHER, NONE, "", "A30", _RANK),
    "care_responsibility_by_liaisons": Matter(("SH-BAK-1",), UNCHANGED, NONE, NONE, "", "A30", _RANK),
    "national_model": Matter(("MTN-2",), REGIONS, SKL, REGIONS, "national_share"),
    # medical equipment
    "equipment_register": Matter(
        ("MT-ANS-1", "MT-EKO-1", "MT-B1-1"), MT, MT, MUNICIPALITY, "equipment_fixed", "A39", _BY_REQUEST
    ),
    "preventive_maintenance": Matter(("MT-ANS-2",), MT, MT, MUNICIPALITY, "equipment_variable", "A39", _BY_REQUEST),
    "corrective_maintenance": Matter(("MT-ANS-3", "MT-B1-2"), MT, MT, MUNICIPALITY, "equipment_variable"),
    "equipment_advice": Matter(("MT-ANS-4",), MT, MT, MUNICIPALITY, "equipment_fixed", "A39", _BY_REQUEST),
    # medicines, information, contacts
    "medicine_review": Matter(("OB-LKM-1", "SB-LKM-1"), REGION, REGION, REGION),
    "medicine_handling": Matter(("OB-LKM-2",), UNITS, UNITS, NONE),
    "medicine_pickup": Matter(("OB-LKM-4", "PV-LKM-4"), MUNICIPALITY, MUNICIPALITY, NONE),
    "medicine_of_affiliated": Matter(("PV-LKM-3",), TEAM, TEAM, UNSAID, reading="A54", payers=_COST),
    "coordination_of_contacts": Matter(("OB-FAS-2",), CONTACT, CONTACT, NONE),
    "contact_at_end_of_life": Matter(("OB-FAS-3",), REGION, REGION, NONE),
    "handover": Matter(("OB-ANS-OVL",), ASSESSOR, ASSESSOR, NONE, "", "A44", {"assessor_hands_over": ""}),
    "information_at_change": Matter(("OB-INF-1",), FORMER, FORMER, NONE),
    "start_of_collaboration": Matter(("OB-INF-2",), MUNICIPALITY, MUNICIPALITY, NONE),
    "basic_medical_responsibility": Matter(("OB-INF-3",), REGION, REGION, NONE),
    "moving_in_or_out": Matter(("SB-INF-1",), MUNICIPALITY, MUNICIPALITY, NONE),
    # work on another's behalf
    "work_by_day": Matter(("OB-UPP-D2", "OB-UPP-D4"), HIRER, LETTER, HIRER, "hired_staff", "A20", _PAIRS),
    "employer_of_hired_staff": Matter(("OB-UPP-D3",), LETTER, LETTER, LETTER),
    "nurse_evenings_and_nights": Matter(("OB-UPP-N",), REGION, MUNICIPALITY, FREE, "hired_staff"),
    "consultation_of_nurses": Matter(("OB-UPP-N3",), EACH, EACH, NONE),
    # hygiene, sterile goods, laboratory
    "hygiene_advice": Matter(("OB-SMI-3",), REGION, REGION, UNSAID),
    "sterile_goods": Matter(("OB-SJM-4b",), HEALTH_CENTRE, HEALTH_CENTRE, REGION),
    # liaisons for vision and hearing
    "guidance_of_liaisons": Matter(("SH-ANS-R2",), VISION_HEARING, VISION_HEARING, REGION),
    "training_of_liaisons": Matter(("SH-ANS-R3",), VISION_HEARING, VISION_HEARING, REGION),
    "service_bag": Matter(("SH-ANS-R4", "SH-ANS-K4"), VISION_HEARING, VISION_HEARING, MUNICIPALITY),
    "appointing_liaisons": Matter(("SH-ANS-K1",), MUNICIPALITY, MUNICIPALITY, MUNICIPALITY),
    "costs_of_liaisons": Matter(("SH-ANS-K3",), MUNICIPALITY, MUNICIPALITY, MUNICIPALITY, "", "A21", _LIAISONS),
    "liaison_work_for_region": Matter(("SH-EKO-1", "SH-EKO-2", "SH-EKO-3"), REGION, MUNICIPALITY, REGION, "liaison"),
    # disputes
    "dispute_about_a_person": Matter(("OB-TVI-I",), LEADERS, LEADERS, UNSAID, reading="A35", payers=_STEPS),
    "dispute_about_palliative_care": Matter(("PV-TVI-O",), INVESTIGATORS, INVESTIGATORS, NONE, "", "A35", _STEPS),
    # the joint committee's assortment and deliveries of 2018
    "compression_stockings": Matter(("GN-KS",), UNSAID, UNSAID, PATIENT, reading="A42", payers={"per_inhabitant": ""}),
    "incontinence_to_home": Matter(("GN-LEV1",), SUPPLIER, POST, NONE),
    "special_foods": Matter(("GN-LEV2",), NEAREST, NEAREST, NONE),
    "store_deliveries": Matter(("GN-LEV3",), REGION, REGION, REGION),
}  # fmt: skip

MATTER = FactSet(
    day("date"),
    code("matter", *MATTERS),
    municipality(),
    boolean("mt_competence"),
    code("profession"),
    day("day", derived=True),
)


@rule("MT-ANS-6")
def without_competence(facts: Facts) -> Expression:
    """Equipment that medical technology has no competence for goes by agreements of its own."""
    return facts.matter.is_in("preventive_maintenance", "corrective_maintenance") & ~facts.mt_competence


@rule("OB-UPP-N")
def evening_of_other_than_nurse(facts: Facts) -> Expression:
    """Evenings and nights are agreed on for nurses; of another profession the text says nothing."""
    return (facts.matter == "nurse_evenings_and_nights") & (facts.profession != "nurse").is_true()


@rule("OB-UPP-N3")
def consultation_of_other_than_nurse(facts: Facts) -> Expression:
    """Nurses may consult each other; of another profession the text says nothing."""
    return (facts.matter == "consultation_of_nurses") & (facts.profession != "nurse").is_true()


def _rows(facts: Facts, role: str) -> tuple[Row, ...]:
    rows = []
    for name, matter in MATTERS.items():
        holds, by_option = facts.matter == name, matter.outcomes(role)
        for party in dict.fromkeys(by_option.values()):
            branches = {option: holds if gives == party else False for option, gives in by_option.items()}
            rows.append(Row(2, by_reading(matter.reading, branches), party, matter.clauses))
        if not by_option:
            rows.append(Row(2, holds, getattr(matter, role), matter.clauses))
    return tuple(rows)


def _decision(facts: Facts, role: str, apart: str) -> Decision:
    rank = 2 if role == "responsible" else 1  # medical technology watches it either way: joined with the others
    special = Row(rank, without_competence(facts), apart, ("MT-ANS-6",))
    unsaid = (
        Row(1, evening_of_other_than_nurse(facts), UNSAID, ("OB-UPP-N",)),
        Row(1, consultation_of_other_than_nurse(facts), UNSAID, ("OB-UPP-N3",)),
    )
    return Decision(role, (special, *unsaid, *_rows(facts, role)), otherwise=MANUAL, apart=True)


def _decisions(facts: Facts, _: Parameters) -> Sequence[Decision]:
    return [
        _decision(facts, "responsible", MT),
        _decision(facts, "performer", "EXTERNAL"),
        _decision(facts, "payer", SEPARATE),
    ]


def _outputs(facts: Facts, numbers: Parameters) -> Outputs:
    return {decision.name: decision.tree() for decision in _decisions(facts, numbers)}


def _party(value: Value | None, case: Case) -> str | None:
    if value in (None, NONE):
        return None
    if value == MUNICIPALITY:
        return f"{MUNICIPALITY}:{case['municipality']}" if case["municipality"] else MUNICIPALITY
    return str(value)


def _present(found: Found, case: Case, _: Edition) -> dict[str, Any]:
    named = {name: _party(value, case) for name, value in found.items()}
    chosen = MATTERS.get(str(case["matter"]))
    # a charge computes what the agreement says is paid: not what goes by another agreement, or is not said
    paid = found["payer"] not in (None, SEPARATE, UNSAID)
    return {**named, "charge": (chosen.charge or None) if chosen and paid else None}


def _flags(facts: Facts, _: Outputs) -> Outputs:
    return {"evening_other_profession_unregulated": evening_of_other_than_nurse(facts)}


def _no_tasks(_: Facts, __: Outputs) -> Sequence[Task]:
    return ()


matter = Question(
    name="matter",
    facts=MATTER,
    parameters=(),
    outputs=_outputs,
    asked=("responsible", "performer", "payer"),
    present=_present,
    party=_party,
    role_facts={},
    flags=_flags,
    tasks=_no_tasks,
    decisions=_decisions,
)
