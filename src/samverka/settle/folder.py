"""A folder of files settled for one period: everything is checked first, nothing is priced while a fault is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from avtal.book.charge import EventCharge
from avtal.book.edition import Edition
from avtal.calendar import Period
from avtal.editions.jamtland_2026 import CHARGES
from avtal.explain import Step
from avtal.settlement import Settlement, settle_events
from samverka.settle import tables
from samverka.settle.csvfile import Fault, Faults
from samverka.settle.events import Loaded, Progress, load_events, store

EVENT_FILES = {
    "equipment_jobs.csv": "equipment_variable",
    "assignments.csv": "hired_staff",
    "liaison.csv": "liaison",
    "hospital_attendance.csv": "hospital_attendance",
}
TABLE_FILES = ("equipment_counts.csv", "affiliated.csv", "factors.csv", "development.csv", "indices.csv")
KNOWN_FILES = (*EVENT_FILES, *TABLE_FILES)
SHEETS = (".csv", ".tsv", ".xls", ".xlsx", ".ods")  # what looks like a sheet is read or refused, never passed over


class BadFolder(ValueError):
    """The folder's files have faults: the first thousand of them, and how many there are."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(f"{faults.count} fel")
        self.faults: Sequence[Fault] = faults.found
        self.count = faults.count


@dataclass(frozen=True)
class Settled:
    """A folder settled: the edition with what the folder entered, the lines, and how much lay outside the period."""

    edition: Edition
    period: Period
    settlement: Settlement
    outside: int


def settle_folder(folder: Path, period: Period, edition: Edition, progress: Progress) -> Settled:
    """Read, check, price and explain what a folder holds for a period.

    Raises:
        BadFolder: At least one file is not what is allowed.
        MissingValue: The parties have not entered a number that a price needs.
        Unpriced: An event has no amount, or something was lost on the way.
    """
    faults = Faults()
    paths = _files(folder, faults)
    if "indices.csv" in paths:
        edition = edition.with_indices(*tables.read_indices(paths["indices.csv"], edition, faults))
    wholes = _wholes(paths, faults)
    within = [whole for whole in wholes if whole.month in {*period.months()}]
    with store() as connection:
        loaded: list[Loaded] = []
        for name, charge_name in EVENT_FILES.items():
            charge = CHARGES[charge_name]
            if name in paths and isinstance(charge, EventCharge):
                loaded.append(load_events(connection, paths[name], charge, edition, period, faults, progress))
        if faults.count:
            raise BadFolder(faults)
        settlement = Settlement()
        for whole in within:
            settlement += whole.settle(edition)
        for events in loaded:
            settlement += settle_events(events.charge, events.table, edition)
    outside = len(wholes) - len(within) + sum(events.outside for events in loaded)
    return Settled(edition, period, _marked(settlement), outside)


def _marked(settlement: Settlement) -> Settlement:
    """The settlement where a line that rests on a made-up index value is marked as example data."""
    return Settlement(
        tuple(replace(line, example=line.example or _made_up(line.explanation)) for line in settlement.lines),
        settlement.not_charged,
    )


def _made_up(explanation: Step) -> bool:
    return any(tables.MADE_UP in step.source for step in explanation.walk() if step.kind == "index")


def _files(folder: Path, faults: Faults) -> dict[str, Path]:
    if not folder.is_dir():
        faults.add(str(folder), 0, "", "är inte en mapp")
        return {}
    found = {path.name: path for path in sorted(folder.iterdir()) if path.suffix.lower() in SHEETS}
    for name in found:
        if name not in KNOWN_FILES:
            faults.add(name, 0, "", f"okänd fil; en mapp kan ha {', '.join(KNOWN_FILES)}")
    if not found:
        faults.add(folder.name, 0, "", f"ingen fil att avräkna; en mapp kan ha {', '.join(KNOWN_FILES)}")
    return found


def _wholes(paths: dict[str, Path], faults: Faults) -> list[tables.Whole]:
    found: list[tables.Whole] = []
    factors = tables.Factors({}, ())
    if "factors.csv" in paths:
        factors = tables.read_factors(paths["factors.csv"], faults)
    if "equipment_counts.csv" in paths:
        found += tables.read_equipment_counts(paths["equipment_counts.csv"], faults)
    if "affiliated.csv" in paths:
        found += tables.read_affiliated(paths["affiliated.csv"], factors, faults)
    if "development.csv" in paths:
        found += tables.read_development(paths["development.csv"], faults)
    return found
