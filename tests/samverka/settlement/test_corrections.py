"""Corrections: what a definitive index changes is proposed as lines of its own; issued invoices never change (A07)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from samverka.agreements.county import base
from samverka.agreements.models import Entered
from samverka.agreements.selectors import book_now
from samverka.agreements.services import propose_value, rule_on, snapshot
from samverka.core.errors import Refused
from samverka.settlement import exports, services, verify
from samverka.settlement.events import events_of
from samverka.settlement.models import Invoice, InvoiceLine, ProposalState
from samverka.settlement.shown import readings_in
from tests.samverka.platform import AT, signed_in
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


@pytest.fixture
def revised(jamtland: None) -> Invoice:
    """Two hours of 2026, invoiced at a preliminary 3.2 per cent (660 kr); then the definitive value is 4.0 (666 kr)."""
    index("3.2", status="preliminary")
    hired(day="2026-03-02", work_minutes="120")
    [invoice] = issued("BERG", "2026H1")
    index("4.0", published="2026-04-01", at=LATER)
    return invoice


def test_a_preliminary_index_then_a_definitive_one(revised: Invoice) -> None:
    """640 kr x 1.032 is 660 kr, x 1.04 is 666 kr: two hours differ by 12.00 kr, on a line that points back."""
    [correction] = issued("BERG", "2026H1", corrections=True, at=AFTER)
    line = correction.lines.get()
    assert (revised.total, line.amount, line.kind, line.corrects) == (132_000, 1_200, "correction", revised.lines.get())
    assert (line.month, line.stream, line.events, line.quantity) == (202603, "REGION", 1, 0)


def test_the_first_invoice_is_marked_preliminary_and_does_not_change(revised: Invoice) -> None:
    """Its flag says why a correction may come; its digest is what it was."""
    before = revised.digest
    issued("BERG", "2026H1", corrections=True, at=AFTER)
    revised.refresh_from_db()
    assert (revised.digest, revised.total) == (before, 132_000)
    assert "preliminary_price" in revised.lines.get().flags


def test_a_correction_explains_both_sums(revised: Invoice) -> None:
    """What is computed today and what was invoiced, each with its own explanation."""
    told = proposed("BERG", "2026H1", corrections=True, at=AFTER).lines.get().explanation
    assert (told["label"], told["value"]) == ("Rättelse", "12.00")
    now, then = told["steps"]
    assert (now["label"], now["value"]) == ("Beräknat i dag", "1332.00")
    assert (then["label"], then["value"]) == ("Fakturerat på BERG-2026-1", "1320.00")
    assert then["steps"] == [revised.lines.get().explanation]


def test_a_corrected_sum_is_said_to_rest_on_what_is_read_today() -> None:
    """The chosen reading of A16 comes first; what was read at the time is told as that, and A57 was read the same."""
    index("3.2")
    approved_basis(period="2026H1", month=202601)
    issued("REGION", "2026H1")
    options = base().readings["A16"].options
    chosen = {"reading": "A16", "option": "base_equally", "decided_by": "MT och kommunerna", "decided": "2026-01-15"}
    entered("reading", chosen, at=LATER)
    proposal = proposed("REGION", "2026H1", corrections=True, at=AFTER)
    found = readings_in(proposal.lines.values_list("explanation", flat=True))
    assert [(one.id, one.option, one.confirmed, one.earlier) for one in found if one.id in ("A16", "A57")] == [
        ("A16", options["base_equally"], True, False),
        ("A16", options["by_share"], False, True),
        ("A57", base().readings["A57"].options["exact_fractions"], False, False),
    ]
    page = signed_in(registrar("REGION")).get(f"/avrakning/forslag/{proposal.public_id}/").content.decode()
    assert page.count("när det fakturerades") == 1


def test_a_correction_is_made_once(revised: Invoice) -> None:
    """Issued twice it is the same; proposed again there is nothing to correct."""
    proposal = approved(proposed("BERG", "2026H1", corrections=True, at=AFTER))
    first = services.issue(approver("BERG"), proposal, on=ISSUED_ON, at=LATER)
    assert services.issue(approver("BERG"), proposal, on=ISSUED_ON, at=LATER) == first
    again = proposed("BERG", "2026H1", corrections=True, at=AFTER)
    assert (again.state, again.lines.count()) == (ProposalState.FAILED, 0)
    assert again.message.startswith("Det finns inget att rätta")
    assert Invoice.objects.count() == 2


def test_a_second_revision_corrects_the_rest(revised: Invoice) -> None:
    """4.0 and then 5.0 per cent: 666 and then 672 kr; the second correction is 12.00 kr, not 24.00."""
    issued("BERG", "2026H1", corrections=True, at=AFTER)
    index("5.0", published="2026-05-01", at=AFTER)
    [second] = issued("BERG", "2026H1", corrections=True, at=AFTER + timedelta(hours=1))
    assert (second.total, second.lines.get().revision) == (1_200, 1)
    assert sum(InvoiceLine.objects.values_list("amount", flat=True)) == 2 * 67_200


def test_the_original_is_credited_after_its_correction(revised: Invoice) -> None:
    """A corrected invoice is credited after its correction; then all is charged at today's price."""
    [correction] = issued("BERG", "2026H1", corrections=True, at=AFTER)
    with pytest.raises(Refused, match="rättad av BERG-2026-2"):
        credited(revised)
    credited(correction)
    credited(revised)
    [again] = issued("BERG", "2026H1", at=AFTER)
    assert again.total == 133_200
    assert sum(InvoiceLine.objects.values_list("amount", flat=True)) == 133_200


def test_a_credited_correction_is_proposed_again(revised: Invoice) -> None:
    """The difference is owed again, in a revision of its own."""
    [correction] = issued("BERG", "2026H1", corrections=True, at=AFTER)
    credited(correction)
    [again] = issued("BERG", "2026H1", corrections=True, at=AFTER)
    assert (again.total, again.lines.get().revision) == (1_200, 1)


def test_a_correction_whose_invoice_was_credited_is_refused(revised: Invoice) -> None:
    """Between approval and issue the invoice was credited: there is nothing to correct any more."""
    proposal = approved(proposed("BERG", "2026H1", corrections=True, at=AFTER))
    credited(revised)
    with pytest.raises(Refused, match="krediterats"):
        services.issue(approver("BERG"), proposal, on=ISSUED_ON, at=LATER)


def test_two_overlapping_corrections_do_not_add_up(revised: Invoice) -> None:
    """One for the half-year and one for the month: the second to be issued is stopped."""
    half = approved(proposed("BERG", "2026H1", corrections=True, at=AFTER))
    month = approved(proposed("BERG", "2026-03", corrections=True, at=AFTER))
    services.issue(approver("BERG"), half, on=ISSUED_ON, at=LATER)
    with pytest.raises(Refused):
        services.issue(approver("BERG"), month, on=ISSUED_ON, at=LATER)
    assert sum(InvoiceLine.objects.values_list("amount", flat=True)) == 133_200


def test_each_correction_explains_its_own_events() -> None:
    """Late work of the same month is on an invoice of its own: each correction explains that invoice's work alone."""
    index("3.2", status="preliminary")
    for minutes, at in (("120", AT), ("60", LATER)):
        hired(day="2026-03-02", work_minutes=minutes, at=at)
        issued("BERG", "2026H1", at=at)
    index("4.0", published="2026-04-01", at=LATER)
    [correction] = issued("BERG", "2026H1", corrections=True, at=AFTER)
    told = [(line.amount, line.explanation["steps"][0]) for line in correction.lines.order_by("number")]
    assert [(amount, now["value"]) for amount, now in told] == [(1_200, "1332.00"), (600, "666.00")]
    for _, now in told:
        [again] = now["steps"]
        assert (again["value"], len(again["steps"])) == (now["value"], 1)


def test_a_shared_sum_is_corrected_too() -> None:
    """MT-B1-3: the fixed part of 2026 at 1 159 kr and then at 1 168 kr; the eight corrections sum to the difference."""
    index("3.2", status="preliminary")
    approved_basis(period="2026H1", month=202601)
    first = issued("REGION", "2026H1")
    index("4.0", published="2026-04-01", at=LATER)
    corrections = issued("REGION", "2026H1", corrections=True, at=AFTER)
    # (40 h + 12 min x 923) / 2 = 112.30 h
    assert sum(one.total for one in first) == 11_230 * 1_159
    assert sum(one.total for one in corrections) == 11_230 * (1_168 - 1_159)


def test_nothing_issued_and_nothing_changed_are_refused() -> None:
    """There must be an invoice, and another book than its own."""
    hired()
    with pytest.raises(Refused, match="inga fakturor att rätta"):
        proposed(corrections=True)
    issued()
    with pytest.raises(Refused, match="desamma"):
        proposed(corrections=True)


def test_a_value_that_is_taken_back_corrects_what_was_corrected_by_it() -> None:
    """3.2, by mistake 4.0, and then 3.2 again as it was: the book is the invoice's own, the correction is not."""
    index("3.2")
    right = Entered.objects.get()
    hired(day="2026-03-02", work_minutes="120")
    [first] = issued("BERG", "2026H1")
    wrong = replaced(right, "4.0", at=LATER)
    [correction] = issued("BERG", "2026H1", corrections=True, at=AFTER)
    replaced(wrong, "3.2", at=AFTER)
    assert snapshot(book_now()) == first.proposal.snapshot
    [back] = issued("BERG", "2026H1", corrections=True, at=AFTER + timedelta(hours=1))
    assert (correction.total, back.total) == (1_200, -1_200)
    assert sum(InvoiceLine.objects.values_list("amount", flat=True)) == first.total
    assert list(verify.invoices()) == []


def replaced(old: Entered, percent: str, *, at: datetime) -> Entered:
    """Another value for the same year and day, from the same document."""
    payload = {**old.payload, "percent": percent}
    made = propose_value(
        registrar("REGION"), kind="index", payload=payload, document=old.document, document_date=old.document_date,
        example=False, at=at, replaces=old,
    )  # fmt: skip
    rule_on(approver("REGION"), made, approved=True, reason="", at=at)
    return made


def test_a_payer_reads_its_own_share_of_a_corrected_sum() -> None:
    """A correction of a shared sum has one event, the payer's share: its page and its file hold none of the others'."""
    index("3.2", status="preliminary")
    approved_basis(period="2026H1", month=202601)
    issued("REGION", "2026H1")
    index("4.0", published="2026-04-01", at=LATER)
    proposal = approved(proposed("REGION", "2026H1", corrections=True, at=AFTER))
    proposed_line = proposal.lines.get(stream="BERG")
    invoices = services.issue(approver("REGION"), proposal, on=ISSUED_ON, at=LATER)
    [berg] = [one for one in invoices if one.payer == "BERG"]
    line = berg.lines.get()
    share = line.amount + line.corrects.amount if line.corrects else 0
    for one in (proposed_line, line):
        assert [event.amount for event in events_of(one)] == [share]
        assert [event.amount for event in exports.unexplained(one, after=0, limit=9)] == [share]
    assert [(row.part, row.stream, row.again) for row in exports.invoiced_events(berg)] == [("BERG", "BERG", share)]


def test_the_events_of_a_correction_are_not_summed_for_its_amount(revised: Invoice) -> None:
    """Of 12 kr the file says in a column of its own that the day is 1 332 kr now: none of it stands as an amount."""
    proposal = approved(proposed("BERG", "2026H1", corrections=True, at=AFTER))
    [correction] = services.issue(approver("BERG"), proposal, on=ISSUED_ON, at=LATER)
    assert (correction.total, correction.lines.get().corrects) == (1_200, revised.lines.get())
    for rows in (exports.invoiced_events(correction), exports.proposed_events(proposal)):
        assert [(row.kind, row.amount, row.again) for row in rows] == [("correction", None, 133_200)]
