"""Ten million generated persons, the same in DuckDB and in numpy: every fact from the person's number by whole numbers.

Imports nothing, since the peer reads it from an environment that has neither avtal nor DuckDB.
"""

from __future__ import annotations

PERSONS = 10_000_000
DAY = "2026-03-31"

#: Fact -> multiplier, modulus, and the limit below which a yes-or-no fact is true (None for a number, from ``least``).
MADE: dict[str, tuple[int, int, int | None]] = {
    "safe_at_home": (2_654_435_761, 10, 8),
    "self_care_possible": (2_246_822_519, 10, 3),
    "frequent": (3_266_489_917, 10, 6),
    "days": (668_265_263, 60, None),
    "cfs": (374_761_393, 9, None),
    "cognitive_impairment": (1_664_525, 10, 4),
    "can_reach_health_centre": (22_695_477, 10, 5),
}
LEAST = {"days": 0, "cfs": 1}
