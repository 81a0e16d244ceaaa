"""The build-time check of a decision table: combinations of boundary values, looked through for gaps and overlaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import gcd, prod

from avtal.language.compile import Closure, compile_tree
from avtal.language.evaluate import Case, Values, probes
from avtal.language.expression import Value
from avtal.language.facts import FactSet
from avtal.language.rule import Decision

#: A table with more combinations than this is looked through by a walk that spreads this many evenly over them all.
MOST_CASES = 50_000
_GOLDEN = Fraction(618_034, 1_000_000)


@dataclass(frozen=True, slots=True)
class Findings:
    """What enumeration found in one decision table.

    Attributes:
        place: Which table.
        cases: How many combinations were tried.
        combinations: How many there are.
        overlaps: Rows of equal rank that hold at once and disagree, with a case.
        unreachable: Rows that never decide.
        gaps: What happens where no row holds, with a case.
        otherwise: In how many cases no row held.
        unknown: In how many cases the outcome was unknown, though every fact was stated.
    """

    place: str
    cases: int
    combinations: int
    overlaps: tuple[str, ...]
    unreachable: tuple[str, ...]
    gaps: tuple[str, ...]
    otherwise: int
    unknown: int


def analyse(place: str, decision: Decision, declared: FactSet, values: Values) -> Findings:
    """Look a decision table through by its facts' boundary values: every combination, or an even walk over them."""
    rows = [(row, compile_tree(row.when, values)) for row in decision.rows]
    decided: set[int] = set()
    overlaps: dict[tuple[int, int], str] = {}
    gap = ""
    cases = otherwise = unknown = 0
    answers = _answers(decision, declared)
    combinations = prod(map(len, answers.values()))
    for case in _cases(answers, combinations):
        cases += 1
        found = [_holds(holds, case) for _, holds in rows]
        held = [(number, row) for number, (row, _) in enumerate(rows) if found[number] is True]
        unknown += None in found and not held
        if not held:
            otherwise += 1
            gap = gap or f"inget villkor sant, utfall {decision.otherwise}: {_spell(case)}"
            continue
        best = min(row.rank for _, row in held)
        first = [(number, row) for number, row in held if row.rank == best]
        decided.update(number for number, _ in first)
        for number, row in first[1:]:
            if row.then != first[0][1].then:
                outcomes = f"{first[0][1].then} och {row.then}"
                overlaps.setdefault((first[0][0], number), f"rang {best} ger både {outcomes}: {_spell(case)}")
    never = [
        f"rad {number + 1} ({row.then}, rang {row.rank}) avgör aldrig"
        for number, row in enumerate(decision.rows)
        if number not in decided and not row.when.readings()  # another reading may well let it decide
    ]
    gaps = (gap,) if gap else ()
    found_wrong = (tuple(overlaps.values()), tuple(never), gaps)
    return Findings(f"{place}.{decision.name}", cases, combinations, *found_wrong, otherwise, unknown)


def _holds(holds: Closure, case: Case) -> Value | None:
    try:
        return holds(case)
    except LookupError:  # a number that nobody has entered
        return None


def _answers(decision: Decision, declared: FactSet) -> dict[str, tuple[Value, ...]]:
    tree = decision.tree()
    return {name: probes(tree, name, declared) for name in tree.facts()}


def _cases(answers: Mapping[str, tuple[Value, ...]], total: int) -> Iterator[Case]:
    if total <= MOST_CASES:
        for combination in product(*answers.values()):
            yield dict(zip(answers, combination, strict=True))
        return
    stride = int(total * _GOLDEN) | 1
    while gcd(stride, total) > 1:
        stride += 2
    for number in range(MOST_CASES):
        place, case = number * stride % total, {}
        for name, found in answers.items():
            place, index = divmod(place, len(found))
            case[name] = found[index]
        yield case


def _spell(case: Case) -> str:
    return ", ".join(f"{name}={value}" for name, value in case.items())
