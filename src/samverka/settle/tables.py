"""Files of what is shared as a whole: counts of items, affiliated persons and weights, development money, indices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from avtal import money
from avtal.book.charge import TableCharge
from avtal.book.edition import Edition
from avtal.book.indices import IndexStatus, IndexValue
from avtal.calendar import Period
from avtal.editions.jamtland_2026 import development, medical_technology, supplement
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES, REGION, municipality
from avtal.language.expression import Kind
from avtal.language.facts import Fact, FactError, code, day, decimal, kronor, whole
from avtal.settlement import Settlement, settle_shares
from samverka.settle.csvfile import Faults, Row, read_rows, wrong
from samverka.settle.events import MARKS, YES_NO

FUND = "FUND"
PARTS = 10_000  # of a per cent, in an index
MADE_UP = " (EXEMPEL)"  # ends the source of an index value that is example data
SETTLED_IN = 3  # the supplement is settled in the first quarter's last month (TB-AVS-1, A67)

Readers = Mapping[str, Callable[[str], Any]]


@dataclass(frozen=True)
class Whole:
    """A sum to be shared: its charge and case, its month, who pays whom, and whether it is example data."""

    charge: TableCharge
    stated: Mapping[str, Any]
    month: str
    payers: Mapping[str, tuple[str, str]]
    quantities: Mapping[str, int]
    unit: str
    example: bool
    placed_by: str = "A67"

    def settle(self, edition: Edition) -> Settlement:
        """Its lines.

        Raises:
            MissingValue: A number that the parties decide is not entered.
        """
        return settle_shares(
            self.charge,
            self.stated,
            edition,
            self.month,
            payers=self.payers,
            quantities=self.quantities,
            unit=self.unit,
            example=self.example,
            placed_by=self.placed_by,
        )


def _half_year(text: str) -> Period:
    try:
        period = Period.parse(text)
    except ValueError:
        period = None
    if period is None or "H" not in text:
        raise FactError("half_year", "ett halvår som 2025H2")
    return period


def _example(row: Row) -> bool:
    return YES_NO[row.cells.get("example", "nej").lower()]


def _rows(
    path: Path, readers: Readers, key: tuple[str, ...], faults: Faults, optional: tuple[str, ...] = MARKS
) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Every good row with its values; a cell that is not what is allowed, or a key that comes twice, is a fault."""
    seen: dict[tuple[Any, ...], int] = {}
    for row in read_rows(path, tuple(readers), optional, faults):
        values: dict[str, Any] = {}
        good = True
        for name, read in {**readers, "example": _read_mark}.items():
            said = row.cells.get(name, "nej")
            try:
                values[name] = read(said)
            except FactError as fault:
                good = False
                faults.add(path.name, row.line, name, wrong(said, fault.allowed))
        if not good:
            continue
        first = seen.setdefault(tuple(values[name] for name in key), row.line)
        if first != row.line:
            faults.add(path.name, row.line, ", ".join(key), f"står redan på rad {first}")
        else:
            yield row, values


def _read_mark(text: str) -> bool:
    if text.lower() not in YES_NO:
        raise FactError("example", "ja eller nej")
    return YES_NO[text.lower()]


def _shares() -> Readers:
    return {name: decimal(name, high=100).read for name in MUNICIPALITIES}


def _percents(path: Path, row: Row, faults: Faults) -> dict[str, str]:
    """The row's per cent by municipality, which sum to exactly 100."""
    percents = {name: row.cells[name] for name in MUNICIPALITIES}
    total = sum((money.number(text) for text in percents.values()), Decimal())
    if total != 100:
        faults.add(
            path.name, row.line, f"{MUNICIPALITIES[0]}–{MUNICIPALITIES[-1]}", f"summan ska vara 100, inte {total}"
        )
    return percents


def read_equipment_counts(path: Path, faults: Faults) -> list[Whole]:
    """``half_year, municipality, count``: registered items, settled in advance in the half-year's first month (A40)."""
    readers: Readers = {
        "half_year": _half_year,
        "municipality": municipality().read,
        "count": whole("count", high=10**7).read,
    }
    counted: dict[Period, dict[str, int]] = defaultdict(dict)
    examples: set[Period] = set()
    counted_on, before = day("counted_on"), faults.count
    for row, values in _rows(path, readers, ("half_year", "municipality"), faults, ("counted_on", *MARKS)):
        try:
            counted_on.read(row.cells.get("counted_on"))
        except FactError as fault:
            faults.add(path.name, row.line, "counted_on", wrong(row.cells["counted_on"], fault.allowed))
        counted[values["half_year"]][values["municipality"]] = values["count"]
        if _example(row):
            examples.add(values["half_year"])
    wholes = []
    for half, counts in counted.items():
        absent = [name for name in MUNICIPALITIES if name not in counts]
        if faults.count > before:
            break  # a row with a fault is there, though it was not counted
        if absent:
            told = f"{half.name}: rad saknas för {', '.join(absent)}; en kommun utan inventarier har antalet 0"
            faults.add(path.name, 0, "municipality", told)
        elif not any(counts.values()):
            faults.add(path.name, 0, "count", f"{half.name}: minst en registrerad inventarie")
        else:
            stated = {
                "half_year": half.name,
                "counts": {name: counts[name] for name in MUNICIPALITIES},
            }
            payers = {name: (name, REGION) for name in counts}
            charge = medical_technology.equipment_fixed
            wholes.append(Whole(charge, stated, f"{half.first:%Y-%m}", payers, counts, "st", half in examples, "A40"))
    return wholes


@dataclass(frozen=True)
class Factors:
    """The decided three-factor model by year (A10), and the years in which any of it is example data."""

    by_year: Mapping[int, dict[str, Any]]
    examples: Collection[int]


def read_factors(path: Path, faults: Faults) -> Factors:
    """``year, factor, weight`` and per cent by municipality."""
    readers: Readers = {
        "year": whole("year", 2024, 2099).read,
        "factor": code("factor", *supplement.FACTORS).read,
        "weight": decimal("weight", high=100).read,
        **_shares(),
    }
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    examples: set[int] = set()
    for row, values in _rows(path, readers, ("year", "factor"), faults):
        shares = _percents(path, row, faults)
        if _example(row):
            examples.add(values["year"])
        found[values["year"]][values["factor"]] = {"weight": row.cells["weight"], "shares": shares}
    for year, factors in found.items():
        total = sum((money.number(factor["weight"]) for factor in factors.values()), Decimal())
        if total != 100:
            faults.add(path.name, 0, "weight", f"{year}: vikterna ska ha summan 100, inte {total}")
    return Factors(found, examples)


def read_affiliated(path: Path, factors: Factors, faults: Faults) -> list[Whole]:
    """``counted_year, affiliated``: last year's number sets this year's supplement (TB-AVS-1, A12)."""
    readers: Readers = {
        "counted_year": whole("counted_year", 2023, 2098).read,
        "affiliated": whole("affiliated", high=100_000).read,
    }
    wholes = []
    for row, values in _rows(path, readers, ("counted_year",), faults):
        settled = date(values["counted_year"] + 1, SETTLED_IN, 1)
        year = settled.year
        stated = {"affiliated": values["affiliated"], "year": year, "factors": factors.by_year.get(year)}
        payers = {name: (REGION, name) for name in MUNICIPALITIES}
        charge, example = supplement.supplement, _example(row) or year in factors.examples
        wholes.append(Whole(charge, stated, f"{settled:%Y-%m}", payers, {}, "andel", example))
    return wholes


def read_development(path: Path, faults: Faults) -> list[Whole]:
    """``date, amount`` and the decided key by municipality: half by the region, half by the municipalities (A51)."""
    readers: Readers = {"date": day("date").read, "amount": kronor("amount").read, **_shares()}
    wholes = []
    for row, values in _rows(path, readers, ("date",), faults):
        key = _percents(path, row, faults)
        stated = {"amount": row.cells["amount"], "shares": key}
        payers = {name: (name, FUND) for name in (REGION, *MUNICIPALITIES)}
        charge = development.development_fund
        wholes.append(Whole(charge, stated, f"{values['date']:%Y-%m}", payers, {}, "andel", _example(row)))
    return wholes


def read_indices(path: Path, edition: Edition, faults: Faults) -> list[IndexValue]:
    """``series, index_year, percent, status, published, source``: index values that the parties have entered."""
    percent = Fact("percent", Kind.INT, low=-50 * PARTS, high=100 * PARTS, scale=PARTS)  # prices may fall
    readers: Readers = {
        "series": code("series", *edition.series).read,
        "index_year": whole("index_year", 2000, 2099).read,
        "percent": percent.read,
        "status": code("status", *get_args(IndexStatus)).read,
        "published": day("published").read,
        "source": str,
    }
    key = ("series", "index_year", "published")
    found = []
    for row, values in _rows(path, readers, key, faults, ("example",)):
        change = money.number(row.cells["percent"])
        known = (values["series"], values["index_year"], change, values["status"], values["published"])
        source = row.cells["source"] + (MADE_UP if _example(row) else "")
        found.append(IndexValue(*known, source))
    return found
