"""The whole space of a decision as a table that a person can review: which facts, which outcome, by which clause.

The table is found by asking one missing fact after another and following every answer that can make a difference.
Answers that lead to the same are one line; a fact that makes no difference in a line is left out of it. So every case
there can be is in exactly one line. Where two facts are only held against each other, as where a person is registered
and where the person stays, it is asked whether they differ: which of eight municipalities it is makes no difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import cast

from avtal.language.compile import Closure, compile_tree
from avtal.language.evaluate import Case, Values, branch, missing, probes
from avtal.language.expression import Expression, Value, constant
from avtal.language.facts import Facts, FactSet, boolean
from avtal.language.proof import Derive, nothing_refused, refusing
from avtal.language.rewrite import Rewrite, rewriter
from avtal.language.rule import Decision

#: Between the names of two facts, in the name of the condition that they differ.
DIFFERS = "<>"


@dataclass(frozen=True, slots=True)
class Line:
    """Cases that are decided alike.

    Attributes:
        facts: Fact -> the answers that lead here, in the order of asking; a fact that is not there makes no difference.
        outcome: What is decided.
        clauses: The clauses of the rows that decide; none where no row holds.
    """

    facts: Mapping[str, tuple[Value, ...]]
    outcome: Value
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Cases that two editions decide differently."""

    facts: Mapping[str, tuple[Value, ...]]
    before: Line
    after: Line


def settled(tree: Expression, values: Values, day: date) -> Expression:
    """The tree on one day: dated parameters and readings are what they are then, so that its boundaries can be seen."""

    def settle(node: Expression, again: Rewrite) -> Expression | None:
        match node.op:
            case "parameter":  # in a rule it is a whole number
                return constant(cast("int", values.parameter(node.name, day).value))
            case "reading":
                return again(branch(node, values))
            case "is_true":  # here every fact is said, so that nothing unsaid counts as not so
                return again(node.args[0])
        return None

    return rewriter(settle)(tree)


def differing(left: str, right: str) -> str:
    """The name of the condition that two facts differ."""
    return f"{left}{DIFFERS}{right}"


class Space:
    """One decision of one edition on one day, ready to be walked."""

    def __init__(
        self, decision: Decision, declared: FactSet, values: Values, day: date, derive: Derive = nothing_refused
    ) -> None:
        self.values = values
        self._refused = refusing(declared, derive)
        self.pairs: dict[str, tuple[str, str]] = {}
        self._listed = {name: fact.values for name, fact in declared.items()}
        self._differ: dict[str, Expression] = {}
        apart = rewriter(self._apart)
        rows = tuple(replace(row, when=apart(settled(row.when, values, day))) for row in decision.rows)
        self.declared = FactSet(*declared.values(), *map(boolean, self.pairs))
        self.decision = replace(decision, rows=tuple(sorted(rows, key=lambda row: row.rank)))
        self.tree = self.decision.tree()
        self.decides = compile_tree(self.tree, values)
        self.holds: list[Closure] = [compile_tree(row.when, values) for row in self.decision.rows]

    def _apart(self, node: Expression, _: Rewrite) -> Expression | None:
        """Two facts that are held against each other, as a fact of its own: whether they differ."""
        if node.op not in ("=", "<>") or not all(arg.op == "fact" and self._listed[arg.name] for arg in node.args):
            return None
        left, right = (arg.name for arg in node.args)
        name = differing(left, right)
        self.pairs[name] = left, right
        differ = self._differ.setdefault(name, Facts(FactSet(boolean(name)))[name])
        return differ if node.op == "<>" else ~differ

    def can_be(self, case: Case) -> bool:
        """Whether a case's facts go together, and can be as different, or as alike, as it says."""
        for name, pair in self.pairs.items():
            if name in case:
                left, right = ((case[one],) if one in case else self._listed[one] for one in pair)
                if not any((a != b) is case[name] for a, b in product(left, right)):
                    return False
        return not self._refused(case)

    def open_facts(self, case: Case) -> tuple[str, ...]:
        """The facts that keep the case undecided."""
        return missing(self.tree, case, self.values) if self.decides(case) is None else ()

    def line(self, case: Case, facts: Mapping[str, tuple[Value, ...]]) -> Line:
        """A decided case as a line, with the clauses of the rows of the rank that decides."""
        held = [row for row, holds in zip(self.decision.rows, self.holds, strict=True) if holds(case) is True]
        first = [row for row in held if row.rank == held[0].rank]
        clauses = tuple(dict.fromkeys(clause for row in first for clause in row.clauses))
        outcome = self.decides(case)
        assert outcome is not None
        return Line(facts, outcome, clauses)


def space(
    decision: Decision, declared: FactSet, values: Values, day: date, derive: Derive = nothing_refused
) -> list[Line]:
    """Every line of a decision, in the order of asking; what is refused together is no case."""
    one = Space(decision, declared, values, day, derive)
    return [lines[0] for lines in _walk([one], {}, {})]


def differences(
    decision: Decision, declared: FactSet, before: Values, after: Values, day: date, derive: Derive = nothing_refused
) -> list[Difference]:
    """The cases that two editions decide differently, with what each decides."""
    both = [Space(decision, declared, values, day, derive) for values in (before, after)]
    return [Difference(old.facts, old, new) for old, new in _walk(both, {}, {}) if old.outcome != new.outcome]


def tried(decision: Decision, declared: FactSet, day: date, *editions: Values) -> dict[str, tuple[Value, ...]]:
    """Every fact of a decision with all the answers that were followed, in order: what a line's answers are among."""
    found: dict[str, set[Value]] = {}
    for one in (Space(decision, declared, values, day) for values in editions):
        for fact in one.tree.facts():
            found.setdefault(fact, set()).update(probes(one.tree, fact, one.declared))
    return {fact: tuple(sorted(answers, key=_order)) for fact, answers in found.items()}


_Lines = list[tuple[Line, ...]]


def _walk(spaces: Sequence[Space], case: Mapping[str, Value], facts: Mapping[str, tuple[Value, ...]]) -> _Lines:
    """The lines below a case: itself where all are decided, else what each answer to the next fact leads to."""
    asked = next((fact for one in spaces for fact in one.open_facts(case)), None)
    if asked is None:
        return [tuple(one.line(case, facts) for one in spaces)]
    answers = sorted({answer for one in spaces for answer in probes(one.tree, asked, one.declared)}, key=_order)
    groups: list[tuple[list[Value], _Lines]] = []
    for answer in answers:
        if not all(one.can_be({**case, asked: answer}) for one in spaces):
            continue
        below = _walk(spaces, {**case, asked: answer}, {})
        same = next((group for group in groups if group[1] == below), None)
        if same:
            same[0].append(answer)
        else:
            groups.append(([answer], below))
    if len(groups) == 1:  # it was unknown, but whatever it is makes no difference
        return [_under(facts, lines) for lines in groups[0][1]]
    return [_under({**facts, asked: tuple(given)}, lines) for given, below in groups for lines in below]


def _order(value: Value) -> tuple[str, int, str]:
    return type(value).__name__, int(value) if isinstance(value, int) else 0, str(value)


def _under(facts: Mapping[str, tuple[Value, ...]], lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(replace(line, facts={**facts, **line.facts}) for line in lines)
