"""What a question's rules tell before anything is said: the steps, boundaries and outcomes that asking goes by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from avtal.book.edition import Edition
from avtal.book.question import Question
from avtal.language.evaluate import probes
from avtal.language.expression import Expression, Kind, Value

#: So many facts at the most are asked for on one page, where a rule needs them together.
MOST_TOGETHER = 4


class _Noting(dict[str, Any]):
    """Outputs whose values are not known, and which of them somebody looked at."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(dict.fromkeys(names))
        self.seen: dict[str, None] = {}

    def __getitem__(self, name: str) -> Any:
        self.seen[name] = None
        return super().__getitem__(name)

    def items(self) -> Any:
        self.seen |= dict.fromkeys(self)
        return super().items()


def shown_outputs(question: Question, edition: Edition) -> tuple[str, ...]:
    """The outputs that the answer's fields are made of; others only serve flags and duties."""
    noting = _Noting(question.trees)
    question.present(noting, dict.fromkeys(question.facts), edition)
    return tuple(noting.seen)


def small_steps(question: Question) -> list[Expression]:
    """The rules that a few facts decide together: what they need can be asked on one page."""
    nodes = {id(node): node for tree in question.trees.values() for node in tree.walk()}
    stated = set(question.facts.stated())
    return [
        node for node in nodes.values()
        if node.op == "step" and node.clauses and 2 <= len(stated & set(node.facts())) <= MOST_TOGETHER
    ]  # fmt: skip


def pivots(question: Question) -> tuple[Expression, ...]:
    """The condition that most facts meet in, of those that several rules of the main answer share; where one is."""
    nodes = {id(node): node for node in question.trees[question.main].walk()}
    shared = Counter(id(arg) for node in nodes.values() for arg in node.args)
    rules = [node for key, node in nodes.items() if node.op == "step" and node.kind is Kind.BOOL and shared[key] > 1]
    return tuple(sorted(rules, key=lambda node: -len(node.facts()))[:1])


def boundaries(question: Question, name: str, edition: Edition) -> tuple[Value, ...]:
    """Both sides of each boundary in any of the question's trees; of a parameter's, as it is on the first day."""
    fact = question.facts[name]
    main = question.trees[question.main]
    if fact.probes or fact.values or fact.kind is Kind.BOOL:
        return probes(main, name, question.facts)  # they are declared, and the same for every tree
    trees = [*question.trees.values(), *question.flag_trees.values(), *(task.when for task in question.task_list)]
    trees = [tree for tree in trees if name in tree.facts()] or [main]
    found = dict.fromkeys(value for tree in trees for value in probes(tree, name, question.facts))
    for node in (node for tree in trees for node in tree.walk() if len(node.args) == 2):
        left, right = node.args
        if left.name == name and left.op == "fact" and right.op == "parameter":
            limit = int(edition.number(right.name, edition.valid_from))
            found |= dict.fromkeys(n for n in (limit - 1, limit, limit + 1) if fact.low <= n <= fact.high)
    return tuple(found)


def outcomes(tree: Expression) -> tuple[Value, ...]:
    """The outcomes of a decision in the rules' order."""
    return tuple(dict.fromkeys(node.payload for node in tree.walk() if node.op == "constant"))
