"""What the proof of conformity needs: every combination of boundary values, and one comparison for all engines."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count, product
from math import prod

from avtal.language.compile import compile_tree
from avtal.language.evaluate import Case, Evaluation, Values, probes
from avtal.language.expression import Expression, Kind, Value
from avtal.language.facts import FactSet
from avtal.language.sql import NOTHING, Bounds, select
from tests.engines import Engine

Trees = Mapping[str, Expression]
Domain = Mapping[str, Sequence[Value | None]]
Answers = list[tuple[Value | None, ...]]

DAYS_2025 = (date(2025, 1, 1), date(2025, 6, 30), date(2025, 12, 31))


def interpreted(trees: Trees, cases: Iterable[Case], values: Values) -> Answers:
    """What the interpreter gives: one tuple of outputs for each case."""
    found: Answers = []
    for case in cases:
        run = Evaluation(case, values)
        found.append(tuple(run.value(tree, {}) for tree in trees.values()))
    return found


def compiled(trees: Trees, cases: Iterable[Case], values: Values) -> Answers:
    """What the closures give."""
    closures = [compile_tree(tree, values) for tree in trees.values()]
    return [tuple(closure(case) for closure in closures) for case in cases]


def load(engine: Engine, table: str, declared: FactSet, cases: Iterable[Case]) -> None:
    """The cases as a table with a row id and one column for each declared fact."""
    columns = {"row_id": Kind.INT} | {name: fact.kind for name, fact in declared.items()}
    rows = ((number, *(case.get(name) for name in declared)) for number, case in enumerate(cases))
    engine.load(table, columns, rows)


def queried(engine: Engine, table: str, trees: Trees, values: Values, bounds: Bounds = NOTHING) -> Answers:
    """What the engine gives for the table, by one SELECT with every output."""
    outputs = {f"out_{number}": tree for number, tree in enumerate(trees.values())}
    query = select(outputs, table, engine.dialect, values, bounds, ["row_id"])
    kinds = [Kind.INT, *(tree.kind for tree in trees.values())]
    return [row[1:] for row in sorted(engine.ask(query, kinds))]  # type: ignore[type-var]  # unique ids sort first


def differences(trees: Trees, cases: Sequence[Case], expected: Answers, found: Answers) -> list[str]:
    """Where two ways to compute the same disagree, in value or in type; an honest pair has none."""
    assert len(cases) == len(expected) == len(found)
    return [
        f"{name} of {case}: {wanted!r}, not {got!r}"
        for case, row, other in zip(cases, expected, found, strict=True)
        for name, wanted, got in zip(trees, row, other, strict=True)
        if wanted != got or type(wanted) is not type(got)
    ]


def every_case(domain: Domain) -> list[Case]:
    """The whole cross product of the domain."""
    return [dict(zip(domain, combination, strict=True)) for combination in product(*domain.values())]


def boundaries(trees: Iterable[Expression], declared: FactSet, values: Values) -> dict[str, list[Value | None]]:
    """Each fact's domain: unknown, and every value on either side of a constant or of a parameter of 2025."""
    domain: dict[str, set[Value]] = {}
    for tree in trees:
        levels = [values.parameter(name, DAYS_2025[0]).value for name in tree.parameters()]
        near = [level + step for level in levels if isinstance(level, int) for step in (-1, 0, 1)]
        for name in tree.facts():
            fact = declared[name]
            inside = domain.setdefault(name, set())
            inside |= set(DAYS_2025 if fact.kind is Kind.DATE else probes(tree, name, declared))
            if fact.kind is Kind.INT:
                inside |= {number for number in near if fact.low <= number <= fact.high}
    return {name: [None, *sorted(inside)] for name, inside in domain.items()}  # type: ignore[type-var]  # of one kind


def sample(domain: Domain, most: int, seed: str) -> list[Case]:
    """The whole cross product where it has at most ``most`` cases; else ``most`` cases drawn from it.

    A plain draw would leave nearly every case with several unknown facts, and so with unknown outputs. A third is
    therefore drawn without unknown facts, a third with exactly one, and a third from the whole product.
    """
    if prod(map(len, domain.values())) <= most:
        return every_case(domain)
    return list(_drawn(domain, most, random.Random(seed)))


def _drawn(domain: Domain, most: int, draw: random.Random) -> Iterator[Case]:
    seen: set[tuple[Value | None, ...]] = set()
    known = {name: [value for value in inside if value is not None] for name, inside in domain.items()}
    for attempt in count():
        source = domain if attempt % 3 == 2 else known
        case: dict[str, Value | None] = {name: draw.choice(inside) for name, inside in source.items()}
        missing = draw.choice(list(domain))
        if attempt % 3 == 1 and None in domain[missing]:
            case[missing] = None
        if tuple(case.values()) not in seen:
            seen.add(tuple(case.values()))
            yield case
        if len(seen) == most:
            return
