"""A clause's page tells where it has been charged: the actor's own invoices only."""

from __future__ import annotations

import pytest

from samverka.agreements.uses import uses_for
from samverka.core.acting import Role
from tests.samverka.platform import actor, signed_in
from tests.samverka.settlement.county import hired, issued

pytestmark = pytest.mark.usefixtures("jamtland")


def test_a_clause_counts_the_lines_that_rest_on_it() -> None:
    """Issuer, payer and auditor see the line, a third party none; another clause has none."""
    hired()
    issued()
    seen = {party: [use.count for use in uses_for(actor(party, Role.READER), "OB-UPP-D4")] for party in ("BERG", "ARE")}
    assert seen == {"BERG": [1], "ARE": []}
    assert [use.count for use in uses_for(actor("", Role.AUDITOR), "OB-UPP-D4")] == [1]
    assert uses_for(actor("BERG", Role.READER), "TB-GRU-1") == []
    page = signed_in(actor("BERG", Role.READER)).get("/avtal/klausul/OB-UPP-D4/").content.decode()
    assert "1 fakturarad" in page
