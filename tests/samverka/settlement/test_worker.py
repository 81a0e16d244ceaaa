"""The worker: what one that was killed left undone is done by the next one that starts, without anybody asking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import BaseCommand, call_command, get_commands, load_command_class
from django.db import OperationalError, transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from samverka.settlement import recheck
from samverka.settlement.management.commands import db_worker as ours
from samverka.settlement.models import ProposalState, Recheck
from tests.samverka.platform import AT
from tests.samverka.settlement.county import hired, issued, proposed

pytestmark = pytest.mark.usefixtures("jamtland")


IN_DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker works in the test's own transaction."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(db_worker, "exclusive_transaction", lambda _: transaction.atomic())


def worked(command: BaseCommand) -> None:
    """A worker started, and stopped when nothing is left to do."""
    call_command(command, batch=True, reload=False, startup_delay=False, verbosity=0)


def killed() -> None:
    """The jobs as a worker that was killed leaves them: taken, and never ended."""
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=AT - timedelta(days=1))


def started() -> BaseCommand:
    """The worker that ``python -m django db_worker`` starts."""
    return load_command_class(get_commands()["db_worker"], "db_worker")


def test_a_proposal_whose_worker_was_killed_is_computed_by_the_next(settings: Any) -> None:
    """The library's own worker, the broken twin, leaves it as it is."""
    settings.TASKS = IN_DATABASE
    hired()
    proposal = proposed()
    killed()
    worked(db_worker.Command())
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.COMPUTING
    worked(started())
    proposal.refresh_from_db()
    assert (proposal.state, proposal.total) == (ProposalState.PROPOSED, 64_000)


def test_a_check_of_invoices_whose_worker_was_killed_is_done_by_the_next(settings: Any) -> None:
    """Asked for and not answered; what is answered is not asked for again."""
    hired()
    issued()
    settings.TASKS = IN_DATABASE
    recheck.ask(["BERG"])
    killed()
    worked(started())
    found = Recheck.objects.get(issuer="BERG")
    assert found.asked == found.answered
    before = DBTaskResult.objects.count()
    worked(started())
    assert DBTaskResult.objects.count() == before


def test_a_database_that_is_away_for_a_while_stops_no_worker(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """It waits, asks again for what it lost, and works on; the library's own ends, and the site with it."""
    settings.TASKS = IN_DATABASE
    began: list[str] = []
    waited: list[float] = []

    def works(*_: object, **__: object) -> None:
        began.append("works")
        if len(began) < 3:
            raise OperationalError("the server is away")

    monkeypatch.setattr(db_worker.Command, "handle", works)
    monkeypatch.setattr(ours.connections, "close_all", lambda: None)
    monkeypatch.setattr(ours.time, "sleep", waited.append)
    worked(started())
    assert (began, waited) == (["works"] * 3, [ours.PAUSE] * 2)
    began.clear()
    with pytest.raises(OperationalError):
        worked(db_worker.Command())
