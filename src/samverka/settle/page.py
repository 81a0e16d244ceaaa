"""One self-contained page that explains a settlement: for a phone, the dark and paper; no script, no net."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from itertools import groupby

from avtal import money
from avtal.book.canonical import fingerprint
from avtal.explain import Step, Words, as_html
from avtal.settlement import Line, NotCharged
from samverka.settle.folder import Settled


def explanations_page(settled: Settled) -> str:
    """The page's whole text."""
    edition, settlement = settled.edition, settled.settlement
    style = files("samverka.settle").joinpath("page.css").read_text(encoding="utf-8")
    parts = [_summary(settled)]
    for charge, lines in groupby(settlement.lines, key=lambda line: line.charge):
        parts.append(_charge(edition.words, charge, list(lines)))
    if settlement.not_charged:
        parts.append(_not_charged(edition.words, settlement.not_charged))
    parts += [_readings(settled), _clauses(settled)]
    title = f"Avräkning {settled.period.name}"
    return (
        f'<!DOCTYPE html>\n<html lang="sv"><head><meta charset="utf-8"><title>{title} – så räknades det</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<style>\n{style}</style></head>\n<body><header><h1>{title}</h1>\n"
        f"<p>{escape(edition.title)}</p></header>\n<main>\n" + "\n".join(parts) + "\n</main>\n"
        f"<footer><p>Utgåva {escape(edition.code)}, fingeravtryck <code>{fingerprint(edition)}</code></p></footer>\n"
        "</body></html>\n"
    )


def _summary(settled: Settled) -> str:
    words, lines = settled.edition.words, settled.settlement.lines
    rows = []
    by_payer = sorted(lines, key=lambda line: line.payer)
    for payer, found in groupby(by_payer, key=lambda line: line.payer):
        mine = list(found)
        marked = _mark(example=any(line.example for line in mine))
        amount = money.swedish(sum(line.amount for line in mine))
        rows.append(f"<tr><th scope=row>{escape(words.code(payer))}{marked}<td>{len(mine)}<td>{amount}")
    head = "<tr><th scope=col>Betalare<th scope=col>Rader<th scope=col>Belopp"
    foot = f"<tr><th scope=row>Summa<td>{len(lines)}<td>{money.swedish(settled.settlement.total)}"
    notice = ""
    if any(line.example for line in lines):
        notice = "<p class=notice>Rader märkta <mark>exempel</mark> bygger på exempeldata, inte på verkliga händelser."
    early = settled.period.first < settled.edition.valid_from
    if early:
        first = settled.edition.valid_from
        notice += (
            f"<p class=notice>Perioden ligger före avtalets första dag, {first}: detta är dokumentets räkneexempel."
        )
    return f"<section><h2>Sammanfattning</h2>{notice}{_table(head, rows, foot)}</section>"


def _table(head: str, rows: Iterable[str], foot: str = "") -> str:
    tail = f"<tfoot>{foot}</tfoot>" if foot else ""
    return f"<div class=scroll><table><thead>{head}</thead><tbody>{''.join(rows)}</tbody>{tail}</table></div>"


def _mark(*, example: bool) -> str:
    return " <mark>exempel</mark>" if example else ""


def _details(step: Step, words: Words) -> str:
    return f"<details><summary>Så räknades det</summary><ul class=steps>{as_html(step, words)}</ul></details>"


def _charge(words: Words, charge: str, lines: Sequence[Line]) -> str:
    head = "<tr><th scope=col>Betalare<th scope=col>Mottagare<th scope=col>Månad<th scope=col>Antal<th scope=col>Belopp"
    total = money.swedish(sum(line.amount for line in lines))
    foot = f"<tr><th scope=row colspan=4>Summa<td>{total}"
    shared = all(line.explanation is lines[0].explanation for line in lines)
    rows, reasons = [], []
    for line in lines:
        payer, payee = escape(words.code(line.payer)), escape(words.code(line.payee))
        count = f"{line.quantity.normalize():f}".replace(".", ",") + f"\N{NO-BREAK SPACE}{line.unit}"
        amount = money.swedish(line.amount)
        cells = f"<td>{payee}<td>{line.month}<td>{count}<td>{amount}"
        rows.append(f"<tr><th scope=row>{payer}{_mark(example=line.example)}{cells}")
        if not shared:
            title = f"{payer} till {payee}, {line.month}: {amount}{_mark(example=line.example)}"
            reasons.append(f"<h3>{title}</h3>{_details(line.explanation, words)}")
    if shared:
        reasons.append(_details(lines[0].explanation, words))
    table = _table(head, rows, foot)
    return f'<section id="{charge}"><h2>{escape(words.label(charge))}</h2>{table}{"".join(reasons)}</section>'


def _not_charged(words: Words, found: Sequence[NotCharged]) -> str:
    parts = []
    for rest in found:
        charge, status = escape(words.label(rest.charge)), escape(words.code(rest.status))
        parties = f"{escape(words.code(rest.payer))} till {escape(words.code(rest.payee))}"
        title = f"{charge}, {parties}, {rest.month}: {rest.events} st {status}{_mark(example=rest.example)}"
        parts.append(f"<h3>{title}</h3>{_details(rest.explanation, words)}")
    return f"<section><h2>Händelser utan belopp</h2>{''.join(parts)}</section>"


def _readings(settled: Settled) -> str:
    edition = settled.edition
    used = sorted({reading for step in settled.settlement.explanations() for reading in step.readings()})
    items = []
    for id_ in used:
        reading, chosen = edition.readings[id_], edition.reading(id_)
        others = "".join(f"<li>{escape(text)}" for option, text in reading.options.items() if option != chosen.value)
        other = f"<p>Andra sätt att läsa texten:<ul>{others}</ul>" if others else ""
        items.append(
            f'<dt id="{id_}">{id_} {escape(reading.title)}<dd><p>{escape(chosen.source)} <small>{escape(chosen.note)};'
            f" avgörs av {escape(reading.decided_by)}</small><p>{escape(reading.problem)}{other}"
        )
    return f"<section><h2>Läsningar som påverkade beloppen</h2><dl>{''.join(items)}</dl></section>"


def _clauses(settled: Settled) -> str:
    used = sorted({clause for step in settled.settlement.explanations() for clause in step.all_clauses()})
    known = settled.edition.clauses
    items = [
        f'<dt id="{id_}">{id_}<dd>{escape(known[id_].summary)} <small>{escape(known[id_].source)}</small>'
        for id_ in used
    ]
    return f"<section><h2>Klausuler</h2><dl>{''.join(items)}</dl></section>"
