"""The county's parties as they are set up, and the file that says what the agreement names."""

from __future__ import annotations

import pytest
from stdnum.se import orgnr

from avtal.book.load import BookError
from avtal.editions.jamtland_2026 import edition
from samverka.core.acting import Role
from samverka.core.errors import Refused
from samverka.journal.models import Entry
from samverka.parties import county, services
from samverka.parties.models import Arena, ArenaSeat, Kind, Party, PartyName, Unit
from samverka.parties.organisation import organisation_number
from tests.samverka.platform import AT, actor, signed_in


@pytest.mark.usefixtures("jamtland")
def test_the_county_has_nine_parties_and_their_fund() -> None:
    """One region, eight municipalities, one joint body under the region, each with its entry."""
    kinds = list(Party.objects.values_list("kind", flat=True))
    assert kinds == ["region", *["municipality"] * 8, "joint_body"]
    assert Party.objects.get(code="FUND").under == Party.objects.get(code="REGION")
    assert Entry.objects.filter(action="parties.create").count() == 10


@pytest.mark.usefixtures("jamtland")
def test_only_sourced_numbers_are_there() -> None:
    """Four of the ten, each with its source and a right check digit; the others are empty."""
    found = dict(PartyName.objects.exclude(org_number="").values_list("party__code", "org_number"))
    assert found == {
        "REGION": "232100-0214", "OSTERSUND": "212000-2528", "HARJEDALEN": "212000-2510", "STROMSUND": "212000-2486",
    }  # fmt: skip
    assert all(orgnr.is_valid(number) for number in found.values())
    assert not PartyName.objects.exclude(org_number="").filter(org_source="").exists()
    assert PartyName.objects.filter(org_number="", org_source="").count() == 6


@pytest.mark.usefixtures("jamtland")
def test_the_text_names_units_and_arenas() -> None:
    """The region's units have the codes of their invoice streams; no body is said to fill an arena."""
    units = set(Unit.objects.values_list("party__code", "code"))
    assert units == {("REGION", one) for one in ("syncentralen", "hörselvården", "MT", "storsjögläntan")}
    shared = list(Arena.objects.filter(area=None).values_list("code", flat=True))
    assert shared == ["county_political", "county_officials", "county_council", "seminar", "economy", "investigators"]
    assert Arena.objects.filter(area__code="BERG").count() == 2
    assert Arena.objects.count() == 6 + 2 * 8
    assert ArenaSeat.objects.count() == 0


@pytest.mark.usefixtures("jamtland")
def test_setting_up_again_adds_nothing() -> None:
    """What is there is kept, names that were changed included."""
    PartyName.objects.filter(party__code="BERG").update(name="Nya Berg")
    before = Entry.objects.count()
    assert services.set_up_county(edition(), at=AT, org_numbers={}) == []
    assert (Entry.objects.count(), Arena.objects.count(), Unit.objects.count()) == (before, 22, 4)
    assert PartyName.objects.get(party__code="BERG").name == "Nya Berg"


@pytest.mark.django_db
def test_numbers_may_be_given_beside_the_editions() -> None:
    """What a county states itself is checked like any other."""
    services.set_up_county(edition(), at=AT, org_numbers={"OSTERSUND": ("2120002528", "kommunen")})
    name = PartyName.objects.get(party__code="OSTERSUND")
    assert (name.org_number, name.org_source) == ("212000-2528", "kommunen")


@pytest.mark.django_db
def test_a_wrong_number_sets_nothing_up() -> None:
    """The county is set up as a whole or not at all."""
    with pytest.raises(Refused):
        services.set_up_county(edition(), at=AT, org_numbers={"BERG": ("212000-2529", "fel")})
    assert (Party.objects.count(), Entry.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("232100-0215", "stämmer inte"),
        ("232100", "tio siffror"),
        ("", "tio siffror"),
        ("٢٣٢١٠٠٠٢١٤", "tio siffror"),
        ("850709-9805", "personnummer"),
        ("SE2321000214", "tio siffror"),
    ],
)
def test_a_number_is_checked(number: str, why: str) -> None:
    """Digits, check digit, and never a person's: with the reason in words."""
    with pytest.raises(Refused, match=why):
        organisation_number(number)


def test_a_number_has_one_form() -> None:
    """However it is written."""
    assert {organisation_number(one) for one in ("2321000214", "232100-0214", " 232100 0214 ")} == {"232100-0214"}


UNIT = '[[unit]]\nparty = "REGION"\ncode = "x"\nname = "X"\nclause = "SH-EKO-6"\n'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (UNIT + "colour = 1\n", "colour: unknown"),
        (UNIT.replace('code = "x"\n', ""), "code: unknown or absent"),
        (UNIT.replace("REGION", "ATLANTIS"), "part ATLANTIS: does not exist"),
        (UNIT.replace("SH-EKO-6", "X-9"), "avtalspunkt X-9: does not exist"),
        ("[[office]]\n", "office: unknown"),
        ('[org_number.ATLANTIS]\nnumber = "1"\nsource = "x"\n', "part ATLANTIS"),
        ('[org_number.BERG]\nnumber = "1"\n', "source: unknown or absent"),
        ('[[joint_body]]\ncode = "X"\nunder = "Y"\nclause = "P-GIL-1"\n', "part Y"),
        ('[[arena]]\ncode = "a"\nname = "A"\nclause = "P-GIL-2"\neach = "region"\n', "each region"),
        ('[[arena]]\ncode = "a"\nname = "A"\nclause = "X-1"\n', "avtalspunkt X-1"),
        ("[[", "parties.toml"),
    ],
)
def test_the_file_is_read_strictly(text: str, why: str) -> None:
    """An unknown key, or a clause or a party that is not there, is a fault that names itself."""
    with pytest.raises(BookError, match=why):
        county.read(text, edition())


def test_a_right_file_is_read() -> None:
    """The twin of the faults above."""
    assert county.read(UNIT, edition()).units == (county.NamedUnit("REGION", "x", "X", "SH-EKO-6"),)
    assert county.read("", edition()).arenas == ()


def test_arenas_are_named_as_the_readings_name_them() -> None:
    """Who decides a reading, where that is an arena, is one of the county's arenas."""
    names = {one.name.lower() for one in county.county_of(edition()).arenas}
    deciders = {one.decided_by for one in edition().readings.values()}
    assert {one for one in deciders if one.endswith("samverkansarena") or "tjänstepersonsarena" in one} <= names


@pytest.mark.usefixtures("jamtland")
def test_a_signed_in_user_sees_the_front_page() -> None:
    """The middleware finds the actor."""
    assert signed_in(actor("BERG", Role.READER)).get("/").status_code == 200
    assert Party.objects.filter(kind=Kind.MUNICIPALITY).count() == 8
