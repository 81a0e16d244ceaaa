"""What waits for somebody: each app tells its own, and the front page gathers them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """Things of one sort that wait for the actor.

    Attributes:
        text: What they are, as in ``2 värden väntar på ditt beslut``.
        count: How many.
        address: Where they are.
    """

    text: str
    count: int
    address: str
