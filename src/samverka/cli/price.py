"""``samverka price`` and ``samverka explain``: cases in, answers or reasons out; good lines are answered."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from avtal import money
from avtal.book.answer import Answer, BadFacts
from avtal.book.charge import ECHOED
from avtal.book.edition import Edition
from avtal.book.missing import MissingValue
from avtal.editions.jamtland_2026 import CHARGES
from avtal.explain import Words, as_text
from avtal.language.facts import FactConflict, FactError
from samverka.cli.edition import asked_edition
from samverka.cli.jsonlines import Bad, open_cases, read_cases
from samverka.cli.main import BAD_INPUT, GOOD, MISSING
from samverka.reason import reason
from samverka.settle.report import plain

Alternatives = dict[str, dict[str, Any]]
Show = Callable[[Answer, Edition, Alternatives], str]


def price(options: argparse.Namespace) -> int:
    """One JSON answer for each case."""
    return _answer(options, _as_json)


def _as_json(answer: Answer, edition: Edition, alternatives: Alternatives) -> str:
    found = answer.as_dict(edition)
    return json.dumps({**found, "alternatives": {**alternatives, **found.get("alternatives", {})}}, ensure_ascii=False)


def explain(options: argparse.Namespace) -> int:
    """The reasons of each case as text, with flags and missing facts."""
    return _answer(options, _reasons)


def _reasons(answer: Answer, edition: Edition, alternatives: Alternatives) -> str:
    words = edition.words
    lines = [plain(as_text(answer.explanation, words))]
    if answer.missing:
        lines.append("Saknas: " + ", ".join(f"{words.label(name)} ({name})" for name in answer.missing))
    if answer.next_question:
        lines.append(f"Fråga först: {words.label(answer.next_question)} ({answer.next_question})")
    if answer.flags:
        lines.append("Att se på: " + "; ".join(words.code(flag) for flag in answer.flags))
    for reading, options in alternatives.items():
        for option, amount in options.items():
            lines.append(f"Med {reading} = {option}: {_other(amount, words)}")
    return "\n".join(lines)


def _other(amount: Any, words: Words) -> str:
    """What another reading gives, in words."""
    match amount:
        case None:
            return "går inte att räkna än"
        case "manual":
            return words.code(amount)
        case dict():
            return ", ".join(f"{words.label(name)} {_other(share, words)}" for name, share in amount.items())
    return plain(money.swedish(money.ore(Decimal(amount))))


def _answer(options: argparse.Namespace, show: Show) -> int:
    if options.charge not in CHARGES:
        return _refuse(f"{options.charge}: avgiften finns inte; det finns {', '.join(CHARGES)}")
    charge, codes = CHARGES[options.charge], {GOOD}
    try:
        edition = asked_edition(options)
        stream = open_cases(options.file, sys.stdin.buffer)
    except OSError as error:
        return _refuse(f"{options.file}: kan inte läsas: {reason(error)}")
    except ValueError as error:
        return _refuse(str(error))
    with stream:
        for read in read_cases(stream):
            if isinstance(read, Bad):
                codes.add(_refuse(f"rad {read.line}: {read.message}"))
                continue
            unfit = [key for key in ECHOED if isinstance(read.case.get(key), dict | list | Decimal)]
            if unfit:
                codes.add(_refuse(f"rad {read.line}: {unfit[0]}: text eller ett heltal"))
                continue
            try:
                answer = charge.price(read.case, edition)
                print(show(answer, edition, charge.alternatives(read.case, edition, answer)))
            except BadFacts as bad:
                for fault in bad.faults:
                    codes.add(_refuse(f"rad {read.line}: {fault.fact}: {_said(read.case, fault)}{fault.allowed}"))
            except MissingValue as missing:
                print(f"rad {read.line}: {missing}", file=sys.stderr)
                codes.add(MISSING)
    return BAD_INPUT if BAD_INPUT in codes else max(codes)


def _said(case: dict[str, object], fault: FactError) -> str:
    value = case.get(fault.fact)
    if value is None or isinstance(value, dict | list) or isinstance(fault, FactConflict):
        return ""
    said = json.dumps(value, ensure_ascii=False, default=str)
    return f"{said[:60]} är fel; tillåtet är "


def _refuse(message: str) -> int:
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in message)
    print(shown, file=sys.stderr)
    return BAD_INPUT
