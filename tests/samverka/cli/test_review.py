"""``samverka check --tables``: decisions as reviewers' tables, in files and on one page."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

from avtal.editions.jamtland_2026 import QUESTIONS, edition
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES
from avtal.language.expression import by_reading
from avtal.language.facts import boolean, code, whole
from avtal.language.rule import Decision, Row
from samverka.cli import findings, review, review_page
from samverka.cli.review import Sheet, found_sheet, sheets, write
from tests.samverka.conftest import Cli

PRODUCT = {"product": QUESTIONS["product"]}


@pytest.fixture
def only_products(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables of the question about products alone: they are soon made."""
    monkeypatch.setattr(review, "QUESTIONS", PRODUCT)


def read(file: Path) -> list[list[str]]:
    """A table's rows, as a spreadsheet reads them."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.reader(text, delimiter=";"))


def test_a_table_says_facts_outcome_and_clause(only_products: None, tmp_path: Path, cli: Cli) -> None:
    """OB-HJM-1: where only a physician may prescribe the region pays, whatever else is stated."""
    done = cli("check", "--tables", str(tmp_path))
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("filer i " + str(tmp_path) + "; börja med index.html.\n")
    head, *rows = read(tmp_path / "product.payer.csv")
    assert (head[0], head[-2:]) == ("Produkt", ["Utfall", "Klausuler"])
    assert [column for column in zip(*rows, strict=True) if set(column) == {"–"}] == []
    alone = head.index("Endast läkare får förskriva")
    found = [row for row in rows if row[0].startswith("hjälpmedel") and row[alone] == "ja"]
    assert [(row[-2], row[-1]) for row in found] == [("Region Jämtland Härjedalen", "OB-HJM-1, SB-HJM-1")]
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.count("<table>") == 3
    assert edition().fingerprint in page
    assert '<td data-label="Klausuler"><span><a href="#OB-HJM-1">OB-HJM-1</a>, <a href="#SB-HJM-1">SB-HJM-1</a>' in page
    assert f'<dt id="OB-HJM-1">OB-HJM-1</dt><dd>{escape(edition().clauses["OB-HJM-1"].summary)}</dd>' in page
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= set(re.findall(r'id="([^"]+)"', page))


def test_what_the_check_found_stands_first(only_products: None, tmp_path: Path, cli: Cli) -> None:
    """Each table with how it is known; that nothing was found is said, and which rows wait for another reading."""
    cli("check", "--tables", str(tmp_path))
    head, *rows = read(tmp_path / "kontroll.csv")
    assert head == ["Beslut", "Så visat", "Överlapp", "Rader som aldrig avgör", "Luckor", "Att veta"]
    found = {row[0]: row[1:] for row in rows}
    proved = ["bevisat", "inga funna", "inga funna", "inga funna"]
    assert found["Kommunens personal i sluten vård: utfall"] == [*proved, "–"]
    assert found["Produkt: förskriver"][:4] == proved
    assert found["Syn- och hörselombud: utfall"][0].startswith("prövat i 50 000 av ")
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.index('<h2 id="kontroll">') < page.index('<h2 id="product.payer">') < page.index('<h2 id="klausuler">')


def test_a_planted_overlap_a_dead_row_and_a_gap_are_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: what a lawyer reads of a table that is wrong, with labels, outcomes and clauses."""
    question = QUESTIONS["product"]
    facts = question.recorders[0]
    rows = (
        Row(1, facts.after_discharge, "REGION", ("OB-SJM-1",)),
        Row(1, facts.specialised_intervention, "none"),
        Row(2, facts.after_discharge, "MANUAL", ("OB-SJM-2",)),
    )
    broken = replace(question, decisions=lambda *_: [Decision("payer", rows, "MANUAL")])
    monkeypatch.setattr(findings, "QUESTIONS", {"product": broken})
    monkeypatch.setattr(findings, "CHARGES", {})
    *_, row = found_sheet(findings.every_finding(edition()), edition()).rows
    case = "Efter utskrivning från sluten vård: {0}, Insats från specialiserad vård: {0}"
    assert row == [
        "Produkt: betalar",
        "bevisat",
        "Rang 1 ger både Region Jämtland Härjedalen och ingen: " + case.format("ja"),
        "Regelrad 3 (avgörs av människor, rang 2, OB-SJM-2) avgör aldrig",
        "Inget villkor sant, utfall avgörs av människor: " + case.format("nej"),
        "–",
    ]


def test_unsaid_facts_and_readings_are_told_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """An overlap where nobody has said a thing, in one option of a reading."""
    question = QUESTIONS["product"]
    facts = question.recorders[0]
    unsaid = ~(facts.after_discharge.is_true() | (~facts.after_discharge).is_true())
    rows = (
        Row(1, by_reading("A27", {"same_limit": unsaid}), "REGION"),
        Row(1, ~facts.after_discharge.is_true(), "none"),
    )
    broken = replace(question, decisions=lambda *_: [Decision("payer", rows, "MANUAL")])
    monkeypatch.setattr(findings, "QUESTIONS", {"product": broken})
    monkeypatch.setattr(findings, "CHARGES", {})
    *_, row = found_sheet(findings.every_finding(edition()), edition()).rows
    assert row[2].endswith(": Efter utskrivning från sluten vård: inte sagt")


def test_another_reading_shows_what_it_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cli: Cli) -> None:
    """A longer guideline: only days between the two are decided differently, towards the region."""
    small = {"care": replace(QUESTIONS["care"], decisions=lambda *given: QUESTIONS["care"].decisions(*given)[1:2])}
    monkeypatch.setattr(review, "QUESTIONS", small)
    done = cli("check", "--tables", str(tmp_path), "--value", "days_guideline=30")
    assert done.code == 0
    head, *rows = read(tmp_path / "care.responsible.skillnad.csv")
    days = next(place for place, label in enumerate(head) if "behovet" in label.lower() and "länge" in label.lower())
    assert {row[days] for row in rows} == {"15-30"}
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert '<h2 id="care.responsible.skillnad">Vem ansvarar för vården: ansvarig, skillnad</h2>' in page
    assert {(row[-4], row[-2]) for row in rows} == {("kommunen", "Region Jämtland Härjedalen")}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--value", "days_guideline=30"], "säg var med --tables MAPP"),
        (["--tables", "t", "--value", "days_guideline=x"], "--value days_guideline=x: en av days_guideline"),
        (["--tables", "t", "--value", "hired_staff_rate=1"], "--value hired_staff_rate=1: en av days_guideline"),
        (["--tables", "t", "--reading", "A61"], "--reading A61: läsning och val"),
    ],
)
def test_bad_options_are_named(options: list[str], said: str, tmp_path: Path, cli: Cli) -> None:
    """One line that says what is allowed; no file is written."""
    done = cli("check", *[str(tmp_path / "t") if option == "t" else option for option in options])
    assert done.code == 2
    assert said in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(only_products: None, tmp_path: Path, cli: Cli) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "taken").write_text("", encoding="utf-8")
    done = cli("check", "--tables", str(tmp_path / "taken"))
    assert done.code == 2
    assert "kan inte skrivas" in done.err


def test_answers_are_spelled_as_spans_and_names() -> None:
    """Numbers between what was tried; codes by name; what makes no difference as a dash."""
    words, days = edition().words, whole("days")
    tried = (0, 13, 14, 15, 29, 30, 31)
    spelled = [
        review._spelled(days, given, tried, words)
        for given in [(0, 13, 14), (15, 29, 30, 31), (15, 29, 30), (14,), (0, 13, 31), tried, ()]
    ]
    assert spelled == ["högst 14", "minst 15", "15-30", "14", "högst 13 eller minst 31", "–", "–"]
    assert review._spelled(code("profession"), ("nurse", "other"), ("nurse", "other", "physician"), words) == (
        "sjuksköterska eller annat"
    )
    assert review._spelled(boolean("frequent"), (True,), (False, True), words) == "ja"


def test_municipalities_are_one_and_names_stand_in_swedish_order() -> None:
    """All eight together by one name; some of them with Åre and Östersund last; a long list by what is left out."""
    words = edition().words
    registered = code("registered_in", *MUNICIPALITIES, "OTHER_REGION", "NOT_REGISTERED")

    def spelled(*given: str) -> str:
        return review._spelled(registered, given, registered.values, words)

    assert spelled(*MUNICIPALITIES) == "samtliga kommuner"
    assert spelled(*MUNICIPALITIES, "OTHER_REGION") == "samtliga kommuner eller annan region"
    assert spelled("OSTERSUND", "ARE", "STROMSUND") == "Strömsunds kommun eller Åre kommun eller Östersunds kommun"
    assert spelled(*(one for one in registered.values if one not in ("ARE", "OTHER_REGION"))) == (
        "alla utom annan region och Åre kommun"
    )


def test_two_facts_held_against_each_other_have_a_name() -> None:
    """Where a person stays and is registered in words of its own; any others by both names."""
    words = edition().words
    assert review._label("staying_in<>registered_in", words) == (
        "Vistas i en annan kommun än den där personen är folkbokförd"
    )
    assert review._label("staying_in<>municipality", words) == "Vistas i: en annan än kommun"
    assert review._label("staying_in", words) == "Vistas i"


def test_nobody_is_called_nobody() -> None:
    """That a text points nobody out is no *no*, which a yes or no is."""
    assert [findings.outcome(edition(), one) for one in ("none", "REGION", False)] == [
        "ingen", "Region Jämtland Härjedalen", "nej",
    ]  # fmt: skip


def test_a_wide_table_is_printed_as_sentences_and_one_row_is_a_row(tmp_path: Path) -> None:
    """More columns than paper is wide for; what makes no difference can be left out there."""
    wide = Sheet("wide", "W", [f"c{n}" for n in range(11)], [["–"] * 11])
    write(tmp_path, edition(), [wide, Sheet("small", "S", ["c"], [["x"], ["y"]])])
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.count('<div class="wide many"') == page.count('<div class="wide"') == 1
    assert "<p>1 rad.</p>" in page
    assert "<p>2 rader.</p>" in page
    assert '<td class="any" data-label="c0"><span>–</span></td>' in page


def test_a_text_that_only_looks_like_a_clause_is_left_alone() -> None:
    """A link leads somewhere: only to clauses that exist."""
    assert review_page._linked("OB-HJM-1, TB-GRU-9", edition()) == '<a href="#OB-HJM-1">OB-HJM-1</a>, TB-GRU-9'
    assert list(review_page.ids("OB-HJM-1 och TB-GRU-9", edition())) == ["OB-HJM-1"]


def test_text_is_escaped_on_the_page(tmp_path: Path) -> None:
    """A label is text, not markup."""
    write(tmp_path, edition(), [Sheet("x", "<b>", ["<i>"], [["<u>"]])])
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;" in page
    assert "<u>" not in page


def test_every_decision_has_a_table(only_products: None) -> None:
    """Each decision by name, with rows."""
    found = {sheet.name: len(sheet.rows) for sheet in sheets(edition())}
    assert set(found) == {"product.payer", "product.prescriber"}
    assert min(found.values()) > 20
