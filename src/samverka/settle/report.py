"""A settlement as text for a terminal: shared sums with counts and per cent, who pays whom, what is open."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby

from avtal import money
from avtal.book.edition import Edition
from avtal.explain import Words
from avtal.settlement import Line, counts
from samverka.settle.folder import Settled


def report(settled: Settled) -> str:
    """The whole report."""
    edition, settlement = settled.edition, settled.settlement
    title = f"Avräkning {settled.period.name} enligt {edition.title}"
    parts = [f"{title}\nUtgåva {edition.code}, fingeravtryck {edition.fingerprint[:16]}"]
    if settled.period.first < edition.valid_from:
        parts.append(early_notice(edition))
    for (charge, _), found in groupby(settlement.lines, key=lambda line: (line.charge, line.month)):
        if charge == "equipment_fixed":
            parts.append(_counted(edition.words, charge, list(found)))
    parts.append(_sums(edition.words, settlement.lines) if settlement.lines else "Inget att betala i perioden.")
    more = (_not_charged(settled), _flags(settled), _examples(settlement.lines), _readings(settled))
    parts += [text for text in more if text]
    return plain("\n\n".join(parts))


def early_notice(edition: Edition) -> str:
    """What is said of a period before the agreement's first day."""
    return f"Perioden ligger före avtalets första dag ({edition.valid_from}); dokumentens belopp är räkneexempel."


def table(head: Sequence[str], rows: Iterable[Sequence[str]], foot: Sequence[str] = ()) -> str:
    """A table for a terminal: text to the left, numbers (all columns but the first two of text) to the right."""
    body = [list(map(str, row)) for row in rows]
    every = [list(head), *body, *([list(foot)] if foot else [])]
    widths = [max(_width(row[column]) for row in every) for column in range(len(head))]
    right = [all(_numeric(row[column]) for row in body) for column in range(len(head))]

    def line(row: Sequence[str]) -> str:
        cells = [_pad(cell, width, right=side) for cell, width, side in zip(row, widths, right, strict=True)]
        return "  ".join(cells).rstrip()

    rule = "  ".join("─" * width for width in widths)
    return "\n".join([line(head), rule, *map(line, body), *([rule, line(foot)] if foot else [])])


def _width(text: str) -> int:
    return sum(not unicodedata.combining(char) for char in text)


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _numeric(text: str) -> bool:
    return bool(text) and (text[0].isdigit() or text[0] == "\N{MINUS SIGN}") and "-" not in text


def plain(text: str) -> str:
    """Hard spaces as plain ones: a terminal's reader copies and searches."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def _short(words: Words, party: str) -> str:
    """A party's short name: Berg, Regionen, Syncentralen."""
    return words.label(party.removeprefix("MUNICIPALITY:").removeprefix("REGION:"))


def _counted(words: Words, charge: str, lines: Sequence[Line]) -> str:
    items = {line.payer: int(line.quantity) for line in lines}
    percent = money.percentages(items)
    rows = [
        (
            _short(words, line.payer),
            str(items[line.payer]),
            f"{percent[line.payer]:f} %".replace(".", ","),
            money.swedish(line.amount),
        )
        for line in lines
    ]
    total = ("Totalt", str(sum(items.values())), "100,0 %", money.swedish(sum(line.amount for line in lines)))
    step = lines[0].explanation
    heading = f"{words.label(charge)} ({', '.join(step.clauses)}), {lines[0].month}"
    return f"{heading}\n{table(('Kommun', 'Antal', 'Andel', 'Belopp'), rows, total)}"


def _sums(words: Words, lines: Sequence[Line]) -> str:
    head = ("Betalare", "Mottagare", "Avgift", "Rader", "Händelser", "Belopp")
    sums: dict[tuple[str, str, str, bool], list[Line]] = defaultdict(list)
    for line in lines:
        sums[line.payer, line.payee, line.charge, line.example].append(line)
    rows = [
        (
            _short(words, payer),
            _short(words, payee),
            words.label(charge) + (" (exempel)" if example else ""),
            str(len(found)),
            str(sum(line.events for line in found)),
            money.swedish(sum(line.amount for line in found)),
        )
        for (payer, payee, charge, example), found in sums.items()
    ]
    events = str(sum(line.events for line in lines))
    total = ("Summa", "", "", str(len(lines)), events, money.swedish(sum(line.amount for line in lines)))
    return f"Vem betalar vem\n{table(head, rows, total)}"


def _not_charged(settled: Settled) -> str:
    words = settled.edition.words
    by_status: Counter[tuple[str, str]] = Counter(
        {key: n for key, n in counts(settled.settlement).items() if key[1] != "charged"}
    )
    rows = [(words.label(charge), words.code(status), str(n)) for (charge, status), n in sorted(by_status.items())]
    parts = [f"Händelser utan belopp\n{table(('Avgift', 'Utfall', 'Antal'), rows)}"] if rows else []
    if settled.outside:
        noun = "post" if settled.outside == 1 else "poster"
        parts.append(f"{settled.outside} {noun} i mappen ligger utanför perioden och är inte med.")
    return "\n\n".join(parts)


def _flags(settled: Settled) -> str:
    words, found = settled.edition.words, settled.settlement
    lines = [(line.charge, line.flags) for line in found.lines] + [(r.charge, r.flags) for r in found.not_charged]
    raised = Counter((charge, flag) for charge, flags in lines for flag in flags)
    rows = [
        (words.label(charge), str(n), words.code(flag)) for (charge, flag), n in raised.items() if flag not in _SAID
    ]
    return f"Att se på\n{table(('Avgift', 'Rader', 'Varför'), rows)}" if rows else ""


#: What the report already says of the whole period.
_SAID = ("before_agreement",)


def _examples(lines: Sequence[Line]) -> str:
    amount = sum(line.amount for line in lines if line.example)
    rest = sum(line.amount for line in lines if not line.example)
    if not any(line.example for line in lines):
        return ""
    return f"Varav exempeldata {money.swedish(amount)}, övrigt {money.swedish(rest)}."


def _readings(settled: Settled) -> str:
    edition, found = settled.edition, settled.settlement
    used = {id_ for step in found.explanations() for id_ in step.readings()}
    rows = []
    for id_ in sorted(used):
        chosen = edition.reading(id_)
        rows.append((id_, edition.readings[id_].title, str(chosen.value)))
    if not rows:
        return ""
    intro = "Läsningar som påverkade (standardval gäller tills parterna bekräftat eller valt annat)"
    return f"{intro}\n{table(('Id', 'Fråga', 'Vald läsning'), rows)}"
