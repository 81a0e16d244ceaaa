"""Sample checks of the access log: drawn at random, judged line by line, summed up. HSLF-FS 2016:40, 4 kap. 9 §."""

from __future__ import annotations

import json
import re
import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from samverka.care import selectors, selectors_log, services_log
from samverka.care.log import Access
from samverka.care.models.case import Case
from samverka.care.models.log import AccessEntry, Action, Check, Judgement, Sampled, Verdict
from samverka.core import clock
from samverka.core.acting import Role
from samverka.core.errors import Refused
from samverka.journal.models import Entry
from tests.samverka.care import cases
from tests.samverka.care.test_case_log import body, new_lines
from tests.samverka.platform import AT, ON, SINCE, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the tests' world."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", lambda: ON)


def _lines(count: int) -> None:
    case = cases.draft("BERG")
    for _ in range(count):
        selectors.case_for(actor("BERG", Role.READER), case.public_id, access=cases.VIEW)


def test_a_check_is_drawn_judged_and_summed_up() -> None:
    """Lines of the own party at random, each with what was found, the whole in words; each step in the journal."""
    _lines(30)
    cases.draft("KROKOM")
    admin = actor("BERG", Role.ADMINISTRATOR)
    check = services_log.draw_check(admin, since=SINCE, until=ON, size=10, at=AT)
    found, drawn = selectors_log.check_for(admin, check.public_id, access=Access(Action.CHECK, AT))
    assert len(drawn) == 10
    assert found.lines == 31
    assert {line.entry.party for line in drawn} == {"BERG"}
    assert {line.person for line in drawn} <= {"reader1.berg@exempel.se", "registrar1.berg@exempel.se"}
    for line in drawn[:-1]:
        services_log.judge(admin, check, line.sampled.pk, judgement=Judgement.JUSTIFIED, at=AT)
    with pytest.raises(Refused, match="1 rad är inte bedömd\\."):
        services_log.finish_check(admin, check, summary="Bra.", at=AT)
    last = drawn[-1].sampled.pk
    with pytest.raises(Refused, match="Skriv kort vad som är frågat"):
        services_log.judge(admin, check, last, judgement=Judgement.ASKED, at=AT)
    services_log.judge(admin, check, last, judgement=Judgement.ASKED, note="frågat chefen", at=AT)
    services_log.judge(admin, check, last, judgement=Judgement.NOT_JUSTIFIED, note="ingen vårdrelation", at=AT)
    done = services_log.finish_check(admin, check, summary="En rad var inte befogad.", at=AT)
    assert done.finished_at == AT
    told = json.loads(Entry.objects.latest("id").body)["after"]
    assert told == {"rows": 10, "justified": 9, "asked": 0, "not_justified": 1}
    for again in (lambda: services_log.judge(admin, check, last, judgement=Judgement.JUSTIFIED, at=AT),
                  lambda: services_log.finish_check(admin, check, summary="En gång till.", at=AT)):  # fmt: skip
        with pytest.raises(Refused, match="avslutad"):
            again()
    actions = list(Entry.objects.filter(subject=check.public_id).order_by("id").values_list("action", flat=True))
    assert actions == ["care.draw_check", *["care.judge"] * 11, "care.finish_check"]


def test_lines_of_the_same_minute_are_told_apart() -> None:
    """A case opened twice within a minute: each line of the sample, and each button, has a name of its own."""
    _lines(2)
    admin = actor("BERG", Role.ADMINISTRATOR)
    check = services_log.draw_check(admin, since=SINCE, until=ON, size=3, at=AT)
    page = body(signed_in(admin).get(f"/arenden/kontroll/{check.public_id}/"))
    names = re.findall(r'<h2 id="h-\d+">(.*?)</h2>', page), re.findall(r"Spara bedömningen(.*?)</button>", page)
    assert [len(found) for found in names] == [3, 3]
    assert [len(set(found)) for found in names] == [3, 3]
    said = [name.removeprefix(f"Rad {n}: ") for n, name in enumerate(names[0], 1)]
    assert len(set(said)) < 3  # without its number it would not be known from the others


def test_a_sample_is_drawn_at_random() -> None:
    """Ten of two hundred lines, twice: the same both times less often than once in ten thousand million."""
    _lines(200)
    admin = actor("BERG", Role.ADMINISTRATOR)
    first, second = (services_log.draw_check(admin, since=SINCE, until=ON, size=10, at=AT) for _ in range(2))
    drawn = [set(one.sampled.values_list("entry_id", flat=True)) for one in (first, second)]
    assert drawn[0] != drawn[1]


def test_a_check_is_the_administrators_and_of_the_own_party() -> None:
    """Nobody else draws or judges; another party's check is not there; nobody judges a line of their own."""
    _lines(3)
    admin, other = actor("BERG", Role.ADMINISTRATOR), actor("KROKOM", Role.ADMINISTRATOR)
    for role in (Role.READER, Role.REGISTRAR, Role.APPROVER):
        with pytest.raises(PermissionDenied):
            services_log.draw_check(actor("BERG", role), since=SINCE, until=ON, size=1, at=AT)
    with pytest.raises(Refused, match="inga rader"):
        services_log.draw_check(other, since=SINCE, until=ON, size=1, at=AT)
    check = services_log.draw_check(admin, since=SINCE, until=ON, size=3, at=AT)
    with pytest.raises(Http404):
        selectors_log.check_for(other, check.public_id, access=Access(Action.CHECK, AT))
    line = check.sampled.first()
    assert line is not None
    with pytest.raises(Refused, match="finns inte hos er"):
        services_log.judge(other, check, line.pk, judgement=Judgement.JUSTIFIED, at=AT)
    own = AccessEntry.objects.filter(user=admin.user.public_id).latest("id")
    mine = Sampled.objects.create(check_made=check, entry=own)
    with pytest.raises(Refused, match="din egen"):
        services_log.judge(admin, check, mine.pk, judgement=Judgement.JUSTIFIED, at=AT)


@pytest.mark.parametrize(("since", "until", "size"), [
    (ON, SINCE, 5), (SINCE, ON, 0), (SINCE, ON, 201), (date(2020, 1, 1), date(2020, 1, 2), 5),
])  # fmt: skip
def test_what_cannot_be_drawn_is_refused(since: date, until: date, size: int) -> None:
    """Days the wrong way round, no lines, more than anybody looks through."""
    _lines(1)
    with pytest.raises(Refused):
        services_log.draw_check(actor("BERG", Role.ADMINISTRATOR), since=since, until=until, size=size, at=AT)
    assert Check.objects.count() == 0


def test_a_check_is_asked_for_each_quarter() -> None:
    """As soon as the log has lines of others; not while one was finished within three months."""
    admin = actor("BERG", Role.ADMINISTRATOR)
    assert selectors_log.waiting_for(admin, ON) == []
    _lines(2)
    assert [one.address for one in selectors_log.waiting_for(admin, ON)] == ["/arenden/kontroll/"]
    assert selectors_log.waiting_for(cases.approver("BERG"), ON) == []
    check = services_log.draw_check(admin, since=SINCE, until=ON, size=1, at=AT)
    assert [one.address for one in selectors_log.waiting_for(admin, ON)] == [f"/arenden/kontroll/{check.public_id}/"]
    services_log.judge(admin, check, check.sampled.get().pk, judgement=Judgement.JUSTIFIED, at=AT)
    services_log.finish_check(admin, check, summary="Inget att anmärka.", at=AT)
    assert selectors_log.waiting_for(admin, date(2026, 9, 30)) == []
    assert len(selectors_log.waiting_for(admin, date(2026, 10, 1))) == 1


def test_what_is_refused_is_still_there_with_why() -> None:
    """A judgement and a result that are not kept: the words stay where they were written, and the showing is logged."""
    _lines(2)
    client = signed_in(actor("BERG", Role.ADMINISTRATOR))
    sent = {"since": "2026-01-01", "until": "2026-07-01", "size": "2"}
    here = client.post("/arenden/kontroll/", {**sent, "once": str(uuid.uuid4())})["Location"]
    first, second = Sampled.objects.order_by("pk").values_list("pk", flat=True)

    def refused(address: str, told: str, **given: str) -> str:
        answers = []
        lines = new_lines(lambda: answers.append(client.post(address, {**given, "once": str(uuid.uuid4())})))
        page = body(answers[0])
        assert (answers[0].status_code, told in page) == (422, True)
        assert {action for action, *_ in lines} == {"check"}
        return page

    page = refused(f"{here}{second}/", f'<a href="#n-{second}">Rad 2: Skriv kort vad', judgement="asked", note="")
    assert '<option value="asked" selected>' in page.partition(f'id="j-{second}"')[2]
    assert "selected" not in page.partition(f'id="j-{first}"')[2].partition("</select>")[0]
    page = refused(f"{here}{first}/", "Rad 1: Texten kan innehålla", judgement="asked", note="Ring 0701234567")
    assert 'value="Ring 0701234567" aria-invalid="true"' in page
    page = refused(f"{here}avsluta/", "2 rader är inte bedömda.", summary="Alla rader hade skäl.")
    assert "Alla rader hade skäl.</textarea>" in page
    refused(f"{here}{first}/", "Välj en bedömning", judgement="", note="")
    assert not Verdict.objects.exists()


def test_a_check_is_made_on_its_pages() -> None:
    """Drawn, judged, summed up; and who looks at the lines is in the log too."""
    _lines(2)
    client = signed_in(actor("BERG", Role.ADMINISTRATOR))
    sent = {"since": "2026-01-01", "until": "2026-07-01", "size": "1"}
    here = client.post("/arenden/kontroll/", {**sent, "once": str(uuid.uuid4())})["Location"]
    number = Case.unlogged.get().number
    assert new_lines(lambda: client.get(here)) == [("check", "BERG", number, "")]
    line = Sampled.objects.get().pk
    for address, fields in ((f"{here}{line}/", {"judgement": "justified"}), (f"{here}avsluta/", {"summary": "Bra."})):
        assert client.post(address, {**fields, "once": str(uuid.uuid4())}).status_code == 302
    assert "Kontrollen är avslutad" in body(client.get(here))
    assert Check.objects.get().summary == "Bra."
