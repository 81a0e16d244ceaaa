"""``samverka agreement``: clauses, parameters and readings as lists, or one of them whole."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from avtal.book.edition import Edition
from avtal.book.missing import MissingValue
from avtal.editions.jamtland_2026 import edition
from samverka.cli.main import BAD_INPUT, GOOD
from samverka.settle.report import plain, table


def agreement(options: argparse.Namespace) -> int:
    """Print the list, or the one that is asked for."""
    book = edition()
    names, all_of, one_of = {
        "clauses": (book.clauses, _clauses, _clause),
        "parameters": (book.parameters, _parameters, _parameter),
        "readings": (book.readings, _readings, _reading),
    }[options.what]
    if options.id is None:
        print(plain(all_of(book)))
        return GOOD
    if options.id not in names:
        near = [name for name in names if name.startswith(options.id[:3])] or list(names)
        print(f"{options.id}: finns inte; det finns {', '.join(near[:12])}", file=sys.stderr)
        return BAD_INPUT
    show: Callable[[Edition, str], str] = one_of
    print(plain(show(book, options.id)))
    return GOOD


def _clauses(book: Edition) -> str:
    return table(("Id", "Källa", "Innebörd"), [(c.id, c.source, c.summary) for c in book.clauses.values()])


def _clause(book: Edition, id_: str) -> str:
    clause = book.clauses[id_]
    rules = [f"{rule.name}: {book.words.label(rule.name)}" for rule in book.rules.values() if id_ in rule.clauses]
    parameters = [f"{p.name}: {p.label}" for p in book.parameters.values() if id_ in p.clauses]
    readings = [f"{r.id}: {r.title}" for r in book.readings.values() if id_ in r.clauses]
    parts = [f"{id_}  {clause.summary}", f"Källa: {clause.source}, {book.documents[clause.document]}"]
    for heading, found in (("Regler", rules), ("Parametrar", parameters), ("Läsningar", readings)):
        if found:
            parts.append(f"{heading}:\n" + "\n".join(f"  {line}" for line in found))
    return "\n".join(parts)


def _parameters(book: Edition) -> str:
    rows = [
        (
            p.name,
            book.words.show(p.name, p.values[-1].value),
            p.values[-1].since.isoformat(),
            p.index.series if p.index else "",
            ", ".join(p.clauses),
        )
        for p in book.parameters.values()
    ]
    return table(("Namn", "Värde", "Gäller från", "Index", "Klausul"), rows)


def _parameter(book: Edition, name: str) -> str:
    known = book.parameters[name]
    rows = [
        (
            v.since.isoformat(),
            book.words.show(name, v.value),
            book.words.code(v.status),
            v.source,
            v.checked.isoformat(),
        )
        for v in known.values
    ]
    head = ("Gäller från", "Värde", "Status", "Källa", "Kontrollerat")
    parts = [f"{name}  {known.label}", f"Klausul: {', '.join(known.clauses)}", table(head, rows)]
    if known.index:
        series = book.series[known.index.series]
        parts.append(f"Räknas upp med {series.name} ({series.label}), {known.index.clause}. {series.publisher}.")
        try:
            step = book.parameter(name, book.valid_from)
            parts.append(f"{book.valid_from.year}: {book.words.show(name, step.value)}")
        except MissingValue as missing:
            parts.append(f"{book.valid_from.year}: {missing}")
    return "\n".join(parts)


def _readings(book: Edition) -> str:
    rows = [(r.id, book.option(r.id), ", ".join(r.computed), r.title) for r in book.readings.values()]
    return table(("Id", "Gäller", "Kan räknas", "Fråga"), rows)


def _reading(book: Edition, id_: str) -> str:
    reading, chosen = book.readings[id_], book.reading(id_)
    options = [
        f"  {'→' if option == chosen.value else ' '} {option}: {text}"
        + ("" if option in reading.computed else " (räknas inte av programmet)")
        for option, text in reading.options.items()
    ]
    return "\n".join(
        [
            f"{id_}  {reading.title}",
            f"Klausul: {', '.join(reading.clauses)}",
            reading.problem,
            "Läsningar:",
            *options,
            f"Gäller: {chosen.value} ({chosen.note}). Avgörs av {reading.decided_by}.",
            f"Skäl: {reading.why}",
        ]
    )
