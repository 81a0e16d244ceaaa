"""What the pages read: payers' sums against the period before, events with their own explanation, what waits."""

from __future__ import annotations

from datetime import date

import pytest

from samverka.assignments.models import HiredStaff, Liaison
from samverka.core.acting import Role
from samverka.settlement.events import events_of
from samverka.settlement.selectors import (
    is_settled,
    lines_of,
    not_priced,
    payers_of,
    previous_months,
    previous_totals,
    waiting_for,
)
from tests.samverka.platform import actor
from tests.samverka.settlement.county import (
    approved,
    approved_basis,
    approver,
    credited,
    hired,
    issued,
    proposed,
    registrar,
)

pytestmark = pytest.mark.usefixtures("jamtland")


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2025H2", (202501, 202506)),
        ("2025H1", (202407, 202412)),
        ("2025-01", (202412, 202412)),
        ("2026", (202501, 202512)),
    ],
)
def test_the_period_before_is_as_long(period: str, months: tuple[int, int]) -> None:
    """Half-years, months and years."""
    assert previous_months(period) == months


def test_payers_are_held_against_the_period_before() -> None:
    """The region paid 640 kr in the first half-year and owes 1 280 kr in the second; Åre is new."""
    hired(day="2025-03-03")
    issued("BERG", "2025H1")
    hired(work_minutes="61")
    hired("BERG", "ARE")
    proposal = proposed()
    assert previous_totals(proposal) == {"REGION": 64_000}
    rows = {row.stream: (row.total, row.before, row.change, row.lines, row.events) for row in payers_of(proposal)}
    assert rows == {"REGION": (128_000, 64_000, 64_000, 1, 1), "ARE": (64_000, None, None, 1, 1)}


def test_a_credited_period_before_counts_as_nothing() -> None:
    """Invoice and credit note together."""
    hired(day="2025-03-03")
    credited(issued("BERG", "2025H1")[0])
    hired()
    assert previous_totals(proposed()) == {"REGION": 0}


def test_events_come_a_page_at_a_time_with_their_own_explanation() -> None:
    """From a proposal's line, an invoice's and a credit note's, in order, with the performer's own numbers."""
    for number in range(3):
        hired(event_id=f"B-{number}", work_minutes=str(60 + number))
    proposal = proposed()
    [line] = lines_of(proposal)
    first = events_of(line, limit=2)
    assert [(one.event_id, one.amount, one.on) for one in first] == [
        ("B-0", 64_000, date(2025, 10, 1)), ("B-1", 128_000, date(2025, 10, 1)),
    ]  # fmt: skip
    [last] = events_of(line, after=first[-1].key, limit=2)
    assert (last.event_id, last.explanation["value"], last.explanation["name"]) == ("B-2", "1280.00", "hired_staff")
    assert events_of(line, after=last.key) == []
    approved(proposal)
    [invoice] = _issue(proposal)
    note = credited(invoice)
    for document in (invoice, note):
        assert [one.event_id for one in events_of(document.lines.get())] == ["B-0", "B-1", "B-2"]


def _issue(proposal: object) -> list[object]:
    from samverka.settlement import services
    from tests.samverka.settlement.county import ISSUED_ON, LATER

    return services.issue(approver("BERG"), proposal, on=ISSUED_ON, at=LATER)


def test_a_share_is_an_event_too() -> None:
    """Its document, and how the whole is shared."""
    approved_basis()
    line = lines_of(proposed("REGION")).get(stream="BERG")
    [share] = events_of(line)
    assert (share.event_id, share.amount, share.explanation["value"]) == ("bilaga 1", 683_169, "126112.90")


def test_what_gives_no_amount_is_listed_with_its_status() -> None:
    """A physiotherapist's evening is left to people."""
    hired()
    hired(start="18:00", profession="physiotherapist")
    assert [(line.status, line.events) for line in not_priced(proposed())] == [("manual", 1)]


def test_what_waits_for_whom() -> None:
    """The proposal for another approver, then its issue, then the payer's new invoice; an auditor waits for nothing."""
    on = date(2026, 7, 11)
    hired()
    proposal = proposed()
    assert [one.what for one in waiting_for(approver("BERG"), on)] == ["decide"]
    assert waiting_for(registrar("BERG"), on) == []
    approved(proposal)
    assert [one.what for one in waiting_for(approver("BERG"), on)] == ["issue"]
    _issue(proposal)
    assert [one.what for one in waiting_for(registrar("REGION"), on)] == ["received"]
    assert waiting_for(registrar("REGION"), date(2026, 9, 1)) == []
    assert waiting_for(actor("", Role.AUDITOR), on) == []


def test_invoiced_work_is_settled_until_it_is_credited() -> None:
    """The floor below asks with a model and keys."""
    done, other = hired(), hired("ARE")
    [invoice] = issued()
    assert is_settled(HiredStaff, [done.pk, other.pk]) == {done.pk}
    assert is_settled(Liaison, [done.pk]) == set()
    credited(invoice)
    assert is_settled(HiredStaff, [done.pk]) == set()
