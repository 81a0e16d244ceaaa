"""``POST /api/v1/decisions/...``: who is responsible, asked by another system. Nothing is stored, no fact is logged."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router

from avtal.book.answer import BadFacts
from avtal.book.edition import Edition
from avtal.book.inquiry import ECHOED
from avtal.book.missing import MissingValue
from avtal.book.question import Question
from avtal.book.readings import Choice
from avtal.language.facts import FactConflict, FactError, day
from samverka.agreements.book import Book
from samverka.agreements.county import QUESTIONS
from samverka.agreements.selectors import book_known_on, book_now
from samverka.care.api_schema import LONGEST_BODY, MOST_CASES
from samverka.care.guard import persons_in
from samverka.core.exact_json import NotJson, read_json

router = Router()

KIND = "application/json"
#: What each question is, for who reads the documentation.
ASKED = {
    "care": "Vem ansvarar för en persons vård?",
    "product": "Vem betalar och förskriver en produkt?",
    "matter": "Vem ansvarar i en annan fråga?",
}
ECHO = "text eller ett heltal"
#: What may be asked for beside the case.
KEYS = ("reading", "as_known")


class Refusal(Exception):
    """A request that is not answered: its status, and what to say."""

    def __init__(self, status: int, said: Any) -> None:
        super().__init__(said)
        self.status = status
        self.said = said


def answer(question: Question, request: HttpRequest) -> HttpResponse:
    """What the question's cases get: an answer or its faults, or one of each for a list."""
    try:
        cases = _cases(request)
        edition = _edition(request)
        if isinstance(cases, dict):
            return _sent(200, _told(question, cases, edition))
        return _sent(200, b"[%b]" % b", ".join([_line(question, case, edition) for case in cases]))
    except Refusal as refused:
        return _sent(refused.status, _json(refused.said))


def refusal(status: int, message: str) -> HttpResponse:
    """An answer that only says what is wrong."""
    return _sent(status, _json({"message": message}))


def _sent(status: int, told: bytes) -> HttpResponse:
    return HttpResponse(told, content_type=KIND, status=status)


def _json(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()


def _cases(request: HttpRequest) -> dict[str, Any] | list[Any]:
    if request.content_type != KIND or (request.content_params or {}).get("charset", "utf-8").lower() != "utf-8":
        raise Refusal(415, {"message": f"Skicka {KIND} i UTF-8."})
    body = request.read(LONGEST_BODY + 1)
    if len(body) > LONGEST_BODY:
        raise Refusal(413, {"message": f"Högst {LONGEST_BODY} tecken i en fråga."})
    if not body and "HTTP_TRANSFER_ENCODING" in request.META:  # in pieces of a length that nobody told: none is read
        raise Refusal(411, {"message": "Skicka frågan i ett stycke, med Content-Length."})
    try:
        found = read_json(body.decode(), unread=float, constant=_no_number)  # no fact is a float: it refuses one
    except UnicodeDecodeError:
        raise Refusal(400, {"message": "inte UTF-8"}) from None
    except NotJson as fault:
        raise Refusal(400, {"message": str(fault)}) from None
    if not isinstance(found, dict | list):
        raise Refusal(400, {"message": "Ett fall är ett objekt; flera fall är en lista."})
    if isinstance(found, list) and len(found) > MOST_CASES:
        raise Refusal(413, {"message": f"Högst {MOST_CASES} fall i en fråga."})
    return found


def _no_number(said: str) -> None:
    raise NotJson(f"{said}: inte ett tal i JSON")


def _edition(request: HttpRequest) -> Edition:
    """The book in force, or as it was known on a day, with the readings that the request asks for."""
    now = _lately(request.moment)  # type: ignore[attr-defined]  # set for every request of the API
    if not request.META.get("QUERY_STRING"):
        return now.edition
    unknown = f"okänd nyckel; tillåtna är {', '.join(KEYS)}"
    faults: list[FactError] = [FactConflict(key, unknown) for key in request.GET if key not in KEYS]
    known = _known(request.GET.getlist("as_known"), faults)
    book = now if known is None else _book(now, known, request.tell_day())  # type: ignore[attr-defined]  # as is this
    asked = tuple(request.GET.getlist("reading"))
    try:
        edition = _chosen(book, asked)
    except ValueError as fault:
        faults.append(FactConflict("reading", str(fault)))
    if faults:
        raise Refusal(422, _faults(faults))
    return edition


def _lately(moment: float) -> Book:
    """The book in force, looked up at most once in so many seconds: the query costs as much as half of a decision."""
    looked = _LOOKED.get("last")
    if looked is None or not 0 <= moment - looked[0] < settings.BOOK_SECONDS:
        looked = _LOOKED["last"] = moment, book_now()
    return looked[1]


#: The book that was looked up last, and when.
_LOOKED: dict[str, tuple[float, Book]] = {}


def _known(asked: list[str], faults: list[FactError]) -> date | None:
    if len(asked) > 1:
        faults.append(FactConflict("as_known", "anges två gånger; en dag räcker"))
        return None
    try:
        found = [day("as_known").read(one) for one in asked]
    except FactError as fault:
        faults.append(fault)
        return None
    return next((one for one in found if isinstance(one, date)), None)


@lru_cache(maxsize=8)
def _book(now: Book, known: date, today: date) -> Book:  # noqa: ARG001  # another ruling makes another book
    return book_known_on(known, today=today)


@lru_cache(maxsize=8)
def _chosen(book: Book, asked: tuple[str, ...]) -> Edition:
    """The book's edition with other readings: kept, since what is worked out for one takes time.

    Raises:
        ValueError: There is no such choice.
    """
    choices: list[Choice] = []
    for one in asked:
        reading, equals, option = one.partition("=")
        if not equals:
            raise ValueError("läsning och val, som A61=municipality_responsible")
        if any(choice.reading == reading for choice in choices):
            raise ValueError(f"{reading} anges två gånger; en läsning har ett val")
        choices.append(Choice(reading, option, "anropet", date.min, "anropet"))
    return book.edition.choosing(*choices) if choices else book.edition


def _told(question: Question, case: dict[str, Any], edition: Edition) -> bytes:
    unfit: list[FactError] = [FactError(key, ECHO) for key in ECHOED if not _echoes(case.get(key))]
    unfit += persons_in(question, case)
    try:
        told = question.told(case, edition)
    except BadFacts as bad:
        unfit += bad.faults
    except MissingValue as missing:
        unfit.append(FactConflict("date", str(missing)))  # all that a question looks up goes by the day
    if unfit:
        raise Refusal(422, _faults(unfit))
    return told


def _line(question: Question, case: Any, edition: Edition) -> bytes:
    if not isinstance(case, dict):
        return _json({"faults": [{"fact": "", "message": "Ett fall är ett objekt."}]})
    try:
        return _told(question, case, edition)
    except Refusal as refused:
        return _json({"faults": refused.said})


def _echoes(value: Any) -> bool:
    return value is None or isinstance(value, str | int)


def _faults(faults: list[FactError]) -> list[dict[str, str]]:
    return [
        {"fact": one.fact, "message": one.allowed if isinstance(one, FactConflict) else f"tillåtet är {one.allowed}"}
        for one in faults
    ]


def _view(question: Question) -> Callable[[HttpRequest], HttpResponse]:
    def decide(request: HttpRequest) -> HttpResponse:
        return answer(question, request)

    return decide


for _question in QUESTIONS.values():
    router.post(
        f"/{_question.name}",
        url_name=_question.name,
        operation_id=f"decide_{_question.name}",
        summary=ASKED[_question.name],
    )(_view(_question))
