"""Every fault of a file is one message with file, line, column and what is allowed; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avtal.language.facts import day
from samverka.settle.csvfile import LONGEST_LINE, MOST_FAULTS, Fault, Faults, read_rows
from tests.samverka.conftest import Ran

HEAD = "event_id,from,to,date,start,work_minutes,profession,principal_level"
ROW = "E1,BERG,REGION,2025-09-03,10:00,45,nurse,primary"
MINUTES = "work_minutes, admin_minutes, report_minutes, travel_minutes, travel_combined"
OPTIONAL = f"end, {MINUTES}, palliative_team, source, example"
REQUIRED = "event_id, from, to, date, start, profession, principal_level"
PARTIES = "REGION, BERG, BRACKE, HARJEDALEN, KROKOM, RAGUNDA, STROMSUND, ARE, OSTERSUND"
UNKNOWN = f"okänd kolumn; tillåtna är {REQUIRED}, {OPTIONAL}"
QUOTES = "citattecken som inte avslutas, eller radbrytning i en cell; en post ska stå på en rad"
NO_HEAD = f"rad 1: rubrikraden saknas; den ska ha {REQUIRED}"
VISIBLE = "synliga tecken och vanliga mellanslag"
TOO_LONG = f"raden är längre än {LONGEST_LINE} tecken"
Settle = Callable[..., Ran]


def with_cell(old: str, new: str) -> str:
    """A file whose second line has another cell."""
    return f"{HEAD}\n{ROW.replace(old, new)}\n"


FAULTS = {
    "unknown column": (f"{HEAD},colour\n{ROW},red\n", f"rad 1, kolumn colour: {UNKNOWN}"),
    "nameless column": (f"{HEAD},,,\n{ROW},,,\n", f"rad 1, kolumn utan namn: {UNKNOWN}"),
    "missing column": (f"{HEAD}\n{ROW}\n".replace("start,", "").replace("10:00,", ""),
                       "rad 1, kolumn start: kolumnen saknas"),
    "double column": (f"{HEAD},start,start\n{ROW},10:00,10:00\n", "rad 1, kolumn start: kolumnen står flera gånger"),
    "unknown party": (with_cell("BERG", "BORG"), f"rad 2, kolumn from: 'BORG' är fel; tillåtet är en av {PARTIES}"),
    "same party": (with_cell("REGION", "BERG"),
                   "rad 2, kolumn to: ska vara en annan part än from"),
    "impossible date": (with_cell("2025-09-03", "2025-02-30"),
                        f"rad 2, kolumn date: '2025-02-30' är fel; tillåtet är {day('date').allowed()}"),
    "not a number": (with_cell("45", "NaN"),
                     "rad 2, kolumn work_minutes: 'NaN' är fel; tillåtet är ett heltal från 0 till 1440"),
    "negative minutes": (with_cell("45", "-5"),
                         "rad 2, kolumn work_minutes: '-5' är fel; tillåtet är ett heltal från 0 till 1440"),
    "full-width digits": (with_cell("45", "４５"),
                          "rad 2, kolumn work_minutes: '４５' är fel; tillåtet är ett heltal från 0 till 1440"),
    "time of day": (with_cell("10:00", "24:00"),
                    "rad 2, kolumn start: '24:00' är fel; tillåtet är ett klockslag som 16:30"),
    "neither yes nor no": (f"{HEAD},travel_combined\n{ROW},kanske\n",
                           "rad 2, kolumn travel_combined: 'kanske' är fel; tillåtet är ja eller nej"),
    "example": (f"{HEAD},example\n{ROW},kanske\n", "rad 2, kolumn example: 'kanske' är fel; tillåtet är ja eller nej"),
    "empty cell": (with_cell("nurse", ""), "rad 2, kolumn profession: ska vara ifylld"),
    "double id": (f"{HEAD}\n{ROW}\n{ROW}\n",
                  "rad 3, kolumn event_id: E1 står redan på rad 2; varje händelse har sitt eget id"),
    "a skipped hour": (with_cell("2025-09-03,10:00", "2025-03-30,02:30"),
                       "rad 2, kolumn start: 02:30 finns inte 2025-03-30: klockan ställs fram"),
    "more than a day": (with_cell("45", "1441"),
                        "rad 2, kolumn work_minutes: '1441' är fel; tillåtet är ett heltal från 0 till 1440"),
    "control character": (with_cell("E1", "E\x1b[2J"),
                          f"rad 2, kolumn event_id: 'E\\x1b[2J' är fel; tillåtet är {VISIBLE}"),
    "latin-1": (with_cell("E1", "Å1").encode("latin-1"), "rad 2: inte UTF-8; spara filen som CSV UTF-8"),
    "utf-16": (with_cell("", "").encode("utf-16"), "rad 1: inte UTF-8; spara filen som CSV UTF-8"),
    "utf-16 unmarked": (with_cell("", "").encode("utf-16-le"),
                        "rad 1: innehåller noll-tecken; spara filen som CSV UTF-8"),
    "nul": (with_cell("E1", "E\0"), "rad 2: innehåller noll-tecken; spara filen som CSV UTF-8"),
    "a million columns": (HEAD + ",x" * 1_000_000 + "\n", f"rad 1: {TOO_LONG}"),
    "a million cells": (f"{HEAD}\n{ROW}" + "," * 1_000_000 + "\n", f"rad 2: {TOO_LONG}"),
    "too many cells": (f"{HEAD}\n{ROW}" + "," * 60_000 + "\n", "rad 2: 60008 kolumner; rubrikraden har 8"),
    "too few cells": (f"{HEAD}\n{ROW[:20]}\n", "rad 2: 4 kolumner; rubrikraden har 8"),
    "a long line": (with_cell("E1", "E" * LONGEST_LINE), f"rad 2: {TOO_LONG}"),
    "an open quote": (with_cell("E1", '"E1'), f"rad 2: {QUOTES}"),
    "an open quote in the header": (f'"{HEAD}\n{ROW}\n', f"rad 1: {QUOTES}"),
    "lone carriage returns": (f"{HEAD}\r{ROW}\r", f"rad 1: {QUOTES}"),
    "an empty file": ("", NO_HEAD),
    "an empty first line": (f"\n{HEAD}\n{ROW}\n", NO_HEAD),
    "only a mark": ("\ufeff", NO_HEAD),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_of_a_file_is_one_message(
    folder: Callable[..., Path], settle: Settle, tmp_path: Path, name: str
) -> None:
    """Where and what is allowed, once, and how many there are; exit code 2, and nothing is written."""
    text, message = FAULTS[name]
    ran = settle(folder(assignments=text))
    lines = [f"assignments.csv, {message}", "1 fel; inget är skrivet."]
    assert (ran.code, ran.out, ran.faults) == (2, "", lines)
    assert not (tmp_path / "out").exists()


def test_all_faults_of_all_files_are_told_at_once(folder: Callable[..., Path], settle: Settle) -> None:
    """Two faults in one row and one in another file are three messages, in order of files."""
    ran = settle(folder(assignments=f"{HEAD}\n{ROW.replace('BERG', 'BORG').replace('45', 'x')}\n", liaison=""))
    assert [line.split(":")[0] for line in ran.faults] == [
        "assignments.csv, rad 2, kolumn from", "assignments.csv, rad 2, kolumn work_minutes", "liaison.csv, rad 1",
        "3 fel; inget är skrivet.",
    ]  # fmt: skip


def test_more_faults_than_anybody_reads_are_counted(folder: Callable[..., Path], settle: Settle) -> None:
    """A thousand are shown, the rest are counted."""
    rows = "".join(f"{ROW.replace('E1', f'E{n}').replace('BERG', 'BORG')}\n" for n in range(MOST_FAULTS + 200))
    ran = settle(folder(assignments=f"{HEAD}\n{rows}"))
    assert (len(ran.faults), ran.faults[-1]) == (MOST_FAULTS + 1, "1200 fel (varav 200 inte visas); inget är skrivet.")


def test_a_fault_stays_on_one_line() -> None:
    """A name from outside is cut and made visible, so that one fault is one line."""
    assert str(Fault("a.csv", 1, "two\nlines", "fel")) == "a.csv, rad 1, kolumn 'two\\nlines': fel"
    assert str(Fault("a.csv", 0, "x" * 500, "fel")) == f"a.csv, kolumn {'x' * 60}: fel"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\n{ROW}\n",
        f"\ufeff{HEAD}\r\n{ROW}\r\n",
        f"{HEAD}\n{ROW}".replace(",", ";"),
        f"{HEAD}\n\n   \n{ROW}\n",
        f"{HEAD}\n{ROW}\n".replace("nurse", '" nurse "'),
    ],
)
def test_what_a_spreadsheet_saves_is_accepted(folder: Callable[..., Path], settle: Settle, text: str) -> None:
    """A byte order mark, semicolons, Windows lines, blank lines, quotes and spaces around a cell change nothing."""
    ran = settle(folder(assignments=text))
    assert (ran.code, ran.err) == (0, "")
    assert "640,00 kr" in ran.out


@pytest.mark.parametrize("said", ["2,5", '"2,5"', "2.5"])
def test_a_decimal_comma_is_a_decimal_point(folder: Callable[..., Path], settle: Settle, said: str) -> None:
    """Two and a half hours at 1 123 kr are 2 807.50 kr, however the number is written."""
    mark = ";" if said == "2,5" else ","
    text = mark.join(("event_id", "municipality", "date", "hours", "requested"))
    ran = settle(folder(equipment_jobs=f"{text}\n{mark.join(('E1', 'ARE', '2025-09-01', said, 'ja'))}\n"))
    assert (ran.code, ran.err) == (0, "")
    assert "2 807,50 kr" in ran.out


def test_a_file_that_cannot_be_read_is_a_fault(folder: Callable[..., Path], settle: Settle) -> None:
    """A folder with the name of a file is told as such."""
    made = folder()
    (made / "assignments.csv").mkdir()
    assert settle(made).faults[0] == "assignments.csv: kan inte läsas: är en mapp"


LINES = st.lists(
    st.binary(max_size=40)
    | st.sampled_from(
        [b"a,b", b"a;b", b"1,2", b'"x', b'"x""y",2', b"\xff\xfe", b"\0", b"", b"\xef\xbb\xbfa,b", b"a,a,b"]
    )
)


@given(lines=LINES, end=st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_any_bytes_are_rows_or_faults(lines: list[bytes], end: bytes) -> None:
    """Whatever a file holds, reading it gives whole rows or named faults, never an exception."""
    faults = Faults()
    with TemporaryDirectory() as folder:
        path = Path(folder, "any.csv")
        path.write_bytes(end.join(lines))
        rows = list(read_rows(path, ("a",), ("b",), faults))
    for row in rows:
        assert row.cells.get("a")
        assert set(row.cells) <= {"a", "b"}
    assert all(fault.message and fault.file == "any.csv" and "\n" not in str(fault) for fault in faults.found)
    assert rows or faults.count or all(not line.strip() for line in end.join(lines).splitlines()[1:])
