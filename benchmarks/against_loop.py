"""The same events through ``avtal.bulk.totals``, against a plain Python loop over tuples with nothing but the sums.

The loop takes 500 000 of the ten million and its time is scaled to all; it has no rules, reasons or unknown facts to
carry, and the totals of its events are the same as ours. The target concerns the same task on both sides: from events
in the table on disk to totals. The loop over tuples that are in memory already is shown beside it, without a target.
"""

from __future__ import annotations

from dataclasses import replace

from avtal.bulk import measure, totals
from avtal.editions.jamtland_2026 import edition
from benchmarks.by_hand import COLUMNS, totals_by_loop
from benchmarks.hired_events import CHARGE, EVENTS, ten_million
from benchmarks.table import Figure, in_turns, show, times

SAMPLE = 500_000
ROUNDS = 5
LEAST = 25


def figures() -> list[Figure]:
    """Time for each event against time for each event."""
    book = edition()
    with ten_million() as (connection, table):
        first = f"FROM events WHERE line < {SAMPLE + 2}"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE sample AS SELECT * {first}")
        listed = ", ".join(f'"{name}"' for name in COLUMNS)
        events = connection.execute(f"SELECT {listed} FROM sample").fetchall()
        sample = replace(table, name="sample")
        whole = replace(table, intake=measure(CHARGE, table, book))
        read = f"SELECT {listed} FROM sample"
        best, found = in_turns(
            ROUNDS,
            {
                "ours": lambda: totals(CHARGE, whole, book),
                "loop": lambda: totals_by_loop(events),
                "read": lambda: totals_by_loop(connection.execute(read).fetchall()),
            },
        )
        assert found["loop"] == found["read"] == totals(CHARGE, sample, book), "the loop's totals are not the rules'"

    def figure(name: str, loop: str, least: int | None) -> Figure:
        scaled = best[loop] * EVENTS / SAMPLE
        ratio = scaled / best["ours"]
        target, holds = ("", None) if least is None else (f">= {least} x", ratio >= least)
        peer = f"{scaled:.1f} s, scaled from {SAMPLE // 1000} k"
        return Figure(name, f"{best['ours']:.2f} s", peer, f"{times(ratio)} x faster", target, holds)

    return [
        figure(f"settle {EVENTS // 10**6} M events, against a Python loop", "read", LEAST),
        figure("  the same where the loop has its events in memory", "loop", None),
    ]


if __name__ == "__main__":
    show(figures())
