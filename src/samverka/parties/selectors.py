"""Reading parties, roles and people, scoped to who acts."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import (
    CharField,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from samverka.core import request_id
from samverka.core.acting import Actor, Role
from samverka.core.written import Given, Written
from samverka.parties.models import Arena, ArenaSeat, IdentityProvider, Membership, Party, PartyName, Unit, User

#: The names that a request has already read: its id, the day, the names. A request reads them once.
_READ: ContextVar[tuple[str, date, Mapping[str, str]] | None] = ContextVar("names_read", default=None)


def in_force(on: date | Given) -> Q:
    """What has begun and not ended on a day: both its first and its last day are inside."""
    return Q(since__lte=on) & (Q(until=None) | Q(until__gte=on))


# -- names ---------------------------------------------------------------------------------------------


def names(on: date) -> Mapping[str, str]:
    """Party code -> name on a day, and ``PARTY:unit`` -> the unit's name; one query, and one only in a request.

    A day before the first known name has that name: the agreement's parties existed before their names were entered.
    """
    request, kept = request_id.current(), _READ.get()
    if request and kept and kept[:2] == (request, on):
        return kept[2]
    found: dict[str, str] = {}
    for code, name, since, unit in sorted(_all_names.rows(), key=itemgetter(2)):
        if unit:
            found[f"{code}:{unit}"] = name
        elif code not in found or since <= on:
            found[code] = name
    _READ.set((request, on, found))
    return found


@Written
def _all_names() -> QuerySet[Any, tuple[Any, ...]]:
    dated = PartyName.objects.values_list("party__code", "name", "since", Value("", CharField()))
    units = Unit.objects.exclude(code="").values_list("party__code", "name", "since", "code")
    return dated.union(units, all=True)


def label_of(stream: str, *, on: date) -> str:
    """A party's name, or for ``PARTY:unit`` the unit's with its party's: what an invoice is addressed to.

    A code that nobody has named is shown as it is.
    """
    known = names(on)
    party, colon, _ = stream.partition(":")
    if colon and stream in known:
        return f"{known[stream]}, {known.get(party, party)}"
    return known.get(stream, known.get(party, stream))


def name_on(code: str, on: date) -> PartyName | None:
    """A party's name with its organisation number on a day, the first known for an earlier day."""
    dated = PartyName.objects.filter(party__code=code)
    return dated.filter(since__lte=on).order_by("-since").first() or dated.order_by("since").first()


def _dated(party: str, column: str, on: date | Given) -> Coalesce:
    """The same of the party that a query's path leads to."""
    of_party = PartyName.objects.filter(party=OuterRef(party)).values(column)
    known = of_party.filter(since__lte=on).order_by("-since")[:1]
    return Coalesce(Subquery(known), Subquery(of_party.order_by("since")[:1]), output_field=CharField())


# -- who acts ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """Who acts, by which membership (its public id), for whom by name, and whether there is a second factor."""

    actor: Actor
    membership: str
    party_name: str
    second_factor: bool


def memberships_of(user: User | Given, *, on: date | Given, only: str = "") -> QuerySet[Membership]:
    """The user's memberships in force on a day: first what belongs to no party, then in the parties' order.

    Args:
        user: Whose.
        on: The day.
        only: The party whose identity provider the user signed in through; empty after any other sign-in.
    """
    found = Membership.objects.filter(in_force(on), user=user).select_related("party")
    by_position = F("party__position").asc(nulls_first=True)
    return (found.filter(party__code=only) if only else found).order_by(by_position, "id")


def standing_of(user: User, *, on: date, chosen: str = "", only: str = "") -> Standing | None:
    """The membership that the user has chosen to act by, else the first; None where none is in force."""
    rows = [row for row in _standings.rows(user=user.pk, on=on) if not only or row[2] == only]
    if not rows:
        return None
    membership, role, party, name, second_factor = next((row for row in rows if row[0] == chosen), rows[0])
    return Standing(Actor(user, party, Role(role)), membership, name, second_factor)


@Written
def _standings() -> QuerySet[Any, tuple[Any, ...]]:
    factors = Authenticator.objects.filter(user=OuterRef("user"), type__in=("totp", "webauthn"))
    on, code = Given("on", DateField()), Coalesce("party__code", Value(""))
    name = Coalesce(_dated("party", "name", on), code)
    return memberships_of(Given("user", IntegerField()), on=on).values_list(
        "public_id", "role", code, name, Exists(factors)
    )


def actor_of(user: User, *, on: date, chosen: str = "") -> Actor | None:
    """The actor that the user has chosen to be, else the first; None where no membership is in force."""
    standing = standing_of(user, on=on, chosen=chosen)
    return standing.actor if standing else None


def unit_of(actor: Actor, on: date) -> str:
    """Where in the party the actor works on a day, by its membership in that role; else the party's name."""
    rows = Membership.objects.filter(in_force(on), user=actor.user, party__code=actor.party, role=actor.role)
    unit = rows.exclude(unit=None).order_by("id").values_list("unit__name", flat=True).first()
    return unit or label_of(actor.party, on=on)


# -- parties, units, arenas: shared by all -------------------------------------------------------------


def parties_for(_: Actor) -> QuerySet[Party]:
    """Every party, provider and joint body: all who are signed in see them."""
    return Party.objects.select_related("under").prefetch_related(
        Prefetch("names", PartyName.objects.order_by("since"))
    )


def parties_on(actor: Actor, on: date) -> QuerySet[Party]:
    """The same with ``name``, ``org_number`` and ``under_name`` as they are on a day, in one query."""
    rows = parties_for(actor).prefetch_related(None).select_related(None)
    return rows.annotate(
        name=_dated("pk", "name", on), org_number=_dated("pk", "org_number", on), under_name=_dated("under", "name", on)
    )


def administered_by(actor: Actor) -> QuerySet[Party]:
    """The parties whose facts the actor's party answers for: itself, its providers and joint bodies."""
    if not actor.party:
        return Party.objects.none()
    return Party.objects.filter(Q(code=actor.party) | Q(under__code=actor.party))


def units_of(party: Party) -> QuerySet[Unit]:
    """A party's units, those in force first."""
    return party.units.order_by("until", "name")


def units_for(actor: Actor) -> QuerySet[Unit]:
    """The units that the actor's party may close."""
    return Unit.objects.filter(party__in=administered_by(actor)).select_related("party")


def arenas_for(_: Actor) -> QuerySet[Arena]:
    """Every arena with who has filled it, the latest first: all who are signed in see them."""
    seats = ArenaSeat.objects.select_related("party").order_by("-since", "body")
    return Arena.objects.select_related("area").prefetch_related(Prefetch("seats", seats))


def seats_of(party: Party) -> QuerySet[ArenaSeat]:
    """The seats that a party's bodies have filled, the latest first."""
    return ArenaSeat.objects.filter(party=party).select_related("arena", "arena__area").order_by("-since", "body")


def seats_for(actor: Actor) -> QuerySet[ArenaSeat]:
    """The seats that the actor's party may end: its own bodies', and those that all parties share."""
    return ArenaSeat.objects.filter(Q(party=None) | Q(party__in=administered_by(actor))).select_related("arena")


# -- people and their way in: the own party's administrator alone ---------------------------------------


def memberships_for(actor: Actor) -> QuerySet[Membership]:
    """The memberships in the actor's party: for its administrator, nobody else's business."""
    if not actor.may("administer"):
        return Membership.objects.none()
    rows = Membership.objects.filter(party__code=actor.party)
    return rows.select_related("user", "party", "unit").order_by("name", "id")


def identity_provider_for(actor: Actor) -> IdentityProvider | None:
    """How the actor's party signs in by OpenID Connect, for its administrator."""
    if not actor.may("administer"):
        return None
    return IdentityProvider.objects.filter(party__code=actor.party).first()
