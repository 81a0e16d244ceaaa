"""An edition: clauses, parameters, indices, readings and rules as of a day *and* as known at a day.

It is the ``Values`` that trees look things up in. Everything it holds goes into its fingerprint, so that a past result
can be computed again and be seen to be the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any, cast

from avtal.book.canonical import fingerprint
from avtal.book.clauses import Clause
from avtal.book.indices import IndexValue, Series, step
from avtal.book.missing import MissingIndex, MissingValue, NotInForce
from avtal.book.parameters import DatedValue, IndexClause, Number, Parameter
from avtal.book.readings import Choice, Chosen, Reading, T
from avtal.explain import Step, Words
from avtal.language.expression import Expression, Value
from avtal.language.rule import Rule
from avtal.money import round_to


@dataclass(frozen=True)
class Edition:
    """One county's agreement, ready to be executed.

    Attributes:
        code: The folder it was read from.
        title: Its name for readers.
        valid_from: The agreement's first day.
        valid_to: The last day of its first term.
        parties: Party codes, the region first.
        documents: Document code -> title.
        clauses: Clause id -> clause.
        parameters: Parameter name -> dated values.
        series: Index series by name.
        indices: Every published or entered index value, all vintages.
        readings: The open questions.
        words: Swedish labels, units and names of codes.
        rules: Every rule by name.
        trees: Every tree that prices or decides, by ``charge.output``.
        methods: Every computation outside the trees, by charge: its name and version.
        choices: What the parties chose for readings.
        known_at: Leave out what was not yet decided or published on this day; None knows everything.
    """

    code: str
    title: str
    valid_from: date
    valid_to: date
    parties: tuple[str, ...]
    documents: Mapping[str, str]
    clauses: Mapping[str, Clause]
    parameters: Mapping[str, Parameter]
    series: Mapping[str, Series]
    indices: tuple[IndexValue, ...]
    readings: Mapping[str, Reading]
    words: Words
    rules: Mapping[str, Rule] = field(default_factory=dict)
    trees: Mapping[str, Expression] = field(default_factory=dict)
    methods: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    known_at: date | None = None

    # -- the edition on another day, or with more entered ------------------------------------------

    def as_known(self, day: date) -> Edition:
        """The edition as it was known on a day: without what was decided or published later."""
        return replace(self, known_at=day)

    def choosing(self, *choices: Choice) -> Edition:
        """The edition with readings chosen by the parties.

        Raises:
            ValueError: The reading or the option does not exist, or no rule computes the option.
        """
        for choice in choices:
            reading = self.readings.get(choice.reading)
            if reading is None:
                raise ValueError(f"{choice.reading}: läsningen finns inte; det finns {', '.join(self.readings)}")
            if choice.option not in reading.computed:
                raise ValueError(
                    f"{choice.reading}: {choice.option} kan inte räknas; välj bland {', '.join(reading.computed)}"
                )
        return replace(self, choices=(*self.choices, *choices))

    def with_indices(self, *values: IndexValue) -> Edition:
        """The edition with more index values; each series must be known."""
        for value in values:
            if value.series not in self.series:
                raise ValueError(f"{value.series}: indexserien finns inte; det finns {', '.join(self.series)}")
        every = (*self.indices, *values)
        ordered = sorted(every, key=lambda v: (v.series, v.index_year, v.published, v.percent, v.source))
        return replace(self, indices=tuple(ordered))

    def with_dated(self, name: str, *values: DatedValue) -> Edition:
        """The edition where a parameter has further dated values; the old ones stay, and of equals the last one counts.

        Raises:
            ValueError: There is no such parameter.
        """
        known = self.parameters.get(name)
        if known is None:
            raise ValueError(f"{name}: parametern finns inte; det finns {', '.join(self.parameters)}")
        longer = replace(known, values=(*known.values, *values))
        return replace(self, parameters={**self.parameters, name: longer})

    def with_value(self, name: str, value: Number, since: date, source: str, *, indexed: bool = False) -> Edition:
        """The edition where one parameter has another base value, with or without its index."""
        entered = DatedValue(since, value, "entered", since, source, since)
        known = self.parameters[name]
        changed = replace(known, values=(entered,), index=known.index if indexed else None)
        return replace(self, parameters={**self.parameters, name: changed})

    # -- what trees look up --------------------------------------------------------------------------

    def parameter(self, name: str, day: date) -> Step:
        """A dated value in force on a day, with source, index steps and readings; money in öre.

        Raises:
            NotInForce: The day lies before the first value.
            MissingIndex: An index step up to the day's year is not entered.
        """
        found = self._prices.get((name, day))
        if found is None:
            found = self._prices[name, day] = self._look_up(self._known(name), day)
        return found

    def number(self, name: str, day: date) -> Number:
        """A dated value alone."""
        return cast("Number", self.parameter(name, day).value)

    def index_factor(self, name: str, year: int) -> Fraction:
        """The product of the index steps that lead from a parameter's base to a year, unrounded.

        Raises:
            MissingIndex: A step is not entered.
        """
        known = self._known(name)
        base = known.on(date(year, 12, 31))
        factor = Fraction(1)
        if base and known.index:
            for n in self._price_years(known.index, base, year):
                factor *= self._step(known.index, n, year, known.clauses)[0].factor
        return factor

    def reading(self, name: str) -> Step:
        """The chosen option of a reading, or its default, as a step."""
        return self._readings[name]

    def history(self, name: str) -> tuple[tuple[date, Value | None], ...]:
        """First day of each value, in order; None from the first day on which something is missing."""
        known = self._known(name)
        days = {value.since for value in known.values}
        if known.index and days:
            days |= {date(year, 1, 1) for year in range(min(days).year + 1, self._last_step(known.index) + 2)}
        found: list[tuple[date, Value | None]] = []
        for day in sorted(days):
            try:
                found.append((day, cast("Value", self.parameter(name, day).value)))
            except MissingValue:
                found.append((day, None))
        return tuple(found)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything the edition holds: it changes when any number, clause, reading or rule does."""
        return fingerprint(self)

    def lag(self, series: str) -> int:
        """Price year minus index year of a series, under the chosen reading (A65)."""
        return self._pick(self.series[series].lag)

    def option(self, name: str) -> str:
        """The chosen option of a reading."""
        return str(self.reading(name).value)

    @cached_property
    def kept(self) -> dict[object, Any]:
        """What others have worked out from this edition alone, and keep with it."""
        return {}

    # -- inside ----------------------------------------------------------------------------------------

    @cached_property
    def _prices(self) -> dict[tuple[str, date], Step]:
        return {}

    @cached_property
    def _readings(self) -> Mapping[str, Step]:
        chosen = {choice.reading: choice for choice in self.choices if self._is_known(choice.decided)}
        steps = {}
        for reading in self.readings.values():
            choice = chosen.get(reading.id)
            option = choice.option if choice else reading.default
            note = "standardval, ej bekräftat av parterna"
            if choice:
                day = "" if choice.decided == date.min else f" {choice.decided}"
                note = f"vald av {choice.decided_by}{day}"
            steps[reading.id] = Step(reading.id, option, "reading", source=reading.options[option], note=note)
        return MappingProxyType(steps)

    def _is_known(self, day: date) -> bool:
        return self.known_at is None or day <= self.known_at

    def _known(self, name: str) -> Parameter:
        parameter = self.parameters[name]
        if self.known_at is None:
            return parameter
        return replace(parameter, values=tuple(value for value in parameter.values if self._is_known(value.decided)))

    def _pick(self, chosen: Chosen[T]) -> T:
        return chosen.pick(self.reading(chosen.reading) if chosen.reading else None)

    def _last_step(self, index: IndexClause) -> int:
        lag = self.lag(index.series)
        years = [value.index_year + lag for value in self.indices if value.series == index.series]
        return max([*years, self.valid_from.year])

    def _look_up(self, known: Parameter, day: date) -> Step:
        base = known.on(day)
        if base is None:
            first = min((value.since.isoformat() for value in known.values), default="")
            raise NotInForce(known.label, day.isoformat(), first, known.clauses)
        steps: list[Step] = []
        value: Number = base.value
        if known.index:
            value = self._indexed(known, known.index, base, day.year, steps)
        note = "" if base.status == "decided" else base.status
        return Step(known.name, value, "parameter", known.clauses, base.source, note, tuple(steps))

    def _indexed(self, known: Parameter, index: IndexClause, base: DatedValue, year: int, steps: list[Step]) -> int:
        years = self._price_years(index, base, year)
        if year >= index.first:
            steps.append(Step("base_value", base.value, "fact", known.clauses, note=known.unit))
            steps.extend(self.reading(name) for name in index.readings())
        size, each_year = self._pick(index.round_to), self._pick(index.each_year)
        price = Fraction(base.value)
        for n in years:
            value, used = self._step(index, n, year, known.clauses)
            steps.extend(one for one in used if one not in steps)
            price *= value.factor
            if each_year:
                price = Fraction(round_to(price, size, index.mode))
        return round_to(price, size, index.mode) if years else int(base.value)

    def _price_years(self, index: IndexClause, base: DatedValue, year: int) -> list[int]:
        """The price years whose steps lead from the base to a year; none before the clause's first."""
        skipped = self._pick(index.skip)
        return [n for n in range(base.since.year + 1, year + 1) if n not in skipped] if year >= index.first else []

    def _step(
        self, index: IndexClause, price_year: int, priced: int, clauses: tuple[str, ...]
    ) -> tuple[IndexValue, list[Step]]:
        series = self.series[index.series]
        lag = self.lag(series.name)
        known = [value for value in self.indices if self._is_known(value.published)]
        value = series.vintage(known, price_year - lag, priced, preliminary=self._pick(series.preliminary))
        if value is None:
            named = tuple(dict.fromkeys((index.clause, *clauses)))
            late = any(one.series == series.name and one.index_year == price_year - lag for one in known)
            raise MissingIndex(series.name, price_year - lag, price_year, named, series.publisher, late=late)
        preliminary = series.preliminary.reading if value.status == "preliminary" else ""
        bearing = (series.reading, series.lag.reading, preliminary)
        used = [self.reading(name) for name in bearing if name]
        return value, [step(value, price_year, index.clause), *used]
