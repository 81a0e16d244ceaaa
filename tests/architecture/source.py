"""The project's own files as the architecture tests see them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
CLAUSE = re.compile(r"(?<![A-Z]-)\b(?:K|P|GU|MT|OB|SB|SH|PV|TB|MTN|PR|GN)-[A-ZÅÄÖ0-9]+(?:-[A-ZÅÄÖ0-9]+)*[a-z]?\b")


def python_files(*folders: str) -> Iterator[Path]:
    """Every Python file of the folders, sorted."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def float_uses(module: ast.Module) -> list[int]:
    """The lines on which a float is written, named or made."""
    return [
        node.lineno
        for node in ast.walk(module)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]


CLOCK = {("date", "today"), ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("time", "time")}


def clock_reads(module: ast.Module) -> list[int]:
    """The lines that read the clock: a day is an argument."""
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in CLOCK
    ]


def clauses_named(text: str) -> set[str]:
    """Every clause id that a text names."""
    return set(CLAUSE.findall(text))
