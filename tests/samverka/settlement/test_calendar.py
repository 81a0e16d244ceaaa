"""The agreement's own days: what is due when, by which clause, and what of it is settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from avtal.editions.jamtland_2026 import edition
from samverka.core.acting import Role
from samverka.settlement import calendar
from samverka.settlement.calendar import Due, due, without_day
from samverka.settlement.calendar_done import issued_for
from samverka.settlement.models import Invoice
from tests.samverka.platform import actor, signed_in
from tests.samverka.settlement.county import approved_basis, attested, credited, index, issued


def _days(clause: str, first: date, last: date) -> list[date]:
    return [one.day for one in due(first, last, edition()) if one.clause == clause]


def test_mt_b1_1_is_due_in_advance_on_the_last_day_before_each_half_year() -> None:
    """The fixed part is counted and invoiced on 12-31 and 06-30 (A40); nothing before the agreement."""
    assert _days("MT-B1-1", date(2025, 1, 1), date(2027, 12, 31)) == [
        date(2025, 12, 31), date(2026, 6, 30), date(2026, 12, 31), date(2027, 6, 30), date(2027, 12, 31),
    ]  # fmt: skip


def test_mt_b1_2_and_sh_eko_6_are_due_each_month() -> None:
    """Month by month, on the month's last day, leap days too."""
    ends = [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31)]
    assert _days("MT-B1-2", date(2028, 1, 1), date(2028, 3, 31)) == ends
    assert _days("SH-EKO-6", date(2028, 1, 1), date(2028, 3, 31)) == ends


def test_tb_avs_1_is_due_in_the_first_quarter() -> None:
    """Last year's persons are counted by 31 March."""
    [one] = [one for one in due(date(2026, 1, 1), date(2026, 12, 31), edition()) if one.clause == "TB-AVS-1"]
    assert (one.day, one.settles) == (date(2026, 3, 31), ("supplement", 202603))
    assert one.title == "Tilläggsbelopp 2026: räkna 2025 års anslutna, jämför och fördela"


def test_p_gil_2_is_the_last_day_of_notice_of_each_term() -> None:
    """Twelve months before 2027-12-31, then two years later each time it is renewed."""
    assert _days("P-GIL-2", date(2026, 1, 1), date(2030, 12, 31)) == [
        date(2026, 12, 31), date(2028, 12, 31), date(2030, 12, 31),
    ]  # fmt: skip
    assert _days("P-GIL-1", date(2026, 1, 1), date(2029, 12, 31)) == [date(2027, 12, 31), date(2029, 12, 31)]


def test_indices_are_told_of_in_mid_december_and_prices_change_at_new_year() -> None:
    """VPI and OPI as information; four prices are computed anew on 1 January."""
    found = due(date(2026, 12, 15), date(2027, 1, 1), edition())
    assert [(one.day, one.clause) for one in found if one.settles is None] == [
        (date(2026, 12, 15), "MT-B1-3"), (date(2026, 12, 15), "SH-EKO-4"), (date(2026, 12, 31), "P-GIL-2"),
        (date(2027, 1, 1), "MT-B1-3"), (date(2027, 1, 1), "OB-UPP-D5"), (date(2027, 1, 1), "SH-EKO-4"),
        (date(2027, 1, 1), "TB-GRU-3"),
    ]  # fmt: skip


def test_a_day_that_is_none_for_work_names_the_one_before() -> None:
    """2027-01-31 is a Sunday: the last working day before it is the 29th. The day itself stays."""
    [one] = [one for one in due(date(2027, 1, 31), date(2027, 1, 31), edition()) if one.clause == "MT-B1-2"]
    assert one.note.endswith("Inte en arbetsdag: sista arbetsdagen före är 2027-01-29.")


def test_every_uid_is_its_own_and_lasts() -> None:
    """The same day gives the same id in another window, and no two share one."""
    long, short = (
        due(date(2026, 1, 1), date(2031, 12, 31), edition()),
        due(date(2028, 3, 1), date(2028, 3, 31), edition()),
    )
    assert len({one.uid for one in long}) == len(long)
    assert {one.uid for one in short} <= {one.uid for one in long}
    assert short[0].uid == "mt-b1-2-20280331-equipment_variable-202803@samverka"


def test_uids_that_leave_out_the_month_would_clash(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin of the test above: an id by clause alone is caught by it."""
    monkeypatch.setattr(Due, "uid", property(lambda self: self.clause))
    found = due(date(2026, 1, 1), date(2026, 12, 31), edition())
    assert len({one.uid for one in found}) < len(found)


def test_what_is_issued_is_done() -> None:
    """Only the charge and the month that were issued are marked."""
    found = due(date(2026, 6, 30), date(2026, 6, 30), edition(), {("equipment_fixed", 202607)})
    assert [(one.clause, one.done) for one in found] == [("MT-B1-1", True), ("MT-B1-2", False), ("SH-EKO-6", False)]


def test_charges_without_a_day_are_named() -> None:
    """What the text gives no day for is said plainly."""
    assert without_day(edition()) == [
        ("Inhyrd personal", "OB-UPP-D4"), ("Kommunens personal i sluten vård", "OB-SLU-3"),
        ("Gemensamma utvecklingsmedel", "P-EKO-UM-1"),
    ]  # fmt: skip
    assert all(clause in edition().clauses for _, clause in calendar.WITHOUT_DAY + calendar.INDEXED)


@pytest.mark.usefixtures("jamtland")
def test_an_invoice_settles_its_month_and_a_credit_unsettles_it() -> None:
    """Region and payer see the fixed part as settled, until it is credited."""
    index("3,2")
    approved_basis(period="2026H2", month=202607)
    invoices = issued("REGION", "2026H2")
    region, berg = actor("REGION", Role.READER), actor("BERG", Role.READER)
    assert ("equipment_fixed", 202607) in issued_for(region)
    assert ("equipment_fixed", 202607) in issued_for(berg)
    for one in invoices:
        credited(one)
    assert ("equipment_fixed", 202607) not in issued_for(region)
    assert Invoice.objects.count() == 16


@pytest.mark.usefixtures("jamtland")
def test_the_region_sees_a_month_of_liaisons_as_settled_only_when_all_have_invoiced() -> None:
    """One municipality's invoice settles its own month, not everybody's."""
    stated = {"kind": "vision", "municipality": "BERG", "date": "2025-10-14", "agreed": True, "work_minutes": "50",
              "patient_responsibility": "REGION", "action": "daisy_training", "special_trip": False}  # fmt: skip
    attested("liaison", "BERG", "REGION", stated)
    issued("BERG")
    assert ("liaison", 202510) in issued_for(actor("BERG", Role.READER))
    assert ("liaison", 202510) not in issued_for(actor("REGION", Role.READER))
    assert ("liaison", 202509) in issued_for(actor("BERG", Role.READER)), "an issued settlement took September up"


@pytest.mark.usefixtures("jamtland")
def test_the_page_shows_a_year_and_bad_years_are_this_year() -> None:
    """Every day of 2027 with its clause; what is no year falls back."""
    client = signed_in(actor("BERG", Role.READER))
    page = _page(client, "?ar=2027")
    assert "Kalender 2027" in page
    assert "2027-03-31" in page
    assert reverse("agreements:clause", args=["TB-AVS-1"]) in page
    for bad in ("?ar=1066", "?ar=abcd", "?ar=２０２７", "?ar=20270"):
        assert client.get(reverse("settlement:calendar") + bad).status_code == 200


@pytest.mark.usefixtures("jamtland")
def test_the_calendar_costs_few_queries(django_assert_max_num_queries: object) -> None:
    """Session, user, membership, names, what is settled and empty settlements."""
    client = signed_in(actor("BERG", Role.READER))
    _page(client, "")
    with django_assert_max_num_queries(7):  # type: ignore[operator]  # pytest-django's fixture
        _page(client, "")


def _page(client: Client, query: str) -> str:
    answer = client.get(reverse("settlement:calendar") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_due_is_plain_facts() -> None:
    """Frozen, and comparable by what it says."""
    one = Due(date(2026, 1, 1), "A b", "P-GIL-1")
    assert replace(one, done=True) != one
    assert one.uid == "p-gil-1-20260101-a@samverka"
