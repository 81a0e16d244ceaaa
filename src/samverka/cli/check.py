"""``samverka check``: the build-time check of the decision tables, what is open and what nobody has entered."""

from __future__ import annotations

from avtal.book.charge import EventCharge
from avtal.book.missing import MissingValue
from avtal.editions.jamtland_2026 import CHARGES, edition
from avtal.language.analyse import Findings, analyse
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
        (f.place, str(f.cases), str(len(f.overlaps)), str(len(f.unreachable)), str(f.otherwise), str(f.unknown))
        for f in findings
    ]
    head = ("Beslutstabell", "Prövade fall", "Överlapp", "Rader som aldrig avgör", "Inget villkor sant", "Okänt")
    print(table(head, rows))
    for found in findings:
        for text in (*found.overlaps, *found.unreachable, *found.gaps):
            print(f"  {found.place}: {text}")
    print(f"\nÖppna läsningar ({len(book.readings)}), ingen bekräftad av parterna än:")
    used = {name for tree in book.trees.values() for name in tree.readings()}
    print(
        table(
            ("Id", "Gäller", "I regler", "Fråga"),
            [(r.id, book.option(r.id), "ja" if r.id in used else "", r.title) for r in book.readings.values()],
        )
    )
    print("\nSaknas före nästa avräkning")
    for name, parameter in book.parameters.items():
        try:
            book.parameter(name, book.valid_from)
        except MissingValue as missing:
            print(plain(f"  {parameter.label}: {missing}"))
    return BAD_INPUT if any(found.overlaps or found.unreachable for found in findings) else GOOD
