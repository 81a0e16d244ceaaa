"""The four kinds of work: its model, its charge, who may perform it, and how its facts and its columns answer.

What a case states is texts, yes and no by the facts' names; a column holds the fact's value. OB-UPP-D4, SH-EKO-3,
OB-SLU-3, MT-B1-2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from avtal.book.charge import EventCharge
from avtal.editions.jamtland_2026 import CHARGES
from avtal.editions.jamtland_2026.worked_time import COMPONENTS
from avtal.language.evaluate import Case
from avtal.language.expression import Kind, Value
from avtal.language.facts import Fact
from samverka.assignments.models import EquipmentJob, HiredStaff, HospitalAttendance, Liaison, Work

#: Facts whose names are no names in Python.
_ATTRIBUTES = {"from": "from_party", "to": "to_party"}


@dataclass(frozen=True)
class WorkKind:
    """One kind of work.

    Attributes:
        slug: Its name in addresses.
        file: The name of its file in a folder to settle.
        clause: The clause that gives the right to payment.
        model: Where it is kept.
    """

    slug: str
    file: str
    clause: str
    model: type[Work]

    @property
    def charge(self) -> EventCharge:
        """Its charge in the agreement."""
        return cast("EventCharge", CHARGES[self.model.charge])

    @property
    def own(self) -> str:
        """The fact that names the performer; empty where the agreement names a single one."""
        return self.charge.trees["payee"].name

    @property
    def performers(self) -> tuple[str, ...]:
        """The parties that may perform it."""
        return self.charge.facts[self.own].values if self.own else (self.charge.trees["payee"].payload,)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its files, the required ones first."""
        stated = self.charge.facts.stated()
        optional = (name for name in stated if name not in self.charge.required)
        return ("event_id", *self.charge.required, *optional, "source", "example")


KINDS = (
    WorkKind("inhyrd-personal", "assignments", "OB-UPP-D4", HiredStaff),
    WorkKind("ombud", "liaison", "SH-EKO-3", Liaison),
    WorkKind("sluten-vard", "hospital_attendance", "OB-SLU-3", HospitalAttendance),
    WorkKind("medicinsk-teknik", "equipment_jobs", "MT-B1-2", EquipmentJob),
)
BY_SLUG = {kind.slug: kind for kind in KINDS}
BY_CHARGE = {kind.model.charge: kind for kind in KINDS}


def kinds_of(party: str) -> tuple[WorkKind, ...]:
    """The kinds of work that a party may perform."""
    return tuple(kind for kind in KINDS if party in kind.performers)


def attribute(fact: str) -> str:
    """The model's name for a fact."""
    return _ATTRIBUTES.get(fact, fact)


def columns_of(case: Case) -> dict[str, Any]:
    """A case as the model's fields, its month among them."""
    day = cast("date", case["date"])
    return {"month": day.year * 100 + day.month, **{attribute(name): value for name, value in case.items()}}


def case_of(work: Work) -> dict[str, Value | None]:
    """A piece of work as the trees' case."""
    return {name: getattr(work, attribute(name)) for name in BY_CHARGE[work.charge].charge.facts}


def stated_of(work: Work) -> dict[str, str | bool | None]:
    """What was stated of a piece of work: it gives the same case again, derived facts and all.

    A part that was filled in with nothing (A68) is left out, as it was; what was said to be unknown is None.
    """
    charge, case = BY_CHARGE[work.charge].charge, case_of(work)
    parts = [name for name, fact in charge.facts.items() if _is_part(name, fact, charge)]
    left_out: set[str] = set()
    if case.get("by_clock"):
        left_out.update(parts)
    elif case.get("component_absent"):
        left_out.update(name for name in parts if case[name] == 0)
        if left_out == set(COMPONENTS):  # nothing but a zero was stated
            left_out.remove(COMPONENTS[0])
    return {name: text_of(charge.facts[name], case[name]) for name in charge.facts.stated() if name not in left_out}


def _is_part(name: str, fact: Fact, charge: EventCharge) -> bool:
    """Whether a fact is a part of time or cost that may be left out."""
    return fact.kind is Kind.INT and not fact.clock and not fact.derived and name not in charge.required


def text_of(fact: Fact, value: Value | None) -> str | bool | None:
    """A value as it is stated: 16:30, 486.50, 2025-10-01, yes or no."""
    match value:
        case None | bool():
            return value
        case date():
            return value.isoformat()
        case int() if fact.clock:
            return f"{value // 60:02d}:{value % 60:02d}"
        case int() if fact.scale > 1:
            return f"{(Decimal(value) / fact.scale).normalize():f}"
    return str(value)
