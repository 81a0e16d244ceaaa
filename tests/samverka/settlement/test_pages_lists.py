"""Who sees which page of settlement, what an auditor does not see, and what a list costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from samverka.core import keyset
from samverka.core.acting import Role
from samverka.settlement import crediting, selectors
from samverka.settlement.models import Basis, Invoice, Proposal
from samverka.settlement.views_lists import listed
from tests.samverka.platform import AT, actor, signed_in
from tests.samverka.settlement import pages
from tests.samverka.settlement.county import COUNTS, registrar

pytestmark = pytest.mark.usefixtures("jamtland")
LISTS = ("proposals", "invoices", "bases")


def test_a_proposal_is_its_issuers_alone() -> None:
    """Another party, even one that is to pay, meets 404 on each of its addresses."""
    found = pages.ground()
    region, berg = signed_in(actor("REGION", Role.READER)), signed_in(actor("BERG", Role.READER))
    for address in pages.of_proposal(found.proposal):
        assert region.get(address).status_code == 200, address
        assert berg.get(address).status_code == 404, address


def test_an_invoice_is_its_issuers_and_its_payers() -> None:
    """Berg and the region see Berg's; Krokom meets 404 on each of its addresses."""
    found = pages.ground()
    for party, status in (("REGION", 200), ("BERG", 200), ("KROKOM", 404)):
        client = signed_in(actor(party, Role.READER))
        assert {client.get(address).status_code for address in pages.of_invoice(found.invoice)} == {status}, party


def test_a_selector_that_forgets_who_asks_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: with every invoice for everybody, the outsider's address answers, and the test above fails."""
    found = pages.ground()
    every = lambda actor: Invoice.objects.select_related("credits", "credited_by", "proposal")  # noqa: ARG005, E731  # broken on purpose
    monkeypatch.setattr("samverka.settlement.views_invoice.invoices_for", every)
    client = signed_in(actor("KROKOM", Role.READER))
    assert client.get(pages.of_invoice(found.invoice)[0]).status_code == 200


def test_an_approved_basis_is_everybodys_and_a_registered_one_its_keepers() -> None:
    """A municipality checks what it pays by, once it is approved."""
    from samverka.settlement.basis import register_basis

    waiting = register_basis(
        registrar("REGION"), kind="equipment_fixed", period="2026H1", month=202601, stated={"counts": COUNTS},
        source="bilaga 1", example=False, at=AT,
    )  # fmt: skip
    approved = pages.ground().basis
    berg = signed_in(actor("BERG", Role.READER))
    assert berg.get(reverse("settlement:basis", args=[approved.public_id])).status_code == 200
    assert berg.get(reverse("settlement:basis", args=[waiting.public_id])).status_code == 404


def test_an_auditor_sees_everything_and_no_person() -> None:
    """Every page of every party, and on none of them a user's name or address."""
    found = pages.ground()
    auditor = signed_in(actor("", Role.AUDITOR))
    addresses = [
        *pages.of_proposal(found.proposal), *pages.of_invoice(found.invoice), *pages.of_invoice(found.credit),
        reverse("settlement:basis", args=[found.basis.public_id]), reverse("settlement:calendar"),
        *(reverse(f"settlement:{name}") for name in LISTS),
    ]  # fmt: skip
    for address in addresses:
        page = pages.text(auditor, address)
        assert "exempel.se" not in page, address
        assert "registrar1" not in page, address
        assert "approver1" not in page, address
    assert "registrar1.region@exempel.se" in pages.text(
        signed_in(actor("REGION", Role.READER)), pages.of_proposal(found.proposal)[0]
    )


@pytest.mark.parametrize("name", ["decide", "issue"])
def test_deciding_and_issuing_ask_for_a_password_given_just_now(name: str) -> None:
    """A session that is an hour old is sent to give it again; a fresh one is not."""
    found = pages.ground()
    address = reverse(f"settlement:{name}", args=[found.proposal.public_id])
    approver = actor("REGION", Role.APPROVER)
    stale = signed_in(approver, fresh=False).get(address)
    assert stale.status_code == 302
    assert "reauthenticate" in stale["Location"]
    assert signed_in(approver).get(address).status_code == 200


def test_crediting_and_approving_a_basis_ask_for_it_too() -> None:
    """The two other places where the second person's click makes money move."""
    found = pages.ground()
    made = crediting.propose_credit(registrar("REGION"), found.invoice, reason="fel", at=AT)
    approver = signed_in(actor("REGION", Role.APPROVER), fresh=False)
    for name, id_ in (("decide_credit", made.public_id), ("approve_basis", found.basis.public_id)):
        assert "reauthenticate" in approver.get(reverse(f"settlement:{name}", args=[id_]))["Location"]


def test_a_payer_cannot_credit() -> None:
    """The pages are the issuer's: the payer sees the invoice, nothing of what is proposed, and meets 404 there."""
    found = pages.ground()
    made = crediting.propose_credit(registrar("REGION"), found.invoice, reason="Räknat fel", at=AT)
    for role, page in ((Role.REGISTRAR, ("credit", found.invoice)), (Role.APPROVER, ("decide_credit", made))):
        berg = signed_in(actor("BERG", role))
        assert berg.get(reverse(f"settlement:{page[0]}", args=[page[1].public_id])).status_code == 404
        assert "reditering" not in pages.text(berg, pages.of_invoice(found.invoice)[0])
    auditor = signed_in(actor("", Role.AUDITOR))
    assert "Räknat fel" in pages.text(auditor, pages.of_invoice(found.invoice)[0])


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_twenty_five_rows_costs_five_queries(name: str) -> None:
    """Session, user, membership, names and the rows: never more, however many rows there are."""
    pages.ground()
    _more_rows()
    client = signed_in(actor("REGION", Role.READER))
    client.get(reverse(f"settlement:{name}"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = pages.text(client, reverse(f"settlement:{name}"))
    assert page.count("<tr>") >= 26
    assert len(asked) <= 5, [one["sql"][:120] for one in asked]


def test_a_list_that_asks_for_each_row_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: without the join of credit notes each invoice costs two queries more."""
    pages.ground()
    _more_rows()
    monkeypatch.setattr(
        "samverka.settlement.views_invoice.invoices_for", lambda actor: Invoice.objects.filter(issuer=actor.party)
    )
    client = signed_in(actor("REGION", Role.READER))
    with CaptureQueriesContext(connection) as asked:
        pages.text(client, reverse("settlement:invoices"))
    assert len(asked) > 25


def test_a_list_is_filtered_by_direction_and_downloaded() -> None:
    """The region issued nine documents to municipalities and received one from Berg."""
    pages.ground()
    client = signed_in(actor("REGION", Role.READER))
    address = reverse("settlement:invoices")
    received = pages.text(client, f"{address}?direction=received&format=csv").splitlines()
    assert len(received) == 2
    assert received[1].startswith("BERG-2026-1;mottagen;")
    assert ";640.00;" in received[1]
    issued = pages.text(client, f"{address}?direction=issued&format=csv").splitlines()
    assert len(issued) == 1 + 9
    assert any("krediterar REGION-2026-" in row for row in issued)


def test_invoices_of_one_day_stand_in_the_order_of_their_numbers() -> None:
    """The latest first, 10 before 9; the other way round by date; pages end to end are the whole list."""
    pages.ground()
    assert Invoice.objects.values("issued_on").distinct().count() == 1
    at = Invoice.objects.get(issuer="REGION", number=9)
    at.pk, at.public_id, at.number, at.credits = None, "z" * 16, 10, None
    at.stream = "REGION:syncentralen"
    at.save(force_insert=True)
    numbers = ["BERG-2026-1", *(f"REGION-2026-{n}" for n in range(1, 11))]
    client, address = signed_in(actor("", Role.AUDITOR)), reverse("settlement:invoices")
    for sort, expected in (("-date", numbers[::-1]), ("date", numbers)):
        rows = pages.text(client, f"{address}?sort={sort}&format=csv").splitlines()[1:]
        assert [row.split(";")[0] for row in rows] == expected
    rows = listed(actor("", Role.AUDITOR), Invoice.objects.all())
    order = keyset.order_of(rows, "issued_on", descending=True, tie="place")
    first = keyset.page(rows, order, size=4)
    second = keyset.page(rows, order, after=first.after, size=4)
    assert [str(row) for row in (*first.rows, *second.rows)] == numbers[::-1][:8]


def _more_rows() -> None:
    """Rows to fill a page: copies made past the services, since lists only read."""
    template = Proposal.objects.get(issuer="REGION")
    user: Any = template.proposed_by
    Proposal.objects.bulk_create(
        Proposal(issuer="REGION", period="2024H1", state="failed", message="prov", proposed_by=user,
                 proposed_at=AT - timedelta(days=n)) for n in range(30)
    )  # fmt: skip
    Basis.objects.bulk_create(
        Basis(kind="equipment_fixed", party="REGION", period="2027H1", month=202701, stated={}, digest="0" * 64,
              source="prov", registered_by=user, registered_at=AT - timedelta(days=n)) for n in range(30)
    )  # fmt: skip
    Invoice.objects.bulk_create(
        Invoice(issuer="REGION", stream=f"S{n}", payer="BERG", year=2020, number=n, period="2024H1", proposal=template,
                issued_on=AT.date() - timedelta(days=n), issued_by=user, total=100 * n, example=True, digest="0" * 64)
        for n in range(1, 31)
    )  # fmt: skip
    assert selectors.proposals_for(actor("REGION", Role.READER)).count() == 31
