"""Where a clause is used by the apps above: each registers a function, and the clause's page shows what it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from samverka.core.acting import Actor


@dataclass(frozen=True, slots=True)
class Use:
    """One place where a clause is used: ``7 fakturarader`` and where they are."""

    text: str
    count: int
    address: str = ""


UsesOf = Callable[[Actor, str], list[Use]]

_REGISTERED: list[UsesOf] = []


def register(uses_of: UsesOf) -> UsesOf:
    """Let a function of actor and clause id tell where a clause is used; call it from the app's ``ready``."""
    if uses_of not in _REGISTERED:
        _REGISTERED.append(uses_of)
    return uses_of


def uses_for(actor: Actor, clause_id: str) -> list[Use]:
    """Every use that the actor may see, of all apps."""
    return [use for uses_of in _REGISTERED for use in uses_of(actor, clause_id)]
