"""What floors above know of a piece of work and this one must ask before it unlocks it: whether it is settled."""

from __future__ import annotations

from collections.abc import Callable, Collection

from samverka.assignments.models import Work

IsSettled = Callable[[type[Work], Collection[int]], set[int]]


def nothing_is(_model: type[Work], _ids: Collection[int]) -> set[int]:
    """Until a settlement registers its own answer, nothing is settled."""
    return set()


_asked: list[IsSettled] = []


def register_settled(is_settled: IsSettled) -> None:
    """Ask this function too: of these primary keys, those that an invoice charges."""
    if is_settled not in _asked:
        _asked.append(is_settled)


def settled(model: type[Work], ids: Collection[int]) -> set[int]:
    """Those of the ids that are settled, by everyone who is asked."""
    return set[int]().union(*(is_settled(model, ids) for is_settled in _asked or [nothing_is]))
