"""Writing parties, roles and people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from avtal.book.edition import Edition
from samverka.journal.services import ALL_PARTIES, record
from samverka.parties.models import Kind, Party, PartyName

#: Organisation numbers that could be sourced; the others are entered by the parties themselves.
FUND = "FUND"


@transaction.atomic
def set_up_county(edition: Edition, *, at: datetime, org_numbers: Mapping[str, tuple[str, str]]) -> list[Party]:
    """The edition's parties and their joint development fund, in the edition's order; what is there already is kept.

    Args:
        edition: Whose parties.
        at: When.
        org_numbers: Party code -> organisation number and where it was found.
    """
    region, *municipalities = edition.parties
    made = []
    for position, code in enumerate([region, *municipalities, FUND]):
        kind = Kind.REGION if code == region else Kind.JOINT_BODY if code == FUND else Kind.MUNICIPALITY
        under = Party.objects.get(code=region) if code == FUND else None
        party, new = Party.objects.get_or_create(
            code=code, defaults={"kind": kind, "under": under, "position": position}
        )
        if new:
            number, source = org_numbers.get(code, ("", ""))
            name = edition.words.code(code)
            PartyName.objects.create(party=party, since=date(2000, 1, 1), name=name, org_number=number, source=source)
            record(
                None, "parties.create", party.public_id, at=at, parties=ALL_PARTIES, after={"code": code, "name": name}
            )
            made.append(party)
    return made
