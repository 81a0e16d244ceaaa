"""One self-contained page that explains a settlement: for a phone, the dark and paper; no script, no net."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from itertools import groupby

from avtal import money
from avtal.book.answer import party
from avtal.explain import Step, Words, as_html
from avtal.settlement import Line, NotCharged
from samverka.settle.folder import Settled
from samverka.settle.report import early_notice


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
        f"<footer><p>Utgåva {escape(edition.code)}, fingeravtryck <code>{edition.fingerprint}</code></p></footer>\n"
        "</body></html>\n"
    )


def _summary(settled: Settled) -> str:
    edition, lines = settled.edition, settled.settlement.lines
    order = [party(code, edition) for code in edition.parties]
    rows = []
    for payer in sorted({line.payer for line in lines}, key=lambda payer: (order.index(_base(payer)), payer)):
        mine = [line for line in lines if line.payer == payer]
        name = escape(edition.words.code(payer)) + _mark(example=any(line.example for line in mine))
        rows.append((name, str(len(mine)), money.swedish(sum(line.amount for line in mine))))
    notice = ""
    if any(line.example for line in lines):
        notice = "<p class=notice>Rader märkta <mark>exempel</mark> bygger på exempeldata, inte på verkliga händelser."
    if settled.period.first < edition.valid_from:
        notice += f"<p class=notice>{early_notice(edition)}"
    foot = ("Summa", str(len(lines)), money.swedish(settled.settlement.total))
    return f"<section><h2>Sammanfattning</h2>{notice}{_table(('Betalare', 'Rader', 'Belopp'), rows, foot)}</section>"


def _base(payer: str) -> str:
    """The party that a unit belongs to: REGION for REGION:syncentralen."""
    return payer if payer.startswith("MUNICIPALITY:") else payer.partition(":")[0]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], foot: Sequence[str]) -> str:
    """A table whose rows become cards on a narrow screen: each cell carries its column's name."""

    def row(cells: Sequence[str]) -> str:
        first, *rest = cells
        named = zip(rest, head[1:], strict=True)
        return f"<tr><th scope=row>{first}" + "".join(f'<td data-label="{label}">{cell}' for cell, label in named)

    columns = "".join(f"<th scope=col>{name}" for name in head)
    body = "".join(map(row, rows))
    return f"<table><thead><tr>{columns}</thead><tbody>{body}</tbody><tfoot>{row(foot)}</tfoot></table>"


def _mark(*, example: bool) -> str:
    return " <mark>exempel</mark>" if example else ""


def _details(step: Step, words: Words) -> str:
    return f"<details><summary>Så räknades det</summary><ul class=steps>{as_html(step, words)}</ul></details>"


def _flags(flags: Iterable[str], words: Words) -> str:
    items = "".join(f"<li>{escape(words.code(flag))}" for flag in flags)
    return f"<ul class=flags>{items}</ul>" if items else ""


def _charge(words: Words, charge: str, lines: Sequence[Line]) -> str:
    shared = all(line.explanation is lines[0].explanation for line in lines)
    counted = shared and lines[0].unit == "st"
    percent = money.percentages({line: line.quantity for line in lines}) if counted else {}
    rows, reasons = [], []
    for line in lines:
        payer, payee = escape(words.code(line.payer)), escape(words.code(line.payee))
        quantity = f"{line.quantity.normalize():f}\N{NO-BREAK SPACE}{line.unit}".replace(".", ",")
        share = [f"{percent[line]:f}\N{NO-BREAK SPACE}%".replace(".", ",")] if counted else []
        amount = money.swedish(line.amount)
        rows.append([payer + _mark(example=line.example), payee, line.month, quantity, *share, amount])
        if not shared:
            title = f"{payer} till {payee}, {line.month}: {amount}{_mark(example=line.example)}"
            reasons.append(f"<h3>{title}</h3>{_flags(line.flags, words)}{_details(line.explanation, words)}")
    if shared:
        reasons.append(_flags(lines[0].flags, words) + _details(lines[0].explanation, words))
    head = ["Betalare", "Mottagare", "Månad", "Antal", *(["Andel"] if counted else []), "Belopp"]
    foot = ["Summa", *[""] * (len(head) - 2), money.swedish(sum(line.amount for line in lines))]
    table = _table(head, rows, foot)
    return f'<section id="{charge}"><h2>{escape(words.label(charge))}</h2>{table}{"".join(reasons)}</section>'


def _not_charged(words: Words, found: Sequence[NotCharged]) -> str:
    parts = []
    for rest in found:
        charge, status = escape(words.label(rest.charge)), escape(words.code(rest.status))
        parties = f"{escape(words.code(rest.payer))} till {escape(words.code(rest.payee))}"
        title = f"{charge}, {parties}, {rest.month}: {rest.events} st {status}{_mark(example=rest.example)}"
        parts.append(f"<h3>{title}</h3>{_flags(rest.flags, words)}{_details(rest.explanation, words)}")
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
