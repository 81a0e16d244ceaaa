"""Who decides on a proposal: another person than its maker, an approver of the issuer, while it is still so."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from samverka.assignments import services as work
from samverka.core.acting import Actor, Role
from samverka.core.errors import Refused
from samverka.settlement import basis, crediting, services
from samverka.settlement.models import Invoice, ProposalState
from samverka.settlement.selectors import invoices_for, proposals_for
from tests.samverka.platform import AT, actor
from tests.samverka.settlement.county import (
    ISSUED_ON,
    LATER,
    approved,
    approved_basis,
    approver,
    hired,
    index,
    issued,
    proposed,
    registrar,
)

pytestmark = pytest.mark.usefixtures("jamtland")


def test_nobody_approves_an_own_proposal() -> None:
    """The same person in another role is still the same person."""
    hired()
    proposal = proposed()
    same = Actor(registrar("BERG").user, "BERG", Role.APPROVER)
    with pytest.raises(Refused, match="En annan person"):
        services.decide(same, proposal, approved=True, reason="", at=LATER)
    assert approved(proposal).state == ProposalState.APPROVED


@pytest.mark.parametrize("role", [Role.READER, Role.REGISTRAR, Role.ADMINISTRATOR])
def test_only_an_approver_decides_and_issues(role: Role) -> None:
    """The other roles are refused before anything is read."""
    hired()
    proposal = proposed()
    other = actor("BERG", role, 2)
    with pytest.raises(PermissionDenied):
        services.decide(other, proposal, approved=True, reason="", at=LATER)
    approved(proposal)
    with pytest.raises(PermissionDenied):
        services.issue(other, proposal, on=ISSUED_ON, at=LATER)
    assert not Invoice.objects.exists()


def test_another_party_neither_sees_nor_decides() -> None:
    """A proposal is the issuer's own until it is issued; then the invoice is the payer's too, and nobody else's."""
    hired()
    proposal = proposed()
    for party in ("ARE", "REGION", "FUND"):
        with pytest.raises(Http404):
            get_object_or_404(proposals_for(approver(party)), public_id=proposal.public_id)
        with pytest.raises(PermissionDenied):
            services.decide(approver(party), proposal, approved=False, reason="nej", at=LATER)
    approved(proposal)
    [invoice] = services.issue(approver("BERG"), proposal, on=ISSUED_ON, at=LATER)
    assert [list(invoices_for(approver(party))) for party in ("BERG", "REGION", "ARE")] == [[invoice], [invoice], []]
    with pytest.raises(PermissionDenied):
        crediting.propose_credit(registrar("REGION"), invoice, reason="fel", at=LATER)


def test_an_auditor_sees_all_and_changes_nothing() -> None:
    """Every proposal and invoice of the agreement, and no service."""
    hired()
    [invoice] = issued()
    auditor = actor("", Role.AUDITOR)
    assert list(invoices_for(auditor)) == [invoice]
    assert proposals_for(auditor).count() == 1
    with pytest.raises(PermissionDenied):
        crediting.propose_credit(auditor, invoice, reason="fel", at=LATER)


def test_a_rejection_needs_a_reason_and_ends_the_proposal() -> None:
    """A rejected proposal cannot be approved or issued, and another one can be made."""
    hired()
    proposal = proposed()
    with pytest.raises(Refused, match="varför"):
        services.decide(approver("BERG"), proposal, approved=False, reason=" ", at=LATER)
    services.decide(approver("BERG"), proposal, approved=False, reason="fel månad", at=LATER)
    with pytest.raises(Refused, match="avslaget"):
        approved(proposal)
    with pytest.raises(Refused, match="avslaget"):
        services.issue(approver("BERG"), proposal, on=ISSUED_ON, at=LATER)
    assert proposed().total == 64_000


def test_one_proposal_at_a_time_for_a_period() -> None:
    """The database holds it, so that two who start at once do not both succeed."""
    hired()
    proposed()
    with pytest.raises(Refused, match="redan ett öppet förslag för 2025H2"):
        proposed()


def test_what_is_returned_stops_the_approval() -> None:
    """An event that the payer has taken back is not approved unseen."""
    done = hired()
    hired()
    proposal = proposed()
    work.send_back(approver("REGION", 2), done, reason="fel timmar", at=LATER)
    with pytest.raises(Refused, match="1 händelse i förslaget har återsänts"):
        approved(proposal)


def test_what_has_no_amount_and_is_returned_stops_the_approval() -> None:
    """The last gate would not let it through: it is said when it can still be made anew, not at issue."""
    hired()
    manual = hired("BERG", "ARE", start="18:00")
    proposal = proposed()
    work.send_back(approver("ARE"), manual, reason="Fel klockslag", at=LATER)
    with pytest.raises(Refused, match="1 händelse i förslaget har återsänts"):
        approved(proposal)


def test_what_is_returned_and_attested_anew_stops_the_approval() -> None:
    """It may say something else now, so the proposal is made anew."""
    done = hired()
    proposal = proposed()
    work.send_back(approver("REGION"), done, reason="fel timmar", at=LATER)
    stated = {"from": "BERG", "to": "REGION", "date": "2025-10-01", "start": "09:00", "work_minutes": "180",
              "profession": "nurse", "principal_level": "primary", "travel_combined": True}  # fmt: skip
    done.refresh_from_db()
    changed = work.change(registrar("BERG"), done, stated=stated, at=LATER)
    work.attest(approver("REGION"), changed, at=LATER)
    with pytest.raises(Refused, match="ändrats"):
        approved(proposal)


def test_what_is_returned_after_the_approval_stops_the_issue() -> None:
    """Nothing is issued, no number is taken."""
    done = hired()
    proposal = approved(proposed())
    work.send_back(approver("REGION"), done, reason="fel timmar", at=LATER)
    with pytest.raises(Refused, match="återsänts"):
        services.issue(approver("BERG"), proposal, on=ISSUED_ON, at=LATER)
    assert not Invoice.objects.exists()


def test_work_on_an_invoice_cannot_be_returned() -> None:
    """The floor below asks whether it is settled."""
    done = hired()
    issued()
    with pytest.raises(Refused, match="avräkning"):
        work.send_back(approver("REGION"), done, reason="fel timmar", at=LATER)


def test_a_value_approved_meanwhile_stops_the_approval() -> None:
    """The proposal was computed by another book."""
    hired()
    proposal = proposed()
    index("3.2")
    with pytest.raises(Refused, match="Avtalets värden eller läsningar har ändrats"):
        approved(proposal)


def test_what_another_proposal_has_invoiced_stops_the_approval_and_the_issue() -> None:
    """Two overlapping periods: the second to be issued is refused, and nothing is charged twice."""
    hired()
    half, month = approved(proposed()), proposed("BERG", "2025-10")
    services.issue(approver("BERG"), half, on=ISSUED_ON, at=LATER)
    with pytest.raises(Refused, match="fakturerats"):
        approved(month)
    assert Invoice.objects.count() == 1


def test_a_withdrawn_basis_stops_the_approval() -> None:
    """Until it is invoiced a basis can be withdrawn; then the proposal no longer says what is so."""
    found = approved_basis()
    proposal = proposed("REGION")
    basis.withdraw_basis(approver("REGION"), found, reason="räknat fel", at=AT)
    with pytest.raises(Refused, match="8 händelser"):
        approved(proposal)
