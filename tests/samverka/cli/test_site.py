"""``samverka serve`` and ``demo``: settings are checked first, children stop together, keys are kept."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from samverka.cli.site import demo_environment, run_together

SAMVERKA = str(Path(sys.executable).with_name("samverka"))
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def serve(folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``samverka serve`` in an empty folder with these variables alone."""
    kept = {name: os.environ[name] for name in ("PATH",)}
    return subprocess.run(
        [SAMVERKA, "serve"], cwd=folder, env={**kept, **env}, capture_output=True, text=True, check=False
    )


def test_serve_needs_a_secret_key(tmp_path: Path) -> None:
    """One line that names the variable, and exit code 2."""
    ran = serve(tmp_path)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "SAMVERKA_SECRET_KEY saknas: sätt miljövariabeln\n"


def test_serve_ends_on_what_the_checks_find(tmp_path: Path) -> None:
    """A short key and no signing key are errors; SQLite for money is told too; nothing is served."""
    ran = serve(tmp_path, SAMVERKA_SECRET_KEY="kort")
    found = {line.partition(":")[0] for line in ran.stderr.splitlines()}
    assert ran.returncode == 2
    assert {"samverka.E001", "samverka.E003", "samverka.W002"} <= found


@pytest.mark.parametrize("code", [0, 3])
def test_the_others_stop_when_one_ends(code: int) -> None:
    """A child that ends takes the other with it, and its code is told; an unasked end is never a good one."""
    began = time.monotonic()
    assert run_together([[sys.executable, "-c", f"raise SystemExit({code})"], SLEEP]) == (code or 1)
    assert time.monotonic() - began < 30


def test_the_demonstration_keeps_its_keys(tmp_path: Path) -> None:
    """Made at random the first time, read only by their owner, the same afterwards, others elsewhere."""
    first = demo_environment(tmp_path / "a")
    assert first == demo_environment(tmp_path / "a")
    assert first["SAMVERKA_SECRET_KEY"] != demo_environment(tmp_path / "b")["SAMVERKA_SECRET_KEY"]
    assert (tmp_path / "a" / "samverka_signing_key").stat().st_mode & 0o077 == 0


def test_a_bad_address_is_told() -> None:
    """What was said and what is allowed, before anything is made."""
    ran = subprocess.run(
        [SAMVERKA, "demo", "--only-prepare", "--folder", "build/none", "--bind", "8000"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert ran.stderr == "--bind 8000: adress och port, som 127.0.0.1:8000\n"
