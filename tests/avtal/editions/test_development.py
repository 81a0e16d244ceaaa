"""The development fund, the national share and staff in hospital: P-EKO-UM-1, MTN-2, OB-SLU; A38, A42, A51."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avtal.book.answer import BadFacts
from avtal.book.missing import MissingValue
from avtal.editions.jamtland_2026 import charge, edition
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES
from tests.oracle import prices

AMOUNTS = st.decimals(0, 10**8, places=2).map(str)
STAY: dict[str, Any] = {"municipality": "BERG", "wage_cost": "1200.50", "written_agreement": True}


def answer(name: str, **stated: Any) -> dict[str, Any]:
    """The answer for one case, as JSON values."""
    return charge(name).price(stated, edition()).as_dict(edition())


def test_p_eko_um_1_half_is_the_regions_and_half_the_municipalities() -> None:
    """An odd öre is the region's; the municipal half follows the decided key."""
    found = answer("development_fund", amount="100.01", shares={"KROKOM": "33.4", "BERG": "33.3", "ARE": "33.3"})
    assert (found["REGION"], found["municipalities"]) == (
        "50.01", {"BERG": "16.65", "KROKOM": "16.70", "ARE": "16.65"},
    )  # fmt: skip
    assert (found["amount"], found["readings"]) == ("100.01", ["A51", "A66"])


def test_p_eko_um_1_shares_rest_on_their_per_cent() -> None:
    """Each municipality's share names the weight it was given."""
    stated = {"amount": 100, "shares": {"BERG": "33.4", "ARE": "66.6"}}
    region, _, *shares, last = charge("development_fund").price(stated, edition()).explanation.steps
    assert (region.name, last.name) == ("REGION", "A66")
    assert [(one.name, one.value, [(w.name, w.value) for w in one.steps]) for one in shares] == [
        ("BERG", 1670, [("share_percent", Decimal("33.4"))]), ("ARE", 3330, [("share_percent", Decimal("66.6"))]),
    ]  # fmt: skip


def test_mtn_2_shares_rest_on_their_inhabitants() -> None:
    """Each region's share names its population."""
    stated = {"amount": 1000, "populations": {"X": 1, "Y": 2}}
    steps = charge("national_share").price(stated, edition()).explanation.steps
    assert [(one.source, one.value, [(w.name, w.value) for w in one.steps]) for one in steps[1:]] == [
        ("X", 33_333, [("inhabitants", 1)]), ("Y", 66_667, [("inhabitants", 2)]),
    ]  # fmt: skip


@settings(deadline=None)
@given(AMOUNTS, st.lists(st.integers(0, 1000), min_size=7, max_size=7))
def test_p_eko_um_1_any_fund_agrees_with_the_second_implementation(amount: str, cuts: list[int]) -> None:
    """Any amount and key, to the öre."""
    edges = [0, *sorted(cuts), 1000]
    shares = {code: str(Decimal(b - a) / 10) for code, a, b in zip(MUNICIPALITIES, edges, edges[1:], strict=False)}
    ours, theirs = (price({"amount": amount, "shares": shares}) for price in (_fund, prices.development_fund))
    assert {key: ours[key] for key in theirs} == theirs


def _fund(case: dict[str, Any]) -> dict[str, Any]:
    return answer("development_fund", **case)


@pytest.mark.parametrize("stated", [{}, {"shares": None}, {"shares": {}}])
def test_a51_a_missing_key_says_who_decides_it(stated: dict[str, Any]) -> None:
    """The key between municipalities is not in the text, and is never invented."""
    with pytest.raises(MissingValue) as stopped:
        answer("development_fund", amount=100, **stated)
    assert str(stopped.value) == (
        "Fördelningsnyckel mellan kommunerna för utvecklingsmedel saknas (P-EKO-UM-1, GU-BAK-1). "
        "Beslutas av arenan (A51)."
    )
    assert stopped.value.clauses == ("P-EKO-UM-1", "GU-BAK-1")


@pytest.mark.parametrize("name", ["development_fund", "national_share"])
def test_an_unknown_amount_is_named(name: str) -> None:
    """Without an amount there is nothing to share."""
    found = answer(name)
    assert (found["amount"], found["missing"]) == (None, ["amount"])


@pytest.mark.parametrize(
    ("name", "stated", "message"),
    [
        ("development_fund", {"amount": "1e3"}, "amount: ett tal från 0 till 1000000000 med högst 2 decimaler"),
        ("development_fund", {"amount": 1, "shares": {"BERG": 99}}, "shares: procent med summan 100; summan är 99"),
        ("national_share", {"amount": 1, "populations": {"X": 0}}, "populations: minst en invånare"),
        ("national_share", {"amount": 1, "populations": {"X": -1}}, "populations.X: ett tal från 0 till 1000000000"),
        ("national_share", {"amount": 1, "people": 1}, "people: okänd nyckel; tillåtna är amount, populations"),
    ],
)
def test_bad_input_names_the_key_and_what_is_allowed(name: str, stated: dict[str, Any], message: str) -> None:
    """Exponents, keys that do not sum to 100 and empty regions are refused."""
    with pytest.raises(BadFacts) as refused:
        answer(name, **stated)
    assert str(refused.value) == message


def test_a42_missing_populations_say_who_decides() -> None:
    """The document gives no key: the populations are entered."""
    with pytest.raises(MissingValue) as stopped:
        answer("national_share", amount=100)
    assert str(stopped.value) == (
        "Folkmängd per region för den nationella andelen saknas (MTN-2). Beslutas av parterna (A42)."
    )


@settings(deadline=None)
@given(AMOUNTS, st.dictionaries(st.text("abcåäö ", min_size=1), st.integers(0, 10**7), min_size=1))
def test_mtn_2_any_share_agrees_with_the_second_implementation(amount: str, populations: dict[str, int]) -> None:
    """Any amount and populations, in the given order, to the öre."""
    if not any(populations.values()):
        return
    case = {"amount": amount, "populations": populations}
    found = answer("national_share", **case)
    assert found["shares"] == prices.national_share(case)["shares"]
    assert found["readings"] == ["A42"]


def test_ob_slu_3_wages_travel_and_travel_time_are_invoiced() -> None:
    """1 200.50 + 300 + 99.25 = 1 599.75 kr, paid by the region."""
    found = answer("hospital_attendance", **STAY, travel_cost=300, travel_time_pay="99.25")
    assert (found["amount"], found["payer"], found["status"]) == ("1599.75", "REGION", "charged")
    assert (found["flags"], found["readings"]) == ([], ["A38"])


@settings(deadline=None)
@given(st.fixed_dictionaries({"wage_cost": AMOUNTS}, optional={"travel_cost": AMOUNTS, "travel_time_pay": AMOUNTS}))
def test_ob_slu_3_any_costs_agree_with_the_second_implementation(costs: dict[str, str]) -> None:
    """With and without a written agreement."""
    for agreed in (True, False):
        case = {"municipality": "BERG", "written_agreement": agreed, **costs}
        ours, theirs = answer("hospital_attendance", **case), prices.hospital_attendance(case)
        assert {key: ours[key] for key in ("amount", "payer", "status")} == {
            key: theirs[key] for key in ("amount", "payer", "status")
        }
        assert set(ours["flags"]) == theirs["flags"]


def test_a68_costs_that_are_absent_beside_a_wage_show_the_reading() -> None:
    """One absent cost is enough; when all are stated, also as zero, the reading does not matter."""
    readings = [
        answer("hospital_attendance", **STAY, **costs)["readings"]
        for costs in ({}, {"travel_cost": 1}, {"travel_time_pay": 1}, {"travel_cost": 0, "travel_time_pay": 0})
    ]
    assert readings == [["A38", "A68"]] * 3 + [["A38"]]


def test_p_gil_3_a_day_after_the_first_term_is_flagged() -> None:
    """2027-12-31 is its last day; after it the answer holds only if the agreement was renewed."""
    flags = [answer("hospital_attendance", **STAY, date=day)["flags"] for day in ("2027-12-31", "2028-01-01")]
    assert flags == [[], ["after_agreement"]]


def test_ob_slu_2_without_a_written_agreement_nothing_is_invoiced() -> None:
    """No amount, and a flag; when it is unknown, the amount is too (A38)."""
    without = answer("hospital_attendance", **STAY | {"written_agreement": False})
    assert (without["amount"], without["flags"]) == ("0.00", ["written_agreement_missing"])
    unknown = answer("hospital_attendance", **STAY | {"written_agreement": None})
    assert (unknown["amount"], unknown["status"], unknown["missing"]) == (None, None, ["written_agreement"])


@pytest.mark.parametrize(
    ("stated", "missing"),
    [
        ({"wage_cost": None}, ["wage_cost", "travel_cost", "travel_time_pay"]),
        ({"travel_cost": None}, ["travel_cost"]),
        ({"travel_time_pay": None}, ["travel_time_pay"]),
    ],
)
def test_ob_slu_3_unknown_costs_are_named(stated: dict[str, Any], missing: list[str]) -> None:
    """Travel that is absent beside a wage did not occur; an explicit null is unknown."""
    found = answer("hospital_attendance", **STAY | stated)
    assert (found["amount"], found["missing"]) == (None, missing)
