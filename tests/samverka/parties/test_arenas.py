"""The agreement's arenas: roles that bodies fill over time, as the parties say, with a source."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from samverka.core.acting import Actor, Role
from samverka.core.errors import Refused
from samverka.journal.models import Entry
from samverka.parties import seats
from samverka.parties.models import Arena, ArenaSeat, Party
from tests.samverka.platform import AT, ON, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")
BODY = "Vård- och socialnämnden"


def administrator(code: str = "BERG") -> Actor:
    """A party's administrator."""
    return actor(code, Role.ADMINISTRATOR)


def arena(code: str = "local.BERG") -> Arena:
    """An arena of the agreement."""
    return Arena.objects.get(code=code)


def filled(who: Actor, party: str = "BERG", body: str = BODY, since: date = ON, source: str = "KF § 3") -> ArenaSeat:
    """Let a body fill the local arena; an empty party is a body that the parties share."""
    found = Party.objects.get(code=party) if party else None
    return seats.fill_seat(who, arena(), party=found, body=body, since=since, source=source, at=AT)


def test_a_body_fills_an_arena_from_a_day() -> None:
    """One entry for all parties, resting on the arena's clause, with the decision as its reason."""
    seat = filled(administrator())
    told = json.loads(Entry.objects.get(action="parties.fill_seat").body)
    assert (told["subject"], told["clauses"], told["parties"], told["why"]) == (
        seat.public_id, ["OB-TVI-O"], ["*"], "KF § 3",
    )  # fmt: skip
    assert told["after"] == {"arena": "local.BERG", "party": "BERG", "body": BODY, "since": "2026-07-01"}


def test_bodies_follow_each_other() -> None:
    """The former keeps its time; the same body twice at once is refused, after its last day it is not."""
    seat = filled(administrator())
    with pytest.raises(Refused, match="sitter redan"):
        filled(administrator(), since=date(2026, 9, 1))
    with pytest.raises(Refused, match="före den första"):
        seats.vacate_seat(administrator(), seat, until=date(2026, 6, 30), source="KF § 4", at=AT)
    seats.vacate_seat(administrator(), seat, until=date(2026, 12, 31), source="KF § 4", at=AT)
    with pytest.raises(Refused, match="lämnade redan"):
        seats.vacate_seat(administrator(), seat, until=date(2027, 1, 31), source="KF § 5", at=AT)
    filled(administrator(), since=date(2027, 1, 1))
    assert list(ArenaSeat.objects.order_by("since").values_list("until", flat=True)) == [date(2026, 12, 31), None]


def test_the_database_wants_a_seat_once() -> None:
    """A party's body and a shared one: twice from one day is refused below every service, on both databases."""
    for party in ("BERG", ""):
        seat = filled(administrator(), party=party)
        seat.pk, seat.public_id = None, seat.public_id[::-1]
        with pytest.raises(IntegrityError), transaction.atomic():
            seat.save(force_insert=True)


def test_a_decision_is_needed() -> None:
    """Neither coming nor going without a source."""
    with pytest.raises(Refused, match="Ange var"):
        filled(administrator(), source="  ")
    seat = filled(administrator())
    with pytest.raises(Refused, match="Ange var"):
        seats.vacate_seat(administrator(), seat, until=ON, source="", at=AT)


def test_a_party_speaks_for_its_own_bodies() -> None:
    """Krokom enters and ends nothing of Berg's; what the parties share, each of them may enter and end."""
    krokom = administrator("KROKOM")
    with pytest.raises(Refused, match="annan part"):
        filled(krokom)
    own = filled(administrator())
    with pytest.raises(Refused, match="annan part"):
        seats.vacate_seat(krokom, own, until=ON, source="x", at=AT)
    shared = filled(krokom, party="", body="Gemensam grupp")
    seats.vacate_seat(administrator(), shared, until=ON, source="x", at=AT)
    assert ArenaSeat.objects.get(pk=shared.pk).until == ON


@pytest.mark.parametrize("role", [Role.READER, Role.REGISTRAR, Role.APPROVER, Role.AUDITOR])
def test_only_administrators_fill_arenas(role: Role) -> None:
    """Every other role is refused."""
    who = actor("" if role == Role.AUDITOR else "BERG", role)
    with pytest.raises(PermissionDenied):
        filled(who)
    seat = filled(administrator())
    with pytest.raises(PermissionDenied):
        seats.vacate_seat(who, seat, until=ON, source="x", at=AT)


def test_the_page_shows_every_arena() -> None:
    """Empty ones too, to every role; seats with their time and their source; changes to who may make them."""
    filled(administrator())
    for who in (actor("BERG", Role.READER), actor("", Role.AUDITOR), administrator(), administrator("KROKOM")):
        page = signed_in(who).get(reverse("parties:arenas")).content.decode()
        assert page.count('<section class="card">') == 6 + 2
        assert page.count("Ingen är angiven.") == 21
        assert BODY in page
        assert "KF § 3" in page
        assert page.count("/lamna") == (1 if who == administrator() else 0)
        assert page.count("/ny") == (22 if who.role == Role.ADMINISTRATOR else 0)
    party = signed_in(actor("ARE", Role.READER)).get(reverse("parties:party", args=[_berg().public_id]))
    assert BODY in party.content.decode()


def _berg() -> Party:
    return Party.objects.get(code="BERG")


def test_an_administrator_fills_and_empties_by_form() -> None:
    """The form offers the own party and what is shared, nobody else's; another party's seat is not there."""
    client, address = signed_in(administrator()), reverse("parties:seat_fill", args=[arena().public_id])
    page = client.get(address).content.decode()
    assert [name for name in ("Bergs kommun", "Krokoms kommun", "gemensamt") if name in page] == [
        "Bergs kommun", "gemensamt",
    ]  # fmt: skip
    form = {"party": _berg().public_id, "body": BODY, "since": "2026-07-01", "source": "KF § 3"}
    assert client.post(address, form)["Location"] == reverse("parties:arenas")
    assert "sitter redan" in client.post(address, form).content.decode()
    stranger = Party.objects.get(code="KROKOM").public_id
    assert client.post(address, {**form, "party": stranger}).status_code == 200
    seat = ArenaSeat.objects.get()
    gone = reverse("parties:seat_vacate", args=[seat.public_id])
    assert signed_in(administrator("KROKOM")).get(gone).status_code == 404
    assert client.post(gone, {"until": "2026-12-31", "source": "KF § 4"})["Location"] == reverse("parties:arenas")
    assert ArenaSeat.objects.get().until == date(2026, 12, 31)
