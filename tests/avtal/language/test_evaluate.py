"""One case: three-valued logic in full, the explanation, the missing facts and the next question."""

from __future__ import annotations

from datetime import date

import pytest

from avtal.book.missing import MissingValue
from avtal.language.evaluate import Evaluation, evaluate, missing, next_question, probes
from avtal.language.expression import Expression, Kind, Value, by_reading, ceil_div, choose, larger, parameter, smaller
from avtal.language.facts import Facts, FactSet, Parameters, boolean, code, day, whole
from tests.avtal.language.fakes import FakeValues, since

DECLARED = FactSet(
    boolean("p"),
    boolean("q"),
    boolean("r"),
    whole("n", low=-5, high=100),
    whole("m"),
    code("c"),
    code("level", "primary", "specialised"),
    day("on"),
)
F = Facts(DECLARED)
ON = Parameters({"rate": Kind.INT, "late": Kind.INT}, F.on)
VALUES = FakeValues(
    {"rate": since(("2025-01-01", 500), ("2026-01-01", 550)), "late": since(("2027-01-01", 1))},
    {"A01": "wide", "A02": "narrow"},
)

T, N, U = True, False, None


@pytest.mark.parametrize(
    ("left", "right", "conjunction", "disjunction"),
    [
        (T, T, T, T),
        (T, N, N, T),
        (T, U, U, T),
        (N, T, N, T),
        (N, N, N, N),
        (N, U, N, U),
        (U, T, U, T),
        (U, N, N, U),
        (U, U, U, U),
    ],
)
def test_and_and_or_follow_kleene(
    *, left: bool | None, right: bool | None, conjunction: bool | None, disjunction: bool | None
) -> None:
    """The tables in full: unknown is neither true nor false."""
    case = {"p": left, "q": right}
    assert evaluate(F.p & F.q, case, VALUES).value is conjunction
    assert evaluate(F.p | F.q, case, VALUES).value is disjunction


@pytest.mark.parametrize(("value", "negated", "stated"), [(T, N, T), (N, T, N), (U, U, N)])
def test_not_keeps_unknown_and_is_true_needs_a_statement(
    *, value: bool | None, negated: bool | None, stated: bool
) -> None:
    """``~`` of unknown is unknown; ``is_true`` of unknown is false, on purpose."""
    assert evaluate(~F.p, {"p": value}, VALUES).value is negated
    assert evaluate(F.p.is_true(), {"p": value}, VALUES).value is stated


def test_an_absent_fact_is_unknown_like_one_that_is_none() -> None:
    """A case need not name every fact."""
    assert evaluate(F.p, {}, VALUES).value is None
    assert evaluate(F.p | F.q, {"q": True}, VALUES).value is True


@pytest.mark.parametrize(
    ("tree", "value"),
    [
        (F.n == 7, True),
        (F.n != 7, False),
        (F.n < 7, False),
        (F.n <= 7, True),
        (F.n > 6, True),
        (F.n >= 8, False),
        (F.n + 3, 10),
        (F.n - 10, -3),
        (F.n * -2, -14),
        (F.n // 2, 3),
        ((F.n - 14) // 2, -4),
        (ceil_div(F.n, 2), 4),
        (ceil_div(F.n - 14, 2), -3),
        (smaller(F.n, 3), 3),
        (smaller(F.n, 9), 7),
        (larger(F.n, 9), 9),
        (larger(F.n, 3), 7),
        (F.c.is_in("nurse", "doctor"), True),
        (F.c.is_in("doctor"), False),
        (F.on < date(2026, 1, 1), False),
        (choose(F.n > 6, "many", "few"), "many"),
        (choose(F.n > 7, "many", "few"), "few"),
        (ON.rate, 550),
        (by_reading("A01", {"wide": F.n, "narrow": 0}), 7),
        (by_reading("A02", {"wide": F.n, "narrow": 0}), 0),
    ],
)
def test_known_operands_give_the_value(tree: Expression, value: Value) -> None:
    """Each operator with known operands; division rounds down, also below zero."""
    result = evaluate(tree, {"n": 7, "c": "nurse", "on": date(2026, 1, 1)}, VALUES)
    assert (result.value, result.missing) == (value, ())


@pytest.mark.parametrize(
    "tree",
    [
        F.n == 7,
        F.n != 7,
        F.n < 7,
        F.n + 1,
        F.m - F.n,
        F.n // 2,
        ceil_div(F.n, 2),
        smaller(F.n, 3),
        larger(F.n, 3),
        F.n - F.m > 0,
        choose(F.n > 1, 1, 1),
        F.n.named("count"),
    ],
)
def test_an_unknown_operand_makes_the_value_unknown_and_is_named(tree: Expression) -> None:
    """Nothing but ``and``, ``or``, ``is_true`` and an untaken branch can do without a fact."""
    result = evaluate(tree, {"m": 1}, VALUES)
    assert (result.value, result.missing) == (None, ("n",))


@pytest.mark.parametrize(
    ("tree", "case", "expected"),
    [
        (F.p & F.q, {}, ("p", "q")),
        (F.q & F.p, {}, ("q", "p")),
        (F.p & F.q, {"p": True}, ("q",)),
        (F.p & F.q, {"p": False}, ()),
        (F.p | F.q, {"q": True}, ()),
        (~(F.p & F.q) | F.r, {"p": True, "r": False}, ("q",)),
        (choose(F.p, F.q, F.r), {}, ("p",)),
        (choose(F.p, F.q, F.r), {"p": True}, ("q",)),
        (choose(F.p, F.q, F.r), {"p": False}, ("r",)),
        (choose(F.p.is_true(), F.q, F.r), {}, ("r",)),
        (by_reading("A01", {"wide": F.p & F.q, "narrow": F.r}), {"r": True}, ("p", "q")),
        (by_reading("A02", {"wide": F.p & F.q, "narrow": F.r}), {}, ("r",)),
        (ON.rate * F.n, {"n": 1}, ("on",)),
        (F.c.is_in("a"), {}, ("c",)),
        ((F.p & F.q).named("both") & (F.q & F.p).named("again"), {}, ("p", "q")),
    ],
)
def test_exactly_the_facts_that_keep_it_unknown_are_missing(
    tree: Expression, case: dict[str, Value], expected: tuple[str, ...]
) -> None:
    """A fact that no longer can matter is not asked for; the rest come in the order the tree meets them."""
    assert evaluate(tree, case, VALUES).missing == expected
    assert missing(tree, case, VALUES) == expected


def test_the_explanation_holds_clauses_sources_and_readings() -> None:
    """Every visible node is a step under the step it serves."""
    rate = by_reading("A01", {"wide": ON.rate, "narrow": ON.rate * 2})
    hours = ceil_div(F.n, 60).named("hours", "X-1")
    result = evaluate((hours * rate).named("amount", "X-2"), {"n": 61, "on": date(2025, 5, 1)}, VALUES)
    top = result.explanation
    assert (result.value, top.name, top.value, top.clauses) == (1000, "amount", 1000, ("X-2",))
    assert [(step.kind, step.name, step.value) for step in top.walk()] == [
        ("step", "amount", 1000),
        ("step", "hours", 2),
        ("fact", "n", 61),
        ("reading", "A01", "wide"),
        ("fact", "on", date(2025, 5, 1)),
        ("parameter", "rate", 500),
    ]
    assert top.all_clauses() == ("X-2", "X-1", "P-1")
    assert top.steps[-1].source == "the table of rate"
    assert top.readings() == ("A01",)


def test_a_tree_without_a_name_is_explained_as_the_result() -> None:
    """A bare expression gets a step that holds what it rests on, each once."""
    explanation = evaluate((F.n > 1) & (F.n < 9), {"n": 3}, VALUES).explanation
    assert (explanation.name, explanation.value, explanation.kind) == ("result", True, "step")
    assert [(step.name, step.value) for step in explanation.steps] == [("n", 3)]


def test_only_the_branch_that_is_taken_is_explained() -> None:
    """What did not matter is not shown, and is not looked up either."""
    tree = choose(F.p, F.n, ON.late)
    explanation = evaluate(tree, {"p": True, "n": 1, "on": date(2025, 1, 1)}, VALUES).explanation
    assert [step.name for step in explanation.steps] == ["p", "n"]


def test_a_shared_step_is_computed_once_and_is_one_step() -> None:
    """Trees of one case share their work: the parameter is looked up once, and the steps are the same object."""
    values = FakeValues(VALUES.dated)
    priced = (ON.rate * F.n).named("priced", "X-1")
    run = Evaluation({"n": 2, "on": date(2025, 1, 1)}, values)
    first = run.result((priced + priced).named("twice"))
    second = run.result(priced)
    assert (first.value, second.value) == (2000, 1000)
    assert values.asked == ["rate"]
    assert first.explanation.steps == (second.explanation,)


def test_a_number_that_nobody_has_entered_is_an_error_with_its_reason() -> None:
    """An amount is never guessed: the reason says what is missing, where, and who decides."""
    with pytest.raises(MissingValue) as error:
        evaluate(F.n * ON.late, {"n": 1, "on": date(2026, 12, 31)}, VALUES)
    assert str(error.value) == "late 2026-12-31 saknas (X-1). Parterna beslutar."


def test_nothing_is_looked_up_on_an_unknown_day() -> None:
    """Without a day there is no price, and no error about one."""
    result = evaluate(parameter("late", F.on), {}, VALUES)
    assert (result.value, result.missing) == (None, ("on",))
    assert [step.name for step in result.explanation.steps] == ["on"]


@pytest.mark.parametrize(
    ("tree", "case", "question"),
    [
        (F.p & F.q, {"p": False}, None),
        (F.p & F.q, {}, "p"),
        (F.q & F.p, {}, "q"),
        (F.p & (F.q | F.r), {}, "p"),
        ((F.q | F.r) & F.p, {}, "p"),
        ((F.q & F.r) | (F.q & F.p), {}, "q"),
        ((F.n == 7) | F.p, {}, "p"),
        (ON.rate * F.n, {}, "on"),
        (F.n * ON.rate, {}, "n"),
        (F.level.is_in("primary") & F.c.is_in("a", "b"), {}, "level"),
    ],
)
def test_the_next_question_is_the_one_that_settles_most(
    tree: Expression, case: dict[str, Value], question: str | None
) -> None:
    """The missing fact whose answers most often settle the tree; the first one asked wins a tie."""
    assert next_question(tree, case, VALUES, DECLARED) == question


def test_an_answer_that_leads_to_a_missing_number_settles_nothing() -> None:
    """Asking goes on where a price is not entered for the day that is tried."""
    tree = choose(F.p, 0, F.n * ON.late)
    assert next_question(tree, {}, VALUES, DECLARED) == "p"
    assert next_question(ON.late + F.n, {"n": 1}, VALUES, DECLARED) == "on"


@pytest.mark.parametrize(
    ("tree", "fact", "expected"),
    [
        (F.p & F.q, "p", (True, False)),
        (F.n > 7, "n", (-5, 6, 7, 8)),
        (F.n > 100, "n", (-5, 99, 100)),
        (F.n + F.m == 3, "m", (0, 2, 3, 4)),
        (smaller(F.n, 3) > larger(F.n, 9), "n", (-5, 2, 3, 4, 8, 9, 10)),
        (ceil_div(F.n, 60), "n", (-5, 59, 60, 61)),
        (F.n // 60, "n", (-5, 59, 60, 61)),
        (F.n + F.m, "n", (-5, -1, 0, 1)),
        (F.level == "primary", "level", ("primary", "specialised")),
        (F.c.is_in("a", "b") | (F.c == "c"), "c", ("a", "b", "c", "other")),
        (F.c == F.c, "c", ("other",)),
        (choose(F.p, F.c, "a") == "b", "c", ("b", "other")),
        (choose(F.c == "a", "b", "d") == "b", "c", ("a", "other")),
        (choose(F.n > 7, 20, 30) > 25, "n", (-5, 6, 7, 8)),
        (F.on > date(2026, 7, 1), "on", (date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2))),
        (ON.rate * F.n, "on", (date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2))),
        (choose(ON.rate * F.n > 9, "a", "b") == "a", "on", (date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2))),
        (choose(ON.rate * F.n > 9, "a", "b") == "a", "n", (-5, 8, 9, 10)),
        (choose(F.level == "primary", "a", "b") == "a", "level", ("primary", "specialised")),
    ],
)
def test_the_values_tried_are_both_sides_of_each_boundary(
    tree: Expression, fact: str, expected: tuple[Value, ...]
) -> None:
    """Every code, both truth values, around each number or day that it is compared with; not what it only chooses."""
    assert probes(tree, fact, DECLARED) == expected


def test_a_step_around_a_step_shows_both() -> None:
    """A step around a step keeps both, the outer one on top."""
    top = evaluate(F.n.named("inner", "X-1").named("outer", "X-2"), {"n": 1}, VALUES).explanation
    assert [step.name for step in top.walk()] == ["outer", "inner", "n"]
