"""The words of the questions: every fact has one, and a name that the rules do not have is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from avtal.book import asked as module
from avtal.book.asked import load_asked
from avtal.book.load import BookError
from avtal.editions import jamtland_2026
from avtal.editions.jamtland_2026 import QUESTIONS, asked, edition


def test_every_fact_has_a_question_that_ends_as_one() -> None:
    """Each fact of the three questions, once, in words that end with a question mark."""
    stated = {fact for question in QUESTIONS.values() for fact in question.facts.stated()}
    assert set(asked().facts) == stated
    assert all(words.ask.endswith("?") for words in asked().facts.values())


def test_every_code_of_a_long_list_is_under_a_heading() -> None:
    """Each matter, once."""
    listed = [code for codes in asked().entrances["matter"].headings.values() for code in codes]
    assert sorted(listed) == sorted(QUESTIONS["matter"].facts["matter"].values)


def test_every_ground_has_a_sentence() -> None:
    """Each status of the decision table, and the one for missing facts."""
    [status] = [one for one in QUESTIONS["care"].tables() if one.name == "status"]
    assert set(asked().entrances["care"].grounds) == {*status.outcomes(), "facts_missing"}


def test_the_scale_has_a_label_for_each_level() -> None:
    """Nine, of our own."""
    assert len(asked().facts["cfs"].levels) == 9


@pytest.mark.parametrize(("wrong", "told"), [
    (lambda told: told["facts"].pop("age"), "age"),
    (lambda told: told["facts"].update(shoe_size={"ask": "?"}), "shoe_size"),
    (lambda told: told["facts"]["age"].update(colour="red"), "colour"),
    (lambda told: told["facts"]["age"].update(clause="OB-FINNS-INTE"), "OB-FINNS-INTE"),
    (lambda told: told["facts"]["age"].update(takes={"weather": True}), "weather"),
    (lambda told: told["care"].pop("title"), "title"),
    (lambda told: told["care"]["gates"].update(criterion_1="by_chance"), "by_chance"),
    (lambda told: told["care"]["together"][0].update(output="luck"), "luck"),
    (lambda told: told["care"]["together"][0].update(facts=["luck"]), "luck"),
    (lambda told: told["care"].update(flexible=[["OB-FINNS-INTE", "?"]]), "OB-FINNS-INTE"),
    (lambda told: told.update(weather={}), "weather"),
])  # fmt: skip
def test_words_that_do_not_go_with_the_rules_are_refused(
    wrong: Callable[[dict[str, Any]], object], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault names what is wrong."""
    true = module.read_toml

    def read(*place: Any) -> dict[str, Any]:
        found = true(*place)
        wrong(found)
        return found

    monkeypatch.setattr(module, "read_toml", read)
    with pytest.raises(BookError, match=told):
        load_asked(jamtland_2026.__name__, QUESTIONS, edition())
