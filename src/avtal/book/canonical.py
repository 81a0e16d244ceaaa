"""The canonical form of an edition and its fingerprint: the same bytes on every machine and Python version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from avtal.language.expression import Expression

FORMAT = "avtal edition 1"


def canonical_tree(tree: Expression) -> list[Any]:
    """A tree as a list of nodes, operands before users, each naming its operands by place."""
    place: dict[int, int] = {}
    nodes: list[Any] = []
    for node in tree.walk():
        place[id(node)] = len(nodes)
        operands = [place[id(arg)] for arg in node.args]
        nodes.append([node.op, node.kind.value, node.name, plain(node.clauses), plain(node.payload), operands])
    return nodes


def plain(value: Any) -> Any:
    """A value as JSON knows it, without floats: numbers that are not whole become exact text."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return f"{value.normalize():f}"
        case Fraction() | date():
            return str(value)
        case Enum():
            return plain(value.value)
        case Expression():
            return canonical_tree(value)
        case Mapping():
            return [[plain(key), plain(value[key])] for key in sorted(value)]
        case tuple():
            return [plain(item) for item in value]
        case frozenset():
            return [plain(item) for item in sorted(value)]
    if is_dataclass(value) and not isinstance(value, type):
        return [[f.name, plain(getattr(value, f.name))] for f in fields(value) if f.name != "build"]
    raise TypeError(f"no canonical form for {type(value).__name__}")


def canonical(edition: object) -> bytes:
    """Everything that can change a result, as UTF-8 JSON without spaces, headed by the format's name."""
    return json.dumps([FORMAT, plain(edition)], ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def fingerprint(edition: object) -> str:
    """SHA-256 of the canonical form, in hexadecimal: changes when any number, clause, reading or rule changes."""
    return hashlib.sha256(canonical(edition)).hexdigest()
