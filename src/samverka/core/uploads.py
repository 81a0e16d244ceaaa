"""A file that somebody sends: no larger than allowed, even while it arrives, and read in the sandbox."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from samverka.core.errors import Refused
from samverka.core.sandbox import DEFAULT, Limits, run_limited

MOST = 8 * 1024 * 1024
SUFFIXES = (".csv", ".xlsx")
READER = "samverka.core.sheets.reading:read_table"
NO_FILE = "Välj en fil som är högst 8 MB."


class Quota(FileUploadHandler):
    """Stands first among the upload handlers: a file that grows past the limit is dropped as it arrives."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Count from nothing."""
        super().new_file(*args, **kwargs)
        self.size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002  # Django's own names
        """Hand the piece on, or drop the file."""
        self.size += len(raw_data)
        if self.size > MOST:
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002  # the next handler keeps the file
        """Nothing: the next handler makes the file."""
        return


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it was read: what it is called, its SHA-256, rows as line and cells, and what is wrong with it."""

    name: str
    digest: str
    rows: list[tuple[int, dict[str, str]]]
    faults: list[tuple[int, str, str]]
    count: int


def read_upload(
    file: UploadedFile[Any] | None, required: Sequence[str], optional: Sequence[str], limits: Limits = DEFAULT
) -> Table:
    """A CSV or XLSX file's rows.

    Raises:
        Refused: There is no file, or it is too large, of another sort, or cannot be read within the limits.
    """
    if file is None or (file.size or 0) > MOST:
        raise Refused(NO_FILE)
    name = "".join(char if char.isprintable() else "_" for char in str(file.name))[-120:]
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        ends = f"slutar på {suffix}" if suffix else "har ingen filändelse"
        raise Refused(f"Filen {ends}; tillåtet är {' och '.join(SUFFIXES)}.")
    found = hashlib.sha256()
    with TemporaryDirectory(prefix="samverka-upload-") as folder:
        path = Path(folder, f"table{suffix}")  # what the sender called it never becomes a path
        with path.open("wb") as stream:
            for chunk in file.chunks():
                found.update(chunk)
                stream.write(chunk)
        read = run_limited(READER, path, limits, required=list(required), optional=list(optional))
    rows = [(line, cells) for line, cells in read["rows"]]
    faults = [(line, column, message) for line, column, message in read["faults"]]
    return Table(name, found.hexdigest(), rows, faults, read["count"])
