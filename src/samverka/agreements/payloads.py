"""What an entered value says, by kind: typed, strict, and the same JSON for the same value.

Each class reads a mapping of text (from a form, a command or the database) and refuses what is not allowed with one
Swedish message for each fault. Numbers are exact text in the JSON: never float.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias, get_args

from avtal import money
from avtal.book.edition import Edition
from avtal.book.indices import IndexStatus
from avtal.book.parameters import Number
from avtal.language.facts import FactError, day
from samverka.agreements.county import FACTORS, MUNICIPALITIES, key_weights, model_weights
from samverka.agreements.models import EnteredKind
from samverka.core.errors import Refused

Stated: TypeAlias = Mapping[str, Any]

LOW, HIGH = Decimal(-50), Decimal(100)
YEARS = (2000, 2099)
NORMAL_RANGE = ("normal_range_low", "normal_range_high")
#: The greatest whole number by unit, where the unit sets a limit.
LIMITS = {"%": 100, "klockslag": 24 * 60 - 1, "månader": 120, "år": 50}
MOST = 10**7


class BadPayload(Refused):
    """A value is not what its kind allows: every fault by field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {text}" for field, text in faults.items()))
        self.faults = dict(faults)


@dataclass(frozen=True, slots=True)
class Index:
    """One published change of an index, in per cent, exact."""

    series: str
    index_year: int
    percent: Decimal
    status: IndexStatus
    published: date

    @property
    def name(self) -> str:
        """The series."""
        return self.series

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"series": self.series, "index_year": self.index_year, "percent": f"{self.percent:f}",
                "status": self.status, "published": self.published.isoformat()}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dated:
    """A parameter's value from a day on: öre, whole minutes, persons; Decimal where the edition has decimals."""

    parameter: str
    since: date
    value: Number
    text: str

    @property
    def name(self) -> str:
        """The parameter."""
        return self.parameter

    def as_json(self) -> dict[str, Any]:
        """As it is kept: money in kronor, a time of day as 08:00."""
        return {"name": self.parameter, "since": self.since.isoformat(), "value": self.text}


@dataclass(frozen=True, slots=True)
class NormalRange:
    """Both limits of the normal range from a day on; both belong to the range."""

    since: date
    low: int
    high: int

    @property
    def name(self) -> str:
        """The kind's own name: there is one normal range."""
        return "normal_range"

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"since": self.since.isoformat(), "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class Factors:
    """The decided three-factor model of a year, as the supplement's case states it."""

    year: int
    model: Stated

    @property
    def name(self) -> str:
        """The kind's own name: there is one model a year."""
        return "factors"

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"year": self.year, **self.model}


@dataclass(frozen=True, slots=True)
class DevelopmentKey:
    """How the municipal half of the development money is shared, from a day on."""

    since: date
    shares: Mapping[str, str]

    @property
    def name(self) -> str:
        """The kind's own name: there is one key."""
        return "development_key"

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"since": self.since.isoformat(), "shares": dict(self.shares)}


@dataclass(frozen=True, slots=True)
class ReadingChoice:
    """What the parties chose for a reading, who decided and when."""

    reading: str
    option: str
    decided_by: str
    decided: date

    @property
    def name(self) -> str:
        """The reading's id."""
        return self.reading

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"reading": self.reading, "option": self.option, "decided_by": self.decided_by,
                "decided": self.decided.isoformat()}  # fmt: skip


Payload: TypeAlias = Index | Dated | NormalRange | Factors | DevelopmentKey | ReadingChoice


def read_payload(kind: str, stated: Stated, edition: Edition) -> Payload:
    """The value of a kind, checked against the edition.

    Raises:
        BadPayload: Every fault by field.
    """
    reader = _READERS.get(kind)
    if reader is None:
        raise BadPayload({"kind": f"{kind} finns inte; det finns {', '.join(EnteredKind.values)}"})
    keys, read = reader
    faults = {key: f"okänt fält; tillåtna är {', '.join(keys)}" for key in stated if key not in keys}
    found = _Reading(stated, faults)
    payload = read(found, edition)
    if faults:
        raise BadPayload(faults)
    assert payload is not None  # a reader that gives none has said why
    return payload


def writing_faults(read: Payload, document: str, document_date: date, today: date) -> dict[str, str]:
    """What is wrong with where and when a value is said to be written, by field: nothing of it lies in the future."""
    later = f"en dag som inte ligger efter i dag, {today}"
    faults: dict[str, str] = {}
    if not 0 < len(document.strip()) <= 300:
        faults["document"] = "dokumentet där värdet står, högst 300 tecken"
    if document_date > today:
        faults["document_date"] = later
    match read:
        case Index(published=day) if day > today:
            faults["published"] = later
        case ReadingChoice(decided=day) if day > today:
            faults["decided"] = later
    return faults


class _Reading:
    """The stated fields one by one; what is wrong is gathered."""

    def __init__(self, stated: Stated, faults: dict[str, str]) -> None:
        self.stated = stated
        self.faults = faults

    def fault(self, key: str, allowed: str) -> None:
        self.faults.setdefault(key, allowed)

    def text(self, key: str, longest: int) -> str:
        value = self.stated.get(key)
        if isinstance(value, str) and 0 < len(value.strip()) <= longest:
            return value.strip()
        self.fault(key, f"text, högst {longest} tecken")
        return ""

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.stated.get(key)
        if value in allowed:
            return str(value)
        self.fault(key, f"en av {', '.join(allowed)}")
        return ""

    def day(self, key: str) -> date:
        try:
            found = day(key).read(self.stated.get(key))
        except FactError as fault:
            self.fault(key, fault.allowed)
            return date.min
        if not isinstance(found, date):
            self.fault(key, "ett datum som 2026-01-01")
            return date.min
        return found

    def number(self, key: str, low: Decimal, high: Decimal, places: int) -> Decimal:
        allowed = f"ett tal från {low} till {high}" + (
            f" med högst {places} decimaler" if places else " utan decimaler"
        )
        try:
            found = money.number(_as_text(self.stated.get(key)))
        except ValueError:
            self.fault(key, allowed)
            return low
        if not low <= found <= high or found != round(found, places):
            self.fault(key, allowed)
            return low
        return found

    def whole(self, key: str, low: int, high: int) -> int:
        return int(self.number(key, Decimal(low), Decimal(high), 0))

    def shares(self, key: str, table: object) -> dict[str, str]:
        """Per cent by municipality, every one of them, that sum to exactly 100."""
        if not isinstance(table, Mapping):
            self.fault(key, "procent per kommun")
            return {}
        shares = {name: _as_text(table.get(name)) for name in MUNICIPALITIES}
        for name in table:
            if name not in MUNICIPALITIES:
                self.fault(f"{key}.{name}", f"en av {', '.join(MUNICIPALITIES)}")
        for name, text in shares.items():
            if not text:
                self.fault(f"{key}.{name}", "ett tal från 0 till 100; en kommun utan andel har 0")
        self.read_by(key_weights, key, {key: shares})
        return {name: _plain(text) for name, text in shares.items()}

    def read_by(
        self, read: Callable[[str, Stated, list[FactError]], Mapping[str, Fraction]], key: str, stated: Stated
    ) -> None:
        found: list[FactError] = []
        read(key, stated, found)
        for fault in found:
            self.fault(fault.fact, fault.allowed)


def _as_text(value: object) -> str:
    return "" if value is None or isinstance(value, bool | float) else str(value).strip()


def _plain(text: str) -> str:
    """The same text for the same number: 40, 40.0 and 40,00 are 40."""
    try:
        value = money.number(text)
    except ValueError:
        return text
    return f"{value.normalize():f}" if value else "0"


def _index(found: _Reading, edition: Edition) -> Payload:
    series = found.one_of("series", tuple(edition.series))
    percent = found.number("percent", LOW, HIGH, 4)
    status: Any = found.one_of("status", tuple(one for one in get_args(IndexStatus) if one != "entered"))
    return Index(series, found.whole("index_year", *YEARS), Decimal(_plain(f"{percent:f}")), status,
                 found.day("published"))  # fmt: skip


def _dated(found: _Reading, edition: Edition) -> Payload | None:
    name = found.one_of("name", tuple(name for name in edition.parameters if name not in NORMAL_RANGE))
    since = found.day("since")
    if not name:
        return None
    unit, known = edition.parameters[name].unit, edition.parameters[name].values[-1].value
    text = _as_text(found.stated.get("value"))
    if unit == "klockslag":
        hour, colon, minute = text.partition(":")
        if not (colon and len(hour) == len(minute) == 2 and (hour + minute).isascii() and (hour + minute).isdigit()):
            found.fault("value", "ett klockslag som 08:00")
            return None
        value: Number = int(hour) * 60 + int(minute)
        if int(hour) > 23 or int(minute) > 59:
            found.fault("value", "ett klockslag som 08:00")
        return Dated(name, since, value, text)
    if unit.startswith("öre"):
        value = money.ore(found.number("value", Decimal(0), Decimal(MOST), 2))
        return Dated(name, since, value, money.kronor(value))
    high, places = Decimal(LIMITS.get(unit, MOST)), 0 if isinstance(known, int) else 4
    exact = found.number("value", Decimal(0), high, places)
    return Dated(name, since, exact if places else int(exact), _plain(f"{exact:f}"))


def _normal_range(found: _Reading, _: Edition) -> Payload:
    low, high = found.whole("low", 0, 100_000), found.whole("high", 0, 100_000)
    if low > high:
        found.fault("high", "minst lika mycket som den nedre gränsen")
    return NormalRange(found.day("since"), low, high)


def _factors(found: _Reading, _: Edition) -> Payload:
    year = found.whole("year", 2024, 2099)
    model: dict[str, Any] = {}
    for factor in FACTORS:
        table = found.stated.get(factor)
        if not isinstance(table, Mapping) or set(table) != {"weight", "shares"}:
            found.fault(factor, "vikt och procent per kommun")
            continue
        shares = found.shares(f"{factor}.shares", table["shares"])
        model[factor] = {"weight": _plain(_as_text(table["weight"])), "shares": shares}
    if not found.faults:
        found.read_by(lambda _key, stated, faults: model_weights(stated, faults), "factors", model)
    return Factors(year, model)


def _development_key(found: _Reading, _: Edition) -> Payload:
    return DevelopmentKey(found.day("since"), found.shares("shares", found.stated.get("shares")))


def _reading(found: _Reading, edition: Edition) -> Payload:
    reading = found.one_of("reading", tuple(edition.readings))
    option = found.one_of("option", edition.readings[reading].computed) if reading else ""
    return ReadingChoice(reading, option, found.text("decided_by", 160), found.day("decided"))


_READERS: Mapping[str, tuple[tuple[str, ...], Callable[[_Reading, Edition], Payload | None]]] = {
    EnteredKind.INDEX: (("series", "index_year", "percent", "status", "published"), _index),
    EnteredKind.PARAMETER: (("name", "since", "value"), _dated),
    EnteredKind.NORMAL_RANGE: (("since", "low", "high"), _normal_range),
    EnteredKind.FACTORS: (("year", *FACTORS), _factors),
    EnteredKind.DEVELOPMENT_KEY: (("since", "shares"), _development_key),
    EnteredKind.READING: (("reading", "option", "decided_by", "decided"), _reading),
}
