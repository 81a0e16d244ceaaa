"""``samverka price`` and ``explain``: good lines are answered, every bad one is named, other readings are shown."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avtal.editions.jamtland_2026 import CHARGES
from avtal.language.facts import day
from samverka.cli.main import main
from tests.samverka.conftest import Cli

NO_VPI = (
    "Indexvärde VPI för indexår 2025, steget till prisår 2026, saknas (MT-B1-3). Publiceras av "
    "Sveriges Kommuner och Regioner (SKR), i mitten av december; parterna för in det med källa."
)
SUPPLEMENT = {"affiliated": 175, "level": 2024}
JOB = {"municipality": "ARE", "date": "2025-09-01", "hours": "1", "requested": True, "work": "requested"}
HIRED = {"from": "BERG", "to": "REGION", "date": "2025-09-01", "start": "10:00", "work_minutes": 61,
         "profession": "nurse", "principal_level": "primary"}  # fmt: skip


def lines(*cases: dict[str, Any] | str) -> str:
    """Cases as JSON lines."""
    return "".join((case if isinstance(case, str) else json.dumps(case)) + "\n" for case in cases)


def answers(text: str) -> list[dict[str, Any]]:
    """The answers on standard output."""
    return [json.loads(line) for line in text.splitlines()]


def test_good_lines_are_answered_when_others_are_bad(cli: Cli) -> None:
    """Three good ones of six: each in order, with its own id; the bad ones by line and key; exit code 2."""
    ran = cli("price", "equipment_variable", stdin=lines(
        JOB | {"id": "a"}, JOB | {"hours": "x", "colour": "red"}, JOB | {"id": 7, "hours": 2}, "{", "", JOB,
        JOB | {"date": "2026-02-01"},
    ))  # fmt: skip
    assert [(one.get("id"), one["amount"], one["payer"]) for one in answers(ran.out)] == [
        ("a", "1123.00", "MUNICIPALITY:ARE"), (7, "2246.00", "MUNICIPALITY:ARE"), (None, "1123.00", "MUNICIPALITY:ARE"),
    ]  # fmt: skip
    assert ran.code == 2
    assert ran.faults == [
        f"rad 2: colour: okänd nyckel; tillåtna är {', '.join(CHARGES['equipment_variable'].keys())}",
        'rad 2: hours: "x" är fel; tillåtet är ett tal från 0 till 10000 med högst 4 decimaler',
        "rad 4: inte JSON (tecken 2); ett objekt per rad",
        f"rad 7: {NO_VPI}",
    ]


def test_only_a_missing_number_is_exit_code_3(cli: Cli) -> None:
    """Nothing is wrong with the case: the parties have not entered the index."""
    ran = cli("price", "equipment_variable", stdin=lines(JOB | {"date": "2026-02-01"}, JOB))
    assert (ran.code, len(ran.faults), len(answers(ran.out))) == (3, 1, 1)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ('{"affiliated": NaN, "level": 2024}', 'affiliated: "NaN" är fel; tillåtet är ett heltal från 0 till 100000'),
        ('{"affiliated": 1e5, "level": 2024}', 'affiliated: "1e5" är fel; tillåtet är ett heltal från 0 till 100000'),
        ('{"affiliated": 1.5, "level": 2024}', 'affiliated: "1.5" är fel; tillåtet är ett heltal från 0 till 100000'),
        ('{"affiliated": -1, "level": 2024}', "affiliated: -1 är fel; tillåtet är ett heltal från 0 till 100000"),
        ('{"affiliated": true, "level": 2024}', "affiliated: true är fel; tillåtet är ett heltal från 0 till 100000"),
        ('{"affiliated": [1], "level": 2024}', "affiliated: ett heltal från 0 till 100000"),
        ('{"affiliated": 1, "level": 2024, "level": 2024}', "level: nyckeln står flera gånger"),
        ('{"affiliated": 1, "level": 2025}', "level: 2025 är fel; tillåtet är talet 2024"),
        ('{"affiliated": 1, "level": 2024, "id": 1.5}', "id: text eller ett heltal"),
        ('{"affiliated": 1, "level": 2024, "event_id": [[1]]}', "event_id: text eller ett heltal"),
        ('{"a\\nrad 2: b": 1, "affiliated": 1, "level": 2024}',
         "a\N{REPLACEMENT CHARACTER}rad 2: b: okänd nyckel; tillåtna är affiliated, level, year, lpik, factors"),
        ("[" * 5_000, "för djupt nästlad; ett objekt per rad"),
        ("1", "inte ett JSON-objekt"),
    ],
)  # fmt: skip
def test_each_fault_of_a_line_is_one_message(cli: Cli, case: str, message: str) -> None:
    """Line, key, what was said and what is allowed; no answer, and exit code 2."""
    ran = cli("price", "supplement", stdin=case)
    assert (ran.code, ran.out, ran.faults) == (2, "", [f"rad 1: {message}"])


def test_an_endless_number_is_cut_in_the_message(cli: Cli) -> None:
    """Five thousand digits are refused by name, and nobody has to read them."""
    ran = cli("price", "supplement", stdin=f'{{"affiliated": {"9" * 5_000}, "level": 2024}}')
    assert ran.faults == [f'rad 1: affiliated: "{"9" * 59} är fel; tillåtet är ett heltal från 0 till 100000']


def test_no_lines_are_no_answers(cli: Cli) -> None:
    """Empty input is nothing to do."""
    assert (cli("price", "supplement").code, cli("explain", "supplement", stdin="\n").out) == (0, "")


def test_what_does_not_exist_is_told(cli: Cli, tmp_path: Path) -> None:
    """An unknown charge names those there are; a file that is not there, why."""
    ran = cli("price", "supplemnt")
    assert (ran.code, ran.err) == (2, f"supplemnt: avgiften finns inte; det finns {', '.join(CHARGES)}\n")
    ran = cli("price", "supplement", tmp_path / "none.jsonl")
    assert (ran.code, ran.err) == (2, f"{tmp_path / 'none.jsonl'}: kan inte läsas: finns inte\n")


def test_cases_are_read_from_a_file(cli: Cli, tmp_path: Path) -> None:
    """A file's name instead of standard input."""
    file = tmp_path / "cases.jsonl"
    file.write_text(lines(SUPPLEMENT))
    [answer] = answers(cli("price", "supplement", file).out)
    assert answer["amount"] == "3891068.00"


@pytest.mark.parametrize("option", ["mean", "base", "once"])
def test_a03_another_reading_gives_the_alternative_that_the_answer_showed(cli: Cli, option: str) -> None:
    """175 persons: --reading A03=mean is the answer's own alternative, and the reading says who chose it."""
    [usual] = answers(cli("price", "supplement", stdin=lines(SUPPLEMENT)).out)
    [other] = answers(cli("price", "supplement", "--reading", f"A03={option}", stdin=lines(SUPPLEMENT)).out)
    named = {"mean": "from_mean", "base": "from_base", "once": "once"}[option]
    assert usual["amount"] == "3891068.00"
    assert other["amount"] == usual["alternatives"][named] == usual["alternatives"]["A03"][option]
    assert other["alternatives"]["A03"]["edge"] == usual["amount"]


def test_a_reading_that_cannot_be_chosen_is_refused(cli: Cli) -> None:
    """A reading or option that does not exist, none at all, and a day that does not exist."""
    for argument, message in [
        ("A03=x", "A03: x kan inte räknas; välj bland edge, mean, base, once"),
        ("A03", "--reading A03: läsning och val, som A03=mean"),
    ]:
        ran = cli("price", "supplement", "--reading", argument, stdin=lines(SUPPLEMENT))
        assert (ran.code, ran.out, ran.faults) == (2, "", [message])
    assert cli("price", "supplement", "--reading", "A99=x").err.startswith("A99: läsningen finns inte; det finns A01, ")
    ran = cli("price", "supplement", "--as-known", "2025-02-30", stdin=lines(SUPPLEMENT))
    assert (ran.code, ran.faults) == (2, [f"--as-known 2025-02-30: {day('date').allowed()}"])


def test_as_known_leaves_out_what_was_decided_later(cli: Cli) -> None:
    """Before the agreement was decided there is no price; on a day when it was known the answer is the usual."""
    early = cli("price", "hired_staff", "--as-known", "2020-01-01", stdin=lines(HIRED))
    assert (early.code, early.out) == (3, "")
    assert early.err.startswith("rad 1: ")
    [known] = answers(cli("price", "hired_staff", "--as-known", "2026-12-31", stdin=lines(HIRED)).out)
    assert known["amount"] == "1280.00"


def test_an_explanation_is_swedish_text(cli: Cli) -> None:
    """Labels, amounts, clauses and readings in Swedish, with plain spaces that can be searched for."""
    ran = cli("explain", "hired_staff", stdin=lines(HIRED))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Inhyrd personal: 1 280,00 kr\n├─ Utfall: debiteras\n")
    assert "Timpris för inhyrd personal: 640,00 kr/tim  [OB-UPP-D4; 001:1006]" in ran.out
    assert "\N{NO-BREAK SPACE}" not in ran.out


def test_an_explanation_shows_what_another_reading_would_have_given(cli: Cli) -> None:
    """Each other option of a reading that mattered, with its amount, or that it cannot be reckoned yet."""
    text = cli("explain", "supplement", stdin=lines(SUPPLEMENT)).out
    # 26 persons from the mean 149, 31 from the base 144
    assert "Med A03 = mean: 4 409 868,00 kr\nMed A03 = base: 4 539 568,00 kr\nMed A03 = once: 3 761 368,00 kr\n" in text


def test_a_name_that_could_say_who_somebody_is_is_refused(cli: Cli) -> None:
    """A health centre is no person: a personal identity number in its place is a fault, beside the others."""
    case = {"listed_health_centre": "１９１２１２１２-1212", "age": 200}
    ran = cli("decide", "care", stdin=lines(case, {"listed_health_centre": "Krokoms hälsocentral"}))
    assert (ran.code, len(ran.out.splitlines())) == (2, 1)
    assert [fault[:60] for fault in ran.faults] == [
        "rad 1: listed_health_centre: Namnet kan innehålla ett person",
        "rad 1: age: 200 är fel; tillåtet är ett heltal från 0 till 1",
    ]
    assert "1212" not in ran.err


def test_an_option_that_leaves_it_unknown_says_what_is_missing(cli: Cli) -> None:
    """Nothing is missing now, and the option asks for one fact more: it is named, in both ways of telling."""
    case = {"product": "incontinence", "responsible_party": "MUNICIPALITY:ARE", "palliative_team": False}
    told = json.loads(cli("decide", "product", stdin=lines(case)).out)
    assert told["missing"] == []
    assert told["alternatives"]["A29"]["common_order"] == {
        "payer": None, "prescriber": None, "missing": ["physician_only"],
    }  # fmt: skip
    text = cli("explain", "product", stdin=lines(case)).out
    assert "Med A29 = common_order: " in text
    assert ", uppgifter saknas: Endast läkare får förskriva" in text
    known = {**case, "physician_only": False}
    told = json.loads(cli("decide", "product", stdin=lines(known)).out)
    assert "A29" not in told["alternatives"]


def test_an_explanation_tells_the_duties_that_may_follow(cli: Cli) -> None:
    """Each with the facts that tell; before there is an answer nearly every duty may follow, and none is told."""
    case = {"profession": "physician", "place": "home"}
    told = cli("explain", "care", stdin=lines(case)).out
    assert "Att göra om det gäller: " in told
    [one] = [line for line in told.splitlines() if "SB-LAK-4" in line and line.startswith("Att göra")]
    assert one.endswith("beror på Boendeform (housing)")
    assert "Att göra om det gäller: " not in cli("explain", "care", stdin=lines({"place": "home"})).out
    assert "SB-LAK-4" not in cli("explain", "care", stdin=lines({**case, "housing": "special"})).out


def test_an_explanation_names_what_is_missing_and_to_look_at(cli: Cli) -> None:
    """A missing fact by its Swedish name and its key; flags in words; a missing number like in price."""
    ran = cli("explain", "hired_staff", stdin=lines(HIRED | {"travel_minutes": 20}, HIRED | {"date": "2026-03-02"}))
    assert "Inhyrd personal: okänt" in ran.out
    assert "Saknas: " in ran.out
    assert "(travel_combined)" in ran.out
    assert "Att se på: " in ran.out
    assert (ran.code, ran.faults[0][:28]) == (3, "rad 2: Indexvärde VPI för in")


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["BERG", "1", "2025-09-01", "10:00"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["BERG", "2026", "é"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(data=st.data(), name=st.sampled_from(list(CHARGES)))
def test_any_case_is_answered_or_refused_by_line(data: st.DataObject, name: str) -> None:
    """Whatever a case states, each charge answers it in JSON or names its faults: never an exception."""
    keys = st.sampled_from([*CHARGES[name].keys(), "id", "colour"])
    cases = data.draw(st.lists(st.dictionaries(keys, ANY), max_size=3))
    out, err, given = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(lines(*cases).encode()))
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main(["price", name])
    finally:
        sys.stdin = given
    assert len(answers(out.getvalue())) + len({line.split(":")[0] for line in err.getvalue().splitlines()}) == len(
        cases
    )
    assert all(line.startswith("rad ") for line in err.getvalue().splitlines())
    assert (code == 0) == (not err.getvalue())
