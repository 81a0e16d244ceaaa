"""What a tree can still give while facts are missing: the answer as it forms."""

from __future__ import annotations

from avtal.language.evaluate import Case, Evaluation, Values, branch
from avtal.language.expression import Expression, Value


def possible(tree: Expression, case: Case, values: Values) -> tuple[Value, ...]:
    """Every code that a decision's tree can still come to, in the tree's order; just one when the value is known.

    A branch stays possible until a stated fact rules it out, so that nothing possible is left out; that two facts
    which are missing would rule it out together is not seen.
    """
    run = Evaluation(case, values)
    found: dict[Value, None] = {}

    def visit(node: Expression) -> None:
        value = run.value(node, {})
        if value is not None:
            found[value] = None
        elif node.op == "step":
            visit(node.args[0])
        elif node.op == "reading":
            visit(branch(node, values))
        elif node.op == "choose":
            chosen = run.value(node.args[0], {})
            if chosen is not False:
                visit(node.args[1])
            if chosen is not True:
                visit(node.args[2])

    visit(tree)
    return tuple(found)
