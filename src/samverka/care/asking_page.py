"""A page of the open question, put together from what was sent: which questions, which answers, what goes along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from avtal.book.edition import Edition
from samverka.agreements.county import QUESTIONS, asked
from samverka.care.asking import Interview
from samverka.care.asking_fields import Field, Fields
from samverka.care.asking_outcome import Telling
from samverka.care.asking_standing import DAY, PASSED, Standing, Turn
from samverka.care.forms_asking import Rating, Sent

SCALE = "cfs"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer that was given."""

    name: str
    label: str
    shown: str
    sent: str


@dataclass(frozen=True)
class Page:
    """What is shown.

    Attributes:
        turn: Where the asking stands.
        fields: The questions on the page; none when the answer is shown.
        hidden: What goes along unseen: the answers that are not on the page, those that were given before it.
        later: The same of those after it, where somebody has gone back.
        answers: What has been answered, in order, without the day.
        day: The day that the answer is for.
        dropped: What was answered and is no longer needed.
        decisive: What would change who answers, if it were stated.
        further: What would change something else.
        rating: How frailty was rated.
        rates: Whether frailty is on the page.
        rated: Whether frailty has been rated and is not on the page.
    """

    turn: Turn
    fields: tuple[Field, ...]
    hidden: tuple[tuple[str, str], ...]
    later: tuple[tuple[str, str], ...]
    answers: tuple[Said, ...]
    day: str
    dropped: tuple[Said, ...]
    decisive: tuple[Said, ...]
    further: tuple[Said, ...]
    rating: Rating

    @property
    def first(self) -> bool:
        """Whether nothing was answered before this page."""
        return all(name == DAY for name, _ in self.hidden)

    @property
    def rates(self) -> bool:
        """Whether frailty is asked for on this page."""
        return any(field.name == SCALE for field in self.fields)

    @property
    def rated(self) -> bool:
        """Whether frailty has been rated, on another page."""
        return not self.rates and self.turn.standing.case.get(SCALE) is not None

    @property
    def faults(self) -> tuple[Field, ...]:
        """The questions that something is wrong with."""
        return tuple(field for field in self.fields if field.fault)


class Asking:
    """A question of an edition with its fields and its way of telling the answer."""

    def __init__(self, name: str, edition: Edition) -> None:
        self.interview = Interview(QUESTIONS[name], edition, asked())
        self.fields = Fields(self.interview)
        self.telling = Telling(self.interview, self.fields)

    def page(self, sent: Sent) -> Page:
        """What to show next; a question that something is wrong with comes again, and nothing is lost."""
        standing = self.interview.read(sent.raw)
        faults = {**sent.unanswered, **standing.faults}
        turn = self.interview.turn(standing)
        faults |= turn.standing.faults
        answered = _answered(sent, turn)
        names = self._names(sent, turn, faults, answered)
        shown = replace(turn.standing, faults={name: fault for name, fault in faults.items() if name in names})
        fields = self.fields.page(names, shown)
        raw = {name: value for name, value in turn.standing.raw.items() if name not in names}
        back = not sent.change and (sent.back or sent.looking or bool(faults))
        later = {name for name in raw if name not in (DAY, *answered)} if back else set()
        return Page(
            turn=turn,
            fields=fields,
            hidden=tuple(one for one in raw.items() if one[0] not in later),
            later=tuple(one for one in raw.items() if one[0] in later),
            answers=tuple(self._said(name, value, standing) for name, value in raw.items() if name != DAY),
            day=turn.standing.raw[DAY],
            dropped=tuple(self._said(name, value, standing) for name, value in turn.dropped.items()),
            decisive=tuple(self._said(name, "", standing) for name in turn.decisive),
            further=tuple(self._said(name, "", standing) for name in turn.further),
            rating=sent.rating,
        )

    def _names(
        self, sent: Sent, turn: Turn, faults: Mapping[str, str], answered: Sequence[str]
    ) -> tuple[str, ...]:  # fmt: skip
        """The facts on the page: what is to be changed, what is wrong, what was there, or what comes next."""
        if sent.change:
            return (sent.change,)
        if sent.back:
            return self._before(answered)
        if faults:
            return tuple(dict.fromkeys([*sent.shown, *(name for name in faults if name not in sent.shown)]))
        if sent.looking:
            return sent.shown
        return () if sent.outcome else turn.page

    def _before(self, answered: Sequence[str]) -> tuple[str, ...]:
        """The last page that was answered, before the one that is shown."""
        return self.interview.together(answered[-1], answered) if answered else ()

    def _said(self, name: str, sent: str, standing: Standing) -> Said:
        return Said(name, self.fields.label(name), self.fields.shown(name, sent, standing) if sent else "", sent)

    def carried(self, other: str, page: Page, answer: Mapping[str, Any]) -> dict[str, str]:
        """The facts that another question can begin with: those of the same name, and what this one answered."""
        facts = QUESTIONS[other].facts
        found = {name: sent for name, sent in page.turn.standing.raw.items() if name in facts and sent != PASSED}
        for name, output in self.interview.entrance.carries[other].items():
            found[name] = str(answer[output] or "")
        read = asking_of(other, self.interview.edition).interview.read(found)
        return {name: sent for name, sent in found.items() if sent and name not in read.faults}


def _answered(sent: Sent, turn: Turn) -> list[str]:
    """What was answered before the page that was sent, in order; all of it where no facts stood on one."""
    before = turn.standing.raw if sent.before is None else sent.before
    return [name for name in turn.standing.raw if name in before and name != DAY and name not in sent.shown]


_MADE: dict[tuple[str, str], Asking] = {}


def asking_of(name: str, edition: Edition) -> Asking:
    """A question under the edition in force, made once for each book of values."""
    key = name, edition.fingerprint
    if key not in _MADE:
        if len(_MADE) >= 3 * len(QUESTIONS):
            _MADE.clear()
        _MADE[key] = Asking(name, edition)
    return _MADE[key]
