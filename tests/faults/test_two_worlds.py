"""Two municipalities' worlds: nothing of the other's is anywhere that one can come, and no person where an auditor can.

The other's texts, files, people and reasons all begin with a canary; its addresses are canaries too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from samverka.core.acting import Actor, Role
from samverka.parties.models import Membership, User
from tests.faults.crawl import Walk, walk
from tests.faults.world import AFFILIATED, ROLES, World, shared, told_of, world
from tests.samverka.platform import actor, county, signed_in

pytestmark = pytest.mark.django_db
CANARY = "kanariefagel-"
STARTS = ("/", "/parter/", "/journal/", "/journal/utdrag", "/journal/kontrollpunkter", "/avtal/", "/arbete/",
          "/arenden/", "/arenden/statistik/",
          "/avrakning/", "/avrakning/fakturor/", "/avrakning/underlag/", "/avrakning/kalender/",
          "/avrakning/kalender/adress/")  # fmt: skip


@pytest.fixture(scope="module")
def worlds(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[World, World]]:
    """Berg's world, and Krokom's with its canaries."""
    with django_db_blocker.unblock(), transaction.atomic():
        county()
        own = world("BERG")
        shared(own)
        other = world("KROKOM", CANARY)
        yield own, other
        transaction.set_rollback(True)
    connection.close()


def walked(made: World, role: Role) -> Walk:
    """Everywhere that a person of the party comes, its feed included."""
    return walk(signed_in(actor(made.code, role)), *STARTS, f"/avrakning/kalender/{made.things['feed']}.ics")


@pytest.mark.parametrize("role", ROLES)
def test_nothing_of_another_party_is_anywhere(role: Role, worlds: tuple[World, World]) -> None:
    """Berg finds its own invoice and work, and no canary of Krokom's on any page, in any file, feed or heading."""
    own, other = worlds
    found = walked(own, role)
    assert found.broken == []
    assert found.saying(own.things["invoice.issued"]) != []
    assert found.saying(own.things["work.registered"]) != []
    of_case = [where for where in found.saying(own.things["case.active"]) if where.startswith("/arenden/")]
    assert (of_case != []) == (role != Role.ADMINISTRATOR)
    if role == Role.ADMINISTRATOR:  # sees no case, in the journal neither; numbers alone, in a check of the log
        of_cases = [thing for name, thing in own.things.items() if name.startswith(("case.", "number."))]
        assert [one for one in found.saying(*of_cases) if not one.startswith("/arenden/kontroll/")] == []
    assert found.saying(*told_of(other)) == []
    register = [own.things[name] for name in ("number.affiliated", "affiliated", "affiliation")]
    assert found.saying(*register, *AFFILIATED) == [], "the region's register of affiliations"
    assert any(address.endswith("format=xlsx") for address in found.texts)
    assert len(found.texts) > 80


def test_the_canaries_sing_at_home(worlds: tuple[World, World]) -> None:
    """The canaries are real: Krokom itself meets each of its own somewhere, names of people at its administrator's."""
    _, other = worlds
    found = walked(other, Role.REGISTRAR)
    its_own = {thing for thing in told_of(other) if "." not in thing} - {
        other.things[x] for x in ("membership", "feed", "check")
    }
    missing = {word for word in its_own if not found.saying(word)}
    assert missing == set()
    admin = walked(other, Role.ADMINISTRATOR)
    assert admin.saying(f"{CANARY}ny person") != []
    assert admin.saying(f"{CANARY}ny@exempel.se") != []
    assert walk(signed_in(actor(other.code, Role.ADMINISTRATOR)), "/arenden/kontroll/").saying(other.things["check"])


def test_an_auditor_meets_everything_and_nobody(worlds: tuple[World, World]) -> None:
    """An auditor sees both parties' invoices and work, and neither a name, a user name nor an e-mail of anyone."""
    found = walk(signed_in(actor("", Role.AUDITOR)), *STARTS)
    assert found.broken == []
    of_cases = [
        thing for made in worlds for name, thing in made.things.items() if name.startswith(("case.", "number."))
    ]
    for made in worlds:
        assert found.saying(made.things["invoice.issued"]) != []
        assert found.saying(made.things["work.registered"]) != []
    assert found.saying(f"{CANARY}hälsocentralen") == []
    assert found.saying(*of_cases) == []
    things = worlds[0].things
    assert found.saying(things["number.affiliated"], things["affiliation"], *AFFILIATED) == []
    assert found.saying(things["affiliated"]) == []
    auditor = actor("", Role.AUDITOR).user
    people = User.objects.exclude(pk=auditor.pk)
    words = [word for one in people for word in (one.username, one.email, one.first_name, one.last_name)]
    words += list(Membership.objects.exclude(name="").values_list("name", flat=True))
    assert len(words) > 40
    assert found.saying(*filter(None, words)) == []


@pytest.mark.parametrize(("selector", "below"), [
    ("samverka.assignments.selectors.work_for", "/arbete/"),
    ("samverka.settlement.views_invoice.invoices_for", "/avrakning/fakturor/"),
    ("samverka.journal.selectors.entries_for", "/journal/"),
])  # fmt: skip
def test_the_crawl_sees_a_selector_without_scope(
    selector: str, below: str, worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The crawl catches its broken twin: one selector that gives everybody everything."""
    from django.utils.module_loading import import_string

    own, other = worlds
    true, auditor = import_string(selector), actor("", Role.AUDITOR)
    monkeypatch.setattr(selector, lambda _, *rest: true(Actor(auditor.user, "", Role.AUDITOR), *rest))
    found = walk(signed_in(actor(own.code, Role.READER)), below, only=below)
    assert found.saying(*told_of(other)) != []


def test_the_crawl_sees_cases_without_scope(worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for cases: a door that lets everybody at everything."""
    from samverka.care import selectors
    from samverka.care.models.case import Case

    own, other = worlds
    monkeypatch.setattr(selectors, "_scoped", lambda _: Case.unlogged.all())
    found = walk(signed_in(actor(own.code, Role.READER)), "/arenden/", only="/arenden/")
    assert found.saying(*told_of(other)) != []


def test_the_crawl_sees_a_register_without_scope(worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for the region's register of affiliations; and at home its canaries sing, days and pseudonym."""
    from samverka.care import selectors_affiliation as register

    things, below = worlds[0].things, "/arenden/anslutningar/"
    home = walk(signed_in(actor("REGION", Role.READER)), below, only=below)
    for word in (things["number.affiliated"], *AFFILIATED):
        assert home.saying(word) != []
    monkeypatch.setattr(register, "keeps_register", lambda _: True)
    found = walk(signed_in(actor("BERG", Role.READER)), below, only=below)
    assert found.saying(things["number.affiliated"]) != []
