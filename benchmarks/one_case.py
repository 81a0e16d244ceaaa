"""One case, in microseconds: a price and a rule with the whole explanation, and the rule compiled.

The price is that of hired staff, 29 steps of explanation. Against it stands the least that could be called an answer
with reasons: a dict for each step that the explanation shows. Against the rule stands the same rule written by hand.
"""

from __future__ import annotations

from collections.abc import Callable

from avtal.editions.jamtland_2026 import CHARGES, edition
from avtal.explain import Step
from avtal.language.compile import compile_tree
from avtal.language.evaluate import evaluate
from benchmarks.four_criteria import CASE, Limits, by_hand, by_hand_unknown, tree
from benchmarks.table import Figure, each_in_turns, show, times

ROUNDS, TIMES = 60, 500
TRACED, COMPILED = 30, 1
EVENT = {
    "from": "REGION",
    "to": "BERG",
    "date": "2025-09-10",
    "start": "10:15",
    "work_minutes": 50,
    "admin_minutes": 10,
    "report_minutes": 5,
    "travel_minutes": 20,
    "travel_combined": False,
    "profession": "nurse",
    "principal_level": "primary",
}


def _floor(explanation: Step) -> Callable[[], object]:
    """A function that makes a dict for every step of an explanation, and nothing else."""
    shown = list({id(step): (step.name, step.value, step.kind) for step in explanation.walk()}.values())
    return lambda: [{"name": name, "value": value, "kind": kind} for name, value, kind in shown]


def figures() -> list[Figure]:
    """Three promises, and the ratio to a floor for each."""
    book, limits = edition(), Limits()
    charge = CHARGES["hired_staff"]
    amount, event = charge.trees["amount"], charge.case(EVENT)
    rule = tree()
    closure = compile_tree(rule, limits)
    priced, decided = evaluate(amount, event, book), evaluate(rule, CASE, limits)
    assert priced.value == 2 * 64_000
    assert decided.value is closure(CASE) is by_hand(CASE) is by_hand_unknown(CASE) is True
    for fact in CASE:
        unknown = {**CASE, fact: None}
        assert fact == "date" or closure(unknown) is by_hand_unknown(unknown) is evaluate(rule, unknown, limits).value
    took = each_in_turns(
        ROUNDS,
        TIMES,
        {
            "price": lambda: evaluate(amount, event, book),
            "price, floor": _floor(priced.explanation),
            "rule": lambda: evaluate(rule, CASE, limits),
            "rule, floor": _floor(decided.explanation),
            "compiled": lambda: closure(CASE),
            "by hand": lambda: by_hand(CASE),
            "three-valued": lambda: by_hand_unknown(CASE),
        },
    )

    def figure(name: str, ours: str, peer: str, what: str, most: int | None) -> Figure:
        holds = None if most is None else took[ours] <= most
        target = "" if most is None else f"<= {most} µs"
        return Figure(
            name, f"{took[ours]:.2f} µs", f"{took[peer]:.2f} µs {what}", times(took[ours] / took[peer]), target, holds
        )

    return [
        figure("price a hired event, explained", "price", "price, floor", "dict for each step", TRACED),
        figure("decide by four criteria, explained", "rule", "rule, floor", "dict for each step", TRACED),
        figure("decide by four criteria, compiled", "compiled", "by hand", "by hand, all known", COMPILED),
        figure("  the same against three values by hand", "compiled", "three-valued", "by hand", None),
    ]


if __name__ == "__main__":
    show(figures())
