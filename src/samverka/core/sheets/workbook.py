"""A workbook's only sheet, row by row, as the texts that a CSV file would have held; openpyxl reads, in the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from samverka.core.errors import Refused
from samverka.core.sheets.archive import DAMAGED, look_through
from samverka.core.sheets.bounds import Bounds
from samverka.settle.csvfile import Faults

FORMULA = "cell {}: en formel; klistra in den som värde"
ERROR = "cell {}: ett felvärde ({})"
LINES = "cell {}: en radbrytning; skriv på en rad"


def rows_of(path: Path, bounds: Bounds, faults: Faults) -> Iterator[list[str]]:
    """Each row's texts, as wide as the heading or wider; an empty list for an empty row.

    Raises:
        Refused: It is no workbook, or larger than it may be, or has several sheets.
    """
    look_through(path, bounds)
    width = 0
    for number, row in enumerate(_cells(path), 1):
        texts = [_text(cell, number, faults) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        width = width or len(texts)
        yield [*texts, *[""] * (width - len(texts))] if texts else []


def _cells(path: Path) -> Iterator[tuple[Any, ...]]:
    """The rows by openpyxl; whatever it cannot read is one refusal."""
    try:
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        sheet = _only_sheet(book)
        sheet.reset_dimensions()  # what a sheet says of its own size is not to be trusted
        yield from sheet.iter_rows()
    except (MemoryError, Refused):
        raise
    except Exception:  # noqa: BLE001  # a library at work on hostile input: any fault of its means the same
        raise Refused(DAMAGED) from None


def _only_sheet(book: Any) -> Any:
    if len(book.sheetnames) != 1:
        told = f"Arbetsboken har {len(book.sheetnames)} blad: {', '.join(book.sheetnames)[:100]}."
        raise Refused(f"{told} Tillåtet är ett blad, så att inget blir oläst.")
    if not book.worksheets:  # a chart is a sheet too
        raise Refused(DAMAGED)
    return book.worksheets[0]


def _text(cell: Any, row: int, faults: Faults) -> str:
    """A cell as text: days and times as they are stated, numbers as Excel shows them, yes and no in Swedish."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        faults.add("", row, "", FORMULA.format(cell.coordinate))
        return "?"
    if cell.data_type == "e":
        faults.add("", row, "", ERROR.format(cell.coordinate, value))
        return "?"
    text = _plain(value)
    if "\n" in text or "\r" in text:
        faults.add("", row, "", LINES.format(cell.coordinate))
        return "?"
    return text.strip()


def _plain(value: object) -> str:
    match value:
        case bool():
            return "ja" if value else "nej"
        case float():  # a workbook keeps every number as one; Excel shows fifteen digits of it
            return f"{Decimal(format(value, '.15g')):f}"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case time() if value.second == 0 and value.microsecond == 0:
            return f"{value:%H:%M}"
    return str(value)
