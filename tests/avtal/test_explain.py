"""Explanations as text, JSON and HTML, in Swedish."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from avtal.explain import Shown, Step, Words, as_html, as_json, as_text

HARD = "\N{NO-BREAK SPACE}"
WORDS = Words(
    labels={
        "amount": "Belopp",
        "rate": "Timpris",
        "hours": "Timmar",
        "persons": "Personer",
        "start": "Början",
        "agreed": "Överenskommet",
        "undated": "Utan datum",
        "shares": "Fördelning",
        "A18": "När avrundas timmar?",
        "percent": "Påslag",
        "worked": "Arbetad tid",
        "to": "Beställare",
    },
    units={
        "amount": "öre",
        "rate": "öre/tim",
        "worked": "0,0001 tim",
        "persons": "personer",
        "start": "klockslag",
        "percent": "%",
    },
    codes={"ARE": "Åre", "charged": "debiteras", "preliminary": "preliminärt värde"},
    hidden=frozenset({"undated", "shift"}),
)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("agreed", None, "okänt"),
        ("agreed", True, "ja"),
        ("agreed", False, "nej"),
        ("on", date(2026, 3, 31), "2026-03-31"),
        ("amount", 12_611_290, f"126{HARD}112,90{HARD}kr"),
        ("amount", -50, f"\N{MINUS SIGN}0,50{HARD}kr"),
        ("amount", 0, f"0,00{HARD}kr"),
        ("rate", 64_000, f"640,00{HARD}kr/tim"),
        ("worked", 15_000, f"1,5{HARD}tim"),
        ("worked", 20_000, f"2{HARD}tim"),
        ("worked", 1, f"0,0001{HARD}tim"),
        ("start", 990, "16.30"),
        ("start", 5, "00.05"),
        ("persons", 1234, f"1{HARD}234{HARD}personer"),
        ("hours", 1_000_000, f"1{HARD}000{HARD}000"),
        ("hours", 0, "0"),
        ("percent", Decimal("3.20"), f"3,2{HARD}%"),
        ("percent", Decimal(100), f"100{HARD}%"),
        ("factor", Decimal("1.0350"), "1,035"),
        ("to", "ARE", "Åre"),
        ("to", "MUNICIPALITY:ARE", "Åre"),
        ("to", "MUNICIPALITY:BERG", "BERG"),
        ("status", "charged", "debiteras"),
        ("status", "odd", "odd"),
    ],
)
def test_a_value_is_shown_as_a_swedish_reader_expects(name: str, value: Shown, shown: str) -> None:
    """Decimal comma, hard spaces, kronor, and words for codes; unknown is said, not left out."""
    assert WORDS.show(name, value) == shown


@pytest.mark.parametrize(
    ("name", "value", "shows"),
    [
        ("undated", False, False),
        ("undated", None, False),
        ("undated", True, True),
        ("shift", 0, False),
        ("shift", -60, True),
        ("agreed", False, True),
    ],
)
def test_derived_facts_show_only_where_they_matter(name: str, value: Shown, *, shows: bool) -> None:
    """A hidden name shows when it is true or not zero; every other name always."""
    assert WORDS.shows(Step(name, value, "fact")) is shows


HOURS = Step("hours", 2, "step", ("X-1", "X-2"), steps=(Step("worked", 15_000, "fact"), Step("undated", False, "fact")))
READING = Step("A18", "occasion", "reading", source="en gång per tillfälle", note="standardval")
RATE = Step(
    "rate", 64_000, "parameter", ("X-3",), "bilaga 1, rad 3", "preliminary", (Step("index", 2, "index", note="n"),)
)
TREE = Step(
    "amount",
    128_000,
    "rule",
    ("X-9",),
    steps=(HOURS, READING, RATE, Step("shares", None, "note", steps=(HOURS, Step("agreed", None, "fact")))),
)


def test_a_whole_number_is_taken_from_a_step_that_gives_one() -> None:
    """A number is never cut off, and what is unknown is no number."""
    assert (Step("rate", 64_000).whole(), Step("rate", Decimal(50)).whole()) == (64_000, 50)
    for other in (Decimal("1.5"), None, "charged"):
        with pytest.raises(ValueError, match="invalid literal"):
            Step("rate", other).whole()


def test_the_text_is_an_indented_list_that_spells_each_step_out_once() -> None:
    """Clauses, source and note stand in brackets; a step that came before points back; hidden ones are left out."""
    assert as_text(TREE, WORDS).replace(HARD, " ").splitlines() == [
        "Belopp: 1 280,00 kr  [X-9]",
        "├─ Timmar: 2  [X-1, X-2]",
        "│  └─ Arbetad tid: 1,5 tim",
        "├─ A18 När avrundas timmar?  [en gång per tillfälle; standardval]",
        "├─ Timpris: 640,00 kr/tim  [X-3; bilaga 1, rad 3; preliminärt värde]",
        "│  └─ index: 2  [n]",
        "└─ Fördelning",
        "   ├─ Timmar: 2  (se ovan)",
        "   └─ Överenskommet: okänt",
    ]


def test_a_step_without_steps_is_spelled_out_every_time() -> None:
    """There is nothing to point back to in a bare fact."""
    fact = Step("agreed", True, "fact", ("X-1",))
    text = as_text(Step("result", True, steps=(Step("one", steps=(fact,)), fact)), WORDS)
    assert text.count("Överenskommet: ja  [X-1]") == 2
    assert "se ovan" not in text


def test_a_hidden_last_step_leaves_the_branches_whole() -> None:
    """The last step that shows ends the branch, whatever hidden steps follow."""
    tree = Step("result", 1, steps=(Step("hours", 1, "fact"), Step("undated", False, "fact")))
    assert as_text(tree, WORDS) == "result: 1\n└─ Timmar: 1"


def test_the_html_is_a_nested_list_with_a_class_for_each_kind() -> None:
    """One fragment: heading, what is behind it in small print, and the steps below."""
    assert as_html(TREE, WORDS).replace(HARD, " ") == (
        '<li class="rule">Belopp: 1 280,00 kr <small>X-9</small><ul>'
        '<li class="step">Timmar: 2 <small>X-1, X-2</small><ul><li class="fact">Arbetad tid: 1,5 tim</li></ul></li>'
        '<li class="reading">A18 När avrundas timmar? <small>en gång per tillfälle; standardval</small></li>'
        '<li class="parameter">Timpris: 640,00 kr/tim <small>X-3; bilaga 1, rad 3; preliminärt värde</small>'
        '<ul><li class="index">index: 2 <small>n</small></li></ul></li>'
        '<li class="note">Fördelning<ul><li class="step">Timmar: 2 <small>se ovan</small></li>'
        '<li class="fact">Överenskommet: okänt</li></ul></li>'
        "</ul></li>"
    )


def test_nothing_stated_can_become_markup() -> None:
    """Labels, values, clauses, sources and notes are escaped."""
    evil = "<script>alert('x & \"y\"')</script>"
    step = Step(evil, evil, "fact", (evil,), evil, evil)
    safe = "&lt;script&gt;alert(&#x27;x &amp; &quot;y&quot;&#x27;)&lt;/script&gt;"
    assert as_html(step, WORDS) == (f'<li class="fact">{safe}: {safe} <small>{safe}; {safe}; {safe}</small></li>')


def test_the_json_holds_plain_values_with_money_in_kronor() -> None:
    """Everything that the text shows, and hidden steps too, for a machine to pick from."""
    found = as_json(TREE, WORDS)
    hours = found["steps"][0]
    assert {key: found[key] for key in ("name", "label", "kind", "value", "unit", "clauses", "source", "note")} == {
        "name": "amount",
        "label": "Belopp",
        "kind": "rule",
        "value": "1280.00",
        "unit": "kr",
        "clauses": ["X-9"],
        "source": "",
        "note": "",
    }
    assert found["shown"] == f"1{HARD}280,00{HARD}kr"
    assert (hours["value"], hours["unit"], [step["name"] for step in hours["steps"]]) == (2, "", ["worked", "undated"])
    assert found["steps"][2]["value"] == "640.00"
    assert found["steps"][2]["unit"] == "kr/tim"
    assert found["steps"][3]["steps"][0] == hours


@pytest.mark.parametrize(
    ("name", "value", "plain"),
    [
        ("on", date(2026, 3, 31), "2026-03-31"),
        ("percent", Decimal("3.20"), "3.20"),
        ("factor", Decimal("1E+2"), "100"),
        ("agreed", True, True),
        ("amount", True, True),
        ("amount", None, None),
        ("worked", 15_000, 15_000),
        ("to", "ARE", "ARE"),
    ],
)
def test_each_value_has_one_plain_form(name: str, value: Shown, plain: object) -> None:
    """Dates and decimals are text without exponents; the rest is as it is."""
    found = as_json(Step(name, value), WORDS)["value"]
    assert (found, type(found)) == (plain, type(plain))


def test_a_tree_gathers_what_was_used() -> None:
    """Clauses in order of appearance; readings and notes sorted; parameters in order, each once."""
    assert TREE.all_clauses() == ("X-9", "X-1", "X-2", "X-3")
    assert TREE.readings() == ("A18",)
    assert TREE.parameters() == ("rate",)
    assert TREE.notes() == ("n", "preliminary")
    assert [step.name for step in TREE.walk()][:4] == ["amount", "hours", "worked", "undated"]


def test_steps_are_told_apart_by_identity() -> None:
    """Two steps that look alike are two steps; one step in two places is one."""
    assert Step("hours", 1) != Step("hours", 1)
    assert HOURS in TREE.steps
