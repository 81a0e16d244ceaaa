"""The demonstration's county: half a year settled, one proposal waiting, everything made up is marked."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import Sum

from samverka.agreements.models import Entered
from samverka.care.models import Case, Dispute
from samverka.care.selectors_affiliation import yearly
from samverka.demo.county import COUNTS, accounts_table, make_county
from samverka.demo.work import made_up
from samverka.journal.models import Entry
from samverka.parties.models import Membership
from samverka.settlement.models import Basis, Invoice, InvoiceLine, Proposal
from samverka.settlement.verify import invoices
from tests.samverka.journal.entries import DEADLINE


@pytest.mark.django_db(transaction=True)  # entries are sealed once they are committed, and then signed
def test_the_county_is_half_a_year_settled_and_one_proposal_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every issuer has issued its first half-year, the region's second waits; all is marked and can be recomputed."""
    monkeypatch.setattr("samverka.journal.chain.PATIENCE", DEADLINE)  # other workers' tests run in the same server
    make_county()
    states = list(Proposal.objects.order_by("id").values_list("issuer", "period", "state"))
    issuers = ["REGION", *COUNTS, "FUND"]
    assert states == [*((one, "2026H1", "issued") for one in issuers), ("REGION", "2026H2", "proposed")]
    assert not Invoice.objects.filter(example=False).exists()
    assert not Entered.objects.filter(example=False).exists()
    assert Entered.objects.filter(ruling=None).count() == 1
    assert Invoice.objects.exclude(credits=None).count() == 1
    for issuer in issuers:
        numbers = list(Invoice.objects.filter(issuer=issuer).order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
    assert list(invoices()) == []

    assert not Case.unlogged.filter(example=False).exists()
    assert sorted(Case.unlogged.values_list("state", flat=True)) == [
        "active", "active", "decided", "decided", "draft", "handed_over", "in_dialogue", "in_dialogue", "proposed",
        "reviewed",
    ]  # fmt: skip
    assert Dispute.objects.filter(settled_at=None).count() == 1

    # the supplement of 2026 rests on the attested number of 2025; the register is kept from 2026 on
    supplement = Basis.objects.get(kind="supplement")
    assert (supplement.stated["affiliated"], supplement.example) == ("171", True)
    assert supplement.explanation is not None
    assert (supplement.explanation["value"], supplement.explanation["source"]) == (171, "påhittad sammanställning")
    assert [(one.numbers, one.differs, one.register_example) for one in map(yearly, (2025, 2026))] == [
        ((171,), False, False), ((8,), False, True),
    ]  # fmt: skip

    # 1 123 kr and 3.1 %: 1 158 kr; (40 h + 12 min x 923) / 2 = 112.3 h
    fixed = InvoiceLine.objects.filter(charge="equipment_fixed", credits=None).aggregate(sum=Sum("amount"))["sum"]
    assert fixed == int(Decimal("112.3") * 1158 * 100)

    roles = Membership.objects.values("party__code", "role").distinct().count()
    table = accounts_table()
    assert roles >= 9 * 4 + 1
    assert all(user in table for user in ("registrerare.berg@exempel.se", "revisor@exempel.se"))
    assert "registrerare, Bergs kommun\n" in table
    assert Entry.objects.filter(action="settlement.issue").count() == len(issuers)


def test_the_made_up_work_is_the_same_every_time() -> None:
    """The same seed gives the same events, another seed others."""
    assert list(made_up()) == list(made_up())
    assert list(made_up()) != list(made_up(seed=1))
