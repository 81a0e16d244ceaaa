"""A database with rows of every sort, and a backup of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from samverka.backup.dump import backup
from samverka.care import services_log
from samverka.core.acting import Role
from samverka.journal import checkpoints
from samverka.settlement.models import Feed, Proposal, ProposalLine
from tests.samverka.care import cases
from tests.samverka.journal.entries import made, seal_all
from tests.samverka.platform import AT, ON, SINCE, actor, signed_in
from tests.samverka.settlement import county


@pytest.fixture
def settled() -> None:
    """A settlement with all that becomes of one: issued, credited, charged again, approved and waiting."""
    county.hired()
    county.approved_basis()
    county.issued("BERG")
    first, *_ = county.issued("REGION")
    county.credited(first)
    county.approved(county.proposed("REGION"))
    county.hired("OSTERSUND")
    county.proposed("OSTERSUND")


@pytest.fixture
def filled() -> None:
    """Rows of every sort: texts with quotation marks, JSON, bytes, moments, days, nothing, someone signed in."""
    who = actor("BERG", Role.REGISTRAR)
    signed_in(who)
    made(3, who=who, parties=("BERG", "REGION"), why='Å "citat", ; \\ och\nny rad', after={"ö": [1, None, {"a": True}]})
    proposal = Proposal.objects.create(
        issuer="REGION",
        period="2024H2",
        proposed_by=who.user,
        proposed_at=AT,
        steps_done=["b", "a"],
        total=-(2**53) - 1,
    )
    ProposalLine.objects.create(
        proposal=proposal, number=1, status="free", charge="liaison", stream="BERG", payee="REGION", month=202507,
        events=1, quantity=1, unit="tim", amount=2**62, example=True, explanation={"steg": [{"z": 1, "a": None}]},
    )  # fmt: skip
    cases.disputed()
    services_log.draw_check(actor("BERG", Role.ADMINISTRATOR), since=SINCE, until=ON, size=2, at=AT)
    Feed.objects.create(party="BERG", user=who.user, token_digest="0" * 64, made_at=AT)
    seal_all()
    checkpoints.sign(None, at=AT)


@pytest.fixture
def file(filled: None, tmp_path: Path) -> Path:
    """A backup of it."""
    backup(tmp_path / "kopia.zip", at=AT)
    return tmp_path / "kopia.zip"
