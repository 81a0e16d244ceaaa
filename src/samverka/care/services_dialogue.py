"""A case talked over and decided: the other party agrees or not, a dispute is settled by both leaderships.

OB-ANS-BED, OB-ANS-FLEX2, OB-ANS-ONS, OB-TVI-I; A22, A23, A35. Care is never delayed by a dispute.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from avtal.calendar import STOCKHOLM, next_working_day
from samverka.agreements.selectors import book_now
from samverka.care.duties import decided_duties
from samverka.care.models.case import Case, Dispute
from samverka.care.question import REGION
from samverka.care.states import Ground, Objection, Regard, Reply
from samverka.care.steps import begin, finish
from samverka.core.acting import Actor
from samverka.core.errors import Refused

OWN_WORD = "Du står själv för den andra partens ord i ärendet. En annan person ska göra detta."


@transaction.atomic
def open_dialogue(
    actor: Actor, case: Case, *, intended: str, ground: Ground, regard: Regard | str = "", at: datetime,
    revision: int | None = None,
) -> Case:  # fmt: skip
    """Tell the other party what the owner means to decide, and why: from now on it sees the case and answers.

    Args:
        actor: Whoever assesses.
        case: The case.
        intended: The party that is to answer.
        ground: Why.
        regard: What flexibility has regard to; only with that ground.
        at: When.
        revision: The revision that was read.

    Raises:
        Refused: The reason is none that the agreement knows for it, a dispute is open, or it is not proposed.
    """
    actor.must("propose")
    found = begin(actor, case, "open_dialogue", at=at, revision=revision)
    if _open_dispute(found):
        raise Refused("En tvist är öppen. Den ska lösas av båda ledningarna först (OB-TVI-I).")
    refuse_ground(found, intended, Ground(ground))
    flexible = Ground(ground) == Ground.FLEXIBILITY
    if flexible and not regard:
        raise Refused("Välj vad flexibiliteten tar hänsyn till (OB-ANS-FLEX2).")
    kept = Regard(regard) if flexible else ""
    fields = {
        "intended": intended, "ground": Ground(ground), "regard": kept, "shared": True, "reply": Reply.NONE,
        "intended_by": actor.user, "replied_by": None,
    }  # fmt: skip
    return finish(actor, found, "open_dialogue", fields, at=at, about=intended, code=Ground(ground), regard=kept)


def refuse_ground(case: Case, intended: str, ground: Ground) -> None:
    """Follow the proposal, or depart from it by a reason that the text gives.

    Raises:
        Refused: The party is none of the two, or the reason does not lead there.
    """
    if intended not in (case.owner, case.other):
        raise Refused("Ansvarig kan vara den som bedömer eller motparten.")
    if ground == Ground.SETTLED:
        raise Refused("Det skälet ges av båda ledningarna när en tvist löses.")
    if not case.proposed_party:
        if ground != Ground.JUDGED:
            raise Refused("Avtalet lämnar svaret till bedömning: välj det skälet.")
        return
    if ground == Ground.JUDGED:
        raise Refused("Avtalet ger ett förslag: följ det, eller ange varför det frångås.")
    if (ground == Ground.FOLLOWS) != (intended == case.proposed_party):
        raise Refused("Skälet stämmer inte: ”följer förslaget” gäller när ansvarig är den som förslaget nämner.")
    if ground == Ground.FLEXIBILITY and not _flexible(case):
        raise Refused("Avtalet ger inte utrymme för flexibilitet i det här fallet (OB-ANS-FLEX2).")
    if ground == Ground.WISH:
        _refuse_wish(case, intended)


def _flexible(case: Case) -> bool:
    return (case.proposal or {}).get("answer", {}).get("flexibility_possible") is True


def _refuse_wish(case: Case, intended: str) -> None:
    if intended != REGION:
        raise Refused("En önskan kan göra att regionen ger vården på hälsocentral, inte tvärtom (OB-ANS-ONS).")
    if case.preference_affects_safety is not False:
        raise Refused(
            "Önskan respekteras när den inte påverkar patientsäkerheten (OB-ANS-ONS). Ta tillbaka till utkast "
            "och ange om den gör det."
        )


@transaction.atomic
def agree(actor: Actor, case: Case, *, at: datetime, revision: int | None = None) -> Case:
    """The other party agrees to what the owner means to decide.

    Raises:
        Refused: It has answered already, the same person asked, or what is meant has changed since it was read.
    """
    actor.must("approve")
    found = begin(actor, case, "agree", at=at, revision=revision)
    _refuse_answered(actor, found)
    fields = {"reply": Reply.AGREES, "replied_by": actor.user}
    return finish(actor, found, "agree", fields, at=at, about=found.intended)


@transaction.atomic
def disagree(
    actor: Actor, case: Case, *, objection: Objection, meanwhile: str, at: datetime, revision: int | None = None
) -> Case:  # fmt: skip
    """The other party does not agree: a dispute between the leaderships, while the party named gives the care.

    Raises:
        Refused: It is not said which of the two gives care meanwhile, or the other party has answered already.
    """
    actor.must("approve")
    found = begin(actor, case, "disagree", at=at, revision=revision)
    _refuse_answered(actor, found)
    if meanwhile not in (found.owner, found.other):
        raise Refused("Ange vem av er som ger vården under tiden: den får inte fördröjas (OB-TVI-I).")
    Dispute.objects.create(
        case=found, opened_at=at, opened_by=actor.party, objection=Objection(objection),
        meanwhile=meanwhile, answer_by=answered_by(at),
    )  # fmt: skip
    fields = {"reply": Reply.DISAGREES, "replied_by": actor.user}
    code = Objection(objection)
    return finish(actor, found, "disagree", fields, at=at, about=meanwhile, code=code)


def answered_by(at: datetime) -> date:
    """The working day after: what A35 suggests for a dispute about one person, which the text says is settled soon."""
    return next_working_day(at.astimezone(STOCKHOLM).date() + timedelta(days=1))


@transaction.atomic
def suggest(
    actor: Actor, case: Case, *, responsible: str, at: datetime, revision: int | None = None
) -> Case:  # fmt: skip
    """One side's leadership stands by a solution; a later suggestion takes an earlier one's place.

    Raises:
        Refused: There is no dispute, or the solution is none of the two.
    """
    actor.must("approve")
    found = begin(actor, case, "suggest", at=at, revision=revision)
    dispute = _dispute(found)
    if responsible not in (found.owner, found.other):
        raise Refused("Ansvarig kan vara den som bedömer eller motparten.")
    dispute.suggested, dispute.suggested_party, dispute.suggested_by = responsible, actor.party, actor.user
    dispute.save()
    return finish(actor, found, "suggest", {}, at=at, about=responsible)


@transaction.atomic
def settle(actor: Actor, case: Case, *, at: datetime, revision: int | None = None) -> Case:
    """The other side's leadership stands by the same solution: the dispute is settled, and can be decided on.

    Raises:
        Refused: There is nothing to accept, or the actor's own side suggested it.
    """
    actor.must("approve")
    found = begin(actor, case, "settle", at=at, revision=revision)
    dispute = _dispute(found)
    if not dispute.suggested or dispute.suggested_party == actor.party:
        raise Refused("Den andra partens ledning ska först föreslå en lösning.")
    if dispute.suggested_by_id == actor.user.pk:
        raise Refused(OWN_WORD)
    dispute.settled_by, dispute.settled_at = actor.user, at
    dispute.save()
    follows = dispute.suggested == found.proposed_party
    fields = {
        "intended": dispute.suggested, "ground": Ground.FOLLOWS if follows else Ground.SETTLED, "regard": "",
        "reply": Reply.AGREES,
        "replied_by": actor.user if actor.party == found.other else dispute.suggested_by,
    }  # fmt: skip
    return finish(actor, found, "settle", fields, at=at, about=dispute.suggested)


@transaction.atomic
def decide(actor: Actor, case: Case, *, at: datetime, revision: int | None = None) -> Case:
    """Decide what the other party has agreed to.

    Raises:
        Refused: It has not agreed, or the same person agreed on its behalf.
    """
    actor.must("approve")
    found = begin(actor, case, "decide", at=at, revision=revision)
    if found.reply != Reply.AGREES:
        raise Refused("Motparten ska instämma först: bedömningen görs i dialog (OB-ANS-BED).")
    if found.replied_by_id == actor.user.pk:
        raise Refused(OWN_WORD)
    duties = decided_duties(found, found.intended, book_now().edition)
    fields = {"responsible_party": found.intended, "decided_at": at, "duties": duties}
    return finish(actor, found, "decide", fields, at=at, about=found.intended, code=found.ground, regard=found.regard)


def _refuse_answered(actor: Actor, case: Case) -> None:
    if case.reply != Reply.NONE:
        raise Refused(f"Ni har redan svarat: {Reply(case.reply).label}.")
    if case.intended_by_id == actor.user.pk:
        raise Refused(OWN_WORD)


def _open_dispute(case: Case) -> Dispute | None:
    return case.disputes.select_for_update().filter(settled_at=None).first()


def _dispute(case: Case) -> Dispute:
    found = _open_dispute(case)
    if found is None:
        raise Refused("Det finns ingen öppen tvist.")
    return found
