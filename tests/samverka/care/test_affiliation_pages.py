"""The pages of the register: a person taken up, ended, affiliated again, withdrawn; a year's number by a document."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from samverka.care import services_affiliation as services
from samverka.care.models.affiliation import Affiliated, Affiliation, YearlyNumber
from samverka.core import clock
from samverka.core.acting import Role
from tests.samverka.budget import within
from tests.samverka.care import affiliations as made
from tests.samverka.care import cases
from tests.samverka.platform import AT, ON, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")
HERE = "/arenden/anslutningar/"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the tests' world."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", lambda: ON)


def text(response: Any) -> str:
    """A page's words without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\N{NO-BREAK SPACE}", " "))


def region(role: Role = Role.REGISTRAR, number: int = 1) -> Client:
    """Somebody of the region's."""
    return signed_in(actor("REGION", role, number))


def post(client: Client, address: str, **fields: str) -> Any:
    """A form sent with a key of its own."""
    return client.post(address, {**fields, "once": str(uuid.uuid4())})


def test_a_person_is_taken_up_ended_affiliated_again_and_withdrawn() -> None:
    """From an empty list to a history of four steps."""
    client = region()
    assert "Här finns ingen anslutning" in text(client.get(HERE))
    answer = post(client, f"{HERE}ny/", first="2026-03-01")
    person = Affiliated.in_register.get()
    here = f"{HERE}{person.public_id}/"
    assert (answer.status_code, answer["Location"]) == (302, here)
    page = text(client.get(here))
    assert f"{person.number} är registrerad" in page
    assert "2026-03-01 – pågår" in page
    days = f"{HERE}{made.only(person).public_id}/dagar/"
    assert 'value="2026-03-01"' in client.get(days).content.decode()
    assert post(client, days, first="2026-03-01", last="2026-04-10", revision="0")["Location"] == here
    assert post(client, f"{here}ny/", first="2026-05-01")["Location"] == here
    second = Affiliation.in_register.get(last=None)
    page = text(client.get(f"{HERE}{second.public_id}/aterkalla/"))
    assert "2026-05-01 till pågår. En felaktig registrering återkallas" in page
    assert post(client, f"{HERE}{second.public_id}/aterkalla/", revision="0")["Location"] == here
    page = text(client.get(here))
    assert "2026-05-01 – återkallad" in page
    assert "2026-03-01 2026-04-10 avslutad" in page
    done = page[page.index("Vad som är gjort") :]
    assert re.findall("registrerad|dagarna ändrade|återkallad", done) == [
        "återkallad", "registrerad", "dagarna ändrade", "registrerad",
    ]  # fmt: skip
    assert "2026-05-01" not in text(client.get(HERE)), "withdrawn ones are shown when they are asked for"
    assert "2026-05-01" in text(client.get(f"{HERE}?state=withdrawn&reason=follow_up"))


def test_faults_are_told_in_the_form() -> None:
    """Overlapping days, a day to come, none at all."""
    person = made.person("2026-03-01", "-")
    client, here = region(), f"{HERE}{person.public_id}/ny/"
    for sent, told in (
        ({"first": "2026-04-01"}, "Personen är redan ansluten sedan 2026-03-01 och pågår"),
        ({"first": "2026-07-02"}, "till i dag, 2026-07-01"),
        ({"first": ""}, "Första dagen: "),
    ):
        answer = post(client, here, **sent)
        assert answer.status_code == 422
        assert told in text(answer)
    assert Affiliation.in_register.count() == 1


def test_who_reads_is_offered_nothing_to_write() -> None:
    """A reader's page has neither a button nor a link to change."""
    person = made.person()
    page = region(Role.READER).get(f"{HERE}{person.public_id}/").content.decode()
    assert not any(word in page for word in ("/dagar/", "/aterkalla/", "/ny/", "/utdrag/"))
    assert "/utdrag/" in region(Role.APPROVER).get(f"{HERE}{person.public_id}/").content.decode()


def test_the_way_to_the_register_is_shown_to_the_region_alone() -> None:
    """From the list of cases."""
    assert HERE in region(Role.READER).get("/arenden/").content.decode()
    assert HERE not in signed_in(actor("BERG", Role.READER)).get("/arenden/").content.decode()


def test_a_number_is_entered_attested_by_another_and_withdrawn() -> None:
    """By a document and its number in a register, as the form asks; the front page tells the approver that it waits."""
    client = region()
    sent = {"year": "2025", "number": "171", "source": "påhittad sammanställning, RS/489/2025", "example": "on"}
    answer = post(client, f"{HERE}antal/nytt/", **sent)
    number = YearlyNumber.objects.get()
    here = f"{HERE}antal/{number.public_id}/"
    assert answer["Location"] == here
    assert "En annan person ska intyga det" in text(client.get(here))
    approver = region(Role.APPROVER)
    assert "1 årsantal anslutna personer att intyga" in text(approver.get("/"))
    assert "Ett intygat antal ändras inte" in text(approver.get(f"{here}intyga/"))
    assert post(approver, f"{here}intyga/")["Location"] == here
    assert "årsantal anslutna personer att intyga" not in text(approver.get("/"))
    assert "intygat" in text(client.get(here))
    answer = post(approver, f"{here}intyga/")
    assert (answer.status_code, "Inget är intygat" in text(answer)) == (409, True)
    assert post(client, f"{here}aterkalla/", reason="").status_code == 422
    assert post(client, f"{here}aterkalla/", reason="omräknat")["Location"] == f"{HERE}antal/"
    page = text(client.get(f"{HERE}antal/"))
    assert "återkallat" in page
    assert "exempel" in page


def test_a_number_that_is_not_possible_is_told_in_the_form() -> None:
    """A year that is not over."""
    answer = post(region(), f"{HERE}antal/nytt/", year="2026", number="1", source="påhittat")
    assert (answer.status_code, "året ska vara slut" in text(answer)) == (422, True)
    assert not YearlyNumber.objects.exists()


def test_the_years_are_shown_by_both_options_beside_the_attested_number() -> None:
    """2025: two by any day, one newly affiliated, attested 171; 2026 goes on, so that nothing differs yet."""
    made.person("2024-12-01", "2025-01-15")
    made.person("2025-02-01", "-")
    number = made.attested(2025, 171)
    page = text(region(Role.READER).get(f"{HERE}antal/"))
    assert "2025 2 1 171 antalen skiljer sig" in page
    assert "2026 1 0 – året är inte slut" in page
    assert "2024 1 1 –" in page
    assert "2025: registret ger 2 personer, det intygade antalet är 171" in page
    assert "Varje person med minst en ansluten dag under året räknas en gång" in page
    here = f"{HERE}antal/{number.public_id}/"
    assert "Registret ger 2 personer för 2025, det angivna antalet är 171" in text(region(Role.READER).get(here))


def test_pages_ask_the_database_as_often_however_many_there_are() -> None:
    """Thirty persons on the list, fifteen affiliations of one."""
    for n in range(15):
        made.person(f"2025-03-{n + 1:02d}", f"2025-04-{n + 1:02d}")
    person = made.person("2025-01-01", "2025-01-01")
    for n in range(2, 16):
        made.again(person, f"2025-01-{n:02d}", f"2025-01-{n:02d}")
    client = region(Role.READER)
    client.get(HERE)
    with within(queries=12):
        client.get(HERE)
    with within(queries=12):
        client.get(f"{HERE}{person.public_id}/")


def test_an_example_is_marked_wherever_it_is_shown() -> None:
    """On the list and the person's page; a case's example goes with it."""
    case = cases.draft("REGION", {})
    assert not made.person(case_number=case.number).example
    person = made.person("2025-06-01", "-", example=True)
    client = region(Role.READER)
    for address in (HERE, f"{HERE}{person.public_id}/", f"{HERE}antal/"):
        assert '<mark class="example">' in client.get(address).content.decode(), address


def test_a_number_is_typed_as_one_pleases() -> None:
    """Small letters, blanks and dashes: the same case."""
    case = cases.draft("REGION", {})
    typed = case.number.lower().replace("-", " – ")
    assert post(region(), f"{HERE}ny/", first="2026-03-01", case_number=typed).status_code == 302
    assert Affiliated.in_register.get().number == case.number
    assert services.pseudonym() != case.number
