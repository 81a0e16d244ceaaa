"""A question's trees worked out together, once for each edition: values, reasons, what is missing, other readings.

Everything here the interpreter gives too, more slowly. It is what a question answers with; the interpreter tells what
is missing in the agreement, and the tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any

from avtal.book.edition import Edition
from avtal.book.readings import Choice
from avtal.explain import Told
from avtal.language.citing import Speaks
from avtal.language.evaluate import Case, lacking, probes, settles
from avtal.language.expression import Expression, Value
from avtal.language.facts import FactSet
from avtal.language.grounds import Grounds, Kept, Make
from avtal.language.together import Row, Together


class Worked:
    """Outputs, and conditions beside them, for one edition.

    Attributes:
        edition: Whose parameters and readings they look up.
        asked: The outputs that have reasons, in order.
    """

    def __init__(
        self,
        name: str,
        outputs: Mapping[str, Expression],
        conditions: Sequence[Expression],
        asked: Sequence[str],
        facts: FactSet,
        edition: Edition,
        speaks: Speaks,
    ) -> None:
        self.edition = edition
        self.outputs = outputs
        self.asked = {name: outputs[name] for name in asked}
        self._facts = facts
        self._together = Together([*outputs.values(), *conditions, *speaks.values()], edition)
        #: From a row to the outputs' values, and to those of the conditions; None is unknown.
        self.outputs_of = self._values(outputs.values())
        self.states = self._values(conditions)
        self._speaking = tuple(speaks)
        self._spoken = self._values(speaks.values())
        self._silent: dict[Row, frozenset[str]] = {}
        grounds = Grounds(self._together, edition.words, speaks)
        self._reasons: list[Make] = [grounds.of(tree) for tree in self.asked.values()]
        self._top = Kept(name, "rule", (), edition.words)
        self._order = (*facts.stated(), *facts)
        self._lacks = self._together.lacking(conditions, self._order)
        self._masks: dict[int, tuple[str, ...]] = {}
        self._probes: dict[tuple[str, str], Any] = {}
        self._others: dict[str, list[Option]] = {}

    def row(self, case: Case) -> Row:
        """Every node's value.

        Raises:
            MissingValue: Some tree may need a number that nobody has entered; whether it does, the interpreter knows.
        """
        return self._together.work(case)

    def _values(self, trees: Iterable[Expression]) -> Callable[[Row], Row]:
        """From a row to the values of some trees, in order."""
        places = [self._together.place[tree] for tree in trees]
        if len(places) > 1:
            return itemgetter(*places)
        return lambda row: tuple([row[place] for place in places])

    def found(self, row: Row) -> dict[str, Value | None]:
        """The outputs' values by name."""
        return dict(zip(self.outputs, self.outputs_of(row), strict=True))

    def silent(self, row: Row) -> frozenset[str]:
        """The documents and clauses that do not speak of the case; the same set for the same ones."""
        spoken = self._spoken(row)
        if spoken not in self._silent:
            false = (key for key, value in zip(self._speaking, spoken, strict=True) if value is False)
            self._silent[spoken] = frozenset(false)
        return self._silent[spoken]

    def reasons(self, answer: Value | None, row: Row) -> Told:
        """Why the asked outputs are what they are, under the answer."""
        return self._top.step(answer, tuple([make(row) for make in self._reasons]))

    def missing(self, name: str, row: Row) -> tuple[str, ...]:
        """The facts that keep an asked output unknown."""
        place = self._together.place
        tree = self.asked[name]
        return lacking(tree, lambda node: row[place[node]], self.edition) if row[place[tree]] is None else ()

    def lacking(self, row: Row) -> list[tuple[str, ...]]:
        """The facts to state that keep each of the conditions unknown, in order of asking; none where it is known."""
        return [self._named(mask) for mask in self._lacks(row)]

    def _named(self, mask: int) -> tuple[str, ...]:
        if mask not in self._masks:
            self._masks[mask] = tuple(name for bit, name in enumerate(self._facts.stated()) if mask >> bit & 1)
        return self._masks[mask]

    def next(self, case: Case, row: Row, missing: Mapping[str, Sequence[str]]) -> str | None:
        """Of what the asked outputs miss, what most often settles the first unknown one; None if none is missing."""
        for name in self.asked:
            often = {fact: self._settled(name, fact, case, row) for fact in missing[name]}
            if often:
                return max(often, key=often.__getitem__)  # the first one asked wins a tie
        return None

    def _settled(self, name: str, fact: str, case: Case, row: Row) -> int:
        key = name, fact
        if key not in self._probes:
            tree = self.asked[name]
            self._probes[key] = probes(tree, fact, self._facts), self._together.if_stated(tree, fact)
        answers, would_be = self._probes[key]
        known = 0
        for answer in answers:
            try:
                known += would_be(row, answer) is not None
            except LookupError:  # a number that nobody has entered: whether it is needed, the interpreter knows
                known += settles(self.asked[name], {**case, fact: answer}, self.edition)
        return known * 1000 // len(answers)

    def others(self, reading: str, row: Row, now: Row) -> list[tuple[Option, dict[str, Value | None]]]:
        """The options of a reading under which the outputs' values would not be those of now, with those values.

        Raises:
            MissingValue: See ``row``.
        """
        return [
            (option, dict(zip(self.outputs, found, strict=True)))
            for option in self._open(reading)
            if (found := option.redone(row)) != now
        ]

    def missing_under(self, option: Option, case: Case) -> dict[str, tuple[str, ...]]:
        """The facts that keep each asked output unknown under another option, in order of asking."""
        return dict(zip(self.asked, map(self._named, option.lacking(case)), strict=True))

    def _open(self, reading: str) -> list[Option]:
        """Every other option of a reading."""
        found = self._others.get(reading)
        if found is None:
            found = self._others[reading] = [self._under(reading, option) for option in self._options(reading)]
        return found

    def _options(self, reading: str) -> list[str]:
        now = self.edition.option(reading)
        return [option for option in self.edition.readings[reading].computed if option != now]

    def _under(self, reading: str, option: str) -> Option:
        edition = self.edition.choosing(Choice(reading, option, "alternativ", date.min, "alternativ"))
        redone = self._together.under(list(self.outputs.values()), edition)
        return Option(option, edition, redone, tuple(self.asked.values()), self._order)


@dataclass(frozen=True)
class Option:
    """Another option of a reading.

    Attributes:
        name: Its name.
        edition: With that option.
        redone: From a row to the outputs' values under it.
        asked: The outputs that have reasons.
        order: The facts in order of asking.
    """

    name: str
    edition: Edition
    redone: Callable[[Row], Row]
    asked: tuple[Expression, ...]
    order: tuple[str, ...]

    def lacking(self, case: Case) -> tuple[int, ...]:
        """The facts that keep each asked output unknown, as ``Together.lacking`` gives them."""
        work, lacks = self._lacks
        return lacks(work(case))

    @cached_property
    def _lacks(self) -> tuple[Callable[[Case], Row], Callable[[Row], tuple[int, ...]]]:
        """Made when it is first asked for: most options leave no answer unknown."""
        together = Together(self.asked, self.edition)
        return together.work, together.lacking(self.asked, self.order)
