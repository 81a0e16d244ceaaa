"""The parties' names over time, numbers, units and providers; who may change them, and what the journal then says."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from samverka.core import request_id
from samverka.core.acting import Actor, Role
from samverka.core.errors import Refused
from samverka.journal.models import Entry
from samverka.parties import selectors, services
from samverka.parties.models import Party, PartyName, Unit
from tests.samverka.platform import AT, ON, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")
JULY = date(2026, 7, 1)


def berg() -> Party:
    """The municipality of Berg."""
    return Party.objects.get(code="BERG")


def administrator(code: str = "BERG") -> Actor:
    """Its administrator."""
    return actor(code, Role.ADMINISTRATOR)


# -- names on a day ------------------------------------------------------------------------------------


def test_a_name_holds_from_its_day() -> None:
    """The day before has the old name, the day itself the new; a day before all has the first."""
    services.rename(administrator(), berg(), since=JULY, name="Nya Bergs kommun", source="KF 2026-05-01 § 1", at=AT)
    days = (date(2025, 12, 31), date(2026, 6, 30), JULY)
    assert [selectors.names(day)["BERG"] for day in days] == ["Bergs kommun", "Bergs kommun", "Nya Bergs kommun"]
    assert [selectors.name_on("BERG", day).name for day in days] == [selectors.names(day)["BERG"] for day in days]
    assert selectors.name_on("ATLANTIS", JULY) is None


def test_a_stream_is_labelled_by_its_unit() -> None:
    """The units that the text names as receivers of invoices; what nobody has named is shown as it is."""
    assert selectors.label_of("REGION:syncentralen", on=ON) == "Syncentralen, Region Jämtland Härjedalen"
    assert selectors.label_of("REGION:hörselvården", on=ON) == "Hörselvården, Region Jämtland Härjedalen"
    assert selectors.label_of("BERG", on=ON) == "Bergs kommun"
    assert selectors.label_of("BERG:okänd", on=ON) == "Bergs kommun"
    assert selectors.label_of("ATLANTIS", on=ON) == "ATLANTIS"
    shown = Template("{% load party_names %}{{ 'BERG'|party_name:day }}").render(Context({"day": ON}))
    assert shown == "Bergs kommun"


def test_a_request_reads_the_names_once() -> None:
    """One query the first time, none after, for the same day in the same request; outside requests every time."""

    def queries(*days: date) -> int:
        with CaptureQueriesContext(connection) as seen:
            for day in days:
                selectors.names(day)
        return len(seen)

    with request_id.using("one"):
        assert queries(ON, ON, ON) == 1
        assert queries(date(2026, 1, 1)) == 1
    with request_id.using("two"):
        assert queries(date(2026, 1, 1), date(2026, 1, 1)) == 1
    assert queries(ON, ON) == 2


# -- names and numbers ---------------------------------------------------------------------------------


def entry(action: str) -> dict[str, Any]:
    """What the one entry of an action says."""
    return dict(json.loads(Entry.objects.get(action=action).body))


def test_renaming_is_told_to_all() -> None:
    """One entry with the old and the new name and the source; the number goes along."""
    services.rename(actor("REGION", Role.ADMINISTRATOR), Party.objects.get(code="REGION"), since=JULY,
                    name="Regionen", source="RF § 2", at=AT)  # fmt: skip
    told = entry("parties.rename")
    assert (told["before"], told["after"]) == (
        {"name": "Region Jämtland Härjedalen"},
        {"name": "Regionen", "since": "2026-07-01"},
    )
    assert (told["parties"], told["why"]) == (["*"], "RF § 2")
    assert selectors.name_on("REGION", JULY).org_number == "232100-0214"


def test_one_name_a_day() -> None:
    """Two names from one day would be one too many: the service says so, and so does the database."""
    since = PartyName.objects.get(party=berg()).since
    with pytest.raises(Refused, match="redan ett namn"):
        services.rename(administrator(), berg(), since=since, name="X", source="y", at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyName.objects.create(party=berg(), since=since, name="X")


def test_a_number_is_entered_with_its_source() -> None:
    """It goes with the name in force; the entry says what was there before."""
    services.state_org_number(administrator(), berg(), number="2120002510", source="kommunen", on=ON, at=AT)
    name = PartyName.objects.get(party=berg())
    assert (name.org_number, name.org_source) == ("212000-2510", "kommunen")
    told = entry("parties.state_org_number")
    assert told["before"] == {"org_number": "", "source": ""}
    assert told["after"] == {"org_number": "212000-2510", "source": "kommunen"}
    with pytest.raises(Refused, match="Ange var"):
        services.state_org_number(administrator(), berg(), number="2120002510", source=" ", on=ON, at=AT)


def test_the_database_wants_a_source() -> None:
    """A number without one is refused below every service."""
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyName.objects.filter(party=berg()).update(org_number="212000-2510")


# -- units and providers -------------------------------------------------------------------------------


def test_a_unit_opens_and_closes() -> None:
    """Its name is free again after its last day, and only then."""
    unit = services.open_unit(administrator(), berg(), name="Hemsjukvården", since=JULY, at=AT)
    with pytest.raises(Refused, match="finns redan"):
        services.open_unit(administrator(), berg(), name="Hemsjukvården", since=date(2026, 8, 1), at=AT)
    with pytest.raises(Refused, match="före den första"):
        services.close_unit(administrator(), unit, until=date(2026, 6, 30), at=AT)
    services.close_unit(administrator(), unit, until=date(2026, 8, 31), at=AT)
    with pytest.raises(Refused, match="redan avslutad"):
        services.close_unit(administrator(), unit, until=date(2026, 9, 30), at=AT)
    services.open_unit(administrator(), berg(), name="Hemsjukvården", since=date(2026, 9, 1), at=AT)
    assert Unit.objects.filter(party=berg()).count() == 2
    assert Entry.objects.filter(action="parties.open_unit").count() == 2


def test_two_parties_may_have_providers_of_one_name() -> None:
    """A clash is one's own: another party's provider of the name neither stops nor shows in the code."""
    made = [
        services.add_provider(administrator(code), name="Vård AB", number="", source="", since=JULY, at=AT)
        for code in ("BERG", "ARE")
    ]
    assert [one.under.code for one in made if one.under] == ["BERG", "ARE"]
    assert made[0].code != made[1].code
    with pytest.raises(Refused, match="finns redan under er part"):
        services.add_provider(administrator(), name="Vård AB", number="", source="", since=JULY, at=AT)
    with pytest.raises(Refused, match="Ange var"):
        services.add_provider(administrator(), name="Ny AB", number="2321000214", source="", since=JULY, at=AT)
    assert selectors.names(JULY)[made[0].code] == "Vård AB"


# -- who may -------------------------------------------------------------------------------------------

Act = Callable[[Actor], object]
ACTS: dict[str, Act] = {
    "rename": lambda who: services.rename(who, berg(), since=JULY, name="X", source="y", at=AT),
    "number": lambda who: services.state_org_number(who, berg(), number="2321000214", source="y", on=ON, at=AT),
    "unit": lambda who: services.open_unit(who, berg(), name="X", since=JULY, at=AT),
    "close": lambda who: services.close_unit(
        who, Unit.objects.get_or_create(party=berg(), name="Z", since=ON)[0], until=JULY, at=AT
    ),
    "provider": lambda who: services.add_provider(who, name="X", number="", source="", since=JULY, at=AT),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("role", [Role.READER, Role.REGISTRAR, Role.APPROVER, Role.AUDITOR])
def test_only_administrators_change_parties(act: Act, role: Role) -> None:
    """Every other role is refused by the service itself, and nothing is told."""
    before = Entry.objects.count()
    with pytest.raises(PermissionDenied):
        act(actor("" if role == Role.AUDITOR else "BERG", role))
    assert Entry.objects.count() == before


@pytest.mark.parametrize("act", [ACTS[name] for name in ("rename", "number", "unit", "close")])
def test_only_the_own_party_is_changed(act: Act) -> None:
    """Krokom's administrator does not change Berg; Berg's does, with one entry."""
    before = Entry.objects.count()
    with pytest.raises(Refused, match="hör inte till"):
        act(administrator("KROKOM"))
    assert Entry.objects.count() == before
    act(administrator())
    assert Entry.objects.count() == before + 1


def test_a_party_answers_for_what_is_under_it() -> None:
    """The region's administrator renames the joint fund; Berg's does not."""
    fund = Party.objects.get(code="FUND")
    services.rename(administrator("REGION"), fund, since=JULY, name="Medlen", source="x", at=AT)
    with pytest.raises(Refused):
        services.rename(administrator(), fund, since=date(2026, 8, 1), name="Medlen", source="x", at=AT)


# -- pages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_the_parties(role: Role) -> None:
    """Ten rows with the names of the day; only an administrator is offered changes, and only at home."""
    client = signed_in(actor("" if role == Role.AUDITOR else "BERG", role))
    page = client.get(reverse("parties:list"))
    assert [row.name for row in page.context["page"].rows][:2] == ["Region Jämtland Härjedalen", "Bergs kommun"]
    assert len(page.context["page"].rows) == 10
    own = client.get(reverse("parties:party", args=[berg().public_id])).content.decode()
    other = client.get(reverse("parties:party", args=[Party.objects.get(code="ARE").public_id])).content.decode()
    assert ("Byt namn" in own) is (role == Role.ADMINISTRATOR)
    assert "Byt namn" not in other


def test_the_list_takes_few_queries() -> None:
    """Session, user, role and rows; the whole page is under its budget."""
    client = signed_in(actor("BERG", Role.READER))
    client.get(reverse("parties:list"))
    with CaptureQueriesContext(connection) as seen:
        client.get(reverse("parties:list"))
    assert len(seen) <= 5, [one["sql"] for one in seen]


def test_an_administrator_works_in_the_pages() -> None:
    """Name, number, unit and provider, each by its form, each with one entry; a fault is shown and changes nothing."""
    client, home = signed_in(administrator()), berg().public_id
    steps = [
        ("parties:rename", [home], {"name": "Nya Berg", "since": "2026-07-01", "source": "KF"}),
        ("parties:org_number", [home], {"number": "212000-2510", "source": "kommunen"}),
        ("parties:unit_add", [home], {"name": "Hemtjänsten", "since": "2026-07-01"}),
        ("parties:provider_add", [], {"name": "Vård AB", "since": "2026-07-01", "number": "", "source": ""}),
    ]
    for name, args, form in steps:
        before = Entry.objects.count()
        assert client.get(reverse(name, args=args)).status_code == 200
        assert client.post(reverse(name, args=args), {}).status_code == 200
        assert Entry.objects.count() == before
        answer = client.post(reverse(name, args=args), form)
        assert answer.status_code == 302, name
        assert client.get(answer["Location"]).status_code == 200
        assert Entry.objects.count() == before + 1
    unit = Unit.objects.get(name="Hemtjänsten")
    client.post(reverse("parties:unit_close", args=[unit.public_id]), {"until": "2026-12-31"})
    assert Unit.objects.get(pk=unit.pk).until == date(2026, 12, 31)
    page = client.get(reverse("parties:party", args=[home])).content.decode()
    for text in ("Nya Berg", "Bergs kommun", "212000-2510", "Källa: kommunen", "Hemtjänsten", "Vård AB"):
        assert text in page
    wrong = client.post(reverse("parties:org_number", args=[home]), {"number": "212000-2511", "source": "x"})
    assert "stämmer inte" in wrong.content.decode()


@pytest.mark.parametrize("name", ["parties:rename", "parties:org_number", "parties:unit_add"])
def test_another_partys_forms_are_not_there(name: str) -> None:
    """404, as if the party's form did not exist; and for who is no administrator, 403."""
    address = reverse(name, args=[berg().public_id])
    assert signed_in(administrator("KROKOM")).get(address).status_code == 404
    assert signed_in(administrator("KROKOM")).post(address, {}).status_code == 404
    assert signed_in(actor("BERG", Role.READER)).get(address).status_code == 403
    assert signed_in(administrator()).get(address).status_code == 200


def test_another_partys_unit_is_not_there() -> None:
    """The same for what a party holds."""
    unit = services.open_unit(administrator(), berg(), name="X", since=ON, at=AT)
    address = reverse("parties:unit_close", args=[unit.public_id])
    assert signed_in(administrator("KROKOM")).get(address).status_code == 404
    assert signed_in(administrator()).get(address).status_code == 200
