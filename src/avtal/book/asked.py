"""How the questions of responsibility are put to a person: the words of ``questions.toml``, held against the rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from importlib.resources import files

from avtal.book.edition import Edition
from avtal.book.load import Table, check_keys, check_known, read_toml
from avtal.book.question import Question

FILE = "questions.toml"


@dataclass(frozen=True, slots=True)
class FactWords:
    """How one fact is asked for.

    Attributes:
        ask: The question.
        label: The same as a statement, where the edition's words have another thing of that name.
        more: What whoever answers may need to know.
        clause: The clause to show; empty for the first one of the rules that use the fact.
        takes: The values of other facts that the question takes for granted.
        options: What to choose among, where any code is allowed.
        levels: Names of a number's values, from its least.
        health: Whether it tells of the person's health; what is no health fact is asked for first.
    """

    ask: str
    label: str = ""
    more: str = ""
    clause: str = ""
    takes: Mapping[str, bool | str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    health: bool = False


@dataclass(frozen=True, slots=True)
class Together:
    """Facts that the answer's fields hold where an output can have a value, though no rule looks at them."""

    output: str
    value: bool | str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entrance:
    """How one question is presented.

    Attributes:
        title: The question as a heading.
        entrance: What the way in to it is called.
        about: What it answers, for who chooses among the ways in.
        outputs: The fields of the answer that come first.
        more: Those that are shown where they have a value.
        money: Those that tell who pays.
        gates: Output -> the output by which it is shown, unless that is false.
        together: Facts that no rule looks at.
        grounds: The ground of an answer -> a plain sentence.
        headings: Heading -> the codes of a long list.
        carries: Another question -> its facts that an answer's field gives.
        flexible: What it takes to depart from the answer, each with its clause.
        warned: The flags whose last open fact is asked for, though the answer does not hang on it.
    """

    title: str
    entrance: str
    about: str
    outputs: tuple[str, ...]
    more: tuple[str, ...]
    money: tuple[str, ...]
    gates: Mapping[str, str]
    together: tuple[Together, ...]
    grounds: Mapping[str, str]
    headings: Mapping[str, tuple[str, ...]]
    carries: Mapping[str, Mapping[str, str]]
    flexible: tuple[tuple[str, str], ...]
    warned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Every fact's question, and every way in."""

    facts: Mapping[str, FactWords]
    entrances: Mapping[str, Entrance]


def load_asked(package: str, questions: Mapping[str, Question], edition: Edition) -> Asked:
    """The words of an edition's questions.

    Raises:
        BookError: A key is unknown, a fact has no question, or a name is none of the rules' or the clauses'.
    """
    told = read_toml(files(package), FILE)
    check_keys(FILE, "", told, ("facts", *questions))
    stated = {fact for question in questions.values() for fact in question.facts.stated()}
    check_keys(FILE, "facts", told["facts"], sorted(stated))
    facts = {name: _fact(name, table, stated, edition) for name, table in told["facts"].items()}
    entrances = {name: _entrance(question, told[name], edition) for name, question in questions.items()}
    return Asked(facts, entrances)


def _fact(name: str, table: Table, stated: Collection[str], edition: Edition) -> FactWords:
    place = f"facts.{name}"
    check_keys(FILE, place, table, ("ask",), tuple(one.name for one in fields(FactWords)))
    check_known(FILE, place, [table["clause"]] if "clause" in table else [], edition.clauses)
    check_known(FILE, place, table.get("takes", {}), stated)
    lists = {key: tuple(table[key]) for key in ("options", "levels") if key in table}
    return FactWords(**{**table, **lists})


def _entrance(question: Question, table: Table, edition: Edition) -> Entrance:
    needed = ("title", "entrance", "about", "outputs", "more", "money")
    check_keys(
        FILE,
        question.name,
        table,
        needed,
        ("gates", "together", "grounds", "headings", "carries", "flexible", "warned"),
    )
    gates = table.get("gates", {})
    together = tuple(Together(one["output"], one["value"], tuple(one["facts"])) for one in table.get("together", ()))
    named = [*gates, *gates.values(), *(one.output for one in together)]
    check_known(FILE, question.name, named, question.trees)
    check_known(FILE, question.name, [fact for one in together for fact in one.facts], question.facts)
    flexible = tuple((clause, text) for clause, text in table.get("flexible", ()))
    check_known(FILE, question.name, [clause for clause, _ in flexible], edition.clauses)
    warned = tuple(table.get("warned", ()))
    check_known(FILE, question.name, warned, question.flag_trees)
    headings = {heading: tuple(codes) for heading, codes in table.get("headings", {}).items()}
    lists = {key: tuple(table[key]) for key in ("outputs", "more", "money")}
    return Entrance(
        title=table["title"], entrance=table["entrance"], about=table["about"], **lists, gates=gates,
        together=together, grounds=table.get("grounds", {}), headings=headings, carries=table.get("carries", {}),
        flexible=flexible, warned=warned,
    )  # fmt: skip
