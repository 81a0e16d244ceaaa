"""The build-time check of a decision table: overlaps, gaps and rows that never decide, proved for every case.

Where a condition is computed from facts, as when minutes are added, the cases that show what is possible come from a
walk over combinations of boundary values, once for each option of the readings; what can never be is proved there too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import combinations as pairs
from itertools import product
from math import gcd, prod
from typing import TypeAlias

from avtal.explain import Step
from avtal.language.compile import Closure, compile_tree
from avtal.language.evaluate import Case, Values, probes
from avtal.language.expression import Value
from avtal.language.facts import FactSet
from avtal.language.proof import Derive, Proof, nothing_refused
from avtal.language.rule import Decision

#: From a name and an answer to both in words; from an outcome, whose name is empty, to that.
Spell: TypeAlias = Callable[[str, "Value | None"], str]
#: A computed table with more combinations than this is walked through: this many, spread evenly over them all.
MOST_CASES = 50_000
#: So many under each option that is not chosen.
MOST_OTHER_CASES = 5_000
_GOLDEN = Fraction(618_034, 1_000_000)


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in one decision table.

    Attributes:
        place: Which table.
        proved: Whether everything is proved for every case.
        cases: How many combinations were tried where it is not.
        combinations: How many there are.
        computed: The facts that conditions are computed from, so that cases had to be tried.
        overlaps: Rows of equal rank that hold at once and disagree, with a case.
        unreachable: Rows that never decide, in no option of the readings.
        dormant: Rows that decide only in another option than is chosen now.
        gaps: A case in which no row holds.
        unknown: A case whose outcome is unknown, though every fact is stated.
        undecided: Rows of equal rank that disagree and may hold at once, though no case was found.
    """

    place: str
    proved: bool = True
    cases: int = 0
    combinations: int = 0
    computed: tuple[str, ...] = ()
    overlaps: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    dormant: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()


def plain(name: str, value: Value | None) -> str:
    """A fact or a reading with its answer, and an outcome, by the names that the rules have."""
    said = "(inte sagt)" if value is None else str(value)
    return f"{name}={said}" if name else said


def analyse(
    place: str,
    decision: Decision,
    declared: FactSet,
    values: Values,
    derive: Derive = nothing_refused,
    spell: Spell = plain,
) -> Findings:
    """Look a decision table through: by proof, and where its conditions are computed by cases too.

    Args:
        place: Whose table it is.
        decision: The table.
        declared: The facts that a case may state.
        values: Where parameters and readings are looked up.
        derive: What refuses facts that do not go together.
        spell: How facts, readings and outcomes are told.
    """
    proof = Proof(decision, declared, values, derive)
    name = f"{place}.{decision.name}"
    if proof.exact:
        return _told(Findings(name), decision, _proved(decision, proof), spell)
    answers = _answers(decision, declared)
    combinations = prod(map(len, answers.values()))
    seen = _tried(decision, values, answers, combinations)
    possible = [(one, other) for one, other, _ in proof.overlaps() if (one, other) not in seen.overlaps]
    head = Findings(
        name,
        proved=False,
        cases=min(combinations, MOST_CASES),
        combinations=combinations,
        computed=tuple(fact for fact in proof.variables.computed if not declared[fact].derived),
        undecided=tuple(
            f"{_pair(decision, pair, spell)} kan inte uteslutas, men inget fall hittades" for pair in possible
        ),
    )
    return _told(head, decision, seen, spell)


@dataclass(slots=True)
class _Seen:
    """What is possible: by row numbers, with cases."""

    overlaps: dict[tuple[int, int], Case] = field(default_factory=dict)
    decides: set[int] = field(default_factory=set)
    decides_now: set[int] = field(default_factory=set)
    gap: Case | None = None
    unknown: Case | None = None


def _told(head: Findings, decision: Decision, seen: _Seen, spell: Spell) -> Findings:
    """The findings in words."""
    rows = {
        number: f"regelrad {number + 1} ({', '.join((spell('', row.then), f'rang {row.rank}', *row.clauses))})"
        for number, row in enumerate(decision.rows)
    }
    gap = f"inget villkor sant, utfall {spell('', decision.otherwise)}"

    def case_of(case: Case) -> str:
        return ", ".join(spell(name, value) for name, value in case.items())

    return replace(
        head,
        overlaps=tuple(f"{_pair(decision, pair, spell)}: {case_of(case)}" for pair, case in seen.overlaps.items()),
        unreachable=tuple(f"{row} avgör aldrig" for number, row in rows.items() if number not in seen.decides),
        dormant=tuple(
            f"{row} avgör bara i en annan läsning än den valda"
            for number, row in rows.items()
            if number in seen.decides - seen.decides_now
        ),
        gaps=() if seen.gap is None else (f"{gap}: {case_of(seen.gap)}",),
        unknown=() if seen.unknown is None else (f"okänt fast allt är sagt: {case_of(seen.unknown)}",),
    )


def _pair(decision: Decision, pair: tuple[int, int], spell: Spell) -> str:
    one, other = (decision.rows[number] for number in pair)
    return f"rang {one.rank} ger både {spell('', one.then)} och {spell('', other.then)}"


def _proved(decision: Decision, proof: Proof) -> _Seen:
    numbers = range(len(decision.rows))
    return _Seen(
        {(one, other): case for one, other, case in proof.overlaps()},
        {number for number in numbers if proof.decides(number) is not None},
        {number for number in numbers if proof.decides_as_chosen(number)},
        proof.gap(),
        proof.unknown(),
    )


def _tried(decision: Decision, values: Values, answers: Mapping[str, Sequence[Value]], combinations: int) -> _Seen:
    """What the walk meets, under the options that are chosen and then under each of the others."""
    seen = _Seen()
    for other in ({}, *_other_options(decision, values)):
        cases = _cases(answers, combinations, MOST_OTHER_CASES if other else MOST_CASES)
        _walk(decision, Choosing(values, other), cases, other, seen)
        seen.decides_now = seen.decides_now if other else set(seen.decides)
    return seen


def _walk(decision: Decision, values: Values, cases: Iterator[Case], options: Case, seen: _Seen) -> None:
    rows = [(number, row, compile_tree(row.when, values)) for number, row in enumerate(decision.rows)]
    for case in cases:
        found = [(number, row, _holds(holds, case)) for number, row, holds in rows]
        held = [(number, row) for number, row, holds in found if holds is True]
        if not held and any(holds is None for _, _, holds in found):
            seen.unknown = seen.unknown or {**case, **options}
        elif not held:
            seen.gap = seen.gap or {**case, **options}
        best = min((row.rank for _, row in held), default=0)
        first = [(number, row) for number, row in held if row.rank == best]
        seen.decides.update(number for number, _ in first)
        for (number, row), (other_number, other) in pairs(first, 2):
            if row.then != other.then:
                seen.overlaps.setdefault((number, other_number), {**case, **options})


@dataclass(frozen=True, slots=True)
class Choosing:
    """The same values with other options of some readings."""

    values: Values
    options: Case

    def parameter(self, name: str, day: date) -> Step:
        """The same."""
        return self.values.parameter(name, day)

    def history(self, name: str) -> tuple[tuple[date, Value | None], ...]:
        """The same."""
        return self.values.history(name)

    def reading(self, name: str) -> Step:
        """The other option, where there is one."""
        return Step(name, self.options[name], "reading") if name in self.options else self.values.reading(name)


def _other_options(decision: Decision, values: Values) -> Iterator[Case]:
    """Each option of a reading that is not chosen, one at a time."""
    options: dict[tuple[str, str], None] = {}
    for row in decision.rows:
        for node in row.when.walk():
            if node.op == "reading":
                options |= {(node.name, option): None for option in node.payload}
    for name, option in options:
        if values.reading(name).value != option:
            yield {name: option}


def _holds(holds: Closure, case: Case) -> Value | None:
    try:
        return holds(case)
    except LookupError:  # a number that nobody has entered
        return None


def _answers(decision: Decision, declared: FactSet) -> dict[str, tuple[Value, ...]]:
    tree = decision.tree()
    return {name: probes(tree, name, declared) for name in tree.facts()}


def _cases(answers: Mapping[str, Sequence[Value]], total: int, most: int) -> Iterator[Case]:
    if total <= most:
        for combination in product(*answers.values()):
            yield dict(zip(answers, combination, strict=True))
        return
    stride = int(total * _GOLDEN) | 1
    while gcd(stride, total) > 1:
        stride += 2
    for number in range(most):
        place, case = number * stride % total, {}
        for name, found in answers.items():
            place, index = divmod(place, len(found))
            case[name] = found[index]
        yield case
