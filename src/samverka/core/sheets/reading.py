"""The sandbox's side: a CSV or XLSX file as rows of texts and faults."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from samverka.core.errors import Refused
from samverka.core.sheets.bounds import DEFAULT, Bounds
from samverka.core.sheets.workbook import rows_of
from samverka.settle.csvfile import MOST_FAULTS, Faults, read_rows

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
TEXT = ".csv"
OLD = "Filen är skyddad med lösenord, eller i ett gammalt Excelformat. Spara den som .xlsx utan lösenord."
NO_WORKBOOK = "Filen heter .xlsx men är ingen Excelarbetsbok. Spara den som .xlsx eller .csv."
NO_TEXT = "Filen heter .csv men är ingen textfil. Spara den som CSV UTF-8, eller ladda upp .xlsx."


class TooMany(Exception):
    """More faults than anybody reads: the rest of the file is not looked at."""


class Few(Faults):
    """Faults up to the most that are kept."""

    def add(self, file: str, line: int, column: str, message: str) -> None:
        """Note a fault, or stop."""
        super().add(file, line, column, message)
        if self.count >= MOST_FAULTS:
            raise TooMany


def read_table(
    path: Path, required: Sequence[str], optional: Sequence[str], bounds: dict[str, int] | None = None
) -> dict[str, Any]:
    """Rows with their lines and cells, faults with line, column and message, and how many faults there are.

    Raises:
        Refused: The file cannot be read, or holds more than a file may.
    """
    limits = Bounds(**bounds) if bounds else DEFAULT
    faults = Few()
    rows: list[list[Any]] = []
    try:
        for row in read_rows(_as_text(path, limits, faults), required, optional, faults):
            if len(rows) == limits.rows:
                raise Refused(f"Filen har fler än {limits.told_rows} rader. Dela den och läs in delarna var för sig.")
            rows.append([row.line, row.cells])
    except TooMany:
        rows = []  # nobody reads more faults than these, and a file with faults adds nothing
    found = [[fault.line, fault.column, fault.message] for fault in faults.found]
    return {"rows": rows, "faults": found, "count": faults.count}


def _as_text(path: Path, bounds: Bounds, faults: Faults) -> Path:
    """The file itself where it is CSV; a workbook's sheet written as CSV, line by line, where it is not."""
    with path.open("rb") as stream:
        start = stream.read(len(ZIP))
    if start == OLE:
        raise Refused(OLD)
    if path.suffix == TEXT:
        if start == ZIP or start.startswith(b"MZ"):
            raise Refused(NO_TEXT)
        return path
    if start != ZIP:
        raise Refused(NO_WORKBOOK)
    made = path.with_name("sheet.csv")
    with made.open("w", encoding="utf-8", newline="") as stream_out:
        writer = csv.writer(stream_out, delimiter=";", lineterminator="\n")
        for cells in rows_of(path, bounds, faults):
            writer.writerow(cells) if cells else stream_out.write("\n")
    return made
