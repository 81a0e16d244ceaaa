"""What issued lines cost now, against all that is invoiced of them: summed and subtracted by the database.

A line stands with who is sent it, and so does a correction; where the rules send an event to another unit than it was
charged to, the difference is negative for the one and positive for the other. A line that is credited is out, and so is
a correction that is credited.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from samverka.settlement.sources import rows_of, text

#: ``again`` is what the events of each line cost now, by who is sent them. Whoever was charged and is not any more is
#: sent nothing of it.
_DIFFERENCES = """
WITH again (line, stream, amount, quantity, events) AS ({again}),
standing (line, stream, amount, quantity) AS (
    SELECT l.id, l.stream, l.amount, l.quantity FROM settlement_invoiceline l WHERE l.id IN (SELECT line FROM again)
    UNION ALL
    SELECT c.corrects_id, c.stream, c.amount, c.quantity FROM settlement_invoiceline c
    WHERE c.corrects_id IN (SELECT line FROM again) AND c.credits_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM settlement_invoiceline n WHERE n.credits_id = c.id)
)
SELECT line, stream, SUM(amount), SUM(amount) - SUM(invoiced), SUM(quantity) - SUM(counted), SUM(events)
FROM (
    SELECT line, stream, amount, quantity, events, 0 AS invoiced, 0 AS counted FROM again
    UNION ALL
    SELECT line, stream, 0, 0, 0, amount, quantity FROM standing
) told
GROUP BY line, stream
ORDER BY line, stream
"""


class Difference(NamedTuple):
    """An issued line and who is sent it: what its events cost now, and how much that differs from what is invoiced."""

    line: int
    stream: str
    now: int
    amount: int
    quantity: int
    events: int


def differences(again: str) -> list[Difference]:
    """Every issued line of which a statement says what its events cost now.

    Args:
        again: Gives line, stream, öre, quantity and how many events, a line any number of times.
    """
    found = rows_of(_DIFFERENCES.format(again=again))
    return [Difference(int(line), stream, *map(int, sums)) for line, stream, *sums in found]


def stated(rows: Iterable[tuple[int, str, int, int]]) -> str:
    """Events that are priced already as such a statement: line, stream, öre and quantity of each."""
    said = [f"SELECT {line:d}, {text(stream)}, {ore:d}, {counted:d}, 1" for line, stream, ore, counted in rows]
    return " UNION ALL ".join(said) or "SELECT 0, '', 0, 0, 0 WHERE 1 = 0"
