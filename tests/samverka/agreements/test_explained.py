"""How an explanation shows on a page: linked, marked, escaped, and each shared step once."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.template import Context, Template

from avtal.explain import Step, as_json
from avtal.settlement import settle_shares
from samverka.agreements.book import Approved, build
from samverka.agreements.county import CHARGES, base
from samverka.agreements.templatetags.explained import clause_link, explained, explained_json, marked
from tests.samverka.agreements.entering import EQUAL, VPI

EVIL = '<script>alert("x")</script>'
WORDS = base().words


def priced(document: str = "SKR 25:1", *, example: bool = False) -> Step:
    """The hired staff's price in 2026 with one entered index value."""
    value = Approved(1, "index", VPI, document, date(2026, 1, 5), example, datetime(2026, 1, 8, tzinfo=UTC))
    return build(base(), [value]).edition.parameter("hired_staff_rate", date(2026, 3, 1))


def both(step: Step) -> list[str]:
    """The explanation as it is rendered from steps, and from what was kept as JSON."""
    return [explained(step, WORDS), explained_json(as_json(step, WORDS))]


def test_a_price_is_explained_with_links_to_all_that_it_rests_on() -> None:
    """Parameter, clause, reading and series have a page each; money and per cent are as a Swedish reader expects."""
    for html in both(priced()):
        assert html.startswith('<details><summary>Så räknades det</summary><ul class="steps"><li class="parameter">')
        assert '<a href="/avtal/villkor/hired_staff_rate/">Timpris för inhyrd personal</a>: 660,00\xa0kr/tim' in html
        assert '<a href="/avtal/klausul/OB-UPP-D4/">OB-UPP-D4</a>' in html
        assert '<a href="/avtal/lasningar/A64/">A64 Hur avrundas 640 och 338 kr efter uppräkning?</a>' in html
        assert '<a href="/avtal/index/VPI/">Indexsteg</a>: 3,2\xa0%' in html
        assert "SKR 25:1, 2026-01-05 (VPI, indexår 2025, prisår 2026, 2025-12-15)" in html
        assert "definitivt" in html


def test_both_ways_show_the_same() -> None:
    """What is kept as JSON reads as it did the day it was computed."""
    for step in (priced(), priced(example=True), shared()):
        assert len(set(both(step))) == 1


def test_what_people_have_written_is_escaped() -> None:
    """A script in a source, a note, a label, a clause, a kind or a value stays text."""
    for html in both(priced(EVIL)):
        assert "<script" not in html
        assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;, 2026-01-05" in html
    for field in ("name", "source", "note", "value"):
        for html in both(Step(**{"name": "x", "value": "y", "source": "z", "note": "w", field: EVIL})):
            assert "<script" not in html, field
            assert "&lt;script&gt;" in html, field
    told: dict[str, Any] = as_json(Step("x", "y", clauses=("OB-UPP-D4",)), WORDS)
    for field in ("kind", "label", "shown"):
        assert "<script" not in explained_json({**told, field: EVIL})
    assert "<script" not in explained_json({**told, "clauses": [EVIL]})


def test_the_check_of_escaping_sees_a_template_that_trusts() -> None:
    """The twin that marks a source as safe lets the script through."""
    template = Template("{% load explained %}{{ step.source|safe }} {{ step.source|marked }}")
    html = template.render(Context({"step": Step("x", source=EVIL)}))
    assert html.count("<script>") == 1


def test_example_data_is_marked_where_it_is_named() -> None:
    """The source's ending becomes the word exempel, in the index step and nowhere else."""
    for html in both(priced(example=True)):
        assert html.count('<mark class="example">exempel</mark>') == 1
        assert "(EXEMPEL)" not in html
    assert 'class="example"' not in "".join(both(priced()))
    assert marked("Prov (EXEMPEL)") == 'Prov <mark class="example">exempel</mark>'
    assert marked("<b>") == "&lt;b&gt;"


def shared() -> Step:
    """Development money, whose halves are explained once."""
    payers = {name: (name, "FUND") for name in base().parties}
    found = settle_shares(
        CHARGES["development_fund"],  # type: ignore[arg-type]  # computed as a whole
        {"amount": "1000", "shares": EQUAL}, build(base(), []).edition, "2026-02",
        payers=payers, quantities={}, unit="andel", example=False,
    )  # fmt: skip
    part = priced()
    return Step("development_fund", 1, "rule", steps=(found.lines[0].explanation, part, part))


def test_a_step_that_came_before_is_not_spelled_out() -> None:
    """The same price twice: the second time it is named and says see above."""
    for html in both(shared()):
        assert html.count("Indexsteg") == 1
        assert html.count("<small>se ovan</small>") == 1
        assert html.count("Timpris för inhyrd personal") == 2


def test_hidden_facts_show_only_where_they_matter() -> None:
    """A derived fact that is false says nothing; true, it shows."""
    steps = tuple(Step("by_clock", value, "fact") for value in (False, True))
    for html in both(Step("hired_staff", 1, "rule", steps=steps)):
        assert html.count("Tiden anges med slut") == 1
        assert "Tiden anges med slut: ja" in html


def test_a_note_has_no_value() -> None:
    """It is a heading for what is below it."""
    for html in both(Step("shares", None, "note", ("TB-AVS-2a",))):
        assert re.search(r'<li class="note">Fördelning <small><a href="/avtal/klausul/TB-AVS-2a/">', html)


def test_what_the_edition_does_not_know_is_not_linked() -> None:
    """A parameter, a reading, a series or a clause of another edition stays text."""
    strangers = (
        Step("x", 1, "parameter", ("X-1",)), Step("A999", "y", "reading"),
        Step("index_step", 1, "index", source="a (KPI, indexår 2025, prisår 2026)"),
        Step("index_step", 1, "index", source="a"),
    )  # fmt: skip
    for step in strangers:
        assert all("<a " not in html for html in both(step))
    assert clause_link("X-1") == "X-1"


def test_nothing_kept_shows_nothing() -> None:
    """A line without an explanation has no details to open."""
    assert explained_json({}) == ""


@pytest.mark.parametrize("summary", ["Så räknades priset", "<b>"])
def test_the_summary_may_be_another(summary: str) -> None:
    """And is escaped."""
    html = explained(priced(), WORDS, summary)
    assert ("<summary>Så räknades priset</summary>" in html) or ("<summary>&lt;b&gt;</summary>" in html)
