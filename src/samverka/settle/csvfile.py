"""Strict CSV from outside: UTF-8, one record a line, a known header; faults name file, line and column."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from samverka.reason import reason

LONGEST_LINE = 64 * 1024
LONGEST_QUOTE = 60
MOST_FAULTS = 1_000
UNREADABLE = "citattecken som inte avslutas, eller radbrytning i en cell; en post ska stå på en rad"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a file that is not what is allowed."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        place = [
            self.file,
            *([f"rad {self.line}"] if self.line else []),
            *([f"kolumn {_visible(self.column)}"] if self.column else []),
        ]
        return f"{', '.join(place)}: {self.message}"


def _visible(text: str) -> str:
    """A text from a file on one line of a message: cut, and with what cannot be seen spelled out."""
    cut = text[:LONGEST_QUOTE]
    return cut if cut.isprintable() else repr(cut)


def wrong(said: str, allowed: str) -> str:
    """The message about a cell that is not what is allowed."""
    return f"{said[:LONGEST_QUOTE]!r} är fel; tillåtet är {allowed}"


@dataclass
class Faults:
    """The faults found so far, counted past what anybody reads."""

    found: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, line: int, column: str, message: str) -> None:
        """Note a fault."""
        self.count += 1
        if len(self.found) < MOST_FAULTS:
            self.found.append(Fault(file, line, column, message))


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its line in the file and its cells by column; an empty cell is absent."""

    line: int
    cells: dict[str, str]


def read_rows(path: Path, required: Collection[str], optional: Collection[str], faults: Faults) -> Iterator[Row]:
    """The records of a file whose header has every required column and no unknown one.

    Comma or semicolon separates, whichever the header uses. A file with faults yields its good rows all the same.
    """
    before = faults.count
    lines = _lines(path, faults)
    first = next(lines, None)
    if first is None or not first[1].strip():
        if first or faults.count == before:
            faults.add(path.name, 1, "", f"rubrikraden saknas; den ska ha {', '.join(required)}")
        return
    delimiter = ";" if first[1].count(";") > first[1].count(",") else ","
    header = _cells(first[1], delimiter)
    if header is None:
        faults.add(path.name, 1, "", UNREADABLE)
        return
    if not _check_header(path.name, header, required, optional, faults):
        return
    for number, text in lines:
        if not text.strip():
            continue
        cells = _cells(text, delimiter)
        if cells is None:
            faults.add(path.name, number, "", UNREADABLE)
        elif len(cells) != len(header):
            faults.add(path.name, number, "", f"{len(cells)} kolumner; rubrikraden har {len(header)}")
        else:
            filled = {name: cell for name, cell in zip(header, cells, strict=True) if cell}
            empty = [name for name in required if name not in filled]
            for name in empty:
                faults.add(path.name, number, name, "ska vara ifylld")
            if not empty:
                yield Row(number, filled)


def _lines(path: Path, faults: Faults) -> Iterator[tuple[int, str]]:
    number = 0
    try:
        with path.open("rb") as stream:
            while raw := stream.readline(LONGEST_LINE + 1):
                number += 1
                if len(raw) > LONGEST_LINE:
                    faults.add(path.name, number, "", f"raden är längre än {LONGEST_LINE} tecken")
                    return
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                if "\0" in text:
                    faults.add(path.name, number, "", "innehåller noll-tecken; spara filen som CSV UTF-8")
                    return
                yield number, text
    except UnicodeDecodeError:
        faults.add(path.name, number, "", "inte UTF-8; spara filen som CSV UTF-8")
    except OSError as error:
        faults.add(path.name, 0, "", f"kan inte läsas: {reason(error)}")


def _cells(text: str, delimiter: str) -> list[str] | None:
    try:
        [cells] = csv.reader([text], delimiter=delimiter, strict=True)
    except csv.Error:
        return None
    return [cell.strip() for cell in cells]


def _check_header(
    file: str, header: list[str], required: Collection[str], optional: Collection[str], faults: Faults
) -> bool:
    allowed = [*required, *optional]
    before = faults.count
    for name in dict.fromkeys(header):
        if name not in allowed:
            faults.add(file, 1, name or "utan namn", f"okänd kolumn; tillåtna är {', '.join(allowed)}")
        elif header.count(name) > 1:
            faults.add(file, 1, name, "kolumnen står flera gånger")
    for name in required:
        if name not in header:
            faults.add(file, 1, name, "kolumnen saknas")
    return faults.count == before
