"""What each kind may say: exact, strict, and the same JSON for the same value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samverka.agreements.county import FACTORS, MUNICIPALITIES, base
from samverka.agreements.payloads import BadPayload, Dated, Index, NormalRange, ReadingChoice, read_payload
from tests.samverka.agreements.entering import EQUAL, KEY, MODEL, PAYLOADS, RATE, READING, VPI

SHARES = ", ".join(MUNICIPALITIES)


def faults(kind: str, stated: dict[str, Any]) -> dict[str, str]:
    """What is wrong with a payload, by field."""
    with pytest.raises(BadPayload) as refused:
        read_payload(kind, stated, base())
    return refused.value.faults


def test_an_index_value_is_exact() -> None:
    """3,20 and 3.2 are the same per cent, kept as text without trailing zeros."""
    found = read_payload("index", {**VPI, "percent": "3,20"}, base())
    assert found == Index("VPI", 2025, Decimal("3.2"), "definitive", date(2025, 12, 15))
    assert found.as_json() == {
        "series": "VPI", "index_year": 2025, "percent": "3.2", "status": "definitive", "published": "2025-12-15",
    }  # fmt: skip


def test_a_price_is_kronor_outside_and_ore_inside() -> None:
    """640,5 kronor are 64 050 öre and are kept as 640.50."""
    found = read_payload("parameter", {**RATE, "value": "640,5"}, base())
    assert found == Dated("hired_staff_rate", date(2026, 7, 1), 64_050, "640.50")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("day_starts", "07:30", 450), ("region_percent", "100", 100), ("notice_months", "6", 6), ("renewal_years", "4", 4),
     ("equipment_minutes_per_item", "15", 15), ("supplement_base_persons", "144", 144)],
)  # fmt: skip
def test_other_numbers_keep_their_unit(name: str, text: str, value: int) -> None:
    """Minutes from midnight, per cent, months, years, minutes and persons are whole numbers."""
    found = read_payload("parameter", {"name": name, "since": "2026-01-01", "value": text}, base())
    assert found == Dated(name, date(2026, 1, 1), value, text)


def test_the_normal_range_and_a_reading_are_read() -> None:
    """Both limits; the option, who decided and when."""
    assert read_payload("normal_range", PAYLOADS["normal_range"], base()) == NormalRange(date(2026, 1, 1), 130, 170)
    assert read_payload("reading", READING, base()) == ReadingChoice("A64", "ore", "parterna", date(2026, 1, 10))


def test_a_model_and_a_key_are_kept_as_the_charges_state_them() -> None:
    """Exact text by municipality."""
    assert read_payload("development_key", KEY, base()).as_json() == KEY
    assert read_payload("factors", MODEL, base()).as_json() == {**MODEL, "year": 2026}


@pytest.mark.parametrize("kind", PAYLOADS)
def test_what_is_kept_reads_as_the_same_value(kind: str) -> None:
    """Reading the JSON again gives the same value and the same JSON."""
    first = read_payload(kind, PAYLOADS[kind], base())
    again = read_payload(kind, first.as_json(), base())
    assert again == first
    assert again.as_json() == first.as_json()


PERCENT = "ett tal från -50 till 100 med högst 4 decimaler"
YEAR = "ett tal från 2000 till 2099 utan decimaler"
KRONOR = "ett tal från 0 till 10000000 med högst 2 decimaler"
HUNDRED = "ett tal från 0 till 100 utan decimaler"
CLOCK = "ett klockslag som 08:00"
SUM = "procent med summan 100; summan är "
DAY = "ett datum som finns, från 2000-01-01 till 2099-12-31"
LIMIT = "minst lika mycket som den nedre gränsen"
KINDS = "index, parameter, normal_range, factors, development_key, reading"
BAD: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("price", {}, {"kind": f"price finns inte; det finns {KINDS}"}),
    ("index", {**VPI, "note": "x"}, {"note": "okänt fält; tillåtna är series, index_year, percent, status, published"}),
    ("index", {**VPI, "series": "KPI"}, {"series": "en av VPI, OPI, LPIK, LPI"}),
    ("index", {**VPI, "percent": 3.2}, {"percent": PERCENT}),
    ("index", {**VPI, "percent": "3.20001"}, {"percent": PERCENT}),
    ("index", {**VPI, "percent": "1e2"}, {"percent": PERCENT}),
    ("index", {**VPI, "percent": "３"}, {"percent": PERCENT}),
    ("index", {**VPI, "index_year": "1999"}, {"index_year": YEAR}),
    ("index", {**VPI, "index_year": True}, {"index_year": YEAR}),
    ("index", {**VPI, "status": "entered"}, {"status": "en av forecast, preliminary, published, definitive"}),
    ("index", {**VPI, "published": "2025-02-29"}, {"published": DAY}),
    ("index", {**VPI, "published": None}, {"published": "ett datum som 2026-01-01"}),
    ("parameter", {**RATE, "value": "640,505"}, {"value": KRONOR}),
    ("parameter", {**RATE, "value": "-1"}, {"value": KRONOR}),
    ("parameter", {**RATE, "name": "region_percent", "value": "101"}, {"value": HUNDRED}),
    ("parameter", {**RATE, "name": "region_percent", "value": "50.5"}, {"value": HUNDRED}),
    ("parameter", {**RATE, "name": "day_ends", "value": "24:00"}, {"value": CLOCK}),
    ("parameter", {**RATE, "name": "day_ends", "value": "8"}, {"value": CLOCK}),
    ("normal_range", {"since": "2026-01-01", "low": "170", "high": "130"}, {"high": LIMIT}),
    ("development_key", {**KEY, "shares": {**EQUAL, "BERG": "12"}}, {"shares": SUM + "99.5"}),
    ("development_key", {**KEY, "shares": {**EQUAL, "UMEA": "0"}}, {"shares.UMEA": f"en av {SHARES}"}),
    ("development_key", {**KEY, "shares": "lika"}, {"shares": "procent per kommun"}),
    ("development_key", {**KEY, "shares": {**EQUAL, "BERG": ""}}, {
        "shares.BERG": "ett tal från 0 till 100; en kommun utan andel har 0",
        "shares": SUM + "87.5"}),
    ("factors", {**MODEL, "elderly": {"weight": "51", "shares": EQUAL}}, {"factors": SUM + "101"}),
    ("factors", {**MODEL, "elderly": {"weight": "50"}}, {"elderly": "vikt och procent per kommun"}),
    ("reading", {**READING, "reading": "A99"}, {}),
    ("reading", {**READING, "option": "none"}, {"option": "en av whole_krona, ore"}),
    ("reading", {**READING, "decided_by": " "}, {"decided_by": "text, högst 160 tecken"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "stated", "told"), BAD)
def test_what_is_not_allowed_is_refused_by_field(kind: str, stated: dict[str, Any], told: dict[str, str]) -> None:
    """Each fault names the field and says what is allowed; a reading that is not there names those that are."""
    found = faults(kind, stated)
    assert found == told or (not told and found["reading"].startswith("en av A01, A02"))


def test_every_fault_is_told_at_once() -> None:
    """An empty index value has five."""
    assert list(faults("index", {})) == ["series", "percent", "status", "index_year", "published"]


@given(st.lists(st.integers(0, 1000), min_size=len(MUNICIPALITIES), max_size=len(MUNICIPALITIES)))
def test_a_key_is_accepted_exactly_when_its_shares_sum_to_100(parts: list[int]) -> None:
    """Tenths of a per cent: whatever they are, their sum decides and nothing else."""
    shares = {name: f"{part // 10}.{part % 10}" for name, part in zip(MUNICIPALITIES, parts, strict=True)}
    if sum(parts) == 1000:
        assert read_payload("development_key", {**KEY, "shares": shares}, base())
    else:
        assert "shares" in faults("development_key", {**KEY, "shares": shares})


def test_every_factor_is_asked_for() -> None:
    """None of the three may be left out."""
    for factor in FACTORS:
        assert faults("factors", {key: value for key, value in MODEL.items() if key != factor}) == {
            factor: "vikt och procent per kommun"
        }
