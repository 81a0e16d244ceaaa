"""Every figure that must come out of the agreement, and the document's own worked examples."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from avtal import money
from avtal.editions.jamtland_2026 import charge, edition, validity

POPULATION = Path(__file__).parents[4] / "shared" / "facts" / "region_population_2018.csv"

COUNTS = {
    "BERG": 50, "BRACKE": 60, "HARJEDALEN": 96, "KROKOM": 90, "RAGUNDA": 41, "STROMSUND": 152, "ARE": 53,
    "OSTERSUND": 381,
}  # fmt: skip
PERCENT = {
    "BERG": "5.4", "BRACKE": "6.5", "HARJEDALEN": "10.4", "KROKOM": "9.8", "RAGUNDA": "4.4", "STROMSUND": "16.5",
    "ARE": "5.7", "OSTERSUND": "41.3",
}  # fmt: skip
SHARES = {
    "BERG": "6831.69", "BRACKE": "8198.02", "HARJEDALEN": "13116.83", "KROKOM": "12297.03", "RAGUNDA": "5601.98",
    "STROMSUND": "20768.32", "ARE": "7241.59", "OSTERSUND": "52057.44",
}  # fmt: skip


def answer(name: str, **stated: Any) -> dict[str, Any]:
    """The answer of a charge for one case, as JSON values."""
    return charge(name).price(stated, edition()).as_dict(edition())


def test_tb_berakning_three_posts_and_a_factor_of_one_and_a_half() -> None:
    """47 000 x 12 x 1.4718 x 3 x 1.5 = 3 735 428.40 kr; read literally as a surcharge it is 6 225 714 kr (A01)."""
    valued = answer(
        "supplement_valuation", posts=3, monthly_wage=47_000, payroll_percent="47.18", readiness_factor="1.5"
    )
    assert (valued["amount"], valued["literal_reading"]) == ("3735428.40", "6225714.00")
    assert valued["readings"] == ["A01"]


@pytest.mark.parametrize("persons", range(129, 170))
def test_tb_avs_2a_129_to_169_persons_give_the_supplement_unadjusted(persons: int) -> None:
    """Both limits belong to the range: 3 735 428 kr, and the other readings say the same."""
    found = answer("supplement", affiliated=persons, level=2024)
    assert (found["amount"], found["persons_outside"], found["index"]) == ("3735428.00", 0, "1")
    assert set(found["alternatives"].values()) == {"3735428.00"}


@pytest.mark.parametrize(
    ("persons", "outside", "amount"), [(170, 1, "3761368.00"), (120, -9, "3501968.00"), (128, -1, "3709488.00")]
)
def test_tb_avs_2_counts_persons_outside_the_range(persons: int, outside: int, amount: str) -> None:
    """25 940 kr for each person beyond the nearest limit (A03)."""
    found = answer("supplement", affiliated=persons, level=2024)
    assert (found["persons_outside"], found["amount"]) == (outside, amount)
    assert (found["supplement"], found["adjustment_per_person"]) == ("3735428.00", "25940.00")


def test_tb_gru_2_person_170_shows_what_the_other_readings_would_give() -> None:
    """From the mean 544 740 kr more, from the base 674 440 kr more, once 25 940 kr more (A03)."""
    alternatives = answer("supplement", affiliated=170, level=2024)["alternatives"]
    more = {name: Decimal(amount) - 3_735_428 for name, amount in alternatives.items()}
    assert more == {"from_mean": 544_740, "from_base": 674_440, "once": 25_940}


def test_mt_b1_1_the_fixed_part_of_a_half_year() -> None:
    """(40 h + 12 min x 923) / 2 x 1 123 kr = 126 112.90 kr, split by count to the öre (A16)."""
    found = answer("equipment_fixed", half_year="2025H2", counts=COUNTS)
    assert (found["total"], found["hours"], found["rate"]) == ("126112.90", "112.3", "1123.00")
    assert found["shares"] == SHARES
    assert sum(map(Decimal, found["shares"].values())) == Decimal("126112.90")
    assert Fraction(12_611_290, 100) * 2 == Fraction("252225.80")


def test_mt_b1_1b_the_documents_own_table() -> None:
    """923 items and 100.0 per cent, municipality by municipality (A57)."""
    found = answer("equipment_fixed", half_year="2025H2", counts=COUNTS)
    assert found["percent"] == PERCENT
    assert sum(COUNTS.values()) == 923
    assert str(sum(map(Decimal, found["percent"].values()))) == "100.0"


def test_p_gil_1_an_answer_for_2025_says_that_it_is_the_worked_example() -> None:
    """The table was counted before the agreement's first day; an answer for 2026 carries no such flag."""
    early, later = (
        answer("equipment_fixed", half_year=half, counts=COUNTS, rate=1159)["flags"] for half in ("2025H2", "2026H1")
    )
    assert (early, later) == (["before_agreement", "worked_example"], [])


def test_a57_splitting_by_the_printed_percentages_is_wrong_by_up_to_62_kr() -> None:
    """Counting with one decimal moves whole kronor between municipalities."""
    printed = {code: Decimal("126112.90") * Decimal(percent) / 100 for code, percent in PERCENT.items()}
    wrong = {code: abs(printed[code] - Decimal(SHARES[code])) for code in SHARES}
    assert max(wrong.values()).quantize(Decimal(1)) == 62


def test_a16_rounding_each_row_loses_an_ore() -> None:
    """The broken twin rounds each share by itself: 126 112.89 kr. The split loses nothing."""
    rows = [money.round_to(Fraction(12_611_290 * count, 923)) for count in COUNTS.values()]
    assert sum(rows) == 12_611_289
    assert sum(money.split(12_611_290, COUNTS).values()) == 12_611_290


def test_ob_upp_d4_hired_staff_costs_640_kr_per_started_hour_in_2025() -> None:
    """Nine to ten is one hour, one minute more is two."""
    case = {
        "from": "BERG", "to": "REGION", "date": "2025-07-01", "start": "09:00", "profession": "nurse",
        "principal_level": "primary",
    }  # fmt: skip
    assert [answer("hired_staff", **case, end=end)["amount"] for end in ("09:01", "10:00", "10:01")] == [
        "640.00", "640.00", "1280.00",
    ]  # fmt: skip


def test_sh_eko_3_liaisons_cost_338_kr_per_started_hour_in_2025() -> None:
    """Sixty minutes are one hour, sixty-one are two."""
    case = {
        "kind": "hearing", "municipality": "ARE", "patient_responsibility": "REGION", "action": "motivate",
        "agreed": True, "date": "2025-07-01",
    }  # fmt: skip
    assert [answer("liaison", **case, work_minutes=n)["amount"] for n in (60, 61)] == ["338.00", "676.00"]


def test_mt_b1_3_medical_technology_costs_1123_kr_per_hour_in_2025() -> None:
    """An hour and a half is 1 684.50 kr: actual time, no started hours (A17)."""
    case = {"municipality": "ARE", "date": "2025-07-01", "requested": True}
    assert [answer("equipment_variable", **case, hours=n)["amount"] for n in ("1", "1.5")] == ["1123.00", "1684.50"]


def test_p_gil_2_and_3_notice_and_renewal() -> None:
    """The last day of notice is 2026-12-31; without notice the agreement runs 2028-01-01 to 2029-12-31."""
    assert str(validity.last_day_of_notice(edition())) == "2026-12-31"
    assert [str(day) for day in validity.renewed_term(edition())] == ["2028-01-01", "2029-12-31"]
    assert (str(edition().valid_from), str(edition().valid_to)) == ("2026-01-01", "2027-12-31")


@pytest.mark.parametrize(
    ("amount", "share", "told"), [("2400000", "59385.22", 59_385), ("3000000", "74231.52", 74_232)]
)
def test_mtn_2_norrbotten_was_told_its_share_per_inhabitant(amount: str, share: str, told: int) -> None:
    """250 969 of 10 142 686 inhabitants: 59 385.22 of 2.4 million and 74 231.52 of 3 million kr (A42)."""
    populations = {"Norrbottens län": 250_969, "övriga": 9_891_717}
    shares = answer("national_share", amount=amount, populations=populations)["shares"]
    assert shares["Norrbottens län"] == share
    assert money.round_to(Decimal(share)) == told


@pytest.mark.skipif(not POPULATION.exists(), reason="the shared facts are not beside this checkout")
@pytest.mark.parametrize(("amount", "share"), [("2400000", "59385.22"), ("3000000", "74231.52")])
def test_mtn_2_the_shares_of_all_regions_sum_to_the_whole(amount: str, share: str) -> None:
    """With every region's population, Norrbotten's share is the same and no öre is lost."""
    with POPULATION.open(encoding="utf-8") as file:
        populations = {row["lan_name"]: row["population_2018_03_31"] for row in csv.DictReader(file)}
    shares = answer("national_share", amount=amount, populations=populations)["shares"]
    assert len(shares) == 21
    assert shares["Norrbottens län"] == share
    assert sum(map(Decimal, shares.values())) == Decimal(amount)
