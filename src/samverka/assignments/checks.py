"""What a piece of work must say before it is registered: the charge's facts, and enough of them to know the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from avtal.book.answer import BadFacts
from avtal.book.edition import Edition
from avtal.language.compile import compile_tree
from avtal.language.evaluate import Case, evaluate, missing
from avtal.language.expression import Kind
from avtal.language.facts import FactConflict
from samverka.assignments.kinds import WorkKind
from samverka.core.cells import harmless
from samverka.core.errors import Refused

FILL_IN = "ska vara ifylld"
OUTCOME = "ska vara ifylld: utfallet beror på den"
NOT_YET = "tillåtet är i dag ({}) eller tidigare"
LONGEST_ID, LONGEST_SOURCE = 64, 300


class BadWork(Refused):
    """What was stated has faults, by fact: each says what is allowed."""

    def __init__(self, faults: Mapping[str, str], labels: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{labels.get(name, name)}: {told}" for name, told in faults.items()))
        self.faults = dict(faults)


class Checker:
    """Checks cases of one kind against one edition; built once for many rows."""

    def __init__(self, kind: WorkKind, edition: Edition) -> None:
        self.kind = kind
        self.charge = kind.charge
        self.edition = edition
        self.outcome = [(self.charge.trees[name], compile_tree(self.charge.trees[name], edition))
                        for name in ("status", "amount")]  # fmt: skip

    def case(
        self, stated: Mapping[str, Any], event_id: str = "A", source: str = "", *, on: date | None = None
    ) -> Case:  # fmt: skip
        """The case, derived facts filled in; with the day that it is, also whether the work can have been done.

        Raises:
            BadWork: Every fault at once, by fact.
        """
        faults = _text_faults(event_id, source)
        unknown = [name for name in stated if name not in self.charge.facts.stated()]
        faults |= dict.fromkeys(unknown, "finns inte för det här arbetet")
        faults |= {name: FILL_IN for name in self.charge.required if stated.get(name) is None}
        case: Case = {}
        try:
            case = self.charge.case(stated)
        except BadFacts as bad:
            faults |= {fault.fact: self._told(fault.fact, fault.allowed, fault) for fault in bad.faults}
        day = case.get("date") or _day(stated.get("date"))  # other faults leave no case, and are not the only ones told
        if on is not None and isinstance(day, date) and day > on and "date" not in faults:
            faults["date"] = NOT_YET.format(on)
        if not faults:
            faults = dict.fromkeys(self.unknown(case), OUTCOME)
        if faults:
            raise BadWork(faults, self.edition.words.labels)
        return case

    def unknown(self, case: Case) -> tuple[str, ...]:
        """The facts without which nobody can know the outcome; a number that the parties have not entered is none."""
        for tree, compiled in self.outcome:
            try:
                if compiled(case) is not None:
                    continue
            except LookupError:  # pricing says so when it comes to that
                continue
            stated = self.charge.facts.stated()
            return tuple(name for name in missing(tree, case, self.edition) if name in stated)
        return ()

    def party(self, case: Case, role: str) -> str:
        """The ``payer`` or the ``payee`` of a case."""
        return str(evaluate(self.charge.trees[role], case, self.edition).value)

    def _told(self, name: str, allowed: str, fault: Exception) -> str:
        if isinstance(fault, FactConflict):
            return allowed
        return "tillåtet är " + ("ja eller nej" if self.charge.facts[name].kind is Kind.BOOL else allowed)


def _day(said: object) -> date | None:
    """The day that is said, where it is one."""
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        return None


def _text_faults(event_id: str, source: str) -> dict[str, str]:
    """An event's id is on one line and seen, and so is its source; neither is a formula to a spreadsheet."""
    faults: dict[str, str] = {}
    formula = "tillåtet är en text som inte börjar med =, +, - eller @"
    faults |= {name: formula for name, text in (("event_id", event_id), ("source", source)) if harmless(text) != text}
    if not event_id.strip() or not event_id.isprintable() or len(event_id) > LONGEST_ID:
        faults["event_id"] = f"tillåtet är 1 till {LONGEST_ID} synliga tecken"
    if not source.isprintable() or len(source) > LONGEST_SOURCE:
        faults["source"] = f"tillåtet är högst {LONGEST_SOURCE} synliga tecken på en rad"
    return faults
