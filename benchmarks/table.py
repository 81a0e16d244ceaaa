"""Measuring, and the one table at the end."""

from __future__ import annotations

import gc
import json
import resource
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

HOLDS = {True: "yes", False: "NO", None: ""}
HEADINGS = ("figure", "ours", "peer or floor", "ratio", "target", "holds")


@dataclass(frozen=True)
class Figure:
    """One line of the table; every cell is ready to be read, ``holds`` is None where nothing is promised."""

    name: str
    ours: str
    peer: str
    ratio: str
    target: str
    holds: bool | None

    def cells(self) -> tuple[str, ...]:
        """The line's cells in the order of the headings."""
        return (self.name, self.ours, self.peer, self.ratio, self.target, HOLDS[self.holds])


def in_turns(rounds: int, runs: Mapping[str, Callable[[], Any]]) -> tuple[dict[str, float], dict[str, Any]]:
    """The shortest time of each run in seconds, in turns so that a busy moment strikes all alike, and its result."""
    best: dict[str, float] = {}
    results: dict[str, Any] = {}
    for _ in range(rounds):
        for name, run in runs.items():
            started = perf_counter()
            results[name] = run()
            taken = perf_counter() - started
            best[name] = min(best.get(name, taken), taken)
    return best, results


def each_in_turns(rounds: int, times: int, runs: Mapping[str, Callable[[], Any]]) -> dict[str, float]:
    """The shortest time of one call of each, in microseconds: ``times`` calls in a row, without the collector."""

    def repeated(run: Callable[[], Any]) -> Callable[[], None]:
        def many() -> None:
            for _ in numbers:
                run()

        return many

    numbers = range(times)
    gc.collect()
    gc.disable()
    try:
        best, _ = in_turns(rounds, {name: repeated(run) for name, run in runs.items()})
    finally:
        gc.enable()
    return {name: seconds / times * 1e6 for name, seconds in best.items()}


def peak_megabytes() -> int:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def show(figures: Sequence[Figure]) -> None:
    """The table; as JSON for whoever gathers several (``--json``)."""
    if "--json" in sys.argv:
        print(json.dumps([asdict(figure) for figure in figures]))
        return
    lines = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    lines.insert(1, tuple("-" * width for width in widths))
    for line in lines:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |")


def times(ratio: float) -> str:
    """A ratio in one style everywhere."""
    return f"{ratio:.1f}" if ratio >= 10 else f"{ratio:.2f}"
