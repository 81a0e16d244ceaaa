"""What a table from outside may hold."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that a file may have: rows below its heading, columns, parts, unpacked bytes; packing and nesting."""

    rows: int = 20_000
    columns: int = 40
    parts: int = 500
    unpacked: int = 96 * MEGABYTE
    ratio: int = 200
    depth: int = 40

    @property
    def told_rows(self) -> str:
        """The most rows, as a reader in Sweden expects it."""
        return f"{self.rows:,}".replace(",", "\N{NO-BREAK SPACE}")


DEFAULT = Bounds()
