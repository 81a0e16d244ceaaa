"""Clause ids and what each says, in our own words with the place in the source document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its id, our summary, and seed document and line of the text it stands for."""

    id: str
    summary: str
    source: str

    @property
    def document(self) -> str:
        """The document the clause belongs to: OB, SB, MT and so on."""
        return self.id.split("-", 1)[0]
