"""The same reasons as ``reasons`` gives, prepared beforehand: for whoever decides one case after another.

Every node is looked at once, when the edition is read: what is left for a case is to look up values and to join steps
that were made before. A step that has the same value and rests on the same steps is the same step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import Any, TypeAlias, TypeVar

from avtal.explain import Step, StepKind, Told, Words
from avtal.language.citing import Speaks, bearing, cited
from avtal.language.evaluate import Values, branch
from avtal.language.expression import Expression, Kind
from avtal.language.reasons import EXCEPTIONS
from avtal.language.rule import GROUND, UNLESS
from avtal.language.together import Row, Together

#: So many steps of one node are kept; then it begins anew.
KEPT = 2_048

Found: TypeAlias = dict[Told, None]
Justify: TypeAlias = Callable[[Row, Found], None]
Decide: TypeAlias = Callable[[Row, Found, Found], None]
Make: TypeAlias = Callable[[Row], Told]
Made = TypeVar("Made")


class Grounds:
    """Reasons for rows of one ``Together``, which holds what ``speaks`` looks at too."""

    def __init__(self, together: Together, words: Words, speaks: Speaks | None = None) -> None:
        self.values: Values = together.values
        self.place: Mapping[Expression, int] = together.place
        self.words = words
        self._speaks: Speaks = speaks or {}
        self._makers: dict[Expression, Make] = {}
        self._justifiers: dict[Expression, Justify] = {}
        self._known: dict[Step, Told] = {}
        self._passed: dict[str, Told] = {}

    def of(self, tree: Expression) -> Make:
        """From a row to the step of a tree with its ground, as ``reasons`` gives it."""
        if tree not in self._makers:
            self._makers[tree] = self._make(tree)
        return self._makers[tree]

    def _make(self, tree: Expression) -> Make:
        decide = self._decide(tree.args[0] if tree.op == "step" else tree)
        at = self.place[tree]
        keep, keep_by = self._by_clauses(tree.clauses, lambda clauses: Kept(tree.name, "step", clauses, self.words))
        exceptions = Kept(EXCEPTIONS, "note", (), self.words)
        last: list[tuple[Row, Told] | None] = [None]  # one pair, put in its place at once: threads share it

        def make(row: Row) -> Told:
            before = last[0]
            if before is not None and before[0] is row:
                return before[1]
            steps: Found = {}
            passed: Found = {}
            decide(row, steps, passed)
            if passed:
                steps[exceptions.step(None, tuple(passed))] = None
            made = (keep or keep_by(row)).step(row[at], tuple(steps))
            last[0] = row, made
            return made

        return make

    def _decide(self, node: Expression) -> Decide:
        """Walk down a decision's rows to the one that decides."""
        rows = []
        while node.op == "choose":
            condition, then, otherwise = node.args
            at = self.place[condition]
            failed = [((where or (at,))[0], where[1:], told) for where, told in self._failed(condition, ())]
            rows.append((at, failed, list(self._unsaid(condition)), self._justify(condition), self._decide(then)))
            node = otherwise
        last = self._justify(node)
        if not rows:
            return lambda row, steps, _: last(row, steps)

        def decide(row: Row, steps: Found, passed: Found) -> None:
            for at, failed, unsaid, justify, chosen in rows:
                held = row[at]
                if held is not False:
                    justify(row, steps)
                    if held:
                        chosen(row, steps, passed)
                    return
                for place, more, told in failed:
                    if row[place] is False and not (more and any(row[one] is not False for one in more)):
                        passed[told] = None
                for inner, reading in unsaid:
                    if row[inner] is None:
                        steps[reading] = None
            last(row, steps)

        return decide

    def _failed(self, node: Expression, where: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Told]]:
        """The rules that a condition which fails is made of, each with all that must be false for it to be told.

        What follows is not asked for: that a part of a false *or* is false, that an *and* with a false part is.
        """
        if node.op == "step" and node.name not in (GROUND, UNLESS):
            if node.name not in self._passed:
                self._passed[node.name] = Told(node.name, value=False, words=self.words)
            yield where, self._passed[node.name]
            return
        here = self.place[node]
        for arg in _operands(node):
            match node.op:
                case "or":
                    below = where
                case "and" | "step":
                    below = (*(one for one in where if one != here), self.place[arg])
                case _:
                    below = (*where, self.place[arg])
            yield from self._failed(arg, below)

    def _unsaid(self, condition: Expression) -> Iterator[tuple[int, Told]]:
        """The readings by which something that nobody has said counts as not so, and where it would have been said."""
        for node in condition.walk():
            if node.op == "reading":
                said = branch(node, self.values)
                if said.op == "is_true":
                    yield self.place[said.args[0]], self._told(self.values.reading(node.name))

    def _justify(self, node: Expression) -> Justify:
        """The visible steps that make a node what it is."""
        if node not in self._justifiers:
            self._justifiers[node] = self._justifier(node)
        return self._justifiers[node]

    def _justifier(self, node: Expression) -> Justify:
        match node.op:
            case "and" | "or":
                return self._joined(node)
            case "step" if node.name == GROUND:
                return self._ground(node)
            case "step" if node.name == UNLESS:
                return self._unless(node)
            case "step":
                make = self.of(node)
                return lambda row, steps: steps.setdefault(make(row))
            case "reading":
                return self._reading(node)
            case "choose":
                decide = self._decide(node)
                return lambda row, steps: decide(row, steps, {})
            case "fact":
                return self._fact(node)
            case "parameter":
                return self._parameter(node)
        return self._every([self._justify(arg) for arg in node.args])

    def _every(self, below: list[Justify]) -> Justify:
        if len(below) == 1:
            return below[0]

        def every(row: Row, steps: Found) -> None:
            for justify in below:
                justify(row, steps)

        return every

    def _fact(self, node: Expression) -> Justify:
        at, kept = self.place[node], Kept(node.name, "fact", (), self.words)
        return lambda row, steps: steps.setdefault(kept.step(row[at]))

    def _joined(self, node: Expression) -> Justify:
        at = self.place[node]
        below = [(self.place[arg], self._justify(arg)) for arg in _operands(node)]

        def joined(row: Row, steps: Found) -> None:
            wanted = row[at]
            for place, justify in below:
                if row[place] is wanted:
                    justify(row, steps)

        return joined

    def _ground(self, node: Expression) -> Justify:
        ground, ground_by = self._by_clauses(
            node.clauses, lambda clauses: Told(GROUND, kind="note", clauses=clauses, words=self.words)
        )
        if node.kind is not Kind.BOOL:
            return lambda row, steps: steps.setdefault(ground or ground_by(row))
        justify = self._justify(node.args[0])

        def grounded(row: Row, steps: Found) -> None:
            justify(row, steps)
            steps[ground or ground_by(row)] = None

        return grounded

    def _by_clauses(
        self, clauses: tuple[str, ...], make: Callable[[tuple[str, ...]], Made]
    ) -> tuple[Made | None, Callable[[Row], Made]]:
        """What is made of clauses: once where all are cited in every case, else for each case by those that are."""
        keys = bearing(clauses, self._speaks) if len(clauses) > 1 else ()
        places = [self.place[self._speaks[key]] for key in keys]
        made: dict[tuple[bool, ...], Made] = {}

        def made_by(row: Row) -> Made:
            silent = tuple([row[place] is False for place in places])
            if silent not in made:
                named = cited(clauses, {key for key, is_so in zip(keys, silent, strict=True) if is_so})
                made[silent] = make(named)
            return made[silent]

        return (None if keys else make(clauses)), made_by

    def _unless(self, node: Expression) -> Justify:
        """What a row excepts: named where it does not hold, justified where it does."""
        at, exception = self.place[node], node.args[0].args[0]
        failed = list(self._failed(exception, (self.place[exception],)))
        justify = self._justify(node.args[0])

        def excepted(row: Row, steps: Found) -> None:
            if not row[at]:
                justify(row, steps)
                return
            for where, told in failed:
                if all(row[one] is False for one in where):
                    steps[told] = None

        return excepted

    def _reading(self, node: Expression) -> Justify:
        told, justify = self._told(self.values.reading(node.name)), self._justify(branch(node, self.values))

        def read(row: Row, steps: Found) -> None:
            steps[told] = None
            justify(row, steps)

        return read

    def _parameter(self, node: Expression) -> Justify:
        at, on = self.place[node.args[0]], self._justify(node.args[0])

        def look_up(row: Row, steps: Found) -> None:
            on(row, steps)
            if row[at] is not None:
                steps[self._told(self.values.parameter(node.name, row[at]))] = None

        return look_up

    def _told(self, step: Step) -> Told:
        """A step of the edition's own, as one that remembers what it says."""
        if step not in self._known:
            if len(self._known) >= KEPT:
                self._known.clear()
            below = tuple(self._told(one) for one in step.steps)
            self._known[step] = Told(
                step.name, step.value, step.kind, step.clauses, step.source, step.note, below, words=self.words
            )
        return self._known[step]


class Kept:
    """The steps of one name that were made before, by value and by the steps they rest on."""

    def __init__(self, name: str, kind: StepKind, clauses: tuple[str, ...], words: Words) -> None:
        self.name, self.kind, self.clauses, self.words = name, kind, clauses, words
        self._made: dict[Any, Told] = {}
        self._heads: dict[Any, bytes] = {}

    def step(self, value: Any, below: tuple[Told, ...] = ()) -> Told:
        """The step with that value on those steps."""
        key = value, below
        found = self._made.get(key)
        if found is None:
            if len(self._made) >= KEPT:
                self._made.clear()
                self._heads.clear()
            head = self._heads.get(value, b"")
            found = self._made[key] = Told(
                self.name, value, self.kind, self.clauses, steps=below, words=self.words, head=head
            )
            self._heads[value] = found.head
        return found


def _operands(node: Expression) -> tuple[Expression, ...]:
    """The operands; of conditions joined in the same way, all of them: what the whole is, is so by one of those."""
    if node.op not in ("and", "or"):
        return node.args
    apart = ((_operands(arg) if arg.op == node.op else (arg,)) for arg in node.args)
    return reduce(lambda left, right: left + right, apart)
