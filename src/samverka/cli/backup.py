"""``samverka backup``, ``restore`` and ``digest``: the whole database as a file and back, and what it weighs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from samverka.cli.django_set_up import refuse_unmigrated, set_up
from samverka.cli.main import BAD_INPUT, GOOD
from samverka.cli.site import restored
from samverka.reason import reason


def register(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands and their options."""
    save = add("backup", help="spara hela databasen i en fil, medan webbplatsen är igång")
    save.add_argument("file", metavar="FIL", help="ny fil; den får inte finnas")
    load = add("restore", help="läs tillbaka en säkerhetskopia till en tom databas")
    load.add_argument("file", metavar="FIL")
    weigh = add("digest", help="visa databasens kontrollsumma: samma innehåll, samma summa")
    weigh.add_argument("--tables", action="store_true", help="visa varje tabells också")


def backup(options: argparse.Namespace) -> int:
    """Write the file and say what is in it."""
    set_up()
    refuse_unmigrated()
    from samverka.backup import dump
    from samverka.core import clock

    manifest = _tried(options.file, lambda file: dump.backup(file, at=clock.now()), "skrivas")
    if manifest is None:
        return BAD_INPUT
    print(f"{options.file}: {_rows(manifest)} rader i {len(manifest['tables'])} tabeller.")
    print(f"Kontrollsumma {manifest['sha256']}")
    return GOOD


def restore(options: argparse.Namespace) -> int:
    """Fill the empty database, or say why not."""
    set_up()
    refuse_unmigrated()
    from samverka.backup.restore import restore as fill

    manifest = _tried(options.file, fill, "läsas")
    if manifest is None:
        return BAD_INPUT
    if options.folder:
        restored(options.folder)
    print(f"Återställt: {_rows(manifest)} rader i {len(manifest['tables'])} tabeller, som de var {manifest['made']}.")
    print(f"Kontrollsumma {manifest['sha256']}, densamma som i säkerhetskopian.")
    return GOOD


def digest(options: argparse.Namespace) -> int:
    """Print the digest."""
    set_up()
    refuse_unmigrated()
    from samverka.backup.dump import digests
    from samverka.backup.tables import total

    each = digests()
    if options.tables:
        for name, one in each.items():
            print(f"{one}  {name}")
    print(total(each))
    return GOOD


def _tried(file: str, act: Callable[[Path], dict[str, Any]], what: str) -> dict[str, Any] | None:
    """What is done with the file gives its manifest; where it cannot be done, that is said and there is none."""
    from samverka.backup.restore import BadBackup

    try:
        return act(Path(file))
    except BadBackup as fault:
        told = str(fault)
    except FileExistsError:
        told = f"{file}: filen finns redan. Välj ett nytt namn."
    except OSError as fault:
        told = f"{file}: kan inte {what}: {reason(fault)}"
    print(told, file=sys.stderr)
    return None


def _rows(manifest: dict[str, Any]) -> int:
    return sum(one["rows"] for one in manifest["tables"].values())
