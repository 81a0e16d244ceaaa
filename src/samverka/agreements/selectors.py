"""Reading what is entered, and the book that it makes: everybody who may read sees all of it, it binds them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, Count, F, QuerySet, Value, When, Window
from django.urls import reverse

from avtal.calendar import STOCKHOLM
from samverka.agreements.book import Approved, Book, build
from samverka.agreements.county import base, edition_of
from samverka.agreements.gaps import Missing, missing
from samverka.agreements.models import Entered, Ruling, Snapshot
from samverka.agreements.preview import Preview, preview
from samverka.core.acting import Actor
from samverka.core.waiting import Waiting


class OtherBook(LookupError):
    """A snapshot cannot be built again: the code or the values are not those it was made with."""


#: What has become of a value, as the database says it.
STATE = Case(
    When(ruling__isnull=True, then=Value("waiting")),
    When(ruling__approved=True, then=Value("approved")),
    default=Value("declined"),
    output_field=CharField(max_length=16),
)


def entered_for(actor: Actor) -> QuerySet[Entered]:
    """Every value that anybody has proposed, with what became of it in ``state``: waiting, approved or declined."""
    actor.must("read")
    return Entered.objects.select_related("ruling", "replaces").annotate(state=STATE)


def waiting_for_ruling(actor: Actor) -> QuerySet[Entered]:
    """The values that this actor may rule on: proposed by somebody else, not yet ruled on."""
    if not actor.may("approve"):
        return Entered.objects.none()
    return entered_for(actor).filter(ruling=None).exclude(proposed_by=actor.user)


def waiting_for(actor: Actor, on: date) -> list[Waiting]:  # noqa: ARG001  # every app's has the day
    """How many values wait for this actor's ruling."""
    count = waiting_for_ruling(actor).count()
    if not count:
        return []
    text = "1 värde väntar på beslut" if count == 1 else f"{count} värden väntar på beslut"
    return [Waiting(text, count, f"{reverse('agreements:entered')}?state=waiting")]


def missing_for_next_settlement(on: date) -> list[Missing]:
    """What the settlements around a day need and nobody has entered or confirmed; who decides it, and where."""
    return list(_missing(book_now(), on))


@lru_cache(maxsize=4)
def _missing(book: Book, on: date) -> tuple[Missing, ...]:
    """By the book itself: the front page asks each time, and the book is the same until something is ruled on."""
    return tuple(missing(book, on))


def book_now() -> Book:
    """The edition with all approved values: one small query, and built anew only when something was ruled on."""
    key = _last_ruling()
    found = _NOW.get(key)
    if found is None:
        found = _built(_approved())
        _NOW.clear()
        _NOW[key] = found
    return found


def _last_ruling() -> tuple[object, ...]:
    """What the database says of the last approving ruling: asked so often that the question is written only once."""
    with connection.cursor() as cursor:
        cursor.execute(*_question_of_last(connection.vendor))
        return tuple(cursor.fetchone() or ())


@cache
def _question_of_last(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    last = (
        Ruling.objects.filter(approved=True)
        .annotate(count=Window(Count("pk")))
        .order_by("-pk")
        .values_list("pk", "count", "entered__public_id", "ruled_at")[:1]
    )
    sql, given = last.query.sql_with_params()
    return sql, tuple(given)


#: The last ruling's key, how many there are, and who it is about -> the book. A ruling that was rolled back leaves its
#: key to another one, so the key alone would not do.
_NOW: dict[tuple[object, ...], Book] = {}


def book_known_on(day: date | None, *, today: date) -> Book:
    """The book as it was known when a day ended; None and days from today on are the book of now."""
    if day is None or day >= today:
        return book_now()
    return book_as_known(end_of(day))


def end_of(day: date) -> datetime:
    """The last moment of a day in Stockholm."""
    return datetime.combine(day + timedelta(days=1), time(), STOCKHOLM) - timedelta(microseconds=1)


def preview_for(
    actor: Actor,
    *,
    kind: str,
    payload: Mapping[str, Any],
    document: str,
    document_date: date,
    example: bool,
    at: datetime,
    replaces: Entered | None = None,
) -> Preview:
    """What a value would change if it were approved now.

    Raises:
        BadPayload: It is not what its kind allows.
    """
    actor.must("read")
    return preview(
        book_now(), _approved(), kind=kind, payload=payload, document=document, document_date=document_date,
        example=example, at=at, replaces=replaces.pk if replaces else None,
    )  # fmt: skip


def book_as_known(at: datetime) -> Book:
    """The book as it was known at a moment: what was approved by then, and dated by its documents no later."""
    return _built(_approved(until=at), at.astimezone(STOCKHOLM).date())


def book_of(snapshot: Snapshot) -> Book:
    """The book of a snapshot, built again from its values and held against its fingerprint.

    Raises:
        OtherBook: It is not the same: a value is gone, or the edition's files or rules have changed since.
    """
    return _rebuilt(snapshot.fingerprint, snapshot.edition, tuple(snapshot.entered))


@lru_cache(maxsize=16)
def _rebuilt(fingerprint: str, code: str, ids: tuple[int, ...]) -> Book:
    """By fingerprint, so what is remembered can be no other book."""
    rows = {row.id: row for row in _approved(ids=ids)}
    absent = [id_ for id_ in ids if id_ not in rows]
    if absent:
        raise OtherBook(f"{fingerprint[:16]}: de godkända värdena {absent} finns inte")
    book = build(edition_of(code), [rows[id_] for id_ in ids])
    if book.fingerprint != fingerprint:
        raise OtherBook(f"{fingerprint[:16]}: utgåvan blir {book.fingerprint[:16]}; programmet eller filerna är andra")
    return book


def _approved(*, until: datetime | None = None, ids: Iterable[int] | None = None) -> tuple[Approved, ...]:
    """The approved values in order of ruling."""
    rulings = Ruling.objects.filter(approved=True).order_by("ruled_at", "pk")
    if until is not None:
        rulings = rulings.filter(ruled_at__lte=until)
    if ids is not None:
        rulings = rulings.filter(entered_id__in=list(ids))
    rows = rulings.values_list(
        "entered_id", F("entered__kind"), F("entered__payload"), F("entered__document"), F("entered__document_date"),
        F("entered__example"), "ruled_at", F("entered__replaces_id"),
    )  # fmt: skip
    return tuple(Approved(*row) for row in rows)


def _built(approved: tuple[Approved, ...], known_at: date | None = None) -> Book:
    return build(base(), approved, known_at=known_at)
