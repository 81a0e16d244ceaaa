"""What is asked, and what is not: held against the question itself, on ways through that nobody chose."""

from __future__ import annotations

import random

import pytest

from avtal.book.answer import BadFacts
from avtal.editions.jamtland_2026 import QUESTIONS, edition
from avtal.language.compile import compile_tree
from samverka.care.asking_fields import MOST_IN_SIGHT, Fields
from samverka.care.asking_standing import PASSED, Turn
from tests.samverka.care.asking import DAY, NORMAL, as_sent, interview, makes_a_difference, turn_of, walk

NAMES = tuple(QUESTIONS)
#: They are refused where nobody is in hospital, so they go before the question is asked.
COSTS = ("wage_cost", "travel_cost", "travel_time_pay")
WAYS = 25


def ways(name: str, seed: int, **how: float) -> list[list[Turn]]:
    """So many ways through a question, the same each time."""
    dice = random.Random(seed)
    return [list(walk(name, dice, **how)) for _ in range(WAYS)]


@pytest.mark.parametrize("name", NAMES)
def test_a_way_ends_in_the_answer_of_the_question(name: str) -> None:
    """Whatever is answered or passed by, the answer is what the question gives on the same facts, and nothing else."""
    for way in ways(name, 1, passes=0.15, lean=0.5):
        last = way[-1]
        stated = {
            fact: {"ja": True, "nej": False}.get(sent, sent)
            for fact, sent in last.standing.raw.items()
            if sent != PASSED
        }
        found = QUESTIONS[name].ask(stated, edition())
        assert last.answer is not None
        assert (last.answer.fields, last.answer.flags, last.answer.missing) == (
            found.fields, found.flags, found.missing,
        )  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_when_everything_is_answered_nothing_is_missing(name: str) -> None:
    """Without «Vet inte» every way ends with an answer; only who is not named by any answer can be left."""
    for way in ways(name, 2, lean=0.6):
        last = way[-1]
        assert last.answer is not None
        assert set(last.answer.missing) <= set(last.standing.raw)
        assert last.answer.missing == () or name == "product"


@pytest.mark.parametrize("name", NAMES)
def test_no_question_comes_twice_and_at_most_holds(name: str) -> None:
    """Each fact is asked for once, and what is said to be left at most is never less than what comes."""
    for way in ways(name, 3, passes=0.2, lean=0.5):
        pages = [turn.page for turn in way]
        put = [fact for page in pages for fact in page]
        assert len(put) == len(set(put))
        for index, turn in enumerate(way):
            assert sum(len(page) for page in pages[index:]) <= turn.at_most
        assert way[-1].at_most == 0


@pytest.mark.parametrize("name", NAMES)
def test_what_comes_out_was_always_possible(name: str) -> None:
    """The answer was among those that were said to be possible at every step before, whatever was passed by."""
    put = interview(name)
    main = compile_tree(put.question.trees[put.question.main], edition())
    for way in ways(name, 4, passes=0.1, lean=0.7):
        outcome = main(way[-1].standing.case)
        for turn in way:
            assert outcome is None or outcome in put.possible(turn.standing)
            assert {put.named(value, turn.standing) for value in put.possible(turn.standing)} == set(turn.forming)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_asked_that_cannot_matter(name: str) -> None:
    """For every question that is put there are answers to what is left by which it makes a difference."""
    dice = random.Random(5)
    for way in ways(name, 5, passes=0.25, lean=0.5)[:10]:
        for turn in way:
            for fact in turn.page:
                assert makes_a_difference(name, fact, turn, dice), (fact, turn.standing.raw)


def test_what_cannot_matter_is_seen() -> None:
    """The check above catches its broken twin: cognitive impairment when the level of frailty is not known."""
    said = {**NORMAL, "cfs": PASSED}
    dice = random.Random(6)
    assert not makes_a_difference("care", "cognitive", turn_of("care", said), dice)
    assert makes_a_difference("care", "cognitive", turn_of("care", {**said, "cfs": "5"}), dice)


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_can_be_stated(name: str) -> None:
    """Each fact is asked for on some way, or offered among the further ones; the day is always there."""
    put, dice = interview(name), random.Random(7)
    wanted = set(put.question.facts.stated()) - {"date"}
    seen: set[str] = set()
    for _ in range(400):
        *_, turn = walk(name, dice, lean=dice.choice((0, 0.5, 1)))
        for _ in range(4):
            seen |= {*turn.standing.raw, *turn.page, *turn.decisive, *turn.further}
            unseen = [fact for fact in (*turn.page, *turn.decisive, *turn.further) if put.probes(fact)]
            if not unseen:
                break
            fact = dice.choice(unseen)
            said = {**turn.standing.raw, fact: as_sent(dice.choice(put.probes(fact)))}
            turn = put.turn(put.read(said))
        if seen >= wanted:
            return
    assert wanted - seen == set()


def contradictions(name: str, stated: dict[str, object]) -> list[str]:
    """The facts that are refused since they do not go with others."""
    try:
        QUESTIONS[name].case(stated, edition())
    except BadFacts as bad:
        return [fault.fact for fault in bad.faults]
    return []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_dropped_changed_nothing(name: str) -> None:
    """From any answers at all, what is no longer needed goes without a change in answer, flags or duties."""
    put, dice = interview(name), random.Random(8)
    for _ in range(60):
        facts = [fact for fact in put.question.facts.stated() if fact not in ("date", *COSTS) and dice.random() < 0.6]
        said = {"date": DAY} | {fact: as_sent(dice.choice(put.probes(fact))) for fact in facts}
        standing = put.read(said)
        while bad := contradictions(name, standing.stated):  # they are refused, so they go first
            standing = put.read({fact: sent for fact, sent in standing.raw.items() if fact != bad[0]})
        turn = put.turn(standing)
        assert turn.answer is not None
        before = put.question.ask(standing.stated, edition())
        told, others = dict(before.fields), dict(turn.answer.fields)
        if told.get("status") == "facts_missing":  # the criteria are listed though they may turn out not to be asked
            told.pop("criteria"), others.pop("criteria")
        for fields in (told, others):  # what a duty still hangs on may be told of more facts, but it is the same duties
            fields["checklist_open"] = [duty["duty"] for duty in fields["checklist_open"]]
        assert others == told
        assert set(turn.answer.flags) == set(before.flags)


def test_an_answer_that_no_longer_matters_goes_and_is_told() -> None:
    """Admitted to hospital, the four criteria are not needed: none of them is sent on, and each is named."""
    turn = turn_of("care", {**NORMAL, "place": "inpatient"})
    assert {"safe_at_home", "frequent", "days", "can_reach_health_centre", "barrier"} <= set(turn.dropped)
    assert turn.dropped["days"] == "20"
    assert not {"safe_at_home", "frequent", "days"} & set(turn.standing.raw)


def test_of_two_answers_that_give_the_same_one_stays() -> None:
    """Neither procured nor well packed: each alone would do, so one of them may go and not both."""
    said = {
        "product": "consumables", "responsible_party": "REGION", "palliative_team": "nej", "purpose": "care",
        "medical_responsibility": "primary", "specialised_intervention": "nej", "after_discharge": "ja",
        "evaluated": "nej", "procured": "nej", "suitable_packaging": "nej",
    }  # fmt: skip
    turn = turn_of("product", said)
    assert len({"procured", "suitable_packaging"} & set(turn.standing.raw)) == 1
    assert turn.answer is not None
    assert turn.answer.fields["payer"] == "REGION:specialised"


def test_short_questions_of_a_criterion_stand_together() -> None:
    """The parts of the first two criteria are one page each; a list is one of its own, and what was begun is ended."""
    said = {fact: NORMAL[fact] for fact in ("place", "profession", "housing", "palliative_team")}
    pages = []
    turn = turn_of("care", said)
    while turn.page:
        pages.append(turn.page)
        said |= {fact: {**NORMAL, "cfs": "5", "cognitive": "diagnosis"}[fact] for fact in turn.page}
        turn = turn_of("care", said)
    assert ("safe_at_home", "self_care_possible", "digital_considered") in pages
    assert ("frequent", "continuous", "days") in pages
    assert pages[pages.index(("cfs",)) + 1] == ("cognitive",)
    assert pages[pages.index(("can_reach_health_centre",)) + 1] == ("barrier",)


def test_what_is_not_known_leaves_both_possible() -> None:
    """Passed by, a criterion may hold or not: the answer is either, and not «uppgifter saknas»."""
    turn = turn_of("care", {**NORMAL, "frequent": PASSED})
    assert turn.page == ()
    assert turn.forming == ("Regionen", "Bergs kommun")


def test_what_a_question_takes_for_granted_is_asked_first() -> None:
    """Why somebody cannot go is not asked of who is not known to be unable to."""
    said = {**NORMAL, "can_reach_health_centre": PASSED}
    del said["barrier"]
    assert turn_of("care", said).page == ()


def test_a_wish_is_offered_as_what_can_change_the_answer() -> None:
    """What counts only when it has been said is not asked for, but is named beside the answer (A72, A73)."""
    turn = turn_of("care", NORMAL)
    assert turn.forming == ("Bergs kommun",)
    assert {"prefers_health_centre", "level", "staying_in"} <= set(turn.decisive)
    assert "listed_health_centre" in turn.further
    assert "age" not in turn_of("care", {"housing": "special"}).further


def test_people_are_not_said_to_decide_what_the_criteria_decide() -> None:
    """Met or not, the four criteria name a party: in ordinary housing nothing is left to people, from the start."""
    said = {fact: NORMAL[fact] for fact in ("place", "profession", "housing", "palliative_team", "registered_in")}
    assert turn_of("care", said).forming == ("Regionen", "Bergs kommun")
    assert "avgörs av människor" in turn_of("care", {"place": "home", "profession": "nurse"}).forming


def test_what_a_warning_hangs_on_is_asked_once_frailty_is_rated() -> None:
    """The age of who was rated, and cognition where the rating is too low to count with it; otherwise neither."""
    said = {fact: sent for fact, sent in NORMAL.items() if fact not in ("age", "cfs", "barrier")}
    assert turn_of("care", said).page == ("barrier",)
    asked = {**said, "barrier": "illness"}
    assert turn_of("care", asked).page == ("cfs",)
    assert turn_of("care", {**asked, "cfs": "6"}).page == ("age",)
    assert turn_of("care", {**asked, "cfs": "3"}).page == ("cognitive",)
    last = turn_of("care", {**asked, "cfs": "3", "cognitive": "diagnosis", "age": "50"})
    assert last.page == ()
    assert last.answer is not None
    assert {"cfs_dementia_reassess", "cfs_not_validated_for_age"} <= set(last.answer.flags)
    assert turn_of("care", {**asked, "cfs": PASSED}).page == ()


def test_where_the_person_belongs_is_asked_before_health() -> None:
    """A visitor is asked nothing about frailty: registration comes before all that tells of the person's health."""
    dice = random.Random(9)
    for _ in range(WAYS):
        pages = [turn.page for turn in walk("care", dice, lean=0.7)]
        asked = [fact for page in pages for fact in page]
        if "registered_in" in asked and "cfs" in asked:
            assert asked.index("registered_in") < asked.index("cfs")
    visitor = {**{fact: NORMAL[fact] for fact in ("place", "profession", "housing", "palliative_team")}}
    assert turn_of("care", visitor).page == ("registered_in",)
    assert turn_of("care", {**visitor, "registered_in": "OTHER_REGION"}).page == ()


@pytest.mark.parametrize("name", NAMES)
def test_no_list_is_longer_than_can_be_seen(name: str) -> None:
    """More than twelve choices stand under headings, or are one list to choose from: never a row of radio buttons."""
    put = interview(name)
    fields = Fields(put)
    for fact in put.question.facts.stated():
        field = fields.field(fact, put.read({"date": DAY}))
        radios = max((len(group.choices) for group in field.listed if not field.long), default=0)
        assert radios <= MOST_IN_SIGHT, fact
    if name == "product":
        assert fields.field("assignment", put.read({})).long
        assert not fields.field("assignment", put.read({"responsible_party": "REGION"})).long


@pytest.mark.parametrize(("fact", "sent", "told"), [
    ("age", "200", "Ange ett heltal från 0 till 125."),
    ("cfs", "0", "Ange ett heltal från 1 till 9."),
    ("cfs", "10", "Ange ett heltal från 1 till 9."),
    ("registered_in", "STOCKHOLM", "Välj ett av alternativen."),
    ("palliative_team", "kanske", "Välj ett av alternativen."),
    ("date", "2026-02-30", "Ange ett datum som finns, från 2000-01-01 till 2099-12-31."),
    ("listed_health_centre", "x" * 81, "Ange ett namn på högst 80 tecken, utan mellanslag först och sist."),
])  # fmt: skip
def test_a_fault_names_what_is_allowed(fact: str, sent: str, told: str) -> None:
    """What is not of its type is kept as it was sent, and nothing else is asked or answered meanwhile."""
    turn = turn_of("care", {**NORMAL, fact: sent})
    assert turn.standing.faults == {fact: told}
    assert turn.standing.raw[fact] == sent
    assert (turn.answer, turn.page) == (None, ())


def test_a_day_before_the_agreement_says_from_when_it_holds() -> None:
    """A number that was not in force is a fault of the day, in the words of who looked it up."""
    turn = turn_of("care", {**NORMAL, "date": "2020-01-01"})
    assert "Första värdet gäller från 2026-01-01." in turn.standing.faults["date"]


def test_costs_of_someone_at_home_are_no_longer_needed() -> None:
    """Contradictory facts: what only goes with a stay in hospital goes away with it."""
    turn = turn_of("care", {**NORMAL, "wage_cost": "1000"})
    assert dict(turn.dropped) == {"wage_cost": "1000"}
    kept = turn_of("care", {"place": "inpatient", "written_agreement": "ja", "wage_cost": "1000"})
    assert kept.standing.raw["wage_cost"] == "1000"
    assert {"travel_cost", "travel_time_pay"} <= set(kept.further)
