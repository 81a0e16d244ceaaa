"""The supplement: TB-BERAKNING, TB-GRU, TB-AVS; readings A01-A05, A10-A14; held against the second implementation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avtal.book.answer import BadFacts
from avtal.book.edition import Edition
from avtal.book.missing import MissingIndex, NotInForce
from avtal.book.readings import Choice
from avtal.editions.jamtland_2026 import charge, edition
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES
from avtal.editions.jamtland_2026.supplement import normal_range
from tests.oracle import prices

LPIK = {"2025": "3.1", "2026": "2.8"}
KEY = dict(zip(MUNICIPALITIES, ("5.1", "4.9", "8", "11.5", "4", "9.2", "9.3", "48"), strict=True))
CODES = ", ".join(MUNICIPALITIES)


def county(*chosen: tuple[str, str]) -> Edition:
    """The county with readings chosen."""
    return edition().choosing(*[Choice(*one, "arenan", date(2026, 1, 1), "prov") for one in chosen])


def answer(name: str, *chosen: tuple[str, str], **stated: Any) -> dict[str, Any]:
    """The answer for one case, as JSON values."""
    return charge(name).price(stated, county(*chosen)).as_dict(county(*chosen))


@settings(deadline=None)
@given(
    affiliated=st.integers(0, 400) | st.sampled_from((128, 129, 169, 170)),
    year=st.sampled_from((2024, 2025, 2026, 2027)),
    percents=st.tuples(*[st.decimals(-5, 9, places=1)] * 3),
    cuts=st.lists(st.integers(0, 1000), min_size=7, max_size=7),
)
def test_tb_avs_2_any_number_and_index_agrees_with_the_second_implementation(
    affiliated: int, year: int, percents: tuple[Decimal, ...], cuts: list[int]
) -> None:
    """Amount, alternatives, index and shares in whole kronor, for any number, index and decided key."""
    edges = [0, *sorted(cuts), 1000]
    shares = {code: str(Decimal(b - a) / 10) for code, a, b in zip(MUNICIPALITIES, edges, edges[1:], strict=False)}
    lpik = {str(2025 + n): str(percent) for n, percent in enumerate(percents)}
    case = {"affiliated": affiliated, "year": year, "lpik": lpik, "factors": shares}
    ours, theirs = answer("supplement", **case), prices.supplement(case)
    assert {key: ours[key] for key in theirs} == theirs


def test_tb_gru_3_the_amounts_are_indexed_from_the_2024_level() -> None:
    """1.031 x 1.028 = 1.059868; each amount is rounded to whole kronor before persons are counted (A05)."""
    found = answer("supplement", affiliated=170, year=2026, lpik=LPIK)
    assert (found["index"], found["supplement"], found["adjustment_per_person"], found["amount"]) == (
        "1.059868", "3959061.00", "27493.00", "3986554.00",
    )  # fmt: skip
    assert found["flags"] == []
    assert "A05" in found["readings"]
    one_step = answer("supplement", ("A05", "one_step"), affiliated=149, year=2026, lpik=LPIK)
    assert (one_step["index"], one_step["amount"]) == ("1.028", "3840020.00")


def test_tb_gru_3_2025_is_the_2024_level() -> None:
    """The first year that is indexed is 2026: a step to 2025 moves 2026, never 2025 itself."""
    found = answer("supplement", affiliated=170, year=2025, lpik=LPIK)
    plain = answer("supplement", affiliated=170, level=2024)
    same = ("index", "supplement", "adjustment_per_person", "amount", "alternatives", "readings")
    assert [found[key] for key in same] == [plain[key] for key in same]
    assert (found["index"], found["amount"]) == ("1", "3761368.00")
    assert answer("supplement", affiliated=170, year=2025)["amount"] == "3761368.00"


def test_a04_an_indexed_supplement_shows_which_series_it_follows() -> None:
    """LPIK is a reading of the text; both stated steps are listed without a day, A04 once below each amount."""
    found = charge("supplement").price({"affiliated": 170, "year": 2026, "lpik": LPIK}, edition())
    assert found.explanation.readings() == ("A02", "A03", "A04", "A05", "A11", "A12", "A13", "A14")
    base = found.explanation.steps[0]
    assert [step.name for step in base.steps] == ["base_value", "A05", "index_step", "A04", "index_step"]
    assert [step.source for step in base.steps if step.name == "index_step"] == [
        "angivet i anropet: lpik (LPIK, indexår 2025, prisår 2025)",
        "angivet i anropet: lpik (LPIK, indexår 2026, prisår 2026)",
    ]


def test_tb_gru_3_a_missing_index_stops_the_run() -> None:
    """LPIK has no published value: the parties enter it."""
    with pytest.raises(MissingIndex, match="LPIK för indexår 2025"):
        answer("supplement", affiliated=149, year=2026, lpik={"2026": "2.8"})


@pytest.mark.parametrize(
    ("option", "at_170", "at_120"),
    [
        ("edge", "3761368.00", "3501968.00"),
        ("mean", "4280168.00", "2983168.00"),
        ("base", "4409868.00", "3112868.00"),
        ("once", "3761368.00", "3709488.00"),
    ],
)
def test_a03_the_parties_choose_from_where_persons_are_counted(option: str, at_170: str, at_120: str) -> None:
    """From the limit, the mean 149, the base 144, or once; inside the range nothing changes."""
    amounts = [answer("supplement", ("A03", option), affiliated=n, level=2024)["amount"] for n in (170, 120, 149)]
    assert amounts == [at_170, at_120, "3735428.00"]


def test_tb_avs_2b_the_reading_and_the_clause_show_only_outside_the_range() -> None:
    """Inside the range 2a and no A03; outside it 2b and A03 with A02 and A14."""
    inside, outside = (answer("supplement", affiliated=n, level=2024) for n in (168, 170))
    assert ("TB-AVS-2a" in inside["clauses"], "TB-AVS-2b" in inside["clauses"], inside["readings"]) == (
        True, False, ["A11", "A12", "A13"],
    )  # fmt: skip
    assert ("TB-AVS-2b" in outside["clauses"], outside["readings"]) == (
        True, ["A02", "A03", "A11", "A12", "A13", "A14"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("persons", "more"),
    [
        (128, ["A02", "A03", "A14"]), (129, ["A03"]), (130, []), (149, []), (168, []), (169, ["A03"]),
        (170, ["A02", "A03", "A14"]),
    ],
)  # fmt: skip
def test_a03_the_reading_shows_at_the_limits_and_outside_them(persons: int, more: list[str]) -> None:
    """Who is counted, for which year and in which range always; A02 and A14 only where the amount is moved."""
    found = answer("supplement", affiliated=persons, level=2024)
    assert found["readings"] == sorted(["A11", "A12", "A13", *more])


def test_a03_amounts_stay_whole_kronor_when_the_middle_is_half_a_person() -> None:
    """With a range of 129 to 170 and an odd amount per person, the shares still sum to the amount."""
    book = county(("A03", "mean")).with_value("normal_range_high", 170, date(2024, 1, 1), "prov")
    book = book.with_value("supplement_adjustment", 2_594_100, date(2024, 1, 1), "prov")
    found = charge("supplement").price({"affiliated": 171, "level": 2024, "factors": KEY}, book).fields
    assert found["amount"] == "4293160.00"
    assert sum(map(Decimal, found["shares"].values())) == Decimal(found["amount"])


def test_a10_the_decided_key_shares_whole_kronor() -> None:
    """Per cent by municipality that sum to 100, in the parties' order, by largest remainder on kronor."""
    found = answer("supplement", affiliated=149, level=2024, factors=dict(reversed(KEY.items())))
    assert list(found["shares"]) == list(MUNICIPALITIES)
    assert sum(map(Decimal, found["shares"].values())) == 3_735_428
    assert (found["shares"]["OSTERSUND"], found["shares"]["BERG"]) == ("1793006.00", "190507.00")
    assert "A10" in found["readings"]


def test_a10_each_share_rests_on_its_per_cent() -> None:
    """The reading and each municipality's share of the model, also where three factors are weighed together."""
    model = {
        "elderly": {"weight": 75, "shares": {"BERG": 50, "ARE": 50}},
        "socioeconomics": {"weight": 25, "shares": {"BERG": 10, "KROKOM": 90}},
    }
    for factors in (model, {"BERG": 40, "KROKOM": "22.5", "ARE": "37.5"}):
        found = charge("supplement").price({"affiliated": 149, "level": 2024, "factors": factors}, edition())
        [shared] = [step for step in found.explanation.steps if step.name == "shares"]
        assert [(step.name, [(w.name, w.value) for w in step.steps]) for step in shared.steps] == [
            ("A10", []),
            ("BERG", [("share_percent", 40)]),
            ("KROKOM", [("share_percent", Decimal("22.5"))]),
            ("ARE", [("share_percent", Decimal("37.5"))]),
        ]


def test_a10_three_weighted_factors_are_the_same_as_their_sum() -> None:
    """40, 35 and 25 per cent of three keys: each municipality's share is the weighted sum."""
    model = {
        "elderly": {"weight": 40, "shares": {"BERG": 50, "ARE": 50}},
        "accessibility": {"weight": "35", "shares": {"BERG": 100}},
        "socioeconomics": {"weight": 25, "shares": {"KROKOM": "100.0"}},
    }
    found = answer("supplement", affiliated=149, level=2024, factors=model)
    plain = answer("supplement", affiliated=149, level=2024, factors={"BERG": 55, "KROKOM": 25, "ARE": 20})
    assert found["shares"] == plain["shares"] == {"BERG": "2054485.00", "KROKOM": "933857.00", "ARE": "747086.00"}


OBJECT = 'ett objekt {"weight": "40", "shares": {"BERG": "5.1", ...}}'


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        ({"BERG": 50, "ARE": "49.9"}, "factors: procent med summan 100; summan är 99.9"),
        ({"BERG": 50, "OSLO": 50}, f"factors.OSLO: en av {CODES}"),
        ({"BERG": 101}, "factors.BERG: ett tal från 0 till 100"),
        ("BERG", 'factors: ett objekt: procent per kommun, eller {"elderly": {"weight", "shares"}, ...}'),
        (
            {"elderly": {"weight": 90, "shares": {"BERG": 100}}},
            "factors: procent med summan 100; summan är 90",
        ),
        (
            {"elderly": {"weight": 100, "shares": {"BERG": 90}}},
            "factors.elderly.shares: procent med summan 100; summan är 90",
        ),
        (
            {"elderly": {"weight": 60, "shares": {"BERG": 100}}, "accessibility": {"weight": 40}},
            f"factors.accessibility: {OBJECT}; factors: procent med summan 100; summan är 60",
        ),
        (
            {"elderly": {"weight": 100, "shares": {"BERG": 100}}, "accessibility": 40},
            f"factors.accessibility: {OBJECT}",
        ),
        (
            {"elderly": {"weight": 60, "shares": {"BERG": 100}}, "wolves": {"weight": 40, "shares": {"ARE": 100}}},
            "factors.wolves: en av elderly, accessibility, socioeconomics",
        ),
    ],
)
def test_a10_a_key_that_does_not_sum_to_100_is_refused(factors: object, message: str) -> None:
    """Weights and every factor's shares sum to exactly 100; a factor without shares is never left out in silence."""
    with pytest.raises(BadFacts) as refused:
        answer("supplement", affiliated=149, level=2024, factors=factors)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("stated", "missing"),
    [
        ({}, ["affiliated", "year"]),
        ({"affiliated": None, "level": 2024}, ["affiliated"]),
        ({"affiliated": 149}, ["year"]),
    ],
)
def test_tb_avs_1_an_unknown_number_or_year_leaves_the_amount_unknown(
    stated: dict[str, Any], missing: list[str]
) -> None:
    """What is missing is named."""
    found = answer("supplement", **stated)
    assert (found["amount"], found["missing"]) == (None, missing)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"level": 2024, "year": 2026}, "level: antingen level eller year, inte båda"),
        ({"level": 2025}, "level: talet 2024"),
        ({"level": 2024, "lpik": LPIK}, "lpik: behöver ett year att räkna upp till; level är oindexerad"),
        ({"year": 2023}, "year: ett heltal från 2024 till 2099"),
        ({"affiliated": -1, "level": 2024}, "affiliated: ett heltal från 0 till 100000"),
        ({"year": 2026, "lpik": {"x": 1}}, "lpik.x: ett prisår som 2026"),
    ],
)
def test_tb_avs_bad_input_names_the_key_and_what_is_allowed(stated: dict[str, Any], message: str) -> None:
    """Level or year, never both; the level is 2024."""
    with pytest.raises(BadFacts) as refused:
        answer("supplement", **{"affiliated": 149} | stated)
    assert str(refused.value) == message


def test_p_gil_1_a_year_before_the_agreement_is_flagged_but_not_the_level() -> None:
    """2025 lies before the agreement's first day; the 2024 level is the text's own."""
    assert answer("supplement", affiliated=149, year=2025, lpik=LPIK)["flags"] == ["before_agreement"]
    assert answer("supplement", affiliated=149, level=2024)["flags"] == []


def test_p_gil_3_a_year_after_the_first_term_is_flagged() -> None:
    """2028 holds only if the agreement was renewed."""
    steps = {str(year): 2 for year in range(2025, 2029)}
    flags = [answer("supplement", affiliated=149, year=year, lpik=steps)["flags"] for year in (2027, 2028)]
    assert flags == [[], ["after_agreement"]]


def test_the_supplement_is_not_known_before_it_was_decided() -> None:
    """As known before the agreement was recommended, there is no amount."""
    with pytest.raises(NotInForce, match="Tilläggsbelopp den 2024-12-31"):
        charge("supplement").price({"affiliated": 149, "level": 2024}, edition().as_known(date(2025, 9, 4)))


def test_a01_the_parties_may_choose_a_surcharge_on_top() -> None:
    """Factor 1.5 or 1 + 1.5: 3 735 428.40 or 6 225 714 kr."""
    case = {"posts": 3, "monthly_wage": 47_000, "payroll_percent": "47.18", "readiness_factor": "1.5"}
    assert answer("supplement_valuation", ("A01", "factor"), **case)["amount"] == "3735428.40"
    assert answer("supplement_valuation", ("A01", "added"), **case)["amount"] == "6225714.00"


def test_tb_berakning_the_years_cost_stands_between() -> None:
    """47 000 x 12 x 1.4718 x 3 = 2 490 285.60 kr, on posts, wage and surcharge; then the factor and A01."""
    case = {"posts": 3, "monthly_wage": 47_000, "payroll_percent": "47.18", "readiness_factor": "1.5"}
    steps = charge("supplement_valuation").price(case, edition()).explanation.steps
    assert [(step.name, step.value) for step in steps] == [
        ("year_cost", 249_028_560), ("readiness_factor", Decimal("1.5")), ("A01", "factor"),
    ]  # fmt: skip
    assert [(step.name, step.value) for step in steps[0].steps] == [
        ("posts", Decimal(3)), ("monthly_wage", 4_700_000), ("payroll_percent", Decimal("47.18")),
    ]  # fmt: skip


@settings(deadline=None)
@given(
    posts=st.decimals(0, 50, places=2),
    monthly_wage=st.decimals(0, 90_000, places=2),
    payroll_percent=st.decimals(0, 100, places=2),
    readiness_factor=st.decimals(0, 5, places=2),
)
def test_tb_berakning_any_valuation_agrees_with_the_second_implementation(**case: Decimal) -> None:
    """Posts, wage, surcharge and readiness, rounded once to the öre."""
    ours, theirs = answer("supplement_valuation", **case), prices.supplement_valuation(case)
    assert {key: ours[key] for key in theirs} == theirs


def test_tb_berakning_an_unknown_fact_leaves_the_valuation_unknown() -> None:
    """Each fact that is not stated is named."""
    found = answer("supplement_valuation", posts=3, monthly_wage=None)
    assert (found["amount"], found["missing"]) == (None, ["monthly_wage", "payroll_percent", "readiness_factor"])


@settings(deadline=None)
@given(st.lists(st.integers(0, 400), min_size=6, max_size=6))
def test_tb_gru_4_any_six_years_agree_with_the_second_implementation(counts: list[int]) -> None:
    """Mean and two sample standard deviations, to whole persons; the lower limit is never below zero."""
    low, high = prices.normal_range(counts)
    assert normal_range(tuple(counts)) == (max(low, 0), high)


def test_tb_gru_4_six_years_give_a_range() -> None:
    """A mean of 149 and a sample deviation of 10 give 129 to 169 (A13)."""
    counts = dict(zip(("2019", "2020", "2021", "2022", "2023", "2024"), (139, 139, 149, 149, 159, 159), strict=True))
    found = answer("normal_range", counts=counts)
    assert (found["low"], found["high"], found["readings"]) == (131, 167, ["A13"])
    assert answer("normal_range", counts=dict(reversed(counts.items())))["low"] == 131
    assert answer("normal_range")["missing"] == ["counts"]


def test_tb_gru_4_the_mean_and_the_deviation_are_shown() -> None:
    """Mean 149 of six years, sample deviation the root of 80: 8.9443, to four decimals."""
    counts = dict(zip(map(str, range(2019, 2025)), (139, 139, 149, 149, 159, 159), strict=True))
    mean, deviation, reading = charge("normal_range").price({"counts": counts}, edition()).explanation.steps
    assert (mean.name, mean.value, [(year.name, year.value) for year in mean.steps]) == (
        "mean", 149, list(counts.items()),
    )  # fmt: skip
    assert (deviation.name, deviation.value, reading.name) == ("deviation", Decimal("8.9443"), "A13")


@pytest.mark.parametrize(
    "counts",
    [
        {"2022": 140},
        {str(year): 140 for year in (2019, 2020, 2021, 2022, 2023, 2025)},
        {str(year): 140 for year in range(2018, 2025)},
        dict.fromkeys("abcdef", 140),
        {f"０{n}": 140 for n in range(6)},
    ],
)
def test_tb_gru_4_anything_but_six_years_in_a_row_is_refused(counts: dict[str, int]) -> None:
    """Fewer, more, with a gap, or not years at all."""
    with pytest.raises(BadFacts, match=r'^counts: sex hela år i följd, som {"2022": 140, \.\.\.}$'):
        answer("normal_range", counts=counts)


def test_tb_gru_4_half_persons_are_refused() -> None:
    """Persons are whole."""
    counts: dict[str, object] = {str(year): 140 for year in range(2019, 2025)}
    with pytest.raises(BadFacts, match=r"^counts\.2020: ett heltal$"):
        answer("normal_range", counts=counts | {"2020": "140.5"})
