"""The pages: what is in force on a day, as known on a day; entering, correcting and ruling."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from samverka.core.acting import Role
from tests.samverka.agreements.entering import PAYLOADS, VPI, approved, proposed
from tests.samverka.platform import actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")
READER = "agreements:{}"


@pytest.fixture
def reader(jamtland: None) -> Client:
    """A municipality's reader."""
    return signed_in(actor("ARE", Role.READER))


def shown(client: Client, name: str, *args: str, **query: str) -> str:
    """A page's text."""
    response = client.get(reverse(f"agreements:{name}", args=args), query)
    assert response.status_code == 200
    return str(response.content.decode())


def test_smoke(reader: Client) -> None:
    for kind in PAYLOADS:
        approved(kind, example=True)
    one = proposed("index", {**VPI, "index_year": "2026"})
    for name, *args in [
        ("browse",),
        ("document", "OB"),
        ("clause", "OB-UPP-D4"),
        ("parameters",),
        ("parameter", "hired_staff_rate"),
        ("parameter", "normal_range_low"),
        ("series", "VPI"),
        ("keys",),
        ("readings",),
        ("reading", "A64"),
        ("entered",),
        ("entered_page", one.public_id),
    ]:
        text = shown(reader, name, *args)
        assert "samverka" in text
