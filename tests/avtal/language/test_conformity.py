"""The proof: interpreter, compiled closure, SQLite, DuckDB, PostgreSQL and Spark give the same for the same case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import pytest
from sqlglot import exp

from avtal.book.charge import EventCharge
from avtal.book.missing import MissingValue
from avtal.editions.jamtland_2026 import CHARGES, edition
from avtal.language import compile as closures
from avtal.language import sql
from avtal.language.evaluate import Case, evaluate
from avtal.language.expression import Expression, Kind, Value
from avtal.language.facts import Facts, FactSet, Parameters, boolean, day, whole
from avtal.language.sql import Bounds
from tests.avtal.language.conformity import (
    Answers,
    Trees,
    boundaries,
    compiled,
    differences,
    every_case,
    interpreted,
    load,
    queried,
    sample,
)
from tests.avtal.language.fakes import FakeValues, since
from tests.avtal.language.trees import FAMILIES, FIRST, TURN, VALUES
from tests.engines import Engine

MOST = 3000
EVENT_CHARGES = {name: charge for name, charge in CHARGES.items() if isinstance(charge, EventCharge)}
OTHER_VALUES = FakeValues(VALUES.dated, {"open": "narrow", "closed": "wide"})


@cache
def family_cases(name: str) -> tuple[list[Case], Answers]:
    """Every combination, and what the interpreter says."""
    family = FAMILIES[name]
    cases: list[Case] = list(every_case(family.domain))
    return cases, interpreted(family.trees, cases, VALUES)


def trees_of(charge: EventCharge) -> Trees:
    """Outputs and flags together."""
    return {**charge.trees, **charge.flag_trees}


@cache
def charge_cases(name: str) -> tuple[list[Case], Answers]:
    """At most 3000 cases for each set of facts that a tree rests on, and what the interpreter says of all trees."""
    charge = EVENT_CHARGES[name]
    same_facts: dict[frozenset[str], list[Expression]] = {}
    for tree in trees_of(charge).values():
        same_facts.setdefault(frozenset(tree.facts()), []).append(tree)
    found: dict[tuple[object, ...], Case] = {}
    for trees in same_facts.values():
        for case in sample(boundaries(trees, charge.facts, edition()), MOST, name):
            found.setdefault(tuple(case.get(fact) for fact in charge.facts), case)
    cases = list(found.values())
    return cases, interpreted(trees_of(charge), cases, edition())


# -- small trees: every combination ----------------------------------------------------------------


@pytest.mark.parametrize("name", FAMILIES)
def test_small_trees_compile_to_what_the_interpreter_gives(name: str) -> None:
    """The closure equals the interpreter on every combination of unknown and boundary values."""
    cases, expected = family_cases(name)
    trees = FAMILIES[name].trees
    assert differences(trees, cases, expected, compiled(trees, cases, VALUES)) == []


@pytest.mark.parametrize("name", FAMILIES)
def test_small_trees_ask_the_database_for_what_the_interpreter_gives(engine: Engine, name: str) -> None:
    """Each engine equals the interpreter on every combination of unknown and boundary values."""
    cases, expected = family_cases(name)
    family = FAMILIES[name]
    load(engine, name, family.declared, cases)
    assert differences(family.trees, cases, expected, queried(engine, name, family.trees, VALUES)) == []


@pytest.mark.parametrize("name", ["logic", "numbers"])
def test_the_other_options_of_the_readings_agree_too(engine: Engine, name: str) -> None:
    """With the other option chosen for each reading, interpreter, closure and engine still agree."""
    family = FAMILIES[name]
    trees = {output: tree for output, tree in family.trees.items() if tree.readings()}
    cases, _ = family_cases(name)
    expected = interpreted(trees, cases, OTHER_VALUES)
    load(engine, name, family.declared, cases)
    assert differences(trees, cases, expected, compiled(trees, cases, OTHER_VALUES)) == []
    assert differences(trees, cases, expected, queried(engine, name, trees, OTHER_VALUES)) == []
    assert expected != interpreted(trees, cases, VALUES)


@pytest.mark.parametrize("name", FAMILIES)
def test_what_is_known_of_a_table_never_changes_the_result(engine: Engine, name: str) -> None:
    """Where no fact is unknown, the shorter SQL for filled columns and known days gives the same."""
    family = FAMILIES[name]
    every, answers = family_cases(name)
    whole_rows = [n for n, case in enumerate(every) if None not in case.values()]
    cases, expected = [every[n] for n in whole_rows], [answers[n] for n in whole_rows]
    load(engine, f"{name}_known", family.declared, cases)
    for bounds in (Bounds(frozenset(family.declared)), Bounds(frozenset(family.declared), (FIRST, TURN))):
        found = queried(engine, f"{name}_known", family.trees, VALUES, bounds)
        assert differences(family.trees, cases, expected, found) == []


@pytest.mark.parametrize("name", FAMILIES)
def test_a_tree_printed_alone_is_the_same_as_in_a_select(engine: Engine, name: str) -> None:
    """``to_sql`` spells out what ``select`` shares between layers, with the same result."""
    cases, expected = family_cases(name)
    family = FAMILIES[name]
    load(engine, f"{name}_alone", family.declared, cases)
    printed = ", ".join(sql.to_sql(tree, engine.dialect, VALUES) for tree in family.trees.values())
    kinds = [Kind.INT, *(tree.kind for tree in family.trees.values())]
    rows = sorted(engine.ask(f"SELECT row_id, {printed} FROM {name}_alone", kinds))  # type: ignore[type-var]
    assert differences(family.trees, cases, expected, [row[1:] for row in rows]) == []


def test_the_families_hold_every_operator_and_many_cases() -> None:
    """No operator is left out, and the combinations are tens of thousands of tree values."""
    operators = {node.op for family in FAMILIES.values() for tree in family.trees.values() for node in tree.walk()}
    assert operators == {
        "fact", "constant", "parameter", "reading", "step", "and", "or", "not", "=", "<>", "<", "<=", ">", ">=",
        "+", "-", "*", "//", "ceil_div", "min", "max", "choose", "in", "is_true",
    }  # fmt: skip
    counts = {name: (len(family_cases(name)[0]), len(family.trees)) for name, family in FAMILIES.items()}
    assert counts == {
        "logic": (27, 19),
        "numbers": (864, 29),
        "codes_and_days": (960, 21),
        "frail_enough": (5832, 6),
    }


def test_every_small_tree_is_tried_known_and_unknown() -> None:
    """The comparison is not empty: each tree gives both known values and, if it can, unknown ones."""
    never_unknown = {"is_true", "not_is_true", "barred"}
    for name, family in FAMILIES.items():
        for output, column in zip(family.trees, zip(*family_cases(name)[1], strict=True), strict=True):
            assert len(set(column) - {None}) > 1, output
            assert (None in column) is (output not in never_unknown), output


# -- a number that nobody has entered --------------------------------------------------------------

GAPS = FactSet(day("on"), whole("n"), boolean("p"))
GAP_VALUES = FakeValues(
    {
        "rate": since(("2025-01-01", 500), ("2026-01-01", None), ("2027-01-01", 700)),
        "never": (),
        "not_yet": since(("2025-01-01", None)),
    }
)


def _gap_trees() -> Trees:
    f = Facts(GAPS)
    on = Parameters(dict.fromkeys(GAP_VALUES.dated, Kind.INT), f.on)
    amounts = {name: f.n * getattr(on, name) for name in GAP_VALUES.dated}
    return {**amounts, "rate_again": on.rate + on.rate, "never_again": on.never - on.never, "alone": on.not_yet}


def answer_or_reason(ask: Callable[[], Value | None]) -> tuple[Value | None, str]:
    """What is answered, or nothing and why."""
    try:
        return ask(), ""
    except MissingValue as reason:
        return None, str(reason)


def test_a_missing_number_is_null_in_sql_and_an_error_in_python(engine: Engine) -> None:
    """Where no number is entered the engines give NULL, and interpreter and closure raise with the reason."""
    trees = _gap_trees()
    days = [None, date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(2027, 1, 1)]
    cases: list[Case] = [{"on": on, "n": n} for on in days for n in (None, 0, 3)]
    load(engine, "gaps", GAPS, cases)
    answers = queried(engine, "gaps", trees, GAP_VALUES)
    raised = 0
    for case, row in zip(cases, answers, strict=True):
        for (name, tree), got in zip(trees.items(), row, strict=True):
            closure = closures.compile_tree(tree, GAP_VALUES)
            wanted, reason = answer_or_reason(lambda: evaluate(tree, case, GAP_VALUES).value)  # noqa: B023  # used at once
            assert answer_or_reason(lambda: closure(case)) == (wanted, reason)  # noqa: B023  # used at once
            assert got == wanted, (name, case)
            raised += reason != ""
    assert raised == 72


def test_days_outside_every_value_are_null_within_bounds_too(engine: Engine) -> None:
    """Bounds that cut a history down to nothing, or to a gap, still give a NULL of the right type."""
    trees = _gap_trees()
    cases: list[Case] = [{"on": date(2024, 5, 1), "n": 2}, {"on": date(2024, 6, 1), "n": 2}]
    load(engine, "early", GAPS, cases)
    early = Bounds(frozenset({"on", "n"}), (date(2024, 5, 1), date(2024, 6, 1)))
    assert queried(engine, "early", trees, GAP_VALUES, early) == [(None,) * 6, (None,) * 6]


# -- the agreement's own trees ---------------------------------------------------------------------


@pytest.mark.parametrize("name", EVENT_CHARGES)
def test_every_charge_compiles_to_what_the_interpreter_gives(name: str) -> None:
    """The closures of all outputs and flags equal the interpreter on the charge's cases."""
    cases, expected = charge_cases(name)
    trees = trees_of(EVENT_CHARGES[name])
    assert differences(trees, cases, expected, compiled(trees, cases, edition())) == []


@pytest.mark.parametrize("name", EVENT_CHARGES)
def test_every_charge_asks_the_database_for_what_the_interpreter_gives(engine: Engine, name: str) -> None:
    """One SELECT with all outputs and flags equals the interpreter.

    The cases are, for each tree, the cross product of its facts' boundary values and unknown, on three days of 2025;
    trees that rest on the same facts share one. Where the product has more than 3000 cases it is *sampled*: 3000 are
    drawn with a fixed seed, a third of them without unknown facts and a third with one. Every tree is then compared
    on the cases of all trees.
    """
    cases, expected = charge_cases(name)
    charge = EVENT_CHARGES[name]
    load(engine, name, charge.facts, cases)
    found = queried(engine, name, trees_of(charge), edition())
    assert differences(trees_of(charge), cases, expected, found) == []


@cache
def filled_cases(name: str) -> tuple[list[Case], Answers]:
    """At most 3000 cases drawn from the product of all facts of the charge, none of them unknown."""
    charge = EVENT_CHARGES[name]
    whole_domain = boundaries(trees_of(charge).values(), charge.facts, edition())
    domain = {fact: [value for value in values if value is not None] for fact, values in whole_domain.items()}
    cases = sample(domain, MOST, name)
    return cases, interpreted(trees_of(charge), cases, edition())


@pytest.mark.parametrize("name", EVENT_CHARGES)
def test_every_charge_is_the_same_where_nothing_is_unknown(engine: Engine, name: str) -> None:
    """The SQL for filled columns and days of 2025 gives the same, and is another SQL."""
    charge = EVENT_CHARGES[name]
    trees = trees_of(charge)
    cases, expected = filled_cases(name)
    load(engine, f"{name}_known", charge.facts, cases)
    bounds = Bounds(frozenset(cases[0]), (date(2025, 1, 1), date(2025, 12, 31)))
    assert differences(trees, cases, expected, queried(engine, f"{name}_known", trees, edition(), bounds)) == []
    short, long = (sql.select(trees, name, engine.dialect, edition(), limits) for limits in (bounds, Bounds()))
    assert len(short) < len(long)


@pytest.mark.parametrize("name", EVENT_CHARGES)
def test_the_cases_of_a_charge_meet_every_outcome(name: str) -> None:
    """The comparison is not empty: every outcome of the charge occurs, and amounts above zero and unknown ones."""
    charge = EVENT_CHARGES[name]
    columns = dict(zip(trees_of(charge), zip(*charge_cases(name)[1], strict=True), strict=True))
    outcomes = {outcome for table in charge.tables() for outcome in table.outcomes()}
    assert set(columns["status"]) == outcomes | {None}
    amounts = set(columns["amount"])
    assert None in amounts
    assert any(amount for amount in amounts)


# -- broken twins: the comparison must catch them --------------------------------------------------


def _else_for_unknown(printer: sql._Printer, node: Expression) -> exp.Expression:
    condition, then, otherwise = (printer.print(arg) for arg in node.args)
    return exp.Case().when(condition, then).else_(otherwise)


def _least(printer: sql._Printer, node: Expression) -> exp.Expression:
    left, right = (printer.print(arg) for arg in node.args)
    skips = printer.dialect == "duckdb"  # else sqlglot guards DuckDB against just this
    return (exp.Least if node.op == "min" else exp.Greatest)(this=left, expressions=[right], ignore_nulls=skips)


def _truncating(printer: sql._Printer, node: Expression) -> exp.Expression:
    text = printer.print(node.args[0]).sql(dialect=printer.dialect)
    sign = {"duckdb": "//", "spark": "DIV"}.get(printer.dialect, "/")
    rounded = f"{text} + {node.args[1].payload - 1}" if node.op == "ceil_div" else text
    return exp.Var(this=f"(({rounded}) {sign} {node.args[1].payload})")


def _always_certain(printer: sql._Printer, node: Expression) -> bool:
    return True


def _newest_value(printer: sql._Printer, node: Expression) -> exp.Expression:
    return printer.wide(printer.values.history(node.name)[-1][1], node.kind)


TWINS = {
    "choose with ELSE": ("choice", _else_for_unknown, "logic", {"choose", "choose_unknown_branch"}),
    "LEAST and GREATEST": ("extreme", _least, "numbers", {"smaller", "larger", "clamped"}),
    "truncating division": ("divide", _truncating, "numbers", {"floor", "started", "halves"}),
    "nothing is unknown": ("certain", _always_certain, "logic", {"choose"}),
    "today's price": ("dated", _newest_value, "codes_and_days", {"rate", "priced"}),
}


@pytest.mark.parametrize("twin", TWINS)
def test_a_broken_printer_is_caught(engine: Engine, twin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each known way to get SQL wrong shows as differences in the trees that it breaks."""
    method, broken, name, caught = TWINS[twin]
    family = FAMILIES[name]
    trees = {output: tree for output, tree in family.trees.items() if output in caught}
    cases, every = family_cases(name)
    places = [list(family.trees).index(output) for output in trees]
    expected = [tuple(row[place] for place in places) for row in every]
    load(engine, f"{name}_twin", family.declared, cases)
    assert differences(trees, cases, expected, queried(engine, f"{name}_twin", trees, VALUES)) == []
    monkeypatch.setattr(sql._Printer, method, broken)
    found = differences(trees, cases, expected, queried(engine, f"{name}_twin", trees, VALUES))
    sound = engine.dialect == "sqlite" and twin == "LEAST and GREATEST"  # its MIN of several values keeps NULL
    assert {difference.split(" of ")[0] for difference in found} == (set() if sound else caught)


def test_a_broken_closure_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiler that writes < for <= shows as differences on the boundary."""
    cases, expected = family_cases("numbers")
    trees = FAMILIES["numbers"].trees
    monkeypatch.setitem(closures._INFIX, "<=", "<")
    found = differences(trees, cases, expected, compiled(trees, cases, VALUES))
    assert {difference.split(" of ")[0] for difference in found} == {"at_most"}


def test_one_and_true_are_not_the_same_answer() -> None:
    """The comparison looks at types: a 1 that stands for true elsewhere is a difference here."""
    tree = FAMILIES["logic"].trees["and"]
    assert differences({"and": tree}, [{}], [(True,)], [(1,)]) == ["and of {}: True, not 1"]
