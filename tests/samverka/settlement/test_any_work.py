"""Any work at all: every event is on exactly one line, the sums are the oracle's, and nothing is charged twice."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samverka.core.errors import Refused
from samverka.settlement import verify
from samverka.settlement.models import Invoice, InvoicedEvent, InvoiceLine, ProposalLine, ProposedEvent
from tests.oracle import prices
from tests.samverka.settlement.county import approved, hired, issued, proposed

WORK = st.fixed_dictionaries(
    {
        "hirer": st.sampled_from(["REGION", "ARE", "KROKOM"]),
        # the nights of both clock changes, New Year's Eve and a leap day among them
        "day": st.sampled_from(["2025-01-31", "2025-03-29", "2025-03-30", "2025-10-25", "2025-10-26", "2025-12-31"]),
        "start": st.sampled_from(["00:00", "07:59", "08:00", "15:30", "16:59", "17:00", "22:30"]),
        "work_minutes": st.sampled_from(["1", "59", "60", "61", "600"]),
        "profession": st.sampled_from(["nurse", "physiotherapist"]),
        "principal_level": st.sampled_from(["primary", "specialised"]),
        "example": st.booleans(),
    }
)


def _charged(one: dict[str, Any]) -> tuple[str, int]:
    """The oracle's outcome and öre."""
    case = {"from": "BERG", "to": one["hirer"], "date": one["day"], "travel_combined": True} | {
        name: one[name] for name in ("start", "work_minutes", "profession", "principal_level")
    }
    answer = prices.hired_staff(case)
    return answer["status"], int(str(answer["amount"] or "0.00").replace(".", ""))


@pytest.mark.django_db
@pytest.mark.usefixtures("jamtland")
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(works=st.lists(WORK, min_size=1, max_size=6))
def test_any_work_is_charged_once_and_to_the_ore(works: list[dict[str, Any]]) -> None:
    """Two rounds of the same proposal; the second is refused. Each example starts from an empty database."""
    from django.db import transaction

    with transaction.atomic():
        for one in works:
            hired("BERG", **{"hirer": one["hirer"], **{k: v for k, v in one.items() if k != "hirer"}})
        expected = [_charged(one) for one in works]
        proposal = proposed("BERG", "2025")
        assert proposal.state == "proposed", proposal.message
        assert ProposedEvent.objects.filter(proposal=proposal).count() == len(works) == proposal.events
        by_status: Counter[str] = Counter()
        for line in ProposalLine.objects.filter(proposal=proposal):
            by_status[line.status] += line.events
        assert by_status == Counter(status for status, _ in expected)
        assert proposal.total == sum(ore for status, ore in expected if status == "charged")
        from samverka.settlement import services
        from tests.samverka.settlement.county import ISSUED_ON, LATER, approver

        services.issue(approver("BERG"), approved(proposal), on=ISSUED_ON, at=LATER)
        numbers = sorted(Invoice.objects.values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        assert sum(InvoicedEvent.objects.values_list("amount", flat=True)) == proposal.total
        assert sum(InvoiceLine.objects.values_list("amount", flat=True)) == proposal.total
        assert list(verify.invoices()) == []
        with pytest.raises(Refused, match="inget nytt"):
            issued("BERG", "2025")
        transaction.set_rollback(True)
