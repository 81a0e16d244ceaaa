"""A folder for a period: what is in it, what lies outside, what is left half-written (nothing)."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from avtal.bulk import EventTable
from avtal.calendar import Period
from avtal.editions.jamtland_2026 import edition
from samverka.settle import events
from samverka.settle import folder as module
from samverka.settle.folder import KNOWN_FILES, BadFolder, settle_folder
from tests.samverka.conftest import EXAMPLE, Cli, Ran

HEAD = "event_id,from,to,date,start,work_minutes,profession,principal_level\n"
Settle = Callable[..., Ran]
Folder = Callable[..., Path]


def event(id_: str, day: str, minutes: int = 45) -> str:
    """A row of assignments.csv."""
    return f"{id_},BERG,REGION,{day},10:00,{minutes},nurse,primary\n"


def amounts(tmp_path: Path) -> dict[str, str]:
    """Month -> amount."""
    text = (tmp_path / "out" / "lines.csv").read_text(encoding="utf-8")
    return {row["month"]: row["amount"] for row in csv.DictReader(text.splitlines())}


@pytest.mark.parametrize(
    ("period", "months", "outside"),
    [
        ("2025", ["2025-06", "2025-07", "2025-12"], "1 post"),
        ("2025H1", ["2025-06"], "3 poster"),
        ("2025H2", ["2025-07", "2025-12"], "2 poster"),
        ("2025-12", ["2025-12"], "3 poster"),
        ("2027-01", [], "4 poster"),
    ],
)
def test_only_the_events_of_the_period_are_settled(
    folder: Folder, settle: Settle, tmp_path: Path, period: str, months: list[str], outside: str
) -> None:
    """First and last day belong to it; what lies outside is left out and counted."""
    days = ("2025-06-30", "2025-07-01", "2025-12-31", "2026-01-01")
    ran = settle(folder(assignments=HEAD + "".join(event(f"E{day}", day) for day in days)), period)
    assert (ran.code, ran.err) == (0, "")
    assert amounts(tmp_path) == dict.fromkeys(months, "640.00")
    assert f"{outside} i mappen ligger utanför perioden och är inte med." in ran.out
    assert ("Inget att betala i perioden." in ran.out) == (not months)


def test_ob_upp_n_a_night_over_a_months_end_is_settled_in_the_month_it_starts(
    folder: Folder, settle: Settle, tmp_path: Path
) -> None:
    """From 22:00 on 30 June to 10:00: two started hours in June; the first of July has nothing."""
    night = HEAD.replace("work_minutes", "end") + event("E1", "2025-06-30").replace("10:00,45", "22:00,10:00")
    made = folder(assignments=night)
    assert settle(made, "2025H1").code == 0
    assert amounts(tmp_path) == {"2025-06": "1280.00"}
    assert settle(made, "2025H2").code == 0
    assert amounts(tmp_path) == {}


@pytest.mark.parametrize("id_", ["a,b", 'say "x"', "a;b", "#1", "'", "\\N", "a|b", "åäö", "x" * 300, "\\", "-", "NULL"])
def test_any_visible_id_is_accepted(folder: Folder, settle: Settle, tmp_path: Path, id_: str) -> None:
    """Commas, quotes and marks of comments in an id change nothing, and it is told as it is."""
    quoted = '"' + id_.replace('"', '""') + '"'
    ran = settle(folder(assignments=HEAD + event(quoted, "2025-09-01") + event("E2", "2025-09-02")))
    assert (ran.code, ran.err) == (0, "")
    assert amounts(tmp_path) == {"2025-09": "1280.00"}


def test_an_unknown_fact_names_line_and_column(folder: Folder, settle: Settle, tmp_path: Path) -> None:
    """Every row whose outcome is not known is a fault like any other, exit code 2; nothing is written."""
    head = HEAD.replace("\n", ",travel_minutes,travel_combined\n")
    rows = [event(f"E{n}", "2025-09-01").replace("\n", f",{travel}\n") for n, travel in
            enumerate((",", "20,ja", "20,", "0,", "5,"))]  # fmt: skip
    ran = settle(folder(assignments=head + "".join(rows)))
    assert (ran.code, ran.out) == (2, "")
    assert ran.faults == [
        "assignments.csv, rad 4, kolumn travel_combined: ska vara ifylld: utfallet beror på den",
        "assignments.csv, rad 6, kolumn travel_combined: ska vara ifylld: utfallet beror på den",
        "2 fel; inget är skrivet.",
    ]
    assert not (tmp_path / "out").exists()


def test_ob_upp_d5_a_price_of_2026_needs_the_index(folder: Folder, settle: Settle) -> None:
    """Exit code 3 names the index; with it entered the event is settled at the new price."""
    index = "series,index_year,percent,status,published,source\nVPI,2025,3.2,definitive,2025-12-15,påhittat\n"
    made = folder(assignments=HEAD + event("E1", "2026-02-01"))
    ran = settle(made, "2026-02")
    assert (ran.code, ran.err[:38]) == (3, "Indexvärde VPI för indexår 2025, steget"[:38])
    (made / "indices.csv").write_text(index, encoding="utf-8")
    assert "660,00 kr" in settle(made, "2026-02").out  # 640 x 1.032 = 660.48


@pytest.mark.parametrize("name", ["annat.csv", "Assignments.csv", "assignments.CSV", "assignments.xlsx", "liaison.ods"])
def test_a_sheet_that_is_not_known_is_never_passed_over(folder: Folder, settle: Settle, name: str) -> None:
    """Another name, another case of letters or a workbook is told, and what there may be; other files are let be."""
    made = folder(assignments=HEAD + event("E1", "2025-09-01"))
    (made / "README.md").write_text("x")
    assert settle(made).code == 0
    (made / name).write_text("x")
    ran = settle(made)
    assert (ran.code, ran.faults[0]) == (2, f"{name}: okänd fil; en mapp kan ha {', '.join(KNOWN_FILES)}")


def test_what_is_no_folder_or_has_no_files_is_told(folder: Folder, settle: Settle, tmp_path: Path) -> None:
    """A folder that is not there, a file in its place, and an empty one."""
    assert settle(tmp_path / "none").faults == [f"{tmp_path / 'none'}: är inte en mapp", "1 fel; inget är skrivet."]
    file = tmp_path / "file"
    file.write_text("x")
    assert settle(file).faults[0] == f"{file}: är inte en mapp"
    assert settle(folder()).faults[0] == f"in: ingen fil att avräkna; en mapp kan ha {', '.join(KNOWN_FILES)}"


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--period", "2025H3"], "--period 2025H3: ett halvår som 2025H2, en månad som 2026-03 eller ett år som 2026"),
        (["--period", "2025H2", "--reading", "A03=x"], "A03: x kan inte räknas; välj bland edge, mean, base, once"),
        (["--period", "2025H2", "--reading", "A03"], "--reading A03: läsning och val, som A03=mean"),
        (
            ["--period", "2025H2", "--as-known", "igår"],
            "--as-known igår: ett datum som finns, från 2000-01-01 till 2099-12-31",
        ),
    ],
)
def test_a_wrong_option_is_one_message(cli: Cli, tmp_path: Path, argv: list[str], message: str) -> None:
    """Exit code 2, what is allowed, and nothing is written."""
    ran = cli("settle", EXAMPLE, "--out", tmp_path / "out", *argv)
    assert (ran.code, ran.out, ran.faults[0]) == (2, "", message)
    assert not (tmp_path / "out").exists()


def test_an_out_folder_that_cannot_be_written_is_left_as_it_was(cli: Cli, tmp_path: Path) -> None:
    """A file in its place, or a folder where a file should be: told, and what stood there still stands."""
    taken = tmp_path / "taken"
    taken.write_text("mine")
    ran = cli("settle", EXAMPLE, "--period", "2025H2", "--out", taken)
    assert (ran.code, ran.out, ran.faults) == (
        2,
        "",
        [f"{taken}: kan inte skrivas: finns redan och är inte en mapp", "Inget är skrivet."],
    )
    assert taken.read_text() == "mine"
    out = tmp_path / "out"
    (out / "explanations.html").mkdir(parents=True)
    (out / "lines.csv").write_text("old")
    ran = cli("settle", EXAMPLE, "--period", "2025H2", "--out", out)
    assert (ran.code, ran.faults[0]) == (2, f"{out / 'explanations.html'}: kan inte skrivas: är en mapp")
    assert ((out / "lines.csv").read_text(), sorted(path.name for path in out.iterdir())) == (
        "old", ["explanations.html", "lines.csv"],
    )  # fmt: skip


def test_a_folder_to_settle_is_no_out_folder(cli: Cli, tmp_path: Path) -> None:
    """With what was written in it, it could not be settled a second time: refused before anything is there."""
    folder = tmp_path / "half"
    folder.mkdir()
    for one in EXAMPLE.glob("*.csv"):
        (folder / one.name).write_bytes(one.read_bytes())
    before = sorted(folder.iterdir())
    ran = cli("settle", folder, "--period", "2025H2", "--out", folder)
    told = f"--out {folder}: är en mapp att avräkna; ange en annan mapp för det som skrivs"
    assert (ran.code, ran.out, ran.faults) == (2, "", [told, "Inget är skrivet."])
    assert sorted(folder.iterdir()) == before


def test_a_full_disk_leaves_nothing_half_written(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the second file cannot be written the first one is not put in place either."""
    write = Path.write_text

    def full(path: Path, text: str, **more: str) -> int:
        if path.name == "explanations.html":
            raise OSError(28, "No space left on device", str(path))
        return write(path, text, **more)

    monkeypatch.setattr(Path, "write_text", full)
    ran = cli("settle", EXAMPLE, "--period", "2025H2", "--out", tmp_path / "out")
    assert (ran.code, ran.faults[0].split(": ", 1)[1]) == (2, "kan inte skrivas: disken är full")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_loader_tells_how_far_it_has_come(folder: Folder, settle: Settle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every so many rows, on standard error."""
    monkeypatch.setattr(events, "EVERY", 2)
    ran = settle(folder(assignments=HEAD + "".join(event(f"E{n}", "2025-09-01") for n in range(5))))
    assert ran.faults == ["assignments.csv: 2 rader lästa", "assignments.csv: 4 rader lästa"]


def test_a_row_that_the_store_loses_is_seen(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: a store that drops an event between reading and pricing does not settle."""
    settle_events = module.settle_events

    def forgetful(charge: object, table: EventTable, book: object) -> object:
        table.run(f"DELETE FROM {table.name} WHERE line = 2")
        return settle_events(charge, table, book)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "settle_events", forgetful)
    ran = cli("settle", EXAMPLE, "--period", "2025H2", "--out", tmp_path / "out")
    assert (ran.code, ran.faults[-1]) == (3, "Inget är skrivet.")
    assert "in gick 3 händelser och 45000 minuter, ut kom 2 och 22500" in ran.err
    assert not (tmp_path / "out").exists()


def test_the_service_gives_faults_and_sums_without_a_terminal(folder: Folder) -> None:
    """The same settlement as a function: lines, what lay outside, and all faults of a bad folder."""
    ticks: list[tuple[str, int]] = []
    settled = settle_folder(EXAMPLE, Period.parse("2025H2"), edition(), lambda *tick: ticks.append(tick))
    assert (len(settled.settlement.lines), settled.outside) == (16, 0)
    assert Decimal(settled.settlement.total) / 100 == Decimal("138690.50")
    with pytest.raises(BadFolder, match="1 fel") as refused:
        settle_folder(folder(liaison=""), Period.parse("2025H2"), edition(), lambda *tick: ticks.append(tick))
    assert (refused.value.count, refused.value.faults[0].file, ticks) == (1, "liaison.csv", [])


def test_the_store_is_gone_afterwards() -> None:
    """A database on disk while it is used, and nothing of it later."""
    with events.store() as connection:
        [[file]] = connection.execute("SELECT path FROM duckdb_databases() WHERE path IS NOT NULL").fetchall()
        assert Path(file).exists()
    assert not Path(file).parent.exists()
