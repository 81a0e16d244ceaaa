"""``samverka check``: the build-time check of the decision tables, what is open and what nobody has entered.

With ``--tables`` every decision is written as a table for reviewers; with another reading or number too, what that
edition would decide differently.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from avtal.book.charge import TableCharge
from avtal.book.edition import Edition
from avtal.book.missing import MissingValue
from avtal.editions.jamtland_2026 import CHARGES, QUESTIONS, edition
from avtal.editions.jamtland_2026.validity import last_day_of_notice, renewed_term
from avtal.settlement import key_missing
from samverka.cli import review
from samverka.cli.edition import asked_edition
from samverka.cli.findings import PROVED, every_finding, remarks, shown
from samverka.cli.main import BAD_INPUT, GOOD
from samverka.reason import reason
from samverka.settle.report import plain, table

#: A limit is a number of days or a level.
MOST_DIGITS = 4


def check(options: argparse.Namespace) -> int:
    """Print the findings; an overlap or a row that never decides is an error of the edition."""
    if options.tables or options.reading or options.value or options.as_known:
        return _tables(options)
    book = edition()
    findings = list(every_finding(book))
    head = ("Beslutstabell", "Så visat", "Överlapp", "Rader som aldrig avgör", "Luckor", "Okänt")
    counted = [(f.place, *map(str, map(len, (f.overlaps, f.unreachable, f.gaps, f.unknown)))) for f in findings]
    print(table(head, [(place, shown(f), *numbers) for f, (place, *numbers) in zip(findings, counted, strict=True)]))
    print(PROVED)
    for found in findings:
        for text in remarks(found, book):
            print(f"  {found.place}: {text}")
    confirmed = {choice.reading for choice in book.choices}
    print(f"\nÖppna läsningar: {len(book.readings) - len(confirmed)} av {len(book.readings)}")
    readings = [
        (r.id, book.option(r.id), "ja" if len(r.computed) > 1 else "", r.title)
        for r in book.readings.values()
        if r.id not in confirmed
    ]
    print(table(("Id", "Gäller", "Kan väljas", "Fråga"), readings))
    print("\nSaknas före nästa avräkning")
    for missing in _missing(book):
        print(plain(f"  {missing}"))
    first, last = renewed_term(book)
    print(f"\nAvtalet gäller {book.valid_from} till {book.valid_to}. Sista dag för uppsägning är", end=" ")
    print(f"{last_day_of_notice(book)}; annars gäller det {first} till {last} (P-GIL-2, P-GIL-3, A33).")
    return BAD_INPUT if any(found.overlaps or found.unreachable for found in findings) else GOOD


def _missing(book: Edition) -> Iterator[str]:
    """What nobody has entered: prices that need an index, and sums that need a decided key."""
    for name, parameter in book.parameters.items():
        try:
            book.parameter(name, book.valid_from)
        except MissingValue as missing:
            yield f"{parameter.label}: {missing}"
    for charge in CHARGES.values():
        if isinstance(charge, TableCharge) and charge.key:
            yield str(key_missing(charge, book))


def _tables(options: argparse.Namespace) -> int:
    """Write the reviewers' tables, and the differences where another edition is asked for."""
    if not options.tables:
        print("--reading, --value och --as-known visar en skillnad: säg var med --tables MAPP", file=sys.stderr)
        return BAD_INPUT
    try:
        book, other = edition(), _with_values(asked_edition(options), options.value)
        found = [review.found_sheet(every_finding(book), book), *review.sheets(book)]
        if other != book:
            found += list(review.sheets(book, other))
        written = review.write(Path(options.tables), book, found)
    except OSError as error:
        print(f"{options.tables}: kan inte skrivas: {reason(error)}", file=sys.stderr)
        return BAD_INPUT
    except ValueError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    print(table(("Tabell", "Rader"), [(sheet.name, str(len(sheet.rows))) for sheet in found]))
    print(f"Skrivet: {len(written)} filer i {options.tables}; börja med index.html.")
    return GOOD


def _with_values(book: Edition, asked: list[str]) -> Edition:
    """The edition where the decisions' limits have other values, from its first day."""
    limits = dict.fromkeys(name for question in QUESTIONS.values() for name in question.parameters)
    for one in asked:
        name, _, value = one.partition("=")
        if name not in limits or not value.isascii() or not value.isdigit() or len(value) > MOST_DIGITS:
            allowed = ", ".join(limits)
            raise ValueError(f"--value {one}: en av {allowed} och ett heltal, som days_guideline=30")
        book = book.with_value(name, int(value), book.valid_from, f"--value {one}")
    return book
