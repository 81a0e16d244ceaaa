"""The access log: no line, no case; and the sample checks of it. HSLF-FS 2016:40, 4 kap. 9 §."""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404

from samverka.care import log, selectors, selectors_log, services_handover, services_log
from samverka.care.log import Access
from samverka.care.models.case import Case, Move, Unlogged
from samverka.care.models.log import AccessEntry, Action, Judgement, Sampled, Verdict
from samverka.core import clock
from samverka.core.acting import Role
from samverka.core.errors import Refused
from samverka.journal.append_only import unprotect
from samverka.parties.models import Membership, Party, Unit
from tests.samverka.care import cases
from tests.samverka.platform import AT, ON, SINCE, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")
SOURCE = Path(__file__).parents[3] / "src" / "samverka"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the tests' world."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", lambda: ON)


def body(response: Any) -> str:
    """All that an answer says, files too."""
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode("utf-8", "replace")


def new_lines(act: Callable[[], Any]) -> list[tuple[str, str, str, str]]:
    """What doing something left in the log: action, party, the case's number, reason."""
    last = AccessEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    act()
    rows = AccessEntry.objects.filter(id__gt=last).select_related("case").order_by("id")
    return [(one.action, one.party, one.case.number if one.case else "", one.reason) for one in rows]


WAYS: dict[str, tuple[Role, str, str]] = {
    "list": (Role.READER, "/arenden/", "list"),
    "search": (Role.READER, "/arenden/?side=incoming&reason=care", "search"),
    "csv": (Role.READER, "/arenden/?format=csv", "export"),
    "xlsx": (Role.READER, "/arenden/?format=xlsx", "export"),
    "case": (Role.READER, "/arenden/{}/", "view"),
    "print": (Role.READER, "/arenden/{}/utskrift/", "print"),
    "extract": (Role.APPROVER, "/arenden/{}/utdrag/", "extract"),
    "extract csv": (Role.APPROVER, "/arenden/{}/utdrag/?format=csv", "extract"),
    "facts": (Role.REGISTRAR, "/arenden/{}/uppgifter/", "view"),
    "step": (Role.APPROVER, "/arenden/{}/instam/", "view"),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_a_case_leaves_its_line(way: str) -> None:
    """Action, party, case: in a list, a search, a file, a page, on paper, in a form."""
    case = cases.in_dialogue()
    role, address, action = WAYS[way]
    client = signed_in(actor("BERG", role))
    found: list[Any] = []
    told = new_lines(lambda: found.append(client.get(address.format(case.public_id))))
    assert found[0].status_code == 200
    assert told == [(action, "BERG", case.number, "care" if way == "search" else "")]


@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_a_case_stays_in_the_browser(way: str) -> None:
    """What a browser has kept would be seen again without a line."""
    case = cases.in_dialogue()
    role, address, _ = WAYS[way]
    answer = signed_in(actor("BERG", role)).get(address.format(case.public_id))
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("way", WAYS)
def test_a_line_that_cannot_be_written_shows_nothing(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database refuses the line: the answer is a fault, and holds nothing of the case."""
    case = cases.in_dialogue()
    role, address, _ = WAYS[way]
    client = signed_in(actor("BERG", role))
    client.raise_request_exception = False
    lines = AccessEntry.objects.count()

    def refused(*_: Any, **__: Any) -> None:
        raise DatabaseError("no room for the log")

    monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", refused)
    answer = client.get(address.format(case.public_id))
    assert answer.status_code == 500
    assert case.number not in body(answer)
    assert AccessEntry.objects.count() == lines


@pytest.mark.parametrize("way", WAYS)
def test_the_twin_that_goes_on_without_its_line_is_seen(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin of both tests above: a log that keeps quiet when it fails shows the case, with no line."""
    case = cases.in_dialogue()
    role, address, _ = WAYS[way]
    monkeypatch.setattr(log, "write", lambda *_: None)
    found: list[Any] = []
    client = signed_in(actor("BERG", role))
    told = new_lines(lambda: found.append(client.get(address.format(case.public_id))))
    assert found[0].status_code == 200
    if "xlsx" not in way and way != "extract csv":  # a workbook is packed, and the extract names units
        assert case.number in body(found[0])
    assert told == []


def test_a_line_says_action_unit_time_user_and_case() -> None:
    """The unit is the membership's, the party's own name where it has none."""
    who = cases.registrar("BERG")
    party = Party.objects.get(code="BERG")
    case = cases.in_dialogue()
    selectors.case_for(who, case.public_id, access=cases.VIEW)
    one = AccessEntry.objects.latest("id")
    assert (one.action, one.unit, one.at, one.user, one.role, one.case_id) == (
        "view", "Bergs kommun", AT, who.user.public_id, "registrar", case.pk
    )  # fmt: skip
    unit = Unit.objects.create(party=party, name="Hemsjukvården norr", since=SINCE)
    Membership.objects.filter(user=who.user, party=party).update(unit=unit)
    selectors.case_for(who, case.public_id, access=cases.VIEW)
    assert AccessEntry.objects.latest("id").unit == "Hemsjukvården norr"


def test_a_list_logs_each_case_that_it_shows_and_no_other() -> None:
    """Twenty-five to a page: the twenty-sixth is read to know that there is a next page, and is not shown."""
    made = [cases.draft("BERG", {}) for _ in range(27)]
    client = signed_in(actor("BERG", Role.READER))
    answer: list[Any] = []
    told = new_lines(lambda: answer.append(client.get("/arenden/")))
    shown = set(re.findall(r"\b[A-Z]{4}-\d{4}\b", body(answer[0])))
    assert len(told) == 25
    assert {number for _, _, number, _ in told} == shown
    assert len(new_lines(lambda: client.get("/arenden/?format=csv"))) == len(made)


def test_a_search_says_why_and_one_that_finds_nothing_is_in_the_log_too() -> None:
    """Without a reason nothing is searched."""
    cases.draft("BERG", {})
    client = signed_in(actor("BERG", Role.READER))
    answer: list[Any] = []
    assert new_lines(lambda: answer.append(client.get("/arenden/?state=draft"))) == []
    assert answer[0].status_code == 422
    assert "Välj varför du söker" in body(answer[0])
    told = new_lines(lambda: client.post("/arenden/sok/", {"number": "CDFH-2345", "reason": "person"}))
    assert told == [("search", "BERG", "", "person")]


def test_a_change_is_in_the_log_and_one_that_is_refused_changes_neither() -> None:
    """The step and its line are one transaction."""
    case = cases.in_dialogue()
    assert new_lines(lambda: services_handover_refused(case)) == []
    from samverka.care import services_dialogue

    told = new_lines(lambda: services_dialogue.agree(cases.approver("BERG"), case, at=AT))
    assert told == [("change", "BERG", case.number, "")]


def services_handover_refused(case: Case) -> None:
    """A step that cannot be taken."""
    with pytest.raises(Refused):
        services_handover.receive(cases.approver("BERG"), case, at=AT)


def test_the_log_is_not_written_outside_the_transaction_that_reads(django_db_blocker: Any) -> None:
    """A line that could be kept without its case, or the other way round, is refused."""
    case = cases.draft()
    inside = connection.in_atomic_block
    try:
        connection.in_atomic_block = False
        with pytest.raises(log.NoTransaction):
            log.write(cases.registrar("REGION"), cases.VIEW, [case.pk])
    finally:
        connection.in_atomic_block = inside


@pytest.mark.parametrize("party", ["KROKOM", "", "BERG"])
def test_somebody_elses_case_is_not_there(party: str) -> None:
    """404 for another party's, for an auditor, and for a counterpart that has not been asked; and no line."""
    case = cases.proposed()
    who = actor(party, Role.READER if party else Role.AUDITOR)
    with pytest.raises(Http404):
        selectors.case_for(who, case.public_id, access=cases.VIEW)
    assert selectors.cases_for(who, access=cases.VIEW, on=ON) == []


# -- it only grows, and there is one door ---------------------------------------------------------------


ROWS: dict[str, tuple[Any, str]] = {
    "access": (AccessEntry, "care_accessentry"), "move": (Move, "care_move"), "sampled": (Sampled, "care_sampled"),
    "verdict": (Verdict, "care_verdict"),
}  # fmt: skip


def _checked() -> None:
    cases.in_dialogue()
    admin = actor("REGION", Role.ADMINISTRATOR)
    check = services_log.draw_check(admin, since=SINCE, until=ON, size=5, at=AT)
    for one in check.sampled.all():
        services_log.judge(admin, check, one.pk, judgement=Judgement.JUSTIFIED, at=AT)


@pytest.mark.parametrize("name", ROWS)
def test_history_and_log_only_grow(name: str) -> None:
    """Neither changed nor deleted, on both databases, and never emptied; without its triggers it would be."""
    _checked()
    model, table = ROWS[name]
    count = model.objects.count()
    assert count
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # rows of this test are still to be checked
    emptied = f"TRUNCATE {table} CASCADE" if connection.vendor == "postgresql" else f"DELETE FROM {table}"
    for statement in (f"UPDATE {table} SET id = id + 1000", f"DELETE FROM {table}", emptied):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert model.objects.count() == count
    with transaction.atomic():
        unprotect(connection, table)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET id = id")
        transaction.set_rollback(True)


def test_the_name_that_everybody_reaches_for_reads_nothing() -> None:
    """``Case.objects`` refuses."""
    for reach in (Case.objects.all, Case.objects.count, Case.objects.first, Case.objects.get):
        with pytest.raises(Unlogged, match=r"samverka\.care\.selectors"):
            reach()


#: Where cases are read from the database, and why each may: none shows one without a line.
DOORS = {
    "care/selectors.py": "the door: it writes the line first; and counts what waits",
    "care/steps.py": "locks the case of a step, with a line of its own",
    "care/statistics.py": "counts, and shows no case",
}


def ways_in(module: ast.Module) -> list[str]:
    """By which names a module reaches for the rows of cases: a manager, the models' register, the table's name."""
    found = []
    called = {  # django.db.models has another Case
        alias.asname or alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("samverka.care")
        for alias in node.names
        if alias.name == "Case"
    }
    for node in ast.walk(module):
        match node:
            case ast.Attribute(attr="unlogged"):
                found.append("unlogged")
            case ast.Attribute(attr="objects" | "_base_manager" | "_default_manager", value=ast.Name(id=name)):
                found += [node.attr] if name in called else []
            case ast.Call() if "get_model" in ast.unparse(node.func) and "'Case'" in ast.unparse(node):
                found.append("get_model")
            case ast.Constant(value=str(text)) if re.search(r"\bcare_case\b", text):
                found.append("care_case")
    return found


def test_nothing_else_reaches_for_cases() -> None:
    """Every module of the platform: the rows of cases are reached for behind the doors alone."""
    reached = {
        path.relative_to(SOURCE).as_posix(): ways
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts and (ways := ways_in(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert set(reached) - set(DOORS) == set()
    assert set(DOORS) - set(reached) == set(), "no longer needed"


IMPORTED = "from samverka.care.models import Case\n"


@pytest.mark.parametrize("bad", [
    "Case.unlogged.all()", f"{IMPORTED}Case.objects.get(pk=1)", f"{IMPORTED}x = Case._base_manager",
    f"{IMPORTED}Case._default_manager.count()",
    "apps.get_model('care', 'Case')", "cursor.execute('SELECT * FROM care_case')",
])  # fmt: skip
def test_the_search_sees_each_way_in(bad: str) -> None:
    """The broken twins of the last one."""
    assert ways_in(ast.parse(bad)) != []


# -- what the person is told ------------------------------------------------------------------------------


def test_the_extract_says_day_unit_and_times_of_the_own_partys_lines() -> None:
    """For the person who asks: what the own party's units have had before them, and nobody's name."""
    case = cases.in_dialogue()
    reader = actor("BERG", Role.READER)
    for hours in (26, 25, 24):
        selectors.case_for(reader, case.public_id, access=Access(Action.VIEW, AT - timedelta(hours=hours)))
    _, rows = selectors_log.extract_for(
        cases.approver("BERG"), case.public_id, access=Access(Action.EXTRACT, AT + timedelta(days=1))
    )
    assert [(row.on.isoformat(), row.unit, row.count, row.times) for row in rows] == [
        ("2026-06-30", "Bergs kommun", 3, "08:00 till 10:00"), ("2026-07-02", "Bergs kommun", 1, "10:00"),
    ]  # fmt: skip
    client = signed_in(cases.approver("BERG"))
    told = list(
        csv.reader(io.StringIO(body(client.get(f"/arenden/{case.public_id}/utdrag/?format=csv"))), delimiter=";")
    )
    assert told[0] == ["\N{ZERO WIDTH NO-BREAK SPACE}Dag", "Enhet", "Antal gånger", "Klockan"]
    assert {len(row) for row in told} == {4}
    assert "reader1" not in body(client.get(f"/arenden/{case.public_id}/utdrag/"))
