"""What is proved of a table holds for every case: rare, refused and unsaid ones, in every option of readings."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import and_
from typing import Any

from avtal.language.analyse import Findings, analyse
from avtal.language.evaluate import Evaluation, Values
from avtal.language.expression import Expression, Kind, by_reading
from avtal.language.facts import FactConflict, FactError, Facts, FactSet, Parameters, boolean, code, day, whole
from avtal.language.proof import Proof, nothing_refused
from avtal.language.rule import Decision, Row
from tests.avtal.language.fakes import FakeValues, since

MANY = tuple(f"f{number}" for number in range(40))
DECLARED = FactSet(*map(boolean, (*MANY, "p", "q")), code("town", "ARE", "BERG"), whole("n", high=10**9), day("date"))
F = Facts(DECLARED)
VALUES = FakeValues({"limit": since(("2026-01-01", 3), ("2026-07-01", 700_000))}, {"A01": "x", "A02": "x"})


def every(*names: str) -> Expression:
    """All of these facts."""
    return reduce(and_, (F[name] for name in names))


def look(*rows: Row, values: Values = VALUES) -> Findings:
    """A table's findings."""
    return analyse("t", Decision("status", rows, "none"), DECLARED, values)


def test_an_overlap_in_one_case_of_a_million_million_is_found() -> None:
    """Forty facts at once: no sample would meet it; the example is the case."""
    found = look(Row(1, every(*MANY), "yes"), Row(1, F.f0 & F.f39, "no"))
    assert found.proved
    assert len(found.overlaps) == 1
    assert found.overlaps[0].startswith("rang 1 ger både yes och no: f0=True, f1=True")
    assert look(Row(1, every(*MANY), "yes"), Row(1, F.f0 & ~F.f39, "no")).overlaps == ()


def test_a_better_row_that_holds_there_takes_the_case_away() -> None:
    """Only where no better row decides do two rows disagree."""
    both = Row(2, F.p, "yes"), Row(2, F.q, "no")
    assert look(Row(1, F.p & F.q, "other"), *both).overlaps == ()
    assert look(Row(1, F.p & F.q & F.f0, "other"), *both).overlaps == (
        "rang 2 ger både yes och no: p=True, q=True, f0=False",
    )


def test_an_overlap_of_one_option_alone_is_found_with_the_option() -> None:
    """Whatever the parties choose, the table must stay whole."""
    other = by_reading("A01", {"x": F.p & ~F.q, "y": F.p})
    assert look(Row(1, other, "yes"), Row(1, F.q, "no")).overlaps == (
        "rang 1 ger både yes och no: p=True, q=True, A01=y",
    )


def test_two_readings_that_only_together_open_an_overlap_are_found() -> None:
    """Options are not tried one at a time."""
    one, other = by_reading("A01", {"x": False, "y": F.p}), by_reading("A02", {"x": False, "y": F.p})
    assert look(Row(1, one, "yes"), Row(1, other, "no")).overlaps == (
        "rang 1 ger både yes och no: p=True, A01=y, A02=y",
    )


def test_an_overlap_between_two_values_of_a_parameter_is_found() -> None:
    """A limit that is raised later makes room for a number that no boundary of today is near."""
    limit = Parameters({"limit": Kind.INT}, F.date).limit
    found = look(Row(1, F.n < limit, "yes"), Row(1, F.n > 3, "no"))
    assert found.overlaps == ("rang 1 ger både yes och no: n=4, date=2026-07-01",)


def test_an_overlap_only_of_what_is_unsaid_is_found() -> None:
    """What counts only when it is said counts as not so before: then a case of unsaid facts can overlap."""
    said = F.p.is_true() | (~F.p).is_true()
    assert look(Row(1, ~said, "yes"), Row(1, F.q, "no")).overlaps == (
        "rang 1 ger både yes och no: p=(inte sagt), q=True",
    )


def test_a_row_that_rests_on_a_reading_and_never_decides_is_found() -> None:
    """A row is let off only where some option lets it decide: then it is told as that, not as dead."""
    dead = by_reading("A01", {"x": F.q & ~F.q, "y": F.p & F.q})
    late = by_reading("A01", {"x": F.q & ~F.q, "y": F.q})
    found = look(Row(1, F.p, "no"), Row(2, dead, "yes"), Row(2, late, "yes"))
    assert found.unreachable == ("regelrad 2 (yes, rang 2) avgör aldrig",)
    assert found.dormant == ("regelrad 3 (yes, rang 2) avgör bara i en annan läsning än den valda",)


def test_what_is_refused_together_is_no_case() -> None:
    """A conflict between facts takes away an overlap, and makes a row that needs both unreachable."""

    def derive(_: Any, values: dict[str, Any], faults: list[FactError]) -> None:
        if values["p"] and values["town"] == "BERG":
            faults.append(FactConflict("p", "inte i Berg"))

    rows = Row(1, F.p, "yes"), Row(1, F.town == "BERG", "no"), Row(2, ~F.p & (F.town == "ARE") & (F.n > 4), "late")
    table = Decision("status", rows, "none")
    assert len(analyse("t", table, DECLARED, VALUES).overlaps) == 1
    assert analyse("t", table, DECLARED, VALUES, derive).overlaps == ()
    both = Decision("status", (Row(1, F.p & (F.town == "BERG"), "yes"),), "none")
    assert analyse("t", both, DECLARED, VALUES).unreachable == ()
    assert analyse("t", both, DECLARED, VALUES, derive).unreachable == ("regelrad 1 (yes, rang 1) avgör aldrig",)


def test_gaps_and_numbers_that_nobody_entered_are_told_with_a_case() -> None:
    """A case where no row holds; and one where all is said and it is still not known whether one does."""
    limit = Parameters({"limit": Kind.INT}, F.date).limit
    found = look(Row(1, F.n > limit, "yes"))
    assert found.gaps == ("inget villkor sant, utfall none: n=0, date=2026-01-01",)
    assert found.unknown == ("okänt fast allt är sagt: n=0, date=2000-01-01",)
    whole_table = look(Row(1, F.p, "yes"), Row(1, ~F.p, "no"))
    assert (whole_table.gaps, whole_table.unknown) == ((), ())


def test_a_derived_day_is_one_of_its_own_days() -> None:
    """The day that follows from the case is never unsaid, and lies within its term."""
    declared = FactSet(day("day", date(2026, 1, 1), date(2026, 12, 31), derived=True), boolean("p"))
    facts = Facts(declared)
    limit = Parameters({"limit": Kind.INT}, facts.day).limit
    proof = Proof(Decision("t", (Row(1, limit > 5, "late"),), "none"), declared, VALUES, nothing_refused)
    assert proof.variables.answers["day"] == tuple(
        map(date.fromisoformat, ("2026-01-01", "2026-01-02", "2026-06-30", "2026-07-01", "2026-07-02", "2026-12-31"))
    )
    assert proof.decides(0) == {"day": date(2026, 7, 1)}
    assert proof.unknown() is None


def test_every_example_holds_by_the_interpreter() -> None:
    """A case that is told is a case: both rows hold there."""
    rows = Row(1, F.p | (F.n > 5), "yes"), Row(1, F.q & (F.town == "BERG"), "no")
    (one, other, case), *more = Proof(Decision("t", rows, "none"), DECLARED, VALUES, nothing_refused).overlaps()
    run = Evaluation(case, VALUES)
    assert (one, other, more) == (0, 1, [])
    assert [run.value(row.when, {}) for row in rows] == [True, True]
