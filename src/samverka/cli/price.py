"""``samverka price``, ``decide`` and ``explain``: cases in, answers or reasons out; good lines are answered."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from avtal import money
from avtal.book.answer import Answer, BadFacts
from avtal.book.edition import Edition
from avtal.book.inquiry import ECHOED, Inquiry
from avtal.book.missing import MissingValue
from avtal.book.question import Question
from avtal.editions.jamtland_2026 import CHARGES, QUESTIONS
from avtal.explain import Words, as_text
from avtal.language.facts import FactConflict, FactError
from samverka.care.guard import persons_in
from samverka.cli.edition import asked_edition
from samverka.cli.jsonlines import Bad, open_cases, read_cases
from samverka.cli.main import BAD_INPUT, GOOD, MISSING
from samverka.reason import reason
from samverka.settle.report import plain

_MONEY = re.compile(r"-?[0-9]+\.[0-9]{2}", re.ASCII)

Alternatives = dict[str, dict[str, Any]]
Show = Callable[[Answer, Edition, Alternatives], str]


def price(options: argparse.Namespace) -> int:
    """One JSON answer for each case."""
    return _answer(options, options.charge, CHARGES, "avgiften", _as_json)


def decide(options: argparse.Namespace) -> int:
    """One JSON answer for each case: who is responsible, who performs, who pays."""
    return _answer(options, options.question, QUESTIONS, "frågan", _as_json)


def _as_json(answer: Answer, edition: Edition, alternatives: Alternatives) -> str:
    found = answer.as_dict(edition)
    return json.dumps({**found, "alternatives": {**alternatives, **found.get("alternatives", {})}}, ensure_ascii=False)


def explain(options: argparse.Namespace) -> int:
    """The reasons of each case as text, with flags and missing facts."""
    return _answer(options, options.charge, {**CHARGES, **QUESTIONS}, "avgiften eller frågan", _reasons)


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
    lines += [f"Att göra: {_duty(one, words)}" for one in answer.fields.get("checklist", ())]
    lines += [f"Att göra om det gäller: {_duty(one, words)}{_depends(one, words)}" for one in _open(answer)]
    return "\n".join(lines)


def _duty(duty: dict[str, Any], words: Words) -> str:
    """A duty that follows from a decision, with who has it and the clauses; what the text only recommends says so."""
    who = words.code(duty["who"]) + (", bör" if duty["should"] else "")
    return f"{duty['label']} ({who}; {', '.join(duty['clauses'])})"


def _open(answer: Answer) -> Iterable[dict[str, Any]]:
    """The duties that may follow, once a proposal is there: before that nearly all of them may."""
    return answer.fields.get("checklist_open", ()) if answer.explanation.value is not None else ()


def _depends(duty: dict[str, Any], words: Words) -> str:
    """Which facts tell whether a duty follows."""
    return "; beror på " + ", ".join(f"{words.label(name)} ({name})" for name in duty["missing"])


def _other(amount: Any, words: Words) -> str:
    """What another reading gives, in words."""
    match amount:
        case None:
            return "går inte att räkna än"
        case "manual":
            return words.code(amount)
        case bool():
            return words.show("", amount)
        case str() if not _MONEY.fullmatch(amount):
            return words.code(amount)
        case list():
            return ", ".join(words.show("", one) for one in amount) or "inget"
        case dict():
            shown = [
                f"{words.label(name)} {_other(share, words)}" for name, share in amount.items() if name != "missing"
            ]
            if "missing" in amount:
                shown.append("uppgifter saknas: " + ", ".join(map(words.label, amount["missing"])))
            return ", ".join(shown)
    return plain(money.swedish(money.ore(Decimal(amount))))


def _answer(options: argparse.Namespace, name: str, inquiries: Mapping[str, Inquiry], kind: str, show: Show) -> int:
    if name not in inquiries:
        return _refuse(f"{name}: {kind} finns inte; det finns {', '.join(inquiries)}")
    asked, codes = inquiries[name], {GOOD}
    try:
        edition = asked_edition(options)
        stream = open_cases(options.file, sys.stdin)
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
                answer = _asked(asked, read.case, edition)
                print(show(answer, edition, asked.alternatives(read.case, edition, answer)))
            except BadFacts as bad:
                for fault in bad.faults:
                    codes.add(_refuse(f"rad {read.line}: {fault.fact}: {_said(read.case, fault)}{fault.allowed}"))
            except MissingValue as missing:
                print(f"rad {read.line}: {missing}", file=sys.stderr)
                codes.add(MISSING)
    return BAD_INPUT if BAD_INPUT in codes else max(codes)


def _asked(asked: Inquiry, case: dict[str, Any], edition: Edition) -> Answer:
    """The answer; no name in the user's own words may tell who somebody is.

    Raises:
        BadFacts: The case has faults.
        MissingValue: The parties have not entered a number that the case needs.
    """
    persons = persons_in(asked, case) if isinstance(asked, Question) else []
    try:
        answer = asked.ask(case, edition)
    except BadFacts as bad:
        raise BadFacts([*persons, *bad.faults]) from None
    if persons:
        raise BadFacts(persons)
    return answer


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
