"""The run: steps that are done stay done, what is missing stops it with a message, nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from samverka.assignments.models import HiredStaff
from samverka.core.errors import Refused
from samverka.settlement import jobs, run, services
from samverka.settlement.models import Proposal, ProposalLine, ProposalState, ProposedEvent
from tests.flush import triggers_away
from tests.samverka.platform import AT
from tests.samverka.settlement.county import approved_basis, attested, hired, index, issued, proposed, registrar

pytestmark = pytest.mark.usefixtures("jamtland")


class Killed(BaseException):
    """What a process that dies looks like from within."""


@pytest.fixture
def not_queued(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proposals are started and nothing computes them."""
    monkeypatch.setattr(services, "_queue", lambda _: None)


@pytest.mark.usefixtures("not_queued")
def test_a_run_that_was_killed_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The step that was done is not done again; the result is as if nothing had happened."""
    hired("REGION", "BERG")
    approved_basis()
    proposal = proposed("REGION")
    steps: list[str] = []

    def step(pk: int, name: str, take: Any = run.take_step) -> None:
        if len(steps) == 1:
            raise Killed
        steps.append(name)
        take(pk, name)

    monkeypatch.setattr(run, "take_step", step)
    with pytest.raises(Killed):
        jobs.compute.call(proposal.public_id)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.steps_done, proposal.done, proposal.todo) == (
        "computing", ["hired_staff"], 1, 4,
    )  # fmt: skip
    monkeypatch.undo()
    jobs.compute.call(proposal.public_id)
    jobs.compute.call(proposal.public_id)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.events, proposal.done) == ("proposed", 9, 4)
    assert proposal.total == 64_000 + 12_611_290
    assert [line.number for line in proposal.lines.order_by("number")] == list(range(1, 10))


@pytest.mark.usefixtures("not_queued")
def test_resuming_queues_the_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only while it is computed."""
    hired()
    proposal = proposed()
    assert proposal.state == ProposalState.COMPUTING
    monkeypatch.undo()
    assert services.resume(registrar("BERG"), proposal).state == ProposalState.PROPOSED
    with pytest.raises(Refused, match="inget att fortsätta"):
        services.resume(registrar("BERG"), proposal)


def test_a_missing_index_stops_the_run_with_a_message() -> None:
    """It says what, where and who decides; nothing is kept, and a new proposal can be made when it is entered."""
    hired(day="2026-02-02")
    proposal = proposed("BERG", "2026H1")
    assert proposal.state == ProposalState.FAILED
    assert "VPI" in proposal.message
    assert "OB-UPP-D5" in proposal.message
    assert "SKR" in proposal.message
    assert not ProposedEvent.objects.exists()
    index("3.2")
    assert proposed("BERG", "2026H1").total == 66_000


def test_a_missing_model_stops_the_run_with_a_message() -> None:
    """TB-GRU-3: the weights of the three-factor model are decided by the parties, and never invented (A10)."""
    approved_basis("supplement", period="2024", month=202503, stated={"affiliated": "144"})
    proposal = proposed("BERG", "2025H1")
    assert proposal.state == ProposalState.FAILED
    assert "A10" in proposal.message


def test_an_amount_that_nobody_knows_stops_the_run() -> None:
    """A fact that was lost after the attestation is named with its event; the sum is not closed without it."""
    hired(event_id="B-17")
    with triggers_away(connection):
        HiredStaff.objects.update(work_minutes=None)
    proposal = proposed()
    assert proposal.state == ProposalState.FAILED
    assert "B-17" in proposal.message
    assert "work_minutes" in proposal.message


def test_an_event_lost_on_the_way_stops_the_run() -> None:
    """In must equal out: a table that drops an event in silence does not pass."""
    hired()
    hired(day="2025-10-02")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " IF NEW.event % 2 = 0 THEN RETURN NULL; END IF; RETURN NEW; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER lose BEFORE INSERT ON settlement_proposedevent FOR EACH ROW EXECUTE FUNCTION lose()"
            )
        else:
            cursor.execute(
                "CREATE TRIGGER lose BEFORE INSERT ON settlement_proposedevent WHEN NEW.event % 2 = 0"
                " BEGIN SELECT RAISE(IGNORE); END"
            )
    proposal = proposed()
    assert proposal.state == ProposalState.FAILED
    assert "in gick 2 händelser och 120 minuter, ut kom 1 och 60" in proposal.message


def test_every_event_is_explained_while_they_are_few() -> None:
    """Each with its own id and day, below the line's sum."""
    hired(event_id="B-1")
    hired(event_id="B-2", day="2025-10-02", work_minutes="61")
    told = proposed().lines.get().explanation
    assert told["value"] == "1920.00"
    assert [(step["note"], step["value"]) for step in told["steps"]] == [
        ("B-1, 2025-10-01", "640.00"),
        ("B-2, 2025-10-02", "1280.00"),
    ]


def test_one_event_for_each_amount_is_named_when_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit the explanation says how many have that amount; the first is spelled out, the rest on demand."""
    monkeypatch.setattr("samverka.settlement.pricing.EXPLAINED", 2)
    for number in range(3):
        hired(event_id=f"B-{number}")
    hired(event_id="B-9", work_minutes="61")
    steps = proposed().lines.get().explanation["steps"]
    assert [step["note"] for step in steps] == [
        "3 händelser med detta belopp; här B-0, 2025-10-01",
        "1 händelser med detta belopp; här B-9, 2025-10-01",
    ]
    assert [bool(step["steps"]) for step in steps] == [True, False]


def test_flags_of_any_event_are_the_lines() -> None:
    """A nurse's evening between municipalities raises three; the line says them all."""
    hired("BERG", "ARE", start="18:00")
    hired("BERG", "ARE", start="18:00", principal_level="specialised")
    [line] = proposed().lines.all()
    assert line.status == "manual"
    assert set(line.flags) >= {
        "evening_specialised_unregulated", "evening_direction_unregulated", "municipality_to_municipality",
    }  # fmt: skip


def test_example_data_is_marked_on_a_line_of_its_own() -> None:
    """An example event does not sum with a real one; the proposal is marked, and so is the invoice."""
    hired()
    hired(example=True)
    [invoice] = issued()
    assert [(line.example, line.amount) for line in invoice.lines.order_by("number")] == [
        (False, 64_000), (True, 64_000),
    ]  # fmt: skip
    assert (invoice.example, invoice.proposal.example) == (True, True)


def test_a_price_that_rests_on_an_example_index_marks_the_line() -> None:
    """The event is real, the index is not: the line and the invoice say so."""
    index("3.2", example=True)
    hired(day="2026-02-02")
    hired(day="2026-02-03", example=True)
    [invoice] = issued("BERG", "2026H1")
    assert [(line.example, line.amount, line.revision) for line in invoice.lines.order_by("number")] == [
        (True, 66_000, 0), (True, 66_000, 1),
    ]  # fmt: skip


def test_the_digest_is_of_every_line() -> None:
    """The same work gives the same digest; another minute gives another."""
    hired(event_id="B-1")
    first = proposed()
    assert len(first.digest) == 64
    assert ProposalLine.objects.count() == 1
    assert first.used["hired_staff"]["hired_staff_rate"] == [["2025-01-01", "64000"]]


def test_what_is_attested_after_the_proposal_is_not_in_it() -> None:
    """Every step of a run sees the same work, however long the run takes."""
    hired()
    hired(at=AT + timedelta(minutes=1))
    assert proposed().total == 64_000
    assert Proposal.objects.get().events == 1


def test_a_period_that_is_none_is_refused() -> None:
    """The message says what a period looks like."""
    with pytest.raises(Refused, match="2025H2"):
        proposed("BERG", "2025Q3")


def test_all_kinds_are_computed_in_one_proposal() -> None:
    """The region is owed for hired staff, jobs on equipment and the fixed part."""
    hired("REGION", "BERG")
    stated = {"municipality": "BERG", "date": "2025-08-20", "hours": "1", "requested": True}
    attested("equipment_variable", "REGION", "BERG", stated)
    approved_basis()
    proposal = proposed("REGION")
    assert proposal.steps_done == ["hired_staff", "equipment_variable", "equipment_fixed"]
    assert proposal.total == 64_000 + 112_300 + 12_611_290
