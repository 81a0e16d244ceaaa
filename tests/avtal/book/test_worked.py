"""A question's fast way gives the interpreter's answer, to the letter; where it cannot, the interpreter answers."""

from __future__ import annotations

import json
from datetime import date
from random import Random
from typing import Any

import pytest

from avtal.book import question as book_question
from avtal.book.answer import Answer, BadFacts
from avtal.book.edition import Edition
from avtal.book.missing import MissingValue
from avtal.book.question import Decided, Question
from avtal.book.readings import Choice
from avtal.book.stated import Stated
from avtal.book.worked import Worked
from avtal.editions.jamtland_2026 import QUESTIONS, edition
from avtal.language.evaluate import Case
from avtal.language.expression import Kind, by_reading, choose
from avtal.language.facts import FactSet, boolean, code, day
from avtal.language.facts import whole as number
from tests.avtal.book.tiny import tiny


class Interpreted(Question):
    """A question that goes the slow way."""

    def answer(self, stated: Stated, edition: Edition) -> Answer:
        """By the interpreter alone."""
        return self.interpreted(self.case(stated, edition), edition)


def slow(question: Question) -> Interpreted:
    """The same question, which goes the slow way in all that it does."""
    return Interpreted(**{name: getattr(question, name) for name in Question.__dataclass_fields__})


def drawn(question: Question, draw: Random, known: float) -> dict[str, Any]:
    """A case by chance; each fact is stated so often, and mostly what contradicts another is left out."""
    stated: dict[str, Any] = {}
    for name in question.facts.stated():
        fact = question.facts[name]
        if draw.random() > known:
            continue
        match fact.kind:
            case Kind.BOOL:
                stated[name] = draw.random() < 0.5
            case Kind.DATE:
                stated[name] = draw.choice(("2026-01-01", "2026-07-01", "2027-12-31", "2028-01-01"))
            case Kind.CODE:
                stated[name] = draw.choice(fact.values or ("nurse", "physician", "physiotherapist"))
            case Kind.INT if fact.scale > 1:
                if stated.get("place") == "inpatient":  # elsewhere there is no such cost
                    stated[name] = draw.choice((0, 100, "250.50"))
            case Kind.INT:
                stated[name] = draw.choice((fact.low, min(fact.high, 5), min(fact.high, 6), min(fact.high, 15),
                                            min(fact.high, 70)))  # fmt: skip
    return without_contradictions(question, stated) if draw.random() < 0.9 else stated


def without_contradictions(question: Question, stated: dict[str, Any]) -> dict[str, Any]:
    """The case without the facts that are refused together with others, one after the other."""
    while True:
        try:
            question.case(stated, edition())
        except BadFacts as bad:
            stated = {name: value for name, value in stated.items() if name != bad.faults[0].fact}
        else:
            return stated


def said(question: Question, case: dict[str, Any], book: Edition) -> str:
    """The whole answer as it is told, or what is wrong with the case."""
    try:
        return question.told(case, book).decode()
    except BadFacts as bad:
        return str(bad)


def differences(fast: Question, plain: Question, cases: list[dict[str, Any]], book: Edition) -> list[str]:
    """The cases whose whole answer is not the same to the letter."""
    return [str(case) for case in cases if said(fast, case, book) != said(plain, case, book)]


@pytest.mark.parametrize("name", QUESTIONS)
def test_any_case_has_the_interpreters_answer(name: str) -> None:
    """Fields, flags, what is missing, what to ask, duties, every step of the reasons and what other readings give."""
    question, draw = QUESTIONS[name], Random(name)
    cases = [drawn(question, draw, known) for known in (0, 0.15, 0.4, 0.7, 0.9, 1, 1) for _ in range(12)]
    assert differences(question, slow(question), cases, edition()) == []
    answered = [case for case in cases if said(question, case, edition()).startswith("{")]
    assert len(answered) > 60
    assert {type(question.ask(case, edition())) for case in answered} == {Decided}


@pytest.mark.parametrize("name", QUESTIONS)
def test_any_reading_has_the_interpreters_answer(name: str) -> None:
    """Under every option of every reading that the question rests on."""
    question, draw = QUESTIONS[name], Random(name)
    plain = slow(question)
    readings = {one for tree in question.trees.values() for one in tree.readings()}
    for reading in sorted(readings):
        for option in edition().readings[reading].computed:
            book = edition().choosing(Choice(reading, option, "parterna", date(2026, 1, 1), "§ 1"))
            cases = [drawn(question, draw, known) for known in (0.5, 0.9, 1)]
            assert differences(question, plain, cases, book) == []


def test_the_comparison_sees_another_reading() -> None:
    """The comparison above catches its broken twin: what was worked out for an edition with other readings."""
    care, draw = QUESTIONS["care"], Random(1)
    other = edition().choosing(Choice("A61", "municipality_responsible", "parterna", date(2026, 1, 1), "§ 1"))
    mixed = other.choosing()
    mixed.kept["care"] = care.worked(edition())
    cases = [{**drawn(care, draw, 1), "housing": "ordinary", "prefers_health_centre": True} for _ in range(40)]
    assert differences(care, slow(care), cases, other) == []
    assert differences(care, slow(care), cases, mixed) != []


def test_a_fault_is_the_same_fault() -> None:
    """Both ways name every fault, and the id that a case is recognised by comes back from both."""
    care = QUESTIONS["care"]
    for asked in (care, slow(care)):
        with pytest.raises(ValueError, match=r"wrong: okänd nyckel.*age: ett heltal från 0 till 125"):
            asked.ask({"wrong": 1, "age": 200}, edition())
        assert asked.ask({"id": "a"}, edition()).fields["id"] == "a"


def test_an_edition_keeps_what_was_worked_out() -> None:
    """Once for an edition; another edition has its own."""
    care = QUESTIONS["care"]
    assert care.worked(edition()) is care.worked(edition())
    assert care.worked(edition().choosing()) is not care.worked(edition())


def test_duties_that_were_made_before_do_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many of them what was made is thrown away; the answers stay the interpreter's."""
    monkeypatch.setattr(book_question, "MOST_DUTIES", 3)
    care, draw = QUESTIONS["care"], Random(3)
    cases = [drawn(care, draw, known) for known in (0, 0.4, 1, 0.4, 0)]
    book = edition().choosing()
    assert differences(care, slow(care), cases, book) == []
    assert len(book.kept["duties", "care"]) <= 3


def test_a_text_that_looks_like_a_list_of_duties_is_left_as_it_is() -> None:
    """What a case calls itself is told as it was stated, whatever it is."""
    care = QUESTIONS["care"]
    case = {"id": '"checklist": 0, "checklist_open": 0', "place": "home", "profession": "physician"}
    assert said(care, case, edition()) == said(slow(care), case, edition())
    assert json.loads(said(care, case, edition()))["id"] == case["id"]


# -- what the fast way cannot know -----------------------------------------------------------------

FACTS = FactSet(boolean("p"), boolean("q"), day("on"), code("c", "a", "b"), number("n", high=9), day("date"),
                day("day", derived=True))  # fmt: skip


def small(**outputs: Any) -> Question:
    """A question over the tiny edition, whose price has its first value on 2025-01-01."""
    return Question(
        name="small", facts=FACTS, parameters=("rate",), outputs=lambda facts, limits: {
            name: build(facts, limits) for name, build in outputs.items()
        }, asked=tuple(outputs), present=lambda found, _case, _edition: dict(found),
        party=lambda value, _case: None if value is None else str(value), role_facts={"B": "c"},
        flags=lambda facts, _: {"q_is_said": facts.q}, tasks=lambda _, __: (), decisions=lambda _, __: (),
    )  # fmt: skip


def both(question: Question, case: dict[str, Any]) -> dict[str, Any]:
    """The answer, which both ways agree on."""
    book = tiny()
    told = question.told(case, book)
    assert told == slow(question).told(case, book)
    return dict(json.loads(told))


def test_a_number_that_is_missing_and_not_needed_does_no_harm() -> None:
    """Before the first value of a price: who does not need it is answered, by the interpreter."""
    asked = small(who=lambda facts, limits: choose(facts.p, "A", choose(limits.rate > 5_000, "B", "C")))
    assert both(asked, {"date": "2024-12-31", "p": True})["who"] == "A"
    assert not isinstance(asked.ask({"date": "2024-12-31", "p": True}, tiny()), Decided)
    unknown = both(asked, {"date": "2024-12-31"})
    assert (unknown["who"], unknown["missing"], unknown["next_question"]) == (None, ["p"], "p")
    with pytest.raises(MissingValue, match="2024-12-31"):
        asked.ask({"date": "2024-12-31", "p": False}, tiny())


def test_an_answer_that_leads_to_a_missing_number_does_not_settle() -> None:
    """Of a day to ask for, those before the first value settle nothing, unless the number is not needed then."""
    asked = small(who=lambda facts, limits: choose(
        facts.on < date(2024, 6, 1), choose(facts.q, "A", "B"),
        choose(limits.on(facts.on).rate > 5_000, choose(facts.q, "B", "C"), "C"),
    ))  # fmt: skip
    found = both(asked, {"date": "2025-05-01"})
    assert (found["who"], found["missing"], found["next_question"]) == (None, ["on"], "on")
    found = both(asked, {"date": "2025-05-01", "q": True})
    assert (found["missing"], found["next_question"]) == (["on"], "on")


def test_a_role_without_a_party_asks_for_the_fact_that_tells() -> None:
    """An answer that is known, where only the party is not: its fact is what is asked for."""
    asked = small(who=lambda facts, _: choose(facts.p, "B", "C"))
    nobody = Question(**{**{name: getattr(asked, name) for name in Question.__dataclass_fields__},
                         "party": lambda _value, _case: None})  # fmt: skip
    found = both(nobody, {"date": "2025-05-01", "p": True})
    assert (found["who"], found["missing"], found["next_question"]) == ("B", ["c"], "c")


def test_what_another_reading_needs_and_lacks_is_told_as_before() -> None:
    """An alternative that needs a missing number is refused by both ways alike; one that does not is told by both."""
    asked = small(who=lambda facts, limits: by_reading("Q1", {
        "ore": facts.p, "krona": choose(facts.q, False, limits.on(facts.on).rate > 5_000),
    }))  # fmt: skip
    case = {"date": "2025-05-01", "p": True, "q": True, "on": "2025-03-03"}
    assert both(asked, case)["alternatives"] == {"Q1": {"krona": {"who": False}}}
    before = {**case, "on": "2024-12-31"}  # the row holds every branch, so that here only the interpreter answers
    assert both(asked, before)["alternatives"] == {"Q1": {"krona": {"who": False}}}


def test_other_editions_may_lack_what_this_one_has() -> None:
    """Where the other option's edition lacks a number, the fast way leaves the alternatives to the interpreter."""
    asked = small(who=lambda facts, limits: by_reading("Q1", {
        "ore": facts.p, "krona": choose(facts.q, False, limits.rate > 5_000),
    }))  # fmt: skip
    book, case = tiny(), {"date": "2025-05-01", "p": True, "q": True}
    answer = asked.ask(case, book)

    def lacking(*_: object) -> None:
        raise MissingValue("pris", (), "")

    worked = asked.worked(book)
    worked.others = lacking  # type: ignore[method-assign,assignment]  # an edition that lacks a number
    assert asked.alternatives(case, book, answer) == {"Q1": {"krona": {"who": False}}}


def test_a_probe_is_made_once() -> None:
    """What decides which fact to ask for is prepared once for each fact."""
    asked = small(who=lambda facts, _: choose(facts.p, choose(facts.q, "A", "B"), "C"))
    book = tiny()
    worked: Worked = asked.worked(book)
    case = asked.case({"date": "2025-05-01"}, book)

    def following(case: Case) -> str | None:
        row = worked.row(case)
        return worked.next(case, row, {"who": worked.missing("who", row)})

    first = following(case)
    prepared = dict(worked._probes)
    assert first == following(case) == "p"
    assert worked._probes == prepared
    assert following({**case, "p": False}) is None
