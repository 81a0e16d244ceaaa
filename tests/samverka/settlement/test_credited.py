"""What is credited and not invoiced again is told to who proposes, and beside the sum of the period before."""

from __future__ import annotations

import pytest

from samverka.assignments import services as assignments
from samverka.core.acting import Role
from samverka.settlement import credited as module
from samverka.settlement.credited import Credited, credited_for, credited_waiting
from samverka.settlement.selectors import payers_of
from tests.samverka.platform import AT, actor
from tests.samverka.settlement.county import approved_basis, credited, hired, issued, proposed, registrar

pytestmark = pytest.mark.usefixtures("jamtland")


def test_what_is_credited_is_told_until_it_is_proposed_again() -> None:
    """640 kr of two invoices: credited it waits, once it is proposed it waits no longer, and issued neither."""
    hired()
    hired("BERG", "ARE")
    first, _ = issued()
    berg = registrar("BERG")
    assert credited_waiting(berg) == []
    credited(first)
    [told] = credited_waiting(berg)
    assert told.text.replace("\N{NO-BREAK SPACE}", " ") == (
        "640,00 kr för 2025H2 är krediterat och inte fakturerat på nytt: ta fram förslag"
    )
    assert told.address == "/avrakning/ny/?period=2025H2"
    issued()
    assert credited_waiting(berg) == []


def test_an_open_proposal_is_enough() -> None:
    """While one is computed or waits for a decision nothing more can be started."""
    hired()
    credited(issued()[0])
    proposed()
    assert credited_for(registrar("BERG")) == []


def test_what_is_credited_twice_is_told_once() -> None:
    """Invoiced, credited, invoiced and credited again: one event's amount."""
    hired()
    credited(issued()[0])
    credited(issued()[0])
    assert credited_for(registrar("BERG")) == [Credited("2025H2", 64_000)]


def test_without_the_last_one_alone_it_would_be_told_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: where each release counts, the sum above is doubled."""
    hired()
    credited(issued()[0])
    credited(issued()[0])
    monkeypatch.setattr(module, "Max", lambda _: module.F("pk"))
    assert credited_for(registrar("BERG")) == [Credited("2025H2", 128_000)]


def test_work_that_is_taken_back_is_not_owed() -> None:
    """Credited since it was wrong, then unlocked: there is nothing to propose."""
    work = hired()
    credited(issued()[0])
    assignments.take_back(actor("REGION", Role.APPROVER), work, reason="Fel", at=AT)
    assert credited_for(registrar("BERG")) == []


def test_a_share_is_told_to_its_issuer_alone() -> None:
    """One of eight shares of the fixed part; another party is told nothing, and who reads is not asked to propose."""
    approved_basis()
    credited(next(one for one in issued("REGION") if one.payer == "BERG"))
    assert credited_for(registrar("REGION")) == [Credited("2025H2", 683_169)]
    assert credited_for(registrar("BERG")) == []
    assert credited_waiting(actor("REGION", Role.READER)) == []


def test_the_sum_of_the_period_before_says_that_it_is_credited() -> None:
    """0,00 kr is not «nothing owed»: 640 kr is credited and not invoiced again."""
    hired(day="2025-03-03")
    credited(issued("BERG", "2025H1")[0])
    hired()
    [row] = payers_of(proposed())
    assert (row.before, row.credited) == (0, 64_000)
