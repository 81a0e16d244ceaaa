"""Corrections tell of themselves: an approved value that changes what is invoiced is on the issuer's start page."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from samverka.agreements import rulings
from samverka.core import clock
from samverka.core.acting import Role
from samverka.core.errors import Refused
from samverka.core.waiting import Waiting
from samverka.journal.models import Entry
from samverka.settlement import crediting, recheck, services
from samverka.settlement.due import corrections_waiting, due_for
from samverka.settlement.models import Differing, Invoice, Proposal, Recheck
from tests.samverka.platform import AT, ON, actor, signed_in
from tests.samverka.settlement import pages
from tests.samverka.settlement.county import (
    ISSUED_ON,
    LATER,
    approved,
    approved_basis,
    approver,
    credited,
    entered,
    hired,
    index,
    issued,
    proposed,
    registrar,
)

pytestmark = pytest.mark.usefixtures("jamtland")

AFTER = AT + timedelta(hours=2)
FORM = f"{reverse('settlement:new')}?period=2026H1&what=corrections"


@pytest.fixture(autouse=True)
def summer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' day: the first half of 2026 can be chosen."""
    monkeypatch.setattr(clock, "today", lambda: ON)


@pytest.fixture
def invoiced(jamtland: None) -> Invoice:
    """Two hours for the region and one for Åre in 2026, by a preliminary 3.2 per cent: 660 kr an hour."""
    index("3.2", status="preliminary")
    hired(day="2026-03-02", work_minutes="120")
    hired(day="2026-04-02")
    hired(hirer="ARE", day="2026-03-02", profession="physiotherapist")
    return issued("BERG", "2026H1")[0]


def definitive(percent: str = "4.0", published: str = "2026-04-01", at: datetime = LATER) -> None:
    """The index that everybody waited for: 666 kr an hour."""
    index(percent, published=published, at=at)


def told(party: str = "BERG") -> list[Waiting]:
    """What the start page says to whoever proposes."""
    return corrections_waiting(registrar(party))


def test_an_approved_index_says_by_itself_which_lines_it_changes(invoiced: Invoice) -> None:
    """Three lines, 6.00 kr an hour: 24.00 kr; the card leads to the form with period and corrections chosen."""
    assert told() == []
    definitive()
    words = "3 utställda rader för 2026H1 får annat belopp sedan VPI för 2025 ändrades: föreslå rättelse"
    assert told() == [Waiting(words, 3, FORM)]
    assert sorted(Differing.objects.values_list("amount", flat=True)) == [600, 600, 1_200]
    assert [(one.lines, one.amount, one.proposal) for one in due_for(registrar("BERG"))] == [(3, 2_400, "")]
    assert Invoice.objects.count() == 2, "nothing is issued, nor proposed"
    assert not Proposal.objects.filter(corrections=True).exists()


def test_a_reading_is_told_by_its_id() -> None:
    """Its title is a question. By the other reading of A16 all municipalities share the forty hours equally."""
    index("3.2")
    approved_basis(period="2026H1", month=202601)
    issued("REGION", "2026H1")
    chosen = {"reading": "A16", "option": "base_equally", "decided_by": "MT och kommunerna", "decided": "2026-01-15"}
    entered("reading", chosen, at=LATER)
    [one] = told("REGION")
    assert one.text == "8 utställda rader för 2026H1 får annat belopp sedan läsningen A16 ändrades: föreslå rättelse"


def test_without_the_registry_nobody_would_hear_of_it(invoiced: Invoice, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: where an approval calls nobody, the start page is silent although lines differ."""
    monkeypatch.setattr(rulings, "_REGISTERED", [])
    definitive()
    assert told() == []
    assert proposed("BERG", "2026H1", corrections=True, at=AFTER).total == 2_400


def test_a_value_that_changes_nothing_issued_is_silent(invoiced: Invoice) -> None:
    """Another series' index: checked, kept with the new book, nothing to say."""
    index("9.0", series="OPI")
    found = Recheck.objects.get(issuer="BERG")
    assert (told(), found.asked, found.answered, found.message) == ([], 1, 1, "")
    assert found.lines.count() == 0


def test_each_issuer_hears_of_its_own_alone(invoiced: Invoice) -> None:
    """The region's fixed part is changed too; Krokom, who has issued nothing, is not asked at all."""
    approved_basis(period="2026H1", month=202601)
    issued("REGION", "2026H1")
    definitive()
    assert [one.count for one in told("REGION")] == [8]
    assert [one.count for one in told("BERG")] == [3]
    assert told("KROKOM") == []
    assert sum(one.amount for one in due_for(registrar("REGION"))) == 11_230 * (1_168 - 1_159)
    assert [one.issuer for one in due_for(actor("", Role.AUDITOR))] == ["BERG", "REGION"]
    assert not Recheck.objects.filter(issuer="KROKOM").exists()


def test_only_who_can_propose_is_told(invoiced: Invoice) -> None:
    """The form is the registrar's: the others see the page, and an approver decides what was proposed."""
    definitive()
    for role in (Role.READER, Role.APPROVER, Role.ADMINISTRATOR):
        assert corrections_waiting(actor("BERG", role)) == []
    assert corrections_waiting(actor("", Role.AUDITOR)) == []


def test_what_is_proposed_or_corrected_is_not_told_again(invoiced: Invoice) -> None:
    """While the proposal is open its page is shown instead; once issued there is nothing left."""
    definitive()
    proposal = proposed("BERG", "2026H1", corrections=True, at=AFTER)
    assert told() == []
    assert [one.proposal for one in due_for(registrar("BERG"))] == [proposal.public_id]
    services.issue(approver("BERG"), approved(proposal), on=ISSUED_ON, at=AFTER)
    assert (told(), due_for(registrar("BERG"))) == ([], [])


def test_a_credited_correction_is_due_again_and_a_credited_invoice_is_not(invoiced: Invoice) -> None:
    """The check is asked for by the credit itself: what the correction settled is owed again."""
    definitive()
    corrections = issued("BERG", "2026H1", corrections=True, at=AFTER)
    for one in corrections:
        credited(one)
    assert [(one.lines, one.amount) for one in due_for(registrar("BERG"))] == [(3, 2_400)]
    credited(invoiced)
    [left] = due_for(registrar("BERG"))
    assert (left.lines, left.amount) == ((1, 600) if invoiced.payer == "REGION" else (2, 1_800))


def test_what_is_issued_by_older_values_is_told_at_once(invoiced: Invoice) -> None:
    """Approved, then a value comes, then issued as it was approved: the correction is due without anybody asking."""
    hired("KROKOM", day="2026-03-02")
    proposal = approved(proposed("KROKOM", "2026H1"))
    definitive()
    assert told("KROKOM") == []
    services.issue(approver("KROKOM"), proposal, on=ISSUED_ON, at=AFTER)
    assert [(one.text[:13], one.count) for one in told("KROKOM")] == [("1 utställd ra", 1)]


def test_the_newest_value_is_named_and_the_others_counted(invoiced: Invoice) -> None:
    """Two indices since: the latest by name. A value that the line does not rest on is not named."""
    index("9.0", series="OPI", at=LATER)
    definitive()
    definitive("5.0", "2026-05-01", at=AFTER)
    assert {one.changed for one in Differing.objects.all()} == {"VPI för 2025"}
    entered("parameter", {"name": "hired_staff_rate", "since": "2026-01-01", "value": "700"}, at=AFTER)
    [one] = due_for(registrar("BERG"))
    assert one.changed.endswith(" och ett värde till")
    assert "OPI" not in one.changed


def stop(*_: Any, **__: Any) -> None:
    """A worker that is stopped in the middle."""
    raise KeyboardInterrupt


def test_a_check_that_was_stopped_is_told_and_can_be_done_after_all(
    invoiced: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies: the start page does not claim that all is well, the page starts it again, and it is the same."""
    monkeypatch.setattr(recheck, "_queue", lambda _: None)
    definitive()
    page = reverse("settlement:corrections")
    waits = "Utställda fakturor är inte kontrollerade mot avtalets nya värden än"
    assert told() == [Waiting(waits, 1, page)]
    with monkeypatch.context() as broken:
        broken.setattr(recheck, "record", stop)
        with pytest.raises(KeyboardInterrupt):
            recheck.check("BERG", at=AFTER)
    assert (told(), Differing.objects.count()) == ([Waiting(waits, 1, page)], 0)
    monkeypatch.undo()
    client = signed_in(registrar("BERG"))
    assert "Kontrollera nu" in pages.text(client, page)
    assert pages.send(client, reverse("settlement:check")) == (302, page)
    assert [one.count for one in told()] == [3]
    with pytest.raises(Refused, match="redan kontrollerade"):
        recheck.start_again(registrar("BERG"))
    assert pages.send(client, reverse("settlement:check")) == (302, page)
    assert "redan kontrollerade" in pages.text(client, page)


def test_a_value_during_the_check_is_not_lost(invoiced: Invoice, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next value is approved while lines are priced by the one before: what was asked later is still unanswered."""
    queued: list[str] = []
    monkeypatch.setattr(recheck, "_queue", queued.append)
    definitive()
    real = recheck.differing

    def meanwhile(issuer: str, book: Any) -> Any:
        found = list(real(issuer, book))
        if len(queued) == 1:
            definitive("5.0", "2026-05-01", at=AFTER)
        return found

    monkeypatch.setattr(recheck, "differing", meanwhile)
    recheck.check("BERG", at=AFTER)
    held = Recheck.objects.get(issuer="BERG")
    assert (queued, held.asked, held.answered) == (["BERG", "BERG"], 2, 1)
    recheck.check("BERG", at=AFTER)
    held.refresh_from_db()
    assert (held.answered, sum(Differing.objects.values_list("amount", flat=True))) == (2, 4 * 1_200)


def test_a_missing_number_is_told(invoiced: Invoice, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody can price any more stops the check with its reason, for the issuer to see."""

    def missing(*_: Any) -> Any:
        raise recheck.Unpriced("hired_staff: priset saknas")

    monkeypatch.setattr(recheck, "differing", missing)
    definitive()
    page = reverse("settlement:corrections")
    assert [one.address for one in told()] == [page]
    assert "kan inte räknas om" in told()[0].text
    assert "priset saknas" in pages.text(signed_in(registrar("BERG")), page)


def test_the_check_is_in_the_journal_and_the_approval_has_its_own_entry(invoiced: Invoice) -> None:
    """One entry of the approval, one of each issuer's check; done again without cause it writes nothing."""
    before = Entry.objects.filter(action="settlement.recheck").count()
    definitive()
    recheck.check("BERG", at=AFTER)
    assert Entry.objects.filter(action="settlement.recheck").count() == before + 1
    [seen] = Entry.objects.filter(action="settlement.recheck").values_list("parties__party", flat=True)
    assert seen == "BERG"


def test_the_check_finds_what_a_proposal_of_corrections_finds(invoiced: Invoice) -> None:
    """The background's lines and sums are those of the proposal, for work, for shared sums, and after a correction."""
    approved_basis(period="2026H1", month=202601)
    issued("REGION", "2026H1")
    definitive()
    issued("BERG", "2026-03", corrections=True, at=AFTER)
    definitive("5.0", "2026-05-01", at=AFTER)
    for party in ("BERG", "REGION"):
        found = Differing.objects.filter(recheck__issuer=party).values_list("line", "stream", "amount")
        proposal = proposed(party, "2026H1", corrections=True, at=AFTER)
        assert sorted(found) == sorted(proposal.lines.values_list("corrects", "stream", "amount")), party


def test_the_start_page_shows_it_and_leads_to_the_form(invoiced: Invoice) -> None:
    """The card, the form with its choices made, and from there the proposal; then the card is gone."""
    definitive()
    client = signed_in(registrar("BERG"))
    page = pages.text(client, "/")
    assert "3 utställda rader för 2026H1 får annat belopp sedan VPI för 2025 ändrades: föreslå rättelse" in page
    assert f'href="{FORM.replace("&", "&amp;")}"' in page
    form = pages.text(client, FORM)
    assert "3 fakturerade rader räknas om" in form
    assert re.search(r'value="corrections"[^>]*checked', form)
    status, address = pages.send(client, reverse("settlement:new"), period="2026H1", what="corrections")
    assert status == 302
    assert "Rättelser 2026H1" in pages.text(client, address)
    assert "utställda rader" not in pages.text(client, "/")


def test_the_start_page_costs_three_queries_more_at_most(invoiced: Invoice) -> None:
    """However many lines differ: how far the check is, and the lines by period. Nothing is priced on a view."""
    definitive()
    with CaptureQueriesContext(connection) as asked:
        assert len(told()) == 1
    assert len(asked) <= 3 + 1, [one["sql"][:90] for one in asked]  # the test looks up its actor


def test_a_period_that_is_too_old_to_choose_can_be_corrected(
    invoiced: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three years later: the period is among the choices because a correction is due, and else it is not."""
    monkeypatch.setattr(clock, "today", lambda: date(2029, 7, 1))
    client = signed_in(registrar("BERG"))
    assert 'value="2026H1"' not in pages.text(client, reverse("settlement:new"))
    definitive()
    assert "3 fakturerade rader räknas om" in pages.text(client, FORM)


def test_another_party_sees_nothing_of_it(invoiced: Invoice) -> None:
    """The page holds the own party's lines; the payer hears of a correction when it is issued."""
    definitive()
    page = reverse("settlement:corrections")
    mine, theirs = (pages.text(signed_in(actor(party, Role.READER)), page) for party in ("BERG", "REGION"))
    assert "24,00" in mine
    assert "24,00" not in theirs
    assert "Ingen utställd rad får ett annat belopp" in theirs


def test_a_credit_of_an_ordinary_invoice_asks_for_no_check(invoiced: Invoice) -> None:
    """Its lines are out by themselves."""
    made = crediting.propose_credit(registrar("BERG"), invoiced, reason="fel", at=LATER)
    crediting.credit(approver("BERG"), made, on=ISSUED_ON, at=LATER)
    assert not Recheck.objects.exists()
