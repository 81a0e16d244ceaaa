"""Sample checks of the access log: lines drawn at random, each judged, the whole summed up.

HSLF-FS 2016:40, 4 kap. 9 §: systematic, recurring checks, and they are documented.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.db import transaction

from samverka.care import log
from samverka.care.guard import short_text
from samverka.care.log import Access
from samverka.care.models.log import Action, Check, Judgement, Sampled, Verdict
from samverka.care.selectors_log import checks_for, lines_between
from samverka.core.acting import Actor
from samverka.core.errors import Refused
from samverka.journal.services import record

MOST = 200
LONGEST_SUMMARY = 400


@transaction.atomic
def draw_check(actor: Actor, *, since: date, until: date, size: int, at: datetime) -> Check:
    """Draw lines of the party's own log at random: of some days, nobody's own.

    Raises:
        Refused: The days are none, there is nothing to draw from, or as many cannot be looked through.
    """
    actor.must("administer")
    if not 1 <= size <= MOST:
        raise Refused(f"Dra mellan 1 och {MOST} rader.")
    if since > until:
        raise Refused("Den första dagen är efter den sista.")
    lines = list(
        lines_between(actor.party, since, until)
        .exclude(user=actor.user.public_id)
        .order_by("id")
        .values_list("id", "case_id", "affiliated_id")
    )
    if not lines:
        raise Refused("Loggen har inga rader av andra än dig de dagarna.")
    drawn = sorted(secrets.SystemRandom().sample(lines, min(size, len(lines))))
    made = Check.objects.create(
        party=actor.party, since=since, until=until, lines=len(lines), drawn_by=actor.user, drawn_at=at
    )
    Sampled.objects.bulk_create(Sampled(check_made=made, entry_id=line) for line, *_ in drawn)
    log.write(actor, Access(Action.CHECK, at), *log.subjects_of((case, person) for _, case, person in drawn))
    record(
        actor, "care.draw_check", made.public_id, at=at, parties=(actor.party,),
        after={"since": since.isoformat(), "until": until.isoformat(), "lines": len(lines), "rows": len(drawn)},
    )  # fmt: skip
    return made


@transaction.atomic
def judge(
    actor: Actor, check: Check, sampled: int, *, judgement: Judgement, note: str = "", at: datetime
) -> Verdict:  # fmt: skip
    """Say what was found of a drawn line; it is kept beside what was said of it before.

    Raises:
        Refused: The check is finished, the line is none of it, or it is the actor's own.
    """
    actor.must("administer")
    kept = short_text(note)
    found = _open(actor, check)
    line = Sampled.objects.filter(check_made=found, pk=sampled).select_related("entry").first()
    if line is None:
        raise Refused("Raden hör inte till kontrollen.")
    if line.entry.user == actor.user.public_id:
        raise Refused("Raden är din egen. Någon annan ska bedöma den.")
    if Judgement(judgement) != Judgement.JUSTIFIED and not kept:
        raise Refused("Skriv kort vad som är frågat eller vad som är fel.")
    made = Verdict.objects.create(sampled=line, judgement=Judgement(judgement), note=kept, by=actor.user, at=at)
    record(
        actor, "care.judge", found.public_id, at=at, parties=(actor.party,),
        after={"number": line.pk, "judgement": Judgement(judgement).label},
    )  # fmt: skip
    return made


@transaction.atomic
def finish_check(actor: Actor, check: Check, *, summary: str, at: datetime) -> Check:
    """Sum a check up: from then on nothing of it changes.

    Raises:
        Refused: A line is not judged yet, it is finished already, or nothing is said.
    """
    actor.must("administer")
    kept = short_text(summary, what="Sammanfattningen", longest=LONGEST_SUMMARY)
    found = _open(actor, check)
    if not kept:
        raise Refused("Skriv vad kontrollen visade.")
    verdicts = Verdict.objects.filter(sampled__check_made=found).order_by("id")
    last = dict(verdicts.values_list("sampled_id", "judgement"))  # the latest of each line
    left = found.sampled.count() - len(last)
    if left:
        raise Refused("1 rad är inte bedömd." if left == 1 else f"{left} rader är inte bedömda.")
    found.summary, found.finished_by, found.finished_at = kept, actor.user, at
    found.save()
    counts = {one.value: sum(judgement == one for judgement in last.values()) for one in Judgement}
    record(
        actor, "care.finish_check", found.public_id, at=at, parties=(actor.party,),
        after={"rows": len(last), **counts},
    )  # fmt: skip
    return found


def _open(actor: Actor, check: Check) -> Check:
    """The check, locked, while it is open."""
    found = checks_for(actor).select_for_update().filter(pk=check.pk).first()
    if found is None:
        raise Refused("Kontrollen finns inte hos er.")
    if found.finished_at is not None:
        raise Refused("Kontrollen är avslutad och ändras inte.")
    return found
