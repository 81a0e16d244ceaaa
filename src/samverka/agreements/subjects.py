"""What an entered value is about: its clauses, its label for readers, and where its page is."""

from __future__ import annotations

from django.urls import reverse

from avtal.book.edition import Edition
from samverka.agreements.county import KEY_READING, MODEL_READING
from samverka.agreements.payloads import (
    NORMAL_RANGE,
    Dated,
    DevelopmentKey,
    Factors,
    Index,
    NormalRange,
    Payload,
    ReadingChoice,
)


def clauses_of(payload: Payload, edition: Edition) -> tuple[str, ...]:
    """The clauses that a value carries out."""
    match payload:
        case Index(series):
            return index_clauses(series, edition)
        case Dated(name):
            return edition.parameters[name].clauses
        case NormalRange():
            return edition.parameters[NORMAL_RANGE[0]].clauses
        case Factors():
            return edition.readings[MODEL_READING].clauses
        case DevelopmentKey():
            return edition.readings[KEY_READING].clauses
        case ReadingChoice(reading):
            return edition.readings[reading].clauses


def index_clauses(series: str, edition: Edition) -> tuple[str, ...]:
    """The clauses that say that a price follows a series."""
    indexed = (parameter.index for parameter in edition.parameters.values() if parameter.index)
    return tuple(dict.fromkeys(index.clause for index in indexed if index.series == series))


def label_of(payload: Payload, edition: Edition) -> str:
    """What the value is, in a few words."""
    match payload:
        case Index(series, index_year):
            return f"{series} för {index_year}"
        case Dated(name, since):
            return f"{edition.words.label(name)} från {since}"
        case NormalRange(since):
            return f"Normalvariation från {since}"
        case Factors(year):
            return f"Vikter i trefaktormodellen för {year}"
        case DevelopmentKey(since):
            return f"Nyckel för utvecklingsmedel från {since}"
        case ReadingChoice(reading):
            return f"{reading} {edition.words.label(reading)}"


def value_of(payload: Payload, edition: Edition) -> str:
    """What the value says, as a reader expects it."""
    words = edition.words
    match payload:
        case Index(_, _, percent, status):
            return f"{words.show('index_step', percent)} ({words.code(status)})"
        case Dated(name, _, value):
            return words.show(name, value)
        case NormalRange(_, low, high):
            return f"{low}–{high} personer"
        case Factors(_, model):
            return ", ".join(
                f"{FACTOR_WORDS[factor]} {one['weight'].replace('.', ',')}\N{NO-BREAK SPACE}%"
                for factor, one in model.items()
            )
        case DevelopmentKey(_, shares):
            return ", ".join(
                f"{words.label(name)} {share.replace('.', ',')}\N{NO-BREAK SPACE}%" for name, share in shares.items()
            )
        case ReadingChoice(reading, option):
            return edition.readings[reading].options[option]


FACTOR_WORDS = {"elderly": "äldre", "accessibility": "tillgänglighet", "socioeconomics": "socioekonomi"}


def page_of(payload: Payload) -> str:
    """The address of the page that shows what is in force."""
    match payload:
        case Index(series):
            return reverse("agreements:series", args=[series])
        case Dated(name):
            return reverse("agreements:parameter", args=[name])
        case NormalRange():
            return reverse("agreements:parameter", args=[NORMAL_RANGE[0]])
        case ReadingChoice(reading):
            return reverse("agreements:reading", args=[reading])
        case Factors() | DevelopmentKey():
            return reverse("agreements:keys")


def details_of(payload: Payload, edition: Edition) -> list[tuple[str, str]]:
    """What more a value says, label by label."""
    match payload:
        case Index(series, index_year, _, _, published):
            return [
                ("Indexserie", edition.series[series].label),
                ("Indexår", str(index_year)),
                ("Publicerat", published.isoformat()),
            ]
        case Dated(_, since) | NormalRange(since) | DevelopmentKey(since):
            return [("Gäller från", since.isoformat())]
        case Factors(year, model):
            words = edition.words
            return [("År", str(year))] + [
                (
                    f"{FACTOR_WORDS[factor].capitalize()}, andelar",
                    ", ".join(
                        f"{words.label(name)} {share.replace('.', ',')}\N{NO-BREAK SPACE}%"
                        for name, share in one["shares"].items()
                    ),
                )
                for factor, one in model.items()
            ]
        case ReadingChoice(_, _, decided_by, decided):
            return [("Beslutat av", decided_by), ("Beslutat", decided.isoformat())]
