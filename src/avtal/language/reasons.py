"""Why a decision came out as it did, and no more: the ground that holds, what it rests on, and what did not apply.

``evaluate`` shows all that was looked at, as whoever checks a price wants it. Whoever asks who is responsible wants the
ground: of several conditions joined by *and* the one that fails, of several joined by *or* the one that holds. The
exceptions that come first and do not apply are named together in one step, without their reasons; so is, where it
stands, what a row excepts. A reading shows where it let something unsaid count as not so. Of a step's clauses those are
cited that speak of the case.
"""

from __future__ import annotations

from collections.abc import Iterator

from avtal.explain import Step
from avtal.language.citing import cited
from avtal.language.evaluate import Evaluation, Steps, branch
from avtal.language.expression import Expression, Kind
from avtal.language.rule import GROUND, UNLESS

#: The step that names the exceptions which do not apply.
EXCEPTIONS = "does_not_apply"


def reasons(run: Evaluation, tree: Expression) -> Step:
    """A decision's tree as a step with its ground; of an unknown one, what keeps it unknown."""
    key = "why", tree
    if key not in run.done:
        steps: Steps = {}
        passed: dict[str, None] = {}
        _decide(run, tree.args[0] if tree.op == "step" else tree, steps, passed)
        if passed:
            below = tuple(Step(name, False) for name in passed)  # a step's value
            steps[Step(EXCEPTIONS, None, "note", steps=below)] = None
        clauses = cited(tree.clauses, run.silent)
        run.done[key] = Step(tree.name, run.value(tree, {}), "step", clauses, steps=tuple(steps))
    return run.done[key]


def _decide(run: Evaluation, node: Expression, steps: Steps, passed: dict[str, None]) -> None:
    """Walk down a decision's rows to the one that decides."""
    if node.op != "choose":
        _justify(run, node, steps)
        return
    condition, then, otherwise = node.args
    held = run.value(condition, {})
    if held is False:
        passed |= dict.fromkeys(_failed(run, condition))
        steps |= dict.fromkeys(_unsaid(run, condition))
        _decide(run, otherwise, steps, passed)
        return
    _justify(run, condition, steps)
    if held:
        _decide(run, then, steps, passed)


def _failed(run: Evaluation, condition: Expression) -> Iterator[str]:
    """The rules that a condition which fails is made of, where they fail themselves."""
    if condition.op == "step" and condition.name not in (GROUND, UNLESS):
        yield condition.name
        return
    for arg in condition.args:
        if run.value(arg, {}) is False:
            yield from _failed(run, arg)


def _unsaid(run: Evaluation, condition: Expression) -> Iterator[Step]:
    """The readings by which something that nobody has said counts as not so."""
    for node in condition.walk():
        if node.op == "reading":
            said = branch(node, run.values)
            if said.op == "is_true" and run.value(said.args[0], {}) is None:
                yield run.values.reading(node.name)


def _justify(run: Evaluation, node: Expression, steps: Steps) -> None:
    """The visible steps that make a node what it is."""
    match node.op:
        case "and" | "or":
            wanted = run.value(node, {})
            for arg in node.args:
                if run.value(arg, {}) is wanted:
                    _justify(run, arg, steps)
        case "step" if node.name == GROUND:
            if node.kind is Kind.BOOL:
                _justify(run, node.args[0], steps)
            clauses = cited(node.clauses, run.silent)
            steps[run.done.setdefault(("ground", node), Step(GROUND, None, "note", clauses))] = None
        case "step" if node.name == UNLESS and run.value(node, {}):
            for name in _failed(run, node.args[0].args[0]):
                steps[run.done.setdefault(("passed", name), Step(name, False))] = None  # a step's value
        case "step" if node.name == UNLESS:
            _justify(run, node.args[0], steps)
        case "step":
            steps[reasons(run, node)] = None
        case "reading":
            steps[run.values.reading(node.name)] = None
            _justify(run, branch(node, run.values), steps)
        case "choose":
            _decide(run, node, steps, {})
        case "fact" | "parameter":
            run.value(node, steps)
        case _:
            for arg in node.args:
                _justify(run, arg, steps)
