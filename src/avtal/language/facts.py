"""What a case may state: facts with declared types, units and allowed values; the recorders a rule is called with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from avtal import money
from avtal.language.expression import Expression, Kind, Value, constant, parameter

LONGEST_NAME = 80
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_REMEMBERED = 20_000
_CODE = re.compile(r"[a-z][a-z0-9_]{0,60}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


class FactError(ValueError):
    """A stated fact is not of its type: names the fact and says, in Swedish, what is allowed."""

    def __init__(self, fact: str, allowed: str) -> None:
        super().__init__(f"{fact}: {allowed}")
        self.fact = fact
        self.allowed = allowed


class FactConflict(FactError):
    """What is stated does not go together: the message says it all, without naming the value again."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a case may state.

    Attributes:
        name: The name in JSON, CSV and rules.
        kind: What it is in a rule. Numbers with ``scale`` are kept as whole multiples of 1/scale.
        values: The allowed codes; empty means any code of a-z, 0-9 and underscore.
        low: The least allowed whole value, after scaling.
        high: The greatest.
        scale: How many parts one is divided in: 100 makes kronor into öre.
        clock: Whether it is stated as a time of day like 16:30; minutes from midnight in a rule.
        own_words: Whether a code is a name in the user's own words, such as a health centre's.
        probes: Values that the build-time check tries, where the boundaries in the rules do not tell them.
        derived: Whether it is computed from other facts, never stated.
    """

    name: str
    kind: Kind
    values: tuple[str, ...] = ()
    low: int = 0
    high: int = 10**12
    scale: int = 1
    clock: bool = False
    own_words: bool = False
    probes: tuple[int | date, ...] = ()
    derived: bool = False

    def read(self, stated: Any) -> Value | None:
        """The stated value as the rule's; None is unknown.

        Raises:
            FactError: The value is not of the type, or outside what is allowed.
        """
        if stated is None:
            return None
        match self.kind:
            case Kind.BOOL if isinstance(stated, bool):
                return stated
            case Kind.DATE if isinstance(stated, str) and _DAY.fullmatch(stated):
                if (day := _date(stated)) is not None:
                    return day
            case Kind.CODE if isinstance(stated, str) and self._is_code(stated):
                return stated
            case Kind.INT if self.clock:
                if isinstance(stated, str) and (match := _CLOCK.fullmatch(stated)):
                    return int(match[1]) * 60 + int(match[2])
            case Kind.INT if isinstance(stated, int | Decimal | str) and not isinstance(stated, bool):
                return self._number(stated)
        raise FactError(self.name, self.allowed())

    def _is_code(self, stated: str) -> bool:
        if self.own_words:
            return 0 < len(stated) <= LONGEST_NAME and stated.isprintable() and stated == stated.strip()
        return stated in self.values if self.values else bool(_CODE.fullmatch(stated))

    def _number(self, stated: int | Decimal | str) -> int:
        try:
            scaled = money.number(str(stated)) * self.scale
        except ValueError:
            raise FactError(self.name, self.allowed()) from None
        if scaled != scaled.to_integral_value() or not self.low <= scaled <= self.high:
            raise FactError(self.name, self.allowed())
        return int(scaled)

    def allowed(self) -> str:
        """What may be stated, in words for a message."""
        match self.kind:
            case Kind.BOOL:
                return "true eller false"
            case Kind.DATE:
                return f"ett datum som finns, från {FIRST_DAY} till {LAST_DAY}"
            case Kind.CODE if self.own_words:
                return f"ett namn på högst {LONGEST_NAME} tecken, utan mellanslag först och sist"
            case Kind.CODE:
                return "en av " + ", ".join(self.values) if self.values else "en kod av a-z, 0-9 och understreck"
            case Kind.INT if self.clock:
                return "ett klockslag som 16:30"
        if self.low == self.high:
            return f"talet {self.low}"
        low, high = Decimal(self.low) / self.scale, Decimal(self.high) / self.scale
        places = len(str(self.scale)) - 1
        decimals = f" med högst {places} decimaler" if places else ""
        return f"ett {'tal' if places else 'heltal'} från {low} till {high:f}{decimals}"


def _date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def boolean(name: str, *, derived: bool = False) -> Fact:
    """A yes or no."""
    return Fact(name, Kind.BOOL, derived=derived)


def clock(name: str, *probes: int) -> Fact:
    """A time of day on the wall's clock; minutes from midnight in a rule."""
    return Fact(name, Kind.INT, high=24 * 60 - 1, clock=True, probes=probes)


def minutes(name: str) -> Fact:
    """A stated time in minutes, at most a day and a night."""
    return whole(name, high=24 * 60, probes=(0, 1, 60, 61))


def whole(name: str, low: int = 0, high: int = 10**9, *, probes: tuple[int, ...] = (), derived: bool = False) -> Fact:
    """A whole number: minutes, persons, items."""
    return Fact(name, Kind.INT, low=low, high=high, probes=probes, derived=derived)


def kronor(name: str) -> Fact:
    """An amount stated in kronor with at most two decimals, from 0 to a thousand million; öre in a rule."""
    return Fact(name, Kind.INT, low=0, high=10**11, scale=100)


def decimal(name: str, high: int, places: int = 4) -> Fact:
    """A number from 0 to ``high`` with at most ``places`` decimals; whole parts of 10**-places in a rule."""
    return Fact(name, Kind.INT, high=high * 10**places, scale=10**places)


def code(name: str, *values: str) -> Fact:
    """One of the given codes, or any code where none is given."""
    return Fact(name, Kind.CODE, values=values)


def name_of(name: str) -> Fact:
    """A name in the user's own words: rules may only compare it with another name."""
    return Fact(name, Kind.CODE, own_words=True)


def day(name: str, *probes: date, derived: bool = False) -> Fact:
    """A date."""
    return Fact(name, Kind.DATE, probes=probes, derived=derived)


class FactSet(Mapping[str, Fact]):
    """The facts that a family of rules may use, by name and in order of asking."""

    def __init__(self, *facts: Fact) -> None:
        self._facts = {fact.name: fact for fact in facts}
        self._stated = tuple(fact.name for fact in facts if not fact.derived)
        self._texts: dict[tuple[str, str | int], Value | None] = {}

    def __getitem__(self, name: str) -> Fact:
        return self._facts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def stated(self) -> tuple[str, ...]:
        """The names that a case may state."""
        return self._stated

    def read(self, case: Mapping[str, Any]) -> tuple[dict[str, Value | None], list[FactError]]:
        """Every stated fact as the rules' values, and every fault; a fact that is absent is unknown."""
        values: dict[str, Value | None] = {}
        faults: list[FactError] = []
        get = case.get
        for name in self._stated:
            stated = get(name)
            if stated is None:
                values[name] = None
                continue
            try:
                # what is repeated again and again, in files and forms, is read once; type(True) is not int
                often = type(stated) is str or type(stated) is int
                values[name] = self._often(name, stated) if often else self._facts[name].read(stated)
            except FactError as fault:
                faults.append(fault)
        return values, faults

    def _often(self, name: str, stated: str | int) -> Value | None:
        """A text or a whole number read once: files repeat the same days, times, codes and counts."""
        key = name, stated
        found = self._texts.get(key)
        if found is None:
            if len(self._texts) >= _REMEMBERED:
                self._texts.clear()
            found = self._texts[key] = self._facts[name].read(stated)
        return found


class Facts:
    """Recorder for a rule's facts: ``facts.profession`` is the tree's node; an undeclared name is an error."""

    def __init__(self, declared: FactSet) -> None:
        self._declared = declared
        self._nodes: dict[str, Expression] = {}
        self.made: dict[object, Expression] = {}

    def __getitem__(self, name: str) -> Expression:
        if name not in self._nodes:
            if name not in self._declared:
                raise AttributeError(f"no fact {name!r}; declared are: {', '.join(self._declared)}")
            fact = self._declared[name]
            natural = fact.kind is Kind.INT and fact.low >= 0
            self._nodes[name] = Expression("fact", (), fact.kind, name, natural=natural)
        return self._nodes[name]

    def __getattr__(self, name: str) -> Expression:
        return self[name]


class Parameters:
    """Recorder for dated parameters: ``parameters.on(facts.date).hired_staff_rate``."""

    def __init__(self, declared: Mapping[str, Kind], on: Expression) -> None:
        self._declared = declared
        self._on = on
        self._nodes: dict[str, Expression] = {}

    def on(self, day: Expression | date) -> Parameters:
        """The same parameters, as they are on another day."""
        return Parameters(self._declared, constant(day))

    def __getattr__(self, name: str) -> Expression:
        if name not in self._nodes:
            if name not in self._declared:
                raise AttributeError(f"no parameter {name!r}; declared are: {', '.join(self._declared)}")
            self._nodes[name] = parameter(name, self._on, self._declared[name])
        return self._nodes[name]
