"""The agreement by document and clause: what each says, and which duties, rules and numbers hang on it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

from avtal.book.clauses import Clause
from avtal.book.duties import Duty
from avtal.book.edition import Edition
from avtal.book.parameters import Parameter
from avtal.book.readings import Reading
from samverka.agreements.county import AS_A_WHOLE, base, charge_clauses, duties
from samverka.agreements.uses import Use, uses_for
from samverka.core.acting import Actor

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the agreement with its clauses."""

    code: str
    title: str
    clauses: tuple[Clause, ...]
    duties: int


@dataclass(frozen=True, slots=True)
class ClausePage:
    """A clause and all that hangs on it.

    Attributes:
        clause: The clause.
        document: The title of its document.
        duties: What somebody shall do.
        rules: Name and Swedish label of each rule that carries it out.
        charges: The same of each charge.
        parameters: The numbers that it sets.
        readings: The open questions about it.
        uses: Where the apps above use it.
    """

    clause: Clause
    document: Document
    duties: tuple[Duty, ...]
    rules: tuple[tuple[str, str], ...]
    charges: tuple[tuple[str, str], ...]
    parameters: tuple[Parameter, ...]
    readings: tuple[Reading, ...]
    uses: tuple[Use, ...]


def documents_for(actor: Actor) -> list[Document]:
    """Every document in the agreement's order."""
    actor.must("read")
    return list(_documents().values())


def document_for(actor: Actor, code: str) -> Document | None:
    """One document; None where there is no such one."""
    actor.must("read")
    return _documents().get(code)


@cache
def _documents() -> dict[str, Document]:
    edition = base()
    found = {}
    for code, title in edition.documents.items():
        clauses = tuple(clause for clause in edition.clauses.values() if clause.document == code)
        ids = {clause.id for clause in clauses}
        found[code] = Document(code, title, clauses, sum(duty.clause in ids for duty in duties()))
    return found


def clause_for(actor: Actor, id_: str) -> ClausePage | None:
    """One clause with all that hangs on it; None where there is no such one."""
    actor.must("read")
    edition = base()
    clause = edition.clauses.get(id_)
    if clause is None:
        return None
    words = edition.words
    return ClausePage(
        clause,
        _documents()[clause.document],
        tuple(duty for duty in duties() if duty.clause == id_),
        tuple((rule.name, words.label(rule.name)) for rule in edition.rules.values() if id_ in rule.clauses),
        tuple((name, words.label(name)) for name, clauses in charge_clauses().items() if id_ in clauses),
        tuple(one for one in edition.parameters.values() if _sets(one, id_)),
        tuple(one for one in edition.readings.values() if id_ in one.clauses),
        tuple(uses_for(actor, id_)),
    )


def _sets(parameter: Parameter, id_: str) -> bool:
    return id_ in parameter.clauses or (parameter.index is not None and parameter.index.clause == id_)


def search_for(actor: Actor, text: str) -> list[Clause]:
    """The clauses whose id or summary holds every word, in the agreement's order; none for an empty text.

    Upper and lower case are alike; å, ä and ö are letters of their own, however they were typed.
    """
    actor.must("read")
    words = plain(text[:LONGEST]).split()
    return [clause for clause, told in _told() if words and all(word in told for word in words)]


@cache
def _told() -> tuple[tuple[Clause, str], ...]:
    return tuple((clause, plain(f"{clause.id} {clause.summary}")) for clause in base().clauses.values())


def plain(text: str) -> str:
    """A text as it is searched: one form for each letter, small letters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def rules_on(edition: Edition, reading: str) -> tuple[tuple[str, str], ...]:
    """Name and label of each charge and question that asks a reading, in its trees or as a whole."""
    charges = dict.fromkeys(
        name.split(".", 1)[0]
        for name, tree in edition.trees.items()
        if any(node.op == "reading" and node.name == reading for node in tree.walk())
    )
    charges |= dict.fromkeys(charge for charge, asked in AS_A_WHOLE.items() if reading in asked)
    return tuple((name, edition.words.label(name)) for name in charges)
