"""Made-up persons to try a changed rule on: ``cohort.toml`` beside an edition's clauses says how they are drawn.

They are nobody. The same seed gives the same persons, on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from random import Random
from typing import cast

from avtal.book.load import check_keys, read_toml
from avtal.book.question import Question
from avtal.language.expression import Value

#: A number, then every fact in the question's order; None is unknown.
Person = tuple[Value | None, ...]

FILE = "cohort.toml"
THOUSAND = 1000
MOST = 200_000
APART = ("other_region", "not_registered", "stays_elsewhere", "unknown")


@dataclass(frozen=True)
class Shares:
    """How made-up persons are drawn.

    Attributes:
        inhabitants: Municipality -> inhabitants, which weigh where a person is registered.
        source: Where the inhabitants come from.
        codes: Fact -> value -> per thousand.
        true: Fact -> for how many of a thousand it is true.
        apart: Per thousand: registered elsewhere, nowhere, staying in another municipality, and a fact not stated.
    """

    inhabitants: Mapping[str, int]
    source: str
    codes: Mapping[str, Mapping[Value, int]]
    true: Mapping[str, int]
    apart: Mapping[str, int]


def shares_of(package: str, question: Question) -> Shares:
    """The shares that an edition's folder holds.

    Raises:
        BookError: A key is unknown or absent.
        ValueError: Shares of a fact are not a thousand together, or a fact does not exist.
    """
    table = read_toml(files(package), FILE)
    check_keys(FILE, "", table, ("inhabitants", "shares"))
    check_keys(FILE, "inhabitants", table["inhabitants"], ("source", "of"))
    shares = dict(table["shares"])
    true, apart = shares.pop("true"), shares.pop("apart")
    check_keys(FILE, "shares.apart", apart, APART)
    codes = {fact: {_value(question, fact, name): n for name, n in found.items()} for fact, found in shares.items()}
    for fact, found in codes.items():
        if sum(found.values()) != THOUSAND:
            raise ValueError(f"{FILE}: [shares.{fact}] är {sum(found.values())} tillsammans; ska vara {THOUSAND}")
    for fact in true:
        _value(question, fact, True)  # a fact's value
    return Shares(table["inhabitants"]["of"], table["inhabitants"]["source"], codes, true, apart)


def _value(question: Question, fact: str, stated: object) -> Value:
    if fact not in question.facts:
        raise ValueError(f"{FILE}: [shares.{fact}] är inget faktum i frågan {question.name}")
    return cast("Value", question.facts[fact].read(stated))  # TOML has no null


def persons(question: Question, shares: Shares, *, count: int, seed: int, on: date) -> Iterator[Person]:
    """Rows for the question's case table: a number, then every fact in its order.

    Args:
        question: Whose facts.
        shares: How they are drawn.
        count: How many persons, at most ``MOST``.
        seed: The same seed gives the same persons.
        on: The day that the answers hold for.
    """
    dice = Random(seed)  # noqa: S311  # made-up persons, nothing secret
    homes, weights = list(shares.inhabitants), list(shares.inhabitants.values())
    unknown = shares.apart["unknown"]
    for number in range(min(count, MOST)):
        [home] = dice.choices(homes, weights)
        case = _person(dice, question, shares) | _home(dice, shares, home)
        hidden = {name: None for name in case if dice.randrange(THOUSAND) < unknown}
        case |= {**hidden, "day": on, "date": on}
        yield (number, *(case.get(fact) for fact in question.facts))


def _person(dice: Random, question: Question, shares: Shares) -> dict[str, Value | None]:
    case: dict[str, Value | None] = {}
    for fact, found in shares.codes.items():
        [case[fact]] = dice.choices(list(found), list(found.values()))
    for fact, of_thousand in shares.true.items():
        case[fact] = dice.randrange(THOUSAND) < of_thousand
    if "age" in question.facts:
        case["age"] = dice.randrange(6, 18) if case["housing"] == "lss_short_term_child" else dice.randrange(40, 100)
    return case


def _home(dice: Random, shares: Shares, home: str) -> dict[str, Value | None]:
    """Where the person is registered and stays: at home, but for a few."""
    drawn, others = dice.randrange(THOUSAND), sorted(set(shares.inhabitants) - {home})
    other_region, nowhere = shares.apart["other_region"], shares.apart["not_registered"]
    if drawn < other_region:
        return {"registered_in": "OTHER_REGION", "staying_in": home}
    if drawn < other_region + nowhere:
        return {"registered_in": "NOT_REGISTERED", "staying_in": home}
    elsewhere = drawn < other_region + nowhere + shares.apart["stays_elsewhere"]
    return {"registered_in": home, "staying_in": dice.choice(others) if elsewhere else home}
