"""Events priced for somebody to keep: every one with its outcome and flags, summed afterwards, none of them lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from avtal.bulk import (
    Alike,
    EventTable,
    Intake,
    Kept,
    Total,
    Unpriced,
    codes_in,
    columns,
    flag_bits,
    flags_in,
    kept_sql,
    measure,
    owed,
    summed,
    totals,
    why_unpriced,
)
from avtal.editions.jamtland_2026 import edition
from avtal.language.evaluate import Evaluation
from avtal.language.expression import Kind
from avtal.language.sql import Bounds
from tests.avtal.events import EVENT_CHARGES, event_charge, events, made, table, with_prices_of_2026
from tests.engines import Engine, Sqlite

near = pytest.mark.parametrize("engine", ["sqlite", "duckdb", "postgres"], indirect=True)
NAMES = ("line", "month", "example", "payer", "payee", "status", "quantity", "minutes", "amount", "flags")


@near
@pytest.mark.parametrize("name", EVENT_CHARGES)
def test_kept_events_sum_to_the_totals_and_have_the_flags_of_each(engine: Engine, name: str) -> None:
    """One statement gives every event what the interpreter gives it; the sums are those of a settlement."""
    charge, book, found = event_charge(name), with_prices_of_2026(), events(name, 400)
    filled = table(engine, charge, found, f"kept_{name}")
    intake = measure(charge, filled, book)
    alike, minutes = [], 0
    for row in engine.query(kept_sql(charge, filled, book, intake.bounds)):
        one = dict(zip(NAMES, row, strict=True))
        event = found[[made_.line for made_ in found].index(one["line"])]
        run = Evaluation(event.case, book)
        raised = tuple(flag for flag, tree in charge.flag_trees.items() if run.result(tree).value is True)
        assert flags_in(charge, int(one["flags"])) == raised
        place = (one["payer"], one["payee"], int(one["month"]), one["status"], bool(one["example"]))
        alike.append(Alike(place, int(one["flags"]), int(one["amount"]), one["line"], 1, int(one["quantity"])))
        minutes += int(one["minutes"] or 0)
    expected = totals(charge, filled, book)
    sums = summed(charge, alike, intake, minutes)
    assert [(place, kept.events, kept.quantity, kept.amount) for place, kept in sums.items()] == [
        ((one.payer, one.payee, one.month, one.status, one.example), one.events, one.quantity, one.amount)
        for one in expected
    ]
    assert owed(expected) == sum(kept.amount for kept in sums.values())


def test_alike_events_sum_with_their_flags() -> None:
    """Two with one amount and one with another: events, quantity, öre, and every flag that any of them raises."""
    place = ("REGION", "BERG", 202507, "charged", False)
    two, other = Alike(place, 1, 64_000, 2, 2, 2), Alike(place, 4, 128_000, 5, 1, 2)
    charge = event_charge("hired_staff")
    assert summed(charge, [two, other], Intake(3, 180, Bounds()), 180) == {place: Kept(3, 4, 256_000, 5)}


@pytest.mark.parametrize(("events_in", "minutes"), [(2, 180), (3, 179)])
def test_a_kept_event_that_is_lost_is_seen(events_in: int, minutes: int) -> None:
    """Events and minutes must both be what went in."""
    place = ("REGION", "BERG", 202507, "charged", False)
    found = [Alike(place, 0, 64_000, 2, events_in, 2)]
    with pytest.raises(Unpriced, match="in gick 3 händelser och 180 minuter"):
        summed(event_charge("hired_staff"), found, Intake(3, 180, Bounds()), minutes)


def test_flags_are_bits_in_their_own_order() -> None:
    """A charge without flags has the number 0."""
    charge = event_charge("hired_staff")
    assert flags_in(charge, 0b1001) == ("evening_other_profession_unregulated", "municipality_to_municipality")
    assert flag_bits(replace(charge, flags=lambda _, __: {})).payload == 0


def test_the_codes_of_a_tree_are_what_it_can_give() -> None:
    """Outcomes in the order of the decision, parties as the fact allows them, units by choice, one by itself."""
    hired, liaison = event_charge("hired_staff"), event_charge("liaison")
    assert set(codes_in(hired, hired.trees["status"])) == {"charged", "free", "manual", "not_chargeable"}
    assert codes_in(hired, hired.billed) == ("REGION", *edition().parties[1:])
    assert codes_in(liaison, liaison.billed) == ("REGION:syncentralen", "REGION:hörselvården")
    assert codes_in(liaison, liaison.trees["payer"]) == ("REGION",)


def test_every_code_of_an_outcome_is_among_those_it_can_give() -> None:
    """For each charge: what events get is in the list, or summing them by number would lose them."""
    for name in EVENT_CHARGES:
        charge = event_charge(name)
        for one in events(name, 200):
            for tree in (charge.billed, charge.trees["payee"], charge.trees["status"]):
                assert tree.kind is Kind.CODE
                assert Evaluation(one.case, with_prices_of_2026()).result(tree).value in codes_in(charge, tree)


@near
def test_what_a_table_says_of_itself_is_not_looked_up(engine: Engine) -> None:
    """With columns that are never NULL and days that are given, the intake is the same and asks for less."""
    charge, book = event_charge("hired_staff"), edition()
    found = [one for one in events("hired_staff", 300, 180) if one.case["date"] <= date(2025, 12, 31)]  # type: ignore[operator]
    filled = table(engine, charge, found, "says_itself")
    days = (date(2025, 7, 1), date(2025, 12, 31))
    plain = measure(charge, filled, book)
    asked: list[str] = []

    def listening(statement: str) -> object:
        asked.append(statement)
        return engine.query(statement)

    never = plain.bounds.known & set(columns(charge))
    told = measure(charge, EventTable(listening, filled.dialect, filled.name), book, never, days)  # type: ignore[arg-type]
    assert (told.events, told.minutes, told.bounds) == (plain.events, plain.minutes, Bounds(plain.bounds.known, days))
    assert "MIN(" not in asked[0]
    assert asked[0].count("COUNT(") == 1 + len(columns(charge)) - len(never)


def test_why_is_told_of_a_table_that_cannot_be_kept(sqlite: Sqlite) -> None:
    """The first unknown event, by its own id, and the fact that nobody has stated."""
    charge = event_charge("hired_staff")
    stated = {"from": "BERG", "to": "REGION", "date": "2025-09-01", "start": "10:00", "profession": "nurse",
              "principal_level": "primary", "work_minutes": None}  # fmt: skip
    filled = table(sqlite, charge, made(charge, [stated]), "cannot_be_kept")
    intake = measure(charge, filled, edition())
    assert "händelse E2" in str(why_unpriced(charge, filled, edition(), intake.bounds))


def test_nothing_owed_is_zero() -> None:
    """And a total of one is that one."""
    assert owed([]) == 0
    assert owed([Total("REGION", "BERG", 202507, "charged", False, 1, 1, 60, 64_000)]) == 64_000
