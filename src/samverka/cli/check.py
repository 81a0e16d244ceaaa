"""``samverka check``: the build-time check of the decision tables, what is open and what nobody has entered."""

from __future__ import annotations

from collections.abc import Iterator

from avtal.book.charge import EventCharge, TableCharge
from avtal.book.edition import Edition
from avtal.book.missing import MissingValue
from avtal.editions.jamtland_2026 import CHARGES, edition
from avtal.editions.jamtland_2026.validity import last_day_of_notice, renewed_term
from avtal.language.analyse import Findings, analyse
from avtal.settlement import key_missing
from samverka.cli.main import BAD_INPUT, GOOD
from samverka.settle.report import plain, table


def check() -> int:
    """Print the findings; an overlap or a row that never decides is an error of the edition."""
    book = edition()
    findings: list[Findings] = []
    for charge in CHARGES.values():
        if isinstance(charge, EventCharge):
            findings += [analyse(charge.name, decision, charge.facts, book) for decision in charge.tables()]
    rows = [
        (f.place, _tried(f), str(len(f.overlaps)), str(len(f.unreachable)), str(f.otherwise), str(f.unknown))
        for f in findings
    ]
    head = ("Beslutstabell", "Prövade fall", "Överlapp", "Rader som aldrig avgör", "Inget villkor sant", "Okänt")
    print(table(head, rows))
    for found in findings:
        for text in (*found.overlaps, *found.unreachable, *found.gaps):
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


def _tried(found: Findings) -> str:
    return str(found.cases) if found.cases == found.combinations else f"{found.cases} av {found.combinations}"


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
