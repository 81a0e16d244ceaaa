"""The county for the tests of faults that run in this process."""

from __future__ import annotations

import pytest

from tests.samverka.platform import county


@pytest.fixture
def jamtland(db: None) -> None:
    """The county's parties, in the database."""
    county()
