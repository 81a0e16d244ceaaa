"""A workbook's cells and a text's lines, read as they are shown; what is no table is a fault with its place."""

from __future__ import annotations

import pytest

from samverka.core.uploads import MOST
from tests.samverka.assignments.made import GOOD, HEAD, STRINGS, faults, read, row, sheet, workbook


def test_a_sheets_own_size_is_not_believed() -> None:
    """It claims one cell, or all of them: the rows that are there are read."""
    for claimed in ("A1", "A1:XFD1048576", "A1:A2"):
        content = workbook(sheet(row(1, *HEAD), row(2, *GOOD), before=f'<dimension ref="{claimed}"/>'))
        [[line, cells]] = read(content)["rows"]
        assert (line, cells) == (2, dict(zip(HEAD, GOOD, strict=True)))


def test_formulas_and_errors_are_faults_that_name_the_cell() -> None:
    """A formula is never computed and its kept value never read; a text that looks like one is a text."""
    bad = (
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>HYPERLINK("x")</f><v>BERG</v></c>'
        '<c r="C2" t="e"><v>#REF!</v></c></row>'
    )
    assert faults(workbook(sheet(row(1, *HEAD), bad)))[:3] == [
        (2, "", "cell A2: en formel; klistra in den som värde"),
        (2, "", "cell B2: en formel; klistra in den som värde"),
        (2, "", "cell C2: ett felvärde (#REF!)"),
    ]
    [[_, cells]] = read(workbook(sheet(row(1, *HEAD), row(2, "=1+1", *GOOD[1:]))))["rows"]
    assert cells["event_id"] == "=1+1"  # and is refused by the work's own check


def test_a_line_break_in_a_cell_is_a_fault() -> None:
    """A record stands on one line, in a workbook too."""
    content = workbook(sheet(row(1, *HEAD), row(2, "B-1\nB-2", *GOOD[1:])))
    assert faults(content) == [(2, "", "cell A2: en radbrytning; skriv på en rad")]


@pytest.mark.parametrize(
    ("value", "read_as"),
    [
        ("<c r='I2'><v>45</v></c>", "45"),
        ("<c r='I2'><v>0.30000000000000004</v></c>", "0.3"),
        ("<c r='I2'><v>1E-5</v></c>", "0.00001"),
        ("<c r='I2' t='b'><v>1</v></c>", "ja"),
        ("<c r='I2' t='b'><v>0</v></c>", "nej"),
        ("<c r='I2' t='d'><v>2025-10-01T00:00:00</v></c>", "2025-10-01"),
        ("<c r='I2' t='d'><v>2025-10-01T16:30:00</v></c>", "2025-10-01 16:30"),
        ("<c r='I2' t='s'><v>0</v></c>", "delad"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(value: str, read_as: str) -> None:
    """Numbers as Excel shows them, days and answers as they are stated; a wrong type is left to the fact."""
    good = row(2, *GOOD).replace("</row>", f"{value}</row>")
    [[_, cells]] = read(workbook(sheet(row(1, *HEAD, "work_minutes"), good)))["rows"]
    assert cells["work_minutes"] == read_as


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"event_id\0,from", "innehåller noll-tecken; spara filen som CSV UTF-8"),
        (",".join(HEAD).encode("utf-16"), "inte UTF-8; spara filen som CSV UTF-8"),
        ("event_id,från".encode("cp1252"), "inte UTF-8; spara filen som CSV UTF-8"),
        (b"a," * 40_000, "raden är längre än 65536 tecken"),
        (b"", "rubrikraden saknas; den ska ha event_id, from, to, date, start, profession, principal_level"),
        (b'"event_id', "citattecken som inte avslutas, eller radbrytning i en cell; en post ska stå på en rad"),
    ],
    ids=["nul", "utf-16", "cp1252", "long line", "empty", "open quote"],
)
def test_a_text_that_is_no_table_is_one_fault(content: bytes, told: str) -> None:
    """The strict reader of the folder to settle says it, with the line."""
    [(line, column, message)] = faults(content, "table.csv")
    assert (line, column, message) == (1, "", told)


def test_a_million_faulty_lines_stop_at_the_thousandth_fault() -> None:
    """A million lines with empty cells: a thousand faults, no rows, within the limits."""
    content = (",".join(HEAD) + "\n" + ",,,,,,,\n" * 10**6).encode()[:MOST]
    found = read(content, "table.csv")
    assert (found["rows"], len(found["faults"]), found["count"]) == ([], 1000, 1000)


def test_a_shared_string_is_read_once() -> None:
    """The workbook that the hostile ones are made from is a good one."""
    assert "delad" in STRINGS
    assert len(read(workbook(sheet(row(1, *HEAD), row(2, *GOOD))))["rows"]) == 1
