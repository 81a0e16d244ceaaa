"""The API's schema, made from the facts, the readings and the answers themselves: it cannot say anything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from avtal.book.edition import Edition
from avtal.book.inquiry import ECHOED
from avtal.book.question import Question
from avtal.language.expression import Kind
from avtal.language.facts import FIRST_DAY, LAST_DAY, LONGEST_NAME, Fact

Schema = dict[str, Any]

#: The most cases in one request, and the most bytes.
MOST_CASES = 1_000
LONGEST_BODY = 1024 * 1024
#: What an answer has beside its own fields.
COMMON = (
    "checklist", "checklist_open", "flags", "missing", "next_question", "clauses", "readings", "edition",
    "explanation", "alternatives",
)  # fmt: skip
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}


def components(question: Question, edition: Edition) -> dict[str, Schema]:
    """The named schemas of a question: its facts and its answer, and what every question shares."""
    return {
        _facts(question): facts_schema(question, edition),
        _answer(question): answer_schema(question, edition),
        "Faults": {
            "type": "array",
            "items": _whole_object(fact={"type": "string"}, message={"type": "string"}),
            "minItems": 1,
        },
        "Message": _whole_object(message={"type": "string"}),
        "Step": _whole_object(
            name={"type": "string"}, label={"type": "string"}, kind={"type": "string"}, value={},
            shown={"type": "string"}, unit={"type": "string"}, clauses=_TEXTS, source={"type": "string"},
            note={"type": "string"}, steps={"type": "array", "items": _named("Step")},
        ),
    }  # fmt: skip


def operation(question: Question, edition: Edition) -> Schema:
    """What OpenAPI says of asking a question, beside its address."""
    facts, answer = _named(_facts(question)), _named(_answer(question))
    told = {
        200: ("Svaret; till en lista ett svar, eller felen, för varje fall i samma ordning", {
            "anyOf": [answer, {"type": "array", "items": {"anyOf": [answer, _whole_object(faults=_named("Faults"))]}}],
        }),
        400: ("Inte JSON: fel i texten, en nyckel två gånger, NaN; varken objekt eller lista", _named("Message")),
        405: ("Bara POST", _named("Message")),
        411: ("Frågan kom i stycken (Transfer-Encoding: chunked), utan Content-Length", _named("Message")),
        413: (f"Mer än {MOST_CASES} fall eller {LONGEST_BODY} tecken", _named("Message")),
        415: ("Inte application/json i UTF-8", _named("Message")),
        422: ("Fel i uppgifterna: var och en med vad som är tillåtet", _named("Faults")),
        500: ("Fel hos oss, som när databasen inte svarar: fråga igen om en stund", _named("Message")),
    }  # fmt: skip
    cases = {
        "type": "array",
        "maxItems": MOST_CASES,
        "items": {"description": "Ett fall som ovan; ett fel i ett fall hindrar inte svar på de andra."},
    }
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"anyOf": [facts, cases]}}},
        },
        "parameters": [
            _parameter("reading", "Räkna med en annan läsning; kan upprepas", {
                "type": "array", "items": {"enum": list(readings(edition))},
            }),
            _parameter("as_known", "Räkna med det som var känt den dagen", {
                "type": "string", "pattern": day_pattern(FIRST_DAY.year),
            }),
        ],
        "responses": {
            status: {"description": text, "content": {"application/json": {"schema": schema}}}
            for status, (text, schema) in told.items()
        },
    }  # fmt: skip


def readings(edition: Edition) -> Iterator[str]:
    """Every choice of reading that can be computed, as it is written."""
    for reading in edition.readings.values():
        for option in reading.computed:
            yield f"{reading.id}={option}"


def facts_schema(question: Question, edition: Edition) -> Schema:
    """What a case may state: null and an absent fact are unknown, which is never false."""
    echo = {
        "title": "Fallets eget namn",
        "description": "Ges tillbaka som det är",
        "type": ["string", "integer", "boolean", "null"],
    }
    facts = {name: fact_schema(question.facts[name], question, edition) for name in question.facts.stated()}
    return {
        "type": "object",
        "description": "Uppgifterna i ett fall. Utelämnat eller null betyder okänt, aldrig nej.",
        "properties": {**dict.fromkeys(ECHOED, echo), **facts},
        "additionalProperties": False,
    }


def fact_schema(fact: Fact, question: Question, edition: Edition) -> Schema:
    """What may be stated of one fact."""
    told: Schema = {"title": edition.words.label(fact.name), "description": fact.allowed()}
    match fact.kind:
        case Kind.BOOL:
            return {**told, "type": ["boolean", "null"]}
        case Kind.DATE:
            first = _first_year(question, edition)
            days = f"ett datum som finns, från {first}-01-01 till {LAST_DAY}"
            return {**told, "description": days, "type": ["string", "null"], "pattern": day_pattern(first)}
        case Kind.CODE if fact.own_words:
            return {**told, "type": ["string", "null"], "minLength": 1, "maxLength": LONGEST_NAME, "format": "name"}
        case Kind.CODE if fact.values:
            return {**told, "enum": [*fact.values, None]}
        case Kind.CODE:
            return {**told, "type": ["string", "null"], "pattern": "^[a-z][a-z0-9_]{0,60}$"}
    if fact.clock:
        return {**told, "type": ["string", "null"], "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
    low, high, scale = fact.low, fact.high, fact.scale
    places = len(str(scale)) - 1
    number: Schema = {"type": "number", "multipleOf": 1 / scale} if places else {"type": "integer"}
    said = {"type": "string", "pattern": number_pattern(low, high, places)}
    number |= {"minimum": low // scale, "maximum": high // scale}
    return {**told, "anyOf": [number, said, {"type": "null"}]}


def answer_schema(question: Question, edition: Edition) -> Schema:
    """What an answer holds: its own fields by name, as an answer to nothing has them, and what every answer has."""
    own = [name for name in question.ask({}, edition).fields if name not in COMMON]
    stated = list(question.facts.stated())
    duty: dict[str, Schema] = {
        "duty": {"type": "string"},
        "label": {"type": "string"},
        "who": {"type": "string"},
        "should": {"type": "boolean"},
        "clauses": _TEXTS,
    }
    facts: Schema = {"type": "array", "items": {"enum": stated}}
    common: Schema = {
        "checklist": {"type": "array", "items": _whole_object(**duty)},
        "checklist_open": {"type": "array", "items": _whole_object(**duty, missing=facts)},
        "flags": _TEXTS,
        "missing": facts,
        "next_question": {"enum": [*stated, None]},
        "clauses": _TEXTS,
        "readings": _TEXTS,
        "edition": {"const": edition.code},
        "explanation": _named("Step"),
        "alternatives": {"type": "object", "additionalProperties": {"type": "object"}},
    }  # fmt: skip
    fields = {name: {"title": edition.words.label(name)} for name in own}
    return {
        "type": "object",
        "properties": {**{name: {} for name in ECHOED}, **fields, **common},
        "required": [*own, *common],
        "additionalProperties": False,
    }


def day_pattern(first: int) -> str:
    """Days that exist, from the first of January of a year, as ISO 8601 writes them."""
    months = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8])"
    years = "|".join(_between(first, LAST_DAY.year))
    leap = "|".join(
        str(year) for year in range(first, LAST_DAY.year + 1) if (year % 4 == 0 and year % 100) or not year % 400
    )
    return f"^(({years})-({months})|({leap})-02-29)$"


def number_pattern(low: int, high: int, places: int) -> str:
    """A number from ``low`` to ``high``, whole multiples of 10**-places, as a text may say it."""
    scale = 10**places
    zeros = "([.,]0{1,9})?"
    said = [f"({'|'.join(_between(low // scale, high // scale))}){zeros}"]
    if places:
        below = "|".join(_between(low // scale, high // scale - 1))
        said.append(f"({below})[.,][0-9]{{1,{places}}}0{{0,{9 - places}}}")
    if low <= 0:
        said.append(f"-0{zeros}")
    return f"^({'|'.join(said)})$"


def _between(low: int, high: int) -> Iterator[str]:
    """Patterns that together match the whole numbers from ``low`` to ``high``, and nothing else."""
    start = low
    while start <= high:
        end = min(high, 10 ** len(str(start)) - 1)
        yield from _alike(str(start), str(end))
        start = end + 1


def _alike(low: str, high: str) -> Iterator[str]:
    """The same for numbers of as many digits: from both ends inwards."""
    if len(low) == 1:
        yield f"[{low}-{high}]"
        return
    rest = len(low) - 1
    first, last = int(low[0]), int(high[0])
    if first == last:
        yield from (low[0] + tail for tail in _alike(low[1:], high[1:]))
        return
    if low[1:] != "0" * rest:
        yield from (low[0] + tail for tail in _alike(low[1:], "9" * rest))
        first += 1
    full = high[1:] == "9" * rest
    if first <= last - (not full):
        yield f"[{first}-{last - (not full)}][0-9]{{{rest}}}"
    if not full:
        yield from (high[0] + tail for tail in _alike("0" * rest, high[1:]))


def _first_year(question: Question, edition: Edition) -> int:
    """The first year in which everything that the question looks up by day is known from its first day on."""
    days = [min(value.since for value in edition.parameters[name].values) for name in question.parameters]
    return max((day.year + (day > day.replace(month=1, day=1)) for day in days), default=FIRST_DAY.year)


def _parameter(name: str, text: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema}


def _whole_object(**properties: Schema) -> Schema:
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


def _named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _facts(question: Question) -> str:
    return f"{question.name.title()}Facts"


def _answer(question: Question) -> str:
    return f"{question.name.title()}Answer"
