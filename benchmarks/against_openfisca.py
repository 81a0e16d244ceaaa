"""The four criteria on ten million persons: our tree as SQL in DuckDB, against OpenFisca on numpy arrays.

Both have their data in memory beforehand, every fact known, all on one day, and count how many are true. The target
concerns the way from the data to the count: ours is one statement, OpenFisca's is to build the simulation, set the
arrays and calculate. Its bare calculation, which nobody gets without the rest, is shown beside it without a target:
numpy is as quick there. Ours is told what the data are like (``Bounds``), as OpenFisca is told the period. DuckDB uses
both cores, numpy one. ``make bench`` makes the peer's environment.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import perf_counter

import duckdb

from avtal.language.sql import Bounds, select
from benchmarks.four_criteria import PERSON, Limits, tree
from benchmarks.persons import DAY, LEAST, MADE, PERSONS
from benchmarks.table import Figure, show, times

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv" / "bench" / "bin" / "python"
ROUNDS = 5
FASTER = 8


def _fill(connection: duckdb.DuckDBPyConnection) -> None:
    listed = []
    for name, (multiplier, modulus, limit) in MADE.items():
        thrown = f"i * {multiplier} % 4294967296 // 65536 % {modulus}"
        listed.append(f"{thrown} < {limit} AS {name}" if limit is not None else f"{thrown} + {LEAST[name]} AS {name}")
    connection.execute(
        f"CREATE TABLE persons AS SELECT DATE '{DAY}' AS date, {', '.join(listed)} FROM range({PERSONS}) numbers(i)"
    )


@contextmanager
def openfisca() -> Iterator[subprocess.Popen[str]]:
    """The peer's process, with its data loaded."""
    command = [str(PYTHON), "-m", "benchmarks.openfisca_peer"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
        process.stdin.close()


def _ask(process: subprocess.Popen[str]) -> tuple[float, float, int]:
    assert process.stdin
    assert process.stdout
    print(file=process.stdin, flush=True)
    whole, bare, found = process.stdout.readline().split()
    return float(whole), float(bare), int(found)


def figures() -> list[Figure]:
    """Time against time, the shortest of each, in turns."""
    day = date.fromisoformat(DAY)
    decided = select({"met": tree()}, "persons", "duckdb", Limits(), Bounds(frozenset(PERSON), (day, day)))
    statement = f"SELECT COUNT(*) FILTER (met) FROM ({decided}) decided"
    ours, theirs, bare = [], [], []
    with duckdb.connect() as connection, openfisca() as peer:
        _fill(connection)
        for _ in range(ROUNDS):
            started = perf_counter()
            [(count,)] = connection.execute(statement).fetchall()
            ours.append(perf_counter() - started)
            seconds, calculation, found = _ask(peer)
            theirs.append(seconds)
            bare.append(calculation)
            assert count == found > 0, f"we find {count}, OpenFisca {found}"
    ratio = min(theirs) / min(ours)
    return [
        Figure(
            f"four criteria on {PERSONS // 10**6} M persons, against OpenFisca",
            f"{min(ours):.3f} s",
            f"{min(theirs):.3f} s",
            f"{times(ratio)} x faster",
            f">= {FASTER} x",
            ratio >= FASTER,
        ),
        Figure(
            "  the same, OpenFisca's bare calculation",
            f"{min(ours):.3f} s",
            f"{min(bare):.3f} s",
            f"{times(min(bare) / min(ours))} x faster",
            "",
            None,
        ),
    ]


if __name__ == "__main__":
    show(figures())
