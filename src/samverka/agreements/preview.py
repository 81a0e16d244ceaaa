"""What a value would change if it were approved: computed with the book itself, before anybody proposes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from avtal import money
from avtal.calendar import STOCKHOLM
from avtal.explain import Step
from avtal.language.facts import FactError
from samverka.agreements.book import Approved, Book, build
from samverka.agreements.browsing import rules_on
from samverka.agreements.county import MUNICIPALITIES, base, model_weights
from samverka.agreements.inforce import price
from samverka.agreements.payloads import (
    BadPayload,
    DevelopmentKey,
    Factors,
    ReadingChoice,
    read_payload,
    writing_faults,
)
from samverka.agreements.subjects import label_of, value_of

CANDIDATE = -1
MOST = 12


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter that gets another value from a day on."""

    name: str
    label: str
    since: date
    before: str
    after: str
    step: Step | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of it.

    Attributes:
        label: What the value is about, in a few words.
        value: What it says.
        changes: The parameters that change, with how the new value comes about.
        shares: Party code and per cent, for a model or a key; for reading only.
        charges: The charges whose rules ask a reading that is chosen otherwise.
        nothing: Whether it changes nothing that is computed today.
    """

    label: str
    value: str
    changes: tuple[Change, ...]
    shares: tuple[tuple[str, str], ...]
    charges: tuple[str, ...]
    book: Book

    @property
    def nothing(self) -> bool:
        """Whether nothing that is computed would change."""
        return not (self.changes or self.shares or self.charges)


def preview(
    now: Book,
    approved: tuple[Approved, ...],
    *,
    kind: str,
    payload: Mapping[str, Any],
    document: str,
    document_date: date,
    example: bool,
    at: datetime,
    replaces: int | None = None,
) -> Preview:
    """What a value would change.

    Raises:
        BadPayload: It is not what its kind allows.
    """
    edition = base()
    read = read_payload(kind, payload, edition)
    faults = writing_faults(read, document, document_date, at.astimezone(STOCKHOLM).date())
    if faults:
        raise BadPayload(faults)
    candidate = Approved(CANDIDATE, kind, read.as_json(), document, document_date, example, at, replaces)
    then = build(edition, (*approved, candidate))
    shares: tuple[tuple[str, str], ...] = ()
    if isinstance(read, Factors):
        shares = _shares(read.model)
    elif isinstance(read, DevelopmentKey):
        shares = tuple((name, _percent(share)) for name, share in read.shares.items())
    charges: tuple[str, ...] = ()
    if isinstance(read, ReadingChoice) and then.readings_changed_since(now):
        charges = tuple(label for _, label in rules_on(edition, read.reading))
    return Preview(label_of(read, edition), value_of(read, edition), _changes(now, then), shares, charges, then)


def _changes(now: Book, then: Book) -> tuple[Change, ...]:
    """Each change of value on the first day from which it differs, a dozen at most for each parameter."""
    found = []
    for name in sorted(then.changed_since(now)):
        days = sorted({day for book in (now, then) for day, _ in book.edition.history(name)})
        differs = [day for day in days if now.value(name, day) != then.value(name, day)]
        for day in differs[:MOST]:
            before, after = price(now, name, day), price(then, name, day)
            found.append(Change(name, after.parameter.label, day, before.shown, after.shown, after.step))
    return tuple(found)


def _shares(model: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The combined weight of each municipality, in per cent with four decimals."""
    faults: list[FactError] = []
    weights = model_weights(model, faults)
    shown = money.percentages({name: weights.get(name, 0) for name in MUNICIPALITIES}, 4)
    return tuple((name, _percent(f"{share.normalize():f}")) for name, share in shown.items())


def _percent(text: str) -> str:
    return f"{text.replace('.', ',')}\N{NO-BREAK SPACE}%"
