"""The agreement's question about a case: its facts as they are stated and as columns, its answer, and who is meant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from avtal.book.answer import BadFacts
from avtal.book.edition import Edition
from avtal.book.question import Question
from avtal.language.facts import Fact
from samverka.agreements.book import Book
from samverka.agreements.county import MUNICIPALITIES, QUESTIONS, base
from samverka.care.guard import short_text
from samverka.care.models.case import Case
from samverka.core.cells import small
from samverka.core.errors import Refused

CARE: Question = QUESTIONS["care"]
FACTS = CARE.facts.stated()
#: What a fact in the user's own words may hold: a health centre's name, and never a person.
OWN_WORDS = tuple(name for name in FACTS if CARE.facts[name].own_words)
REGION = "REGION"


class BadCase(Refused):
    """What is stated has faults: fact -> what is wrong, in words for the user."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        words = base().words
        super().__init__("; ".join(f"{words.label(name)}: {told}" for name, told in faults.items()))
        self.faults = dict(faults)


def columns_of(stated: Mapping[str, Any], edition: Edition) -> dict[str, Any]:
    """What is stated as the case's columns; what is left out is unknown.

    Raises:
        BadCase: A value is not what is allowed, does not go with the others, or could say who somebody is.
    """
    faults: dict[str, str] = {name: "finns inte i frågan" for name in stated if name not in FACTS}
    for name in OWN_WORDS:
        try:
            short_text(str(stated.get(name) or ""), what="Namnet", longest=80)
        except Refused as refused:
            faults[name] = str(refused)
    known = {name: value for name, value in stated.items() if name in FACTS}
    try:
        values = CARE.case(known, edition)
    except BadFacts as bad:
        raise BadCase({**{fault.fact: fault.allowed for fault in bad.faults}, **faults}) from None
    if faults:
        raise BadCase(faults)
    return {name: values.get(name) for name in CARE.facts}


def stated_of(case: Case) -> dict[str, Any]:
    """A case's facts as they are stated: it gives the same columns again."""
    return {name: _stated(CARE.facts[name], getattr(case, name)) for name in FACTS if getattr(case, name) is not None}


def _stated(fact: Fact, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and fact.scale > 1:
        return f"{Decimal(value) / fact.scale:.2f}"
    return value


def read_text(fact: Fact, text: str) -> Any:
    """What a form's field says: ja, nej or a value; nothing where it is empty."""
    text = text.strip()
    if text in ("", "?"):  # what the open question sends for what is not known
        return None
    return (
        {"ja": True, "true": True, "nej": False, "false": False}.get(text.lower(), text) if _is_yes_no(fact) else text
    )


def _is_yes_no(fact: Fact) -> bool:
    return fact.kind.name == "BOOL"


def proposal_of(case: Case, book: Book, at: datetime) -> dict[str, Any]:
    """What the agreement proposes, as it is kept: the answer with its explanation, by which edition, when.

    Raises:
        BadCase: What is stated has faults.
        Refused: Facts are missing, so that there is no proposal yet.
    """
    stated = stated_of(case)
    try:
        answer = CARE.ask(stated, book.edition)
    except BadFacts as bad:
        raise BadCase({fault.fact: fault.allowed for fault in bad.faults}) from None
    if answer.fields["responsible"] is None:
        words = book.edition.words
        missing = ", ".join(small(words.label(name)) for name in answer.missing)
        raise Refused(f"Det går inte att föreslå något än. Uppgifter saknas: {missing}.")
    return {
        "answer": answer.as_dict(book.edition),
        "alternatives": CARE.alternatives(stated, book.edition, answer),
        "fingerprint": book.fingerprint,
        "at": at.isoformat(),
    }


def missing_of(case: Case, edition: Edition) -> tuple[str, ...]:
    """The facts that a proposal still needs; none where there can be one."""
    answer = CARE.ask(stated_of(case), edition)
    return answer.missing if answer.fields["responsible"] is None else ()


def party_of(named: Any) -> str:
    """The party's code of what an answer names; empty where it is left to people."""
    if not isinstance(named, str) or named == "MANUAL":
        return ""
    kind, _, code = named.partition(":")
    return code.partition(":")[0] if kind == "MUNICIPALITY" else kind


def other_party(owner: str, proposed: str, case: Case) -> str:
    """Whom it is talked over with: who is proposed, else whoever would have answered; empty where there is none."""
    if proposed and proposed != owner:
        return proposed
    return REGION if owner != REGION else _municipality_of(case)


def lacks_municipality(case: Case) -> bool:
    """Whether the region assesses and nobody has said which municipality of the county it is to talk with."""
    return case.owner == REGION and not _municipality_of(case)


def _municipality_of(case: Case) -> str:
    return next((code for code in (case.registered_in, case.staying_in) if code in MUNICIPALITIES), "")
