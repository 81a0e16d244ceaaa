"""The county of Jämtland Härjedalen, agreement 2026-2027: data in TOML, one module of rules for each document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from avtal.book.asked import Asked, load_asked
from avtal.book.charge import Charge, EventCharge, TableCharge
from avtal.book.duties import Duty, load_duties
from avtal.book.edition import Edition
from avtal.book.load import load
from avtal.book.question import Question
from avtal.editions.jamtland_2026 import (
    affiliated,
    assignments,
    care,
    care_tasks,
    development,
    hospital,
    matters,
    medical_technology,
    ordinary_housing,
    palliative,
    principles,
    products,
    special_housing,
    supplement,
    vision_hearing,
    worked_time,
)
from avtal.language.expression import Expression
from avtal.language.rule import rules_in

_ALL: tuple[EventCharge | TableCharge, ...] = (
    medical_technology.equipment_fixed,
    medical_technology.equipment_variable,
    assignments.hired_staff,
    vision_hearing.liaison,
    assignments.hospital_attendance,
    supplement.supplement,
    supplement.supplement_valuation,
    supplement.normal_range_charge,
    development.development_fund,
    development.national_share,
)

CHARGES: Mapping[str, EventCharge | TableCharge] = {charge.name: charge for charge in _ALL}
QUESTIONS: Mapping[str, Question] = {one.name: one for one in (care.care, products.product, matters.matter)}
MODULES = (
    principles,
    ordinary_housing,
    special_housing,
    palliative,
    hospital,
    care_tasks,
    products,
    matters,
    assignments,
    development,
    medical_technology,
    supplement,
    vision_hearing,
    worked_time,
)


@cache
def edition() -> Edition:
    """The edition with its rules, everything known, every reading at its default."""
    return replace(load(__name__), rules=rules_in(MODULES), trees=_trees(), methods=_methods())


@cache
def duties() -> tuple[Duty, ...]:
    """Every duty of the agreement, in the documents' order."""
    return load_duties(__name__, edition().clauses)


@cache
def asked() -> Asked:
    """How the questions of responsibility are put to a person."""
    return load_asked(__name__, QUESTIONS, edition())


def charge(name: str) -> Charge:
    """A charge by name.

    Raises:
        KeyError: There is no such charge.
    """
    return CHARGES[name]


def _trees() -> dict[str, Expression]:
    return {
        f"{one.name}.{output}": tree
        for one in CHARGES.values()
        if isinstance(one, EventCharge)
        for output, tree in [*one.trees.items(), *one.flag_trees.items()]
    } | {
        f"{one.name}.{output}": tree
        for one in QUESTIONS.values()
        for output, tree in [*one.trees.items(), *one.flag_trees.items(), *((t.name, t.when) for t in one.task_list)]
    }


def _methods() -> dict[str, str]:
    tables = {one.name: one.method for one in CHARGES.values() if isinstance(one, TableCharge)}
    return {**tables, "affiliated_persons": affiliated.METHOD}
