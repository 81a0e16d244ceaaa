"""A workbook's archive, looked through before anything opens it: sizes, names, and each part's XML by expat."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from samverka.core.errors import Refused
from samverka.core.sheets.bounds import Bounds

CHUNK = 64 * 1024
SMALL = 1024 * 1024  # a part that is no larger may be packed as tightly as it likes
XML = (".xml", ".rels", ".vml")
DAMAGED = "Arbetsboken är skadad och kan inte läsas. Öppna den i Excel och spara den på nytt."
LOCKED = "Arbetsboken är skyddad med lösenord. Spara den utan lösenord."
PACKED = "Arbetsboken blir för stor när den packas upp. Spara om den, eller dela den."
DOCTYPE = "Arbetsboken har en DOCTYPE och läses inte. Spara den på nytt i Excel."
NAMES = "Arbetsboken har delar med otillåtna namn och läses inte."
NESTED = "Arbetsboken har element i för många nivåer och läses inte."
ORDER = "Arbetsbokens rader eller celler står i fel ordning. Öppna den i Excel och spara den på nytt."
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
OUT_OF_MEMORY = 1  # expat's XML_ERROR_NO_MEMORY


def look_through(path: Path, bounds: Bounds) -> None:
    """Refuse an archive that is not what a workbook of this size can be.

    Raises:
        Refused: With what is wrong.
    """
    try:
        with ZipFile(path) as archive:
            _look_at_list(archive.infolist(), bounds)
            unpacked = 0
            for part in archive.infolist():
                unpacked += _look_at_part(archive, part, bounds)
                if unpacked > bounds.unpacked:
                    raise Refused(PACKED)
    except expat.ExpatError as error:
        if error.code == OUT_OF_MEMORY:
            raise MemoryError from None
        raise Refused(DAMAGED) from None
    except (BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(DAMAGED) from None


def _look_at_list(parts: list[ZipInfo], bounds: Bounds) -> None:
    names = [part.filename for part in parts]
    if len(parts) > bounds.parts:
        raise Refused(f"Arbetsboken har {len(parts)} delar; tillåtet är {bounds.parts}.")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(LOCKED)
    if len({name.lower() for name in names}) < len(names) or any(
        name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names
    ):
        raise Refused(NAMES)
    claimed = sum(part.file_size for part in parts)
    tight = any(part.file_size > SMALL and part.file_size > bounds.ratio * part.compress_size for part in parts)
    if claimed > bounds.unpacked or tight:
        raise Refused(PACKED)


def _look_at_part(archive: ZipFile, part: ZipInfo, bounds: Bounds) -> int:
    """How many bytes a part really unpacks to; its XML is read through, whatever its name claims."""
    size = 0
    reader: _Reader | None = None
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            if size == 0 and (part.filename.lower().endswith(XML) or _begins_as_xml(chunk)):
                reader = _Reader(bounds)
            size += len(chunk)
            if reader:
                reader.parser.Parse(chunk, False)
    if reader:
        reader.parser.Parse(b"", True)
    return size


def _begins_as_xml(chunk: bytes) -> bool:
    return chunk.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")


class _Reader:
    """Reads one part: no DOCTYPE, no deep nesting, and a sheet's rows and cells few and in order."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.depth = self.row = self.column = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _doctype(self, *_: object) -> None:
        raise Refused(DOCTYPE)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > self.bounds.depth:
            raise Refused(NESTED)
        tag = name.rpartition(" ")[2]
        if tag == "row" and self.depth == 3:
            self._row(attributes.get("r", str(self.row + 1)))
        elif tag == "c" and self.depth == 4:
            self._cell(attributes.get("r"))

    def _end(self, _: str) -> None:
        self.depth -= 1

    def _row(self, number: str) -> None:
        if not (number.isascii() and number.isdigit() and len(number) < 8):
            raise Refused(ORDER)
        if int(number) <= self.row:
            raise Refused(ORDER)
        self.row, self.column = int(number), 0
        if self.row > self.bounds.rows + 1:
            told = f"tillåtet är {self.bounds.told_rows} under rubriken. Ta bort raderna, även tomma, eller dela filen."
            raise Refused(f"Bladet har en rad {self.row}; {told}")

    def _cell(self, place: str | None) -> None:
        column = self.column + 1
        if place is not None:
            match = _CELL.fullmatch(place)
            if match is None or int(match[2]) != self.row:
                raise Refused(ORDER)
            column = 0
            for letter in match[1]:
                column = column * 26 + ord(letter) - ord("A") + 1
        if column <= self.column:
            raise Refused(ORDER)
        self.column = column
        if column > self.bounds.columns:
            raise Refused(f"Bladet har en cell {place or ''} i kolumn {column}; tillåtet är {self.bounds.columns}.")
