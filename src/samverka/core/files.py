"""A list as a file: the same columns and rows as the page, row by row, so that memory does not grow with it."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.http import StreamingHttpResponse
from django.utils import timezone

from samverka.core.cells import harmless, written

if TYPE_CHECKING:
    from samverka.core.listing import Column

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
SHEET_ROWS = 1_048_576
CHUNK = 500  # rows that go out together
BLOCK = 65_536  # bytes of a workbook that go out together
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    "money": "#,##0.00",
    "count": "#,##0",
    "number": "#,##0.####",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
}


class _Line:
    """A file that only hands back what was last written to it."""

    def write(self, text: str) -> str:
        return text


def csv_response(name: str, columns: Iterable[Column], rows: Iterable[Any]) -> StreamingHttpResponse:
    """Semicolons, UTF-8 with a BOM, as Excel in Sweden opens it."""
    response = StreamingHttpResponse(_lines(list(columns), rows), content_type="text/csv; charset=utf-8")
    return _attached(response, f"{name}.csv")


def _lines(columns: list[Column], rows: Iterable[Any]) -> Iterator[str]:
    writer = csv.writer(_Line(), delimiter=";", lineterminator="\r\n")
    waiting = [BOM, writer.writerow([harmless(column.label) for column in columns])]
    for row in rows:
        waiting.append(writer.writerow([written(column.kind, column.value(row)) for column in columns]))
        if len(waiting) >= CHUNK:
            yield "".join(cast("list[str]", waiting))
            waiting = []
    yield "".join(cast("list[str]", waiting))


def xlsx_response(name: str, columns: Iterable[Column], rows: Iterable[Any]) -> StreamingHttpResponse:
    """A workbook, written to disk row by row; a sheet that is full goes on in another."""
    return _attached(StreamingHttpResponse(_blocks(list(columns), rows), content_type=XLSX), f"{name}.xlsx")


def _blocks(columns: list[Column], rows: Iterable[Any]) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        _workbook(file, columns, rows)
        file.seek(0)
        while block := file.read(BLOCK):
            yield block


def _workbook(file: BinaryIO, columns: list[Column], rows: Iterable[Any]) -> None:
    import xlsxwriter  # only who asks for a workbook waits for it

    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    head = book.add_format({"bold": True})
    formats = {kind: book.add_format({"num_format": text}) for kind, text in FORMATS.items()}
    sheet, at = None, SHEET_ROWS
    for row in _and_head(rows):
        if at >= SHEET_ROWS:
            sheet, at = book.add_worksheet(), 1
            sheet.freeze_panes(1, 0)
            for number, column in enumerate(columns):
                sheet.set_column(number, number, 40 if column.kind == "text" else 16)
                sheet.write_string(0, number, column.label, head)
        if row is not None:
            for number, column in enumerate(columns):
                _cell(sheet, at, number, column, column.value(row), formats.get(column.kind))
            at += 1
    book.close()


def _and_head(rows: Iterable[Any]) -> Iterator[Any]:
    """Nothing first, so that a list without rows gets its headings, then each row."""
    yield None
    yield from rows


def _cell(sheet: Any, row: int, number: int, column: Column, value: Any, form: Any) -> None:
    if value is None or value == "":
        return
    if column.kind == "money":
        sheet.write_number(row, number, Decimal(value).scaleb(-2), form)
    elif column.kind in {"count", "number"}:
        sheet.write_number(row, number, value, form)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, number, timezone.localtime(value).replace(tzinfo=None), form)
    elif isinstance(value, date):
        sheet.write_datetime(row, number, value, form)
    elif column.kind in {"text", "code", "tag"}:
        sheet.write_string(row, number, str(value)[:32_767])
    else:
        sheet.write_string(row, number, written(column.kind, value))


def _attached(response: StreamingHttpResponse, name: str) -> StreamingHttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
