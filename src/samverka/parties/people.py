"""Writing people: who is invited, what they may do for a party, and when that ends."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from urllib.parse import urljoin

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.socialaccount.models import SocialAccount
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from samverka.core.acting import Actor, Role
from samverka.core.errors import Refused
from samverka.core.ids import public_id
from samverka.journal.services import ALL_PARTIES, record
from samverka.parties.models import IdentityProvider, Membership, Party, Unit, User
from samverka.parties.selectors import in_force
from samverka.parties.services import day_before

TOO_EARLY = "En roll börjar tidigast i dag."


@transaction.atomic
def invite(
    actor: Actor, *, email: str, name: str, role: Role, since: date, site: str, at: datetime, unit: Unit | None = None
) -> Membership:  # fmt: skip
    """Give the owner of an e-mail address a role in the actor's party.

    The answer is the same whether the address has an account or not: one letter is sent either way, and the name is
    this party's own.

    Args:
        actor: The party's administrator.
        email: The person's address.
        name: What this party calls the person.
        role: What the person may do; an auditor belongs to no party.
        since: From which day, today or later.
        site: The site's own address, for the letter.
        at: When.
        unit: Where in the party the person works.

    Raises:
        Refused: The person has that role in the party already, the role is the auditor's, it begins before today, or
            the unit is another party's.
    """
    actor.must("administer")
    if role == Role.AUDITOR:
        raise Refused("En revisor hör inte till någon part. Den som driver webbplatsen lägger till revisorer.")
    party = Party.objects.select_for_update().get(code=actor.party)
    if unit is not None and unit.party_id != party.pk:
        raise Refused("Enheten hör inte till er part.")
    if since < at.date():  # in Greenwich: the form holds it against the day here
        raise Refused(TOO_EARLY)
    user = _account(email)
    going_on = Q(until=None) | Q(until__gte=since)
    if Membership.objects.filter(going_on, user=user, party=party, role=role).exists():
        raise Refused(f"{email} har redan rollen {role.label} hos er.")
    made = Membership.objects.create(user=user, party=party, role=role, since=since, name=name, unit=unit)
    record(
        actor, "parties.invite", made.public_id, at=at, parties=(party.code,),
        after={"role": role.value, "since": since.isoformat()},
    )  # fmt: skip
    transaction.on_commit(partial(_send_letter, made, site, since))
    return made


@transaction.atomic
def end_membership(actor: Actor, membership: Membership, *, on: date, at: datetime) -> Membership:
    """End a person's role at once: the day before is its last.

    Raises:
        Refused: It has ended, or it is the party's last administrator's.
    """
    actor.must("administer")
    party = Party.objects.select_for_update().get(code=actor.party)  # two who end each other take turns
    membership = Membership.objects.get(pk=membership.pk)
    if membership.party_id != party.pk:
        raise Refused("Rollen hör inte till er part.")
    if membership.until is not None and membership.until < on:
        raise Refused(f"Rollen är redan avslutad den {membership.until}.")
    if membership.role == Role.ADMINISTRATOR:
        others = Membership.objects.filter(in_force(on), party=party, role=Role.ADMINISTRATOR, until=None)
        if not others.exclude(user=membership.user_id).exists():
            raise Refused("Detta är partens sista administratör. Lägg till en annan först.")
    membership.until = day_before(on)
    membership.save()
    record(
        actor, "parties.end_membership", membership.public_id, at=at, parties=(party.code,),
        before={"until": None}, after={"role": membership.role, "until": membership.until.isoformat()},
    )  # fmt: skip
    return membership


@transaction.atomic
def let_go(actor: Actor, membership: Membership, *, at: datetime) -> None:
    """Loose a person's account from the identity that the party's provider knew it by: the next sign-in binds anew.

    Raises:
        Refused: There is no such tie.
    """
    actor.must("administer")
    if membership.party is None or membership.party.code != actor.party:
        raise Refused("Rollen hör inte till er part.")
    provider = IdentityProvider.objects.filter(party=membership.party).first()
    if provider is None:
        raise Refused("Parten har ingen identitetstjänst.")
    gone, _ = SocialAccount.objects.filter(user=membership.user, provider=provider.provider_id).delete()
    if not gone:
        raise Refused("Kontot är inte knutet till någon identitet i er tjänst.")
    record(
        actor, "parties.let_go", membership.public_id, at=at, parties=(actor.party,),
        before={"identity_provider": provider.provider_id}, after=None,
    )  # fmt: skip


@transaction.atomic
def appoint(
    email: str, *, party: str, role: Role, since: date, at: datetime, name: str = "", password: str = "",
    example: bool = False,
) -> Membership:  # fmt: skip
    """Give a role without a party's administrator: its first one, an auditor, or an example account of a demonstration.

    Whoever runs the site does it, from the command line; what is there already is kept. ``party`` is empty for an
    auditor. A password is for example accounts: others get their first by the reset link.
    """
    found = Party.objects.get(code=party) if party else None
    user = _account(email)
    if password and not user.has_usable_password():
        user.set_password(password)
        user.save()
    membership, new = Membership.objects.get_or_create(
        user=user, party=found, role=role, until=None, defaults={"since": since, "name": name, "example": example}
    )
    if new:
        record(
            None, "parties.appoint", membership.public_id, at=at, parties=(party,) if party else ALL_PARTIES,
            after={"role": role.value, "since": since.isoformat(), "example": example},
        )  # fmt: skip
    return membership


def _account(email: str) -> User:
    """The account of an address, made without a password if there is none."""
    address = email.strip().lower()
    user = User.objects.filter(email=address).first()
    if user is None:
        blank = User(email=address, username=public_id())
        blank.set_unusable_password()
        user, _ = User.objects.get_or_create(
            email=address, defaults={"username": blank.username, "password": blank.password}
        )
    return user


def _send_letter(membership: Membership, site: str, on: date) -> None:
    """Tell the person: with a link that sets a first password, where there is no way in yet."""
    from samverka.parties.selectors import names

    user, party = membership.user, membership.party
    assert party is not None
    provider = IdentityProvider.objects.filter(party=party).first()
    through = provider is not None and user.email.rpartition("@")[2] in provider.domains.split(",")
    link = ""
    if not user.has_usable_password() and not through:
        key = default_token_generator.make_token(user)
        link = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    words = {
        "party": names(on)[party.code],
        "role": Role(membership.role).label,
        "site": site,
        "link": urljoin(site, link) if link else "",
        "through": through,
    }
    text = render_to_string("parties/invitation.txt", words)
    send_mail("Samverka: du har fått en roll", text, None, [user.email])
