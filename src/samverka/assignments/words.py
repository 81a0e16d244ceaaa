"""What users read: labels, codes and values in Swedish, from the edition's own words."""

from __future__ import annotations

from collections.abc import Callable

from avtal.explain import Shown, Words
from avtal.language.expression import Value
from samverka.agreements.county import base
from samverka.assignments.kinds import BY_CHARGE, WorkKind, attribute
from samverka.assignments.models import Work

#: Codes that only forms offer; the agreement treats them as any other.
_OWN = {"other": "annat", "MUNICIPALITY": "kommunen"}


def words() -> Words:
    """The edition's words."""
    return base().words


def label(name: str) -> str:
    """A fact or a charge as a reader expects it."""
    return {"event_id": "Ert nummer", "source": "Anteckning", "example": "Exempel"}.get(name, words().label(name))


def code(value: str) -> str:
    """A code's name."""
    return _OWN.get(value, words().code(value))


def show(name: str, value: Shown) -> str:
    """A fact's value."""
    return code(value) if isinstance(value, str) else words().show(name, value)


def facts_of(work: Work) -> list[tuple[str, str]]:
    """What was stated of a piece of work, label and value; parts that were left out are not shown."""
    return facts_in(BY_CHARGE[work.charge], lambda name: getattr(work, attribute(name)))


def facts_in(kind: WorkKind, value_of: Callable[[str], Value | None]) -> list[tuple[str, str]]:
    """The same of any case, by its facts' names."""
    charge = kind.charge
    parties = (charge.trees["payee"].name, charge.trees["payer"].name)  # the page says who they are
    shown = []
    for name in charge.facts.stated():
        if name in parties:
            continue
        value = value_of(name)
        if value is None or (value == 0 and not isinstance(value, bool) and name not in charge.required):
            continue
        shown.append((label(name), show(name, value)))
    return shown
