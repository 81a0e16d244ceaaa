"""Taking a step: the case locked and logged, whose step it is, then the case, its history and the journal together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from samverka.care import log
from samverka.care.duties import own_duties
from samverka.care.log import Access
from samverka.care.models.case import Case, Dispute, Move
from samverka.care.models.log import Action
from samverka.care.selectors import seen_by
from samverka.care.states import STEPS, Reply, Side, State, Step
from samverka.core.acting import Actor
from samverka.core.errors import Refused
from samverka.journal.services import record

CHANGED = "Ärendet har ändrats sedan du läste det. Läs det igen innan du svarar."


def sides_of(actor: Actor, case: Case) -> frozenset[Side]:
    """Which sides of a case the actor's party is."""
    own, responsible = case.owner == actor.party, case.responsible_party == actor.party
    other = case.shared and case.other == actor.party
    found = {
        Side.OWN: own, Side.OTHER: other, Side.EITHER: own or other, Side.RESPONSIBLE: (own or other) and responsible,
        Side.RECEIVER: other and responsible,
    }  # fmt: skip
    return frozenset(side for side, is_so in found.items() if is_so)


def why_not(step: Step, actor: Actor, case: Case) -> str:
    """Why the actor's party cannot take a step now; empty where it can."""
    if step.side not in sides_of(actor, case):
        return f"Det här gör {step.side.value}."
    if case.state not in step.sources:
        allowed = " eller ".join(state.label for state in step.sources)
        return f"{case.number} är {State(case.state).label}. Detta kan göras när ärendet är {allowed}."
    if step.name == "start" and case.state == State.DECIDED and case.owner != case.responsible_party:
        return "Ärendet ska lämnas över och tas emot först."
    if step.name == "tick" and not own_duties(case, actor.party):
        return "Ni har inget mer att bocka av."
    if step.name == "hand_over" and case.owner == case.responsible_party:
        return "Ni ansvarar själva: det finns inget att lämna över."
    return ""


#: The steps that lead a case on, in the order in which one is offered first; the others are there for who looks.
ONWARD = (
    "propose", "agree", "settle", "suggest", "decide", "hand_over", "receive", "start", "go_on", "open_dialogue",
    "review",
)  # fmt: skip
BESIDE = ("tick", "disagree", "send_back", "change", "take_back", "close", "cancel", "withdraw")


def offered(actor: Actor, case: Case, dispute: Dispute | None) -> list[Step]:
    """The steps that the actor may take now, those that lead on first."""
    replied = Reply(case.reply)
    useless = {
        "agree": replied != Reply.NONE,
        "disagree": replied != Reply.NONE,
        "decide": replied != Reply.AGREES,
        "suggest": dispute is None,
        "settle": dispute is None or not dispute.suggested or dispute.suggested_party == actor.party,
        "open_dialogue": dispute is not None,
        "take_back": dispute is not None,
        "withdraw": dispute is not None,
    }
    found = [STEPS[name] for name in (*ONWARD, *BESIDE) if not useless.get(name)]
    return [step for step in found if actor.may(step.right) and not why_not(step, actor, case)]


def next_step(steps: list[Step], case: Case) -> Step | None:
    """The one of the offered steps that leads the case on; none while it is another's turn."""
    asked_anew = case.state == State.IN_DIALOGUE
    onward = (one for one in steps if one.name in ONWARD and not (asked_anew and one.name == "open_dialogue"))
    return next(onward, None)


def begin(actor: Actor, case: Case, name: str, *, at: datetime, revision: int | None = None) -> Case:
    """The case as it is now, locked until the transaction ends, with the change in the access log.

    Raises:
        PermissionDenied: The role does not allow the step, or the party has nothing to do with the case.
        Refused: It is not this party's step, not now, or the case was changed since it was read.
    """
    step = STEPS[name]
    actor.must(step.right)
    rows = Case.unlogged.select_for_update(of=("self",)).filter(seen_by(actor.party))
    found: Case | None = rows.filter(pk=case.pk).first()
    if found is None:
        raise PermissionDenied("Ärendet finns inte hos er.")
    log.write(actor, Access(Action.CHANGE, at), [found.pk])
    refused = why_not(step, actor, found)
    if refused:
        raise Refused(refused)
    if revision is not None and found.revision != revision:
        raise Refused(CHANGED)
    return found


def finish(
    actor: Actor, case: Case, name: str, fields: Mapping[str, Any], *, at: datetime,
    about: str = "", code: str = "", regard: str = "", seen_before: Collection[str] = (),
) -> Case:  # fmt: skip
    """Keep the step: the case, one line of its history, one entry in the journal that says number and state only.

    ``seen_before`` are parties that are told although they no longer see the case.
    """
    step, before = STEPS[name], case.state
    for field, value in fields.items():
        setattr(case, field, value)
    case.state, case.changed_at, case.revision = step.target or State(case.state), at, case.revision + 1
    case.save()
    tell(actor, case, name, at=at, before=before, seen_before=seen_before, about=about, code=code, regard=regard)
    return case


def tell(
    actor: Actor, case: Case, name: str, *, at: datetime, before: str = "", seen_before: Collection[str] = (),
    about: str = "", code: str = "", regard: str = "",
) -> None:  # fmt: skip
    """The history's line and the journal's entry."""
    Move.objects.create(
        case=case, at=at, step=name, before=before, after=case.state, party=actor.party, role=actor.role,
        user=actor.user.public_id, about=about, code=code, regard=regard,
    )  # fmt: skip
    told = {*seen_before, case.owner, *([case.other] if case.shared else [])}
    action = f"care.{name}"
    assert action in {
        "care.open", "care.change", "care.propose", "care.take_back", "care.open_dialogue", "care.agree",
        "care.disagree", "care.suggest", "care.settle", "care.decide", "care.hand_over", "care.send_back",
        "care.receive", "care.start", "care.tick", "care.review", "care.go_on", "care.close", "care.withdraw",
        "care.cancel",
    }  # fmt: skip
    record(
        actor, action, case.public_id, at=at, parties=told,
        before={"state": before} if before else None, after={"case": case.number, "state": str(case.state)},
    )  # fmt: skip
