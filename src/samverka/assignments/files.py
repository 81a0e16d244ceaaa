"""Files of work that can be read in again: the columns of a folder to settle, with work or a row to go by."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator

from django.http import FileResponse, HttpResponse, HttpResponseBase

from samverka.assignments.kinds import WorkKind, stated_of
from samverka.assignments.models import Work
from samverka.core.files import BOM, XLSX
from samverka.settle.events import YES_NO

FORMS = ("csv", "xlsx")
ANSWER = {value: text for text, value in YES_NO.items() if text in ("ja", "nej")}


def rows_of(kind: WorkKind, works: Iterable[Work]) -> Iterator[list[str]]:
    """The heading and a row for each piece of work; what is not stated is empty."""
    yield list(kind.columns)
    for work in works:
        said = {**stated_of(work), "event_id": work.event_id, "source": work.source, "example": work.example}
        yield [_cell(said.get(name)) for name in kind.columns]


def _cell(value: object) -> str:
    return ANSWER[value] if isinstance(value, bool) else str(value or "")


def answer(kind: WorkKind, form: str, rows: Iterable[list[str]]) -> HttpResponseBase:
    """The rows as an answer: CSV with semicolons and a BOM, or a workbook with one sheet of texts."""
    if form == "csv":
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
        response: HttpResponseBase = HttpResponse(BOM + text.getvalue(), content_type="text/csv; charset=utf-8")
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115  # the answer closes it when it is sent
        _workbook(file, rows)
        file.seek(0)
        response = FileResponse(file, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{kind.file}.{form}"'
    response["Cache-Control"] = "no-store"
    return response


def _workbook(file: object, rows: Iterable[list[str]]) -> None:
    import xlsxwriter  # only who asks for a workbook waits for it

    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet, head, text = book.add_worksheet(), book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    sheet.set_column(0, 30, 18, text)  # as text, so that a spreadsheet leaves days and numbers as they are written
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value:
                sheet.write_string(number, column, value, text if number else head)
    book.close()
