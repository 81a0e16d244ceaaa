"""The book: the same values give the same book, later rulings win, and what is known only grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from avtal.book.missing import MissingValue
from avtal.editions.jamtland_2026 import CHARGES
from samverka.agreements.book import Approved, Book, build
from samverka.agreements.county import base, charge_clauses
from tests.samverka.agreements.entering import EQUAL, KEY, MODEL, OPI, PAYLOADS, RATE, READING, VPI

START = datetime(2026, 1, 8, 9, tzinfo=UTC)
IN_2026, IN_2027 = date(2026, 3, 1), date(2027, 3, 1)


def entered(id_: int, kind: str, payload: Mapping[str, Any] | None = None, **more: Any) -> Approved:
    """An approved value; the higher the id, the later it was ruled on."""
    given_: dict[str, Any] = {
        "document": "Prov § 1", "document_date": date(2026, 1, 5), "example": False,
        "ruled_at": START + timedelta(days=id_),
    }  # fmt: skip
    return Approved(id_, kind, PAYLOADS[kind] if payload is None else payload, **{**given_, **more})


def book(*values: Approved, known_at: date | None = None) -> Book:
    """The county's book of those values."""
    return build(base(), values, known_at=known_at)


def test_ob_upp_d5_hired_staff_costs_660_kr_in_2026_with_vpi_3_2() -> None:
    """640 kr with 3.2 per cent is 660.48 kr; in whole kronor, as A64 is read by default, 660 kr."""
    found = book(entered(1, "index"))
    assert found.edition.number("hired_staff_rate", IN_2026) == 66_000
    assert found.edition.number("hired_staff_rate", date(2025, 12, 31)) == 64_000
    assert found.entered == (1,)


def test_a64_an_approved_choice_changes_how_the_price_is_rounded() -> None:
    """With the choice of öre the same price is 660.48 kr, and the explanation says who chose."""
    found = book(entered(1, "index"), entered(2, "reading"))
    step = found.edition.parameter("hired_staff_rate", IN_2026)
    assert step.value == 66_048
    assert {one.note for one in step.walk() if one.name == "A64"} == {"vald av parterna 2026-01-10"}


def test_a_later_ruling_about_the_same_publication_counts() -> None:
    """Same series, year and day of publication: 3.2 was wrong, 2.3 is right. 640 x 1.023 = 654.72, 655 kr."""
    found = book(entered(1, "index"), entered(2, "index", {**VPI, "percent": "2.3"}))
    assert found.edition.number("hired_staff_rate", IN_2026) == 65_500
    assert found.counted == {2}
    assert found.entered == (1, 2)
    assert book(entered(1, "index", {**VPI, "percent": "2.3"}), entered(2, "index")).edition.number(
        "hired_staff_rate", IN_2026
    ) == 66_000  # fmt: skip


def test_a_later_publication_counts_whatever_was_ruled_on_first() -> None:
    """A07: the definitive OPI of 3.1 of April takes the place of the preliminary 2.0: 338 x 1.031 = 348.478, 348 kr."""
    definitive = {**OPI, "percent": "3,1", "status": "definitive", "published": "2026-04-20"}
    for values in ([OPI, definitive], [definitive, OPI]):
        found = book(*(entered(n, "index", value) for n, value in enumerate(values)))
        assert found.edition.number("liaison_rate", IN_2026) == 34_800
        assert found.counted == {0, 1}
    assert book(entered(1, "index", OPI)).edition.number("liaison_rate", IN_2026) == 34_500


def test_a_value_that_is_replaced_does_not_count_even_if_it_was_published_later() -> None:
    """The day of publication was mistyped, so that it would win: its correction takes it out."""
    wrong = entered(1, "index", {**VPI, "percent": "9.9", "published": "2026-01-05"})
    right = entered(2, "index", VPI)
    assert book(wrong, right).edition.number("hired_staff_rate", IN_2026) == 70_300
    found = book(wrong, replace(right, replaces=1))
    assert found.edition.number("hired_staff_rate", IN_2026) == 66_000
    assert found.counted == {2}


def test_the_editions_own_value_of_the_same_publication_gives_way() -> None:
    """VPI for 2016, published 2016-12-12 as 2.2: an entered 2.4 of that day is the only one left."""
    again = {"series": "VPI", "index_year": 2016, "percent": "2.4", "status": "definitive", "published": "2016-12-12"}
    values = [one for one in book(entered(1, "index", again)).edition.indices if one.index_year == 2016]
    assert [str(one.percent) for one in values if one.series == "VPI"] == ["2.4"]


def test_a_new_price_keeps_the_old_one_for_its_days() -> None:
    """700 kr from July 2026; 640 kr and its index before. In 2027 the step of 2026 is missing and says so."""
    found = book(entered(1, "index"), entered(2, "parameter"))
    days = [date(2025, 7, 1), IN_2026, date(2026, 6, 30), date(2026, 7, 1)]
    assert [found.value("hired_staff_rate", day) for day in days] == [64_000, 66_000, 66_000, 70_000]
    assert found.value("hired_staff_rate", IN_2027) is None


def test_a_later_ruling_on_the_same_first_day_counts_the_same_day_too() -> None:
    """Two prices from 1 July, both approved within the hour."""
    one = entered(1, "parameter", ruled_at=START)
    other = entered(2, "parameter", {**RATE, "value": "690"}, ruled_at=START)
    assert book(one, other).value("hired_staff_rate", date(2026, 7, 1)) == 69_000
    assert book(one, other).counted == {2}


def test_tb_gru_4_a_new_normal_range_sets_both_limits() -> None:
    """130 to 170 from 2026; 129 to 169 before."""
    found = book(entered(1, "normal_range"))
    limits = [(found.value("normal_range_low", day), found.value("normal_range_high", day))
              for day in (date(2025, 12, 31), date(2026, 1, 1))]  # fmt: skip
    assert limits == [(129, 169), (130, 170)]


def test_a10_the_model_of_a_year_is_the_supplements_factors() -> None:
    """Equal shares of 3 735 428 kr at the 2024 level: each municipality an eighth, 466 928 or 466 929 kr."""
    found = book(entered(1, "factors", example=True))
    assert found.factors(2027) is None
    assert not found.factors_are_example(2027)
    assert found.factors_are_example(2026)
    answer = CHARGES["supplement"].price(
        {"affiliated": 150, "level": 2024, "factors": found.factors(2026)}, found.edition
    )
    assert set(answer.shares.values()) == {46_692_800, 46_692_900}
    assert sum(answer.shares.values()) == 373_542_800


def test_a51_the_key_in_force_is_the_latest_before_the_day() -> None:
    """None before the first; the later one from its day."""
    later = {"since": "2027-01-01", "shares": {**EQUAL, "BERG": "25", "BRACKE": "0"}}
    found = book(entered(1, "development_key"), entered(2, "development_key", later, example=True))
    assert found.development_key(date(2025, 12, 31)) is None
    assert found.development_key(IN_2026) == EQUAL
    assert found.development_key(IN_2027) == later["shares"]
    marked = [found.development_key_is_example(day) for day in (date(2025, 12, 31), IN_2026, IN_2027)]
    assert marked == [False, False, True]


def test_an_explanation_is_an_example_where_a_value_or_a_choice_under_it_is() -> None:
    """An index, a price or a choice of reading that is made up marks what rests on it, and nothing else."""
    index, choice = entered(1, "index"), entered(2, "reading")
    cases = [(index, choice, False), (replace(index, example=True), choice, True),
             (index, replace(choice, example=True), True)]  # fmt: skip
    for one, other, marked in cases:
        found = book(one, other)
        assert found.is_example(found.edition.parameter("hired_staff_rate", IN_2026)) is marked
        assert found.is_example(found.edition.parameter("equipment_rate", IN_2026)) is one.example
        assert not found.is_example(found.edition.parameter("equipment_base_hours", IN_2026))
    priced = book(entered(3, "parameter", example=True))
    assert priced.is_example(priced.edition.parameter("hired_staff_rate", date(2026, 7, 1)))


def test_the_source_says_where_the_value_is_written_and_that_it_is_made_up() -> None:
    """Document and day; the mark ends it."""
    assert entered(1, "index").source == "Prov § 1, 2026-01-05"
    assert entered(1, "index", example=True).source == "Prov § 1, 2026-01-05 (EXEMPEL)"


def test_what_differs_from_another_book_is_said_by_parameter() -> None:
    """A price from 15 July changes the hired staff's; the definitive OPI the liaisons' of 2026."""
    before = book(entered(1, "index"), entered(2, "index", OPI))
    definitive = {**OPI, "percent": "3.1", "status": "definitive", "published": "2026-04-20"}
    after = book(entered(1, "index"), entered(2, "index", OPI), entered(3, "index", definitive),
                 entered(4, "parameter", {**RATE, "since": "2026-07-15"}))  # fmt: skip
    assert before.changed_since(before) == frozenset()
    assert after.changed_since(before) == {"hired_staff_rate", "liaison_rate"}
    chosen = book(entered(1, "index"), entered(2, "index", OPI), entered(3, "reading"))
    assert chosen.readings_changed_since(before) == {"A64"}
    assert chosen.changed_since(before) == {"hired_staff_rate", "liaison_rate"}


def test_the_fingerprint_holds_the_models_the_keys_and_what_is_made_up() -> None:
    """Each of them changes it, though none of them is in the edition."""
    plain = book()
    others = [
        book(entered(1, "factors")),
        book(entered(1, "factors", example=True)),
        book(entered(1, "development_key")),
        book(entered(1, "development_key", {**KEY, "since": "2026-02-01"})),
        book(entered(1, "reading")),
        book(entered(1, "reading", example=True)),
        book(entered(1, "index")),
    ]
    assert len({one.fingerprint for one in (plain, *others)}) == 8
    assert book(entered(1, "factors")).edition.fingerprint == plain.edition.fingerprint


def test_charges_computed_as_a_whole_name_the_clauses_that_their_pages_list() -> None:
    """Every clause of an explanation is among those listed, and every one listed comes from an explanation."""
    lpik = {"series": "LPIK", "percent": "2.0", "status": "forecast", "published": "2025-12-01"}
    found = book(*(entered(n, "index", {**lpik, "index_year": n}) for n in (2025, 2026)), entered(1, "index"))
    cases: dict[str, list[dict[str, Any]]] = {
        "equipment_fixed": [{"half_year": "2026H1", "counts": {"BERG": 5, "ARE": 3}}],
        "supplement": [{"affiliated": n, "year": 2026, "factors": EQUAL} for n in (150, 180)],
        "supplement_valuation": [
            {"posts": "3", "monthly_wage": "47000", "payroll_percent": "47.18", "readiness_factor": "1.5"}
        ],
        "normal_range": [{"counts": {str(2020 + n): 140 + n for n in range(6)}}],
        "development_fund": [{"amount": "1000", "shares": EQUAL}],
        "national_share": [{"amount": "1000", "populations": {"A": 1}}],
    }
    listed = charge_clauses()
    for name, stated in cases.items():
        told = {
            clause for case in stated for clause in CHARGES[name].price(case, found.edition).explanation.all_clauses()
        }
        assert told == set(listed[name]), name
    assert set(listed) == set(CHARGES)


# -- properties -----------------------------------------------------------------------------------------

FEW = settings(max_examples=25, deadline=None)  # a book's fingerprint takes a hundredth of a second
DAYS = st.dates(date(2025, 11, 1), date(2026, 1, 7))
VALUES = st.one_of(
    st.builds(
        lambda series, year, tenths, day: ("index", {
            "series": series, "index_year": year, "percent": f"{tenths / 10:.1f}", "status": "published",
            "published": day.isoformat()}),
        st.sampled_from(["VPI", "OPI", "LPIK"]), st.integers(2025, 2026), st.integers(-20, 60), DAYS,
    ),
    st.builds(
        lambda day, kronor: ("parameter", {**RATE, "since": day.isoformat(), "value": str(kronor)}),
        st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.integers(500, 900),
    ),
    st.builds(
        lambda low, more: ("normal_range", {"since": "2026-01-01", "low": low, "high": low + more}),
        st.integers(100, 150), st.integers(0, 60),
    ),
    st.builds(lambda year: ("factors", {**MODEL, "year": year}), st.integers(2026, 2028)),
    st.builds(
        lambda option: ("reading", {**READING, "option": option}), st.sampled_from(["ore", "whole_krona"])
    ),
)  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> list[Approved]:
    """Values in order of ruling, some of which replace an earlier one of their kind."""
    found: list[Approved] = []
    for id_, (kind, payload) in enumerate(draw(st.lists(VALUES, max_size=8))):
        free = {one.id for one in found if one.kind == kind} - {one.replaces for one in found}
        replaces = draw(st.sampled_from([None, *sorted(free)]))
        found.append(entered(id_, kind, payload, replaces=replaces, example=draw(st.booleans())))
    return found


def prices(found: Book) -> dict[tuple[str, date], Any]:
    """Every parameter on four days, and what is missing."""
    told: dict[tuple[str, date], Any] = {}
    for name in found.edition.parameters:
        for day in (date(2025, 7, 1), IN_2026, date(2026, 12, 31), IN_2027):
            try:
                told[name, day] = found.edition.number(name, day)
            except MissingValue as missing:
                told[name, day] = str(missing)
    return told


@FEW
@given(histories())
def test_the_same_rulings_give_the_same_book(history: Sequence[Approved]) -> None:
    """Built twice: the same fingerprint and the same prices."""
    one, other = book(*history), book(*history)
    assert one.fingerprint == other.fingerprint
    assert prices(one) == prices(other)


@FEW
@given(histories())
def test_only_the_values_that_count_make_the_book(history: Sequence[Approved]) -> None:
    """Without those that were replaced or ruled over, the book is the same."""
    whole = book(*history)
    left = [replace(one, replaces=None) for one in history if one.id in whole.counted]
    assert book(*left).fingerprint == whole.fingerprint


@FEW
@given(histories(), st.integers(0, 8), st.integers(0, 8))
def test_what_is_known_only_grows(history: Sequence[Approved], one: int, other: int) -> None:
    """The values of an earlier moment begin those of a later one, and the earlier book never changes."""
    early, late = sorted((one, other))
    first, second = book(*history[:early]), book(*history[:late])
    assert second.entered[: len(first.entered)] == first.entered
    assert prices(first) == prices(book(*history[:early]))


@FEW
@given(histories())
def test_no_difference_is_missed(history: Sequence[Approved]) -> None:
    """Whatever price differs from the plain book's is named, and nothing that is the same everywhere is."""
    plain, found = book(), book(*history)
    before, after = prices(plain), prices(found)
    values = {key: (found.value(*key), plain.value(*key)) for key in after}
    differs = {name for (name, _), (one, other) in values.items() if one != other}
    assert differs <= found.changed_since(plain)
    assert found.changed_since(found) == frozenset()
    assert before == prices(book())


def test_the_files_values_are_unknown_before_they_were_decided() -> None:
    """As known on the day before the agreement was recommended, no price is in force."""
    assert book(known_at=date(2025, 9, 4)).value("hired_staff_rate", IN_2026) is None
    assert book(known_at=date(2025, 9, 5)).value("hired_staff_rate", date(2025, 7, 1)) == 64_000
