"""Cases about persons under a pseudonymous number, and the log of who looked at them."""

from __future__ import annotations

from samverka.care.models.affiliation import Affiliated, Affiliation, AffiliationMove, YearlyNumber
from samverka.care.models.case import Case, Dispute, Move
from samverka.care.models.log import AccessEntry, Check, Sampled, Verdict

__all__ = [
    "AccessEntry", "Affiliated", "Affiliation", "AffiliationMove", "Case", "Check", "Dispute", "Move", "Sampled",
    "Verdict", "YearlyNumber",
]  # fmt: skip
