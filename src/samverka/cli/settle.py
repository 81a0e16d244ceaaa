"""``samverka settle``: a folder of CSV files priced for a period; a table here, files in the out folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import duckdb

from avtal.book.missing import MissingValue
from avtal.bulk import Unpriced
from avtal.calendar import Period
from samverka.cli.edition import asked_edition
from samverka.cli.main import BAD_INPUT, GOOD, MISSING
from samverka.reason import reason
from samverka.settle.folder import BadFolder, settle_folder
from samverka.settle.report import report
from samverka.settle.write import write_settlement


def settle(options: argparse.Namespace) -> int:
    """Settle, write and report; nothing is written unless everything could be."""
    out = Path(options.out)
    try:
        period = Period.parse(options.period)
    except ValueError as error:
        return _refuse(f"--period {options.period}: {error}")
    try:
        edition = asked_edition(options)
        settled = settle_folder(Path(options.folder), period, edition, _progress)
        written = write_settlement(settled, out)
    except BadFolder as bad:
        for fault in bad.faults:
            print(fault, file=sys.stderr)
        more = bad.count - len(bad.faults)
        tail = f" (varav {more} inte visas)" if more else ""
        return _refuse(f"{bad.count} fel{tail}; inget är skrivet.")
    except MissingValue as missing:
        print(f"{missing}\nInget är skrivet.", file=sys.stderr)
        return MISSING
    except Unpriced as error:
        print(f"{error}\nInget är skrivet.", file=sys.stderr)
        return MISSING
    except OSError as error:
        return _refuse(f"{error.filename or out}: kan inte skrivas: {reason(error)}\nInget är skrivet.")
    except duckdb.Error as error:
        return _refuse(f"databasen kunde inte räkna klart: {str(error).splitlines()[0]}\nInget är skrivet.")
    except ValueError as error:
        return _refuse(f"{error}\nInget är skrivet.")
    print(report(settled))
    print("\nSkrivet: " + ", ".join(map(str, written)))
    return GOOD


def _progress(file: str, rows: int) -> None:
    if rows:
        print(f"{file}: {rows:,} rader lästa".replace(",", " "), file=sys.stderr)


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return BAD_INPUT
