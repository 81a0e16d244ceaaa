"""The duties that follow: from the proposal until it is decided, then from the party decided on; and whose each is.

OB-ANS-BED, OB-ANS-OVL: a decision may depart from the proposal, and then other duties follow than those proposed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from avtal.book.checklist import Task
from avtal.book.edition import Edition
from avtal.language.citing import cited
from avtal.language.evaluate import Evaluation, missing
from avtal.language.expression import constant
from samverka.agreements.county import MUNICIPALITIES
from samverka.care.models.case import Case
from samverka.care.question import CARE, REGION, stated_of
from samverka.care.states import Ground

#: Roles of who assessed and hands over; what they have is done before the handover.
HANDS_OVER = ("ASSESSOR", "FORMER", "BOTH")
HAND_OVER, MUNICIPALITY, DAILY_ACTIVITY = "hand_over", "MUNICIPALITY", "daily_activity"
#: What a duty says that only may follow: the facts that would tell.
MISSING = "missing"

Duty = dict[str, Any]


def duties_of(case: Case) -> list[Duty]:
    """The duties that follow from the decision, and before there is one from the proposal."""
    return [one for one in case.duties if MISSING not in one] if case.decided_at else proposed_duties(case)


def open_duties(case: Case) -> list[Duty]:
    """Those that may follow too, with the facts that would tell: unknown is never false, a decision changes nothing."""
    kept = case.duties if case.decided_at else (case.proposal or {}).get("answer", {}).get("checklist_open", ())
    return [one for one in kept if MISSING in one]


def proposed_duties(case: Case) -> list[Duty]:
    """The duties that the proposal names."""
    return list((case.proposal or {}).get("answer", {}).get("checklist", ()))


def decided_duties(case: Case, decided: str, edition: Edition) -> list[Duty]:
    """The duties that follow when a party is decided on, and those that may, which say which facts would tell.

    There is a handover whenever the care goes to another than the owner, and only then.

    Args:
        case: The case, with its ground.
        decided: The party that is to answer.
        edition: The edition whose rules are asked.
    """
    follows = decided == case.proposed_party
    listed = [*proposed_duties(case), *open_duties(case)] if follows else _as_decided(case, decided, edition)
    others = [one for one in listed if one["duty"] != HAND_OVER]
    if decided == case.owner:
        return others
    handover = {
        "duty": HAND_OVER, "label": edition.words.label(HAND_OVER), "who": "ASSESSOR", "should": False,
        "clauses": ["OB-ANS-OVL"],
    }  # fmt: skip
    return [next((one for one in listed if one["duty"] == HAND_OVER and MISSING not in one), handover), *others]


def duties_before_handover(case: Case) -> list[Duty]:
    """Those that whoever hands over has done before: its own, and the ones that it shares."""
    return [one for one in duties_of(case) if not one["should"] and one["who"] in HANDS_OVER]


def own_duties(case: Case, party: str) -> list[Duty]:
    """A party's own duties that nobody has ticked, without those that come before a handover that has been made."""
    moved = case.responsible_party != case.owner
    return [
        one for one in duties_of(case)
        if party in holders(one, case) and one["duty"] not in case.checked
        and not (moved and one["who"] in HANDS_OVER)
    ]  # fmt: skip


def holders(duty: Duty, case: Case) -> frozenset[str]:
    """The parties of the case that a duty is for."""
    both = frozenset({case.owner, case.other})
    decided = case.responsible_party or case.proposed_party
    receiver = decided or case.owner
    match duty["who"]:
        case "BOTH" | "EVERY_UNIT":
            return both
        case "ASSESSOR":
            return frozenset({case.owner})
        case "FORMER":  # whoever answered before: the owner hands over, else the other party did
            return frozenset({case.owner if receiver != case.owner else case.other})
        case "MAIN_CONTACT":
            return frozenset({receiver})
        case str() as named:
            kind, _, code = named.partition(":")
            if kind != MUNICIPALITY:
                return frozenset({kind})
            return frozenset({code.partition(":")[0]}) if code else both - {REGION}
    return frozenset()


def _as_decided(case: Case, decided: str, edition: Edition) -> list[Duty]:
    """The checklist as the rules have it where the party decided on is the answer."""
    kind = REGION if decided == REGION else MUNICIPALITY
    facts = CARE.case(stated_of(case), edition)
    run = Evaluation(facts, edition)
    silent = frozenset(name for name, tree in CARE.speaking.items() if run.value(tree, {}) is False)

    def told(task: Task) -> Duty:
        return {
            "duty": task.name, "label": edition.words.label(task.name), "who": _whose(task.who, case, decided),
            "should": task.should, "clauses": list(cited(task.when.clauses, silent)),
        }  # fmt: skip

    states = [(task, run.value(task.when, {})) for task in _tasks(kind, _status(case, kind))]
    may = [(task, missing(task.when, facts, edition)) for task, state in states if state is None]
    return [
        *(told(task) for task, state in states if state),
        *(told(task) | {MISSING: [name for name in CARE.facts.stated() if name in lacks]} for task, lacks in may),
    ]


def _whose(role: str, case: Case, decided: str) -> str:
    if role != MUNICIPALITY:
        return role
    code = decided if decided in MUNICIPALITIES else next(one for one in (case.owner, case.other) if one != REGION)
    return f"{MUNICIPALITY}:{code}"


def _status(case: Case, kind: str) -> str:
    """The ground that the rules would give such a decision."""
    if kind == REGION:
        return "preference_respected" if case.ground == Ground.WISH else "not_normal_case"
    if case.proposed_status == DAILY_ACTIVITY:
        return DAILY_ACTIVITY
    return "normal_case" if case.housing in ("ordinary", None) else "housing"


@lru_cache(maxsize=16)
def _tasks(kind: str, status: str) -> tuple[Task, ...]:
    """The duties with the answer given in place of the rules' own."""
    given = {"responsible": kind, "status": status, "performer": kind}
    outputs = {name: constant(given[name]) if name in given else tree for name, tree in CARE.trees.items()}
    return tuple(CARE.tasks(CARE.recorders[0], outputs))
