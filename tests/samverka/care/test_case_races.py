"""Two at once: one step is taken, the other is told; nobody answers what has just been changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from samverka.care import services_dialogue, services_handover
from samverka.care.duties import duties_before_handover
from samverka.care.models.case import Case, Dispute, Move
from samverka.care.models.log import AccessEntry
from samverka.care.states import Ground, Objection, Regard, Reply, State
from samverka.core.errors import Refused
from samverka.journal.models import Entry
from tests.samverka.care import cases
from tests.samverka.platform import AT, county

pytestmark = pytest.mark.django_db(transaction=True)
LONGEST = 30.0


def together(*acts: Callable[[], object]) -> list[str]:
    """What became of each, done at the same time in connections of their own: done, or what it was told."""
    gate, became = threading.Barrier(len(acts)), ["" for _ in acts]

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            gate.wait(LONGEST)
            act()
            became[number] = "done"
        except Refused as refused:
            became[number] = str(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    return became


def steps(case: Case, name: str) -> tuple[int, int]:
    """How often a step stands in the history and in the journal."""
    return (
        Move.objects.filter(case=case, step=name).count(),
        Entry.objects.filter(subject=case.public_id, action=f"care.{name}").count(),
    )


def test_two_approvers_decide_at_once_and_one_does() -> None:
    """The second sees what the first did; one line in the history, one entry in the journal, one in the log."""
    county()
    case = cases.agreed()
    first, second = cases.approver("REGION"), cases.approver("REGION", 2)
    lines = AccessEntry.objects.count()
    became = together(
        lambda: services_dialogue.decide(first, case, at=AT), lambda: services_dialogue.decide(second, case, at=AT)
    )
    assert sorted(one == "done" for one in became) == [False, True]
    assert any("är beslutat. Detta kan göras när ärendet är i dialog" in one for one in became)
    assert steps(case, "decide") == (1, 1)
    assert AccessEntry.objects.count() == lines + 1


def test_two_answers_at_once_are_one() -> None:
    """One approver agrees while another does not: whoever came first answered for the party."""
    county()
    case = cases.in_dialogue()
    first, second = cases.approver("BERG"), cases.approver("BERG", 2)
    became = together(
        lambda: services_dialogue.agree(first, case, at=AT),
        lambda: services_dialogue.disagree(second, case, objection=Objection.FACTS, meanwhile="BERG", at=AT),
    )
    assert sorted(one == "done" for one in became) == [False, True]
    case.refresh_from_db()
    assert (case.reply == Reply.DISAGREES) == Dispute.objects.exists()


def test_nobody_agrees_to_what_is_being_changed() -> None:
    """The owner means something else at the same moment: what counts as agreed is never what was not read."""
    county()
    case = cases.in_dialogue()
    owner, other = cases.registrar("REGION"), cases.approver("BERG")
    became = together(
        lambda: services_dialogue.open_dialogue(
            owner, case, intended="REGION", ground=Ground.FLEXIBILITY, regard=Regard.BOTH, at=AT
        ),
        lambda: services_dialogue.agree(other, case, revision=case.revision, at=AT),
    )
    assert became[0] == "done"
    case.refresh_from_db()
    assert (case.intended, case.reply) == ("REGION", Reply.NONE)


def test_a_handover_is_received_or_sent_back_and_not_both() -> None:
    """Whichever came first."""
    county()
    case = cases.decided()
    case = services_handover.hand_over(
        cases.registrar("REGION"), case, done=[one["duty"] for one in duties_before_handover(case)], at=AT
    )
    first, second = cases.approver("BERG"), cases.approver("BERG", 2)
    became = together(
        lambda: services_handover.receive(first, case, at=AT),
        lambda: services_handover.send_back(second, case, code="other", at=AT),  # type: ignore[arg-type]  # as sent
    )
    assert sorted(one == "done" for one in became) == [False, True]
    case.refresh_from_db()
    assert case.state == (State.RECEIVED if became[0] == "done" else State.DECIDED)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite's writers take turns, locks or not")
def test_without_the_lock_both_would_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: the row is read without its lock, and both see a case that is not decided yet."""
    county()
    case = cases.agreed()
    first, second = cases.approver("REGION"), cases.approver("REGION", 2)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *_, **__: self.all())
    read, usual = threading.Barrier(2), Case.save

    def save(self: Case, *arguments: Any, **options: Any) -> None:
        read.wait(LONGEST)  # both have read it before either writes
        usual(self, *arguments, **options)

    monkeypatch.setattr(Case, "save", save)
    became = together(
        lambda: services_dialogue.decide(first, case, at=AT), lambda: services_dialogue.decide(second, case, at=AT)
    )
    assert became == ["done", "done"]
    assert steps(case, "decide") == (2, 2)
