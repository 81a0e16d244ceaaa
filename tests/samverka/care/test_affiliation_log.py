"""The register of affiliations and the access log: no line, nobody of the register. HSLF-FS 2016:40, 4 kap. 9 §."""

from __future__ import annotations

import ast
import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError

from samverka.care import log, services_log
from samverka.care.models.log import AccessEntry
from samverka.core import clock
from samverka.core.acting import Role
from tests.samverka.care import affiliations as made
from tests.samverka.care import cases
from tests.samverka.platform import AT, ON, SINCE, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")
SOURCE = Path(__file__).parents[3] / "src" / "samverka"
HERE = "/arenden/anslutningar/"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the tests' world."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", lambda: ON)


def body(response: Any) -> str:
    """All that an answer says, files too."""
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode("utf-8", "replace")


WAYS: dict[str, tuple[Role, str, str]] = {
    "list": (Role.READER, HERE, "list"),
    "search": (Role.READER, f"{HERE}?state=open&reason=care", "search"),
    "year": (Role.READER, f"{HERE}?year=2026&reason=follow_up", "search"),
    "csv": (Role.READER, f"{HERE}?format=csv", "export"),
    "xlsx": (Role.READER, f"{HERE}?format=xlsx", "export"),
    "person": (Role.READER, HERE + "{person}/", "view"),
    "extract": (Role.APPROVER, HERE + "{person}/utdrag/", "extract"),
    "extract csv": (Role.APPROVER, HERE + "{person}/utdrag/?format=csv", "extract"),
    "again": (Role.REGISTRAR, HERE + "{person}/ny/", "view"),
    "days": (Role.REGISTRAR, HERE + "{affiliation}/dagar/", "view"),
    "withdraw": (Role.REGISTRAR, HERE + "{affiliation}/aterkalla/", "view"),
}


def asked(way: str) -> tuple[str, Role, str, str]:
    """Somebody of the register: the pseudonym, who asks, where, and as which action."""
    person = made.person("2025-03-01", "-")
    role, address, action = WAYS[way]
    return (
        person.number, role, address.format(person=person.public_id, affiliation=made.only(person).public_id), action
    )  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_the_register_leaves_its_line(way: str) -> None:
    """Action, party, pseudonym: in a list, a search, a file, on a page, in a form."""
    number, role, address, action = asked(way)
    before = made.last_line()
    assert signed_in(actor("REGION", role)).get(address).status_code == 200
    assert made.logged(before) == [(action, "REGION", number)]


@pytest.mark.parametrize("way", WAYS)
def test_a_line_that_cannot_be_written_shows_nothing(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database refuses the line: the answer is a fault, and holds nothing of the person."""
    number, role, address, _ = asked(way)
    client, before = signed_in(actor("REGION", role)), made.last_line()
    client.raise_request_exception = False

    def refused(*_: Any, **__: Any) -> None:
        raise DatabaseError("no room for the log")

    monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", refused)
    answer = client.get(address)
    assert answer.status_code == 500
    assert number not in body(answer)
    assert made.logged(before) == []


@pytest.mark.parametrize("way", WAYS)
def test_the_twin_that_goes_on_without_its_line_is_seen(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin of both tests above: a log that keeps quiet when it fails shows the person, with no line."""
    number, role, address, _ = asked(way)
    client, before = signed_in(actor("REGION", role)), made.last_line()
    monkeypatch.setattr(log, "write", lambda *_: None)
    answer = client.get(address)
    assert answer.status_code == 200
    if "xlsx" not in way and way != "extract csv":  # a workbook is packed, and the extract names units
        assert number in body(answer)
    assert made.logged(before) == []


@pytest.mark.parametrize(("address", "sent"), [
    ("{person}/ny/", {"first": "2025-04-01"}),
    ("{affiliation}/dagar/", {"first": "2027-01-01", "revision": "0"}),
    ("{affiliation}/aterkalla/", {"revision": "7"}),
])  # fmt: skip
def test_a_form_that_comes_back_with_faults_is_in_the_log(address: str, sent: dict[str, str]) -> None:
    """What the one-time key takes back, the line with it, is written anew."""
    person = made.person("2025-03-01", "-")
    where = HERE + address.format(person=person.public_id, affiliation=made.only(person).public_id)
    before = made.last_line()
    answer = signed_in(actor("REGION", Role.REGISTRAR)).post(
        where, {**sent, "once": "6f1a0a86-6f0a-4b3e-9c55-0d6f4d1c0001"}
    )  # fmt: skip
    assert answer.status_code == 422
    assert person.number in body(answer)
    assert made.logged(before) == [("view", "REGION", person.number)]


def test_a_case_that_is_searched_for_is_in_the_log_also_where_it_is_refused() -> None:
    """Whether there is such a case is told only with a line; one that is found is logged as the case it is."""
    client = signed_in(actor("REGION", Role.REGISTRAR))
    case = cases.draft("REGION", {})
    for number, status in (("CDFH-2345", 422), (case.number, 302)):
        before = made.last_line()
        sent = {"first": "2025-03-01", "case_number": number, "once": "6f1a0a86-6f0a-4b3e-9c55-0d6f4d1c0002"}
        assert client.post(f"{HERE}ny/", sent).status_code == status
        rows = AccessEntry.objects.filter(id__gt=before).order_by("id").values_list("action", "case_id", "reason")
        assert next(iter(rows)) == ("search", case.pk if status == 302 else None, "care")
    assert AccessEntry.objects.latest("id").case_id == case.pk, "the person is the case's"


def test_a_search_says_why_and_one_that_finds_nobody_is_in_the_log_too() -> None:
    """Without a reason nothing is searched."""
    number = made.person().number
    client, before = signed_in(actor("REGION", Role.READER)), made.last_line()
    answer = client.post(f"{HERE}sok/", {"number": number})
    assert (answer.status_code, "Välj varför du söker" in body(answer)) == (422, True)
    assert made.logged(before) == []
    client.post(f"{HERE}sok/", {"number": "2345-cdfh", "reason": "person"})
    client.post(f"{HERE}sok/", {"number": number.lower().replace("-", " "), "reason": "person"})
    assert made.logged(before) == [("search", "REGION", ""), ("search", "REGION", number)]


def test_counting_shows_nobody_and_leaves_no_line() -> None:
    """The page of years has numbers only."""
    number = made.person().number
    made.attested(2025, 171)
    before = made.last_line()
    page = body(signed_in(actor("REGION", Role.READER)).get(f"{HERE}antal/"))
    assert number not in page
    assert "2025: registret ger 1 personer, det intygade antalet är 171" in page
    assert made.logged(before) == []


def test_a_list_logs_each_person_that_it_shows_and_no_other() -> None:
    """Twenty-five to a page; the file has all."""
    for n in range(27):
        made.person(f"2025-03-{n + 1:02d}", f"2025-04-{n + 1:02d}")
    client, before = signed_in(actor("REGION", Role.READER)), made.last_line()
    shown = set(re.findall(r"\b\d{4}-[A-Z]{4}\b", body(client.get(HERE))))
    assert {number for _, _, number in made.logged(before)} == shown
    assert len(shown) == 25
    before = made.last_line()
    rows = list(csv.reader(io.StringIO(body(client.get(f"{HERE}?format=csv"))), delimiter=";"))
    assert (len(rows), len(made.logged(before))) == (28, 27)
    assert rows[0] == [
        "\N{ZERO WIDTH NO-BREAK SPACE}Nummer", "Första dagen", "Sista dagen", "Läge", "Ändrad", "Exempel",
    ]  # fmt: skip
    assert rows[1][1:4] == ["2025-03-27", "2025-04-27", "avslutad"]


def test_a_sample_check_shows_whom_a_line_is_about_and_logs_it() -> None:
    """A controller of the region draws lines of the register among the others."""
    person = made.person()
    admin = actor("REGION", Role.ADMINISTRATOR)
    before = made.last_line()
    check = services_log.draw_check(admin, since=SINCE, until=ON, size=9, at=AT)
    page = body(signed_in(admin).get(f"/arenden/kontroll/{check.public_id}/"))
    assert f"ansluten {person.number}" in page
    assert made.logged(before) == [("check", "REGION", person.number)] * 2


def test_the_extract_says_day_unit_and_times() -> None:
    """For the person who asks; nobody's name."""
    person = made.person()
    answer = signed_in(cases.approver("REGION")).get(f"{HERE}{person.public_id}/utdrag/?format=csv")
    rows = list(csv.reader(io.StringIO(body(answer)), delimiter=";"))
    assert [row[1:3] for row in rows] == [["Enhet", "Antal gånger"], ["Region Jämtland Härjedalen", "2"]]


#: Where the register is read from the database, and why each may: none shows anybody without a line.
DOORS = {
    "care/selectors_affiliation.py": "the door: it writes the line first; and counts",
    "care/services_affiliation.py": "locks the person of a write, with a line of its own",
}


def ways_in(module: ast.Module) -> bool:
    """Whether a module reaches for the register: its manager, the models' register, a table's name."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr == "in_register")
        or (isinstance(node, ast.Call) and "get_model" in ast.unparse(node.func) and "Affiliat" in ast.unparse(node))
        or (isinstance(node, ast.Constant) and bool(re.search(r"\bcare_affiliat", str(node.value))))
        or (isinstance(node, ast.Attribute) and node.attr in {"_base_manager", "_default_manager"}
            and ast.unparse(node.value).startswith("Affiliat"))
        for node in ast.walk(module)
    )  # fmt: skip


def test_nothing_else_reaches_for_the_register() -> None:
    """Every module of the platform but the triggers, which only name the tables."""
    reached = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts and path.name != "triggers_affiliation.py"
        and ways_in(ast.parse(path.read_text(encoding="utf-8")))
    }  # fmt: skip
    assert reached == set(DOORS)


@pytest.mark.parametrize("bad", [
    "Affiliation.in_register.all()", "x = Affiliated._base_manager", "apps.get_model('care', 'Affiliated')",
    "cursor.execute('SELECT * FROM care_affiliation')",
])  # fmt: skip
def test_the_search_sees_each_way_in(bad: str) -> None:
    """The broken twins of the last one."""
    assert ways_in(ast.parse(bad))
