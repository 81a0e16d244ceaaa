"""The demonstration's county: half a year settled, one proposal waiting, one value waiting for a ruling.

Days are the demonstration's own, in 2025 and 2026, so that it is the same whenever it is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from avtal.editions.jamtland_2026 import edition
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES, REGION
from samverka.core.acting import Role
from samverka.core.errors import Refused
from samverka.demo.affiliations import COUNTED, PERSONS, attest_last_year, register_affiliations
from samverka.demo.cases import make_cases
from samverka.demo.people import PASSWORD, acting
from samverka.demo.values import enter_values, propose_waiting
from samverka.demo.work import SOURCE, register_work
from samverka.journal import checkpoints
from samverka.parties.demo import make_demo_accounts
from samverka.parties.models import Membership
from samverka.parties.selectors import label_of
from samverka.parties.services import set_up_county
from samverka.settlement import run
from samverka.settlement.basis import approve_basis, register_basis
from samverka.settlement.crediting import credit, propose_credit
from samverka.settlement.models import Proposal
from samverka.settlement.services import decide, issue, start_proposal

#: The document's own table of registered items (MT-B1-1), counted 2025-06-30; its use for 2026 is an example.
COUNTS = {
    "BERG": 50, "BRACKE": 60, "HARJEDALEN": 96, "KROKOM": 90, "RAGUNDA": 41, "STROMSUND": 152, "ARE": 53,
    "OSTERSUND": 381,
}  # fmt: skip
FUND = "FUND"
FIRST_HALF, SECOND_HALF = "2026H1", "2026H2"
FIRST_DAY = date(2026, 1, 1)


def make_county() -> None:
    """Everything, through the services, in order of time."""
    acting.cache_clear()
    set_up_county(edition(), at=_at(2025, 12, 1), org_numbers={})
    make_demo_accounts(at=_at(2025, 12, 1), password=PASSWORD)
    enter_values(_at(2026, 1, 8))
    _bases()
    register_work(range(1, 7))
    for issuer in (REGION, *MUNICIPALITIES, FUND):
        _settle(issuer)
    _credit_one()
    register_work(range(7, 11))
    make_cases()
    register_affiliations()
    propose_waiting(_at(2026, 11, 2))
    _propose(REGION, SECOND_HALF, _at(2026, 11, 3))
    checkpoints.sign(None, at=_at(2026, 11, 4))


def accounts_table() -> str:
    """The accounts, one line each, with the password that they all have."""
    rows = list(_accounts())
    wide = max(len(address) for address, _ in rows)
    lines = [f"  {address:<{wide}}  {what}" for address, what in rows]
    return "\n".join([f"Konton (påhittade; lösenord för alla: {PASSWORD})", *lines])


def _accounts() -> Iterator[tuple[str, str]]:
    found = Membership.objects.select_related("user", "party").order_by("user_id", "id")
    seen: dict[str, dict[str, list[str]]] = {}
    for one in found:
        party = label_of(one.party.code, on=FIRST_DAY) if one.party else "hela avtalet"
        seen.setdefault(one.user.email, {}).setdefault(one.get_role_display(), []).append(party)
    for address, roles in seen.items():
        yield address, "; ".join(f"{role}, {' och '.join(parties)}" for role, parties in roles.items())


def _at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, tzinfo=UTC)


def _bases() -> None:
    for period, month, counted in (
        (FIRST_HALF, 202601, date(2025, 12, 31)),
        (SECOND_HALF, 202607, date(2026, 6, 30)),
    ):
        stated = {"half_year": period, "counts": {name: str(n) for name, n in COUNTS.items()}}
        _basis("equipment_fixed", REGION, period, month, stated, counted)
    attest_last_year(_at(2026, 1, 9))
    stated = {"affiliated": str(PERSONS), "year": str(COUNTED + 1)}
    _basis("supplement", REGION, "2026", 202603, stated, date(2025, 12, 31))
    _basis("development_fund", FUND, "2026", 202602, {"amount": "250000"}, None)


def _basis(kind: str, party: str, period: str, month: int, stated: Mapping[str, object], counted: date | None) -> None:
    made = register_basis(
        acting(party, Role.REGISTRAR), kind=kind, period=period, month=month, stated=stated, listed=[],
        counted_on=counted, source=SOURCE, example=True, at=_at(2026, 1, 12),
    )  # fmt: skip
    approve_basis(acting(party, Role.APPROVER), made, at=_at(2026, 1, 13))


def _propose(issuer: str, period: str, at: datetime) -> Proposal | None:
    """A computed proposal; None where the issuer is owed nothing."""
    try:
        made = start_proposal(acting(issuer, Role.REGISTRAR), period=period, corrections=False, at=at)
    except Refused:
        return None
    for step in run.steps_of(issuer):
        run.take_step(made.pk, step)
    run.seal(made.pk, at=at)
    made.refresh_from_db()
    return made


def _settle(issuer: str) -> None:
    proposal = _propose(issuer, FIRST_HALF, _at(2026, 7, 6))
    if proposal is None:
        return
    approver = acting(issuer, Role.APPROVER)
    decide(approver, proposal, approved=True, reason="", at=_at(2026, 7, 7))
    issue(approver, proposal, on=date(2026, 7, 8), at=_at(2026, 7, 8))


def _credit_one() -> None:
    """One invoice credited, so that the way back can be seen too."""
    proposer, approver = acting(REGION, Role.REGISTRAR), acting(REGION, Role.APPROVER)
    invoice = Proposal.objects.get(issuer=REGION, period=FIRST_HALF).invoices.order_by("number")[0]
    made = propose_credit(proposer, invoice, reason="Fel fakturareferens (exempel)", at=_at(2026, 7, 20))
    credit(approver, made, on=date(2026, 7, 20), at=_at(2026, 7, 20))
