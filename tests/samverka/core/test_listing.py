"""Lists: what is escaped, sorted, filtered and written to files; and what a page costs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.http import HttpResponseBase
from django.template import engines
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from samverka.core.cells import harmless, shown, written
from samverka.core.listing import Column, Filter, Listing
from samverka.parties.models import Unit
from tests.samverka.core.units import make_units

UNITS = Listing(
    "enheter",
    [
        Column("name", "Namn", lambda unit: unit.name, sort="name", link=lambda unit: f"/u/{unit.public_id}"),
        Column("party", "Part", lambda unit: unit.party.code, sort="party__code"),
        Column("code", "Kod", lambda unit: unit.code, kind="tag"),
        Column("since", "Från", lambda unit: unit.since, kind="date", sort="since"),
        Column("until", "Till", lambda unit: unit.until, kind="date", sort="until"),
        Column("amount", "Belopp", lambda _: -123456789, kind="money"),
        Column("count", "Antal", lambda _: 1234, kind="count"),
        Column("month", "Månad", lambda _: 202607, kind="month"),
    ],
    [
        Filter("namn", "Namn", "name__icontains"),
        Filter("kod", "Kod", "code", lambda: [("", "ingen"), ("A", "Avdelning A")]),
        Filter("fran", "Från och med", "since__gte"),
    ],
    order="name",
)


def ask(**query: str) -> Any:
    """A request with this query."""
    return RequestFactory().get("/enheter", query)


def body(response: HttpResponseBase) -> bytes:
    """All that a streaming answer sends."""
    return b"".join(response)


def test_a_value_is_escaped(jamtland: None) -> None:
    """A name with markup is shown as it was written, in the cell, its link and the filter."""
    (unit,) = make_units(1)
    Unit.objects.filter(pk=unit.pk).update(name="<b>&\"'", code="<i>")
    page = UNITS.page(ask(namn="<b>"), Unit.objects.all())
    assert f'<a href="/u/{unit.public_id}">&lt;b&gt;&amp;&quot;&#x27;</a>' in page.table
    assert '<span class="tag">&lt;i&gt;</span>' in page.table
    assert "<b>" not in page.table + page.filters[0].html
    assert 'value="&lt;b&gt;"' in page.filters[0].html


def test_the_escape_test_sees_a_cell_that_is_not(jamtland: None) -> None:
    """The broken twin: a value marked safe goes out as it is, which the test above would catch."""
    make_units(1)
    careless = Listing("x", [Column("n", "N", lambda _: mark_safe("<b>"))], order="name")
    assert "<b>" in careless.page(ask(), Unit.objects.all()).table


def test_each_kind_is_shown_in_swedish_and_written_for_machines() -> None:
    """Kronor with comma and hard spaces on the page, with a dot in the file; days by ISO 8601 in both."""
    at = datetime(2026, 7, 1, 8, 5, 9, tzinfo=UTC)
    expected = {
        "money": (-123456789, "−1\xa0234\xa0567,89\xa0kr", "-1234567.89"),
        "count": (-1234567, "−1\xa0234\xa0567", "-1234567"),
        "date": (date(2026, 7, 1), "2026-07-01", "2026-07-01"),
        "datetime": (at, "2026-07-01 10:05", "2026-07-01T10:05:09+02:00"),
        "month": (202607, "juli 2026", "2026-07"),
        "text": ("a < b", "a &lt; b", "a < b"),
        "code": ("A-1 <2>", "A-1 &lt;2&gt;", "A-1 <2>"),
        "tag": ("attesterad", '<span class="tag">attesterad</span>', "attesterad"),
        "example": (True, '<mark class="example">exempel</mark>', "exempel"),
    }
    assert {kind: (value, shown(kind, value), written(kind, value)) for kind, (value, _, _) in expected.items()} == (
        expected
    )
    assert {shown(kind, None) for kind in expected} == {'<span class="quiet">–</span>'}
    assert {written(kind, None) for kind in expected} == {""}


def test_the_heading_that_sorts_says_so(jamtland: None) -> None:
    """``aria-sort`` on one heading, which turns; the others sort by themselves; filters are kept, the page is not."""
    make_units(2)
    table = UNITS.page(ask(namn="Enhet", sort="since", after="x"), Unit.objects.all()).table
    assert re.findall(r'aria-sort="(\w+)"><a href="([^"]+)"', table) == [("ascending", "?namn=Enhet&amp;sort=-since")]
    assert '<a href="?namn=Enhet&amp;sort=name">Namn</a>' in table
    turned = UNITS.page(ask(sort="-since"), Unit.objects.all()).table
    assert re.findall(r'aria-sort="(\w+)"><a href="([^"]+)"', turned) == [("descending", "?sort=since")]


def test_an_order_that_is_not_offered_is_the_lists_own(jamtland: None) -> None:
    """Nobody sorts by a field that the list does not show, and learns something by it."""
    make_units(3)
    names = [row.name for row in UNITS.page(ask(sort="party__names__org_number"), Unit.objects.all()).rows]
    assert names == ["Enhet 0000", "Enhet 0001", "Enhet 0002"]


def test_a_filter_keeps_what_passes(jamtland: None) -> None:
    """Text, choice and day, together."""
    make_units(14)
    Unit.objects.filter(name="Enhet 0012").update(code="A")
    rows = Unit.objects.all()
    assert [row.name for row in UNITS.page(ask(namn="t 001"), rows).rows] == [f"Enhet 001{n}" for n in range(4)]
    assert [row.name for row in UNITS.page(ask(kod="A"), rows).rows] == ["Enhet 0012"]
    assert len(UNITS.page(ask(fran="2026-01-06"), rows).rows) == 4
    assert UNITS.page(ask(kod="A", fran="2026-01-07"), rows).rows == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"fran": "i går"}, "Skriv dagen så här: 2026-07-01."),
        ({"kod": "Ö"}, "Välj något i listan."),
        ({"namn": "a\x00"}, "Högst 200 vanliga tecken."),
        ({"namn": "a" * 201}, "Högst 200 vanliga tecken."),
    ],
)
def test_a_filter_that_is_not_understood_shows_nothing(jamtland: None, query: dict[str, str], said: str) -> None:
    """Neither the page nor the file pretends that it was filtered."""
    make_units(2)
    page = UNITS.page(ask(**query), Unit.objects.all())
    assert page.rows == []
    assert [one.fault for one in page.filters if one.fault] == [said]
    html = engines["django"].from_string('{% include "core/listing.html" %}').render({"page": page})
    assert said in html
    assert "Ett filter kunde inte förstås" in html
    sent = body(UNITS.response(ask(format="csv", **query), Unit.objects.all(), "x"))
    assert len(sent.splitlines()) == 1


def test_two_fields_of_one_name_are_refused() -> None:
    """A filter may not be called what the list itself uses in its address."""
    with pytest.raises(ValueError, match="x: two fields with one name"):
        Listing("x", [], [Filter("sort", "S", "name")])


def test_the_file_has_the_pages_columns_and_rows(jamtland: None) -> None:
    """CSV and XLSX say what the page says, beyond its 25 rows, filtered and sorted alike."""
    make_units(40)
    query = {"namn": "Enhet 00", "sort": "-name"}
    sent = body(UNITS.response(ask(format="csv", **query), Unit.objects.select_related("party"), "x")).decode()
    assert sent.startswith("\ufeffNamn;Part;Kod;Från;Till;Belopp;Antal;Månad\r\n")
    rows = list(csv.reader(io.StringIO(sent.lstrip("\ufeff")), delimiter=";"))
    assert [row[0] for row in rows[1:]] == [f"Enhet {number:04d}" for number in range(39, -1, -1)]
    assert rows[1] == ["Enhet 0039", "BERG", "", "2026-01-05", "", "-1234567.89", "1234", "2026-07"]
    book = body(UNITS.response(ask(format="xlsx", **query), Unit.objects.select_related("party"), "x"))
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    assert [cell.value for cell in sheet[1]] == rows[0]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [row[0] for row in rows[1:]]
    assert [cell.value for cell in sheet[2]] == [
        "Enhet 0039", "BERG", None, datetime(2026, 1, 5), None, -1234567.89, 1234, "2026-07",  # noqa: DTZ001  # a cell has no zone
    ]  # fmt: skip


def test_an_empty_list_is_a_file_with_headings(jamtland: None) -> None:
    """Also as a workbook, which would otherwise not open."""
    sheet = openpyxl.load_workbook(
        io.BytesIO(body(UNITS.response(ask(format="xlsx"), Unit.objects.none(), "x")))
    ).active
    assert [cell.value for cell in sheet[1]][:2] == ["Namn", "Part"]
    assert sheet.max_row == 1


FORMULAS = ("=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", " =1", "＝1")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_is_never_a_formula(jamtland: None, text: str) -> None:
    """A cell that a spreadsheet would run is made text; in XLSX it is text already, and no address becomes a link."""
    assert harmless(text) == f"'{text}"
    (unit,) = make_units(1)
    Unit.objects.filter(pk=unit.pk).update(name=text, code="http://example.org/")
    sent = body(UNITS.response(ask(format="csv"), Unit.objects.all(), "x")).decode()
    assert next(csv.reader(io.StringIO(sent.partition("\r\n")[2], newline=""), delimiter=";"))[0] == f"'{text}"
    sheet = openpyxl.load_workbook(io.BytesIO(body(UNITS.response(ask(format="xlsx"), Unit.objects.all(), "x")))).active
    assert (sheet["A2"].data_type, sheet["C2"].hyperlink) == ("s", None)


def test_the_formula_test_sees_a_file_that_runs() -> None:
    """The broken twin: the same text by Python's own writer begins with what a spreadsheet runs."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow(["=1+1"])
    assert out.getvalue().startswith("=")


def test_a_negative_amount_stays_a_number() -> None:
    """Only texts are guarded: a minus before a sum is no formula."""
    assert written("money", -5) == "-0.05"
    assert written("count", -5) == "-5"


def test_a_long_file_is_sent_in_parts() -> None:
    """The rows go out as they are read: the first before the last is asked for."""
    from samverka.core.files import csv_response

    read = 0

    def rows() -> Iterator[SimpleNamespace]:
        nonlocal read
        for number in range(5000):
            read += 1
            yield SimpleNamespace(n=number)

    sent = iter(csv_response("x", [Column("n", "N", lambda row: row.n, kind="count")], rows()))
    first = next(sent)
    assert read < 1000
    assert (first + b"".join(sent)).count(b"\r\n") == 5001


def test_a_full_sheet_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list longer than a sheet loses no row."""
    from samverka.core import files

    monkeypatch.setattr(files, "SHEET_ROWS", 4)
    rows = [SimpleNamespace(n=number) for number in range(7)]
    book = openpyxl.load_workbook(
        io.BytesIO(body(files.xlsx_response("x", [Column("n", "N", lambda row: row.n, kind="count")], rows)))
    )
    assert [[cell.value for (cell,) in sheet.iter_rows()] for sheet in book] == [
        ["N", 0, 1, 2],
        ["N", 3, 4, 5],
        ["N", 6],
    ]
