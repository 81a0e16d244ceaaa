"""Which duties follow from a decision, and whose each is."""

from __future__ import annotations

import re
from typing import Any

import pytest

from avtal.editions.jamtland_2026 import edition
from samverka.care import duties, services_dialogue, services_handover
from samverka.care.duties import duties_of, holders, own_duties, proposed_duties
from samverka.care.models.case import Case
from samverka.care.shown import may_follow
from samverka.care.states import Ground, Regard, State
from samverka.core.errors import Refused
from tests.samverka.care import cases
from tests.samverka.care.test_case_pages import text
from tests.samverka.platform import AT, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")
MUNICIPAL = {"start_collaboration", "fetch_medicines"}
INFORM = "Informera ansvarig läkare innan konsultteamet kontaktas"
CONTACT = "Vid livets slutskede är den fasta vårdkontakten läkare"
OUTPATIENT = "Primärvårdens grundläggande medicinska ansvar gäller också vid specialiserad öppenvård"


def names(found: list[dict[str, Any]]) -> set[str]:
    """The duties' own names."""
    return {one["duty"] for one in found}


def departed(owner: str, stated: dict[str, Any], intended: str, ground: Ground = Ground.FLEXIBILITY) -> Case:
    """A case decided otherwise than proposed."""
    case = services_dialogue.open_dialogue(
        cases.registrar(owner), cases.proposed(owner, stated), intended=intended, ground=ground, regard=Regard.BOTH,
        at=AT,
    )  # fmt: skip
    case = services_dialogue.agree(cases.approver(case.other), case, at=AT)
    return services_dialogue.decide(cases.approver(owner), case, at=AT)


def test_a_decision_that_follows_has_the_duties_that_were_proposed() -> None:
    """Berg is proposed and decided on: the proposal's list, and nothing of what it does not name."""
    case = cases.decided()
    assert duties_of(case) == proposed_duties(case)
    assert names(case.duties) >= MUNICIPAL | {"hand_over", "transfer_information"}


def test_ob_ans_flex2_the_region_decided_on_leaves_the_municipality_nothing_to_do() -> None:
    """Berg is proposed, the region decided on: Berg neither starts collaboration nor fetches medicines."""
    case = departed("BERG", cases.NORMAL, "REGION")
    assert names(proposed_duties(case)) >= MUNICIPAL
    assert names(duties_of(case)).isdisjoint(MUNICIPAL)
    assert "hand_over" in names(duties_of(case))
    case = services_handover.hand_over(
        cases.registrar("BERG"), case, done=names(duties.duties_before_handover(case)), at=AT
    )
    offered = own_duties(case, "REGION")
    assert {code for one in offered for code in holders(one, case)} <= {"REGION", "BERG"}
    assert all("MUNICIPALITY" not in one["who"] for one in offered)


def test_the_twin_that_takes_the_proposals_list_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: whatever is decided, the proposal's duties follow."""
    monkeypatch.setattr(duties, "_as_decided", lambda case, *_: proposed_duties(case))
    case = departed("BERG", cases.NORMAL, "REGION")
    assert not names(duties_of(case)).isdisjoint(MUNICIPAL)


def test_ob_ans_flex2_the_municipality_decided_on_has_its_duties() -> None:
    """The region is proposed, Berg decided on: as if Berg had been the answer, and by its name."""
    case = departed("REGION", cases.REACHES, "BERG")
    assert names(proposed_duties(case)).isdisjoint(MUNICIPAL)
    assert names(case.duties) >= MUNICIPAL | {"hand_over", "transfer_information"}
    whose = {one["duty"]: one["who"] for one in case.duties}
    assert whose["start_collaboration"] == "MUNICIPALITY:BERG"


def test_ob_ans_ons_a_wish_leaves_the_duties_of_a_wish_that_is_respected() -> None:
    """The person wants the region's care: what the rules have of such an answer."""
    stated = {**cases.NORMAL, "preference_affects_safety": False}
    case = departed("REGION", stated, "REGION", Ground.WISH)
    assert names(duties_of(case)).isdisjoint(MUNICIPAL)
    assert "hand_over" not in names(duties_of(case))  # it stays with whoever assessed


@pytest.mark.parametrize("kind", ["REGION", "MUNICIPALITY"])
def test_what_the_rules_answer_and_what_is_decided_so_have_the_same_duties(kind: str) -> None:
    """A decision put in place of an answer that says the same gives the same list."""
    case = cases.proposed("REGION" if kind == "MUNICIPALITY" else "BERG", cases.NORMAL if kind == "MUNICIPALITY"
                          else cases.REACHES)  # fmt: skip
    made = duties._as_decided(case, case.proposed_party, edition())
    assert case.proposal
    assert made == [*proposed_duties(case), *case.proposal["answer"]["checklist_open"]]


def test_a_party_ticks_its_own_duties_alone() -> None:
    """Neither is another's offered, nor is it taken where it is sent all the same."""
    case = cases.handed_over()
    offered = names(own_duties(case, "BERG"))
    assert "start_collaboration" in offered
    assert "review_medicines" not in offered  # the region's
    with pytest.raises(Refused, match="inte er uppgift: "):
        services_handover.receive(cases.approver("BERG"), case, done=["review_medicines"], at=AT)
    page = signed_in(cases.approver("BERG")).get(f"/arenden/{case.public_id}/ta-emot/").content.decode()
    assert set(re.findall(r'name="done" value="(\w+)"', page)) == offered


@pytest.mark.parametrize(("who", "expected"), [
    ("BOTH", {"REGION", "BERG"}), ("EVERY_UNIT", {"REGION", "BERG"}), ("ASSESSOR", {"REGION"}), ("FORMER", {"REGION"}),
    ("MAIN_CONTACT", {"BERG"}), ("REGION:Storsjögläntan", {"REGION"}), ("REGION", {"REGION"}),
    ("MUNICIPALITY:BERG", {"BERG"}), ("MUNICIPALITY", {"BERG"}), ("MUNICIPALITY:ARE:hired", {"ARE"}), (None, set()),
])  # fmt: skip
def test_each_role_is_a_party_of_the_case(who: str | None, expected: set[str]) -> None:
    """The region assessed, Berg answers."""
    assert holders({"who": who}, cases.decided()) == expected


def test_what_the_region_had_before_is_its_own_to_pass_on() -> None:
    """Berg assesses and answers itself: whoever hands over the responsibility is the region."""
    assert holders({"who": "FORMER"}, cases.decided("BERG")) == {"REGION"}


def test_unknown_is_never_false_for_a_duty_either() -> None:
    """A duty that may follow is told with the fact that would say so, and a decision makes no fact known."""
    case = cases.agreed()
    before = dict(may_follow(case))
    assert before[CONTACT] == "palliativ vård"
    assert before[OUTPATIENT] == "vårdnivå"
    case = services_dialogue.decide(cases.approver("REGION"), case, at=AT)
    assert dict(may_follow(case)) == before
    page = text(signed_in(cases.approver("REGION")).get(f"/arenden/{case.public_id}/"))
    assert f"Det här kan också följa. Det beror på vad som inte är känt: {INFORM}: palliativ vård" in page
    assert CONTACT not in {one["label"] for one in own_duties(case, "REGION")}  # nobody ticks what may not follow


@pytest.mark.parametrize(("owner", "stated", "intended"), [
    ("BERG", cases.NORMAL, "REGION"), ("REGION", cases.REACHES, "BERG"),
])  # fmt: skip
def test_what_may_follow_is_told_of_a_departing_decision_too(owner: str, stated: dict[str, Any], intended: str) -> None:
    """By the party decided on, with the same facts; never a handover, which is known by then."""
    case = departed(owner, stated, intended)
    found = dict(may_follow(case))
    assert found[CONTACT] == "palliativ vård"
    assert "hand_over" not in names(duties.open_duties(case))
    case = departed(owner, {**stated, "palliative": "general", "level": "primary"}, intended)
    assert may_follow(case) == []
    assert "physician_as_contact" in names(duties_of(case))


def test_the_twin_that_forgets_them_when_it_is_decided_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: what is open goes with the decision."""
    monkeypatch.setattr(duties, "open_duties", lambda _: [])
    assert may_follow(cases.decided()) == []


def test_each_party_ticks_what_it_has_done_until_the_case_ends() -> None:
    """The region, which handed over, its review of medicines; Berg its own; neither the other's, nor nothing."""
    case = cases.active()
    region, berg = cases.registrar("REGION"), cases.registrar("BERG")
    page = text(signed_in(region).get(f"/arenden/{case.public_id}/bocka-av/"))
    assert "Läkemedelsgenomgång" in page
    assert "Hämta läkemedel" not in page
    case = services_handover.tick(region, case, done=["review_medicines"], at=AT)
    assert case.state == State.ACTIVE
    page = text(signed_in(berg).get(f"/arenden/{case.public_id}/"))
    assert "Läkemedelsgenomgång Region Jämtland Härjedalen OB-LKM-1 Region Jämtland Härjedalen 2026-07-01" in page
    assert "Det som är gjort bockades av, Region Jämtland Härjedalen (registrerare)." in page
    for done, told in ((["deliver_medicines"], "Listan har ändrats"), ([], "Välj det som är gjort"),
                       (["review_medicines"], "inte er uppgift")):  # fmt: skip
        with pytest.raises(Refused, match=told):
            services_handover.tick(berg, case, done=done, at=AT)
    case = services_handover.tick(berg, case, done=names(own_duties(case, "BERG")), at=AT)
    with pytest.raises(Refused, match="Ni har inget mer att bocka av"):
        services_handover.tick(berg, case, done=["start_collaboration"], at=AT)
    assert "Bocka av" not in text(signed_in(berg).get(f"/arenden/{case.public_id}/"))


def test_until_it_is_decided_the_page_says_that_they_follow_from_the_proposal() -> None:
    """And then from the decision."""
    case = cases.agreed()
    client = signed_in(cases.approver("REGION"))
    page = text(client.get(f"/arenden/{case.public_id}/"))
    assert "Det här följer av förslaget" in page
    assert "Det här följer av beslutet" not in page
    case = services_dialogue.decide(cases.approver("REGION"), case, at=AT)
    assert case.state == State.DECIDED
    page = text(client.get(f"/arenden/{case.public_id}/"))
    assert "Det här följer av beslutet" in page
    assert "Det här följer av förslaget" not in page
