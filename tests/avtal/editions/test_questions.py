"""The questions of responsibility as a whole: what holds for any case at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avtal.book.answer import BadFacts
from avtal.book.question import Question
from avtal.book.readings import Choice
from avtal.editions.jamtland_2026 import QUESTIONS, care, edition, products
from avtal.editions.jamtland_2026.principles import TERM as CARE_DAYS
from avtal.language.compile import compile_tree
from tests.oracle import decisions

#: Facts that may turn a known answer, since they count only when they are said (A25, A26, A38, A72, A73), and the two
#: that contradict each other: somebody without palliative care in the palliative team.
TURNING = {
    "staying_in", "age", "written_agreement", "level", "palliative", "palliative_team", "prefers_health_centre",
    "prefers_open_clinic", "assignment",
}  # fmt: skip
#: Grounds -> who may answer on them.
GROUNDS = {
    "inpatient": {"REGION"},
    "physician_level": {"REGION"},
    "palliative_team": {"REGION"},
    "not_registered": {"REGION"},
    "specialised_level": {"REGION"},
    "not_normal_case": {"REGION"},
    "daily_activity": {"MUNICIPALITY"},
    "housing": {"MUNICIPALITY"},
    "other_municipality": {"MUNICIPALITY"},
    "normal_case": {"MUNICIPALITY"},
    "preference_respected": {"REGION", "MUNICIPALITY"},
    "manual": {"MANUAL"},
}


def stated(question: Question) -> st.SearchStrategy[dict[str, Any]]:
    """Any facts that a case may state, each of them or not, but for costs, and but for what cannot be together."""
    names = [name for name in question.facts.stated() if name not in ("date", *care.COSTS)]
    found = st.fixed_dictionaries({}, optional={name: _values(question, name) for name in names})
    return found.filter(lambda case: not decisions.cannot_be(case) and not decisions.product_cannot_be(case))


def _values(question: Question, name: str) -> st.SearchStrategy[Any]:
    fact = question.facts[name]
    if fact.values:
        return st.sampled_from(fact.values)
    match fact.kind.value:
        case "bool":
            return st.booleans()
        case "int":
            return st.sampled_from([n for n in (fact.low, 4, 5, 6, 14, 15, 17, 18) if n <= fact.high])
    return st.sampled_from(["nurse", "physician", "physiotherapist"])


@settings(max_examples=150, deadline=None)
@given(stated(QUESTIONS["care"]))
def test_ground_and_responsible_agree(case: dict[str, Any]) -> None:
    """A ground that is known has the party that goes with it; only a gathered party may be known without its ground."""
    answer = care.care.ask(case, edition())
    status, responsible = answer.fields["status"], answer.fields["responsible"]
    if status == "facts_missing":
        assert answer.missing
    else:
        role = str(responsible).partition(":")[0] if responsible else "MUNICIPALITY"
        assert role in GROUNDS[status]
        assert responsible or "registered_in" in answer.missing
    if responsible is None or answer.fields["performer"] is None:
        assert answer.missing
        assert answer.next_question in answer.missing


@settings(max_examples=150, deadline=None)
@given(st.one_of([st.tuples(st.just(one), stated(one)) for one in QUESTIONS.values()]))
def test_every_answer_rests_on_clauses_readings_and_duties_of_the_book(asked: tuple[Question, dict[str, Any]]) -> None:
    """Clauses and readings exist, each duty names its clauses, and missing facts are such that can be stated."""
    question, case = asked
    answer = question.ask(case, edition())
    book, explanation = edition(), answer.explanation
    assert set(explanation.all_clauses()) <= set(book.clauses)
    assert set(explanation.readings()) <= set(book.readings)
    for duty in answer.fields["checklist"]:
        assert duty["clauses"]
        assert set(duty["clauses"]) <= set(book.clauses)
        assert duty["label"] == book.words.labels[duty["duty"]]
    assert set(answer.missing) <= set(question.keys()) - set(case)


@pytest.mark.parametrize(
    ("case", "missing"),
    [
        ({"profession": "physician", "place": "home"}, {"tell_health_centre": ["housing"]}),
        ({"profession": "physician", "place": "home", "housing": "lss_housing"}, {}),
        ({"profession": "physician", "place": "home", "housing": "special"}, {}),
        ({}, {"tell_health_centre": ["housing", "profession"], "agree_in_writing": ["place"]}),
    ],
)
def test_sb_lak_4_a_duty_that_depends_on_what_is_not_stated_is_open_and_never_dropped(
    case: dict[str, Any], missing: dict[str, list[str]]
) -> None:
    """Unknown is never false: a duty that may follow says which facts would tell; one that is settled is not there."""
    fields = care.care.ask(case, edition()).fields
    listed = {one["duty"]: one["missing"] for one in fields["checklist_open"]}
    assert {duty: listed[duty] for duty in missing} == missing
    assert ("tell_health_centre" in listed) is ("tell_health_centre" in missing)
    follows = [one["duty"] for one in fields["checklist"]]
    assert ("tell_health_centre" in follows) is (case.get("housing") == "lss_housing")


@settings(max_examples=150, deadline=None)
@given(st.one_of([st.tuples(st.just(one), stated(one)) for one in QUESTIONS.values()]))
def test_every_duty_follows_is_open_or_does_not_follow(asked: tuple[Question, dict[str, Any]]) -> None:
    """Open is just what the rule leaves unknown, and what is missing is not stated."""
    question, case = asked
    fields, known = question.ask(case, edition()).fields, question.case(case, edition())
    follows, may = ({one["duty"]: one for one in fields[name]} for name in ("checklist", "checklist_open"))
    for task in question.task_list:
        value = compile_tree(task.when, edition())(known)
        assert (task.name in follows, task.name in may) == (value is True, value is None), task.name
    for duty in may.values():
        assert set(duty["missing"]) <= set(question.keys()) - {
            name for name, value in case.items() if value is not None
        }
        assert duty["missing"]


CLOSED = {
    name: {output: compile_tree(tree, edition()) for output, tree in [*one.trees.items(), *one.flag_trees.items()]}
    for name, one in QUESTIONS.items()
}


@settings(max_examples=300, deadline=None)
@given(st.one_of([st.tuples(st.just(one), stated(one)) for one in QUESTIONS.values()]), st.data())
def test_one_more_fact_never_turns_a_known_answer(asked: tuple[Question, dict[str, Any]], data: st.DataObject) -> None:
    """Every output and flag that is known stays as it is when something more is stated."""
    question, case = asked
    # Where somebody stays counts when it is held against where the person is registered (A25): both are said then.
    turning = TURNING | {"date", *care.COSTS} | ({"registered_in"} if "staying_in" in case else set())
    turning |= {"profession"} if question.name == "matter" else set()  # a nurse's, unless another is named
    free = [name for name in question.facts.stated() if name not in case and name not in turning]
    if not free:
        return
    name = data.draw(st.sampled_from(free))
    more = {**case, name: data.draw(_values(question, name))}
    day = {"day": date(2026, 3, 1)}
    for closure in CLOSED[question.name].values():
        before = closure({**case, **day})
        assert before is None or closure({**more, **day}) == before


@pytest.mark.parametrize(
    ("fact", "value", "allowed"),
    [
        ("age", 200, "ett heltal från 0 till 125"),
        ("cfs", 0, "ett heltal från 1 till 9"),
        ("cfs", 10, "ett heltal från 1 till 9"),
        ("registered_in", "SUNDSVALL", "OTHER_REGION, NOT_REGISTERED"),
        ("staying_in", "SUNDSVALL", "BERG, BRACKE, HARJEDALEN, KROKOM, RAGUNDA, STROMSUND, ARE, OSTERSUND"),
        ("place", "inpatient_at_home", "home, lss_daily_activity, sol_day_activity, inpatient, health_centre"),
        ("days", -1, "ett heltal från 0 till 36500"),
    ],
)
def test_what_cannot_be_is_refused_by_name(fact: str, value: Any, allowed: str) -> None:
    """The message names the fact and what is allowed."""
    with pytest.raises(BadFacts) as refused:
        care.care.ask({fact: value}, edition())
    [fault] = refused.value.faults
    assert fault.fact == fact
    assert allowed in fault.allowed


@pytest.mark.parametrize("place", ["home", "health_centre", "lss_daily_activity"])
def test_ob_slu_3_costs_in_hospital_for_somebody_who_is_not_there_are_refused(place: str) -> None:
    """Somebody is at one place; costs of staff in hospital contradict every other place than the hospital."""
    with pytest.raises(BadFacts, match=f"wage_cost: hör till sluten vård, men place är {place}"):
        care.care.ask({"place": place, "wage_cost": 100}, edition())
    assert care.care.ask({"wage_cost": 100}, edition()).fields["responsible"] is None


@pytest.mark.parametrize(
    ("case", "facts"),
    [
        ({"palliative": "none", "palliative_team": True}, {"palliative", "palliative_team"}),
        ({"housing": "lss_short_term_child", "age": 18}, {"housing", "age"}),
    ],
)
def test_what_cannot_be_together_is_refused_by_both_names(case: dict[str, Any], facts: set[str]) -> None:
    """Each of the two is named, and says what the other one is; either alone is answered."""
    with pytest.raises(BadFacts) as refused:
        care.care.ask(case, edition())
    assert {fault.fact for fault in refused.value.faults} == facts
    for fact in facts:
        assert care.care.ask({fact: case[fact]}, edition()).fields["status"]


@pytest.mark.parametrize(
    "case",
    [
        {"housing": "special", "age": 5},  # 001:1324 sets no age; only the short-term place is for adults
        {"housing": "lss_short_term_child", "age": 17},
        {"housing": "special", "prefers_health_centre": True, "prefers_open_clinic": False},
        {"palliative": "specialised_consultation", "palliative_team": True},  # one may come after the other
        {"place": "inpatient", "written_agreement": False, "wage_cost": 100},  # it was spent, and cannot be invoiced
        {"place": "inpatient", "safe_at_home": True, "cfs": 6, "can_reach_health_centre": True, "barrier": "illness"},
    ],
)
def test_what_may_be_is_answered(case: dict[str, Any]) -> None:
    """The texts do not rule it out, or it says only more than is needed."""
    assert care.care.ask(case, edition()).fields["status"]


def test_ob_slu_3_a_visitors_costs_have_no_municipality_to_invoice_from() -> None:
    """The municipality's own staff: without one there is nobody to pay."""
    case = {"place": "inpatient", "registered_in": "OTHER_REGION", "written_agreement": True, "wage_cost": 100}
    fields = care.care.ask(case, edition()).fields
    assert (fields["performer"], fields["invoice"]) == ("REGION", None)


@pytest.mark.parametrize(
    ("case", "party"),
    [
        ({"responsible_party": "MUNICIPALITY:BERG"}, "MUNICIPALITY:BERG"),
        ({"responsible_party": "REGION", "assignment": "MUNICIPALITY:ARE>REGION"}, "MUNICIPALITY:ARE"),
        ({"responsible_party": "REGION", "employer": "MUNICIPALITY:KROKOM"}, "MUNICIPALITY:KROKOM"),
        ({"municipality": "BERG", "employer": "MUNICIPALITY:KROKOM"}, "MUNICIPALITY:BERG"),
        ({"responsible_party": "REGION"}, "MUNICIPALITY"),
        ({}, "MUNICIPALITY"),
    ],
)
def test_pv_sjp_2_the_municipality_is_the_one_that_is_named_answers_performs_or_employs(
    case: dict[str, Any], party: str
) -> None:
    """For incontinence products of an affiliated person; without any of them it is the municipality all the same."""
    answer = products.product.ask({"product": "incontinence", "palliative_team": True, **case}, edition())
    assert answer.fields["payer"] == party
    assert answer.missing == ()


@pytest.mark.parametrize(
    "case",
    [
        {"palliative": "none", "palliative_team": True},
        {"municipality": "BERG", "responsible_party": "MUNICIPALITY:ARE"},
        {"assignment": "MUNICIPALITY:ARE>REGION", "responsible_party": "MUNICIPALITY:BERG"},
    ],
)
def test_product_facts_that_contradict_each_other_are_refused(case: dict[str, Any]) -> None:
    """Both are named; without one of them the other stands, and a case that holds neither pair is answered."""
    assert decisions.product_cannot_be(case)
    with pytest.raises(BadFacts, match="men det är också sagt att") as refused:
        products.product.ask(case, edition())
    assert {fault.fact for fault in refused.value.faults} == set(case)
    for name in case:
        products.product.ask({key: value for key, value in case.items() if key != name}, edition())
    together = {"municipality": "BERG", "responsible_party": "MUNICIPALITY:BERG", "palliative": "general",
                "palliative_team": True, "assignment": "REGION>MUNICIPALITY:BERG"}  # fmt: skip
    assert products.product.ask(together, edition()).missing == ("product",)


#: Reading, option, question, case -> what the option changes there.
OPTIONS: list[tuple[str, str, str, dict[str, Any], dict[str, Any]]] = [
    ("A25", "registration_decides", "care",
     {"housing": "special", "registered_in": "OTHER_REGION"}, {"responsible": "REGION", "status": "not_registered"}),
    ("A26", "principles_first", "care",
     {"housing": "lss_short_term_child", "age": 9}, {"responsible": "MUNICIPALITY:ARE", "status": "housing"}),
    ("A29", "common_order", "product", {"physician_only": True}, {"payer": "REGION", "prescriber": "REGION"}),
    ("A29", "common_order", "product",
     {"assignment": "MUNICIPALITY:ARE>REGION", "responsible_party": "REGION", "medical_responsibility": "specialised"},
     {"payer": "REGION"}),
    ("A54", "region_pays", "matter", {"matter": "medicine_of_affiliated"}, {"payer": "REGION"}),
    ("A61", "municipality_responsible", "care",
     {"prefers_health_centre": True}, {"responsible": "MUNICIPALITY:ARE"}),
    ("A63", "not_allowed", "care", {}, {"flexibility_possible": False}),
    ("A22", "hard_rule", "care", {"days": 3}, {"flexibility_possible": False}),
    ("A53", "both", "care", {"palliative": "general", "palliative_team": True}, {"hourly_charge": True}),
    ("A72", "must_be_said", "care", {"level": None}, {"responsible": None, "status": "facts_missing"}),
    ("A73", "must_be_asked", "care", {"prefers_health_centre": None}, {"status": "facts_missing"}),
]  # fmt: skip
BASES: dict[str, dict[str, Any]] = {
    "care": {
        "registered_in": "ARE", "staying_in": "ARE", "age": 82, "housing": "ordinary", "place": "home",
        "profession": "nurse", "level": "primary", "palliative": "none", "palliative_team": False,
        "safe_at_home": True, "self_care_possible": False, "digital_considered": True, "frequent": True,
        "continuous": True, "days": 30, "cfs": 6, "cognitive": "none", "can_reach_health_centre": False,
        "barrier": "illness", "prefers_health_centre": False, "preference_affects_safety": False,
        "prefers_open_clinic": False,
    },
    "product": {
        "product": "consumables", "responsible_party": "MUNICIPALITY:ARE", "housing": "ordinary", "purpose": "care",
        "palliative_team": False, "medical_responsibility": "primary", "procured": True, "suitable_packaging": True,
        "after_discharge": False, "specialised_intervention": False, "evaluated": False, "physician_only": False,
    },
    "matter": {},
}  # fmt: skip


@pytest.mark.parametrize(("reading", "option", "name", "case", "changes"), OPTIONS)
def test_every_option_that_is_computed_changes_what_it_says(
    reading: str, option: str, name: str, case: dict[str, Any], changes: dict[str, Any]
) -> None:
    """Under the option the answer is the new one, under the default it is not."""
    question, case = QUESTIONS[name], {**BASES[name], **case}
    default = question.ask(case, edition()).fields
    other = edition().choosing(Choice(reading, option, "parterna", date(2026, 1, 1), "prov"))
    chosen = question.ask(case, other).fields
    assert {key: chosen[key] for key in changes} == changes
    assert all(default[key] != value for key, value in changes.items())


def test_the_days_that_tables_are_looked_through_for_are_the_agreements() -> None:
    """First and last day of the first term."""
    assert (edition().valid_from, edition().valid_to) == CARE_DAYS


def test_every_option_that_questions_compute_has_such_a_case() -> None:
    """A reading with two computed options that a question's trees hang on is in the list above."""
    used = {name for one in QUESTIONS.values() for tree in one.trees.values() for name in tree.readings()}
    open_ = {(name, option) for name in used for option in edition().readings[name].computed}
    defaults = {(name, edition().readings[name].default) for name in used}
    shown = {("A20", "region_municipality"), ("A39", "requested_only")}  # a matter shows them, a charge computes them
    assert open_ - defaults - {(name, option) for name, option, *_ in OPTIONS} == shown


def test_a54_where_the_region_pays_nothing_is_left_unsaid() -> None:
    """The flag is there by default and gone under the option."""
    case = {**BASES["care"], "palliative": "general", "palliative_team": True}
    other = edition().choosing(Choice("A54", "region_pays", "parterna", date(2026, 1, 1), "prov"))
    assert "medicine_cost_unregulated" in care.care.ask(case, edition()).flags
    assert "medicine_cost_unregulated" not in care.care.ask(case, other).flags


def test_only_two_facts_are_in_the_users_own_words() -> None:
    """The names of health centres: what a person writes freely, and must hold nobody's number."""
    assert {name: question.own_words for name, question in QUESTIONS.items()} == {
        "care": ("listed_health_centre", "facility_health_centre"), "product": (), "matter": (),
    }  # fmt: skip
