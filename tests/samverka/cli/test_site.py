"""``samverka serve`` and ``demo``: settings are checked first, children stop together, keys are kept."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from samverka.cli.site import demo_environment, run_together

SAMVERKA = str(Path(sys.executable).with_name("samverka"))
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def serve(folder: Path, *argv: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``samverka serve`` in an empty folder with these variables alone."""
    kept = {name: os.environ[name] for name in ("PATH",)}
    return subprocess.run(
        [SAMVERKA, "serve", *argv], cwd=folder, env={**kept, **env}, capture_output=True, text=True, check=False
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


def test_a_database_that_does_not_answer_is_told_in_one_line(tmp_path: Path) -> None:
    """Nothing is started that would fail at every request."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ran = serve(
        tmp_path, "--bind", f"127.0.0.1:{port}",
        SAMVERKA_SECRET_KEY="0123456789" * 6, SAMVERKA_SIGNING_KEY="0f" * 32, SAMVERKA_MAIL_HOST="mail.exempel.se",
        DATABASE_URL="postgres://samverka:x@127.0.0.1:1/samverka",
    )  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert ran.stderr.startswith('databasen svarar inte: connection failed: connection to server at "127.0.0.1"')


def test_letters_are_for_whoever_runs_the_site_alone(tmp_path: Path) -> None:
    """Without a mail server they are files, and each opens an account; the database is beside them."""
    serve(tmp_path, SAMVERKA_SECRET_KEY="kort", SAMVERKA_DATA=str(tmp_path / "data"))
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("data", "data/mail")] == [0o700, 0o700]


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


def run(*argv: str, **env: str) -> subprocess.CompletedProcess[str]:
    """The console script, with nothing of ours in its environment."""
    kept = {name: os.environ[name] for name in ("PATH",)}
    return subprocess.run([SAMVERKA, *argv], env={**kept, **env}, capture_output=True, text=True, check=False)


def test_a_port_that_another_uses_is_told_before_anything_is_made(tmp_path: Path) -> None:
    """One line with another address to try, and no folder."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = run("demo", "--folder", str(tmp_path / "site"), "--bind", f"127.0.0.1:{port}")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == f"127.0.0.1:{port}: porten används redan. Välj en annan, som --bind 127.0.0.1:{port + 1}\n"
    assert not (tmp_path / "site").exists()


def test_the_number_of_processes_has_bounds() -> None:
    """What is allowed, not a list of 64 numbers."""
    ran = run("serve", "--processes", "0")
    assert ran.returncode == 2
    assert "tillåtet är ett heltal från 1 till 64, inte 0" in ran.stderr


def test_another_database_than_ours_is_refused() -> None:
    """By name of what is allowed, before its library is looked for."""
    ran = run("verify", SAMVERKA_SECRET_KEY="x" * 60, DATABASE_URL="mysql://x")
    assert ran.returncode == 2
    assert ran.stderr == "DATABASE_URL: tillåtet är postgres:// och sqlite:///, inte mysql\n"


def test_the_operations_work_on_a_demonstration_by_its_folder(tmp_path: Path) -> None:
    """A county with half a year settled: verified, saved, read in elsewhere, the same by its digest, served there."""
    site, copy, saved = str(tmp_path / "site"), str(tmp_path / "copy"), str(tmp_path / "kopia.zip")
    none = run("verify", "--folder", site)
    assert (none.returncode, none.stdout) == (2, "")
    assert none.stderr == f"{site}: här finns ingen demonstration. Gör en med samverka demo --folder {site}\n"
    assert run("demo", "--folder", site, "--only-prepare").returncode == 0
    for command in (["seal"], ["checkpoint", "--out", str(tmp_path / "punkt.json")], ["backup", saved]):
        ran = run(*command, "--folder", site)
        assert (ran.returncode, ran.stderr) == (0, "")
    again = run("checkpoint", "--out", str(tmp_path / "punkt.json"), "--folder", site)
    assert (again.returncode, again.stderr.endswith("filen finns redan. Välj ett nytt namn.\n")) == (2, True)
    Path(copy).mkdir()
    for key in Path(site).glob("samverka_*_key"):  # a backup holds no keys
        shutil.copy(key, copy)
    restored = run("restore", saved, "--folder", copy)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert run("digest", "--folder", copy).stdout == run("digest", "--folder", site).stdout
    checked = run("verify", "--folder", copy)
    assert (checked.returncode, checked.stdout.endswith("Allt stämmer.\n")) == (0, True)
    assert "Länet finns redan." in run("demo", "--folder", copy, "--only-prepare").stdout
    assert "Databasen är inte tom" in run("restore", saved, "--folder", copy).stderr


def test_a_restore_that_fails_leaves_no_county(tmp_path: Path) -> None:
    """The demonstration is made anew there, not served empty; a whole copy can still be read in."""
    (tmp_path / "bad.zip").write_bytes(b"no backup")
    ran = run("restore", str(tmp_path / "bad.zip"), "--folder", str(tmp_path / "site"))
    assert (ran.returncode, ran.stderr) == (
        2, f"{tmp_path}/bad.zip: filen är skadad eller avkapad. Inget är återställt.\n",
    )  # fmt: skip
    assert (tmp_path / "site" / "samverka.sqlite3").exists()
    assert not (tmp_path / "site" / "ready").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """Which one, and why."""
    (tmp_path / "file").touch()
    ran = run("demo", "--only-prepare", "--folder", str(tmp_path / "file"), "--bind", "127.0.0.1:8399")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == f"{tmp_path}/file: kan inte skriva: finns redan och är inte en mapp\n"
