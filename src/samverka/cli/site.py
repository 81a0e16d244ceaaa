"""``samverka serve`` and ``samverka demo``: the site and its worker as two child processes, stopped together."""

from __future__ import annotations

import argparse
import errno
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from samverka.cli.django_set_up import refusing, set_up
from samverka.cli.main import BAD_INPUT, GOOD
from samverka.reason import reason

#: The file that says that a demonstration's county is whole; without it the county is made anew.
READY = "ready"


def serve(options: argparse.Namespace) -> int:
    """Check the settings, migrate, then serve until stopped; what the checks warn of is told first."""
    os.environ["SAMVERKA_PROCESSES"] = str(options.processes + 1)  # the worker is one too
    set_up()
    _refuse_bad_settings()
    address = _address(options)
    _refuse_taken(address)
    return _serve(address, processes=options.processes)


def demo(options: argparse.Namespace) -> int:
    """A county with example work, in a folder of its own; made once, kept until the folder is removed."""
    host, port = address = _address(options)
    if not options.only_prepare:
        _refuse_taken(address)
    folder = Path(options.folder).resolve()
    os.environ.update(demo_environment(folder))
    print("Förbereder länet med exempeldata ..." if not (folder / READY).exists() else "Länet finns redan.", flush=True)
    set_up()
    from samverka.demo.county import accounts_table, make_county

    if not (folder / READY).exists():
        for ending in ("", "-wal", "-shm"):
            (folder / f"samverka.sqlite3{ending}").unlink(missing_ok=True)
        _migrate()
        make_county()
        (folder / READY).touch()
    print(accounts_table())
    if options.only_prepare:
        return GOOD
    name = "localhost" if host == "127.0.0.1" else host  # security keys know names, not addresses
    print(f"\nSamverka finns på http://{name}:{port}/  (avsluta med Ctrl-C)", flush=True)
    return _serve(address, processes=1)


def demo_environment(folder: Path) -> dict[str, str]:
    """The variables of a demonstration: keys made at random the first time and kept in its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = {}
    for name in ("SAMVERKA_SECRET_KEY", "SAMVERKA_SIGNING_KEY"):
        path = folder / name.lower()
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32), encoding="utf-8")
        keys[name] = path.read_text(encoding="utf-8")
    return {
        **keys,
        "SAMVERKA_DEMO": "ja",
        "SAMVERKA_DATA": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/samverka.sqlite3",
    }


def use_demonstration(folder: str, *, new: bool) -> None:
    """Work on a demonstration's folder instead of what the environment names; where it may be new, it is migrated."""
    path = Path(folder).resolve()
    there = (path / "samverka.sqlite3").exists()
    if not there and not new:
        print(f"{folder}: här finns ingen demonstration. Gör en med samverka demo --folder {folder}", file=sys.stderr)
        raise SystemExit(BAD_INPUT)
    os.environ.update(demo_environment(path))
    if not there:
        set_up()
        _migrate()


def restored(folder: str) -> None:
    """A demonstration's folder holds a whole county: ``samverka demo`` serves it as it is."""
    (Path(folder) / READY).touch()


def _address(options: argparse.Namespace) -> tuple[str, int]:
    host, _, port = str(options.bind).rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        print(f"--bind {options.bind}: adress och port, som 127.0.0.1:8000", file=sys.stderr)
        raise SystemExit(BAD_INPUT)
    return host, int(port)


def _refuse_taken(address: tuple[str, int]) -> None:
    """Nothing is made or started where another already answers."""
    try:
        socket.create_server(address).close()
    except OSError as fault:
        host, port = address
        told = "porten används redan" if fault.errno == errno.EADDRINUSE else reason(fault)
        print(f"{host}:{port}: {told}. Välj en annan, som --bind 127.0.0.1:{port % 65535 + 1}", file=sys.stderr)
        raise SystemExit(BAD_INPUT) from None


def _refuse_bad_settings() -> None:
    """Every finding of Django's checks and ours in one line; an error ends the command."""
    from django.core.checks import ERROR, run_checks

    found = run_checks(include_deployment_checks=True)
    for one in found:
        print(f"{one.id}: {one.msg} {one.hint or ''}".rstrip(), file=sys.stderr)
    if any(one.level >= ERROR for one in found):
        raise SystemExit(BAD_INPUT)


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection

    with refusing("databasen svarar inte"):
        connection.ensure_connection()
    with refusing("databasen kan inte migreras"):
        call_command("migrate", verbosity=0)


def _serve(address: tuple[str, int], *, processes: int) -> int:
    """Gunicorn and the worker: whichever ends first ends the other."""
    set_up()
    from django.core.management import call_command

    _migrate()
    call_command("collectstatic", interactive=False, verbosity=0)
    host, port = address
    python = sys.executable
    site = [python, "-m", "gunicorn", "samverka.wsgi", "--bind", f"{host}:{port}", "--workers", str(processes),
            "--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--log-level", "warning"]  # fmt: skip
    worker = [python, "-m", "django", "db_worker", "--no-reload", "--no-startup-delay"]
    return run_together([site, worker])


def run_together(commands: Sequence[Sequence[str]]) -> int:
    """Child processes until one ends or we are asked to stop; then the others are asked too. The first one's code."""
    children = [subprocess.Popen(one, start_new_session=True) for one in commands]  # noqa: S603  # our own commands
    stopped = False

    def stop(*_: object) -> None:
        nonlocal stopped
        stopped = True
        for child in children:
            if child.poll() is None:
                child.terminate()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    while True:
        for child in children:
            try:
                child.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
            code = child.returncode
            by_us = stopped
            stop()
            for other in children:
                other.wait()
            return GOOD if by_us else code or 1
