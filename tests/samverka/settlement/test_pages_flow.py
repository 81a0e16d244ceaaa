"""From registered work to an issued invoice, its credit and the next revision, through the pages alone."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from samverka.core import clock
from samverka.core.acting import Role
from samverka.parties.models import Membership, Party
from samverka.settlement.models import Invoice, Proposal
from tests.samverka.platform import ON, SINCE, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")

#: A technician's 2.25 hours at 1 123 kr, travel 486.50 kr: 2 526.75 + 486.50.
JOB = {"municipality": "BERG", "date": "2025-09-12", "hours": "2,25", "requested": "ja", "travel": "486,50",
       "work": "corrective", "event_id": "PUMP-1"}  # fmt: skip
AMOUNT = "3\N{NO-BREAK SPACE}013,25\N{NO-BREAK SPACE}kr"
MINUS = f"\N{MINUS SIGN}{AMOUNT}"


@pytest.fixture(autouse=True)
def summer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' day: invoices are numbered by its year."""
    monkeypatch.setattr(clock, "today", lambda: ON)


def test_from_registered_work_to_credit_and_a_new_revision() -> None:
    """Region registers, Berg attests and reads every krona, another approves; a credit lets it be charged anew."""
    registrar, approver = (signed_in(actor("REGION", role)) for role in (Role.REGISTRAR, Role.APPROVER))
    berg, krokom = signed_in(actor("BERG", Role.APPROVER)), signed_in(actor("KROKOM", Role.APPROVER))

    work = _post(registrar, reverse("assignments:new", args=["medicinsk-teknik"]), **JOB)
    page = _text(berg, work)
    attest = f"{work}attestera/"
    _post(berg, attest, revision=re.search(r'name="revision" value="(\d+)"', page)[1])  # type: ignore[index]  # it is there

    proposal = _propose(registrar)
    page = _text(registrar, proposal)
    assert AMOUNT in page
    assert "Du har tagit fram förslaget" in page
    assert _status(berg, proposal) == _status(krokom, proposal) == 404

    _decided_and_issued(approver, proposal)
    invoice = Invoice.objects.get()
    assert (str(invoice), invoice.total, invoice.payer) == ("REGION-2026-1", 301_325, "BERG")
    address = reverse("settlement:invoice", args=[invoice.public_id])
    page = _text(berg, address)
    for told in (AMOUNT, "REGION-2026-1", "2,25\N{NO-BREAK SPACE}tim", "Så räknades det", "MT-B1-2", "saknas", "Moms"):
        assert told in page
    assert "PUMP-1" in _text(berg, reverse("settlement:events", args=[invoice.public_id, 1]))
    assert _status(krokom, address) == 404

    assert _post(registrar, reverse("settlement:credit", args=[invoice.public_id]), reason="Fel timmar") == address
    [decide] = re.findall(r'href="(/[^"]+/krediteringar/[^"]+)"', _text(approver, address))
    credit = _post(approver, decide, ruling="approve", reason="")
    page = _text(berg, credit)
    assert MINUS in page
    assert "Fel timmar" in page
    assert "Krediterad med" in _text(berg, address)

    again = _propose(registrar)
    assert again != proposal
    _decided_and_issued(approver, again)
    assert [(str(one), one.total) for one in Invoice.objects.order_by("number")] == [
        ("REGION-2026-1", 301_325), ("REGION-2026-2", -301_325), ("REGION-2026-3", 301_325),
    ]  # fmt: skip
    last = Invoice.objects.get(number=3)
    assert [line.revision for line in last.lines.all()] == [1]


def test_who_proposed_cannot_approve_by_the_page_either() -> None:
    """Four eyes: the same person in another role meets the words, and nothing is approved."""
    registrar = actor("REGION", Role.REGISTRAR)
    client = signed_in(registrar)
    work = _post(client, reverse("assignments:new", args=["medicinsk-teknik"]), **JOB)
    berg = signed_in(actor("BERG", Role.APPROVER))
    _post(berg, f"{work}attestera/", revision="0")
    address = _propose(client)
    region = Party.objects.get(code="REGION")
    second = Membership.objects.create(user=registrar.user, party=region, role=Role.APPROVER, since=SINCE)
    session = client.session
    session["acting"] = second.public_id
    session.save()
    assert "Du har själv tagit fram förslaget" in _text(client, f"{address}beslut/")
    answer = client.post(f"{address}beslut/", {"ruling": "approve", "reason": "", "once": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert "Du har själv tagit fram förslaget" in answer.content.decode()
    assert Proposal.objects.get().state == "proposed"


def _propose(client: Client) -> str:
    page = _text(client, reverse("settlement:new") + "?period=2025H2&what=ordinary")
    assert "Attesterat, tas med" in page
    return _post(client, reverse("settlement:new"), period="2025H2", what="ordinary")


def _decided_and_issued(client: Client, proposal: str) -> None:
    assert AMOUNT in _text(client, f"{proposal}beslut/")
    assert _post(client, f"{proposal}beslut/", ruling="approve", reason="") == proposal
    assert "1 faktura" in _text(client, f"{proposal}fakturera/")
    assert _post(client, f"{proposal}fakturera/") == proposal


def _post(client: Client, address: str, **fields: str) -> str:
    """Send a form with a key of its own; where it leads."""
    answer = client.post(address, {**fields, "once": str(uuid.uuid4())})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return str(answer["Location"])


def _text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def _status(client: Client, address: str) -> int:
    return client.get(address).status_code
