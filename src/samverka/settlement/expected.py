"""What the region is expected to pay to others than our parties: its share of the national model (MTN-2, A42)."""

from __future__ import annotations

from typing import Any

from avtal import money
from avtal.explain import as_json
from samverka.agreements.county import base
from samverka.agreements.selectors import book_now
from samverka.settlement.basis import answer_of
from samverka.settlement.models import Basis


def own_national_share(basis: Basis) -> tuple[str, dict[str, Any]]:
    """The own region's share in kronor as text, and how the whole came about and is shared."""
    book = book_now()
    answer = answer_of(basis, book)
    share = answer.shares[base().parties[0]]
    return money.kronor(share), as_json(answer.explanation, book.edition.words)
