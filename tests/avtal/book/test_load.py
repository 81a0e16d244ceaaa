"""Reading an edition's TOML files: exact numbers, every key known, everything that is named exists."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib.resources import files
from itertools import count
from pathlib import Path

import pytest

from avtal.book.canonical import fingerprint
from avtal.book.edition import Edition
from avtal.book.load import BookError, load

COUNTY = "avtal.editions.jamtland_2026"
FILES = ("edition.toml", "clauses.toml", "readings.toml", "indices.toml", "parameters.toml", "words.toml")
NUMBER = count()

Written = Callable[..., Edition]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    """The county's files in a folder of their own, with the first match of a pattern replaced, read anew."""

    def write(file: str = "", pattern: str = "", replacement: str = "") -> Edition:
        name = f"county_for_test_{next(NUMBER)}"
        folder = tmp_path / name
        folder.mkdir()
        folder.joinpath("__init__.py").touch()
        for one in FILES:
            text = files(COUNTY).joinpath(one).read_text(encoding="utf-8")
            if one == file:
                text, replaced = re.subn(pattern, replacement, text, count=1, flags=re.MULTILINE)
                assert replaced, f"{pattern} is not in {file}"
            folder.joinpath(one).write_text(text, encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        importlib.invalidate_caches()
        return load(name)

    return write


def test_the_same_files_give_the_same_edition(written: Written) -> None:
    """A copy in another folder is the same edition: nothing but the files matters."""
    assert fingerprint(written()) == fingerprint(load(COUNTY))


def test_numbers_are_read_exactly(written: Written) -> None:
    """Kronor become whole öre, other numbers stay as they are, and per cent are Decimal."""
    read = written()
    assert read.parameters["hired_staff_rate"].values[0].value == 64_000
    assert read.parameters["normal_range_high"].values[0].value == 169
    assert read.indices[0].percent == Decimal("2.2")
    assert type(read.indices[0].percent) is Decimal
    assert read.parameters["hired_staff_rate"].values[0].since == date(2025, 1, 1)


def test_indices_are_kept_in_order_of_series_and_year(written: Written) -> None:
    """The order in the file does not matter."""
    years = [(value.series, value.index_year) for value in written().indices]
    assert years == sorted(years)
    assert years[0] == ("OPI", 2015)
    assert years[-1] == ("VPI", 2016)


def test_parameters_and_readings_give_labels_and_units(written: Written) -> None:
    """A parameter's label and unit and a reading's title are words too."""
    words = written().words
    assert words.label("hired_staff_rate") == "Timpris för inhyrd personal"
    assert words.unit("hired_staff_rate") == "öre/tim"
    assert words.label("A64") == "Hur avrundas 640 och 338 kr efter uppräkning?"


def test_a_kronor_amount_has_at_most_two_decimals(written: Written) -> None:
    """A third decimal is refused when the file is read."""
    with pytest.raises(ValueError, match=r"^kronor med högst två decimaler$"):
        written("parameters.toml", "value = 640,", "value = 640.005,")


FAULTS = {
    "edition, not TOML": (
        "edition.toml",
        r"^code = ",
        "code : ",
        "edition.toml: Expected '=' after a key in a key/value pair (at line 1, column 6)",
    ),
    "edition, unknown key": (
        "edition.toml", r"^code = ", 'colour = "blue"\ncode = ',
        ("edition.toml: [] colour: unknown or absent; the keys are code, title, valid_from, valid_to, parties, "
        "documents"),
    ),
    "edition, absent key": (
        "edition.toml", r"^title = .*$", "",
        "edition.toml: [] title: unknown or absent; the keys are code, title, valid_from, valid_to, parties, documents",
    ),
    "clauses, unknown table": (
        "clauses.toml", r"^\[clause\.K-2\]", "[clauses.K-2]",
        "clauses.toml: [] clauses: unknown or absent; the keys are clause",
    ),
    "clause, unknown key": (
        "clauses.toml", r"^summary = ", "sumary = ",
        "clauses.toml: [K-2] sumary: unknown or absent; the keys are source, summary",
    ),
    "reading, absent key": (
        "readings.toml", r"^why = .*$", "",
        ("readings.toml: [A01] why: unknown or absent; the keys are title, clauses, problem, decided_by, why, default, "
        "options, computed"),
    ),
    "reading, unknown clause": (
        "readings.toml", r'\["TB-BERAKNING", "TB-GRU-1"\]', '["TB-BERAKNING", "TB-GRU-9"]',
        "readings.toml: [A01] TB-GRU-9: does not exist",
    ),
    "reading, unknown default": (
        "readings.toml", r'^default = "factor"', 'default = "faktor"',
        "readings.toml: [A01] faktor: does not exist",
    ),
    "reading, unknown computed option": (
        "readings.toml", r'^computed = \["factor", "added"\]', 'computed = ["factor", "literal"]',
        "readings.toml: [A01] literal: does not exist",
    ),
    "indices, unknown table": (
        "indices.toml", r"^\[series\.LPI\]", "[serie.LPI]",
        "indices.toml: [] serie: unknown or absent; the keys are series, value",
    ),
    "series, absent key": (
        "indices.toml", r"^frozen = .*$", "",
        ("indices.toml: [VPI] frozen: unknown or absent; the keys are label, publisher, lag, frozen, preliminary, "
        "reading"),
    ),
    "series, unknown own reading": (
        "indices.toml", r'^reading = "A04"', 'reading = "A99"',
        "indices.toml: [LPIK] A99: does not exist",
    ),
    "series, unknown reading": (
        "indices.toml", "A65 = ", "A99 = ",
        "indices.toml: [VPI] A99: does not exist",
    ),
    "series, unknown option": (
        "indices.toml", "same_year = 0", "any_year = 0",
        "indices.toml: [VPI.A65] any_year: unknown or absent; the keys are published_before, same_year",
    ),
    "series, absent option": (
        "indices.toml", ", wait = false", "",
        "indices.toml: [OPI.A07] wait: unknown or absent; the keys are use_preliminary, wait",
    ),
    "index value, unknown key": (
        "indices.toml", r"^percent = ", "procent = ",
        ("indices.toml: [VPI 2012] procent: unknown or absent; the keys are series, index_year, percent, status, "
        "published, source"),
    ),
    "index value, absent series": (
        "indices.toml", r'^series = "VPI"$', "",
        ("indices.toml: [None 2012] series: unknown or absent; the keys are series, index_year, percent, status, "
        "published, source"),
    ),
    "reading, default that no rule computes": (
        "readings.toml", r'^computed = \["factor", "added"\]', 'computed = ["added"]',
        "readings.toml: [A01] factor: does not exist",
    ),
    "index value, unknown status": (
        "indices.toml", r'^status = "definitive"$', 'status = "final"',
        "indices.toml: [VPI 2012] final: does not exist",
    ),
    "value, unknown status": (
        "parameters.toml", 'status = "decided"', 'status = "agreed"',
        "parameters.toml: [hired_staff_rate] agreed: does not exist",
    ),
    "value, negative": (
        "parameters.toml", "value = 640", "value = -640",
        "parameters.toml: [hired_staff_rate] -640: a number of the agreement is never negative",
    ),
    "index value, unknown series": (
        "indices.toml", r'^series = "VPI"$', 'series = "KPI"',
        "indices.toml: [KPI 2012] KPI: does not exist",
    ),
    "parameter, unknown key": (
        "parameters.toml", r"^unit = ", "units = ",
        ("parameters.toml: [hired_staff_rate] units: unknown or absent; the keys are label, unit, clauses, values, "
        "index"),
    ),
    "parameter, unknown clause": (
        "parameters.toml", r'^clauses = \["OB-UPP-D4"\]', 'clauses = ["OB-UPP-D44"]',
        "parameters.toml: [hired_staff_rate] OB-UPP-D44: does not exist",
    ),
    "value, absent key": (
        "parameters.toml", r', source = "001:1006"', "",
        ("parameters.toml: [hired_staff_rate] source: unknown or absent; the keys are since, value, status, decided, "
        "source, checked"),
    ),
    "index clause, unknown key": (
        "parameters.toml", r"^each_year = false", "every_year = false",
        ("parameters.toml: [hired_staff_rate.index] every_year: unknown or absent; the keys are series, clause, skip, "
        "round_to, each_year, first, mode"),
    ),
    "index clause, absent first year": (
        "parameters.toml", r"^first = 2026$", "",
        ("parameters.toml: [hired_staff_rate.index] first: unknown or absent; the keys are series, clause, skip, "
        "round_to, each_year, first, mode"),
    ),
    "index clause, absent mode": (
        "parameters.toml", r'^mode = "half_up"$', "",
        ("parameters.toml: [hired_staff_rate.index] mode: unknown or absent; the keys are series, clause, skip, "
        "round_to, each_year, first, mode"),
    ),
    "index clause, unknown mode": (
        "parameters.toml", r'^mode = "half_up"', 'mode = "halves"',
        "parameters.toml: [hired_staff_rate.index] halves: does not exist",
    ),
    "index clause, unknown series": (
        "parameters.toml", r'^series = "VPI"', 'series = "KPI"',
        "parameters.toml: [hired_staff_rate.index] KPI: does not exist",
    ),
    "index clause, unknown clause": (
        "parameters.toml", r'^clause = "OB-UPP-D5"', 'clause = "OB-UPP-D55"',
        "parameters.toml: [hired_staff_rate.index] OB-UPP-D55: does not exist",
    ),
    "index clause, two readings": (
        "parameters.toml", r"^each_year = false", "each_year = { A06 = { at_use = false }, A64 = {} }",
        "parameters.toml: [hired_staff_rate] A06, A64: a setting depends on one reading",
    ),
    "words, unknown table": (
        "words.toml", r"^\[units\]", "[unit]",
        "words.toml: [] unit: unknown or absent; the keys are hidden, labels, units, codes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_files_names_file_place_and_what_is_allowed(written: Written, name: str) -> None:
    """An unknown key, an absent one, and a clause, reading, series or option that does not exist are refused."""
    file, pattern, replacement, message = FAULTS[name]
    with pytest.raises(BookError) as refused:
        written(file, pattern, replacement)
    assert str(refused.value) == message
