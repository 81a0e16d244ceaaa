"""The agreement's own life: last day of notice and renewal. P-GIL-1 to P-GIL-3; reading A33."""

from __future__ import annotations

from datetime import date

from avtal import calendar
from avtal.book.edition import Edition


def last_day_of_notice(edition: Edition) -> date:
    """Notice is given at least twelve months before the term runs out: the last day on which it counts."""
    return calendar.last_day_of_notice(edition.valid_to, int(edition.number("notice_months", edition.valid_to)))


def renewed_term(edition: Edition) -> tuple[date, date]:
    """Without notice the agreement goes on for two years each time: first and last day of the next term."""
    return calendar.renewal(edition.valid_to, int(edition.number("renewal_years", edition.valid_to)))
