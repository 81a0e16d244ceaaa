"""The half-year of the agreement's own example: MT-B1-1's table, marked examples, a page that stands by itself."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from avtal.editions.jamtland_2026 import edition
from samverka.settle.report import table
from tests.samverka.conftest import EXAMPLE, Ran

Settle = Callable[..., Ran]
HEAD = (
    "payer,payee,charge,month,events,quantity,unit,amount,clauses,parameters,readings,flags,edition,fingerprint,example"
)
VOID = {"meta"}
#: An element whose end may be left out, and what ends it when it is opened.
IMPLIED = {
    "p": {"p", "table", "ul", "section", "div", "dl", "h2", "h3", "details"}, "td": {"td", "th", "tr"},
    "th": {"td", "th", "tr"}, "tr": {"tr"}, "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"},
}  # fmt: skip


class Nesting(HTMLParser):
    """Follows HTML's own rules for ends that are left out, and notes whatever is nested wrongly."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.used: set[str] = set()
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins; one above it may end by that."""
        while self.open and tag in IMPLIED.get(self.open[-1], ()):
            self.open.pop()
        self.used |= {tag, *(name for name, _ in attrs)}
        self.ids += [str(value) for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends; those below it end with it if they may."""
        while self.open and self.open[-1] != tag and self.open[-1] in IMPLIED:
            self.open.pop()
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        """Text, but not the style."""
        if self.open and self.open[-1] != "style":
            self.text.append(data)


@pytest.fixture
def demo(settle: Settle) -> Ran:
    """The example settled."""
    ran = settle(EXAMPLE)
    assert (ran.code, ran.err) == (0, "")
    return ran


def rows(tmp_path: Path) -> list[dict[str, str]]:
    """The rows of lines.csv."""
    return list(csv.DictReader((tmp_path / "out" / "lines.csv").read_text(encoding="utf-8").splitlines()))


def page(tmp_path: Path) -> str:
    """The page's text."""
    return (tmp_path / "out" / "explanations.html").read_text(encoding="utf-8")


def test_mt_b1_1_the_printed_table_is_the_documents(demo: Ran) -> None:
    """Counts and percentages as printed in the agreement, amounts by exact share, 126 112,90 kr in all."""
    shown = demo.out.split("\n\n")[2].splitlines()
    assert shown[0] == "Medicinsk teknik, fast del (MT-B1-1), 2025-07"
    assert [re.split(r"\s{2,}", line.strip()) for line in shown[3:]] == [
        ["Berg", "50", "5,4 %", "6 831,69 kr"], ["Bräcke", "60", "6,5 %", "8 198,02 kr"],
        ["Härjedalen", "96", "10,4 %", "13 116,83 kr"], ["Krokom", "90", "9,8 %", "12 297,03 kr"],
        ["Ragunda", "41", "4,4 %", "5 601,98 kr"], ["Strömsund", "152", "16,5 %", "20 768,32 kr"],
        ["Åre", "53", "5,7 %", "7 241,59 kr"], ["Östersund", "381", "41,3 %", "52 057,44 kr"],
        shown[11].split("  "), ["Totalt", "923", "100,0 %", "126 112,90 kr"],
    ]  # fmt: skip


def test_lines_csv_has_the_exact_header_and_sums(demo: Ran, tmp_path: Path) -> None:
    """Sixteen rows, dots and two decimals; what is not an example sums to 126 112.90 kr."""
    text = (tmp_path / "out" / "lines.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == HEAD
    assert "\r" not in text
    found = rows(tmp_path)
    by_mark = {mark: sum(Decimal(row["amount"]) for row in found if row["example"] == mark) for mark in ("nej", "ja")}
    assert (len(found), by_mark) == (16, {"nej": Decimal("126112.90"), "ja": Decimal("12577.60")})
    assert all(re.fullmatch(r"\d+\.\d\d", row["amount"]) for row in found)
    assert {(row["edition"], row["fingerprint"]) for row in found} == {("jamtland_2026", edition().fingerprint)}
    assert "138 690,50 kr" in demo.out
    assert "Varav exempeldata 12 577,60 kr, övrigt 126 112,90 kr." in demo.out


def test_the_clauses_parameters_and_readings_of_every_line_exist(demo: Ran, tmp_path: Path) -> None:
    """Each name in lines.csv is the edition's own."""
    known = {"clauses": edition().clauses, "parameters": edition().parameters, "readings": edition().readings}
    for row in rows(tmp_path):
        assert row["clauses"]
        for column, names in known.items():
            assert set(row[column].split()) <= set(names)


def test_examples_are_marked_everywhere(demo: Ran, tmp_path: Path) -> None:
    """In lines.csv, in the terminal's table and beside each amount of the page; the document's own rows are not."""
    assert {row["charge"]: row["example"] for row in rows(tmp_path)} == {
        "equipment_fixed": "nej", "equipment_variable": "ja", "hired_staff": "ja", "liaison": "ja",
        "hospital_attendance": "ja",
    }  # fmt: skip
    who_pays = demo.out.split("Vem betalar vem\n")[1].split("\n\n")[0].splitlines()[2:-2]
    assert [("(exempel)" in line) for line in who_pays] == [False] * 8 + [True] * 8
    fixed, *others = re.findall(r'<section id="\w+">.*?</section>', page(tmp_path), re.DOTALL)
    assert "<mark>" not in fixed
    for section in others:
        for row in re.findall(r"<tr><th scope=row>.*?(?=<tr>|</tbody>)", section):
            assert "<mark>exempel</mark>" in row
    assert page(tmp_path).count("Rader märkta <mark>exempel</mark> bygger på exempeldata") == 1


def test_the_page_stands_by_itself_and_is_well_nested(demo: Ran, tmp_path: Path) -> None:
    """No script, link, picture or frame, nothing from the net; every element ends where it may, ids are unique."""
    text = page(tmp_path)
    found = Nesting(text)
    assert (found.wrong, found.open) == ([], [])
    assert not found.used & {"script", "link", "img", "iframe", "a", "src", "href", "onclick", "object", "embed"}
    assert not re.search(r"https?:|//[a-z]|@import|url\(", re.sub(r"&lt;.*?&gt;", "", text))
    assert len(found.ids) == len(set(found.ids))
    assert text.startswith('<!DOCTYPE html>\n<html lang="sv">')


def test_the_nesting_check_sees_a_wrong_end() -> None:
    """The broken twin: crossed elements, a stray end and one that never ends."""
    assert Nesting("<ul><li><b>x</ul></b>").wrong
    assert Nesting("</p>").wrong
    assert Nesting("<section><p>x").open == ["section", "p"]


def test_every_clause_and_reading_on_the_page_exists_and_is_explained(demo: Ran, tmp_path: Path) -> None:
    """Each id that the text names is the edition's, and stands in the list at the end."""
    found = Nesting(page(tmp_path))
    text = " ".join(found.text)
    named = set(re.findall(r"(?<![\w-])(?:MT|OB|SB|SH|TB|GU|P)-[A-ZÅÄÖ0-9]+(?:-[A-Za-z0-9]+)*\b", text))
    assert named <= set(edition().clauses)
    steps = re.findall(r"<small>(.*?)</small>", page(tmp_path).split("<section><h2>Läsningar")[0])
    used = {id_ for small in steps for id_ in re.findall(r"\b[A-Z]{2}-[A-Z0-9]+-?[A-Za-z0-9]*\b", small)}
    assert used & set(edition().clauses) <= set(found.ids)
    assert set(re.findall(r"\bA\d\d\b", text)) <= set(edition().readings)
    assert "Perioden ligger före avtalets första dag (2026-01-01); dokumentens belopp är räkneexempel." in text


def test_settling_twice_gives_the_same_bytes(settle: Settle, tmp_path: Path) -> None:
    """Nothing depends on the clock, the order of a set or the machine."""
    seen = []
    for _ in range(2):
        assert settle(EXAMPLE).code == 0
        seen.append([(tmp_path / "out" / name).read_bytes() for name in ("lines.csv", "explanations.html")])
        shutil.rmtree(tmp_path / "out")
    assert seen[0] == seen[1]


def test_semicolons_windows_lines_and_a_mark_change_nothing(settle: Settle, tmp_path: Path) -> None:
    """The same folder as a Swedish spreadsheet saves it gives the same bytes."""
    assert settle(EXAMPLE).code == 0
    first = (tmp_path / "out" / "lines.csv").read_bytes()
    saved = tmp_path / "saved"
    saved.mkdir()
    for file in EXAMPLE.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as stream, (saved / file.name).open(
            "w", encoding="utf-8-sig", newline=""
        ) as out:  # fmt: skip
            csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(csv.reader(stream))
    assert settle(saved).code == 0
    assert (tmp_path / "out" / "lines.csv").read_bytes() == first


def test_a_table_is_aligned_by_what_its_columns_hold() -> None:
    """Numbers to the right, also negative ones; text, dates and combining letters to the left."""
    text = table(
        ("Namn", "Belopp", "Dag"),
        [("a\u0308r", "\N{MINUS SIGN}1,00", "2025-01-01"), ("b", "10,00", "")],
        ("S", "9,00", ""),
    )
    assert text.splitlines() == [
        "Namn  Belopp  Dag", "────  ──────  ──────────", "a\u0308r     \N{MINUS SIGN}1,00  2025-01-01", "b      10,00",
        "────  ──────  ──────────", "S       9,00",
    ]  # fmt: skip
