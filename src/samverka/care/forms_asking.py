"""What is sent from a page of the open question: answers so far, what stood on the page, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile

from django.http import QueryDict

from samverka.care.asking import Interview
from samverka.care.asking_fields import AMOUNT, CHOICES, NUMBER, Fields
from samverka.care.asking_standing import DAY, PASSED
from samverka.care.services import CFS_ASSESSORS, CFS_VERSIONS

LONGEST = 200
VERSION, ASSESSOR = "cfs_version", "cfs_assessor"
#: What names the facts on the page; what was answered before the page is sent before it, the rest after it.
SHOWN = "shown"
CHOOSE = "Välj ett svar, eller Vet inte."
WRITE = "Fyll i ett svar, eller kryssa för Vet inte."


@dataclass(frozen=True, slots=True)
class Rating:
    """How frailty was rated: the scale's version and the profession of whoever rated, never a name."""

    version: str = ""
    assessor: str = ""

    @property
    def told(self) -> str:
        """In words, for the sheet."""
        assessor = CFS_ASSESSORS.get(self.assessor, "")
        parts = (f"version {self.version}" if self.version else "", f"bedömd av {assessor}" if assessor else "")
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came in.

    Attributes:
        raw: Fact -> what was sent, in order of answering; the day is today where nothing else was sent.
        shown: The facts that stood on the page.
        before: The keys that came before them: what was answered before the page. None where no facts stood on it.
        unanswered: Those of them that nothing was chosen for: fact -> what to do.
        change: The fact that is to be asked again.
        back: Whether the question before is to be shown.
        outcome: Whether the answer is to be shown though there is more to ask.
        looking: Whether just what is forming is wanted, while the page is being filled in.
        rating: How frailty was rated.
    """

    raw: dict[str, str]
    shown: tuple[str, ...] = ()
    before: frozenset[str] | None = None
    unanswered: Mapping[str, str] = field(default_factory=dict)
    change: str = ""
    back: bool = False
    outcome: bool = False
    looking: bool = False
    rating: Rating = Rating()


def nothing_sent(today: date) -> Sent:
    """Before anything is said: the day is today."""
    return Sent({DAY: today.isoformat()})


def read(post: QueryDict, interview: Interview, fields: Fields, today: date) -> Sent:
    """What a form sent; keys that are none of the question's are left where they are."""
    declared = interview.question.facts.stated()
    raw = {DAY: today.isoformat()}
    for name in post:
        if name in declared and (value := _value(post.getlist(name))):
            raw[name] = "".join(value.split()) if fields.kind(name) in (NUMBER, AMOUNT) else value
    shown = tuple(name for name in post.getlist(SHOWN) if name in declared)
    before = frozenset(takewhile(lambda name: name != SHOWN, post)) if shown else None
    change = post.get("change", "")
    back, looking = "back" in post, "look" in post
    leaving = back or looking or change in declared or "outcome" in post
    missed = () if leaving else (name for name in shown if name not in raw)
    unanswered = {name: CHOOSE if fields.kind(name) == CHOICES else WRITE for name in missed}
    return Sent(
        raw,
        shown,
        before,
        unanswered,
        change if change in declared else "",
        back,
        "outcome" in post,
        looking,
        _rating(post),
    )


def _value(sent: list[str]) -> str:
    """What was written or chosen; what is written counts before the box for who does not know."""
    told = [one.strip()[:LONGEST] for one in sent if one.strip()]
    return next((one for one in reversed(told) if one != PASSED), PASSED if told else "")


def _rating(post: QueryDict) -> Rating:
    version, assessor = post.get(VERSION, ""), post.get(ASSESSOR, "")
    return Rating(version if version in CFS_VERSIONS else "", assessor if assessor in CFS_ASSESSORS else "")
