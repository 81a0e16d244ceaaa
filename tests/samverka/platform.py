"""The county and its people as tests need them: every party, a person for each role, made by the real services."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client

from avtal.editions.jamtland_2026 import edition
from samverka.core.acting import Actor, Role
from samverka.journal.chain import seal
from samverka.journal.models import Entry, EntryParty
from samverka.journal.services import _transaction_id as transaction_id
from samverka.parties.models import Arena, Membership, Party, PartyName, Unit, User
from samverka.parties.services import set_up_county

AT = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
ON = date(2026, 7, 1)
SINCE = date(2026, 1, 1)
PASSWORD = "lavskrika-2026-fjäll"


#: What the service made of the county the first time, in an order in which it can be put back.
MADE: dict[type[Model], list[Any]] = {}
TABLES: tuple[type[Model], ...] = (Party, PartyName, Unit, Arena, Entry, EntryParty)


def county() -> None:
    """Every party of the edition, made by the real service.

    Where a test takes back all it did, the same rows are put there for the next one: the service asks the database two
    hundred times, and most tests begin with it.
    """
    again = connection.in_atomic_block and not any(model._base_manager.exists() for model in TABLES)
    if again and MADE:
        for model, rows in MADE.items():
            if model is Entry:
                xid = transaction_id()
                for row in rows:
                    row.xid = xid
            model._base_manager.bulk_create(rows)
        transaction.on_commit(seal, robust=True)  # as the service's entries do
        return
    set_up_county(edition(), at=AT, org_numbers={})
    if again:
        MADE.update((model, list(model._base_manager.order_by("pk"))) for model in TABLES)


def actor(party: str, role: Role, number: int = 1) -> Actor:
    """A person with that role in that party (no party for an auditor); another one for another number."""
    name = f"{role.value}{number}.{party.lower() or 'avtalet'}"
    user, new = User.objects.get_or_create(username=name, defaults={"email": f"{name}@exempel.se"})
    if new:
        user.set_password(PASSWORD)
        user.save()
        found = Party.objects.get(code=party) if party else None
        Membership.objects.create(user=user, party=found, role=role, since=SINCE)
    return Actor(user, party, role)


def signed_in(who: Actor, *, fresh: bool = True) -> Client:
    """A browser without pages in which somebody is signed in, with a password that was given just now unless stale."""
    client = Client()
    client.force_login(who.user)
    session = client.session
    given = time.time() - (0 if fresh else 3600)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": given}]
    session["account_authentication_methods_user"] = str(who.user.pk)
    session.save()
    return client
