"""``samverka backup``, ``restore`` and ``digest`` from the command line, between the databases."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from samverka.backup.dump import digests
from samverka.backup.restore import restore
from samverka.backup.tables import total
from samverka.journal.models import Checkpoint, Seal
from tests.samverka.backup.test_backup import empty

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("jamtland")]
SAMVERKA = str(Path(sys.executable).with_name("samverka"))


def run(folder: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    """The console script on a SQLite database of its own in a folder."""
    env = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "samverka.settings", "SAMVERKA_DATA": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/samverka.sqlite3",
    }  # fmt: skip
    command = [sys.executable, "-m", "django", *argv, "--skip-checks"] if argv[0] == "migrate" else [SAMVERKA, *argv]
    return subprocess.run(command, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


def test_from_the_command_line_into_another_database_and_back(settled: None, file: Path, tmp_path: Path) -> None:
    """This database into a SQLite of its own and back: one digest all the way; faults in one line and exit code 2."""
    before = total(digests())
    other = tmp_path / "other"
    other.mkdir()
    unmigrated = run(other, "verify")
    assert (unmigrated.returncode, unmigrated.stdout) == (2, "")
    assert "databasen är inte migrerad" in unmigrated.stderr
    assert run(other, "migrate", "-v0").returncode == 0
    restored = run(other, "restore", str(file))
    assert (restored.returncode, restored.stderr) == (0, "")
    assert f"Kontrollsumma {before}, densamma som i säkerhetskopian." in restored.stdout
    assert run(other, "digest").stdout == f"{before}\n"
    again = run(other, "restore", str(file))
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr.startswith("Databasen är inte tom")
    checked = run(other, "verify")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith(f"Journalen: {Seal.objects.count()} poster i kedjan, 1 kontrollpunkt stämmer.")
    assert checked.stdout.endswith("Allt stämmer.\n")
    saved = run(other, "backup", str(tmp_path / "tillbaka.zip"))
    assert f"Kontrollsumma {before}" in saved.stdout
    assert run(other, "backup", str(file)).returncode == 2
    assert run(other, "restore", str(tmp_path / "none.zip")).returncode == 2
    empty()
    restore(tmp_path / "tillbaka.zip")
    assert total(digests()) == before
    assert Checkpoint.objects.count() == 1
