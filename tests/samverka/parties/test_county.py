"""The county's parties as they are set up."""

from __future__ import annotations

import pytest
from django.db import connection

from samverka.core.acting import Role
from samverka.journal.models import Entry
from samverka.parties.models import Party
from tests.samverka.platform import actor, signed_in


@pytest.mark.usefixtures("jamtland")
def test_the_county_has_nine_parties_and_their_fund() -> None:
    """One region, eight municipalities, one joint body under the region, each with its entry."""
    kinds = list(Party.objects.values_list("kind", flat=True))
    assert kinds == ["region", *["municipality"] * 8, "joint_body"]
    assert Entry.objects.filter(action="parties.create").count() == 10


@pytest.mark.usefixtures("jamtland")
def test_a_signed_in_user_sees_the_front_page() -> None:
    """The middleware finds the actor."""
    assert signed_in(actor("BERG", Role.READER)).get("/").status_code == 200
    assert connection.vendor in ("sqlite", "postgresql")
