"""The calendar's private address: made, renewed and revoked by who reads it; only the token's SHA-256 is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from samverka.core.acting import Actor, Role
from samverka.journal.services import record
from samverka.parties.selectors import memberships_of
from samverka.settlement.models import Feed
from samverka.settlement.selectors import invoices_for


@transaction.atomic
def renew_feed(actor: Actor, *, at: datetime) -> str:
    """A new private address for the actor's calendar; an older one stops working. Its token is never shown again."""
    actor.must("read")
    token = secrets.token_urlsafe(32)
    told = {"token_digest": digest_of(token), "made_at": at}
    feed, _ = Feed.objects.update_or_create(party=actor.party, user=actor.user, defaults=told)
    record(actor, "settlement.renew_feed", f"feed-{feed.pk}", at=at, parties=_seen_by(actor))
    return token


@transaction.atomic
def revoke_feed(actor: Actor, *, at: datetime) -> bool:
    """Let the actor's address stop working; False where there is none."""
    actor.must("read")
    feed = feed_for(actor)
    if feed is None:
        return False
    record(actor, "settlement.revoke_feed", f"feed-{feed.pk}", at=at, parties=_seen_by(actor))
    feed.delete()
    return True


def feed_for(actor: Actor) -> Feed | None:
    """The actor's own address, if there is one."""
    return Feed.objects.filter(party=actor.party, user=actor.user).first()


def reader_of(token: str, *, on: date) -> tuple[Feed, Actor] | None:
    """Whose calendar a token opens: nobody's where it is wrong, or where its owner acts for the party no longer."""
    feed = Feed.objects.select_related("user").filter(token_digest=digest_of(token)).first()
    if feed is None or not feed.user.is_active:
        return None
    for one in memberships_of(feed.user, on=on):
        if (one.party.code if one.party else "") == feed.party:
            return feed, Actor(feed.user, feed.party, Role(one.role))
    return None


def changed_at(feed: Feed, actor: Actor, on: date) -> datetime:
    """When a calendar last changed: its address was made, an invoice it tells of was issued, or a new year began."""
    issued = invoices_for(actor).aggregate(last=Max("issued_on"))["last"] or date.min
    day = max(issued, on.replace(month=1, day=1))
    return max(feed.made_at, datetime(day.year, day.month, day.day, tzinfo=feed.made_at.tzinfo))


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _seen_by(actor: Actor) -> list[str]:
    return [actor.party] if actor.party else []
