"""Writing the parties: setting the county up, names, organisation numbers, units, providers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from avtal.book.edition import Edition
from samverka.core.acting import Actor
from samverka.core.errors import Refused
from samverka.core.ids import public_id
from samverka.journal.services import ALL_PARTIES, record
from samverka.parties.county import county_of
from samverka.parties.models import Arena, Kind, Party, PartyName, Unit
from samverka.parties.organisation import organisation_number
from samverka.parties.selectors import administered_by, in_force, name_on

FUND = "FUND"


@transaction.atomic
def set_up_county(edition: Edition, *, at: datetime, org_numbers: Mapping[str, tuple[str, str]]) -> list[Party]:
    """The edition's parties, joint bodies, units and arenas, in the edition's order; what is there already is kept.

    Args:
        edition: Whose parties.
        at: When.
        org_numbers: Party code -> organisation number and where it was found, beside those that the edition states.
    """
    county = county_of(edition)
    region = edition.parties[0]
    numbers = {code: (one.number, one.source) for code, one in county.org_numbers.items()} | dict(org_numbers)
    told: list[tuple[str, str, dict[str, Any]]] = []
    made = []
    bodies = {one.code: one.under for one in county.joint_bodies}
    for position, code in enumerate([*edition.parties, *bodies]):
        kind = Kind.REGION if code == region else Kind.JOINT_BODY if code in bodies else Kind.MUNICIPALITY
        under = Party.objects.get(code=bodies[code]) if code in bodies else None
        party, new = Party.objects.get_or_create(
            code=code, defaults={"kind": kind, "under": under, "position": position}
        )
        if new:
            number, source = numbers.get(code, ("", ""))
            name = edition.words.code(code)
            PartyName.objects.create(
                party=party, since=edition.valid_from, name=name, source=edition.title,
                org_number=organisation_number(number) if number else "", org_source=source,
            )  # fmt: skip
            units = [one for one in county.units if one.party == code]
            Unit.objects.bulk_create(
                Unit(party=party, code=one.code, name=one.name, clause=one.clause, since=edition.valid_from)
                for one in units
            )
            after = {"code": code, "name": name, "org_number": number, "units": [one.name for one in units]}
            told.append(("parties.create", party.public_id, after))
            made.append(party)
    municipalities = list(Party.objects.filter(kind=Kind.MUNICIPALITY))
    for position, one in enumerate(county.arenas):
        for area in municipalities if one.each else [None]:
            code = f"{one.code}.{area.code}" if area else one.code
            arena, new = Arena.objects.get_or_create(
                code=code, defaults={"name": one.name, "clause": one.clause, "area": area, "position": position}
            )
            if new:
                told.append(("parties.create_arena", arena.public_id, {"code": code, "name": one.name}))
    for action, subject, after in told:
        record(None, action, subject, at=at, parties=ALL_PARTIES, after=after)
    return made


@transaction.atomic
def rename(actor: Actor, party: Party, *, since: date, name: str, source: str, at: datetime) -> PartyName:
    """Give a party a name from a day on; the number it had goes with it.

    Raises:
        Refused: The party has a name from that very day.
    """
    actor.must("administer")
    _own(actor, party)
    if party.names.filter(since=since).exists():
        raise Refused(f"Det finns redan ett namn från och med {since}. Välj en annan dag.")
    before = name_on(party.code, since)
    made = PartyName.objects.create(
        party=party, since=since, name=name, source=source,
        org_number=before.org_number if before else "", org_source=before.org_source if before else "",
    )  # fmt: skip
    record(
        actor, "parties.rename", party.public_id, at=at, parties=ALL_PARTIES, why=source,
        before={"name": before.name if before else ""}, after={"name": name, "since": since.isoformat()},
    )  # fmt: skip
    return made


@transaction.atomic
def state_org_number(actor: Actor, party: Party, *, number: str, source: str, on: date, at: datetime) -> PartyName:
    """Enter or correct the organisation number that goes with the party's name on a day.

    Raises:
        Refused: The number is wrong, or names a person; or no source is given.
    """
    actor.must("administer")
    _own(actor, party)
    stated = organisation_number(number)
    if not source.strip():
        raise Refused("Ange var organisationsnumret är hämtat.")
    name = name_on(party.code, on)
    if name is None:
        raise Refused("Parten saknar namn. Ge den ett namn först.")
    before = {"org_number": name.org_number, "source": name.org_source}
    name.org_number, name.org_source = stated, source.strip()
    name.save()
    record(
        actor, "parties.state_org_number", party.public_id, at=at, parties=ALL_PARTIES, why=source,
        before=before, after={"org_number": stated, "source": name.org_source},
    )  # fmt: skip
    return name


@transaction.atomic
def open_unit(actor: Actor, party: Party, *, name: str, since: date, at: datetime) -> Unit:
    """Add a unit of a party from a day on.

    Raises:
        Refused: The party has a unit of that name then.
    """
    actor.must("administer")
    _own(actor, party)
    if party.units.filter(in_force(since), name=name).exists() or party.units.filter(name=name, since=since).exists():
        raise Refused(f"Enheten {name} finns redan den {since}.")
    unit = Unit.objects.create(party=party, name=name, since=since)
    after = {"party": party.code, "name": name, "since": since.isoformat()}
    record(actor, "parties.open_unit", unit.public_id, at=at, parties=ALL_PARTIES, after=after)
    return unit


@transaction.atomic
def close_unit(actor: Actor, unit: Unit, *, until: date, at: datetime) -> Unit:
    """End a unit with a last day.

    Raises:
        Refused: It has ended already, or the day is before its first.
    """
    actor.must("administer")
    _own(actor, unit.party)
    if unit.until is not None:
        raise Refused(f"Enheten {unit.name} är redan avslutad den {unit.until}.")
    if until < unit.since:
        raise Refused(f"Sista dagen kan inte vara före den första, {unit.since}.")
    unit.until = until
    unit.save()
    record(
        actor, "parties.close_unit", unit.public_id, at=at, parties=ALL_PARTIES,
        before={"until": None}, after={"name": unit.name, "until": until.isoformat()},
    )  # fmt: skip
    return unit


@transaction.atomic
def add_provider(actor: Actor, *, name: str, number: str, source: str, since: date, at: datetime) -> Party:
    """Add a private provider under the actor's party.

    Its code is random: another party's provider of the same name is none of ours, and neither is its being there.

    Raises:
        Refused: The number is wrong, or given without a source; or the party has a provider of that name.
    """
    actor.must("administer")
    stated = organisation_number(number) if number else ""
    if stated and not source.strip():
        raise Refused("Ange var organisationsnumret är hämtat.")
    under = Party.objects.get(code=actor.party)
    if PartyName.objects.filter(party__under=under, party__kind=Kind.PROVIDER, name=name).exists():
        raise Refused(f"Utföraren {name} finns redan under er part.")
    party = Party.objects.create(code=f"P-{public_id()}", kind=Kind.PROVIDER, under=under, position=1000)
    PartyName.objects.create(
        party=party, since=since, name=name, source=source.strip(), org_number=stated,
        org_source=source.strip() if stated else "",
    )  # fmt: skip
    record(
        actor, "parties.add_provider", party.public_id, at=at, parties=ALL_PARTIES, why=source,
        after={"under": actor.party, "name": name, "org_number": stated, "since": since.isoformat()},
    )  # fmt: skip
    return party


def day_before(on: date) -> date:
    """The last day of what ends at once: it is no longer in force on the day itself."""
    return on - timedelta(days=1)


def _own(actor: Actor, party: Party) -> None:
    """A view has looked the party up among the actor's own; nobody else's call gets further than this."""
    if not administered_by(actor).filter(pk=party.pk).exists():
        raise Refused("Parten hör inte till den du handlar för.")
