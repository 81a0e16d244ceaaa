"""The facts of a case: asked for in the open question's words, those that matter, and from there the case begins."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from avtal.editions.jamtland_2026 import edition
from samverka.care import services
from samverka.care.forms_facts import FactsForm
from samverka.care.models.case import Case
from samverka.care.question import FACTS
from samverka.care.shown import told
from samverka.core import clock
from samverka.core.acting import Role
from samverka.core.errors import Refused
from tests.samverka.care import cases
from tests.samverka.care.test_case_pages import post, text
from tests.samverka.platform import AT, ON, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the tests' world."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", lambda: ON)


@pytest.fixture
def client() -> Client:
    """A registrar of the region."""
    return signed_in(cases.registrar("REGION"))


def test_every_case_begins_in_the_open_question(client: Client) -> None:
    """Its page says that the answer can be saved as a case."""
    answer = client.get("/arenden/nytt/")
    assert (answer.status_code, answer["Location"]) == (302, "/vem-ansvarar/vard/")
    assert "Vid svaret kan du spara det som ärende." in text(client.get(answer["Location"]))
    assert client.post("/arenden/nytt/").status_code == 405
    assert signed_in(actor("REGION", Role.READER)).get("/arenden/nytt/").status_code == 403


def test_only_what_matters_is_asked_for() -> None:
    """What is stated, and what can still change something: a facility leaves the four criteria unasked."""
    facility = {"registered_in": "BERG", "housing": "special", "place": "home", "profession": "nurse"}
    asked = set(FactsForm(edition(), ON, case=cases.draft(stated=facility)).fields)
    assert asked >= {*facility, "date"}
    assert asked.isdisjoint({"safe_at_home", "frequent", "continuous", "days", "can_reach_health_centre", "barrier"})
    nothing = set(FactsForm(edition(), ON, case=cases.draft(stated={})).fields)
    assert len(nothing - {"revision"}) > len(asked - {"revision"})


def test_what_is_stated_is_asked_for_whatever_else_it_hangs_on() -> None:
    """Nothing that is stated goes by saving a form that does not show it."""
    asked = set(FactsForm(edition(), ON, case=cases.draft(stated={**cases.NORMAL, "housing": "special"})).fields)
    assert asked >= set(cases.NORMAL)


def test_it_asks_in_the_open_questions_words(client: Client) -> None:
    """Questions, capitals, our own labels of the scale with its publisher and its warning."""
    case = cases.draft()
    page = client.get(f"/arenden/{case.public_id}/uppgifter/").content.decode()
    assert "Hur skör är personen enligt Clinical Frailty Scale?" in page
    assert re.search(r'<option value="7" selected>7 – uttalad skörhet</option>', page)
    assert 'href="https://www.dal.ca/sites/gmr/our-tools/clinical-frailty-scale.html"' in page
    assert "inte prövad för den som är under 65 år eller har en stabil funktionsnedsättning" in page
    labels = re.findall(r">([^<>]+)</(?:option|label)>", page)
    assert [label for label in labels if label[:1].islower()] == []
    assert 'name="date" value="2026-07-01"' in page
    assert "Skörhet" in text(client.get(f"/arenden/{case.public_id}/"))
    assert "7 – uttalad skörhet" in text(client.get(f"/arenden/{case.public_id}/"))


def test_saved_as_it_is_shown_nothing_changes(client: Client) -> None:
    """Every field sent back as it stands gives the same facts; and where no day is stated it is today."""
    case = cases.draft()
    here = f"/arenden/{case.public_id}/uppgifter/"
    before = {name: getattr(case, name) for name in FACTS}
    form = FactsForm(edition(), ON, case=case)
    sent = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    assert post(client, here, **sent).status_code == 302
    case.refresh_from_db()
    assert {name: getattr(case, name) for name in FACTS} == before
    assert (case.cfs_version, case.cfs_assessor, case.cfs_on) == ("2.0", "nurse", ON)
    assert post(client, here, housing="special").status_code == 302
    case.refresh_from_db()
    assert (case.date, case.day, case.housing, case.cfs) == (ON, ON, "special", None)


def test_what_the_open_question_lets_by_is_mended_on_a_page(client: Client) -> None:
    """A name that could be a person's is refused, the rest stays, and the same page saves it."""
    sent: dict[str, Any] = {"housing": "special", "listed_health_centre": "19121212-1212", "urgent": "ja"}
    answer = client.post("/arenden/oppna/", {**sent, "once": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert "kan innehålla ett personnummer" in text(answer)
    assert 'action="/arenden/oppna/"' in answer.content.decode()
    assert Case.unlogged.count() == 0
    mended = {**sent, "listed_health_centre": "Hälsocentralen Åre", "once": str(uuid.uuid4())}
    assert client.post("/arenden/oppna/", mended).status_code == 302
    assert Case.unlogged.get().date == ON


def test_a_draft_whose_frailty_says_not_by_whom_says_so(client: Client) -> None:
    """Before the proposal is refused for it."""
    case = cases.draft()
    Case.unlogged.filter(pk=case.pk).update(cfs_on=None)
    page = text(client.get(f"/arenden/{case.public_id}/"))
    assert "Ett förslag behöver också: skalans version, vem som bedömt skörheten och när." in page


def test_today_is_the_day_in_stockholm() -> None:
    """Half past midnight on 2 July, 22.30 the day before in UTC: assessed today, and the proposal is of that day."""
    night, berg = datetime(2026, 7, 1, 22, 30, tzinfo=UTC), cases.registrar("BERG")
    how = {**cases.CFS, "on": date(2026, 7, 2)}
    case = services.propose(berg, services.open_case(berg, stated=cases.NORMAL, cfs=how, at=night), at=night)
    assert case.cfs_on == date(2026, 7, 2)
    assert told(berg, case)["made"] == date(2026, 7, 2)
    assert "Framtaget 2026-07-02, avtalets utgåva" in text(signed_in(berg).get(f"/arenden/{case.public_id}/"))
    with pytest.raises(Refused, match="efter i dag"):
        services.open_case(berg, stated=cases.NORMAL, cfs={**how, "on": date(2026, 7, 3)}, at=night)


VISITOR = {"place": "home", "profession": "nurse", "housing": "ordinary", "palliative_team": False}


@pytest.mark.parametrize(("stated", "field", "said"), [
    ({"place": "inpatient"}, "registered_in", "BERG"), ({"profession": "physician"}, "registered_in", "BERG"),
    ({**VISITOR, "registered_in": "OTHER_REGION"}, "staying_in", "ARE"),
    ({**VISITOR, "registered_in": "NOT_REGISTERED"}, "staying_in", "ARE"),
])  # fmt: skip
def test_the_region_is_asked_which_municipality_it_is_to_talk_with(
    client: Client, stated: dict[str, Any], field: str, said: str
) -> None:
    """Also where the answer needs none: the page says so before a proposal is asked for, and the form asks."""
    case = cases.draft(stated={"date": "2026-07-01", **stated})
    here = f"/arenden/{case.public_id}/"
    needs = "Ett förslag behöver också: den kommun i länet där personen är folkbokförd eller vistas."
    assert needs in text(client.get(here))
    form = FactsForm(edition(), ON, case=case)
    assert {"registered_in", "staying_in"} <= set(form.fields)
    sent = {name: form.get_initial_for_field(one, name) or "" for name, one in form.fields.items()}
    assert post(client, f"{here}uppgifter/", **{**sent, field: said}).status_code == 302
    assert "Ett förslag behöver också" not in text(client.get(here))
    assert post(client, f"{here}forslag/").status_code == 302
    case.refresh_from_db()
    assert (case.proposed_party, case.other) == ("REGION", said)


def test_a_municipality_talks_with_the_region_and_is_not_asked() -> None:
    """Nor is the region, of somebody who is registered in the county."""
    case = cases.draft("BERG", {"date": "2026-07-01", "place": "inpatient"})
    assert told(cases.registrar("BERG"), case)["lacking"] == []
    case = cases.draft("REGION", {"date": "2026-07-01", "place": "inpatient", "registered_in": "BERG"})
    assert told(cases.registrar("REGION"), case)["lacking"] == []
    assert "staying_in" not in FactsForm(edition(), ON, case=case).fields
