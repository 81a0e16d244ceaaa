"""Every step of a case: who may take it, when, with what, and what it leaves behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from avtal.editions.jamtland_2026 import edition
from samverka.care import services, services_dialogue, services_handover
from samverka.care.duties import duties_before_handover, duties_of, own_duties
from samverka.care.models.case import Case, Move
from samverka.care.question import CARE, BadCase, columns_of, stated_of
from samverka.care.states import OPENED, STEPS, Ending, Ground, Lack, Objection, Review, Side, State
from samverka.core.acting import MAY, Actor, Role
from samverka.core.errors import Refused
from samverka.journal.models import Entry
from tests.samverka.care import cases
from tests.samverka.platform import AT, ON, actor

pytestmark = pytest.mark.usefixtures("jamtland")
PARTIES = {"owner": "REGION", "counterpart": "BERG", "outsider": "KROKOM"}

Take = Callable[[Actor, Case], Case]


def all_duties(case: Case) -> list[str]:
    """Every duty on its list."""
    return [one["duty"] for one in duties_of(case)]


#: Each step, and what is given with it.
TAKE: dict[str, Take] = {
    "change": lambda who, case: services.change(who, case, stated=cases.REACHES, cfs=cases.CFS, at=AT),
    "propose": lambda who, case: services.propose(who, case, at=AT),
    "take_back": lambda who, case: services.take_back(who, case, at=AT),
    "withdraw": lambda who, case: services.withdraw(who, case, code=Ending.MISTAKE, at=AT),
    "open_dialogue": lambda who, case: services_dialogue.open_dialogue(
        who, case, intended="BERG", ground=Ground.FOLLOWS, at=AT
    ),
    "agree": lambda who, case: services_dialogue.agree(who, case, at=AT),
    "disagree": lambda who, case: services_dialogue.disagree(
        who, case, objection=Objection.FACTS, meanwhile="REGION", at=AT
    ),
    "suggest": lambda who, case: services_dialogue.suggest(who, case, responsible="REGION", at=AT),
    "settle": lambda who, case: services_dialogue.settle(who, case, at=AT),
    "decide": lambda who, case: services_dialogue.decide(who, case, at=AT),
    "hand_over": lambda who, case: services_handover.hand_over(
        who, case, done=[one["duty"] for one in duties_before_handover(case)], at=AT
    ),
    "send_back": lambda who, case: services_handover.send_back(who, case, code=Lack.INFORMATION, at=AT),
    "receive": lambda who, case: services_handover.receive(who, case, at=AT),
    "start": lambda who, case: services_handover.start(who, case, at=AT),
    "tick": lambda who, case: services_handover.tick(
        who, case, done=[one["duty"] for one in own_duties(case, who.party)][:1], at=AT
    ),
    "review": lambda who, case: services_handover.review(who, case, code=Review.YEARLY, at=AT),
    "go_on": lambda who, case: services_handover.go_on(who, case, at=AT),
    "close": lambda who, case: services_handover.close(who, case, code=Ending.MOVED, at=AT),
    "cancel": lambda who, case: services_handover.cancel(who, case, code=Ending.DECEASED, at=AT),
}  # fmt: skip


def suggested() -> Case:
    """A dispute with a solution that the owner's side stands by."""
    return services_dialogue.suggest(cases.approver("REGION"), cases.disputed(), responsible="BERG", at=AT)


#: A case in which each step can be taken, and by whom: the relation and the role.
READY: dict[str, tuple[Callable[[], Case], tuple[str, ...]]] = {
    "change": (cases.draft, ("owner registrar",)),
    "propose": (cases.draft, ("owner registrar",)),
    "take_back": (cases.in_dialogue, ("owner registrar",)),
    "withdraw": (cases.in_dialogue, ("owner registrar",)),
    "open_dialogue": (cases.proposed, ("owner registrar",)),
    "agree": (cases.in_dialogue, ("counterpart approver",)),
    "disagree": (cases.in_dialogue, ("counterpart approver",)),
    "suggest": (cases.disputed, ("owner approver", "counterpart approver")),
    "settle": (suggested, ("counterpart approver",)),
    "decide": (cases.agreed, ("owner approver",)),
    "hand_over": (cases.decided, ("owner registrar",)),
    "send_back": (cases.handed_over, ("counterpart approver",)),
    "receive": (cases.handed_over, ("counterpart approver",)),
    "start": (cases.received, ("counterpart registrar",)),
    "tick": (cases.active, ("owner registrar", "counterpart registrar")),
    "review": (cases.active, ("counterpart registrar",)),
    "go_on": (cases.reviewed, ("counterpart approver",)),
    "close": (cases.active, ("counterpart approver",)),
    "cancel": (cases.decided, ("owner approver",)),
}
EACH_STATE: dict[State, Callable[[], Case]] = {
    State.DRAFT: cases.draft, State.PROPOSED: cases.proposed, State.IN_DIALOGUE: cases.in_dialogue,
    State.DECIDED: cases.decided, State.HANDED_OVER: cases.handed_over, State.RECEIVED: cases.received,
    State.ACTIVE: cases.active, State.REVIEWED: cases.reviewed,
    State.CLOSED: lambda: TAKE["close"](cases.approver("BERG"), cases.active()),
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_taken_by_its_side_and_role_alone(name: str) -> None:
    """Every role of the owner, its counterpart and another party, and the auditor: who may does, others do nothing."""
    make, may = READY[name]
    made, step = make(), STEPS[name]
    got = []
    who = [(f"{relation} {role.value}", actor(code, role, 5)) for relation, code in PARTIES.items() for role in MAY
           if role != Role.AUDITOR]  # fmt: skip
    for asker, by in [*who, ("auditor", actor("", Role.AUDITOR))]:
        before = (Entry.objects.count(), Move.objects.count())
        with transaction.atomic():
            try:
                done = TAKE[name](by, made)
            except (PermissionDenied, Refused):
                assert (Entry.objects.count(), Move.objects.count()) == before
            else:
                got.append(asker)
                assert done.state == (step.target or made.state)
                assert (Entry.objects.count(), Move.objects.count()) == (before[0] + 1, before[1] + 1)
            transaction.set_rollback(True)
    assert tuple(got) == may


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_taken_in_its_states_alone(name: str) -> None:
    """From every other state it is refused, by whoever could else take it, and the message says when it can be done."""
    step = STEPS[name]
    role = Role.APPROVER if step.right == "approve" else Role.REGISTRAR
    for state, make in EACH_STATE.items():
        if state in step.sources:
            continue
        case = make()
        owner_side = step.side in {Side.OWN, Side.EITHER}
        by = actor("REGION" if owner_side else "BERG", role, 5)
        with pytest.raises((Refused, PermissionDenied)) as refused:
            TAKE[name](by, case)
        case.refresh_from_db()
        assert case.state == state
        if isinstance(refused.value, Refused):
            assert "Detta kan göras när ärendet är" in str(refused.value) or "Det här gör" in str(refused.value)


def test_every_state_but_the_last_has_a_way_on() -> None:
    """The table reaches every state from a draft, and leaves none but what is closed."""
    reached = {State.DRAFT}
    for _ in State:
        reached |= {step.target for step in STEPS.values() if step.target and set(step.sources) & reached}
    assert reached == set(State)
    left = {
        state
        for state in State
        for step in STEPS.values()
        if state in step.sources and step.target not in (None, state)
    }
    assert left == set(State) - {State.CLOSED}
    assert set(STEPS) == set(TAKE) == set(READY)


def test_a_step_leaves_one_entry_that_says_number_and_state_only() -> None:
    """The journal holds nothing of the person: neither facts, reasons nor who is proposed."""
    case = cases.reviewed()
    told = [json.loads(entry.body) for entry in Entry.objects.filter(subject=case.public_id).order_by("id")]
    assert [one["action"] for one in told] == [f"care.{move.step}" for move in case.moves.order_by("id")]
    assert {key for one in told for key in {**(one["before"] or {}), **one["after"]}} == {"state", "case"}
    assert {one["why"] for one in told} == {""}
    assert {one["after"]["case"] for one in told} == {case.number}
    assert [one["parties"] for one in told][:3] == [["REGION"], ["REGION"], ["BERG", "REGION"]]


def test_the_history_says_what_was_done_when_by_which_party() -> None:
    """Dated, with the reason of its list."""
    case = services_handover.close(cases.approver("BERG"), cases.active(), code=Ending.NEED_ENDED, at=AT)
    rows = list(case.moves.order_by("id").values_list("step", "before", "after", "party", "role", "code", "regard"))
    assert rows[0] == (OPENED, "", "draft", "REGION", "registrar", "", "")
    assert rows[2] == ("open_dialogue", "proposed", "in_dialogue", "REGION", "registrar", "follows", "")
    assert rows[-1] == ("close", "active", "closed", "BERG", "approver", "need_ended", "")
    assert {move.at for move in case.moves.all()} == {AT}


# -- facts and proposal ----------------------------------------------------------------------------------


def test_the_columns_are_the_facts_of_the_question() -> None:
    """Each fact is a column of its own name, nullable, so that avtal can decide where the rows lie."""
    fields = {field.column: field for field in Case._meta.concrete_fields}
    assert set(CARE.facts) <= set(fields)
    assert all(fields[name].null for name in CARE.facts)


@pytest.mark.parametrize("stated", [cases.NORMAL, cases.REACHES, {}, {"wage_cost": "2418.75", "place": "inpatient"},
                                    {"listed_health_centre": "Hälsocentralen Åre", "urgent": False}])  # fmt: skip
def test_what_is_stated_comes_back_the_same(stated: dict[str, Any]) -> None:
    """From facts to columns and back to the same columns; unknown stays unknown."""
    case = cases.draft(stated=stated)
    case.refresh_from_db()
    columns = columns_of(stated, edition())
    assert {name: getattr(case, name) for name in CARE.facts} == columns
    assert columns_of(stated_of(case), edition()) == columns
    assert case.day == (date(2026, 7, 1) if "date" in stated else date(2026, 1, 1))


@pytest.mark.parametrize(("stated", "fact"), [
    ({"age": 200}, "age"), ({"cfs": 0}, "cfs"), ({"cfs": 10}, "cfs"), ({"registered_in": "STOCKHOLM"}, "registered_in"),
    ({"place": "home", "wage_cost": "10"}, "wage_cost"), ({"shoes": 1}, "shoes"),
    ({"listed_health_centre": "Anna 19121212-1212"}, "listed_health_centre"),
])  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_kept(stated: dict[str, Any], fact: str) -> None:
    """A fact outside what is allowed, one that does not go with another, a name that holds a number of a person."""
    with pytest.raises(BadCase) as bad:
        services.open_case(cases.registrar("BERG"), stated=stated, at=AT)
    assert fact in bad.value.faults
    assert Case.unlogged.count() == 0


@pytest.mark.parametrize(("owner", "stated", "proposed", "other"), [
    ("REGION", cases.NORMAL, "BERG", "BERG"), ("BERG", cases.NORMAL, "BERG", "REGION"),
    ("BERG", cases.REACHES, "REGION", "REGION"), ("REGION", cases.REACHES, "REGION", "BERG"),
    ("KROKOM", cases.NORMAL, "BERG", "BERG"),
    ("REGION", {**cases.NORMAL, "registered_in": "OTHER_REGION", "staying_in": "ARE"}, "REGION", "ARE"),
    ("BERG", {"housing": "lss_short_term_child", "registered_in": "BERG", "place": "home", "profession": "nurse"},
     "", "REGION"),
])  # fmt: skip
def test_the_other_party_is_whom_the_proposal_makes_it(
    owner: str, stated: dict[str, Any], proposed: str, other: str
) -> None:
    """OB-ANS-BED: the receiver, or whoever would else have answered; a proposal that is left to people names nobody."""
    case = cases.proposed(owner, stated)
    assert (case.proposed_party, case.other) == (proposed, other)


def test_the_proposal_is_kept_as_it_was_answered() -> None:
    """Answer, explanation, fingerprint and the snapshot by which it can be built again."""
    case = cases.proposed()
    kept = case.proposal
    assert kept is not None
    assert kept["answer"]["responsible"] == "MUNICIPALITY:BERG"
    assert kept["answer"]["criteria"] == [True, True, True, True]
    assert kept["answer"]["explanation"]["name"] == "care"
    assert case.snapshot is not None
    assert kept["fingerprint"] == case.snapshot.fingerprint


def test_nothing_is_proposed_while_facts_are_missing() -> None:
    """Unknown is never false: the message names what is missing."""
    stated = {name: value for name, value in cases.NORMAL.items() if name not in {"cfs", "frequent"}}
    case = cases.draft(stated=stated)
    with pytest.raises(Refused, match=r"Uppgifter saknas: .*behovet är frekvent"):
        services.propose(cases.registrar("REGION"), case, at=AT)


def test_frailty_is_proposed_with_its_version_assessor_and_day() -> None:
    """OB-CFS: a level alone is not enough; and a name is no assessor."""
    case = services.open_case(cases.registrar("REGION"), stated=cases.NORMAL, at=AT)
    with pytest.raises(Refused, match="Ange skalans version, vem som har bedömt skörheten och när"):
        services.propose(cases.registrar("REGION"), case, at=AT)
    for cfs in ({"version": "3"}, {"assessor": "Anna"}, {"on": ON + timedelta(days=1)}):
        with pytest.raises(Refused):
            services.change(cases.registrar("REGION"), case, stated=cases.NORMAL, cfs=cfs, at=AT)


def test_a_case_without_a_municipality_has_nobody_to_talk_to() -> None:
    """Neither registered nor staying in the county: the region answers, and a case has no counterpart."""
    case = cases.draft(stated={**cases.NORMAL, "registered_in": "OTHER_REGION"})
    with pytest.raises(Refused, match="behöver en kommun i länet som motpart"):
        services.propose(cases.registrar("REGION"), case, at=AT)


def test_numbers_are_readable_random_and_once_with_their_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four letters and four figures; a clash takes another; another owner may have the same, which tells nobody."""
    numbers = iter(["CDFH-2345", "CDFH-2345", "CDFH-2346", "CDFH-2345"])
    monkeypatch.setattr(services, "case_number", lambda: next(numbers))
    assert [cases.draft("REGION").number, cases.draft("REGION").number] == ["CDFH-2345", "CDFH-2346"]
    assert cases.draft("BERG").number == "CDFH-2345"
    monkeypatch.setattr(services, "case_number", lambda: "CDFH-2345")
    with pytest.raises(Refused, match="Försök igen"):
        cases.draft("REGION")
