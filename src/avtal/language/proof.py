"""What can be proved of a decision table: for every case there can be, whatever is unsaid, in every option of readings.

Two rows of one rank that hold at once and disagree, a row that never decides, a case in which no row holds: each is a
condition of its own, and its diagram is *no* where it can never be. What is stated together must not be refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import combinations
from typing import Any, TypeAlias

from avtal.language.answers import variables
from avtal.language.diagram import Diagram, Diagrams
from avtal.language.evaluate import Case, Values
from avtal.language.facts import FactError, FactSet
from avtal.language.rule import Decision

#: Fills in what follows from the facts, and adds what is wrong with them together.
Derive: TypeAlias = Callable[[Any, dict[str, Any], list[FactError]], None]


def nothing_refused(*_: object) -> None:
    """All facts go together."""


def refusing(declared: FactSet, derive: Derive) -> Callable[[Case], bool]:
    """Whether what a case states does not go together; it stays so whatever else is stated."""
    names = declared.stated()
    # before anything is said; a day that is asked for is one that it may be
    unsaid = {name: next(iter(fact.probes), None) if fact.derived else None for name, fact in declared.items()}

    def refused(case: Case) -> bool:
        stated = {name: case[name] for name in names if case.get(name) is not None}
        held: dict[str, Any] = {**unsaid, **{name: value for name, value in case.items() if name in unsaid}}
        faults: list[FactError] = []
        derive(stated, held, faults)
        return bool(faults)

    return refused


class Proof:
    """One decision table, looked through as a whole.

    Args:
        decision: The table.
        declared: The facts that a case may state.
        values: Where parameters are looked up.
        derive: What refuses facts that do not go together.
    """

    def __init__(self, decision: Decision, declared: FactSet, values: Values, derive: Derive) -> None:
        self.rows = decision.rows
        self._refused = refusing(declared, derive)
        self.variables = variables([row.when for row in decision.rows], declared, values)
        self.diagrams = Diagrams(self.variables.answers, values, self.variables.opaque)
        self._whens = [self.diagrams.of(row.when) for row in decision.rows]
        self._chosen = {name: values.reading(name).value for name in self.variables.readings}

    @property
    def exact(self) -> bool:
        """Whether nothing is computed from the facts, so that what is possible here is possible."""
        return not self.variables.opaque

    def overlaps(self) -> Iterator[tuple[int, int, Case]]:
        """Rows of one rank that disagree and can hold at once where no better one does: their numbers and a case."""
        d = self.diagrams
        for (number, row), (other_number, other) in combinations(enumerate(self.rows), 2):
            if row.rank == other.rank and row.then != other.then:
                held = (d.holds(self._whens[one]) for one in (number, other_number))
                case = self._example(d.both(self._clear(row.rank), *held))
                if case is not None:
                    yield number, other_number, case

    def decides(self, number: int) -> Case | None:
        """A case in which a row decides, in some option of the readings; None where there is none."""
        return self._example(self._first(number))

    def decides_as_chosen(self, number: int) -> bool:
        """Whether a row decides in any case under the options that are chosen now."""
        chosen = self._chosen
        now = self.diagrams.among(self._first(number), lambda name, answer: chosen.get(name, answer) == answer)
        return self._example(now) is not None

    def gap(self) -> Case | None:
        """A case in which no row holds; None where there is none."""
        return self._example(self._clear(max((row.rank for row in self.rows), default=0) + 1))

    def unknown(self) -> Case | None:
        """A case in which every fact is said and the outcome is still unknown; None where there is none."""
        d = self.diagrams
        wheres = (
            d.both(self._clear(row.rank), d.is_open(when)) for row, when in zip(self.rows, self._whens, strict=True)
        )
        found = (self._example(d.among(where, lambda _, answer: answer is not None)) for where in wheres)
        return next((case for case in found if case is not None), None)

    def _first(self, number: int) -> Diagram:
        """Where a row holds and no better one does."""
        return self.diagrams.both(self._clear(self.rows[number].rank), self.diagrams.holds(self._whens[number]))

    def _clear(self, rank: int) -> Diagram:
        """Where every row of a better rank is known not to hold."""
        better = [when for row, when in zip(self.rows, self._whens, strict=True) if row.rank < rank]
        return self.diagrams.both(*map(self.diagrams.fails, better))

    def _example(self, where: Diagram) -> Case | None:
        # What two facts say against each other is cut out at once; what more of them say together, on the way.
        return next(self.diagrams.cases(self.diagrams.both(where, self._allowed), self._refused), None)

    @cached_property
    def _allowed(self) -> Diagram:
        return self.diagrams.allowed(self._refused)
