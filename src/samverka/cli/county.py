"""``samverka county`` and ``samverka appoint``: the parties of the edition, and the first people who act for them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from samverka.cli.django_set_up import refuse_unmigrated, set_up
from samverka.cli.main import BAD_INPUT, GOOD

#: The roles by their Swedish names, as ``core.acting.Role`` has them.
ROLES = ("läsare", "registrerare", "beslutsfattare", "administratör", "revisor")


def register(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands and their options."""
    add("county", help="lägg upp länets parter, enheter och arenor; det som redan finns behålls")
    give = add("appoint", help="ge en roll från kommandoraden: den första administratören, eller en revisor")
    give.add_argument("email", metavar="E-POST")
    give.add_argument("--party", default="", metavar="PART", help="partens kod, t.ex. BERG; tomt för en revisor")
    give.add_argument("--role", choices=ROLES, default="administratör", metavar="ROLL", help=", ".join(ROLES))


def county(_: argparse.Namespace) -> int:
    """Set the county up and say what was made."""
    set_up()
    refuse_unmigrated()
    from avtal.editions.jamtland_2026 import edition
    from samverka.core import clock
    from samverka.parties.services import set_up_county

    made = set_up_county(edition(), at=clock.now(), org_numbers={})
    print(f"{len(made)} parter är upplagda." if made else "Länets parter finns redan.")
    return GOOD


def appoint(options: argparse.Namespace) -> int:
    """Give the role, and say how the person comes in."""
    set_up()
    refuse_unmigrated()
    from django.conf import settings
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from samverka.core import clock
    from samverka.core.acting import Role
    from samverka.parties.models import Party
    from samverka.parties.people import appoint as give

    role = next(one for one in Role if one.label == options.role)
    fault = ""
    try:
        validate_email(options.email)
    except ValidationError:
        fault = f"{options.email}: ingen e-postadress"
    if (role == Role.AUDITOR) != (options.party == ""):
        fault = "--party: en revisor hör inte till någon part, alla andra roller gör det"
    elif options.party and not Party.objects.filter(code=options.party).exists():
        known = ", ".join(Party.objects.values_list("code", flat=True))
        fault = (
            f"--party {options.party}: finns inte. Parterna är {known or 'inte upplagda: kör samverka county först'}"
        )
    if fault:
        print(fault, file=sys.stderr)
        return BAD_INPUT
    give(options.email, party=options.party, role=role, since=clock.today(), at=clock.now())
    print(f"{options.email} är {role.label} {f'för {options.party}' if options.party else 'för hela avtalet'}.")
    print("Första lösenordet väljs på inloggningssidan under Glömt lösenordet.")
    if not settings.EMAIL_HOST:
        where = settings.EMAIL_FILE_PATH
        print(f"Brevet med länken skickas inte, för ingen e-postserver är inställd: det skrivs i {where}")
    return GOOD
