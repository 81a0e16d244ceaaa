"""Price a whole table of events: DuckDB embedded, SQLite and PostgreSQL in place, Spark for what outgrows one machine.

The trees that price one case are printed as SQL; the engine sums them by payer, payee, month and outcome. Money is
BIGINT öre and is rounded nowhere else than in the trees. SUM drops NULL silently, so a run with an amount that is not
known refuses to close, and what goes in must come out: events and minutes are counted on both sides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from avtal.book.charge import EventCharge
from avtal.book.edition import Edition
from avtal.language.expression import Expression, Kind, Value, choose, constant
from avtal.language.numbered import numbered
from avtal.tables import Run, declared, quoted

if TYPE_CHECKING:
    from avtal.language.evaluate import Case
    from avtal.language.sql import Bounds, Dialect

#: Columns beside the facts: which event it is, where it was read, its month (202507) and whether it is example data.
OWN_COLUMNS = {"event_id": Kind.CODE, "line": Kind.INT, "month": Kind.INT, "example": Kind.BOOL}

#: What the events of one total have in common: payer, payee, month, outcome, example.
Place = tuple[str, str, int, str, bool]

#: An error names this many of the events that have no amount.
MOST_NAMED = 20


class Unpriced(ValueError):
    """A run cannot close: an amount is unknown, or what came out is not what went in. Its text is for users."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What whoever filled an event table saw go in: the counts that must come out again, and what the SQL may rely on.

    Attributes:
        events: How many events.
        minutes: How many counted minutes, or parts of an hour.
        bounds: Columns that never are NULL, first and last day.
    """

    events: int
    minutes: int
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class EventTable:
    """A table of one charge's events in an engine, its columns named as the facts.

    Attributes:
        run: Runs one statement and gives its rows.
        dialect: Whose SQL.
        name: The table's name.
        intake: What was seen to go in; measured in the table itself when it is not given.
    """

    run: Run
    dialect: Dialect
    name: str
    intake: Intake | None = None


@dataclass(frozen=True, slots=True, order=True)
class Total:
    """The events of one payer, payee, month and outcome: how many, how much, öre and minutes."""

    payer: str
    payee: str
    month: int
    status: str
    example: bool
    events: int
    quantity: int
    minutes: int
    amount: int


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a table: its id, the line where it was read, whether it is example data, and its facts."""

    id: str
    line: int
    example: bool
    case: Case


def columns(charge: EventCharge) -> dict[str, Kind]:
    """The columns of the charge's event table: our own, then every fact."""
    return OWN_COLUMNS | {name: fact.kind for name, fact in charge.facts.items()}


def create_table(charge: EventCharge, name: str, dialect: Dialect) -> str:
    """The statement that makes an empty event table, with declared types."""
    listed = ", ".join(declared(column, kind, dialect) for column, kind in columns(charge).items())
    return f"CREATE TABLE {name} ({listed})"


def measure(
    charge: EventCharge,
    table: EventTable,
    edition: Edition,
    filled: Collection[str] = (),
    days: tuple[date, date] | None = None,
) -> Intake:
    """The intake of a table that somebody else filled: one pass over it.

    Args:
        charge: Whose events.
        table: Where they are.
        edition: The edition.
        filled: Columns that never are NULL by the table's own definition, and need not be counted.
        days: Between which days the table's own definition has every event; looked up where it does not say.
    """
    from avtal.language.sql import Bounds  # here: importing avtal loads no third-party module

    names = [name for name in columns(charge) if name not in filled]
    counts = [f"COUNT({quoted(name, table.dialect)})" for name in names]
    day = quoted("date", table.dialect)
    asked = ["COUNT(*)", "SUM(out_minutes)", *counts, *([] if days else [f"MIN({day})", f"MAX({day})"])]
    kept = dict.fromkeys([*names, *([] if days else ["date"])])
    bounds = Bounds(frozenset(filled), days)
    counted = _select({"out_minutes": charge.trees["minutes"]}, table, edition, bounds, *kept)
    [[events, minutes, *found]] = table.run(f"SELECT {', '.join(asked)} FROM ({counted}) counted")
    known = {name for name, count in zip(names, found, strict=False) if count == events} | set(filled)
    if not days and events and "date" in known:
        days = (_day(found[-2]), _day(found[-1]))
    return Intake(int(events), int(minutes or 0), Bounds(frozenset(known), days))


OUTPUTS = ("payer", "payee", "status", "quantity", "minutes", "amount")


def priced_outputs(charge: EventCharge) -> dict[str, Expression]:
    """What is computed of every event, each as ``out_`` and its name; the payer is who is sent the invoice."""
    return {f"out_{name}": charge.trees[name] for name in OUTPUTS} | {"out_payer": charge.billed}


def priced_sql(charge: EventCharge, table: EventTable, edition: Edition, bounds: Bounds, *own: str) -> str:
    """The statement that prices every event: our own columns and every output."""
    return _select(priced_outputs(charge), table, edition, bounds, *own)


def _select(outputs: Mapping[str, Expression], table: EventTable, edition: Edition, bounds: Bounds, *own: str) -> str:
    from avtal.language.sql import select  # here: importing avtal loads no third-party module

    return select(outputs, table.name, table.dialect, edition, bounds, own)


def _placed(table: EventTable) -> str:
    """The columns of a ``Place`` in what was priced."""
    month, example = (quoted(name, table.dialect) for name in ("month", "example"))
    return f"out_payer, out_payee, {month}, out_status, {example}"


def flag_bits(charge: EventCharge) -> Expression:
    """The event's flags as one number: a bit for each flag tree, in their order; an unknown flag is not raised."""
    raised = [choose(tree.is_true(), 1 << place, 0) for place, tree in enumerate(charge.flag_trees.values())]
    return sum(raised[1:], raised[0]) if raised else constant(0)


def flags_in(charge: EventCharge, bits: int) -> tuple[str, ...]:
    """The names of the flags in a number that ``flag_bits`` gave."""
    return tuple(name for place, name in enumerate(charge.flag_trees) if bits >> place & 1)


def codes_in(charge: EventCharge, tree: Expression) -> tuple[str, ...]:
    """Every code that a tree of the charge can give: what its choices and readings end in."""
    if tree.op == "constant":
        return (tree.payload,)
    if tree.op == "fact":
        return charge.facts[tree.name].values
    ends = tree.args[1:] if tree.op == "choose" else tree.args
    return tuple(dict.fromkeys(code for end in ends for code in codes_in(charge, end)))


def kept_sql(charge: EventCharge, table: EventTable, edition: Edition, bounds: Bounds) -> str:
    """The statement that prices every event for somebody to keep: line, month, example, every output and the flags."""
    outputs = priced_outputs(charge) | {"out_flags": flag_bits(charge)}
    return _select(outputs, table, edition, bounds, "line", "month", "example")


@dataclass(frozen=True, slots=True)
class Alike:
    """Kept events of one total that have amount and flags in common: the first of them, how many, how much."""

    place: Place
    flags: int
    each: int
    line: int
    events: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The kept events of one payer, payee, month, outcome and example: how many, how much, öre, and any one's flags."""

    events: int = 0
    quantity: int = 0
    amount: int = 0
    flags: int = 0

    def __add__(self, more: Alike) -> Kept:
        amount = self.amount + more.each * more.events
        return Kept(self.events + more.events, self.quantity + more.quantity, amount, self.flags | more.flags)


def summed(charge: EventCharge, found: Iterable[Alike], intake: Intake, minutes: int) -> dict[Place, Kept]:
    """The kept events by payer, payee, month, outcome and example, in order; what went in must have come out.

    Args:
        charge: Whose events.
        found: All that was kept.
        intake: What went in.
        minutes: The minutes of all that was kept.

    Raises:
        Unpriced: Events or minutes were lost on the way.
    """
    sums: dict[Place, Kept] = {}
    for one in found:
        sums[one.place] = sums.get(one.place, Kept()) + one
    _refuse_losses(charge, intake, sum(kept.events for kept in sums.values()), minutes)
    return dict(sorted(sums.items()))


def _refuse_losses(charge: EventCharge, intake: Intake, events: int, minutes: int) -> None:
    if (events, minutes) != (intake.events, intake.minutes):
        went = f"in gick {intake.events} händelser och {intake.minutes} minuter, ut kom {events} och {minutes}"
        raise Unpriced(f"{charge.name}: {went}")


def totals_sql(charge: EventCharge, table: EventTable, edition: Edition, bounds: Bounds) -> tuple[str, list[str]]:
    """The statement that prices every event and sums by payer, payee, month, outcome and example.

    Outcomes are numbers in it; their codes stand in the list.
    """
    outputs, codes = numbered(priced_outputs(charge), "out_status")
    priced, group = _select(outputs, table, edition, bounds, "month", "example"), _placed(table)
    sums = "SUM(out_quantity), SUM(out_minutes), SUM(out_amount), COUNT(out_amount)"
    return f"SELECT {group}, COUNT(*), {sums} FROM ({priced}) priced GROUP BY {group}", codes


def _refuse_claims(charge: EventCharge, table: EventTable, bounds: Bounds) -> None:
    """Refuse a table that is not as its intake says, for the statement is written in that belief.

    A query of its own: DuckDB answers it from what it knows of its columns, without reading them.
    """
    claimed = [name for name in charge.facts if name in bounds.known]
    counts = "".join(f", COUNT({quoted(name, table.dialect)})" for name in claimed)
    day = quoted("date", table.dialect)
    query = f"SELECT MIN({day}), MAX({day}), COUNT(*){counts} FROM {table.name}"
    [[first, last, events, *filled]] = table.run(query)
    for name, count in zip(claimed, filled, strict=True):
        if count != events:
            raise Unpriced(f"{charge.name}: {name} saknas i {events - count} händelser, men skulle alltid vara ifylld")
    if bounds.days and first and not bounds.days[0] <= _day(first) <= _day(last) <= bounds.days[1]:
        said = f"{bounds.days[0]} till {bounds.days[1]}"
        raise Unpriced(f"{charge.name}: händelserna är från {first} till {last}, men skulle vara från {said}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many events of one total have the same amount, and the first line of them."""

    line: int
    events: int
    amount: int


def outcomes(charge: EventCharge, table: EventTable, edition: Edition) -> list[Outcome]:
    """The distinct amounts of every total, each with one event that has it."""
    intake = table.intake or measure(charge, table, edition)
    line = quoted("line", table.dialect)
    priced = priced_sql(charge, table, edition, intake.bounds, "line", "month", "example")
    query = f"SELECT MIN({line}), COUNT(*), out_amount FROM ({priced}) priced GROUP BY {_placed(table)}, out_amount"
    return sorted((Outcome(int(a), int(b), int(c)) for a, b, c in table.run(query)), key=lambda found: found.line)


def flagged(charge: EventCharge, table: EventTable, edition: Edition) -> dict[Place, tuple[str, ...]]:
    """The flags that at least one event of each total raises, by payer, payee, month, outcome and example."""
    intake = table.intake or measure(charge, table, edition)
    outputs = {f"flag_{name}": tree for name, tree in charge.flag_trees.items()}
    outputs |= {"out_payer": charge.billed, "out_payee": charge.trees["payee"], "out_status": charge.trees["status"]}
    priced, group = _select(outputs, table, edition, intake.bounds, "month", "example"), _placed(table)
    raised = ", ".join(f"SUM(CASE WHEN flag_{name} THEN 1 ELSE 0 END)" for name in charge.flag_trees)
    query = f"SELECT {group}, {raised} FROM ({priced}) priced GROUP BY {group}"
    return {
        (payer, payee, int(month), status, bool(example)): tuple(
            name for name, events in zip(charge.flag_trees, counts, strict=True) if events
        )
        for payer, payee, month, status, example, *counts in table.run(query)
    }


def totals(charge: EventCharge, table: EventTable, edition: Edition) -> list[Total]:
    """Every event of the table priced and summed, in order.

    Raises:
        MissingValue: A price that an event needs is not entered.
        Unpriced: An amount is unknown, or events or minutes were lost on the way.
    """
    intake = table.intake or measure(charge, table, edition)
    found: list[Total] = []
    _refuse_claims(charge, table, intake.bounds)
    query, codes = totals_sql(charge, table, edition, intake.bounds)
    for payer, payee, month, status, example, events, quantity, minutes, amount, priced in table.run(query):
        if status is None or payer is None or payee is None or priced != events:
            raise why_unpriced(charge, table, edition, intake.bounds)
        sums = (int(events), int(quantity or 0), int(minutes or 0), int(amount))
        found.append(Total(payer, payee, int(month), codes[status], bool(example), *sums))
    _refuse_losses(charge, intake, sum(total.events for total in found), sum(total.minutes for total in found))
    return sorted(found)


def why_unpriced(charge: EventCharge, table: EventTable, edition: Edition, bounds: Bounds) -> Exception:
    """The reason that events have no amount, found by pricing the first of them one by one."""
    from avtal.language.evaluate import evaluate

    line = quoted("line", table.dialect)
    # HAVING, not WHERE: Spark would push a WHERE into the layers below and compute them over and over
    unknown = " OR ".join(f"COUNT(out_{name}) = 0" for name in ("status", "amount", "payer", "payee"))
    priced = priced_sql(charge, table, edition, bounds, "line")
    query = f"SELECT {line} FROM ({priced}) priced GROUP BY {line} HAVING {unknown} ORDER BY {line} LIMIT {MOST_NAMED}"
    lines = ", ".join(str(int(found)) for [found] in table.run(query))
    found = rows(charge, table, f"WHERE {line} IN ({lines})", limit=MOST_NAMED)
    reasons = []
    for event in found:
        missing: dict[str, None] = {}
        for name in ("status", "amount", "payer", "payee"):
            result = evaluate(charge.trees[name], event.case, edition)  # raises MissingValue where that is the reason
            missing |= dict.fromkeys(result.missing)
        reasons.append(f"{charge.name}, händelse {event.id} (rad {event.line}): okänt är {', '.join(missing)}")
    more = [f"De {MOST_NAMED} första är visade."] if len(found) == MOST_NAMED else []
    return Unpriced("\n".join([*reasons, *more]))


def rows(charge: EventCharge, table: EventTable, where: str = "", *, limit: int) -> list[Event]:
    """Events of the table as cases, in the order they were read."""
    names = list(columns(charge))
    listed = ", ".join(quoted(name, table.dialect) for name in names)
    order = f"ORDER BY {quoted('line', table.dialect)} LIMIT {limit}"
    found = []
    for row in table.run(f"SELECT {listed} FROM {table.name} {where} {order}"):
        values = dict(zip(names, row, strict=True))
        case = {name: _value(fact.kind, values[name]) for name, fact in charge.facts.items()}
        found.append(Event(str(values["event_id"]), int(values["line"]), bool(values["example"]), case))
    return found


def _value(kind: Kind, value: Any) -> Value | None:
    """A database's value as the trees know it: SQLite keeps truth as 0 and 1, and days as text."""
    if value is None:
        return None
    if kind is Kind.BOOL:
        return bool(value)
    return date.fromisoformat(value) if kind is Kind.DATE and isinstance(value, str) else value


def _day(value: Any) -> date:
    return cast("date", _value(Kind.DATE, value))


def owed(found: Iterable[Total]) -> int:
    """The sum of totals, in öre."""
    return sum(total.amount for total in found)


def digest(found: Mapping[str, Iterable[Total]]) -> str:
    """SHA-256 of all totals by charge: the same on every engine for the same events."""
    lines = [f"{charge}|{total}" for charge, totals in sorted(found.items()) for total in sorted(totals)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
