"""Workbooks made by hand, part by part, as nobody's Excel would."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from samverka.assignments.kinds import BY_CHARGE
from samverka.core.sandbox import Limits, run_limited
from samverka.core.uploads import READER

KIND = BY_CHARGE["hired_staff"]
HEAD = ("event_id", "from", "to", "date", "start", "profession", "principal_level", "end")
GOOD = ("B-1", "BERG", "REGION", "2025-10-01", "16:30", "nurse", "primary", "18:15")
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
RELS = (
    f'<Relationships xmlns="{PACKAGE}">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
BOOK_RELS = (
    f'<Relationships xmlns="{PACKAGE}">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEETS = '<sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets>'
BOOK = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{_SHEETS}</workbook>'
STRINGS = f'<sst xmlns="{MAIN}"><si><t>delad</t></si></sst>'


def cell(place: str, text: str) -> str:
    """A cell with a text of its own."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *texts: str) -> str:
    """A row of texts."""
    return f'<row r="{number}">{"".join(cell(f"{chr(65 + at)}{number}", text) for at, text in enumerate(texts))}</row>'


def sheet(*rows: str, before: str = "") -> str:
    """A sheet's XML."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{"".join(rows)}</sheetData></worksheet>'


def workbook(sheet_xml: str | bytes, *, level: int = 6, **parts: str | bytes) -> bytes:
    """A workbook of one sheet; other parts by keyword: ``strings``, ``extra`` (a part that nothing points to)."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELS)
        archive.writestr("xl/workbook.xml", parts.get("book", BOOK))
        archive.writestr("xl/_rels/workbook.xml.rels", parts.get("book_rels", BOOK_RELS))
        archive.writestr("xl/sharedStrings.xml", parts.get("strings", STRINGS))
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml)
        for name, content in parts.items():
            if "/" in name:
                archive.writestr(name, content)
    return made.getvalue()


def lying(content: bytes, name: str, claimed: int) -> bytes:
    """The archive with another unpacked size written for a part, in its list and before the part itself."""
    found = bytearray(content)
    size = claimed.to_bytes(4, "little")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        start = archive.getinfo(name).header_offset
    found[start + 22 : start + 26] = size
    at = content.index(b"PK\x01\x02")
    while content[at + 46 : at + 46 + len(name)] != name.encode():
        at = content.index(b"PK\x01\x02", at + 4)
    found[at + 24 : at + 28] = size
    return bytes(found)


def locked(content: bytes) -> bytes:
    """The archive with the mark of encryption on every part."""
    found = bytearray(content)
    for sign, flag in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.find(sign)
        while at >= 0:
            found[at + flag] |= 1
            at = content.find(sign, at + 4)
    return bytes(found)


def read(content: bytes, name: str = "table.xlsx", limits: Limits | None = None, **bounds: int) -> Any:
    """A file read in the sandbox, under other limits or bounds than the usual."""
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        needed = ["event_id", *KIND.charge.required]
        more = {"bounds": {"rows": 20_000, "columns": 40, **bounds}} if bounds else {}
        return run_limited(READER, path, limits or Limits(), required=needed, optional=list(KIND.columns[7:]), **more)


def faults(content: bytes, name: str = "table.xlsx") -> list[tuple[int, str, str]]:
    """What is wrong with a file's rows."""
    return [tuple(fault) for fault in read(content, name)["faults"]]
