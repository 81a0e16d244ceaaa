"""The book of now, as known at a moment and of a snapshot; what is missing and what waits."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from samverka.agreements import selectors
from samverka.agreements.models import Snapshot
from samverka.agreements.selectors import (
    OtherBook,
    book_as_known,
    book_known_on,
    book_now,
    book_of,
    end_of,
    entered_for,
    missing_for_next_settlement,
    waiting_for,
)
from samverka.agreements.services import rule_on, snapshot
from samverka.core.acting import Role
from samverka.core.waiting import Waiting
from tests.samverka.agreements.entering import (
    EQUAL,
    KEY,
    MODEL,
    OPI,
    READING,
    VPI,
    approved,
    moment,
    proposed,
)
from tests.samverka.platform import AT, ON, actor

pytestmark = pytest.mark.usefixtures("jamtland")
IN_2026 = date(2026, 3, 1)


def test_the_book_of_now_takes_one_query_and_is_built_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """The first call reads the values; after that one small query sees that nothing was ruled on."""
    approved("index")
    first = book_now()
    with django_assert_num_queries(1):
        assert book_now() is first
    approved("parameter")
    assert book_now() is not first
    assert len(book_now().entered) == 2


def test_a_ruling_that_was_rolled_back_leaves_no_book_behind() -> None:
    """The next ruling takes the key of the one that was undone, and still gets a book of its own."""
    one, other = proposed("index", VPI), proposed("index", {**VPI, "percent": "2.3"})
    approver = actor("BERG", Role.APPROVER)
    with transaction.atomic():
        rule_on(approver, one, approved=True, reason="", at=AT)
        assert book_now().value("hired_staff_rate", IN_2026) == 66_000
        transaction.set_rollback(True)
    assert book_now().value("hired_staff_rate", IN_2026) is None
    rule_on(approver, other, approved=True, reason="", at=AT)
    assert book_now().value("hired_staff_rate", IN_2026) == 65_500


def test_the_check_of_rollbacks_sees_a_cache_by_key_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin that remembers by the last key and the count gives a book that was never approved."""
    seen: dict[tuple[object, ...], Any] = {}
    built = selectors._built

    def by_key_alone() -> Any:
        rows = selectors._approved()
        key = (len(rows), selectors.Ruling.objects.count())
        return seen.setdefault(key, built(rows))

    one, other = proposed("index", VPI), proposed("index", {**VPI, "percent": "2.3"})
    approver = actor("BERG", Role.APPROVER)
    with transaction.atomic():
        rule_on(approver, one, approved=True, reason="", at=AT)
        by_key_alone()
        transaction.set_rollback(True)
    rule_on(approver, other, approved=True, reason="", at=AT)
    assert by_key_alone().value("hired_staff_rate", IN_2026) == 66_000
    assert book_now().value("hired_staff_rate", IN_2026) == 65_500


def test_a_value_is_known_from_the_moment_of_its_ruling() -> None:
    """Published 2025-12-15, entered and approved 2026-07-01: before that moment nobody knew it here."""
    approved("index")
    assert book_as_known(AT - timedelta(seconds=1)).value("hired_staff_rate", IN_2026) is None
    assert book_as_known(AT).value("hired_staff_rate", IN_2026) == 66_000
    assert book_known_on(date(2026, 6, 30), today=ON).entered == ()
    assert book_known_on(None, today=ON) is book_now()
    assert book_known_on(ON, today=ON) is book_now()


def test_as_known_on_a_day_holds_all_that_was_ruled_on_before_midnight() -> None:
    """Midnight in Stockholm, two hours before it in UTC in summer."""
    assert end_of(date(2026, 6, 30)).isoformat() == "2026-06-30T23:59:59.999999+02:00"
    approved("index", at=moment(date(2026, 6, 30), 21))
    approved("parameter", at=moment(date(2026, 6, 30), 22))
    assert len(book_known_on(date(2026, 6, 30), today=ON).entered) == 1


def test_the_files_own_values_are_unknown_before_their_day() -> None:
    """As known before 2025-09-05, not even 640 kr was decided."""
    assert book_as_known(moment(date(2025, 9, 4))).value("hired_staff_rate", date(2025, 7, 1)) is None
    assert book_as_known(moment(date(2025, 9, 5))).value("hired_staff_rate", date(2025, 7, 1)) == 64_000


def test_a_snapshot_gives_its_book_back_whatever_is_approved_later() -> None:
    """The fingerprint, the values and the price are those of the day; the book of now has moved on."""
    approved("index")
    approved("factors", example=True)
    before = book_now()
    kept = snapshot(before)
    approved("index", {**VPI, "percent": "2.3"}, at=AT + timedelta(days=1))
    approved("parameter", at=AT + timedelta(days=1))
    selectors._rebuilt.cache_clear()
    again = book_of(Snapshot.objects.get(pk=kept.pk))
    assert (again.fingerprint, again.entered) == (before.fingerprint, before.entered)
    assert again.value("hired_staff_rate", IN_2026) == 66_000
    assert again.factors_are_example(2026)
    assert book_now().value("hired_staff_rate", IN_2026) == 65_500


def test_a_snapshot_that_cannot_be_built_again_is_refused() -> None:
    """A fingerprint that its values do not give, a value that is not there, and an edition that is not here."""
    made = approved("index")
    cases = [("0" * 64, "jamtland_2026", [made.pk], "programmet eller filerna är andra"),
             ("1" * 64, "jamtland_2026", [made.pk, made.pk + 1], "finns inte")]  # fmt: skip
    for fingerprint, edition, ids, told in cases:
        with pytest.raises(OtherBook, match=told):
            book_of(Snapshot.objects.create(fingerprint=fingerprint, edition=edition, entered=ids))
    with pytest.raises(LookupError, match="utgåvan finns inte här; det finns jamtland_2026"):
        book_of(Snapshot.objects.create(fingerprint="2" * 64, edition="skane_2026", entered=[]))


PERCENTS = st.lists(st.tuples(st.integers(-20, 60), st.integers(0, 5), st.booleans()), min_size=1, max_size=5)


@settings(max_examples=12, deadline=None)
@given(PERCENTS)
def test_any_sequence_of_rulings_is_rebuilt_and_known_in_order(steps: list[tuple[int, int, bool]]) -> None:
    """After each ruling: earlier snapshots give the same book, and what was known earlier begins what is known now."""
    with transaction.atomic():
        approver, kept = actor("BERG", Role.APPROVER), []
        at = AT
        for n, (tenths, hours, yes) in enumerate(steps):
            at += timedelta(hours=hours)
            made = proposed("index", {**VPI, "percent": f"{tenths / 10:.1f}"}, at=at, document=f"Prov § {n}")
            rule_on(approver, made, approved=yes, reason="prov", at=at)
            kept.append((at, snapshot(book_now()), book_now().entered, book_now().fingerprint))
        selectors._rebuilt.cache_clear()
        for _, shot, _, fingerprint in kept:
            assert book_of(shot).fingerprint == fingerprint
        known = [book_as_known(when).entered for when, *_ in kept]
        assert all(later[: len(earlier)] == earlier for earlier, later in pairwise(known))
        assert known[-1] == book_now().entered
        transaction.set_rollback(True)


def test_everybody_who_may_read_sees_what_binds_them_all() -> None:
    """The auditor too."""
    approved("index")
    for who in (actor("ARE", Role.READER), actor("", Role.AUDITOR), actor("BERG", Role.ADMINISTRATOR)):
        assert [row.state for row in entered_for(who)] == ["approved"]


def test_what_waits_is_told_to_those_who_may_rule_on_it() -> None:
    """An approver sees the count; the proposer, a reader and the auditor see none."""
    one = proposed("index")
    assert waiting_for(actor("BERG", Role.APPROVER), ON) == [
        Waiting("1 värde väntar på beslut", 1, "/avtal/infort/?state=waiting")
    ]
    proposed("index", OPI)
    assert waiting_for(actor("REGION", Role.APPROVER), ON)[0].text == "2 värden väntar på beslut"
    for who in (actor("REGION", Role.REGISTRAR), actor("ARE", Role.READER), actor("", Role.AUDITOR)):
        assert waiting_for(who, ON) == []
    same = actor("REGION", Role.REGISTRAR)
    assert waiting_for(type(same)(same.user, "REGION", Role.APPROVER), ON) == []
    rule_on(actor("BERG", Role.APPROVER), one, approved=True, reason="", at=AT)
    assert waiting_for(actor("BERG", Role.APPROVER), ON)[0].count == 1


def told(on: date) -> list[str]:
    """What is missing on a day."""
    return [one.what for one in missing_for_next_settlement(on)]


OPEN = "23 läsningar som kan ändra ett belopp eller ett svar är inte bekräftade av parterna"


def test_what_the_first_year_needs_is_missing_until_it_is_entered() -> None:
    """In July 2026: the steps to 2026 and, for the half-year to come, to 2027; weights, key and open readings."""
    indices = [
        "Indexvärde VPI för 2025, steget till prisår 2026",
        "Indexvärde VPI för 2026, steget till prisår 2027",
        "Indexvärde OPI för 2026, steget till prisår 2026",
        "Indexvärde OPI för 2027, steget till prisår 2027",
        "Indexvärde LPIK för 2025, steget till prisår 2025",
        "Indexvärde LPIK för 2026, steget till prisår 2026",
        "Indexvärde LPIK för 2027, steget till prisår 2027",
    ]
    keys = [
        "Beslutad fördelning mellan kommunerna (Tilläggsbelopp 2026)",
        "Beslutad fördelning mellan kommunerna (Tilläggsbelopp 2027)",
        "Beslutad fördelning mellan kommunerna (Gemensamma utvecklingsmedel)",
    ]
    assert told(ON) == [*indices, *keys, OPEN]


def test_what_is_entered_is_no_longer_missing() -> None:
    """Only the year to come is left, and one reading fewer is open."""
    lpik = {"series": "LPIK", "percent": "2.0", "status": "forecast", "published": "2025-12-01"}
    for payload in (VPI, OPI, {**lpik, "index_year": 2025}, {**lpik, "index_year": 2026}):
        approved("index", payload)
    approved("factors")
    approved("development_key", KEY)
    approved("reading", READING)
    assert told(date(2026, 6, 30)) == [OPEN.replace("23", "22")]
    assert told(ON) == [
        "Indexvärde VPI för 2026, steget till prisår 2027",
        "Indexvärde OPI för 2027, steget till prisår 2027",
        "Indexvärde LPIK för 2027, steget till prisår 2027",
        "Beslutad fördelning mellan kommunerna (Tilläggsbelopp 2027)",
        OPEN.replace("23", "22"),
    ]
    approved("factors", {**MODEL, "year": 2027, "elderly": {"weight": "50", "shares": EQUAL}})
    assert "Beslutad fördelning mellan kommunerna (Tilläggsbelopp 2027)" not in told(ON)


def test_what_is_missing_says_where_who_decides_and_how_to_enter_it() -> None:
    """The first price index of all that needs it; the form is filled in with series and year."""
    [vpi, *_, readings] = missing_for_next_settlement(ON)
    assert vpi.clauses == ("OB-UPP-D5", "OB-UPP-D4", "MT-B1-3")
    assert vpi.decided_by.startswith("Publiceras av Sveriges Kommuner och Regioner (SKR)")
    assert vpi.address == "/avtal/infort/nytt/index/?series=VPI&index_year=2025"
    assert readings.address == "/avtal/lasningar/"
    assert "A64" not in readings.what


def test_before_the_agreement_begins_its_first_day_is_looked_at() -> None:
    """In the autumn of 2025 the settlements of 2026 are the coming ones."""
    assert told(date(2025, 10, 1))[0] == "Indexvärde VPI för 2025, steget till prisår 2026"
    assert told(date(2020, 1, 1)) == told(date(2025, 10, 1))


def test_the_database_has_the_say_in_what_is_approved() -> None:
    """The book of now is read through the database's own order of ruling, not of proposing."""
    one, other = proposed("index", VPI), proposed("index", {**VPI, "percent": "2.3"})
    approver = actor("BERG", Role.APPROVER)
    rule_on(approver, other, approved=True, reason="", at=AT)
    rule_on(approver, one, approved=True, reason="", at=AT + timedelta(hours=1))
    assert book_now().entered == (other.pk, one.pk)
    assert book_now().value("hired_staff_rate", IN_2026) == 66_000
