"""Which role a session acts in, what each role may, and what an auditor may see."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from samverka.core import clock
from samverka.core.acting import MAY, Actor, Role
from samverka.parties import selectors
from samverka.parties.models import Membership, Party, User
from samverka.parties.urls import urlpatterns
from tests.samverka.platform import ON, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")


def test_each_role_has_its_own_rights() -> None:
    """All read; who registers does not decide, who decides does not register, who administers does neither.

    Cases about persons are for those who work with them.
    """
    assert {role: sorted(MAY[role] - {"read"}) for role in Role} == {
        Role.READER: ["care"],
        Role.REGISTRAR: ["care", "propose", "register"],
        Role.APPROVER: ["approve", "attest", "care", "issue"],
        Role.ADMINISTRATOR: ["administer"],
        Role.AUDITOR: [],
    }
    assert all("read" in MAY[role] for role in Role)


def test_what_a_role_may_not_is_refused_in_words() -> None:
    """The message names the role."""
    with pytest.raises(PermissionDenied, match="Rollen läsare får inte göra detta"):
        Actor(None, "BERG", Role.READER).must("register")
    Actor(None, "BERG", Role.REGISTRAR).must("register")


def test_an_auditor_belongs_to_no_party() -> None:
    """And nobody else to none: the database says so both ways, and refuses a second membership of the kind."""
    user, berg = User.objects.create(username="x", email="x@exempel.se"), Party.objects.get(code="BERG")
    for party, role in ((berg, Role.AUDITOR), (None, Role.READER)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(user=user, party=party, role=role, since=ON)
    Membership.objects.create(user=user, party=None, role=Role.AUDITOR, since=ON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, party=None, role=Role.AUDITOR, since=ON)


def with_roles(*roles: tuple[str, Role]) -> Actor:
    """A person with several roles, acting in the first."""
    who = actor(*roles[0])
    for code, role in roles[1:]:
        Membership.objects.create(user=who.user, party=Party.objects.get(code=code), role=role, since=ON)
    return who


def test_a_person_chooses_a_role() -> None:
    """The first by the parties' order, until another is chosen; the choice lasts for the session."""
    who = with_roles(("KROKOM", Role.READER), ("BERG", Role.REGISTRAR), ("KROKOM", Role.APPROVER))
    client, address = signed_in(who), reverse("parties:acting")
    assert client.get("/parter/").context["actor"] == Actor(who.user, "BERG", Role.REGISTRAR)
    page = client.get(address).content.decode()
    assert page.count('name="membership"') == 2
    assert page.count("Vald nu") == 1
    chosen = who.user.memberships.get(role=Role.APPROVER)
    assert client.post(address, {"membership": chosen.public_id})["Location"] == "/"
    assert client.get("/parter/").context["actor"] == Actor(who.user, "KROKOM", Role.APPROVER)
    assert signed_in(who).get("/parter/").context["actor"].party == "BERG"


def test_another_persons_role_cannot_be_chosen() -> None:
    """Nor one that has ended, nor one that is made up: 404, and the session acts as before."""
    who = with_roles(("BERG", Role.READER), ("BERG", Role.APPROVER))
    stranger = actor("KROKOM", Role.APPROVER).user.memberships.get()
    ended = who.user.memberships.get(role=Role.APPROVER)
    Membership.objects.filter(pk=ended.pk).update(until=clock.today() - timedelta(days=1))
    client = signed_in(who)
    for public_id in (stranger.public_id, ended.public_id, "nonsense", ""):
        assert client.post(reverse("parties:acting"), {"membership": public_id}).status_code == 404
    session = client.session
    session["acting"] = stranger.public_id
    session.save()
    assert client.get("/parter/").context["actor"] == Actor(who.user, "BERG", Role.READER)


def test_the_role_that_is_acted_in_is_the_first_of_those_to_choose_from() -> None:
    """The auditor's, which belongs to no party, before all; then in the parties' order: on every database."""
    who = actor("BERG", Role.READER)
    for code, role in (("REGION", Role.APPROVER), ("", Role.AUDITOR)):
        party = Party.objects.filter(code=code).first()
        Membership.objects.create(user=who.user, party=party, role=role, since=ON)
    found = list(selectors.memberships_of(who.user, on=ON))
    assert [(one.party and one.party.code, one.role) for one in found] == [
        (None, "auditor"), ("REGION", "approver"), ("BERG", "reader"),
    ]  # fmt: skip
    standings = [selectors.standing_of(who.user, on=ON, chosen=chosen) for chosen in ("", found[1].public_id)]
    assert [(one.membership, one.party_name) for one in standings if one] == [
        (found[0].public_id, ""), (found[1].public_id, "Region Jämtland Härjedalen"),
    ]  # fmt: skip
    only = selectors.standing_of(who.user, on=ON, only="BERG")
    assert only is not None
    assert only.actor == who


def test_a_role_holds_from_its_first_day_to_its_last() -> None:
    """Both inside."""
    who = actor("BERG", Role.READER)
    who.user.memberships.update(since=date(2026, 3, 1), until=date(2026, 3, 31))
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))
    found = [selectors.actor_of(who.user, on=day) for day in days]
    assert found == [None, who, who, None]


def test_without_a_role_one_may_only_choose() -> None:
    """An account whose roles have all ended is told so, and can still sign out."""
    who = actor("BERG", Role.READER)
    who.user.memberships.update(until=date(2026, 1, 2))
    client = signed_in(who)
    refused = client.get("/parter/")
    assert refused.status_code == 403
    assert "ingen gällande roll" in client.get(reverse("parties:acting")).content.decode()


def test_who_is_not_signed_in_is_sent_to_sign_in() -> None:
    """Every page of the app, and back again afterwards."""
    for pattern in urlpatterns:
        args = ["x" * 16] if "public_id" in str(pattern.pattern) else []
        address = reverse(f"parties:{pattern.name}", args=args)
        assert Client().get(address)["Location"] == f"/konto/login/?next={address}"


def test_a_part_of_a_page_is_refused_and_not_sent_to_sign_in() -> None:
    """The page keeps what was typed; its script tells. Nothing of the sign-in page is put into it."""
    for address in ("/parter/", "/arbete/inhyrd-personal/pris/"):
        refused = Client().post(address, headers={"HX-Request": "true"})
        assert (refused.status_code, refused["HX-Reswap"]) == (401, "none")
        assert refused.content.decode() == "Du är utloggad. Logga in i en annan flik; det du har skrivit finns kvar."


def test_every_page_says_who_may_come() -> None:
    """Each view has its first line, and each address its name."""
    access = {pattern.name: pattern.callback.access for pattern in urlpatterns}
    by_access = {what: {name for name, one in access.items() if one == what} for what in access.values()}
    assert by_access.keys() == {"read", "signed_in", "administer"}
    assert by_access["read"] == {"list", "party", "arenas"}
    assert by_access["signed_in"] == {"acting", "second_factor", "reauthenticate"}


def test_reauthentication_leads_only_home() -> None:
    """A next address on another host is not followed."""
    client = signed_in(actor("BERG", Role.READER))
    answer = client.get(reverse("parties:reauthenticate"), {"next": "https://annan.se/"})
    assert answer["Location"] == "/konto/reauthenticate/?next=%2F"
