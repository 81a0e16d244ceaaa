"""The last gate: a line, an event or a price that somebody changed by hand does not become an invoice.

Each test changes one thing behind the services' back and must be stopped; the twin without the gate issues it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from samverka.assignments.models import HiredStaff
from samverka.settlement import gate, services
from samverka.settlement.canonical import proposal_digest
from samverka.settlement.gate_rules import GateClosed
from samverka.settlement.models import Basis, Invoice, Proposal, ProposalLine, ProposedEvent
from tests.flush import triggers_away
from tests.samverka.settlement.county import ISSUED_ON, LATER, approved, approved_basis, approver, hired, proposed

pytestmark = pytest.mark.usefixtures("jamtland")


@pytest.fixture
def ready(jamtland: None) -> Proposal:
    """Two hours' work of Berg's, approved."""
    hired(event_id="B-1")
    hired(event_id="B-2", day="2025-10-02", work_minutes="61")
    return approved(proposed())


def issue(proposal: Proposal) -> list[Invoice]:
    """By somebody who may."""
    return services.issue(approver(proposal.issuer), proposal, on=ISSUED_ON, at=LATER)


def _resealed(proposal: Proposal) -> None:
    """The digest made to fit, as one who tampers well would."""
    lines = list(proposal.lines.order_by("number"))
    Proposal.objects.filter(pk=proposal.pk).update(digest=proposal_digest(Proposal.objects.get(pk=proposal.pk), lines))


def line_raised(proposal: Proposal) -> None:
    """An öre more on the line, and the sum and the digest with it."""
    ProposalLine.objects.update(amount=192_001)
    Proposal.objects.update(total=192_001)
    _resealed(proposal)


def event_raised(proposal: Proposal) -> None:
    """An öre more on an event and its line."""
    ProposedEvent.objects.filter(amount=64_000).update(amount=64_001)
    line_raised(proposal)


def event_removed(proposal: Proposal) -> None:
    """An event that is not there any more."""
    ProposedEvent.objects.filter(amount=64_000).delete()


def fact_changed(proposal: Proposal) -> None:
    """A minute more in the work itself: another started hour."""
    HiredStaff.objects.filter(event_id="B-1").update(work_minutes=61)


def payer_changed(proposal: Proposal) -> None:
    """The work belongs to another payer."""
    HiredStaff.objects.filter(event_id="B-1").update(payer_party="ARE")


def price_changed(proposal: Proposal) -> None:
    """Another stored price than the events were computed with."""
    used = {**proposal.used}
    used["hired_staff"] = {**used["hired_staff"], "hired_staff_rate": [["2025-01-01", "64100"]]}
    Proposal.objects.update(used=used)
    _resealed(proposal)


def total_changed(proposal: Proposal) -> None:
    """A sum that is not that of the lines."""
    Proposal.objects.update(total=192_100)


def line_added(proposal: Proposal) -> None:
    """A line that no event stands behind."""
    line = proposal.lines.get()
    line.pk, line.number, line.month, line.amount = None, 2, 202511, 0
    line.save(force_insert=True)
    _resealed(proposal)


def unsealed(proposal: Proposal) -> None:
    """A line changed where nothing else was."""
    ProposalLine.objects.update(unit="dag")


TAMPERINGS = [line_raised, event_raised, event_removed, fact_changed, payer_changed, price_changed, total_changed,
              line_added, unsealed]  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_what_was_tampered_with_is_not_issued(ready: Proposal, tamper: Callable[[Proposal], None]) -> None:
    """The gate says which line or event; no invoice is written and no number taken."""
    with triggers_away(connection):
        tamper(ready)
    with pytest.raises(GateClosed, match="Sista kontrollen stoppade faktureringen"):
        issue(ready)
    assert not Invoice.objects.exists()


def test_without_the_gate_it_would_be_issued(ready: Proposal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the same tampering, and a gate that lets all pass."""
    with triggers_away(connection):
        event_raised(ready)
    monkeypatch.setattr(gate, "check_proposal", lambda _: None)
    [invoice] = issue(ready)
    assert invoice.total == 192_001


def test_an_event_that_is_not_attested_any_more_is_stopped(ready: Proposal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where the services' own check is blind."""
    monkeypatch.setattr("samverka.settlement.freshness.changed", lambda *_, **__: "")
    HiredStaff.objects.filter(event_id="B-1").update(state="returned")
    with pytest.raises(GateClosed, match="B-1 är inte längre attesterad"):
        issue(ready)


def test_a_changed_basis_is_stopped() -> None:
    """One item more than what was approved."""
    found = approved_basis()
    proposal = approved(proposed("REGION"))
    with triggers_away(connection):
        Basis.objects.filter(pk=found.pk).update(
            stated={**found.stated, "counts": {**found.stated["counts"], "ARE": "54"}}
        )
    with pytest.raises(GateClosed, match="inte längre det som godkändes"):
        issue(proposal)


def test_the_gate_knows_nothing_of_the_calculating_code() -> None:
    """It imports none of avtal, so that a fault there is not a fault here."""
    from pathlib import Path

    for module in ("gate", "gate_rules"):
        text = Path(gate.__file__).with_name(f"{module}.py").read_text(encoding="utf-8")
        assert "from avtal" not in text
        assert "import avtal" not in text
