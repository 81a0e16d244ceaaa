"""Who is invited, what that tells others, and when a role ends."""

from __future__ import annotations

import re
import threading
from datetime import date
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse

from samverka.core import clock
from samverka.core.acting import Actor, Role
from samverka.core.errors import Refused
from samverka.journal.models import Entry, EntryParty
from samverka.parties import people, selectors
from samverka.parties.demo import make_demo_accounts
from samverka.parties.models import IdentityProvider, Membership, Party, User
from tests.samverka.platform import AT, ON, PASSWORD, actor, county, signed_in

NEW, OLD = "ny@exempel.se", "gammal@exempel.se"


def administrator(code: str = "BERG", number: int = 1) -> Actor:
    """A party's administrator."""
    return actor(code, Role.ADMINISTRATOR, number)


def invited(who: Actor, email: str, role: Role = Role.READER, since: date = ON) -> Membership:
    """Give a role."""
    given = {"name": "Kim Exempel", "role": role, "since": since, "site": "https://samverka.exempel.se/", "at": AT}
    return people.invite(who, email=email, **given)  # type: ignore[arg-type]  # a dict of their types


def elsewhere() -> User:
    """An account with a name and a password, in Krokom."""
    user = User.objects.create(username="g", email=OLD, first_name="Hemliga", last_name="Namnet")
    user.set_password(PASSWORD)
    user.save()
    Membership.objects.create(user=user, party=Party.objects.get(code="KROKOM"), role=Role.READER, since=ON)
    return user


# -- a clash reveals nothing ---------------------------------------------------------------------------


@pytest.mark.usefixtures("jamtland")
def test_an_invitation_does_not_tell_whether_the_account_was_there(django_capture_on_commit_callbacks: Any) -> None:
    """The same answer, message, list, entry and one letter each, for a new address and for another party's person."""
    elsewhere()
    client = signed_in(administrator())
    seen = []
    for email in (NEW, OLD):
        form = {"email": email.upper(), "name": "Kim Exempel", "role": "reader", "since": clock.today().isoformat()}
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(reverse("parties:invite"), form)
        page = client.get(answer["Location"]).content.decode()
        row = re.search(rf"<tr>(?:(?!</tr>).)*?{email}.*?</tr>", page, re.DOTALL)
        assert row is not None
        membership = Membership.objects.get(user__email=email, party__code="BERG")
        said = [text.replace(membership.public_id, "ID") for text in (row.group(), answer["Location"])]
        message = [line.replace(email, "ADDRESS") for line in re.findall(r'<p class="notice[^>]*>[^<]*', page)]
        body = Entry.objects.get(action="parties.invite", subject=membership.public_id).body
        told = re.sub(r'"(?:at|request|salt|subject)":"[^"]*"', "", body)
        seen.append((answer.status_code, [one.replace(email, "ADDRESS") for one in said], message, told))
        assert "Hemliga" not in page
    assert seen[0] == seen[1]
    assert [letter.to for letter in mail.outbox] == [[NEW], [OLD]]


@pytest.mark.usefixtures("jamtland")
def test_without_a_mail_server_nobody_is_told_that_a_letter_is_sent(settings: Any, tmp_path: Any) -> None:
    """The page says that none is, and who has it to hand over."""
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", tmp_path
    form = {"email": NEW, "name": "Kim Exempel", "role": "reader", "since": clock.today().isoformat()}
    page = signed_in(administrator()).post(reverse("parties:invite"), form, follow=True).content.decode()
    assert "Inget brev är skickat: webbplatsen har ingen e-postserver." in page
    assert "Ett brev är skickat dit" not in page


@pytest.mark.usefixtures("jamtland")
def test_a_role_begins_today_at_the_earliest() -> None:
    """Nobody is said to have had a role before it was given."""
    with pytest.raises(Refused, match="tidigast i dag"):
        invited(administrator(), NEW, since=date(1990, 1, 1))
    form = {"email": NEW, "name": "Kim Exempel", "role": "reader", "since": "1990-01-01"}
    page = signed_in(administrator()).post(reverse("parties:invite"), form).content.decode()
    assert f"Från och med: ange i dag, {clock.today()}, eller en senare dag." in page
    assert not Membership.objects.filter(user__email=NEW).exists()
    assert invited(administrator(), NEW, since=ON).since == ON


@pytest.mark.usefixtures("jamtland")
def test_the_letter_gives_a_way_in_where_there_is_none(django_capture_on_commit_callbacks: Any) -> None:
    """A new person gets a link that sets a password once; who has one gets no link that would change it."""
    elsewhere()
    with django_capture_on_commit_callbacks(execute=True):
        invited(administrator(), NEW)
        invited(administrator(), OLD)
    first, second = (str(letter.body) for letter in mail.outbox)
    link = re.search(r"https://samverka\.exempel\.se(/konto/password/reset/key/\S+)", first)
    assert link is not None
    assert "password/reset/key" not in second
    client = Client()
    form = client.get(link[1], follow=True)
    assert form.status_code == 200
    posted = client.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})
    assert posted.status_code == 302
    assert User.objects.get(email=NEW).check_password(PASSWORD)
    again = Client().get(link[1], follow=True)
    assert 'name="password1"' not in again.content.decode()
    signing_in = Client()
    assert signing_in.post("/konto/login/", {"login": NEW, "password": PASSWORD})["Location"] == "/"


@pytest.mark.usefixtures("jamtland")
def test_the_letter_points_to_the_partys_own_sign_in(django_capture_on_commit_callbacks: Any) -> None:
    """Where the party has an identity provider for the address, no password is asked for."""
    IdentityProvider.objects.create(party=Party.objects.get(code="BERG"), provider_id="berg", domains="exempel.se")
    with django_capture_on_commit_callbacks(execute=True):
        invited(administrator(), NEW)
    assert "identitetstjänst: https://samverka.exempel.se/" in mail.outbox[0].body
    assert "password" not in mail.outbox[0].body


@pytest.mark.usefixtures("jamtland")
def test_a_letter_is_sent_only_for_what_was_kept(django_capture_on_commit_callbacks: Any) -> None:
    """A refused invitation sends none."""
    invited(administrator(), NEW)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refused, match="redan rollen läsare"):
        invited(administrator(), NEW.upper())
    assert mail.outbox == []
    assert User.objects.filter(email__iexact=NEW).count() == 1


@pytest.mark.usefixtures("jamtland")
def test_nobody_is_made_an_auditor_by_a_party() -> None:
    """An auditor sees every party's agreement: neither the service nor the form gives that role."""
    with pytest.raises(Refused, match="revisor"):
        invited(administrator(), NEW, Role.AUDITOR)
    form = {"email": NEW, "name": "X", "role": "auditor", "since": "2026-07-01"}
    assert signed_in(administrator()).post(reverse("parties:invite"), form).status_code == 200
    assert not Membership.objects.filter(user__email=NEW).exists()


# -- the list is the administrator's -------------------------------------------------------------------


@pytest.mark.usefixtures("jamtland")
def test_only_the_own_administrator_sees_people() -> None:
    """No other role, no other party, and never the auditor: no address of a person in any of their pages."""
    invited(administrator(), NEW)
    for role in (Role.READER, Role.REGISTRAR, Role.APPROVER, Role.AUDITOR):
        who = actor("" if role == Role.AUDITOR else "BERG", role)
        client = signed_in(who)
        assert client.get(reverse("parties:people")).status_code == 403
        assert not selectors.memberships_for(who).exists()
        for party in Party.objects.all():
            page = client.get(reverse("parties:party", args=[party.public_id]))
            assert "@" not in page.content.decode().partition("<main")[2]
    krokom = signed_in(administrator("KROKOM"))
    assert NEW not in krokom.get(reverse("parties:people")).content.decode()
    assert NEW in signed_in(administrator()).get(reverse("parties:people")).content.decode()
    assert NEW in signed_in(administrator()).get(reverse("parties:people") + "?format=csv").getvalue().decode()


@pytest.mark.usefixtures("jamtland")
def test_another_partys_role_is_not_there() -> None:
    """404 for Krokom's administrator, whatever is asked."""
    membership = invited(administrator(), NEW)
    client = signed_in(administrator("KROKOM"))
    for name in ("parties:membership_end", "parties:let_go"):
        assert client.post(reverse(name, args=[membership.public_id])).status_code == 404
    with pytest.raises(Refused, match="hör inte till"):
        people.end_membership(administrator("KROKOM"), membership, on=ON, at=AT)
    with pytest.raises(Refused, match="hör inte till"):
        people.let_go(administrator("KROKOM"), membership, at=AT)
    assert Membership.objects.get(pk=membership.pk).until is None


@pytest.mark.usefixtures("jamtland")
@pytest.mark.parametrize("role", [Role.READER, Role.REGISTRAR, Role.APPROVER])
def test_only_administrators_give_and_end_roles(role: Role) -> None:
    """The services refuse every other role."""
    membership, who = invited(administrator(), NEW), actor("BERG", role)
    for act in (
        lambda: invited(who, "x@exempel.se"),
        lambda: people.end_membership(who, membership, on=ON, at=AT),
        lambda: people.let_go(who, membership, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.usefixtures("jamtland")
def test_the_journal_names_no_person() -> None:
    """Giving and ending a role is told to the own party alone, by role and day, never by name or address."""
    membership = invited(administrator(), NEW)
    people.end_membership(administrator(), membership, on=ON, at=AT)
    told = Entry.objects.filter(subject=membership.public_id)
    assert [one.action for one in told.order_by("id")] == ["parties.invite", "parties.end_membership"]
    for one in told:
        assert NEW not in one.body
        assert "Kim" not in one.body
        assert membership.user.public_id not in one.body
        assert list(EntryParty.objects.filter(entry=one).values_list("party", flat=True)) == ["BERG"]


# -- ending --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("jamtland")
def test_an_ended_role_is_over_at_once() -> None:
    """Also for who is signed in just then."""
    reader = actor("BERG", Role.READER)
    working, boss = signed_in(reader), signed_in(administrator())
    assert working.get(reverse("parties:list")).status_code == 200
    membership = reader.user.memberships.get()
    assert boss.get(reverse("parties:membership_end", args=[membership.public_id])).status_code == 200
    boss.post(reverse("parties:membership_end", args=[membership.public_id]))
    assert working.get(reverse("parties:list")).status_code == 403
    with pytest.raises(Refused, match="redan avslutad"):
        people.end_membership(administrator(), membership, on=clock.today(), at=AT)


@pytest.mark.usefixtures("jamtland")
def test_the_last_administrator_stays() -> None:
    """One who ends is not counted, nor whose time is up, nor another party's; a second one frees the first."""
    only = administrator()
    administrator("KROKOM")
    last = only.user.memberships.get()
    Membership.objects.create(
        user=administrator("ARE").user, party=last.party, role=Role.ADMINISTRATOR, since=last.since, until=ON
    )
    page = signed_in(only).post(reverse("parties:membership_end", args=[last.public_id]))
    assert "sista administratör" in page.content.decode()
    with pytest.raises(Refused, match="sista administratör"):
        people.end_membership(only, last, on=ON, at=AT)
    invited(only, NEW, Role.ADMINISTRATOR)
    people.end_membership(only, last, on=ON, at=AT)
    assert Membership.objects.get(pk=last.pk).until == date(2026, 6, 30)


@pytest.mark.usefixtures("jamtland")
def test_a_second_role_of_the_same_person_is_no_second_administrator() -> None:
    """Two memberships as administrator of one person are one administrator."""
    only = administrator()
    first = only.user.memberships.get()
    Membership.objects.create(user=only.user, party=first.party, role=Role.ADMINISTRATOR, since=ON)
    with pytest.raises(Refused, match="sista administratör"):
        people.end_membership(only, first, on=ON, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_end_each_other() -> None:
    """At the same moment, from two processes: one of them stays."""
    county()
    both = [administrator(number=n) for n in (1, 2)]
    memberships = [one.user.memberships.get() for one in both]
    together, refused = threading.Barrier(2), []

    def end(who: Actor, other: Membership) -> None:
        together.wait()
        try:
            people.end_membership(who, other, on=ON, at=AT)
        except Refused as reason:
            refused.append(str(reason))
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=(both[n], memberships[1 - n])) for n in (0, 1)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert Membership.objects.filter(role=Role.ADMINISTRATOR, until=None).count() == 1
    assert len(refused) == 1


@pytest.mark.usefixtures("jamtland")
def test_an_identity_is_let_go_once() -> None:
    """The tie is loosed with one entry; where there is none, that is said."""
    boss = administrator()
    membership = invited(boss, NEW)
    with pytest.raises(Refused, match="ingen identitetstjänst"):
        people.let_go(boss, membership, at=AT)
    IdentityProvider.objects.create(party=Party.objects.get(code="BERG"), provider_id="berg", domains="exempel.se")
    SocialAccount.objects.create(user=membership.user, provider="berg", uid="1")
    SocialAccount.objects.create(user=membership.user, provider="krokom", uid="1")
    people.let_go(boss, membership, at=AT)
    assert list(SocialAccount.objects.values_list("provider", flat=True)) == ["krokom"]
    assert Entry.objects.filter(action="parties.let_go").count() == 1
    page = signed_in(boss).post(reverse("parties:let_go", args=[membership.public_id]), follow=True)
    assert "inte knutet" in page.content.decode()


# -- accounts that no administrator gave ---------------------------------------------------------------


@pytest.mark.usefixtures("jamtland")
def test_the_first_administrator_is_appointed() -> None:
    """Once, with one entry; again adds nothing."""
    for _ in range(2):
        people.appoint("Chef@Berg.exempel.se", party="BERG", role=Role.ADMINISTRATOR, since=ON, at=AT)
    membership = Membership.objects.get()
    assert (membership.user.email, membership.example) == ("chef@berg.exempel.se", False)
    assert not membership.user.has_usable_password()
    assert Entry.objects.filter(action="parties.appoint").count() == 1


@pytest.mark.usefixtures("jamtland")
def test_demo_accounts() -> None:
    """One for each role and party, the region's people for the fund too, one auditor: all marked, all can sign in."""
    made = make_demo_accounts(at=AT, password=PASSWORD)
    assert len(made) == 9 * 4 + 4 + 1
    assert made[0] == ("lasare.region@exempel.se", "REGION", Role.READER)
    assert ("registrerare.berg@exempel.se", "BERG", Role.REGISTRAR) in made
    assert ("beslutsfattare.region@exempel.se", "FUND", Role.APPROVER) in made
    assert made[-1] == ("revisor@exempel.se", "", Role.AUDITOR)
    assert User.objects.count() == 9 * 4 + 1
    assert Membership.objects.filter(example=True).count() == Membership.objects.count() == len(made)
    assert len(make_demo_accounts(at=AT, password=PASSWORD)) == len(made)
    assert Membership.objects.count() == len(made)
    client = Client()
    assert client.post("/konto/login/", {"login": "revisor@exempel.se", "password": PASSWORD})["Location"] == "/"
