"""Every action that is recorded anywhere has Swedish words, found by reading the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from samverka.journal.words import ACTIONS, Difference, action_words, differences
from samverka.web.templatetags.edition_words import what_differs

ACTION = re.compile(r"(parties|agreements|assignments|care|settlement)\.[a-z_]+")
SOURCE = Path(__file__).parents[3] / "src" / "samverka"


def callee(call: ast.Call) -> str:
    """The name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def actions_in(tree: ast.Module) -> Iterator[str]:
    """What the module gives to ``record`` as its action, also through its own functions."""
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    inside = {id(inner): function for function in functions.values() for inner in ast.walk(function)}

    def values(expression: ast.expr, call: ast.Call) -> Iterator[str]:
        match expression:
            case ast.Constant(value=str(text)):
                yield text
            case ast.IfExp(body=one, orelse=other):
                yield from values(one, call)
                yield from values(other, call)
            case ast.JoinedStr(values=[ast.Constant(value=str(head)), ast.FormattedValue(value=inner)]):
                yield from (head + tail for tail in values(inner, call))
            case ast.Name(id=name):  # an argument of the function around it: what its callers give
                around = inside[id(call)]
                names = [one.arg for one in (*around.args.args, *around.args.kwonlyargs)]
                if name not in names:  # a variable: the actions are spelled out somewhere in the function
                    texts = [node.value for node in ast.walk(around) if isinstance(node, ast.Constant)]
                    spelled = [text for text in texts if isinstance(text, str) and ACTION.fullmatch(text)]
                    assert spelled, f"{ast.unparse(call)}: no action is spelled out in {around.name}"
                    yield from spelled
                    return
                for node in ast.walk(tree):
                    if isinstance(node, ast.Call) and callee(node) == around.name:
                        keyed = [keyword.value for keyword in node.keywords if keyword.arg == name]
                        yield from values(keyed[0] if keyed else node.args[names.index(name)], node)
            case _:
                raise AssertionError(f"{ast.unparse(call)}: the action cannot be read from the code")

    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and callee(node) == "record" and len(node.args) >= 3:
            yield from values(node.args[1], node)


def recorded(source: Path) -> set[str]:
    """Every action in the code."""
    return {
        action
        for path in source.rglob("*.py")
        if "journal" not in path.parts and "record(" in (text := path.read_text(encoding="utf-8"))
        for action in actions_in(ast.parse(text))
    }


def test_every_recorded_action_has_words() -> None:
    """A new action needs a line in ``journal/words.py``, and a line that no action has is taken away."""
    found = recorded(SOURCE)
    assert len(found) > 20
    assert sorted(found - set(ACTIONS)) == []
    assert sorted(set(ACTIONS) - found) == []


@pytest.mark.parametrize(
    ("code", "actions"),
    [
        ("record(actor, 'a.do', x)", {"a.do"}),
        ("services.record(actor, 'a.do' if yes else 'a.undo', x)", {"a.do", "a.undo"}),
        (
            "def tell(who, what):\n    record(who, f'a.{what}', x)\ntell(me, 'do')\ntell(me, what='undo')",
            {"a.do", "a.undo"},
        ),
        ("def f():\n    for a in ['parties.do', 'x.y']:\n        record(x, a, y)", {"parties.do"}),
        ("def f(a):\n    g(a)\ndef g(b):\n    record(x, b, y)\nf('a.deep')", {"a.deep"}),
    ],
)  # fmt: skip
def test_the_search_sees_each_way_of_writing_it(code: str, actions: set[str]) -> None:
    """The search itself: a twin that read only plain texts would miss four of these five."""
    assert set(actions_in(ast.parse(code))) == actions


def test_an_action_that_cannot_be_read_fails() -> None:
    """Rather than being passed over."""
    with pytest.raises(AssertionError, match="cannot be read"):
        list(actions_in(ast.parse("def f():\n    record(actor, names[0], x)")))
    assert action_words("unknown.action") == "unknown.action"


def test_before_and_after_are_laid_side_by_side() -> None:
    """Fields within fields are one list; absent, unknown and empty are a dash, and only what differs is marked."""
    before = {"state": "registered", "stated": {"work_minutes": 61, "agreed": None}, "gone": True}
    after = {"state": "attested", "stated": {"work_minutes": 61, "agreed": False}, "rows": [1, "b"], "none": {}}
    assert differences(before, after) == [
        Difference("läge", "registrerat", "attesterat"),
        Difference("uppgifter: work_minutes", "61", "61"),
        Difference("uppgifter: agreed", "–", "nej"),
        Difference("rader", "–", "1, b"),
        Difference("none", "–", "–"),
        Difference("gone", "ja", "–"),
    ]
    assert [one.differs for one in differences(before, after)] == [True, False, True, True, False, True]
    assert differences(None, None) == []


def test_fields_and_codes_are_the_editions_words() -> None:
    """A fact by its label, a code by its name."""
    found = what_differs({"before": None, "after": {"work_minutes": 61, "stated": {"municipality": "BERG"}}})
    assert found == [Difference("Insats", "–", "61"), Difference("uppgifter: Kommun", "–", "Bergs kommun")]
