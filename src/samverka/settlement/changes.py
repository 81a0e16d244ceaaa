"""Which of the agreement's values have come or gone since a line was computed, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from samverka.agreements.county import KEY_READING, MODEL_READING, base
from samverka.agreements.models import Entered, EnteredKind, Snapshot
from samverka.agreements.payloads import NORMAL_RANGE, read_payload
from samverka.agreements.subjects import label_of
from samverka.settlement.models import InvoiceLine
from samverka.settlement.shown import walk

LONGEST = 300
#: How an index step's source names its series and year.
_INDEX = re.compile(r"\((?P<series>[A-ZÅÄÖ]+), indexår (?P<year>[0-9]{4}),")
#: What an explanation names where one of these was used.
_NAMED = {
    EnteredKind.NORMAL_RANGE: NORMAL_RANGE[0],
    EnteredKind.FACTORS: MODEL_READING,
    EnteredKind.DEVELOPMENT_KEY: KEY_READING,
}


def changes_since(lines: list[int], now: Snapshot) -> dict[int, str]:
    """By issued line, which values have changed since it, or what last corrected it, was computed.

    Those that its explanation names come first; only where it names none, all of them.
    """
    rows = InvoiceLine.objects.filter(pk__in=lines).select_related("invoice__proposal__snapshot")
    corrections = InvoiceLine.objects.filter(corrects__in=lines, credits=None, credited_by=None).order_by("pk")
    last = {one.corrects_id: one for one in corrections.select_related("invoice__proposal__snapshot")}
    entered = Entered.objects.in_bulk()
    found = {}
    for line in rows:
        then = last.get(line.pk, line).invoice.proposal.snapshot
        since = set(now.entered) ^ set(then.entered if then else ())
        every = [entered[pk] for pk in sorted(since, reverse=True)]
        used = set(_used(line.explanation))
        found[line.pk] = _told([one for one in every if _name(one) in used] or every)
    return found


def _used(explanation: Mapping[str, Any]) -> Iterator[str]:
    """The parameters, readings and index years that an explanation rests on."""
    for step in walk(explanation):
        if step["kind"] in ("parameter", "reading"):
            yield step["name"]
        elif step["kind"] == "index" and (index := _INDEX.search(step["source"])):
            yield f"{index['series']} {index['year']}"


def _name(value: Entered) -> str:
    if value.kind == EnteredKind.INDEX:
        return f"{value.payload['series']} {value.payload['index_year']}"
    return _NAMED.get(EnteredKind(value.kind), value.name)


def _label(value: Entered) -> str:
    """What it is about; of a reading the id, since its title is a question of its own."""
    if value.kind == EnteredKind.READING:
        return f"läsningen {value.name}"
    return label_of(read_payload(value.kind, value.payload, base()), base())


def _told(values: list[Entered]) -> str:
    """The newest of the values by name, and how many more there are."""
    labels = list(dict.fromkeys(map(_label, values)))
    if not labels:
        return "avtalets regler"
    more = len(labels) - 1
    others = "" if not more else " och ett värde till" if more == 1 else f" och {more} värden till"
    return f"{labels[0]}{others}"[:LONGEST]
