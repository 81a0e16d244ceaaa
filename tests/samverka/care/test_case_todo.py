"""What is next: one step first on a case's page, what waits on the front page, the same list behind both."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from samverka.care import selectors
from samverka.care.models.case import Case
from samverka.care.models.log import AccessEntry
from samverka.care.selectors import TOLD, WAITS, waiting_for
from samverka.care.shown import told
from samverka.care.steps import next_step, offered
from samverka.care.views import TODO
from samverka.core import clock
from samverka.core.acting import MAY, Role
from tests.samverka.care import cases
from tests.samverka.care.test_case_steps import suggested
from tests.samverka.platform import AT, ON, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the tests' world."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", lambda: ON)


def text(response: Any) -> str:
    """A page's words without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


Make = Callable[[], Case]
#: In each state: what is first for the region's registrar and approver, and for Berg's. None where another is to act.
FIRST: list[tuple[Make, str | None, str | None, str | None, str | None]] = [
    (cases.draft, "propose", None, None, None),
    (cases.proposed, "open_dialogue", None, None, None),
    (cases.in_dialogue, None, None, None, "agree"),
    (cases.agreed, None, "decide", None, None),
    (cases.disputed, None, "suggest", None, "suggest"),
    (suggested, None, "suggest", None, "settle"),
    (cases.decided, "hand_over", None, None, None),
    (cases.handed_over, None, None, None, "receive"),
    (cases.received, None, None, "start", None),
    (cases.active, None, None, "review", None),
    (cases.reviewed, None, None, None, "go_on"),
]


@pytest.mark.parametrize(("make", "own", "own_decides", "other", "other_decides"), FIRST)
def test_one_step_is_first(
    make: Make, own: str | None, own_decides: str | None, other: str | None, other_decides: str | None
) -> None:
    """For each role of both parties; a reader has none."""
    case = make()
    dispute = selectors.dispute_of(case)
    first = []
    for party in ("REGION", "BERG"):
        for role in (Role.REGISTRAR, Role.APPROVER, Role.READER):
            steps = offered(actor(party, role), case, dispute)
            following = next_step(steps, case)
            first.append(following.name if following else None)
            assert all(step.right in MAY[role] for step in steps)
    assert first == [own, own_decides, None, other, other_decides, None]


def test_whose_turn_it_is_in_a_dispute_with_a_solution_suggested() -> None:
    """The region has suggested one: Berg is to answer, and both are told so."""
    said = "En tvist: en lösning är föreslagen. Väntar på att {} godtar den eller föreslår en annan."
    case = suggested()
    assert told(cases.approver("REGION"), case)["waits"] == said.format("Bergs kommun")
    assert told(cases.approver("BERG"), case)["waits"] == said.format("ni")
    sides = {code: waiting_for(cases.approver(code), ON) for code in ("REGION", "BERG")}
    counted = {code: [one.text for one in waiting if one.count] for code, waiting in sides.items()}
    assert counted == {"REGION": [], "BERG": ["1 tvist om ett ärende att lösa"]}
    assert "väntar på ledningsfunktionerna" in told(cases.approver("BERG"), cases.disputed())["waits"]


#: What a case waits for, from whom: in which state.
WAITING: dict[str, tuple[Make, str]] = {
    "draft": (cases.draft, "REGION"), "proposed": (cases.proposed, "REGION"), "answer": (cases.in_dialogue, "BERG"),
    "decide": (cases.agreed, "REGION"), "dispute": (cases.disputed, "BERG"), "hand_over": (cases.decided, "REGION"),
    "receive": (cases.handed_over, "BERG"), "start": (cases.received, "BERG"), "review": (cases.active, "BERG"),
    "go_on": (cases.reviewed, "BERG"),
}  # fmt: skip
LATER = date(2027, 7, 1)  # a year after it started


@pytest.mark.parametrize("name", WAITING)
def test_what_waits_is_told_on_the_front_page_and_leads_to_its_list(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only whose turn it is, by its role; looking at how many opens nobody's case, the list behind does."""
    make, party = WAITING[name]
    case = make()
    on = LATER if name == "review" else ON
    for code in ("REGION", "BERG", "KROKOM"):
        waits = [one for one in WAITS if Case.unlogged.filter(WAITS[one](code, on)).exists()]
        expected = [name] if code == party or (name == "dispute" and code == "REGION") else []
        assert waits == expected
    right = {one: right for one, right, *_ in TOLD}.get(name)
    for role in (Role.REGISTRAR, Role.APPROVER, Role.READER):
        found = waiting_for(actor(party, role), on)
        told_ = [one for one in found if one.count]
        assert [one.address for one in told_] == ([f"/arenden/?todo={name}"] if right in MAY[role] else [])
        assert all(one.text.startswith("1 ") for one in told_)
    lines = AccessEntry.objects.count()
    monkeypatch.setattr(clock, "today", lambda: on)
    client = signed_in(actor(party, Role.READER))
    client.get("/")
    assert AccessEntry.objects.count() == lines
    assert case.number in text(client.get(f"/arenden/?todo={name}"))
    assert AccessEntry.objects.count() == lines + 1
    assert set(TODO) == set(WAITING) == set(WAITS)


def test_a_review_is_due_on_its_day() -> None:
    """A23: not the day before."""
    cases.active()
    registrar = cases.registrar("BERG")
    assert not any(one.count for one in waiting_for(registrar, date(2027, 6, 30)))
    assert [one.text for one in waiting_for(registrar, LATER) if one.count] == ["1 ärende att ompröva"]


@pytest.mark.parametrize(("make", "reader", "words"), [
    (cases.proposed, "REGION", "Väntar på att ni öppnar dialog med Bergs kommun."),
    (cases.in_dialogue, "REGION", "Väntar på svar från Bergs kommun."),
    (cases.in_dialogue, "BERG", "Väntar på svar från er."),
    (cases.agreed, "REGION", "Bergs kommun instämmer. Väntar på att ni beslutar."),
    (cases.agreed, "BERG", "Ni instämmer. Väntar på att Region Jämtland Härjedalen beslutar."),
    (cases.decided, "REGION", "Beslutat: Bergs kommun ansvarar. Väntar på att ni lämnar över."),
    (cases.handed_over, "BERG", "Överlämnat. Väntar på att ni tar emot."),
    (cases.active, "BERG", "Ni ansvarar. Omprövas när något förändras och senast 2027-07-01 (A23)."),
    (cases.active, "REGION", "Bergs kommun ansvarar. Omprövas när något förändras och senast 2027-07-01 (A23)."),
])  # fmt: skip
def test_the_page_says_whose_turn_it_is(make: Make, reader: str, words: str) -> None:
    """In words for who reads it."""
    assert told(actor(reader, Role.READER), make())["waits"] == words


def test_a_draft_says_what_its_proposal_still_needs() -> None:
    """And stating it comes before asking for a proposal."""
    who = cases.registrar("REGION")
    found = told(who, cases.draft(stated={"housing": "ordinary"}))
    assert found["primary"].name == "change"
    assert {"folkbokförd i", "personen är ansluten till Storsjögläntan"} <= set(found["lacking"])
    found = told(who, cases.draft())
    assert (found["primary"].name, found["lacking"]) == ("propose", [])


def test_a_case_is_found_by_its_number_however_it_is_typed() -> None:
    """In small letters, without its dash, never in an address; by state, side and counterpart; with a reason."""
    case, other = cases.in_dialogue(), cases.draft("BERG")
    client = signed_in(actor("BERG", Role.READER))
    low = case.number.lower().replace("-", " ")
    page = text(client.post("/arenden/sok/", {"number": low, "reason": "care"}))
    assert (case.number in page, other.number in page) == (True, False)
    for query, found in (
        ("state=in_dialogue", [case]), ("state=draft", [other]), ("side=own", [other]),
        ("side=incoming", [case]), ("party=REGION", [case]), ("party=ARE", []), ("state=all", [case, other]),
    ):  # fmt: skip
        page = text(client.get(f"/arenden/?{query}&reason=care"))
        assert {one.number for one in (case, other) if one.number in page} == {one.number for one in found}


def test_what_is_closed_is_found_when_it_is_asked_for() -> None:
    """The list is of what goes on."""
    from samverka.care import services
    from samverka.care.states import Ending

    case = services.withdraw(cases.registrar("BERG"), cases.draft("BERG"), code=Ending.MISTAKE, at=AT)
    client = signed_in(actor("BERG", Role.READER))
    assert case.number not in text(client.get("/arenden/"))
    for query in ("state=closed", "state=all"):
        assert case.number in text(client.get(f"/arenden/?{query}&reason=care"))
    assert case.number in text(client.post("/arenden/sok/", {"number": case.number, "reason": "care"}))
