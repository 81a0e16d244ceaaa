"""What the cells of a file may say: the agreement's codes or its Swedish words, 16:30 or 16.30, and a row to go by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from avtal.editions.jamtland_2026.parties import REGION
from avtal.editions.jamtland_2026.vision_hearing import HEARING, VISION
from avtal.language.expression import Kind
from samverka.agreements.county import base
from samverka.assignments.checks import LONGEST_ID, LONGEST_SOURCE
from samverka.assignments.kinds import WorkKind
from samverka.assignments.words import code
from samverka.settle.events import read_flag

#: The number of the template's row: a file that still has it is not registered.
SAMPLE = "EXEMPELRAD"
STILL_THERE = "mallens exempelrad; skriv er egen rad i stället eller ta bort den"
#: Facts that the agreement takes any code for, and those that mean something.
LISTED = {"action": (*VISION, *HEARING, "other")}
ANSWERS = "ja eller nej"
_CLOCK = re.compile(r"([0-9]|[01][0-9]|2[0-3])[.:]([0-5][0-9])", re.ASCII)
_SPACES = str.maketrans("", "", " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
#: What a row of each kind may say, in codes; the parties and the day come besides.
SAMPLES: dict[str, dict[str, str]] = {
    "hired_staff": {"start": "16.30", "end": "18.15", "profession": "nurse", "principal_level": "primary",
                    "palliative_team": "nej"},
    "liaison": {"kind": "vision", "action": "daisy_training", "patient_responsibility": REGION, "agreed": "ja",
                "work_minutes": "50", "travel_minutes": "20", "special_trip": "ja"},
    "hospital_attendance": {"wage_cost": "2418,75", "travel_cost": "96", "written_agreement": "ja"},
    "equipment_variable": {"hours": "2,25", "requested": "ja", "travel": "486,50", "work": "corrective"},
}  # fmt: skip


def read_cells(kind: WorkKind, cells: Mapping[str, str]) -> dict[str, Any]:
    """What the cells of facts state, as the charge reads it; what cannot be read is left for it to refuse."""
    return {name: _read(kind, name, cell) for name, cell in cells.items() if name in kind.charge.facts}


def _read(kind: WorkKind, name: str, cell: str) -> str | bool:
    fact = kind.charge.facts[name]
    if fact.kind is Kind.BOOL:
        return read_flag(cell)
    if fact.kind is Kind.CODE:
        return spoken(kind, name).get(cell.casefold(), cell)
    if fact.clock and (found := _CLOCK.fullmatch(cell)):
        return f"{int(found[1]):02d}:{found[2]}"
    return cell.translate(_SPACES) if fact.kind is Kind.INT else cell


def codes_of(kind: WorkKind, name: str) -> tuple[str, ...]:
    """The codes that a cell may hold."""
    return LISTED.get(name, kind.charge.facts[name].values)


@cache
def spoken(kind: WorkKind, name: str) -> dict[str, str]:
    """The codes that a cell may hold, by the words for them; where two share a word, the first is meant."""
    found: dict[str, str] = {}
    for one in codes_of(kind, name):
        found.setdefault(code(one).casefold(), one)
    return found


def unlisted(stated: Mapping[str, Any]) -> list[str]:
    """The facts whose code means nothing, though the agreement would take any."""
    return [name for name, codes in LISTED.items() if name in stated and stated[name] not in codes]


def choices_in(kind: WorkKind, name: str) -> list[tuple[str, str]]:
    """The words that a cell may hold and the code of each; none where it holds no code."""
    fact = kind.charge.facts.get(name)
    return [(code(one), one) for one in spoken(kind, name).values()] if fact and fact.kind is Kind.CODE else []


def allowed_in(kind: WorkKind, name: str) -> str:
    """What a cell may hold, in words."""
    own = {
        "event_id": f"ert eget, 1 till {LONGEST_ID} tecken; ett som är registrerat ändras",
        "source": f"högst {LONGEST_SOURCE} tecken, inga uppgifter om personen",
        "example": f"{ANSWERS}; tomt är nej",
    }
    if name in own:
        return own[name]
    fact = kind.charge.facts[name]
    match fact.kind:
        case Kind.BOOL:
            return ANSWERS
        case Kind.DATE:
            return "en dag som 2026-03-09, i dag eller tidigare"
        case Kind.CODE:
            return ", ".join(f"{word} ({one})" for word, one in choices_in(kind, name))
    return "ett klockslag som 16.30" if fact.clock else fact.allowed()


def sample(kind: WorkKind, party: str, on: date) -> list[str]:
    """A row to go by, of work that a party did on a day; marked as an example."""
    other = next(one for one in base().parties if one != party)
    payer = kind.charge.trees["payer"].name
    said = {"event_id": SAMPLE, "date": on.isoformat(), "example": "ja", **SAMPLES[kind.model.charge]}
    said |= {name: one for name, one in ((payer, other), (kind.own, party)) if name}
    facts = kind.charge.facts
    return [
        code(said[name]) if name in said and name in facts and facts[name].kind is Kind.CODE else said.get(name, "")
        for name in kind.columns
    ]
