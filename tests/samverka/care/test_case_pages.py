"""The pages of cases: from the list to a closed case, what each role is shown, what a faulty form leaves behind."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from samverka.care.models.log import AccessEntry
from samverka.care.states import STEPS, State
from samverka.core import clock
from samverka.core.acting import Role
from samverka.journal.models import Entry
from tests.samverka.budget import within
from tests.samverka.care import cases
from tests.samverka.platform import AT, ON, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the tests' world."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", lambda: ON)


def text(response: Any) -> str:
    """A page's words without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\N{NO-BREAK SPACE}", " "))


def post(client: Client, address: str, **fields: Any) -> Any:
    """A form sent, with the revision that its page shows."""
    page = client.get(address).content.decode()
    found = re.search(r'name="revision" value="(\d+)"', page)
    return client.post(address, {"once": str(uuid.uuid4()), **({"revision": found[1]} if found else {}), **fields})


def test_a_case_goes_all_the_way_through_its_pages() -> None:
    """OB-ANS-BED to A23: stated, proposed, talked over, decided, handed over, received, started, reviewed, ended."""
    region, berg = signed_in(cases.registrar("REGION")), signed_in(cases.registrar("BERG"))
    region_decides, berg_decides = signed_in(cases.approver("REGION")), signed_in(cases.approver("BERG"))
    stated = {name: {True: "ja", False: "nej"}.get(value, value) if isinstance(value, bool) else value
              for name, value in cases.NORMAL.items()}  # fmt: skip
    how = {"cfs_version": "2.0", "cfs_assessor": "nurse", "cfs_on": "2026-07-01"}
    here = region.post("/arenden/oppna/", {**stated, **how, "once": str(uuid.uuid4())})["Location"]
    assert "Ta fram förslag" in text(region.get(here))
    assert post(region, f"{here}forslag/").status_code == 302
    page = text(region.get(here))
    assert "Ansvarar Bergs kommun" in page
    assert "Kriterium 3: skörhet" in page
    assert "Öppna dialog" in page
    assert berg.get(here).status_code == 404
    assert post(region, f"{here}dialog/", intended="BERG", ground="follows").status_code == 302
    assert "Väntar på svar från Bergs kommun" in text(region.get(here))
    assert "Instäm" in text(berg_decides.get(here))
    assert post(berg_decides, f"{here}instam/").status_code == 302
    assert post(region_decides, f"{here}beslut/").status_code == 302
    duties = re.findall(r'name="done" value="(\w+)"', region.get(f"{here}lamna-over/").content.decode())
    assert duties == ["hand_over", "transfer_information"]
    assert post(region, f"{here}lamna-over/", done=duties[:1]).status_code == 422
    assert post(region, f"{here}lamna-over/", done=duties).status_code == 302
    assert post(berg_decides, f"{here}ta-emot/", done=["start_collaboration"]).status_code == 302
    assert post(berg, f"{here}starta/", review_on="2026-12-01").status_code == 302
    assert "senast 2026-12-01" in text(berg.get(here))
    assert post(berg, f"{here}omprova/", code="changed").status_code == 302
    assert post(berg_decides, f"{here}fortsatt/").status_code == 302
    assert "senast 2027-07-01" in text(berg.get(here))
    assert post(berg_decides, f"{here}avsluta/", code="moved").status_code == 302
    assert "Avslutat: personen har flyttat." in text(berg.get(here))
    assert Entry.objects.filter(action__startswith="care.").count() == 11


def test_ob_ans_ovl_what_must_be_done_before_a_handover_is_not_called_optional() -> None:
    """Neither is it let through undone; what the receiver has done is optional."""
    case = cases.decided()
    region, here = signed_in(cases.registrar("REGION")), f"/arenden/{case.public_id}/"
    page = text(region.get(f"{here}lamna-over/"))
    assert "Det här är gjort Allt ska vara gjort före överlämningen." in page
    assert "(frivilligt)" not in page
    answer = post(region, f"{here}lamna-over/")
    assert (answer.status_code, "Gör detta först: Ge mottagande vårdgivare" in text(answer)) == (422, True)
    answer = post(region, f"{here}lamna-over/", done=["no_duty"])
    assert (answer.status_code, "no_duty" in text(answer)) == (422, True)
    berg = signed_in(cases.approver("BERG"))
    assert "Det här är gjort (frivilligt)" in text(berg.get(f"/arenden/{cases.handed_over().public_id}/ta-emot/"))


def test_an_answer_says_what_is_kept_where_it_can_be_saved() -> None:
    """Nothing, and to whoever can save it as a case: nothing but that."""
    kept = "Inget av det du har svarat sparas"
    sent = {"place": "inpatient", "date": "2026-07-01"}
    assert f"{kept}." in text(Client().post("/vem-ansvarar/vard/", sent))
    page = text(signed_in(cases.registrar("BERG")).post("/vem-ansvarar/vard/", sent))
    assert f"{kept}, om du inte sparar det som ärende." in page


def test_what_the_open_question_was_told_becomes_a_draft() -> None:
    """Its facts by name as text; what is not known stays so; a fault comes back in the form and nothing is kept."""
    client = signed_in(cases.registrar("BERG"))
    sent = {"registered_in": "BERG", "housing": "special", "age": "84", "safe_at_home": "ja", "urgent": "nej",
            "frequent": "?", "cfs": "6", "cfs_version": "1.2", "cfs_assessor": "nurse",
            "once": str(uuid.uuid4())}  # fmt: skip
    here = client.post("/arenden/oppna/", sent)["Location"]
    page = text(client.get(here))
    assert "Särskilt boende" in page
    made = cases.Case.unlogged.get()
    assert (made.age, made.safe_at_home, made.urgent, made.frequent) == (84, True, False, None)
    assert (made.cfs, made.cfs_version, made.cfs_assessor, made.cfs_on) == (6, "1.2", "nurse", None)
    assert (made.owner, made.state, made.shared) == ("BERG", State.DRAFT, False)
    bad = client.post("/arenden/oppna/", {**sent, "age": "200", "once": str(uuid.uuid4())})
    assert bad.status_code == 422
    assert "Tillåtet är ett heltal från 0 till 125." in text(bad)
    assert cases.Case.unlogged.count() == 1


def test_a_faulty_form_leaves_its_line_in_the_log() -> None:
    """A page of a case that comes back with faults shows the case: once takes back what it did, the line stays."""
    case = cases.proposed()
    client = signed_in(cases.registrar("REGION"))
    before = AccessEntry.objects.count()
    answer = client.post(f"/arenden/{case.public_id}/dialog/", {"once": str(uuid.uuid4()), "revision": "1"})
    assert answer.status_code == 422
    assert case.number in text(answer)
    assert AccessEntry.objects.count() == before + 1


def test_the_twin_without_it_shows_a_case_with_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin of the last one: the line is not written anew, and the page is shown all the same."""
    monkeypatch.setattr("samverka.care.again.HttpResponseRedirect", object)  # nothing is taken for a page with faults
    case = cases.proposed()
    before = AccessEntry.objects.count()
    client = signed_in(cases.registrar("REGION"))
    answer = client.post(f"/arenden/{case.public_id}/dialog/", {"once": str(uuid.uuid4()), "revision": "1"})
    assert case.number in text(answer)
    assert AccessEntry.objects.count() == before


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_who_works_with_no_cases_sees_only_how_many(role: Role) -> None:
    """An administrator and an auditor are sent to the numbers, and no case is shown or found."""
    case = cases.in_dialogue()
    client = signed_in(actor("" if role == Role.AUDITOR else "REGION", role))
    assert client.get("/arenden/")["Location"] == "/arenden/statistik/"
    assert client.get(f"/arenden/{case.public_id}/").status_code == 403
    assert case.number not in text(client.get("/arenden/statistik/"))


def test_a_case_page_asks_few_questions_of_the_database() -> None:
    """Session, actor, case, its line with its unit, dispute, history, and what the frame asks."""
    case = cases.active()
    client = signed_in(cases.registrar("BERG"))
    client.get(f"/arenden/{case.public_id}/")
    with within(queries=13):
        client.get(f"/arenden/{case.public_id}/")


@pytest.mark.parametrize("name", STEPS)
def test_a_step_that_cannot_be_taken_says_why(name: str) -> None:
    """A closed case: each step's page says so and offers no button."""
    from django.urls import reverse

    from samverka.care import services_handover

    case = services_handover.close(cases.approver("BERG"), cases.received(), code="moved", at=AT)  # type: ignore[arg-type]  # as sent
    step = STEPS[name]
    roles = {"register": Role.REGISTRAR, "propose": Role.REGISTRAR, "approve": Role.APPROVER}
    for party in ("REGION", "BERG"):
        page = signed_in(actor(party, roles[step.right])).get(reverse(f"care:{name}", args=[case.public_id]))
        assert page.status_code == 200
        assert "Detta kan göras när ärendet är" in text(page) or "Det här gör" in text(page)
        assert 'name="revision"' not in page.content.decode()
