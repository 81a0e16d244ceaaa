"""A whole table priced: the same totals on every engine as one by one, and nothing unknown or lost slips through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from avtal.book.missing import MissingIndex, NotInForce
from avtal.bulk import (
    MOST_NAMED,
    Intake,
    Place,
    Total,
    Unpriced,
    columns,
    create_table,
    digest,
    flagged,
    measure,
    outcomes,
    priced_sql,
    rows,
    totals,
)
from avtal.editions.jamtland_2026 import edition
from avtal.language.evaluate import Evaluation
from avtal.language.sql import Bounds
from tests.avtal.events import (
    EVENT_CHARGES,
    claiming,
    event_charge,
    events,
    execute,
    intake,
    made,
    one_by_one,
    table,
    with_prices_of_2026,
)
from tests.engines import Engine, Spark, Sqlite

EVENTS = 2_000
#: Without Spark, which needs seconds where the others need hundredths: it has its own tests of the same.
near = pytest.mark.parametrize("engine", ["sqlite", "duckdb", "postgres"], indirect=True)
HIRED = {"from": "BERG", "to": "REGION", "date": "2025-09-01", "start": "10:00", "profession": "nurse",
         "principal_level": "primary"}  # fmt: skip
JOB = {"municipality": "ARE", "date": "2025-09-01", "hours": "1", "requested": True}


def hired(sqlite: Sqlite, *stated: dict[str, Any]) -> Any:
    """A table of hired staff."""
    charge = event_charge("hired_staff")
    return table(sqlite, charge, made(charge, [HIRED | one for one in stated]), "some_hired")


def jobs(sqlite: Sqlite, *stated: dict[str, Any]) -> Any:
    """A table of jobs."""
    charge = event_charge("equipment_variable")
    return table(sqlite, charge, made(charge, [JOB | one for one in stated]), "some_jobs")


@cache
def expected_totals(name: str) -> list[Total]:
    """The totals of a charge's events, one by one."""
    return one_by_one(event_charge(name), events(name, EVENTS), with_prices_of_2026())


@pytest.mark.parametrize("name", EVENT_CHARGES)
def test_every_engine_gives_the_totals_of_a_plain_loop(engine: Engine, name: str) -> None:
    """Thousands of events give the same totals and the same digest on each engine as one by one, to the öre."""
    charge, book, found = event_charge(name), with_prices_of_2026(), events(name, EVENTS)
    expected = expected_totals(name)
    filled = table(engine, charge, found)
    assert totals(charge, filled, book) == expected
    assert digest({name: totals(charge, filled, book)}) == digest({name: expected})
    assert {total.example for total in expected} == {True, False}


@near
@pytest.mark.parametrize("name", EVENT_CHARGES)
def test_a_table_measured_is_what_a_loader_saw_go_in(engine: Engine, name: str) -> None:
    """Events, minutes, first and last day, and the columns that never are NULL are those of the events themselves."""
    charge, book, found = event_charge(name), with_prices_of_2026(), events(name, EVENTS)
    seen = measure(charge, table(engine, charge, found), book)
    days = [date.fromisoformat(one.stated["date"]) for one in found]
    unknown = {fact for one in found for fact, value in one.case.items() if value is None}
    assert (seen.events, seen.minutes) == intake(charge, found, book)
    assert seen.bounds == Bounds(frozenset(columns(charge)) - unknown, (min(days), max(days)))


@near
@pytest.mark.parametrize("name", EVENT_CHARGES)
def test_the_flags_of_a_total_are_those_of_its_events(engine: Engine, name: str) -> None:
    """Each flag that at least one event raises one by one, by payer, payee, month, outcome and example."""
    charge, book, found = event_charge(name), with_prices_of_2026(), events(name, 300)
    raised: dict[Place, set[str]] = {}
    for one in found:
        run = Evaluation(one.case, book)
        payer, payee, status = (
            str(run.result(tree).value) for tree in (charge.billed, charge.trees["payee"], charge.trees["status"])
        )
        flags = {flag for flag, tree in charge.flag_trees.items() if run.result(tree).value is True}
        raised.setdefault((payer, payee, one.month, status, one.example), set()).update(flags)
    seen = flagged(charge, table(engine, charge, found), book)
    assert {place: set(flags) for place, flags in seen.items()} == raised
    assert any(raised.values())


@near
@pytest.mark.parametrize("name", EVENT_CHARGES)
def test_the_distinct_amounts_add_up_to_the_totals(engine: Engine, name: str) -> None:
    """Each outcome times its events is the sum of all totals, and its line is an event that has it."""
    charge, book, found = event_charge(name), with_prices_of_2026(), events(name, EVENTS)
    filled = table(engine, charge, found)
    expected, each = expected_totals(name), outcomes(charge, filled, book)
    assert sum(one.events for one in each) == sum(total.events for total in expected) == len(found)
    assert sum(one.events * one.amount for one in each) == sum(total.amount for total in expected)
    first = each[0]
    [lone] = one_by_one(charge, [one for one in found if one.line == first.line], book)
    assert lone.amount == first.amount


@pytest.mark.spark
def test_spark_measures_and_tells_apart_like_the_others(spark: Spark, sqlite: Sqlite) -> None:
    """Intake, outcomes and the events themselves are the same on Spark as on SQLite."""
    charge, book, found = event_charge("liaison"), with_prices_of_2026(), events("liaison", 200)
    far, close = (table(engine, charge, found, "both") for engine in (spark, sqlite))
    assert measure(charge, far, book) == measure(charge, close, book)
    assert outcomes(charge, far, book) == outcomes(charge, close, book)
    assert rows(charge, far, limit=12) == rows(charge, close, limit=12)


def test_the_digest_sees_one_ore_and_one_example() -> None:
    """Another amount, or the mark of an example, is another digest; the order of the totals is none."""
    found = one_by_one(event_charge("liaison"), events("liaison", 50), with_prices_of_2026())
    first = found[0]
    same = digest({"liaison": reversed(found)})
    assert digest({"liaison": found}) == same
    for changed in (replace(first, amount=first.amount + 1), replace(first, example=not first.example)):
        assert digest({"liaison": [changed, *found[1:]]}) != same
    assert digest({"other": found}) != same


@near
def test_an_empty_table_has_no_totals(engine: Engine) -> None:
    """No events: nothing to measure, sum or tell apart."""
    charge = event_charge("liaison")
    empty = table(engine, charge, [])
    assert measure(charge, empty, edition()) == Intake(0, 0, Bounds(frozenset(columns(charge))))
    assert (totals(charge, empty, edition()), outcomes(charge, empty, edition())) == ([], [])


@pytest.mark.parametrize(
    ("dialect", "types"),
    [
        ("duckdb", "VARCHAR BIGINT BIGINT BOOLEAN VARCHAR DATE"),
        ("postgres", 'TEXT COLLATE "C" BIGINT BIGINT BOOLEAN TEXT COLLATE "C" DATE'),
        ("sqlite", "TEXT INTEGER INTEGER INTEGER TEXT TEXT"),
        ("spark", "STRING BIGINT BIGINT BOOLEAN STRING DATE"),
    ],
)
def test_an_event_table_has_declared_types(dialect: Any, types: str) -> None:
    """Our own columns and every fact, named as the facts, money and minutes in 64 bits."""
    statement = create_table(event_charge("hospital_attendance"), "t", dialect)
    quote = "`" if dialect == "spark" else '"'
    names = ("event_id", "line", "month", "example", "municipality", "date")
    kinds = types.replace('TEXT COLLATE "C"', "TEXT_C").split()
    listed = [f"{quote}{n}{quote} {kind}".replace("TEXT_C", 'TEXT COLLATE "C"')
              for n, kind in zip(names, kinds, strict=True)]  # fmt: skip
    assert statement.startswith(f"CREATE TABLE t ({', '.join(listed)}, ")


# -- what is not known does not close ----------------------------------------------------------------


def test_ob_upp_d6_unknown_travel_refuses_to_close_and_is_named(engine: Engine) -> None:
    """Whether travel was shared is unknown: event, line and fact are named, on every engine."""
    charge = event_charge("hired_staff")
    found = made(charge, [HIRED | {"work_minutes": 30}, HIRED | {"work_minutes": 30, "travel_minutes": 40}])
    with pytest.raises(Unpriced) as refused:
        totals(charge, table(engine, charge, found), edition())
    assert str(refused.value) == "hired_staff, händelse E3 (rad 3): okänt är travel_combined"


def test_unknown_travel_that_did_not_occur_is_no_obstacle(sqlite: Sqlite) -> None:
    """No travel needs no answer about how it was combined: one started hour."""
    [total] = totals(event_charge("hired_staff"), hired(sqlite, {"work_minutes": 30, "travel_minutes": 0}), edition())
    assert (total.status, total.amount, total.quantity, total.minutes) == ("charged", 64_000, 1, 30)


def test_a_sum_that_does_not_look_at_nulls_is_what_the_check_catches(sqlite: Sqlite) -> None:
    """The broken twin: SUM drops the unknown amount and gives 640 kr for two events; the run refuses instead."""
    charge = event_charge("hired_staff")
    filled = hired(sqlite, {"work_minutes": 30}, {"work_minutes": 30, "travel_minutes": 40})
    priced = priced_sql(charge, filled, edition(), Bounds())
    assert sqlite.query(f"SELECT COUNT(*), SUM(out_amount) FROM ({priced}) priced") == [(2, 64_000)]
    with pytest.raises(Unpriced, match="händelse E3"):
        totals(charge, filled, edition())


def test_all_missing_facts_of_the_first_events_are_named(sqlite: Sqlite) -> None:
    """Every fact of each event is named, for the first twenty events, and that there may be more."""
    bad = {"work_minutes": 30, "travel_minutes": 40, "to": None}
    with pytest.raises(Unpriced) as refused:
        totals(event_charge("hired_staff"), hired(sqlite, *[bad] * (MOST_NAMED + 5)), edition())
    first, *others, last = str(refused.value).splitlines()
    assert first == "hired_staff, händelse E2 (rad 2): okänt är travel_combined, to"
    assert (len(others), last) == (MOST_NAMED - 1, f"De {MOST_NAMED} första är visade.")


@pytest.mark.parametrize(("fact", "stated"), [("municipality", JOB), ("hours", JOB), ("requested", JOB)])
def test_any_unknown_that_matters_refuses_to_close(sqlite: Sqlite, fact: str, stated: dict[str, Any]) -> None:
    """A payer, a quantity or a condition that is unknown is named."""
    with pytest.raises(Unpriced, match=f"händelse E2 \\(rad 2\\): okänt är {fact}"):
        totals(event_charge("equipment_variable"), jobs(sqlite, stated | {fact: None, "travel": 0, "material": 0}),
               edition())  # fmt: skip


def test_ob_upp_d5_an_event_in_2026_needs_the_index(sqlite: Sqlite) -> None:
    """Without VPI the price of 2026 is missing, and says series and year; before 2025 there is none."""
    charge = event_charge("hired_staff")
    with pytest.raises(MissingIndex, match="VPI för indexår 2025, steget till prisår 2026"):
        totals(charge, hired(sqlite, {"work_minutes": 30, "date": "2026-01-01"}), edition())
    with pytest.raises(NotInForce, match="den 2024-12-31"):
        totals(charge, hired(sqlite, {"work_minutes": 30, "date": "2024-12-31"}), edition())
    free = hired(sqlite, {"work_minutes": 30, "start": "20:00", "date": "2026-01-01"})
    assert [total.status for total in totals(charge, free, edition())] == ["free"]


# -- what goes in comes out --------------------------------------------------------------------------


def test_a_row_lost_after_the_intake_is_seen(sqlite: Sqlite) -> None:
    """The broken twin: one of two events vanishes between intake and totals; without an intake nobody would know."""
    charge, filled = event_charge("hired_staff"), hired(sqlite, {"work_minutes": 30}, {"work_minutes": 61})
    counted = claiming(filled, measure(charge, filled, edition()))
    assert sum(total.amount for total in totals(charge, counted, edition())) == 3 * 64_000
    execute(sqlite, f"DELETE FROM {filled.name} WHERE line = 3")
    assert sum(total.amount for total in totals(charge, filled, edition())) == 64_000
    with pytest.raises(Unpriced, match="in gick 2 händelser och 91 minuter, ut kom 1 och 30"):
        totals(charge, counted, edition())


def test_minutes_changed_after_the_intake_are_seen(sqlite: Sqlite) -> None:
    """As many events but other minutes: the run refuses."""
    charge, filled = event_charge("hired_staff"), hired(sqlite, {"work_minutes": 30})
    counted = claiming(filled, measure(charge, filled, edition()))
    execute(sqlite, f"UPDATE {filled.name} SET work_minutes = 31")
    with pytest.raises(Unpriced, match="in gick 1 händelser och 30 minuter, ut kom 1 och 31"):
        totals(charge, counted, edition())


def test_a_column_wrongly_said_to_be_filled_is_seen(engine: Engine) -> None:
    """The broken twin: in the belief that ``requested`` is known an unknown one would be charged nothing."""
    charge = event_charge("equipment_variable")
    found = made(charge, [JOB, JOB | {"requested": None, "travel": 0, "material": 0}])
    filled = table(engine, charge, found)
    true = measure(charge, filled, edition())
    assert "requested" not in true.bounds.known
    claim = replace(true, bounds=replace(true.bounds, known=true.bounds.known | {"requested"}))
    blind = priced_sql(charge, filled, edition(), claim.bounds, "line")
    column = [row[6] for row in sorted(engine.query(blind))]
    assert [int(amount) for amount in column] == [112_300, 0]
    with pytest.raises(Unpriced) as refused:
        totals(charge, claiming(filled, claim), edition())
    assert str(refused.value) == ("equipment_variable: requested saknas i 1 händelser, men skulle alltid vara ifylld")


@near
def test_a_day_outside_what_the_intake_says_is_seen(engine: Engine) -> None:
    """The broken twin: in the belief that all days are in 2025 an event of 2026 would get the price of 2025."""
    charge, book = event_charge("equipment_variable"), with_prices_of_2026()
    filled = table(engine, charge, made(charge, [JOB | {"date": "2026-03-01"}]))
    true = measure(charge, filled, book)
    year = (date(2025, 1, 1), date(2025, 12, 31))
    claim = replace(true, bounds=replace(true.bounds, days=year))
    [[amount]] = engine.query(f"SELECT out_amount FROM ({priced_sql(charge, filled, book, claim.bounds)}) priced")
    assert amount == 112_300
    assert [total.amount for total in totals(charge, filled, book)] == [115_900]
    with pytest.raises(Unpriced) as refused:
        totals(charge, claiming(filled, claim), book)
    assert str(refused.value) == (
        "equipment_variable: händelserna är från 2026-03-01 till 2026-03-01, men skulle vara från 2025-01-01 "
        "till 2025-12-31"
    )
    late = replace(true.bounds, days=(date(2026, 3, 2), date(2026, 3, 2) + timedelta(days=1)))
    with pytest.raises(Unpriced, match="skulle vara från 2026-03-02"):
        totals(charge, claiming(filled, replace(true, bounds=late)), book)


def test_an_unknown_day_is_a_missing_fact(sqlite: Sqlite) -> None:
    """A date that is NULL has no price: it is named, also where the intake says which days there are."""
    charge = event_charge("equipment_variable")
    filled = jobs(sqlite, {})
    execute(sqlite, f"UPDATE {filled.name} SET date = NULL")
    days = (date(2025, 1, 1), date(2025, 12, 31))
    for seen in (None, Intake(1, 10_000, Bounds(frozenset({"hours"}), days))):
        with pytest.raises(Unpriced, match="okänt är date"):
            totals(charge, replace(filled, intake=seen), edition())


@near
def test_events_come_back_as_they_were_read(engine: Engine) -> None:
    """Id, line, mark and facts are the same from every engine, in the order of lines, up to the limit."""
    charge, found = event_charge("hired_staff"), events("hired_staff", 40)
    back = rows(charge, table(engine, charge, found[::-1], "back"), limit=12)
    assert [(one.id, one.line, one.example, one.case) for one in back] == [
        (one.id, one.line, one.example, one.case) for one in found[:12]
    ]
