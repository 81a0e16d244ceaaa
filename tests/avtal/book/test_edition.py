"""Dated prices, index steps, vintages and choices: A05-A08, A64, A65, as of a day and as known at a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from avtal.book.edition import Edition
from avtal.book.indices import IndexStatus, IndexValue
from avtal.book.missing import MissingIndex, NotInForce
from avtal.book.parameters import DatedValue
from avtal.book.readings import Choice
from avtal.editions.jamtland_2026 import edition
from avtal.money import Rounding
from tests.avtal.book.tiny import CHECKED, cpi, rate, tiny

START_2026, START_2027 = date(2026, 1, 1), date(2027, 1, 1)
PRELIMINARY, DEFINITIVE = date(2025, 12, 12), date(2026, 4, 20)


def step(series: str, year: int, percent: str, published: date, status: IndexStatus = "published") -> IndexValue:
    """An index value made up for a test."""
    return IndexValue(series, year, Decimal(percent), status, published, "påhittat i ett prov")


VPI = (step("VPI", 2025, "3.2", date(2025, 12, 15)), step("VPI", 2026, "2.9", date(2026, 12, 15)))
OPI = (
    step("OPI", 2026, "2.0", PRELIMINARY, "preliminary"),
    step("OPI", 2026, "3.1", DEFINITIVE, "definitive"),
)
LPIK = (
    step("LPIK", 2025, "2.5", date(2024, 12, 1), "forecast"),
    step("LPIK", 2025, "3.9", date(2026, 3, 1), "definitive"),
    step("LPIK", 2026, "2.7", date(2025, 10, 1), "forecast"),
    step("LPIK", 2026, "2.8", date(2025, 12, 20), "forecast"),
    step("LPIK", 2026, "4.4", START_2026, "forecast"),
)


def county(*chosen: tuple[str, str]) -> Edition:
    """The county with made-up index values and readings chosen."""
    choices = [Choice(reading, option, "parterna", START_2026, "prov") for reading, option in chosen]
    return edition().with_indices(*VPI, *OPI, *LPIK).choosing(*choices)


@pytest.mark.parametrize(
    ("name", "day", "price"),
    [
        ("hired_staff_rate", date(2025, 7, 1), 64_000),
        ("hired_staff_rate", START_2026 - timedelta(days=1), 64_000),
        ("hired_staff_rate", START_2026, 66_000),
        ("hired_staff_rate", START_2027, 68_000),
        ("liaison_rate", date(2025, 7, 1), 33_800),
        ("liaison_rate", START_2026, 34_800),
        ("equipment_rate", START_2026, 115_900),
        ("equipment_rate", START_2027, 119_300),
        ("supplement", date(2024, 12, 31), 373_542_800),
        ("supplement", date(2025, 12, 31), 373_542_800),
        ("supplement", date(2026, 12, 31), 393_602_000),
        ("supplement_adjustment", date(2026, 12, 31), 2_733_300),
    ],
)
def test_ob_upp_d5_a_price_is_the_base_times_the_steps_rounded_once(name: str, day: date, price: int) -> None:
    """Chained unrounded from the base year and rounded to whole kronor when it is used."""
    assert county().number(name, day) == price


def test_a06_rounding_every_year_can_give_another_price() -> None:
    """1 123 kr with 1.0 per cent twice: 1 146 kr when rounded at use, 1 145 kr when rounded every year."""
    steps = (step("VPI", 2025, "1.0", date(2025, 12, 15)), step("VPI", 2026, "1.0", date(2026, 12, 15)))
    at_use = edition().with_indices(*steps)
    each_year = at_use.choosing(Choice("A06", "each_year", "MT", START_2026, "prov"))
    assert at_use.number("equipment_rate", START_2027) == 114_600
    assert each_year.number("equipment_rate", START_2027) == 114_500


def test_a08_not_indexed_leaves_out_the_step_to_2026() -> None:
    """640 and 338 kr stay through 2026; the step to 2027 is the only one then."""
    chosen = county(("A08", "not_indexed"))
    assert chosen.number("hired_staff_rate", START_2026) == 64_000
    assert chosen.number("liaison_rate", START_2026) == 33_800
    assert chosen.number("hired_staff_rate", START_2027) == 65_900
    assert chosen.parameter("hired_staff_rate", START_2026).readings() == ("A08", "A64")


def test_a05_a_year_before_the_first_priced_one_is_never_indexed() -> None:
    """LPIK for 2025 is there, and 2025 is at the 2024 level all the same; 2026 is the first year with any step."""
    assert [county().index_factor("supplement", year) for year in (2024, 2025)] == [1, 1]
    assert county().parameter("supplement", date(2025, 12, 31)).steps == ()
    clause = edition().parameters["supplement"].index
    assert clause
    assert (clause.first, clause.mode) == (2026, Rounding.HALF_UP)
    earlier = replace(edition().parameters["supplement"], index=replace(clause, first=2025))
    book = replace(county(), parameters={**county().parameters, "supplement": earlier})
    assert book.number("supplement", date(2025, 12, 31)) == 382_881_400


def test_the_declared_mode_decides_where_an_indexed_price_is_cut() -> None:
    """640 kr with 3.2 per cent is 660.48 kr: 660 kr to the nearest krona, 661 kr upwards."""
    found = edition().parameters["hired_staff_rate"]
    assert found.index
    upwards = replace(found, index=replace(found.index, mode=Rounding.UP))
    book = replace(county(), parameters={**county().parameters, "hired_staff_rate": upwards})
    assert (county().number("hired_staff_rate", START_2026), book.number("hired_staff_rate", START_2026)) == (
        66_000, 66_100,
    )  # fmt: skip


def test_a64_ore_keeps_the_ore() -> None:
    """640 kr with 3.2 per cent is 660.48 kr, and 679.63 kr with 2.9 per cent more."""
    chosen = county(("A64", "ore"))
    assert chosen.number("hired_staff_rate", START_2026) == 66_048
    assert chosen.number("hired_staff_rate", START_2027) == 67_963


def test_a65_same_year_takes_the_index_of_the_price_year() -> None:
    """VPI for 2026 leads to the price of 2026, instead of VPI for 2025; OPI and LPIK do not move."""
    chosen = county(("A65", "same_year"))
    assert (edition().lag("VPI"), chosen.lag("VPI"), chosen.lag("OPI")) == (1, 0, 0)
    assert chosen.number("hired_staff_rate", START_2026) == 65_900
    assert chosen.number("liaison_rate", START_2026) == 34_800


def test_a05_one_step_leaves_out_2025() -> None:
    """Only the index for 2026 is used: 3 735 428 kr with 2.8 per cent."""
    chosen = county(("A05", "one_step"))
    assert chosen.number("supplement", date(2025, 12, 31)) == 373_542_800
    assert chosen.number("supplement", date(2026, 12, 31)) == 384_002_000
    assert chosen.index_factor("supplement", 2026) == Fraction("1.028")


def test_a05_lpik_is_frozen_at_the_turn_into_the_year_that_is_priced() -> None:
    """A forecast from New Year's Day and the outcome in March come too late for 2026, and in time for 2027."""
    assert county().index_factor("supplement", 2026) == Fraction("1.025") * Fraction("1.028")
    during_2025 = county().with_indices(step("LPIK", 2025, "2.6", date(2025, 12, 31), "forecast"))
    assert during_2025.index_factor("supplement", 2026) == Fraction("1.026") * Fraction("1.028")
    next_year = county().with_indices(step("LPIK", 2027, "1.0", date(2026, 12, 31), "forecast"))
    assert next_year.index_factor("supplement", 2027) == Fraction("1.039") * Fraction("1.044") * Fraction("1.01")


def test_a05_what_the_parties_enter_is_never_too_late() -> None:
    """Entered in June 2026, it counts for 2026."""
    entered = [step("LPIK", year, "3.0", date(2026, 6, 1), "entered") for year in (2025, 2026)]
    assert edition().with_indices(*entered).index_factor("supplement", 2026) == Fraction("1.03") ** 2


LATE = " Det som är infört publicerades för sent, eller är preliminärt, och räknas inte."


def test_a05_a_value_that_was_published_too_late_is_missing_and_the_error_says_so() -> None:
    """New Year's Eve is in time, New Year's Day is not; what was not yet known is not said to be late."""
    first = step("LPIK", 2025, "3.0", date(2025, 12, 31), "forecast")
    late = edition().with_indices(first, step("LPIK", 2026, "2.0", START_2026, "forecast"))
    with pytest.raises(MissingIndex) as stopped:
        late.parameter("supplement", date(2026, 12, 31))
    assert str(stopped.value) == (
        "Indexvärde LPIK för indexår 2026, steget till prisår 2026, saknas (TB-GRU-3, TB-GRU-1). Publiceras av "
        "Sveriges Kommuner och Regioner (SKR), prognos flera gånger om året, utfall i mars; parterna för in det med "
        "källa." + LATE
    )
    with pytest.raises(MissingIndex) as unknown:
        late.as_known(date(2025, 12, 31)).parameter("supplement", date(2026, 12, 31))
    assert str(unknown.value) + LATE == str(stopped.value)


def test_a04_the_series_own_reading_shows_once_among_the_prices_readings() -> None:
    """LPIK is a reading of the text; VPI and OPI are named by it. Two steps list it once."""
    price = county().parameter("supplement", date(2026, 12, 31))
    assert [one.name for one in price.steps] == ["base_value", "A05", "index_step", "A04", "index_step"]
    assert price.readings() == ("A04", "A05")
    assert {name: one.reading for name, one in edition().series.items()} == {
        "VPI": "", "OPI": "", "LPIK": "A04", "LPI": "",
    }  # fmt: skip


def test_a07_a_preliminary_price_is_used_marked_and_replaced() -> None:
    """338 kr with a preliminary 2.0 per cent is 345 kr, noted; with the definitive 3.1 per cent it is 348 kr."""
    before = county().as_known(DEFINITIVE - timedelta(days=1)).parameter("liaison_rate", START_2026)
    assert (before.value, before.notes(), before.readings()) == (34_500, ("preliminary",), ("A07", "A08", "A64"))
    after = county().as_known(DEFINITIVE).parameter("liaison_rate", START_2026)
    assert (after.value, after.notes(), after.readings()) == (34_800, ("definitive",), ("A08", "A64"))


def test_a07_wait_has_no_price_until_the_index_is_definitive() -> None:
    """The preliminary value is left out, so that the step is missing before the definitive one and there after it."""
    waiting = county(("A07", "wait"))
    waiting = replace(waiting, choices=tuple(replace(one, decided=date(2025, 1, 1)) for one in waiting.choices))
    assert waiting.number("liaison_rate", START_2026) == 34_800
    with pytest.raises(MissingIndex, match=f"^Indexvärde OPI för indexår 2026, .*{LATE}$"):
        waiting.as_known(DEFINITIVE - timedelta(days=1)).number("liaison_rate", START_2026)


@pytest.mark.parametrize(
    ("name", "year", "message", "facts"),
    [
        (
            "hired_staff_rate", 2026,
            ("Indexvärde VPI för indexår 2025, steget till prisår 2026, saknas (OB-UPP-D5, OB-UPP-D4). Publiceras av "
            "Sveriges Kommuner och Regioner (SKR), i mitten av december; parterna för in det med källa."),
            ("VPI", 2025, 2026, ("OB-UPP-D5", "OB-UPP-D4")),
        ),
        (
            "liaison_rate", 2027,
            ("Indexvärde OPI för indexår 2026, steget till prisår 2026, saknas (SH-EKO-4, SH-EKO-3). Publiceras av "
            "Sveriges Kommuner och Regioner (SKR), i mitten av december, definitivt senast våren därpå; parterna för "
            "in det med källa."),
            ("OPI", 2026, 2026, ("SH-EKO-4", "SH-EKO-3")),
        ),
        (
            "supplement", 2026,
            ("Indexvärde LPIK för indexår 2025, steget till prisår 2025, saknas (TB-GRU-3, TB-GRU-1). Publiceras av "
            "Sveriges Kommuner och Regioner (SKR), prognos flera gånger om året, utfall i mars; parterna för in det "
            "med källa."),
            ("LPIK", 2025, 2025, ("TB-GRU-3", "TB-GRU-1")),
        ),
    ],
)  # fmt: skip
def test_a09_a_missing_index_says_what_is_missing_and_who_publishes_it(
    name: str, year: int, message: str, facts: tuple[object, ...]
) -> None:
    """Series, index year, price year, clause and publisher: nothing is frozen in silence or made up."""
    with pytest.raises(MissingIndex) as stopped:
        edition().parameter(name, date(year, 1, 1))
    error = stopped.value
    assert str(error) == message
    assert (error.series, error.index_year, error.price_year, error.clauses) == facts
    assert error.publisher.startswith("Sveriges Kommuner och Regioner (SKR)")


def test_a_day_before_the_first_value_is_not_in_force() -> None:
    """The error names the parameter, the day, the first day and the clause."""
    with pytest.raises(NotInForce) as stopped:
        edition().parameter("hired_staff_rate", date(2024, 12, 31))
    assert str(stopped.value) == (
        "Värde för Timpris för inhyrd personal den 2024-12-31 saknas (OB-UPP-D4). Första värdet gäller från 2025-01-01."
    )
    with pytest.raises(NotInForce, match=r"den 2025-07-01 saknas \(OB-UPP-D4\)\. Inget värde är beslutat då\.$"):
        edition().as_known(date(2025, 9, 4)).parameter("hired_staff_rate", date(2025, 7, 1))
    assert edition().as_known(date(2025, 9, 5)).number("hired_staff_rate", date(2025, 7, 1)) == 64_000


def revised() -> Edition:
    """The tiny edition with a new price from 1 July, decided on 1 June."""
    later = DatedValue(date(2025, 7, 1), 12_000, "decided", date(2025, 6, 1), "2:1", CHECKED)
    return replace(tiny(), known_at=None, parameters={"rate": rate(*rate().values, later)})


class Forgetful(Edition):
    """The broken twin: it ignores the day at which it was known."""

    def as_known(self, day: date) -> Edition:  # noqa: ARG002  # that is how it is broken
        """The edition itself, whatever the day."""
        return self


def recomputes_the_past(book: Edition) -> bool:
    """Whether an edition as known before a revision still gives the price that was known then."""
    day = date(2025, 8, 1)
    return book.number("rate", day) == 12_000 and book.as_known(date(2025, 5, 31)).number("rate", day) == 10_000


def test_as_known_before_a_revision_still_gives_the_earlier_price() -> None:
    """A past result can be computed again; the twin that ignores the day is caught."""
    assert recomputes_the_past(revised())
    forgetful = Forgetful(**{name: getattr(revised(), name) for name in revised().__dataclass_fields__})
    assert not recomputes_the_past(forgetful)
    assert revised().as_known(date(2025, 6, 1)).number("rate", date(2025, 8, 1)) == 12_000


def test_a_later_decision_on_the_same_first_day_wins() -> None:
    """Two values from one day: the one decided last is in force."""
    corrected = DatedValue(date(2025, 1, 1), 11_000, "decided", date(2025, 3, 1), "2:2", CHECKED)
    book = replace(tiny(), known_at=None, parameters={"rate": rate(corrected, *rate().values)})
    assert book.number("rate", date(2025, 1, 1)) == 11_000
    assert book.as_known(date(2025, 2, 1)).number("rate", date(2025, 1, 1)) == 10_000


def test_history_ends_with_none_where_an_index_is_missing() -> None:
    """Each first day with its value, and None from the first day on which something is missing."""
    assert edition().history("hired_staff_rate") == (
        (date(2025, 1, 1), 64_000), (START_2026, None), (START_2027, None),
    )  # fmt: skip
    assert county().history("hired_staff_rate") == (
        (date(2025, 1, 1), 64_000), (START_2026, 66_000), (START_2027, 68_000), (date(2028, 1, 1), None),
    )  # fmt: skip
    assert edition().history("day_ends") == ((date(2025, 1, 1), 1020),)
    assert edition().as_known(date(2025, 1, 1)).history("hired_staff_rate") == ()


def test_history_holds_every_day_on_which_the_price_changes() -> None:
    """A new base value and an index step both start a new line."""
    assert revised().history("rate") == (
        (date(2025, 1, 1), 10_000), (date(2025, 7, 1), 12_000), (START_2026, 12_384), (START_2027, None),
    )  # fmt: skip


def test_with_dated_adds_a_value_and_keeps_the_old_ones() -> None:
    """A new price from July: the old one before it, the new one after, indexed from its own year on."""
    value = DatedValue(date(2026, 7, 1), 70_000, "entered", date(2026, 6, 1), "prov", CHECKED)
    book = county().with_dated("hired_staff_rate", value)
    days = (date(2025, 7, 1), START_2026, date(2026, 6, 30), date(2026, 7, 1), START_2027)
    assert [book.number("hired_staff_rate", day) for day in days] == [64_000, 66_000, 66_000, 70_000, 72_000]
    assert [one.value for one in book.parameters["hired_staff_rate"].values] == [64_000, 70_000]
    assert book.as_known(date(2026, 5, 31)).number("hired_staff_rate", date(2026, 7, 1)) == 66_000
    assert book.fingerprint != county().fingerprint


def test_with_dated_of_equals_the_last_one_entered_counts() -> None:
    """Two values with the same first day, decided the same day: the second corrects the first, in either order."""
    one, other = (
        DatedValue(date(2026, 7, 1), value, "entered", date(2026, 6, 1), "prov", CHECKED) for value in (70_000, 69_000)
    )
    day = date(2026, 7, 1)
    assert county().with_dated("hired_staff_rate", one, other).number("hired_staff_rate", day) == 69_000
    assert county().with_dated("hired_staff_rate", other).with_dated("hired_staff_rate", one).number(
        "hired_staff_rate", day
    ) == 70_000  # fmt: skip


def test_with_dated_refuses_a_parameter_that_is_not_there() -> None:
    """The message names those that are."""
    with pytest.raises(ValueError, match="pris: parametern finns inte; det finns rate, share"):
        tiny().with_dated("pris", tiny().parameters["rate"].values[0])


def test_with_value_takes_the_place_of_every_value() -> None:
    """With its index it goes on from its year, without it stays as it is."""
    plain = county().with_value("hired_staff_rate", 70_050, date.min, "prov")
    assert [plain.number("hired_staff_rate", day) for day in (date(2024, 1, 1), START_2027)] == [70_050, 70_050]
    indexed = county().with_value("hired_staff_rate", 100_000, date(2025, 1, 1), "prov", indexed=True)
    assert indexed.number("hired_staff_rate", START_2026) == 103_200
    assert plain.parameter("hired_staff_rate", START_2026).notes() == ("entered",)


def test_with_indices_refuses_an_unknown_series() -> None:
    """The message names the series that there are."""
    with pytest.raises(ValueError, match=r"^KPI: indexserien finns inte; det finns VPI, OPI, LPIK, LPI$"):
        edition().with_indices(step("KPI", 2026, "2.0", START_2026))


def test_the_last_published_value_counts() -> None:
    """Of two vintages of one year, the later publication; the order of entry does not matter."""
    late, early = cpi(2026, "5.0", date(2026, 2, 1)), cpi(2026, "4.0", date(2026, 1, 1))
    assert tiny().with_indices(late, early).number("rate", START_2026) == 10_500
    assert tiny().with_indices(early, late).as_known(date(2026, 1, 31)).number("rate", START_2026) == 10_400


def test_choosing_refuses_what_does_not_exist_or_cannot_be_computed() -> None:
    """An unknown reading, an unknown option and an option without rules are refused with what is allowed."""
    with pytest.raises(ValueError, match=r"^Q9: läsningen finns inte; det finns Q1$"):
        tiny().choosing(Choice("Q9", "ore", "parterna", CHECKED, ""))
    with pytest.raises(ValueError, match=r"^Q1: never kan inte räknas; välj bland krona, ore$"):
        tiny().choosing(Choice("Q1", "never", "parterna", CHECKED, ""))
    with pytest.raises(ValueError, match=r"^A16: base_equal kan inte räknas; välj bland by_share, base_equally$"):
        edition().choosing(Choice("A16", "base_equal", "MT", CHECKED, ""))
    with pytest.raises(ValueError, match=r"^A02: recomputed kan inte räknas; välj bland fixed$"):
        edition().choosing(Choice("A02", "recomputed", "arenan", CHECKED, ""))


def test_a_choice_counts_from_the_day_it_is_decided_and_the_last_one_wins() -> None:
    """Before the decision the default is used; of two choices the later replaces the earlier."""
    book = tiny().choosing(Choice("Q1", "krona", "arenan", date(2025, 6, 1), "§ 2"))
    assert book.option("Q1") == "krona"
    assert book.reading("Q1").note == "vald av arenan 2025-06-01"
    assert book.as_known(date(2025, 5, 31)).option("Q1") == "ore"
    default = book.as_known(date(2025, 2, 28)).reading("Q1")
    assert (default.value, default.source, default.note) == (
        "krona", "Hel krona.", "standardval, ej bekräftat av parterna",
    )  # fmt: skip


def test_index_factor_is_one_without_index_or_before_the_base() -> None:
    """No index clause, and a year before the first value, move nothing."""
    assert edition().index_factor("day_ends", 2030) == 1
    assert edition().index_factor("supplement", 2020) == 1
    assert edition().index_factor("supplement", 2024) == 1


def test_a_price_is_explained_by_base_readings_and_steps() -> None:
    """Base value, readings, and each step with its index year, price year, publication and clause."""
    price = county().parameter("hired_staff_rate", START_2026)
    assert [(one.name, one.value, one.clauses) for one in price.steps] == [
        ("base_value", 64_000, ("OB-UPP-D4",)),
        ("A08", "indexed", ()),
        ("A64", "whole_krona", ()),
        ("index_step", Decimal("3.2"), ("OB-UPP-D5",)),
        ("A65", "published_before", ()),
    ]
    assert price.steps[3].source == "påhittat i ett prov (VPI, indexår 2025, prisår 2026, 2025-12-15)"
    assert price.source == "001:1006"
    later = county().parameter("hired_staff_rate", START_2027)
    assert [one.name for one in later.steps] == ["base_value", "A08", "A64", "index_step", "A65", "index_step"]
    assert county().parameter("hired_staff_rate", date(2025, 7, 1)).steps == ()
