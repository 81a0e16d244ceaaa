"""How long it takes to begin: ``import avtal``, the edition and the command line, above a Python that does nothing.

Each is a process of its own, in turns, the shortest of each. All find their bytecode ready, as after a first start: it
is kept in a folder of its own, since a machine may be set not to write any. Importing loads no third-party module.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.table import Figure, in_turns, show, times

ROUNDS = 15
IMPORT, HELP = 50, 200
EDITION = "avtal.editions.jamtland_2026"
#: Third-party is what lies among the installed packages; avtal itself is installed as a link to its source.
LOADED = (
    "import sys; before = set(sys.modules); import {}; "
    "new = {{name: getattr(sys.modules[name], '__file__', None) or '' for name in set(sys.modules) - before}}; "
    "print(*sorted(name for name, file in new.items() if 'site-packages' in file))"
)


def _runs(bytecode: str, *arguments: str) -> Callable[[], object]:
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return lambda: subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, env=environment)


def foreign(module: str) -> str:
    """The third-party modules that importing a module of ours loads."""
    command = [sys.executable, "-c", LOADED.format(module)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def figures() -> list[Figure]:
    """Milliseconds above the floor for an import, in all for a command."""
    python = sys.executable
    with TemporaryDirectory() as folder:
        best, _ = in_turns(
            ROUNDS,
            {
                "floor": _runs(folder, python, "-c", "pass"),
                "avtal": _runs(folder, python, "-c", "import avtal"),
                EDITION: _runs(folder, python, "-c", f"import {EDITION}"),
                "help": _runs(folder, str(Path(python).with_name("samverka")), "--help"),
            },
        )
    took = {name: seconds * 1000 for name, seconds in best.items()}
    floor = f"{took['floor']:.0f} ms python -c pass"

    def importing(module: str) -> Figure:
        above = took[module] - took["floor"]
        return Figure(
            f"import {module}",
            f"{above:.0f} ms above",
            floor,
            times(took[module] / took["floor"]),
            f"< {IMPORT} ms above",
            above < IMPORT,
        )

    loaded = " ".join(filter(None, map(foreign, ("avtal", EDITION))))
    total = Figure(
        "samverka --help", f"{took['help']:.0f} ms", floor, times(took["help"] / took["floor"]), f"< {HELP} ms",
        took["help"] < HELP,
    )  # fmt: skip
    clean = Figure("third-party modules after both imports", loaded or "none", "", "", "none", not loaded)
    return [importing("avtal"), importing(EDITION), clean, total]


if __name__ == "__main__":
    show(figures())
