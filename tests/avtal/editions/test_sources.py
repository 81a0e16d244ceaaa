"""The county's numbers against the documents: every clause, every number with its line, every reading."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from avtal.book.readings import Choice
from avtal.editions.jamtland_2026 import CHARGES, edition
from avtal.editions.jamtland_2026.parties import PARTIES

SHARED = Path(__file__).parents[4] / "shared"
CLAUSES = SHARED / "agreement" / "clauses.csv"
SEEDS = sorted((SHARED / "seeds").glob("00?_*.txt"))

#: Parameter -> first day, value as the text has it, place, and how the number is written on that line.
NUMBERS = {
    "hired_staff_rate": (date(2025, 1, 1), 64_000, "001:1006", "640 kr/påbörjad timme (år 2025)"),
    "liaison_rate": (date(2025, 1, 1), 33_800, "001:1651", "338 kr/påbörjad timme (år 2025)"),
    "equipment_rate": (date(2025, 1, 1), 112_300, "001:708", "1123 kr/timme (gällande från 2025-01-01)"),
    "equipment_base_hours": (date(2025, 1, 1), 40, "001:698", "40 timmar per år"),
    "equipment_minutes_per_item": (date(2025, 1, 1), 12, "001:698", "12 min per registrerad inventarie"),
    "supplement": (date(2024, 1, 1), 373_542_800, "001:2125", "3 735 428 kronor i 2024 års nivå"),
    "supplement_adjustment": (date(2024, 1, 1), 2_594_000, "001:2127", "+/-25 940 per ansluten person i 2024 års nivå"),
    "supplement_base_persons": (date(2024, 1, 1), 144, "härlett: 3 735 428 / 25 940 (A02)", ""),
    "normal_range_low": (date(2024, 1, 1), 129, "001:2135", "129–169"),
    "normal_range_high": (date(2024, 1, 1), 169, "001:2135", "129–169"),
    "region_percent": (date(2026, 1, 1), 50, "001:325", "50% av region"),
    "day_starts": (date(2025, 1, 1), 8 * 60, "001:988", "dagtid 08.00 – 17.00"),
    "day_ends": (date(2025, 1, 1), 17 * 60, "001:988", "dagtid 08.00 – 17.00"),
    "notice_months": (date(2026, 1, 1), 12, "001:371", "minst 12 månader före"),
    "renewal_years": (date(2026, 1, 1), 2, "001:373", "förlängt med två år"),
    "days_guideline": (date(2026, 1, 1), 14, "001:819", "(riktmärke >14 dagar)"),
    "cfs_moderate": (date(2026, 1, 1), 6, "001:823", "nivå 6 eller mer på skalan"),
    "cfs_mild": (date(2026, 1, 1), 5, "001:827", "(5 på skalan i Clinical Frailty Scale)"),
}

#: Index values as their publisher printed them.
INDICES = {
    "VPI": {2012: "1.8", 2013: "2.0", 2014: "2.7", 2015: "2.5", 2016: "2.2"},
    "OPI": {2015: "2.2", 2016: "2.6", 2017: "2.7", 2018: "2.6", 2019: "2.7", 2020: "3.0", 2021: "1.5", 2022: "1.9"},
}


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_of_the_agreement_has_its_value_and_place(name: str) -> None:
    """One decided value each, in öre, minutes, hours or persons, known from the day it was recommended."""
    since, value, source, _ = NUMBERS[name]
    [dated] = edition().parameters[name].values
    assert (dated.since, dated.value, dated.source) == (since, value, source)
    assert (dated.status, dated.decided) == ("decided", date(2025, 9, 5))


def test_ob_upp_d4_the_day_is_that_of_the_clause_about_daytime() -> None:
    """08.00 to 17.00 stands in the heading of the daytime assignments."""
    assert [edition().parameters[name].clauses for name in ("day_starts", "day_ends")] == [("OB-UPP-D4",)] * 2


def test_no_number_of_the_agreement_is_left_out() -> None:
    """A new parameter needs its line here."""
    assert set(edition().parameters) == set(NUMBERS)


@pytest.mark.skipif(not SEEDS, reason="the source documents are not beside this checkout")
@pytest.mark.parametrize("name", [name for name, line in NUMBERS.items() if line[3]])
def test_every_number_stands_on_its_line_in_the_source(name: str) -> None:
    """Document and line hold the very words."""
    _, _, place, words = NUMBERS[name]
    document, line = place.split(":")
    [file] = [seed for seed in SEEDS if seed.name.startswith(document)]
    assert words in file.read_text(encoding="utf-8").split("\n")[int(line) - 1]


def test_a02_the_base_number_is_the_only_one_that_gives_the_printed_adjustment() -> None:
    """3 735 428 / 144 is 25 940 whole kronor; 143 and 145 are not."""
    assert [3_735_428 // n for n in (143, 144, 145)] == [26_121, 25_940, 25_761]


def test_every_index_value_is_one_that_was_published() -> None:
    """VPI 2012-2016 and OPI 2015-2022; no LPI or LPIK could be found, and none is made up."""
    found: dict[str, dict[int, str]] = {}
    for value in edition().indices:
        found.setdefault(value.series, {})[value.index_year] = str(value.percent)
        assert value.status in ("published", "definitive")
        assert value.published.year >= 2016
        assert "<http" in value.source
    assert found == INDICES


@pytest.mark.skipif(not CLAUSES.exists(), reason="the shared clause list is not beside this checkout")
def test_the_clauses_are_those_of_the_shared_list() -> None:
    """The same ids at the same places: none more, none less."""
    with CLAUSES.open(encoding="utf-8") as file:
        listed = {row["clause_id"]: f"{int(row['seed']):03d}:{row['line']}" for row in csv.DictReader(file)}
    assert {clause.id: clause.source for clause in edition().clauses.values()} == listed


def test_every_clause_belongs_to_a_document_and_has_a_summary() -> None:
    """The id begins with a document's code; the place is a document and a line."""
    assert len(edition().clauses) == 356
    for id_, clause in edition().clauses.items():
        assert clause.id == id_
        assert clause.document in edition().documents
        assert re.fullmatch(r"00[1-4]:[1-9][0-9]*", clause.source)
        assert clause.summary.endswith(".")


def test_the_readings_a01_to_a65_are_all_there() -> None:
    """Each with a default that can be computed, clauses, a reason and who decides; ours follow from A66."""
    ids = list(edition().readings)
    assert ids == sorted(ids)
    assert ids[:65] == [f"A{n:02d}" for n in range(1, 66)]
    for id_, reading in edition().readings.items():
        assert reading.id == id_
        assert reading.default in reading.computed
        assert set(reading.computed) <= set(reading.options)
        assert reading.clauses
        assert set(reading.clauses) <= set(edition().clauses)
        assert all((reading.title, reading.problem, reading.why, reading.decided_by))


@pytest.mark.parametrize("name", edition().trees)
def test_every_tree_names_clauses_readings_and_parameters_that_exist(name: str) -> None:
    """And each branch of a reading is one of its computed options."""
    tree = edition().trees[name]
    assert set(tree.all_clauses()) <= set(edition().clauses)
    assert set(tree.parameters()) <= set(edition().parameters)
    for node in tree.walk():
        if node.op == "reading":
            assert set(node.payload) == set(edition().readings[node.name].computed), node.name


def test_every_rule_names_clauses_that_exist() -> None:
    """A rule's clauses grep to the book."""
    for rule in edition().rules.values():
        assert set(rule.clauses) <= set(edition().clauses), rule.name


def test_every_computed_option_of_every_reading_can_be_chosen() -> None:
    """Choosing it gives an edition that still looks up every parameter's first value."""
    for reading in edition().readings.values():
        for option in reading.computed:
            book = edition().choosing(Choice(reading.id, option, "parterna", date(2026, 1, 1), "prov"))
            assert book.option(reading.id) == option
            for name, (since, value, _, _) in NUMBERS.items():
                assert book.number(name, since) == value


def test_the_parties_are_the_nine_and_the_charges_the_ten() -> None:
    """The region first."""
    assert edition().parties == PARTIES
    assert list(CHARGES) == [
        "equipment_fixed", "equipment_variable", "hired_staff", "liaison", "hospital_attendance", "supplement",
        "supplement_valuation", "normal_range", "development_fund", "national_share",
    ]  # fmt: skip


def test_no_number_in_the_book_is_a_float() -> None:
    """Whole numbers and Decimal, nothing else."""
    values = [value.value for parameter in edition().parameters.values() for value in parameter.values]
    assert all(type(value) in (int, Decimal) for value in values)
    assert all(type(value.percent) is Decimal for value in edition().indices)
