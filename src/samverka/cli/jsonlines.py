"""JSON lines from outside: one object a line, exact numbers, no double keys; every fault names its line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

LONGEST_LINE = 1024 * 1024
LONGEST_KEY = 200
LONGEST_NUMBER = 40


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


def open_cases(file: str, stdin: BinaryIO) -> BinaryIO:
    """A file of cases, or standard input for ``-``.

    Raises:
        OSError: The file cannot be read.
    """
    return stdin if file == "-" else Path(file).open("rb")


def _read(number: int, raw: bytes) -> Good | Bad:
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip()
        case = json.loads(
            text,
            parse_int=lambda said: int(said) if len(said) <= LONGEST_NUMBER else said,
            parse_float=_exact,
            parse_constant=str,  # NaN and Infinity as text: the fact that gets one refuses it by name
            object_pairs_hook=_once,
        )
        if "\\ud" in text.lower():
            json.dumps(case, ensure_ascii=False, default=str).encode()
    except UnicodeDecodeError:
        return Bad(number, "inte UTF-8")
    except UnicodeEncodeError:
        return Bad(number, "ett halvt tecken, som \\ud800 utan sin andra hälft")
    except json.JSONDecodeError as error:
        return Bad(number, f"inte JSON (tecken {error.pos + 1}); ett objekt per rad")
    except RecursionError:
        return Bad(number, "för djupt nästlad; ett objekt per rad")
    except ValueError as error:
        return Bad(number, str(error))
    return Good(number, case) if isinstance(case, dict) else Bad(number, "inte ett JSON-objekt")


def _exact(said: str) -> Decimal | str:
    """A number with decimals; with an exponent, or too long, as text: the fact that gets it refuses it by name."""
    return said if "e" in said.lower() or len(said) > LONGEST_NUMBER else Decimal(said)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if any(len(key) > LONGEST_KEY for key, _ in pairs):
        raise ValueError(f"en nyckel är längre än {LONGEST_KEY} tecken")
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        double = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"{double}: nyckeln står flera gånger")
    return found
