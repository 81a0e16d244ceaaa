"""Every figure, each in a process of its own, and one table: ``make bench``."""

from __future__ import annotations

import json
import subprocess
import sys
from shutil import rmtree
from time import perf_counter

from benchmarks.table import Figure, show

SCRIPTS = (
    "against_sql",
    "against_loop",
    "engines",
    "one_case",
    "decisions",
    "against_openfisca",
    "start",
    "settlement",
    "journal",
    "page",
    "api",
)


def main() -> int:
    """Run the scripts, print the table; 1 if one of them broke. A missed target is shown, it breaks nothing."""
    figures: list[Figure] = []
    broken = []
    for script in SCRIPTS:
        started = perf_counter()
        command = [sys.executable, "-m", f"benchmarks.{script}", "--json"]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        print(f"{script}: {perf_counter() - started:.0f} s", file=sys.stderr)
        if done.returncode:
            broken.append(script)
        else:
            figures += [Figure(**found) for found in json.loads(done.stdout)]
    rmtree("build/benchmarks", ignore_errors=True)
    show(figures)
    if broken:
        print(f"broken: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
