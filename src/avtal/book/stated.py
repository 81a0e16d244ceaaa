"""What a case states beside its facts: tables of numbers, and a price or index steps of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from avtal import money
from avtal.book.answer import BadFacts
from avtal.book.edition import Edition
from avtal.book.indices import IndexValue
from avtal.language.facts import FactError, FactSet, kronor

Stated = Mapping[str, Any]


def read_numbers(
    key: str, stated: Stated, faults: list[FactError], *, low: int = 0, high: int = 10**12
) -> dict[str, Decimal]:
    """An object of names and exact numbers; faults are added to the list, and what is absent is empty."""
    table = stated.get(key)
    if table is None:
        return {}
    if not isinstance(table, Mapping):
        faults.append(FactError(key, 'ett objekt som {"namn": "12.5"}'))
        return {}
    found: dict[str, Decimal] = {}
    for name, value in table.items():
        try:
            found[name] = _number(value, low, high)
        except ValueError:
            faults.append(FactError(f"{key}.{name}", f"ett tal från {low} till {high}"))
    return found


def _number(value: object, low: int, high: int) -> Decimal:
    stated = "" if isinstance(value, bool) or not isinstance(value, int | Decimal | str) else str(value)
    number = money.number(stated)
    if not low <= number <= high:
        raise ValueError(value)
    return number


def read_percents(key: str, stated: Stated, faults: list[FactError]) -> dict[int, Decimal]:
    """``{"2026": "3.2"}``: per cent by price year; faults are added to the list."""
    found: dict[int, Decimal] = {}
    for year, percent in read_numbers(key, stated, faults, low=-50, high=100).items():
        if len(year) == 4 and year.isascii() and year.isdigit() and "2000" <= year <= "2099":
            found[int(year)] = percent
        else:
            faults.append(FactError(f"{key}.{year}", "ett prisår som 2026"))
    return found


def with_percents(edition: Edition, series: str, percents: Mapping[int, Decimal], source: str) -> Edition:
    """The edition with index steps stated by price year, taking the place of its own for those years."""
    lag = edition.lag(series)
    years = {year - lag for year in percents}
    kept = tuple(value for value in edition.indices if value.series != series or value.index_year not in years)
    return replace(edition, indices=kept).with_indices(*_entered(series, percents, lag, source))


def _entered(series: str, percents: Mapping[int, Decimal], lag: int, source: str) -> Iterable[IndexValue]:
    for price_year, percent in percents.items():
        yield IndexValue(series, price_year - lag, percent, "entered", date.min, source)


@dataclass(frozen=True)
class Rate:
    """The hourly price of a charge and the keys by which a case may state another: ``rate``, ``rate_2025``, ``vpi``."""

    parameter: str
    series: str
    base_key: str

    def keys(self) -> tuple[str, ...]:
        """The keys that override the edition's price."""
        return ("rate", self.base_key, self.series.lower())

    def apply(self, stated: Stated, edition: Edition) -> Edition:
        """The edition with the price or the index steps that the case states.

        Raises:
            BadFacts: One of them is not a price, or not per cent by year.
        """
        values, faults = FactSet(kronor(self.base_key), kronor("rate")).read(stated)
        percents = read_percents(self.series.lower(), stated, faults)
        if faults:
            raise BadFacts(faults)
        if percents:
            edition = with_percents(edition, self.series, percents, f"angivet i anropet: {self.series.lower()}")
        for key, value in values.items():
            if isinstance(value, int):
                indexed = key != "rate"
                since = edition.parameters[self.parameter].values[0].since if indexed else date.min
                edition = edition.with_value(self.parameter, value, since, f"angivet i anropet: {key}", indexed=indexed)
        return edition
