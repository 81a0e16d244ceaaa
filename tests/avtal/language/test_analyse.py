"""The build-time check finds overlaps, gaps and rows that never decide, and spreads itself over large tables."""

from __future__ import annotations

from avtal.language.analyse import MOST_CASES, analyse
from avtal.language.expression import by_reading, choose
from avtal.language.facts import Facts, FactSet, boolean, whole
from avtal.language.rule import Decision, Row
from tests.avtal.language.fakes import FakeValues

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
