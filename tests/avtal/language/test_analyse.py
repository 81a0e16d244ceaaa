"""The build-time check finds overlaps, gaps and rows that never decide, and spreads itself over large tables."""

from __future__ import annotations

from collections import Counter
from math import prod

import pytest

import avtal.language.analyse
from avtal.language.analyse import MOST_CASES, _answers, _cases, analyse
from avtal.language.evaluate import Case
from avtal.language.expression import Kind, by_reading, choose
from avtal.language.facts import Facts, FactSet, Parameters, boolean, day, whole
from avtal.language.rule import Decision, Row
from tests.avtal.language.fakes import FakeValues, since

DECLARED = FactSet(*map(boolean, "pqr"), *(whole(f"n{number}", probes=tuple(range(10))) for number in range(6)))
F = Facts(DECLARED)
VALUES = FakeValues(chosen={"A01": "x"})


def test_a_sound_table_has_no_findings() -> None:
    """Rows that cover every case and never disagree are left in peace."""
    table = Decision("status", (Row(1, F.p, "no"), Row(1, ~F.p, "yes")), "none")
    found = analyse("charge", table, DECLARED, VALUES)
    assert (found.place, found.cases, found.otherwise, found.unknown) == ("charge.status", 2, 0, 0)
    assert (found.overlaps, found.unreachable, found.gaps) == ((), (), ())


def test_rows_of_one_rank_that_disagree_are_found_with_a_case() -> None:
    """Two outcomes of equal rank in one case are an overlap, told once for each pair; one outcome is none."""
    table = Decision("status", (Row(1, F.p, "no"), Row(1, F.q, "yes"), Row(1, F.p & F.q, "no")), "none")
    found = analyse("charge", table, DECLARED, VALUES)
    assert found.overlaps == ("rang 1 ger både no och yes: p=True, q=True",)


def test_a_row_that_never_decides_is_found() -> None:
    """A row that a stronger one always covers is unreachable, unless another reading may let it decide."""
    rows = (
        Row(1, F.p, "no"),
        Row(2, F.p & F.q, "yes"),
        Row(3, choose(F.q, by_reading("A01", {"x": False, "y": True}), False), "yes"),
    )
    found = analyse("charge", Decision("status", rows, "none"), DECLARED, VALUES)
    assert found.unreachable == ("rad 2 (yes, rang 2) avgör aldrig",)


def test_a_gap_is_told_with_its_first_case() -> None:
    """Where no row holds the table falls back on its last resort, and says in which case."""
    found = analyse("charge", Decision("status", (Row(1, F.p & F.q, "yes"),), "none"), DECLARED, VALUES)
    assert (found.cases, found.otherwise) == (4, 3)
    assert found.gaps == ("inget villkor sant, utfall none: p=True, q=False",)


def test_a_large_table_is_walked_evenly_and_each_case_is_new() -> None:
    """Beyond the limit the walk spreads that many different cases over all combinations of the facts."""
    numbers = [F[f"n{number}"] for number in range(6)]
    total = numbers[0]
    for number in numbers[1:]:
        total = total + number
    table = Decision("status", (Row(1, total > 27, "high"), Row(1, total <= 27, "low")), "none")
    found = analyse("charge", table, DECLARED, VALUES)
    assert (found.cases, found.unreachable, found.overlaps, found.gaps) == (MOST_CASES, (), (), ())
    assert found.combinations == 10**6


def walk(table: Decision, declared: FactSet) -> list[Case]:
    """The cases that a table is tried on."""
    answers = _answers(table, declared)
    return list(_cases(answers, prod(map(len, answers.values()))))


def test_the_walk_covers_every_value_of_every_fact_evenly() -> None:
    """Each of ten values comes up in about a tenth of the cases, in every fact, and no case comes twice."""
    total = F.n0
    for number in range(1, 6):
        total = total + F[f"n{number}"]
    walked = walk(Decision("status", (Row(1, total > 0, "yes"),), "none"), DECLARED)
    assert len(walked) == len({tuple(case.values()) for case in walked}) == MOST_CASES
    for number in range(6):
        seen = Counter(case[f"n{number}"] for case in walked)
        assert set(seen) == set(range(10))
        assert max(seen.values()) - min(seen.values()) < MOST_CASES // 100


def test_a_stride_that_shares_a_factor_is_moved_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many combinations there are, the walk never comes back to one before it is done."""
    for size in range(2, 10):
        declared = FactSet(whole("a", probes=tuple(range(size))), whole("b", probes=tuple(range(size + 3))))
        facts = Facts(declared)
        monkeypatch.setattr(avtal.language.analyse, "MOST_CASES", size * (size + 3) - 1)
        walked = walk(Decision("status", (Row(1, facts.a > facts.b, "yes"),), "none"), declared)
        assert len({tuple(case.values()) for case in walked}) == len(walked) == size * (size + 3) - 1


def test_an_outcome_unknown_though_all_is_stated_is_counted() -> None:
    """A price that nobody has entered leaves a row unknown: it is counted as that, and is no true row."""
    values = FakeValues(dated={"price": since(("2026-01-01", 5))})
    facts = Facts(FactSet(boolean("p"), day("date")))
    numbers = Parameters({"price": Kind.INT}, facts.date)
    table = Decision("status", (Row(1, facts.p & (numbers.price > 3), "yes"),), "none")
    found = analyse("charge", table, FactSet(boolean("p"), day("date")), values)
    # 2025-12-31, 2026-01-01 and 2026-01-02, each with p and without: the first day has no price
    assert (found.cases, found.otherwise, found.unknown) == (6, 4, 2)
    assert found.gaps == ("inget villkor sant, utfall none: p=True, date=2025-12-31",)
