"""Small trees that together use every operator, in families of few facts so that every combination can be tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from avtal.language.expression import (
    Expression,
    Kind,
    Value,
    by_reading,
    ceil_div,
    choose,
    constant,
    larger,
    parameter,
    round_div,
    smaller,
)
from avtal.language.facts import Facts, FactSet, Parameters, boolean, code, day, whole
from tests.avtal.language.conformity import Domain
from tests.avtal.language.fakes import FakeValues, since

FIRST, TURN = date(2025, 1, 1), date(2026, 7, 1)
VALUES = FakeValues(
    {
        "rate": since(("2025-01-01", 64_000), ("2026-07-01", 66_050)),
        "deduction": since(("2025-01-01", 0)),
        "allowed": since(("2025-01-01", False), ("2026-07-01", True)),
        "starts": since(("2025-01-01", date(2025, 6, 1))),
        "who": since(("2025-01-01", "nurse")),
        "severe": since(("2025-01-01", 6), ("2026-07-01", 7)),
        "mild": since(("2025-01-01", 5)),
        "long": since(("2025-01-01", 14)),
    },
    {"open": "wide", "closed": "narrow"},
)


@dataclass(frozen=True)
class Family:
    """Trees over the same few facts, and every value that each fact is tried with."""

    declared: FactSet
    domain: Domain
    trees: Mapping[str, Expression]


def _logic() -> Family:
    declared = FactSet(boolean("p"), boolean("q"), boolean("r"))
    f = Facts(declared)
    trees = {
        "and": f.p & f.q,
        "or": f.p | f.q,
        "not": ~f.p,
        "is_true": f.p.is_true(),
        "not_is_true": ~f.p.is_true(),
        "same": f.p == f.q,
        "differs": f.p != f.q,
        "stated_true": f.p == True,  # noqa: E712  # a tree
        "stated_false": f.p == False,  # noqa: E712  # a tree
        "nested": (f.p & ~f.q) | (f.r & (f.p | ~f.r)),
        "majority": (f.p & f.q) | (f.q & f.r) | (f.p & f.r),
        "choose": choose(f.p, f.q, f.r),
        "choose_unknown_branch": choose(f.p & f.q, f.r, ~f.r),
        "choose_in_condition": choose(choose(f.p, f.q, f.r), f.q & f.r, f.p),
        "choose_certain": choose(f.p.is_true(), f.q, f.r),
        "reading_wide": by_reading("open", {"wide": f.p | f.q, "narrow": f.p & f.q}),
        "reading_narrow": by_reading("closed", {"wide": f.p | f.q, "narrow": f.p & f.q}),
        "step": (f.p & f.q).named("both", "X-1") | f.r.named("third"),
        "constant_branch": choose(f.p, True, f.q),
    }
    return Family(declared, dict.fromkeys(declared, (None, True, False)), trees)


def _numbers() -> Family:
    declared = FactSet(whole("n", low=-10_000, high=10_000), whole("m", low=-10_000, high=10_000), whole("k"))
    f = Facts(declared)
    trees = {
        "add": f.n + f.m,
        "subtract": f.n - f.m,
        "multiply": f.n * f.m,
        "floor": f.n // 60,
        "floor_of_natural": f.k // 60,
        "floor_by_one": f.n // 1,
        "started": ceil_div(f.n, 60),
        "started_of_natural": ceil_div(f.k, 60),
        "halves": round_div(f.n, 10),
        "smaller": smaller(f.n, f.m),
        "larger": larger(f.n, f.m),
        "smaller_than": smaller(f.n, -60),
        "at_least": larger(f.n, 0),
        "clamped": larger(smaller(f.n, 60), -60),
        "natural_floor": larger(f.n, 0) // 7,
        "divided_twice": (f.n // 7 - f.m) // 60,
        "overlap": larger(smaller(f.n + 60, f.m) - larger(f.n, -1), 0),
        "less": f.n < f.m,
        "at_most": f.n <= f.m,
        "more": f.n > f.m,
        "no_less": f.n >= f.m,
        "equal": f.n == f.m,
        "unequal": f.n != f.m,
        "below_zero": f.n < -1,
        "choose": choose(f.n > f.m, f.n - f.m, 0) * 3,
        "constants": choose(f.n > 0, 100_000, -100_000) * choose(f.m > 0, 100_000, 1),
        "one_constant": constant(5) + f.k,
        "shared": (f.n - f.m) * (f.n - f.m) + (f.n - f.m),
        "reading_constant": by_reading("open", {"wide": 5, "narrow": 6}) + f.n,
    }
    signed = (None, -121, -61, -60, -59, -1, 0, 1, 59, 60, 61, 120)
    return Family(declared, {"n": signed, "m": signed, "k": (None, 0, 1, 59, 60, 61)}, trees)


def _codes_and_days() -> Family:
    declared = FactSet(code("c"), code("e"), day("on"), day("to"), whole("n", low=-100))
    f = Facts(declared)
    on = Parameters({"rate": Kind.INT, "deduction": Kind.INT, "allowed": Kind.BOOL, "starts": Kind.DATE,
                     "who": Kind.CODE}, f.on)  # fmt: skip
    trees = {
        "is": f.c == "nurse",
        "is_not": f.c != "nurse",
        "quoted": f.c == 'o\'brien \\ "x" %',
        "same": f.c == f.e,
        "in": f.c.is_in("nurse", "doctor"),
        "in_one": f.c.is_in("nurse"),
        "not_in": ~f.c.is_in("nurse", "doctor"),
        "chosen_code": choose(f.c == "nurse", "REGION:hörselvården", f.e),
        "constant_in": choose(f.c == "nurse", "doctor", "nurse").is_in("doctor"),
        "before": f.on < f.to,
        "same_day": f.on == f.to,
        "from_the_turn": f.on >= TURN,
        "not_the_first": f.on != FIRST,
        "later": choose(f.on > f.to, f.on, f.to),
        "fixed_day": choose(f.c == "nurse", TURN, f.to),
        "rate": on.rate,
        "priced": f.n * on.rate - on.deduction,
        "rate_on_a_fixed_day": parameter("rate", constant(TURN)) + f.n,
        "allowed": on.allowed & (f.c == on.who),
        "started": f.to >= on.starts,
        "rate_divided": (on.rate * f.n) // 60,
    }
    codes = (None, "nurse", "doctor", "other", 'o\'brien \\ "x" %')
    days = (None, FIRST, date(2026, 6, 30), TURN)
    return Family(declared, {"c": codes, "e": codes[:3], "on": days, "to": days, "n": (None, -1, 0, 61)}, trees)


def _frail_enough() -> Family:
    """Four criteria as in DESIGN: frailty, safe at home, long and frequent care, a barrier that must be stated."""
    declared = FactSet(
        whole("cfs", low=1, high=9),
        boolean("cognitive_impairment"),
        boolean("safe_at_home"),
        whole("days", high=365),
        boolean("frequent"),
        boolean("barrier"),
        day("on"),
    )
    f = Facts(declared)
    limits = Parameters({"severe": Kind.INT, "mild": Kind.INT, "long": Kind.INT}, f.on)
    frail = (f.cfs >= limits.severe) | ((f.cfs == limits.mild) & f.cognitive_impairment)
    lasting = (f.days > limits.long) & f.frequent
    criteria = {
        "frail": frail.named("frail_enough", "OB-ANS-3a", "OB-ANS-3b"),
        "safe": f.safe_at_home.named("safe", "OB-ANS-3c"),
        "lasting": lasting.named("lasting", "OB-ANS-3d"),
        "barred": f.barrier.is_true().named("barred", "OB-ANS-4"),
    }
    belongs = criteria["frail"] & criteria["safe"] & criteria["lasting"] & ~criteria["barred"]
    trees = {**criteria, "belongs": belongs, "who": choose(belongs, "municipality", "region")}
    asked: tuple[Value | None, ...] = (None, True, False)
    domain: Domain = {
        "cfs": (None, 4, 5, 6, 7, 8),
        "cognitive_impairment": asked,
        "safe_at_home": asked,
        "days": (None, 13, 14, 15),
        "frequent": asked,
        "barrier": asked,
        "on": (None, FIRST, TURN),
    }
    return Family(declared, domain, trees)


FAMILIES = {
    "logic": _logic(),
    "numbers": _numbers(),
    "codes_and_days": _codes_and_days(),
    "frail_enough": _frail_enough(),
}
