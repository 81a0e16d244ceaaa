"""The page ``Vad händer om``: what a draft would move among made-up persons, for whoever may read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from avtal.cases import Move
from avtal.editions.jamtland_2026 import edition
from samverka.care.log import Access
from samverka.care.models.log import AccessEntry, Action
from samverka.care.views_what_if import Named, chart
from samverka.care.what_if import Change, Row, made_up, our_cases, questions_open, rows
from samverka.core.acting import Role
from tests.samverka.care.cases import NORMAL, draft
from tests.samverka.platform import AT, ON, actor, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/vad-hander-om/"
TRIED = Access(Action.WHAT_IF, AT)
IN_FORCE = {"days_guideline": 14, "cfs_moderate": 6, "cfs_mild": 5, "persons": 1000, "seed": 1}


@pytest.fixture
def reader(jamtland: None) -> Client:
    """A reader of Berg."""
    return signed_in(actor("BERG", Role.READER))


def foot_of(page: str) -> str:
    """The table's sums, as they are written."""
    return page.split("<tfoot>")[1].split("</tfoot>", maxsplit=1)[0]


def moved(**change: Any) -> Row:
    """The sum of a thousand made-up persons under a change."""
    found = made_up(actor("BERG", Role.READER), edition(), Change(**change), count=1000, seed=1, on=ON)
    return found[-1]


def test_a_draft_that_changes_nothing_moves_nobody(jamtland: None) -> None:
    """All of them keep their answer."""
    assert (moved().stay, moved().cases) == (1000, 1000)


def test_a_stricter_guideline_moves_only_towards_the_region(jamtland: None) -> None:
    """More days asked for: fewer meet the second criterion."""
    found = moved(limits={"days_guideline": 60})
    assert found.to_region > 0
    assert found.to_municipality == 0


def test_a_criterion_taken_away_moves_only_towards_the_municipality(jamtland: None) -> None:
    """Without the fourth criterion whoever can get to a health centre may be the municipality's."""
    found = moved(without=("cannot_reach_health_centre",))
    assert found.to_municipality > 0
    assert found.to_region == 0


def test_another_reading_moves_those_who_wish(jamtland: None) -> None:
    """A61: the municipality stays responsible for whoever prefers the health centre."""
    found = moved(readings={"A61": "municipality_responsible"})
    assert found.to_municipality > 0
    assert found.to_region == 0


def test_only_readings_that_can_be_computed_are_offered() -> None:
    """Those on which the answer can depend, with more than one option."""
    assert {"A61", "A72", "A73"} <= set(questions_open(edition()))
    assert all(len(edition().readings[name].computed) > 1 for name in questions_open(edition()))


def test_moves_are_gathered_by_municipality_with_the_sum_last() -> None:
    """In the county's order; those registered elsewhere and unknown ones after them."""
    found = rows(
        [
            Move("ARE", "REGION", "MUNICIPALITY", 3), Move("ARE", "REGION", "REGION", 5),
            Move("BERG", "MUNICIPALITY", "REGION", 2), Move("BERG", None, "REGION", 1),
            Move("OTHER_REGION", "REGION", "REGION", 7), Move(None, None, None, 4),
        ],
        edition(),
    )  # fmt: skip
    assert found == [
        Row("BERG", 3, 0, 2, 1, 0), Row("ARE", 8, 3, 0, 0, 5), Row("OTHER_REGION", 7, 0, 0, 0, 7),
        Row(None, 4, 0, 0, 0, 4), Row("", 22, 3, 2, 1, 16),
    ]  # fmt: skip
    assert found[-1].rounded() == Row("", 20, 0, 0, 0, 15)


def test_the_longest_bar_has_its_place_and_the_others_their_share() -> None:
    """One scale for both ways; where nobody moves there is no chart."""
    still = Named("Krokom", Row("KROKOM", 20, 0, 0, 1, 19))
    drawn = chart([Named("Berg", Row("BERG", 20, 10, 5, 0, 5)), still, Named("Åre", Row("ARE", 20, 1, 0, 0, 19))])
    assert drawn is not None
    placed = [(bar.left, bar.right, bar.left_at, bar.right_end) for bar in drawn.bars]
    assert placed == [(75, 150, 125, 350), (0, 15, 200, 215)]
    assert drawn.height == 92
    assert all(bar.text_at < bar.bar_at < bar.bar_end <= drawn.height for bar in drawn.bars)  # no axis through a name
    assert chart([still]) is None


def test_the_page_shows_chart_and_table(reader: Client) -> None:
    """The numbers of the table are those of the rule; everything is marked as made up."""
    page = reader.get(PAGE, {**IN_FORCE, "days_guideline": 60}).content.decode()
    wanted = moved(limits={"days_guideline": 60})
    sums = [1000, 0, wanted.to_region, wanted.others, wanted.stay]
    assert re.findall(r">(\d+)</td>", foot_of(page)) == list(map(str, sums))
    assert "<svg" in page
    assert 'mark class="example"' in page


def test_the_page_without_a_question_shows_only_the_form(reader: Client) -> None:
    """What is in force stands in the fields."""
    page = reader.get(PAGE).content.decode()
    assert 'value="14"' in page
    assert "<tfoot>" not in page


def test_an_address_says_only_what_it_changes(reader: Client) -> None:
    """The rest is as in force."""
    short = reader.get(PAGE, {"days_guideline": 60, "persons": 1000}).content.decode()
    whole = reader.get(PAGE, {**IN_FORCE, "days_guideline": 60}).content.decode()
    assert foot_of(short) == foot_of(whole)
    assert short.count(" checked") == len(questions_open(edition())) + 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("days_guideline", "-1", "Riktmärke för sammanhängande behov: ange ett heltal från 0 till 365."),
        ("cfs_moderate", "10", "ange ett heltal från 1 till 9."),
        ("cfs_mild", "7", "Lindrig skörhet, nivå: ange högst 6: lindrig skörhet är inte mer än måttlig."),
        ("persons", "1000000", "Påhittade personer: ange ett heltal från 1000 till 20000."),
        ("seed", "x", "Frö: ange ett heltal från 1 till 9999."),
        ("without", "age", "age"),
    ],
)
def test_bad_input_is_named(reader: Client, field: str, value: str, said: str) -> None:
    """The field and what is allowed; nothing is computed."""
    given = {name: str(number) for name, number in IN_FORCE.items()}
    answer = reader.get(PAGE, {**given, field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert page.lower().count("påhittade personer: ") == (field == "persons")  # each label once
    assert "<tfoot>" not in page


def test_an_auditor_may_ask_and_a_stranger_may_not(jamtland: None, client: Client) -> None:
    """It is about nobody; but the platform's own pages are for those who have a role."""
    assert signed_in(actor("", Role.AUDITOR)).get(PAGE, IN_FORCE).status_code == 200
    assert client.get(PAGE).status_code == 302


def test_a_partys_cases_are_counted_where_they_lie_and_not_opened(jamtland: None) -> None:
    """Seven of Berg's move and show as five; Åre has none of them; no case is opened, and each run is one line."""
    for _ in range(7):
        draft("BERG")
    draft("ARE", {**NORMAL, "registered_in": "ARE"})
    stricter = Change(limits={"days_guideline": 30})
    lines = AccessEntry.objects.count()
    found = {
        party: our_cases(actor(party, Role.READER), edition(), stricter, access=TRIED, on=ON)
        for party in ("BERG", "ARE")
    }  # fmt: skip
    assert found["BERG"] == [Row("BERG", 5, 0, 5, 0, 0), Row("", 5, 0, 5, 0, 0)]
    assert found["ARE"] == [Row("ARE", 0, 0, 0, 0, 0), Row("", 0, 0, 0, 0, 0)]
    everybody = our_cases(actor("", Role.AUDITOR), edition(), stricter, access=TRIED, on=ON)
    assert everybody[-1] == Row("", 10, 0, 10, 0, 0)
    written = AccessEntry.objects.order_by("id")[lines:]
    assert [(one.action, one.party, one.case_id) for one in written] == [
        ("what_if", "BERG", None), ("what_if", "ARE", None), ("what_if", "", None)
    ]  # fmt: skip


def test_a_run_whose_line_cannot_be_written_tells_nothing(jamtland: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """No log, no numbers; among made-up persons there is nothing to log."""

    def refused(*_: Any, **__: Any) -> None:
        raise DatabaseError("no room for the log")

    monkeypatch.setattr(AccessEntry.objects, "bulk_create", refused)
    with pytest.raises(DatabaseError):
        our_cases(actor("BERG", Role.READER), edition(), Change(), access=TRIED, on=ON)
    made_up(actor("BERG", Role.READER), edition(), Change(), count=1000, seed=1, on=ON)


def test_the_page_counts_cases(reader: Client) -> None:
    """It says that they are cases, and to what they are rounded."""
    for _ in range(7):
        draft("BERG")
    page = reader.get(PAGE, {"days_guideline": "30", "cohort": "cases"}).content.decode()
    assert "till närmaste femtal; 0 är färre än fem" in page
    assert re.findall(r">(\d+)</td>", foot_of(page)) == ["5", "0", "5", "0", "0"]
    assert "påhittade personer</mark>" not in page
