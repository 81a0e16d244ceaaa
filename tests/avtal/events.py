"""Events made up by rule for every charge that is priced event by event, and the loop that prices them one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from avtal.book.answer import BadFacts
from avtal.book.charge import EventCharge
from avtal.book.edition import Edition
from avtal.book.indices import IndexValue
from avtal.bulk import EventTable, Intake, Total, columns, create_table
from avtal.editions.jamtland_2026 import CHARGES, edition
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES, PARTIES
from avtal.editions.jamtland_2026.vision_hearing import HEARING, RESPONSIBLE, VISION
from avtal.language.evaluate import Case, Evaluation
from tests.engines import Engine, Spark

EVENT_CHARGES = tuple(name for name, charge in CHARGES.items() if isinstance(charge, EventCharge))
FIRST = date(2025, 7, 1)


def event_charge(name: str) -> EventCharge:
    """A charge that is priced event by event."""
    found = CHARGES[name]
    assert isinstance(found, EventCharge)
    return found


@cache
def with_prices_of_2026() -> Edition:
    """The edition with index steps to 2026 that are made up."""
    made_up = [IndexValue(series, year, Decimal("3.2"), "entered", date(2025, 12, 15), "påhittat")
               for series, year in (("VPI", 2025), ("OPI", 2026))]  # fmt: skip
    return edition().with_indices(*made_up)


@dataclass(frozen=True)
class Made:
    """One event: its id and line, what it states, whether it is example data, and its facts."""

    id: str
    line: int
    stated: dict[str, Any]
    example: bool
    case: Case

    @property
    def month(self) -> int:
        """The month it belongs to, like 202507."""
        day = self.case["date"]
        assert isinstance(day, date)
        return day.year * 100 + day.month

    def row(self) -> list[Any]:
        """Its row in an event table."""
        return [self.id, self.line, self.month, self.example, *self.case.values()]


def made(charge: EventCharge, stated: Iterable[dict[str, Any]]) -> list[Made]:
    """Events of what is stated, every seventh of them an example; those with faults are left out."""
    found: list[Made] = []
    for one in stated:
        line = len(found) + 2
        try:
            case = charge.case(one)
        except BadFacts:
            continue
        found.append(Made(f"E{line}", line, one, line % 7 == 0, {name: case[name] for name in charge.facts}))
    return found


@cache
def events(name: str, number: int, days: int = 360) -> tuple[Made, ...]:
    """Events of a charge that all can be priced, the same ones on every run."""
    pick, charge, prices = Random(name), event_charge(name), with_prices_of_2026()
    found = made(charge, (_STATED[name](pick, days) for _ in range(number)))
    priced = [one for one in found if Evaluation(one.case, prices).result(charge.trees["amount"]).value is not None]
    assert len(priced) > number // 2
    return tuple(priced)


def _day(pick: Random, days: int) -> str:
    return str(FIRST + timedelta(days=pick.randrange(days)))


def _clock(pick: Random) -> str:
    return f"{pick.randrange(24):02d}:{pick.choice((0, 1, 30, 59)):02d}"


def _minutes(pick: Random) -> dict[str, Any]:
    kinds = {"work_minutes": 300, "admin_minutes": 61, "report_minutes": 20, "travel_minutes": 90}
    return {kind: pick.choice((0, 60, pick.randrange(most))) for kind, most in kinds.items() if pick.random() < 0.8}


def _hired(pick: Random, days: int) -> dict[str, Any]:
    timed = {"end": _clock(pick)} if pick.random() < 0.4 else _minutes(pick)
    performs, hires = pick.sample(PARTIES, 2)
    return {
        "from": performs, "to": hires, "date": _day(pick, days), "start": _clock(pick), **timed,
        "travel_combined": pick.choice((True, False, None)), "profession": pick.choice(("nurse", "physiotherapist")),
        "principal_level": pick.choice(("primary", "specialised")), "palliative_team": pick.choice((None, False, True)),
    }  # fmt: skip


def _liaison(pick: Random, days: int) -> dict[str, Any]:
    return {
        "kind": pick.choice(("vision", "hearing")), "municipality": pick.choice(MUNICIPALITIES),
        "date": _day(pick, days), "patient_responsibility": pick.choice(("REGION",) * 9 + RESPONSIBLE),
        "action": pick.choice((*VISION, *HEARING, "other")), "agreed": pick.random() < 0.8, **_minutes(pick),
        "special_trip": pick.choice((True, False, None)),
    }  # fmt: skip


def _job(pick: Random, days: int) -> dict[str, Any]:
    return {
        "municipality": pick.choice(MUNICIPALITIES), "date": _day(pick, days),
        "hours": f"{pick.randrange(30)}.{pick.randrange(10_000):04d}", "travel": f"{pick.randrange(900)}.50",
        "material": f"{pick.randrange(5000)}.{pick.randrange(100):02d}", "requested": pick.choice((True, True, False)),
        "work": pick.choice(("requested", "preventive", "corrective", "advice", None)),
    }  # fmt: skip


def _attendance(pick: Random, days: int) -> dict[str, Any]:
    costs = ("wage_cost", "travel_cost", "travel_time_pay")
    return {
        "municipality": pick.choice(MUNICIPALITIES), "date": _day(pick, days),
        **{name: f"{pick.randrange(3000)}.{pick.randrange(100):02d}" for name in costs},
        "written_agreement": pick.choice((True, True, False)),
    }  # fmt: skip


_STATED = {
    "hired_staff": _hired, "liaison": _liaison, "equipment_variable": _job, "hospital_attendance": _attendance,
}  # fmt: skip


def one_by_one(charge: EventCharge, found: Iterable[Made], book: Edition) -> list[Total]:
    """The totals by a loop over the interpreter: no SQL, no compiled tree."""
    sums: Counter[tuple[Any, ...]] = Counter()
    for one in found:
        run = Evaluation(one.case, book)
        trees = (charge.billed, charge.trees["payee"], charge.trees["status"])
        payer, payee, status = (run.result(tree).value for tree in trees)
        place = (payer, payee, one.month, status, one.example)
        sums[*place, "events"] += 1
        for name in ("quantity", "minutes", "amount"):
            value = run.result(charge.trees[name]).value
            assert value is not None or (name == "minutes" and status != "charged")  # minutes that matter to nobody
            sums[*place, name] += int(str(value or 0))
    places = {key[:-1] for key in sums}
    return sorted(Total(*place, *(sums[*place, name] for name in ("events", "quantity", "minutes", "amount")))
                  for place in places)  # fmt: skip


def intake(charge: EventCharge, found: Sequence[Made], book: Edition) -> tuple[int, int]:
    """Events and minutes, counted one by one."""
    minutes = (Evaluation(one.case, book).result(charge.trees["minutes"]).value for one in found)
    return len(found), sum(int(str(number)) for number in minutes if number is not None)


def execute(engine: Engine, statement: str) -> None:
    """Run a statement that gives no rows."""
    run = engine.session.sql if isinstance(engine, Spark) else engine.connection.execute  # type: ignore[attr-defined]
    run(statement)


def table(engine: Engine, charge: EventCharge, found: Sequence[Made], name: str = "") -> EventTable:
    """The events in a table that ``create_table`` declares."""
    name = name or f"bulk_{charge.name}"
    execute(engine, f"DROP TABLE IF EXISTS {name}")
    execute(engine, create_table(charge, name, engine.dialect))
    if found:
        engine.load(f"{name}_read", columns(charge), [one.row() for one in found])
        execute(engine, f"INSERT INTO {name} SELECT * FROM {name}_read")
    return EventTable(engine.query, engine.dialect, name)


def claiming(known: EventTable, seen: Intake) -> EventTable:
    """The table with an intake that somebody saw."""
    return replace(known, intake=seen)
