"""``samverka verify``, ``seal`` and ``checkpoint``: whether the journal and the invoices are what they were."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from samverka.cli.django_set_up import refuse_unmigrated, set_up
from samverka.cli.main import BAD_INPUT, GOOD, MISSING
from samverka.reason import reason


def register(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands and their options."""
    add("verify", help="granska journalens kedja och räkna om utställda fakturor")
    add("seal", help="ge journalens nya poster deras plats i kedjan")
    sign = add("checkpoint", help="underteckna journalen som den är nu")
    sign.add_argument("--out", metavar="FIL", help="spara kontrollpunkten i en fil också")


def verify(_: argparse.Namespace) -> int:
    """Print what was found: exit code 0 where all agrees, 3 where something does not."""
    set_up()
    refuse_unmigrated()
    from samverka.journal.checkpoints import waits
    from samverka.journal.verify import verify as journal

    report = journal()
    print(f"Journalen: {report.sealed} poster i kedjan, {_counted(report.checkpoints)} stämmer.")
    if report.now:
        print(f"{report.now} av posterna fick sin plats nu.")
    if report.waiting:
        print(waits(report.waiting))
    faults = [*report.faults]
    if find_spec("samverka.settlement.verify"):
        from samverka.settlement.models import Invoice
        from samverka.settlement.verify import invoices

        wrong = list(invoices())
        print(f"Fakturor: {Invoice.objects.count()} utställda, omräknade.")
        faults += wrong
    for fault in faults:
        print(f"FEL: {fault}")
    print("Allt stämmer." if not faults else f"{len(faults)} fel.")
    return MISSING if faults else GOOD


def _counted(checkpoints: int) -> str:
    return "1 kontrollpunkt" if checkpoints == 1 else f"{checkpoints} kontrollpunkter"


def seal(_: argparse.Namespace) -> int:
    """Seal what can be."""
    set_up()
    refuse_unmigrated()
    from samverka.journal.chain import seal as seal_entries
    from samverka.journal.chain import waiting
    from samverka.journal.checkpoints import waits

    print(f"{seal_entries(in_turn=True)} poster fick sin plats i kedjan.")
    if held := waiting():
        print(waits(held))
    return GOOD


def checkpoint(options: argparse.Namespace) -> int:
    """Sign the chain's end; print the checkpoint, or save it in a new file."""
    set_up()
    refuse_unmigrated()
    from samverka.core import clock
    from samverka.core.errors import Refused
    from samverka.journal.chain import waiting
    from samverka.journal.checkpoints import file_of, sign, waits

    if options.out and Path(options.out).exists():
        print(f"{options.out}: filen finns redan. Välj ett nytt namn.", file=sys.stderr)
        return BAD_INPUT
    try:
        text = file_of(sign(None, at=clock.now()))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return BAD_INPUT
    if not options.out:
        print(text, end="")
    elif fault := _written(Path(options.out), text):
        print(f"{options.out}: kan inte skrivas: {fault}. Kontrollpunkten finns på webbplatsen.", file=sys.stderr)
        return BAD_INPUT
    if held := waiting():
        print(waits(held), file=sys.stderr)
    return GOOD


def _written(file: Path, text: str) -> str:
    """Why it could not be written; nothing where it was."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as fault:
        return reason(fault)
    return ""
