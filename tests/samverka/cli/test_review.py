"""``samverka check --tables``: decisions as reviewers' tables, in files and on one page."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from avtal.editions.jamtland_2026 import QUESTIONS, edition
from avtal.language.facts import boolean, code, whole
from samverka.cli import review
from samverka.cli.review import Sheet, sheets, write
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
    alone = head.index("Endast läkare får förskriva")
    found = [row for row in rows if row[0].startswith("hjälpmedel") and row[alone] == "ja"]
    assert [(row[-2], row[-1]) for row in found] == [("Region Jämtland Härjedalen", "OB-HJM-1, SB-HJM-1")]
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.count("<table>") == 2
    assert edition().fingerprint in page


def test_another_reading_shows_what_it_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cli: Cli) -> None:
    """A longer guideline: only days between the two are decided differently, towards the region."""
    small = {"care": replace(QUESTIONS["care"], decisions=lambda *given: QUESTIONS["care"].decisions(*given)[1:2])}
    monkeypatch.setattr(review, "QUESTIONS", small)
    done = cli("check", "--tables", str(tmp_path), "--value", "days_guideline=30")
    assert done.code == 0
    head, *rows = read(tmp_path / "care.responsible.skillnad.csv")
    days = next(place for place, label in enumerate(head) if "behovet" in label.lower() and "länge" in label.lower())
    assert {row[days] for row in rows} == {"15-30"}
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
