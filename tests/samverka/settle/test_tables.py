"""What is shared as a whole, from files to lines: MT-B1-1, TB-AVS-1, P-EKO-UM-1; readings A03, A10, A12, A40, A51."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest

from avtal.book.indices import IndexStatus
from avtal.editions.jamtland_2026 import edition
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES
from avtal.language.facts import day
from tests.samverka.conftest import Ran

NAMES = ",".join(MUNICIPALITIES)
EVEN = ",".join(["12.5"] * 8)
AFFILIATED = "counted_year,affiliated,example\n2025,175,ja\n"
INDICES = (
    "series,index_year,percent,status,published,source,example\n"
    "LPIK,2025,3.0,entered,2024-12-15,påhittat,ja\nLPIK,2026,3.1,entered,2025-12-15,påhittat,ja\n"
)
FACTORS = (
    f"year,factor,weight,{NAMES}\n2026,elderly,50,{EVEN}\n2026,accessibility,30,{EVEN}\n"
    "2026,socioeconomics,20,100,0,0,0,0,0,0,0\n"
)
FUND = f"date,amount,{NAMES}\n2026-02-10,1000.01,{EVEN}\n2025-02-10,1000,{EVEN}\n"
COUNTS = "half_year,municipality,count\n"


def counts(half: str, **items: int | str) -> str:
    """A half-year's rows, 0 where nothing is said."""
    return "".join(f"{half},{name},{items.get(name, 0)}\n" for name in MUNICIPALITIES)


Folder = Callable[..., Path]
Settle = Callable[..., Ran]


def lines(tmp_path: Path) -> list[dict[str, str]]:
    """The rows of lines.csv."""
    with (tmp_path / "out" / "lines.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def total(rows: list[dict[str, str]]) -> Decimal:
    """Their sum in kronor."""
    return sum((Decimal(row["amount"]) for row in rows), Decimal())


def test_tb_avs_1_the_supplement_is_settled_in_march_by_the_parties_model(
    folder: Folder, settle: Settle, tmp_path: Path
) -> None:
    """175 persons in 2025 and made-up index steps: whole kronor that sum exactly, from the region, marked."""
    made = folder(affiliated=AFFILIATED, indices=INDICES, factors=FACTORS)
    ran = settle(made, "2026-03")
    assert (ran.code, ran.err) == (0, "")
    rows = lines(tmp_path)
    # 3 735 428 x 1.03 x 1.031 = 3 966 763.06 and 25 940 x 1.03 x 1.031 = 27 546.46; six persons above 169
    assert total(rows) == 3_966_763 + 6 * 27_546 == 4_132_039
    assert [row["amount"] for row in rows] == ["1239611.00", *["413204.00"] * 7]
    assert {(r["payer"], r["charge"], r["month"], r["unit"], r["example"]) for r in rows} == {
        ("REGION", "supplement", "2026-03", "andel", "ja")
    }
    assert [row["payee"] for row in rows] == [f"MUNICIPALITY:{name}" for name in MUNICIPALITIES]
    assert {"A03", "A10"} <= set(rows[0]["readings"].split())
    page = (tmp_path / "out" / "explanations.html").read_text(encoding="utf-8")
    assert "påhittat (EXEMPEL)" in page
    for period in ("2026H1", "2026"):
        assert settle(made, period).code == 0
        assert total(lines(tmp_path)) == 4_132_039
    assert "1 post i mappen ligger utanför perioden" in settle(made, "2026-02").out


def test_a03_another_reading_is_settled_with_the_option(folder: Folder, settle: Settle, tmp_path: Path) -> None:
    """Counted from the mean 149, 175 persons are 26 outside; the choice shows in the report."""
    made = folder(affiliated=AFFILIATED, indices=INDICES, factors=FACTORS)
    ran = settle(made, "2026-03", "--reading", "A03=mean")
    assert total(lines(tmp_path)) == 3_966_763 + 26 * 27_546
    assert [line.split()[-1] for line in ran.out.splitlines() if line.startswith("A03")] == ["mean"]


def test_a12_an_option_that_no_rule_follows_is_refused(folder: Folder, settle: Settle) -> None:
    """The count of 2025 sets the amount of 2026; that it should set last year's is written down but not computed."""
    ran = settle(
        folder(affiliated=AFFILIATED, indices=INDICES, factors=FACTORS), "2026-03", "--reading", "A12=last_year"
    )
    assert (ran.code, ran.faults[0]) == (2, "A12: last_year kan inte räknas; välj bland this_year")


@pytest.mark.parametrize("made_up", ["affiliated", "indices", "factors", ""])
def test_a_sum_that_rests_on_an_example_is_an_example(
    folder: Folder, settle: Settle, tmp_path: Path, made_up: str
) -> None:
    """Whether the count, an index value or the factors are made up, the lines are marked; else they are not."""
    files = {"affiliated": AFFILIATED, "indices": INDICES, "factors": FACTORS.replace("\n", ",ja\n")}
    files["factors"] = files["factors"].replace("OSTERSUND,ja", "OSTERSUND,example")
    true = {name: text if name == made_up else text.replace(",ja", ",nej") for name, text in files.items()}
    assert settle(folder(**true), "2026-03").code == 0
    assert {row["example"] for row in lines(tmp_path)} == {"ja" if made_up else "nej"}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"factors": FACTORS},
            "Indexvärde LPIK för indexår 2025, steget till prisår 2025, saknas (TB-GRU-3, TB-GRU-1).",
        ),
        ({"indices": INDICES}, "Beslutad fördelning mellan kommunerna (Tilläggsbelopp 2026) saknas"),
        ({"indices": INDICES, "factors": FACTORS.replace("2026,", "2027,")}, "Beslutad fördelning mellan kommunerna"),
    ],
)
def test_a10_what_the_parties_have_not_entered_stops_the_settlement(
    folder: Folder, settle: Settle, tmp_path: Path, files: dict[str, str], message: str
) -> None:
    """Without the index, or without that year's factors: what is missing and who decides; nothing is written."""
    ran = settle(folder(affiliated=AFFILIATED, **files), "2026-03")
    assert (ran.code, ran.out, ran.faults[-1]) == (3, "", "Inget är skrivet.")
    assert ran.err.startswith(message)
    if "indices" in files:
        assert ran.faults[0].endswith(f"Beslutas av {edition().readings['A10'].decided_by} (A10).")
    assert not (tmp_path / "out").exists()


def test_an_entered_index_is_unknown_before_it_was_published(folder: Folder, settle: Settle) -> None:
    """As known on a day before the index came, the price is missing."""
    made = folder(affiliated=AFFILIATED, indices=INDICES, factors=FACTORS)
    assert settle(made, "2026-03", "--as-known", "2025-12-14").code == 3
    ran = settle(made, "2026-03", "--as-known", "2026-12-31")
    assert (ran.code, ran.err) == (0, "")


def test_an_index_may_fall(folder: Folder, settle: Settle, tmp_path: Path) -> None:
    """A negative change is a change."""
    fallen = INDICES.replace("2025,3.0", "2025,-0.5").replace("2026,3.1", "2026,0")
    assert (
        settle(folder(affiliated="counted_year,affiliated\n2025,150\n", indices=fallen, factors=FACTORS), "2026").code
        == 0
    )
    assert total(lines(tmp_path)) == 3_716_751  # 3 735 428 x 0.995 = 3 716 750.86


def test_p_eko_um_1_development_money_is_half_region_half_municipalities(
    folder: Folder, settle: Settle, tmp_path: Path
) -> None:
    """An odd öre, shared exactly; the row of another year is left out and counted."""
    ran = settle(folder(development=FUND), "2026-02")
    rows = lines(tmp_path)
    assert [row["amount"] for row in rows] == ["500.01", *["62.50"] * 8]
    assert total(rows) == Decimal("1000.01")
    assert {(row["payee"], row["month"]) for row in rows} == {("FUND", "2026-02")}
    assert "1 post i mappen ligger utanför perioden och är inte med." in ran.out


def test_mt_b1_1_two_halves_of_a_year_are_two_tables(folder: Folder, settle: Settle, tmp_path: Path) -> None:
    """Each half-year has its own counts, sum and percentages, also when a year is settled at once."""
    text = COUNTS + counts("2025H1", BERG=1, ARE=3) + counts("2025H2", BERG=1, ARE=1)
    ran = settle(folder(equipment_counts=text), "2025")
    assert ran.code == 0
    first, second = ran.out.split("Medicinsk teknik, fast del (")[1:]
    assert ("25,0 %" in first, "75,0 %" in first, "100,0 %" in first) == (True, True, True)
    assert second.count("50,0 %") == 2
    assert [(row["month"], row["quantity"]) for row in lines(tmp_path) if row["quantity"] != "0"] == [
        ("2025-01", "1"), ("2025-01", "3"), ("2025-07", "1"), ("2025-07", "1"),
    ]  # fmt: skip
    # (40 h + 12 min x 4) / 2 x 1 123 kr and (40 h + 12 min x 2) / 2 x 1 123 kr
    assert total(lines(tmp_path)) == Decimal("22909.20") + Decimal("22684.60")


def test_mt_b1_1_one_made_up_count_makes_the_whole_an_example(folder: Folder, settle: Settle, tmp_path: Path) -> None:
    """Every share rests on all counts, so that all eight are marked; another half-year is not."""
    text = COUNTS.replace("\n", ",example\n") + (counts("2025H1", ARE=3) + counts("2025H2", BERG=1)).replace(
        "\n", ",\n"
    )
    text = text.replace("2025H2,ARE,0,", "2025H2,ARE,1,JA").replace("2025H2,BERG,1,", "2025H2,BERG,1,nej")
    assert settle(folder(equipment_counts=text), "2025").code == 0
    assert [(row["month"], row["example"]) for row in lines(tmp_path)] == [
        *[("2025-01", "nej")] * 8, *[("2025-07", "ja")] * 8,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("equipment_counts", COUNTS + "2025-07,BERG,1\n",
         "rad 2, kolumn half_year: '2025-07' är fel; tillåtet är ett halvår som 2025H2"),
        ("equipment_counts", COUNTS + "hösten,BERG,1\n",
         "rad 2, kolumn half_year: 'hösten' är fel; tillåtet är ett halvår som 2025H2"),
        ("equipment_counts", COUNTS + "2025H2,REGION,1\n",
         "rad 2, kolumn municipality: 'REGION' är fel; tillåtet är en av " + ", ".join(MUNICIPALITIES)),
        ("equipment_counts", COUNTS + "2025H2,BERG,2.5\n",
         "rad 2, kolumn count: '2.5' är fel; tillåtet är ett heltal från 0 till 10000000"),
        ("equipment_counts", COUNTS + "2025H2,BERG,1\n2025H2,BERG,1\n",
         "rad 3, kolumn half_year, municipality: står redan på rad 2"),
        ("equipment_counts", COUNTS + counts("2025H2"), "kolumn count: 2025H2: minst en registrerad inventarie"),
        ("equipment_counts", COUNTS + counts("2025H2", ARE=1).replace("2025H2,BERG,0\n", ""),
         "kolumn municipality: 2025H2: rad saknas för BERG; en kommun utan inventarier har antalet 0"),
        ("equipment_counts", COUNTS + counts("2025H2", ARE="1.5"),
         "rad 8, kolumn count: '1.5' är fel; tillåtet är ett heltal från 0 till 10000000"),
        ("equipment_counts", "half_year,municipality,count,counted_on\n2025H2,BERG,1,igår\n",
         f"rad 2, kolumn counted_on: 'igår' är fel; tillåtet är {day('date').allowed()}"),
        ("equipment_counts", "half_year,municipality,count,example\n2025H2,BERG,1,nja\n",
         "rad 2, kolumn example: 'nja' är fel; tillåtet är ja eller nej"),
        ("factors", f"year,factor,weight,{NAMES}\n2026,elderly,100,{EVEN.replace('12.5', '12.4', 1)}\n",
         "rad 2, kolumn BERG–OSTERSUND: summan ska vara 100, inte 99.9"),
        ("factors", f"year,factor,weight,{NAMES}\n2026,elderly,60,{EVEN}\n",
         "kolumn weight: 2026: vikterna ska ha summan 100, inte 60"),
        ("factors", f"year,factor,weight,{NAMES}\n2026,age,100,{EVEN}\n",
         "rad 2, kolumn factor: 'age' är fel; tillåtet är en av elderly, accessibility, socioeconomics"),
        ("development", f"date,amount,{NAMES}\n2026-02-10,1.005,{EVEN}\n",
         "rad 2, kolumn amount: '1.005' är fel; tillåtet är ett tal från 0 till 1000000000 med högst 2 decimaler"),
        ("affiliated", "counted_year,affiliated\n2025,1\n2025,2\n", "rad 3, kolumn counted_year: står redan på rad 2"),
        ("indices", INDICES.replace("LPIK,2025", "KPI,2025"),
         "rad 2, kolumn series: 'KPI' är fel; tillåtet är en av VPI, OPI, LPIK, LPI"),
        ("indices", INDICES.replace("3.0", "-60"),
         "rad 2, kolumn percent: '-60' är fel; tillåtet är ett tal från -50 till 100 med högst 4 decimaler"),
        ("indices", INDICES.replace("2025,3.0,entered", "2025,3.0,sure"),
         "rad 2, kolumn status: 'sure' är fel; tillåtet är en av " + ", ".join(get_args(IndexStatus))),
    ],
)  # fmt: skip
def test_each_fault_of_a_table_is_one_message(
    folder: Folder, settle: Settle, tmp_path: Path, name: str, text: str, message: str
) -> None:
    """File, line, column and what is allowed; exit code 2, and nothing is written."""
    ran: Any = settle(folder(**{name: text}), "2026")
    assert (ran.code, ran.out, ran.faults) == (2, "", [f"{name}.csv, {message}", "1 fel; inget är skrivet."])
    assert not (tmp_path / "out").exists()
