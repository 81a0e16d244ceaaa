"""A case as a page shows it: in words, with what is next and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from avtal.calendar import STOCKHOLM
from avtal.explain import Words
from samverka.agreements.county import base
from samverka.agreements.selectors import book_now
from samverka.care.asking_page import asking_of
from samverka.care.duties import MISSING, duties_of, open_duties
from samverka.care.forms_facts import shown_of
from samverka.care.models.case import Case, Dispute, Move
from samverka.care.question import CARE, lacks_municipality, missing_of
from samverka.care.selectors import dispute_of, disputes_of, moves_of
from samverka.care.services import CFS_ASSESSORS, CFS_VERSIONS
from samverka.care.states import (
    GROUND_CLAUSES,
    OPENED,
    STEPS,
    Ending,
    Ground,
    Lack,
    Objection,
    Regard,
    Reply,
    Review,
    State,
    Step,
)
from samverka.care.steps import next_step, offered
from samverka.core.acting import Actor
from samverka.core.cells import small

#: The steps whose reason is of which list.
CODES: dict[str, Any] = {
    "open_dialogue": Ground, "decide": Ground, "disagree": Objection, "send_back": Lack, "review": Review,
    "close": Ending, "cancel": Ending, "withdraw": Ending,
}  # fmt: skip
#: What the steps of a dispute about one person are; the text knows one (A35).
SECOND = (
    "Löser de det inte säger texten inget om nästa steg för en enskild person. En organisatorisk fråga går till lokal "
    "samverkansarena och vid behov till länsövergripande tjänstepersonsarena."
)
LADDER = (
    ("Ansvariga ledningsfunktioner hos båda parter, snarast. Vården fördröjs inte, kostnader regleras i efterhand.",
     "OB-TVI-I"),
    (SECOND, "OB-TVI-O"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the history: when, what, by which party in which role, and why."""

    at: Any
    what: str
    party: str
    role: str
    why: str


def words() -> Words:
    """The edition's words."""
    return base().words


def party_name(code: str) -> str:
    """A party's name; nothing for none."""
    return words().code(code) if code else ""


def named(value: Any) -> str:
    """A party as an answer names it, in words."""
    if value == "MANUAL":
        return "lämnas till bedömning"
    return words().show("responsible", value) if isinstance(value, str) else "–"


def fact_name(name: str) -> str:
    """A fact as the open question names it, within a sentence."""
    return small(asking_of(CARE.name, base()).fields.label(name))


def lacking_of(case: Case) -> list[str]:
    """What a draft's proposal still needs, in words: facts, and how frailty was assessed where it was."""
    found = [fact_name(name) for name in missing_of(case, book_now().edition)]
    if lacks_municipality(case) and fact_name("registered_in") not in found:
        found.append("den kommun i länet där personen är folkbokförd eller vistas")
    rated = case.cfs is None or (case.cfs_version and case.cfs_assessor and case.cfs_on)
    return found if rated else [*found, "skalans version, vem som bedömt skörheten och när"]


def why_of(move: Move) -> str:
    """A step's reason: the party it names, the reason of its list, what flexibility has regard to."""
    codes = CODES.get(move.step)
    label = str(codes(move.code).label) if codes and move.code else ""
    if move.step == "disagree" and move.about:
        label += f"; {party_name(move.about)} ger vården under tiden"
    elif move.about:
        label = f"{party_name(move.about)} ansvarar" + (f": {label}" if label else "")
    regard = f" med hänsyn till {Regard(move.regard).label}" if move.regard else ""
    return label + regard


def ground_of(case: Case) -> str:
    """Why the decision is what it is, in words; empty where nothing is meant yet."""
    regard = f" med hänsyn till {Regard(case.regard).label}" if case.regard else ""
    return f"{Ground(case.ground).label}{regard}" if case.ground else ""


def history_of(case: Case) -> list[Event]:
    """The case's history."""
    return [
        Event(
            move.at, "Ärendet öppnades" if move.step == OPENED else STEPS[move.step].done, party_name(move.party),
            move.get_role_display(), why_of(move),
        )
        for move in moves_of(case)
    ]  # fmt: skip


def state_of(case: Case) -> str:
    """Where a case is, a dispute said too."""
    disputed = case.state == State.IN_DIALOGUE and case.reply == Reply.DISAGREES
    return "i tvist" if disputed else str(State(case.state).label)


def waits_for(case: Case, dispute: Dispute | None, reader: str) -> str:
    """Whose turn it is, as a reader of one of the parties is told."""

    def who(code: str, own: str = "ni") -> str:
        return own if code == reader else party_name(code)

    owner, other, answers = who(case.owner), who(case.other), who(case.responsible_party)
    to_other = who(case.other, "er")
    match State(case.state):
        case State.DRAFT:
            return "Ett utkast, som bara ni ser: fyll i uppgifterna och ta fram ett förslag."
        case State.PROPOSED:
            return f"Väntar på att {owner} öppnar dialog med {to_other}."
        case State.IN_DIALOGUE if dispute is not None and dispute.suggested:
            answering = other if dispute.suggested_party == case.owner else owner
            return f"En tvist: en lösning är föreslagen. Väntar på att {answering} godtar den eller föreslår en annan."
        case State.IN_DIALOGUE if dispute is not None:
            return f"En tvist: väntar på ledningsfunktionerna hos {who(case.owner, 'er')} och {to_other}."
        case State.IN_DIALOGUE if case.reply == Reply.AGREES:
            return _sentence(f"{other} instämmer. Väntar på att {owner} beslutar.")
        case State.IN_DIALOGUE:
            return f"Väntar på svar från {to_other}."
        case State.DECIDED if case.responsible_party == case.owner:
            return f"Beslutat: {answers} ansvarar. Väntar på start."
        case State.DECIDED:
            return f"Beslutat: {answers} ansvarar. Väntar på att {owner} lämnar över."
        case State.HANDED_OVER:
            return f"Överlämnat. Väntar på att {answers} tar emot."
        case State.RECEIVED:
            return f"Mottaget. Väntar på att {answers} startar."
        case State.ACTIVE:
            told = f"{answers} ansvarar. Omprövas när något förändras och senast {case.review_on} (A23)."
            return _sentence(told)
        case State.REVIEWED:
            return f"Omprövat. Väntar på att {answers} fortsätter eller avslutar."
    return f"Avslutat: {Ending(case.ending).label}." if case.ending else "Avslutat."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def told(actor: Actor, case: Case) -> dict[str, Any]:
    """All that the page says of a case."""
    dispute, proposal = dispute_of(case), case.proposal or {}
    answer = proposal.get("answer", {})
    steps = offered(actor, case, dispute)
    primary = next_step(steps, case)
    lacking = lacking_of(case) if case.state == State.DRAFT else []
    if lacking and primary:  # facts first
        primary = next((step for step in steps if step.name == "change"), primary)
    ground = Ground(case.ground) if case.ground else None
    return {
        "case": case, "state": state_of(case), "owner": party_name(case.owner),
        "other": party_name(case.other), "primary": primary,
        "primary_address": address_name(primary) if primary else "",
        "secondary": [(address_name(step), step.label) for step in steps if step is not primary],
        "may_extract": actor.may("approve"),
        "waits": waits_for(case, dispute, actor.party),
        "lacking": lacking, "answer": answer, "proposal": proposal,
        "made": datetime.fromisoformat(proposal["at"]).astimezone(STOCKHOLM).date() if proposal else None,
        "proposed": named(answer.get("responsible")), "performer": named(answer.get("performer")),
        "status": words().code(answer.get("status", "")),
        "criteria": criteria_of(answer), "flags": [words().code(one) for one in answer.get("flags", ())],
        "intended": party_name(case.intended), "ground": ground_of(case),
        "ground_clause": GROUND_CLAUSES.get(ground, "") if ground else "",
        "reply": Reply(case.reply).label if case.intended else "", "responsible": party_name(case.responsible_party),
        "dispute": dispute, "disputes": [told_dispute(one) for one in disputes_of(case)], "ladder": LADDER,
        "duties": [told_duty(one, case) for one in duties_of(case)],
        "may_follow": may_follow(case),
        "facts": shown_of(case, book_now().edition), "history": history_of(case),
        "cfs": ", ".join(
            part
            for part in (
                CFS_VERSIONS.get(case.cfs_version, ""), CFS_ASSESSORS.get(case.cfs_assessor, ""),
                case.cfs_on.isoformat() if case.cfs_on else "",
            )
            if part
        ),
    }  # fmt: skip


def criteria_of(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """The four criteria, each with yes, no or unknown; none where they do not apply."""
    known = {True: "ja", False: "nej", None: "inte känt"}
    names = ("safe_and_not_self_care", "frequent_and_continuous", "frail_enough", "cannot_reach_health_centre")
    return [
        (words().label(name), known[value]) for name, value in zip(names, answer.get("criteria") or (), strict=False)
    ]


def told_duty(duty: dict[str, Any], case: Case) -> dict[str, Any]:
    """A duty: whose it is, its clauses, and who ticked it when."""
    ticked = case.checked.get(duty["duty"])
    done = f"{party_name(ticked['party'])} {ticked['on']}" if ticked else ""
    return {**duty, "whose": words().code(duty["who"].removeprefix("MUNICIPALITY:")), "done": done}


def may_follow(case: Case) -> list[tuple[str, str]]:
    """The duties that may follow too: each with what is not known and would tell."""
    return [(one["label"], ", ".join(fact_name(name) for name in one[MISSING])) for one in open_duties(case)]


def told_dispute(dispute: Dispute) -> dict[str, Any]:
    """A dispute in words."""
    return {
        "opened": dispute.opened_at, "by": party_name(dispute.opened_by),
        "objection": Objection(dispute.objection).label,
        "meanwhile": party_name(dispute.meanwhile), "answer_by": dispute.answer_by,
        "suggested": party_name(dispute.suggested), "suggested_by": party_name(dispute.suggested_party),
        "settled": dispute.settled_at,
    }  # fmt: skip


def address_name(step: Step) -> str:
    """The name of the address at which a step is taken."""
    return f"care:{step.name}"
