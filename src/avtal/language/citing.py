"""Which clauses a step names. Texts for several groups often say the same: cited are those that speak of the case."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import TypeAlias

from avtal.language.expression import Expression

#: A document's code, or a single clause's id -> when it speaks of a case. What is not named speaks of every case.
Speaks: TypeAlias = Mapping[str, Expression]


def keys_of(clause: str) -> tuple[str, str]:
    """What a clause may be known by in ``Speaks``: its own id, and its document's code."""
    return clause, clause.partition("-")[0]


def cited(clauses: tuple[str, ...], silent: Container[str]) -> tuple[str, ...]:
    """The clauses without those that are silent on the case; all of them where none would be left."""
    if len(clauses) < 2:
        return clauses
    return tuple(one for one in clauses if not any(key in silent for key in keys_of(one))) or clauses


def bearing(clauses: Iterable[str], speaks: Speaks) -> tuple[str, ...]:
    """The keys of ``Speaks`` that bear on some clauses."""
    found = dict.fromkeys(key for one in clauses for key in keys_of(one) if key in speaks)
    return tuple(found)
