"""Minutes that count towards a started hour: OB-UPP-D6 and SH-EKO-5, readings A18 and A68."""

from __future__ import annotations

from avtal.book.stated import Stated
from avtal.calendar import DAY_MINUTES
from avtal.language.expression import Expression, Value, by_reading, ceil_div, choose
from avtal.language.facts import Fact, FactConflict, FactError, Facts, boolean, minutes

COMPONENTS = ("work_minutes", "admin_minutes", "report_minutes", "travel_minutes")


def components() -> tuple[Fact, ...]:
    """The stated minute kinds, and whether any of them was left out."""
    return (*map(minutes, COMPONENTS), boolean("component_absent", derived=True))


def fill_absent(stated: Stated, values: dict[str, Value | None], faults: list[FactError]) -> None:
    """A component that is absent while another is stated did not occur (A68); an explicit null stays unknown."""
    given = [name for name in COMPONENTS if stated.get(name) is not None]
    absent = [name for name in COMPONENTS if name not in stated] if given else []
    values.update(dict.fromkeys(absent, 0))
    values["component_absent"] = bool(absent)
    total = sum(int(str(values[name])) for name in given)
    if total > DAY_MINUTES:
        faults.append(FactConflict(given[0], f"minuterna är tillsammans {total}; högst {DAY_MINUTES}, ett dygn"))


def absent_is_none(stated_one: str, others: tuple[str, ...], stated: Stated, values: dict[str, Value | None]) -> None:
    """A cost that is absent beside a stated one did not occur (A68); an explicit null stays unknown."""
    absent = [name for name in others if name not in stated] if values[stated_one] is not None else []
    values.update(dict.fromkeys(absent, 0))
    values["component_absent"] = bool(absent)


def as_stated(facts: Facts, total: Expression) -> Expression:
    """A sum of stated components, by the reading that says what an absent one means (A68)."""
    return choose(facts.component_absent, by_reading("A68", {"not_performed": total}), total)


def counted(facts: Facts, travel: Expression) -> Expression:
    """Work, administration and report, and travel as the clause has it."""
    return as_stated(facts, facts.work_minutes + facts.admin_minutes + facts.report_minutes + travel)


def travel_when(condition: Expression, facts: Facts) -> Expression:
    """The travel time where the condition holds; no travel needs no condition, and what does not count no minutes."""
    return choose((facts.travel_minutes > 0) & condition, facts.travel_minutes, 0).named("counted_travel")


def started_hours(minutes_counted: Expression, *clauses: str) -> Expression:
    """Whole started hours, rounded up once for each occasion (A18)."""
    return by_reading("A18", {"occasion": ceil_div(minutes_counted, 60)}).named("started_hours", *clauses)
