"""Ten million events priced and summed from the agreement's trees, against the best SQL that we can write by hand.

The core of ``samverka settle``: ``avtal.bulk.totals`` on its database, on disk with little memory. Its intake is what
the loader counted while it read the file, so here it is measured beforehand and not timed.
"""

from __future__ import annotations

from dataclasses import replace

from avtal.bulk import measure, totals
from avtal.editions.jamtland_2026 import edition
from benchmarks.by_hand import SQL, totals_by_sql
from benchmarks.hired_events import CHARGE, EVENTS, ten_million
from benchmarks.table import Figure, in_turns, peak_megabytes, show, times

ROUNDS = 9
MOST, MEGABYTES = 1.3, 300


def figures() -> list[Figure]:
    """Time against time, and the memory of the process that did both."""
    book = edition()
    with ten_million() as (_, table):
        measured = replace(table, intake=measure(CHARGE, table, book))
        hand = SQL.format(table=table.name)
        best, found = in_turns(
            ROUNDS,
            {
                "ours": lambda: totals(CHARGE, measured, book),
                "hand": lambda: totals_by_sql(table.run(hand)),
            },
        )
    assert found["ours"] == found["hand"], "the rules and the SQL by hand give different totals"
    assert {total.status for total in found["ours"]} == {"charged", "free", "manual", "not_chargeable"}
    ratio, memory = best["ours"] / best["hand"], peak_megabytes()
    millions = f"{EVENTS // 10**6} M events"
    return [
        Figure(
            f"settle {millions}, DuckDB, against SQL by hand",
            f"{best['ours']:.2f} s",
            f"{best['hand']:.2f} s",
            times(ratio),
            f"<= {MOST}",
            ratio <= MOST,
        ),
        Figure(f"memory for {millions}", f"{memory} MB", "", "", f"< {MEGABYTES} MB", memory < MEGABYTES),
    ]


if __name__ == "__main__":
    show(figures())
