"""A case talked over, decided, handed over, reviewed: what each clause asks for."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from samverka.care import services, services_dialogue, services_handover
from samverka.care.models.case import Case, Dispute
from samverka.care.states import Ground, Objection, Regard, Reply, State
from samverka.core.acting import Actor, Role
from samverka.core.errors import Refused
from samverka.journal.models import Entry
from tests.samverka.care import cases
from tests.samverka.care.test_case_steps import TAKE, all_duties, suggested
from tests.samverka.platform import AT, ON

pytestmark = pytest.mark.usefixtures("jamtland")


def _flexible() -> Case:
    return cases.proposed("REGION", cases.REACHES)


@pytest.mark.parametrize(("make", "intended", "ground", "regard", "told"), [
    (cases.proposed, "BERG", Ground.FOLLOWS, "", ""),
    (cases.proposed, "REGION", Ground.FOLLOWS, "", "Skälet stämmer inte"),
    (cases.proposed, "KROKOM", Ground.FOLLOWS, "", "den som bedömer eller motparten"),
    (cases.proposed, "BERG", Ground.JUDGED, "", "Avtalet ger ett förslag"),
    (cases.proposed, "BERG", Ground.SETTLED, "", "båda ledningarna"),
    (cases.proposed, "REGION", Ground.FLEXIBILITY, "", "Välj vad flexibiliteten tar hänsyn till"),
    (cases.proposed, "REGION", Ground.FLEXIBILITY, Regard.SITUATION, ""),
    (_flexible, "BERG", Ground.FLEXIBILITY, Regard.NETWORK, ""),
    (_flexible, "BERG", Ground.WISH, "", "inte tvärtom"),
    (cases.proposed, "REGION", Ground.WISH, "", "patientsäkerheten"),
])  # fmt: skip
def test_a_decision_follows_or_departs_by_a_reason_the_text_knows(
    make: Callable[[], Case], intended: str, ground: Ground, regard: str, told: str
) -> None:
    """OB-ANS-FLEX2, OB-ANS-ONS: each reason leads only where the text says."""
    case, by = make(), cases.registrar("REGION")
    if told:
        with pytest.raises(Refused, match=told):
            services_dialogue.open_dialogue(by, case, intended=intended, ground=ground, regard=regard, at=AT)
        return
    made = services_dialogue.open_dialogue(by, case, intended=intended, ground=ground, regard=regard, at=AT)
    assert (made.intended, made.ground, made.regard, made.shared) == (intended, ground, regard, True)


def test_ob_ans_ons_a_wish_that_is_safe_is_respected() -> None:
    """The person wants the region's care, and it is said not to affect safety."""
    case = cases.proposed("REGION", {**cases.NORMAL, "preference_affects_safety": False})
    by = cases.registrar("REGION")
    made = services_dialogue.open_dialogue(by, case, intended="REGION", ground=Ground.WISH, at=AT)
    assert (made.ground, made.regard) == (Ground.WISH, "")


def test_ob_ans_bed_nothing_is_decided_before_the_other_party_agrees() -> None:
    """The dialogue first; and who asks anew needs a new answer."""
    case = cases.in_dialogue()
    with pytest.raises(Refused, match="Motparten ska instämma först"):
        services_dialogue.decide(cases.approver("REGION"), case, at=AT)
    case = services_dialogue.agree(cases.approver("BERG"), case, at=AT)
    case = services_dialogue.open_dialogue(
        cases.registrar("REGION"), case, intended="REGION", ground=Ground.FLEXIBILITY, regard=Regard.BOTH, at=AT
    )
    assert case.reply == Reply.NONE
    with pytest.raises(Refused, match="Motparten ska instämma först"):
        services_dialogue.decide(cases.approver("REGION"), case, at=AT)


def test_the_database_itself_refuses_a_decision_without_agreement() -> None:
    """Whatever writes: decided means agreed, by one of the two."""
    case = cases.in_dialogue()
    for fields in ({"reply": Reply.NONE, "responsible_party": "BERG"},
                   {"reply": Reply.AGREES, "responsible_party": "KROKOM"}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.unlogged.filter(pk=case.pk).update(state=State.DECIDED, decided_at=AT, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.unlogged.filter(pk=case.pk).update(other="REGION")


def test_nobody_answers_both_for_its_own_party_and_for_the_other() -> None:
    """One person with a role in each party neither asks and agrees, nor agrees and decides, nor settles alone."""
    both = cases.registrar("REGION").user
    case = cases.in_dialogue()
    with pytest.raises(Refused, match="En annan person"):
        services_dialogue.agree(Actor(both, "BERG", Role.APPROVER), case, at=AT)
    case = cases.agreed()
    with pytest.raises(Refused, match="En annan person"):
        services_dialogue.decide(Actor(cases.approver("BERG").user, "REGION", Role.APPROVER), case, at=AT)
    case = suggested()
    with pytest.raises(Refused, match="En annan person"):
        services_dialogue.settle(Actor(cases.approver("REGION").user, "BERG", Role.APPROVER), case, at=AT)


def test_what_has_changed_since_it_was_read_is_not_answered() -> None:
    """The revision that was read is what is agreed to."""
    case = cases.in_dialogue()
    read = case.revision
    case = services_dialogue.open_dialogue(
        cases.registrar("REGION"), case, intended="REGION", ground=Ground.FLEXIBILITY, regard=Regard.BOTH, at=AT
    )
    with pytest.raises(Refused, match="har ändrats sedan du läste det"):
        services_dialogue.agree(cases.approver("BERG"), case, revision=read, at=AT)
    assert services_dialogue.agree(cases.approver("BERG"), case, revision=case.revision, at=AT).reply == Reply.AGREES


def test_ob_tvi_i_a_dispute_names_who_gives_care_meanwhile_and_is_settled_by_both() -> None:
    """A35: opened by not agreeing, answered the next working day as a suggestion, settled by both leaderships."""
    case = cases.in_dialogue()
    with pytest.raises(Refused, match="Ange vem av er som ger vården under tiden"):
        services_dialogue.disagree(cases.approver("BERG"), case, objection=Objection.FACTS, meanwhile="", at=AT)
    case = services_dialogue.disagree(cases.approver("BERG"), case, objection=Objection.FACTS, meanwhile="BERG", at=AT)
    dispute = Dispute.objects.get()
    assert (dispute.meanwhile, dispute.opened_by, dispute.objection) == ("BERG", "BERG", "facts")
    assert dispute.answer_by == date(2026, 7, 2)
    for take in ("decide", "open_dialogue", "take_back", "withdraw"):
        with pytest.raises(Refused):
            TAKE[take](cases.approver("REGION") if take == "decide" else cases.registrar("REGION"), case)
    case = services_dialogue.suggest(cases.approver("BERG"), case, responsible="REGION", at=AT)
    with pytest.raises(Refused, match="Den andra partens ledning"):
        services_dialogue.settle(cases.approver("BERG", 2), case, at=AT)
    case = services_dialogue.settle(cases.approver("REGION"), case, at=AT)
    assert (case.intended, case.ground, case.reply) == ("REGION", Ground.SETTLED, Reply.AGREES)
    case = services_dialogue.decide(cases.approver("REGION", 2), case, at=AT)
    assert (case.state, case.responsible_party) == (State.DECIDED, "REGION")
    assert Dispute.objects.get().settled_at == AT


def test_a_dispute_that_is_settled_as_proposed_follows_the_proposal() -> None:
    """Then there is no departure to give a reason for."""
    case = services_dialogue.settle(cases.approver("BERG"), suggested(), at=AT)
    assert (case.intended, case.ground) == ("BERG", Ground.FOLLOWS)


def test_a_friday_dispute_is_to_be_answered_on_monday() -> None:
    """The working day after."""
    assert services_dialogue.answered_by(AT.replace(day=3)) == date(2026, 7, 6)


# -- handover, review ------------------------------------------------------------------------------------


def test_ob_ans_ovl_nothing_is_handed_over_before_its_duties_are_done() -> None:
    """Whoever assessed answers for them; the rest is the receiver's, and each is noted with who and when."""
    case = cases.decided()
    with pytest.raises(
        Refused, match="Gör detta först: Ge mottagande vårdgivare en ändamålsenlig överlämning; För över"
    ):
        services_handover.hand_over(cases.registrar("REGION"), case, done=[], at=AT)
    with pytest.raises(Refused, match="Listan har ändrats"):
        services_handover.hand_over(cases.registrar("REGION"), case, done=[*all_duties(case), "shoes"], at=AT)
    done = ["hand_over", "transfer_information"]
    case = services_handover.hand_over(cases.registrar("REGION"), case, done=done, at=AT)
    case = services_handover.receive(cases.approver("BERG"), case, done=["start_collaboration"], at=AT)
    assert case.checked["hand_over"] == {"party": "REGION", "on": "2026-07-01"}
    assert case.checked["start_collaboration"] == {"party": "BERG", "on": "2026-07-01"}


def test_ob_ans_ovl_stands_also_where_the_proposal_did_not_foresee_a_handover() -> None:
    """Special housing has no such duty on its list; a settled dispute gives the care to the other party anyway."""
    facility = {**cases.NORMAL, "housing": "special"}
    case = cases.disputed("BERG", facility)
    case = services_dialogue.suggest(cases.approver("BERG"), case, responsible="REGION", at=AT)
    case = services_dialogue.settle(cases.approver("REGION"), case, at=AT)
    case = services_dialogue.decide(cases.approver("BERG", 2), case, at=AT)
    assert all_duties(case)[0] == "hand_over"


def test_what_stays_with_its_owner_starts_without_a_handover() -> None:
    """Berg assesses and answers: there is nothing to hand over, and the region has nothing to receive."""
    case = cases.decided("BERG")
    with pytest.raises(Refused, match="det finns inget att lämna över"):
        services_handover.hand_over(cases.registrar("BERG"), case, done=[], at=AT)
    assert services_handover.start(cases.registrar("BERG"), case, at=AT).state == State.ACTIVE


def test_what_goes_to_another_party_starts_when_it_has_been_received() -> None:
    """Not by its owner, and not before."""
    case = cases.decided()
    for party in ("REGION", "BERG"):
        with pytest.raises(Refused):
            services_handover.start(cases.registrar(party), case, at=AT)


@pytest.mark.parametrize(("asked", "became"), [
    (None, date(2027, 7, 1)), (date(2027, 7, 1), date(2027, 7, 1)), (date(2026, 7, 2), date(2026, 7, 2)),
    (date(2027, 7, 2), None), (ON, None),
])  # fmt: skip
def test_a23_the_next_review_is_within_a_year(asked: date | None, became: date | None) -> None:
    """A year at the most, tomorrow at the earliest."""
    case = cases.received()
    if became is None:
        with pytest.raises(Refused, match="senast 2027-07-01"):
            services_handover.start(cases.registrar("BERG"), case, review_on=asked, at=AT)
    else:
        assert services_handover.start(cases.registrar("BERG"), case, review_on=asked, at=AT).review_on == became


def test_taking_a_case_back_takes_the_other_partys_sight_of_it() -> None:
    """Facts have changed: proposal and dialogue go, the history stays, and both are told."""
    case = services.take_back(cases.registrar("REGION"), cases.agreed(), at=AT)
    assert (case.state, case.shared, case.other, case.proposal, case.intended, case.reply) == (
        State.DRAFT, False, "", None, "", Reply.NONE
    )  # fmt: skip
    assert case.moves.count() == 5
    assert json.loads(Entry.objects.latest("id").body)["parties"] == ["BERG", "REGION"]
