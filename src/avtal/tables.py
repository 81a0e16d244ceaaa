"""Columns of a table as each engine declares and writes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from avtal.language.expression import Kind

if TYPE_CHECKING:
    from avtal.language.sql import Dialect

Run = Callable[[str], Sequence[Sequence[Any]]]

_TYPES = {
    "duckdb": {Kind.BOOL: "BOOLEAN", Kind.INT: "BIGINT", Kind.DATE: "DATE", Kind.CODE: "VARCHAR"},
    "postgres": {Kind.BOOL: "BOOLEAN", Kind.INT: "BIGINT", Kind.DATE: "DATE", Kind.CODE: 'TEXT COLLATE "C"'},
    "sqlite": {Kind.BOOL: "INTEGER", Kind.INT: "INTEGER", Kind.DATE: "TEXT", Kind.CODE: "TEXT"},
    "spark": {Kind.BOOL: "BOOLEAN", Kind.INT: "BIGINT", Kind.DATE: "DATE", Kind.CODE: "STRING"},
}


def quoted(name: str, dialect: Dialect) -> str:
    """A column's name as the dialect writes it."""
    return f"`{name}`" if dialect == "spark" else f'"{name}"'


def declared(column: str, kind: Kind, dialect: Dialect) -> str:
    """A column with its type."""
    return f"{quoted(column, dialect)} {_TYPES[dialect][kind]}"
