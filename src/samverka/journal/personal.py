"""Entries about a person's care: who works with no cases is told that something was done, and neither what nor to whom.

An entry that is about a person and is not named here is hidden all the same: whatever the app of cases records is, but
for what is named as open.
"""

from __future__ import annotations

from django.db.models import Case, CharField, F, Q, Value, When

from samverka.core.acting import Actor

APP = "care."
#: What is about no person: checks of the access log, and a year's number by a document.
OPEN = (
    "care.draw_check", "care.judge", "care.finish_check", "care.enter_number", "care.attest_number",
    "care.withdraw_number",
)  # fmt: skip
AFFILIATIONS = ("care.register_affiliation", "care.change_affiliation", "care.withdraw_affiliation")
#: What an entry is called to whoever sees no cases -> what was done, and what it is about.
HIDDEN = {
    "care.a_case": ("arbetade med ett ärende", "ett ärende"),
    "care.an_affiliation": ("arbetade med en anslutning", "en anslutning"),
}


def about_a_person(prefix: str = "") -> Q:
    """Whether an entry is about a person's care; ``prefix`` leads to the entry."""
    return Q(**{f"{prefix}action__startswith": APP}) & ~Q(**{f"{prefix}action__in": OPEN})


def hidden_from(actor: Actor) -> bool:
    """Whether the actor works with no cases."""
    return not actor.may("care")


def shown_action(actor: Actor) -> Case | F:
    """The action as the actor is told it."""
    if not hidden_from(actor):
        return F("action")
    case, affiliation = HIDDEN
    return Case(
        When(action__in=AFFILIATIONS, then=Value(affiliation)), When(about_a_person(), then=Value(case)),
        default=F("action"), output_field=CharField(),
    )  # fmt: skip


def shown_subject(actor: Actor) -> Case | F:
    """The id of what the entry is about, as the actor is told it; empty where it is a person's."""
    if not hidden_from(actor):
        return F("subject")
    return Case(When(about_a_person(), then=Value("")), default=F("subject"), output_field=CharField())
