"""How many cases of each sort: rounded to fives, nothing below five, nothing to be had by taking one from another."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest

from samverka.care import services, statistics
from samverka.care.models.case import Case
from samverka.care.models.log import AccessEntry
from samverka.care.states import Ground, Reply, State
from samverka.care.statistics import Statistics, rounded, statistics_for
from samverka.core.acting import Actor, Role
from tests.samverka.care import cases
from tests.samverka.platform import AT, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")


def many(count: int, owner: str = "REGION", **fields: Any) -> None:
    """So many cases in one state, as the database has them."""
    usual: dict[str, Any] = {
        "owner": owner, "other": "BERG" if owner == "REGION" else "REGION", "shared": True, "opened_at": AT,
        "changed_at": AT, "proposal": {}, "state": State.IN_DIALOGUE, "proposed_party": "BERG",
    }  # fmt: skip
    Case.unlogged.bulk_create(Case(number=services.case_number(), **{**usual, **fields}) for _ in range(count))


def decided(count: int, owner: str = "REGION", **fields: Any) -> None:
    """So many that are decided."""
    usual = {"state": State.ACTIVE, "reply": Reply.AGREES, "decided_at": AT, "responsible_party": "BERG",
             "ground": Ground.FOLLOWS}  # fmt: skip
    many(count, owner, **{**usual, **fields})


def table(found: Statistics, name: str) -> dict[str, int | None]:
    """A table's numbers, only those that there are."""
    [one] = [one for one in found.tables if one.name == name]
    return {cell.name: cell.count for cell in one.cells if cell.count is not None}


REGION_READER = ("REGION", Role.READER)


@pytest.mark.parametrize(("count", "shown"), [
    (0, None), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1002, 1000), (1003, 1005),
])  # fmt: skip
def test_a_number_is_the_nearest_five_or_nothing(count: int, shown: int | None) -> None:
    """Four and none at all look alike."""
    assert rounded(count) == shown


def test_cases_are_counted_each_way() -> None:
    """State, proposal, decision, followed or not and why, municipality, month."""
    many(5, state=State.PROPOSED, proposed_party="")
    decided(11)
    decided(6, responsible_party="REGION", ground=Ground.FLEXIBILITY)
    decided(9, "ARE", responsible_party="ARE", proposed_party="ARE", opened_at=datetime(2026, 9, 1, tzinfo=UTC))
    decided(3, state=State.REVIEWED)
    found = statistics_for(actor(*REGION_READER), since=None)
    assert found.total.count == 35  # 34
    assert table(found, "state") == {"proposed": 5, "active": 25}  # 26; three reviewed are too few
    assert table(found, "proposal") == {"municipality": 30, "open": 5}  # 29
    assert table(found, "decision") == {"region": 5, "municipality": 25}  # 6 and 23
    assert table(found, "followed") == {"follows": 25, "departs": 5}  # 23 and 6
    assert table(found, "ground") == {"follows": 25, "flexibility": 5}
    assert table(found, "municipality") == {"BERG": 25, "ARE": 10}  # 25 and 9
    assert table(found, "month") == {"2026-07": 25, "2026-09": 10}
    assert [cell.shown for one in found.tables if one.name == "month" for cell in one.cells] == [
        "25", "färre än 5", "10"
    ]  # fmt: skip
    assert not found.example


def test_cases_are_chosen_by_period_and_municipality() -> None:
    """The first and the last day are inside."""
    many(10)
    many(20, "ARE", opened_at=datetime(2026, 8, 31, 12, tzinfo=UTC))
    who = actor(*REGION_READER)
    assert statistics_for(who, since=date(2026, 8, 31)).total.count == 20
    assert statistics_for(who, until=date(2026, 8, 30)).total.count == 10
    assert statistics_for(who, municipality="ARE").total.count == 20
    assert statistics_for(who, municipality="KROKOM").total.count is None


def test_a_party_counts_its_own_and_incoming_and_an_auditor_all() -> None:
    """And nobody counts what it has not been asked about."""
    many(10)
    many(10, "ARE")
    many(10, shared=False)
    assert statistics_for(actor("BERG", Role.READER)).total.count == 10
    assert statistics_for(actor("KROKOM", Role.READER)).total.count is None
    assert statistics_for(actor("REGION", Role.ADMINISTRATOR)).total.count == 30
    assert statistics_for(actor("", Role.AUDITOR)).total.count == 30
    assert statistics_for(Actor(actor("BERG", Role.READER).user, "", Role.READER)).total.count is None


def differenced(who: Actor) -> int:
    """What somebody learns of Ragunda's three cases by taking the seven other municipalities from the whole."""
    whole = statistics_for(who).total.count
    others = [statistics_for(who, municipality=code).total.count or 0 for code in statistics.MUNICIPALITIES
              if code != "RAGUNDA"]  # fmt: skip
    assert whole is not None
    return whole - sum(others)


def test_what_is_left_out_cannot_be_had_by_taking_one_number_from_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three in Ragunda; the twin that only leaves out what is below five gives them away to the unit."""
    for code in statistics.MUNICIPALITIES:
        many(3 if code == "RAGUNDA" else 7, other=code, proposed_party=code)
    who = actor("", Role.AUDITOR)
    assert differenced(who) == 15  # 50 - 35: nobody's number
    monkeypatch.setattr(statistics, "rounded", lambda count: None if count < 5 else count)
    assert differenced(who) == 3


def test_too_few_to_show_show_no_month_either() -> None:
    """That there was one in a month is itself told by its row."""
    many(4)
    found = statistics_for(actor(*REGION_READER))
    assert [one.cells for one in found.tables if one.name == "month"] == [[]]


def test_numbers_are_shown_and_fetched_and_open_no_case() -> None:
    """A page, a CSV and an XLSX file, for an auditor too; each file is a line in the access log, of no case."""
    many(8, example=True)
    many(2, state=State.CLOSED)
    for who in (actor("", Role.AUDITOR), actor(*REGION_READER), actor("REGION", Role.ADMINISTRATOR)):
        client = signed_in(who)
        page = client.get("/arenden/statistik/?since=2026-01&until=2026-12").content.decode()
        assert "färre än 5" in page
        assert '<mark class="example">exempel</mark> ingår' in page
        answer: Any = client.get("/arenden/statistik/?since=2026-01&until=2026-12&format=csv")
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode()), delimiter=";"))
        assert rows[1] == ["", "Alla ärenden", "10", ""]
        assert ["Läge", "I dialog", "10", ""] in rows
        assert ["Läge", "Avslutat", "", "färre än 5"] in rows
        assert client.get("/arenden/statistik/?format=xlsx")["Content-Type"].endswith("sheet")
        assert client.get("/arenden/statistik/?since=2026-13").status_code == 422
        turned = client.get("/arenden/statistik/?since=2026-10&until=2026-08")
        told = turned.content.decode()
        assert (turned.status_code, "Den sista månaden är före den första." in told) == (422, True)
        assert "färre än 5" not in told
    written = AccessEntry.objects.order_by("id").values_list("action", "party", "case")
    expected: list[tuple[str, str, int | None]] = [
        ("count", code, None) for code in ("", "REGION", "REGION") for _ in ("csv", "xlsx")
    ]  # fmt: skip
    assert list(written) == expected


def test_every_number_of_a_real_case_is_counted_once() -> None:
    """A case made by the services stands once in each table that it belongs in."""
    for _ in range(5):
        cases.decided()
    found = statistics_for(actor(*REGION_READER))
    for name, value in (("state", "decided"), ("proposal", "municipality"), ("decision", "municipality"),
                        ("followed", "follows"), ("ground", "follows"), ("municipality", "BERG"),
                        ("month", "2026-07")):  # fmt: skip
        assert table(found, name) == {value: 5}
