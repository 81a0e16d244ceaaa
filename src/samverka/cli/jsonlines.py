"""JSON lines from outside: one object a line, exact numbers, no double keys; every fault names its line."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from samverka.core.exact_json import NotJson, read_json

LONGEST_LINE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that is not what is allowed."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Good:
    """A line's object."""

    line: int
    case: dict[str, Any]


def read_cases(stream: BinaryIO) -> Iterator[Good | Bad]:
    """Every line that is not blank, in order."""
    number = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE:
            yield Bad(number, f"raden är längre än {LONGEST_LINE} tecken; läsningen slutar här")
            return
        if raw.strip():
            yield _read(number, raw)


def open_cases(file: str, stdin: TextIO | None) -> BinaryIO:
    """A file of cases, or standard input for ``-``.

    Raises:
        OSError: The file cannot be read, or standard input is closed.
    """
    if file != "-":
        return Path(file).open("rb")
    if stdin is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return stdin.buffer


def _read(number: int, raw: bytes) -> Good | Bad:
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip()
        case = read_json(text, unread=str, constant=str)  # as text: the fact that gets one refuses it by name
    except UnicodeDecodeError:
        return Bad(number, "inte UTF-8")
    except NotJson as error:
        said = str(error)
        return Bad(number, f"{said}; ett objekt per rad" if said.startswith(("inte JSON", "för djupt")) else said)
    return Good(number, case) if isinstance(case, dict) else Bad(number, "inte ett JSON-objekt")
