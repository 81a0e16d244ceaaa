"""The golden cases: facts and answers written from the agreement's text, a file for each part; see ``test_golden``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
UNKNOWN = "okänt"


@dataclass(frozen=True)
class Golden:
    """One case: what is asked, the clause, the rows of the shared list that hold and that do not, and in words."""

    file: str
    number: int
    asks: str
    clause: str
    holds: tuple[str, ...]
    fails: tuple[str, ...]
    says: str
    facts: dict[str, Any]
    answer: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.file}-{self.number}-{self.clause}"


def golden_cases() -> Iterator[Golden]:
    """Every case of every file, its base filled in and ``okänt`` made None."""
    for path in sorted(FOLDER.glob("*.toml")):
        if path.stem != "rules":
            yield from _cases(path)


def golden_rules() -> dict[str, str]:
    """Row of the shared list -> its clause."""
    return tomllib.loads((FOLDER / "rules.toml").read_text(encoding="utf-8"))


def _cases(path: Path) -> Iterator[Golden]:
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    for number, case in enumerate(found["case"], 1):
        base = found["base"][case.get("base", next(iter(found["base"])))]
        yield Golden(
            file=path.stem,
            number=number,
            asks=case.get("asks", found["asks"]),
            clause=case["clause"],
            holds=tuple(case.get("holds", ())),
            fails=tuple(case.get("fails", ())),
            says=case["says"],
            facts={key: _plain(value) for key, value in {**base, **case["facts"]}.items()},
            answer={key: _plain(value) for key, value in case["answer"].items()},
        )


def _plain(value: Any) -> Any:
    """A TOML value as the JSON one that a case states."""
    match value:
        case "okänt":
            return None
        case date():
            return value.isoformat()
        case list():
            return [_plain(one) for one in value]
        case dict():
            return {key: _plain(one) for key, one in value.items()}
    return value
