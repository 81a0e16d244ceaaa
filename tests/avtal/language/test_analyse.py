"""The build-time check finds overlaps, gaps and rows that never decide; computed tables are walked through evenly."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import reduce
from math import prod
from operator import add

import pytest

import avtal.language.analyse
from avtal.language.analyse import MOST_CASES, Choosing, Findings, _answers, _cases, analyse
from avtal.language.evaluate import Case
from avtal.language.expression import Kind, by_reading
from avtal.language.facts import Facts, FactSet, Parameters, boolean, day, whole
from avtal.language.rule import Decision, Row
from tests.avtal.language.fakes import FakeValues, since

DECLARED = FactSet(*map(boolean, "pqr"), *(whole(f"n{number}", probes=tuple(range(10))) for number in range(6)))
F = Facts(DECLARED)
VALUES = FakeValues(chosen={"A01": "x"})


TOTAL = reduce(add, (F[f"n{number}"] for number in range(6)))


def test_a_sound_table_has_no_findings() -> None:
    """Rows that cover every case and never disagree are left in peace."""
    table = Decision("status", (Row(1, F.p, "no"), Row(1, ~F.p, "yes")), "none")
    assert analyse("charge", table, DECLARED, VALUES) == Findings("charge.status")


def test_rows_of_one_rank_that_disagree_are_found_with_a_case() -> None:
    """Two outcomes of equal rank in one case are an overlap, told once for each pair; one outcome is none."""
    table = Decision("status", (Row(1, F.p, "no"), Row(1, F.q, "yes"), Row(1, F.p & F.q, "no")), "none")
    found = analyse("charge", table, DECLARED, VALUES)
    told = "rang 1 ger både {} och {}: p=True, q=True"
    assert found.overlaps == (told.format("no", "yes"), told.format("yes", "no"))


def test_a_computed_table_is_walked_evenly_and_what_cannot_be_is_proved() -> None:
    """Sums have no boundaries of their own: as many cases as the limit; rows of one outcome need no case."""
    table = Decision("status", (Row(1, TOTAL > 27, "high"), Row(2, TOTAL <= 27, "low")), "none")
    assert analyse("charge", table, DECLARED, VALUES) == Findings(
        "charge.status", proved=False, cases=MOST_CASES, combinations=10**6, computed=tuple(f"n{n}" for n in range(6))
    )


def test_computed_rows_that_may_disagree_are_told_though_no_case_is_found() -> None:
    """That a sum is above 27 and at most 27 is not seen by what is proved: it is said, and no error."""
    table = Decision("status", (Row(1, TOTAL > 27, "high"), Row(1, TOTAL <= 27, "low")), "none")
    found = analyse("charge", table, DECLARED, VALUES)
    assert (found.overlaps, found.unreachable, found.gaps) == ((), (), ())
    assert found.undecided == ("rang 1 ger både high och low kan inte uteslutas, men inget fall hittades",)


def test_a_computed_overlap_gap_and_dead_row_are_found_by_cases() -> None:
    """As in a table that is proved, with the first case that the walk meets."""
    rows = Row(1, F.n0 + F.n1 > 3, "high"), Row(1, F.p & (F.n0 + F.n1 > 3), "other"), Row(2, F.n0 + F.n1 > 20, "dead")
    found = analyse("charge", Decision("status", rows, "none"), DECLARED, VALUES)
    assert found.overlaps == ("rang 1 ger både high och other: n0=0, n1=4, p=True",)
    assert found.unreachable == ("regelrad 3 (dead, rang 2) avgör aldrig",)
    assert found.gaps == ("inget villkor sant, utfall none: n0=0, n1=0, p=True",)
    assert found.undecided == ()


def test_computed_rows_that_agree_are_no_overlap() -> None:
    """Two rows of one rank and outcome may hold at once."""
    rows = Row(1, F.n0 + F.n1 > 3, "high"), Row(1, F.p & (F.n0 + F.n1 > 3), "high")
    assert analyse("charge", Decision("status", rows, "low"), DECLARED, VALUES).overlaps == ()


def test_other_options_of_a_computed_table_are_walked_too() -> None:
    """A row may decide, and two may disagree, in an option that is not chosen."""
    total = F.n0 + F.n1 > 3
    late = by_reading("A01", {"x": total & F.p & ~F.p, "y": total})
    rows = Row(1, late, "late"), Row(1, by_reading("A01", {"x": total & F.p, "y": F.q}), "q")
    found = analyse("charge", Decision("status", rows, "none"), DECLARED, VALUES)
    assert found.overlaps == ("rang 1 ger både late och q: n0=0, n1=4, p=True, q=True, A01=y",)
    assert found.unreachable == ()
    assert found.dormant == ("regelrad 1 (late, rang 1) avgör bara i en annan läsning än den valda",)


def walk(table: Decision, declared: FactSet) -> list[Case]:
    """The cases that a table is tried on."""
    answers = _answers(table, declared)
    return list(_cases(answers, prod(map(len, answers.values())), avtal.language.analyse.MOST_CASES))


def test_the_walk_covers_every_value_of_every_fact_evenly() -> None:
    """Each of ten values comes up in about a tenth of the cases, in every fact, and no case comes twice."""
    walked = walk(Decision("status", (Row(1, TOTAL > 0, "yes"),), "none"), DECLARED)
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


def test_an_outcome_unknown_though_all_is_stated_is_told() -> None:
    """A price that nobody has entered leaves a computed row unknown: it is told as that, and is no true row."""
    values = FakeValues(dated={"price": since(("2026-01-01", 5))})
    facts = Facts(FactSet(boolean("p"), day("date")))
    numbers = Parameters({"price": Kind.INT}, facts.date)
    table = Decision("status", (Row(1, facts.p & (numbers.price * 2 > 3), "yes"),), "none")
    found = analyse("charge", table, FactSet(boolean("p"), day("date")), values)
    assert found.unknown == ("okänt fast allt är sagt: p=True, date=2025-12-31",)
    assert found.gaps == ("inget villkor sant, utfall none: p=False, date=2026-01-01",)


def test_other_options_look_the_same_numbers_up() -> None:
    """Only the reading is another."""
    values = Choosing(FakeValues({"price": since(("2026-01-01", 5))}, {"A01": "x", "A02": "x"}), {"A01": "y"})
    assert [values.reading(name).value for name in ("A01", "A02")] == ["y", "x"]
    assert values.parameter("price", date(2026, 1, 1)).value == 5
    assert values.history("price") == since(("2026-01-01", 5))
