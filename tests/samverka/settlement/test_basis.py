"""What shared sums rest on: registered by one, approved by another, frozen with its list, never charged twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from samverka.core.acting import Actor, Role
from samverka.core.errors import Refused
from samverka.settlement import basis
from samverka.settlement.models import Basis
from samverka.settlement.selectors import basis_for, national_shares
from tests.samverka.platform import AT, actor
from tests.samverka.settlement.county import COUNTS, approved_basis, approver, issued, registrar

pytestmark = pytest.mark.usefixtures("jamtland")

TOLD: dict[str, Any] = {"kind": "equipment_fixed", "period": "2025H2", "month": 202507, "stated": {"counts": COUNTS},
                        "source": "bilaga 1", "example": False, "at": AT}  # fmt: skip
ITEMS = [{"municipality": "BERG", "item": f"B{n}", "label": "EKG"} for n in range(2)]


def registered(**more: Any) -> Basis:
    """By the region's registrar."""
    return basis.register_basis(registrar("REGION"), **{**TOLD, **more})


def test_nobody_approves_an_own_basis() -> None:
    """Two people stand behind every count."""
    found = registered()
    with pytest.raises(Refused, match="En annan person"):
        basis.approve_basis(Actor(registrar("REGION").user, "REGION", Role.APPROVER), found, at=AT)
    assert basis.approve_basis(approver("REGION"), found, at=AT).state == "approved"


def test_one_basis_is_approved_for_a_period() -> None:
    """The second is refused until the first is withdrawn."""
    first = approved_basis()
    second = registered(source="omräkning")
    told = "redan ett godkänt underlag för 2025H2. Återkalla det först; är det fakturerat krediteras fakturorna innan"
    with pytest.raises(Refused, match=told):
        basis.approve_basis(approver("REGION"), second, at=AT)
    basis.withdraw_basis(approver("REGION"), first, reason="omräknat", at=AT)
    assert basis.approve_basis(approver("REGION"), second, at=AT).state == "approved"


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"kind": "supplement", "period": "2025", "month": 202603, "stated": {"affiliated": "98"}},
    ],
    ids=["equipment_fixed", "supplement"],
)
def test_a_period_is_not_settled_again_in_another_month(told: dict[str, Any]) -> None:
    """A half-year's equipment and a year's supplement are owed once, whatever month a second basis names."""
    approved_basis(**told)
    second = registered(**{**told, "month": 202512, "source": "en annan månad"})
    with pytest.raises(Refused, match="redan ett godkänt underlag"):
        basis.approve_basis(approver("REGION"), second, at=AT)


def test_the_fund_gets_more_than_one_amount_in_a_year() -> None:
    """Development money follows its decisions: two of a year are two amounts, each in its month (A67)."""
    told = {"kind": "development_fund", "period": "2026", "stated": {"amount": "1000.00"}}
    assert [approved_basis(month=month, **told).state for month in (202603, 202609)] == ["approved"] * 2


def test_an_invoiced_basis_is_not_withdrawn() -> None:
    """The invoice is credited first."""
    found = approved_basis()
    issued("REGION")
    with pytest.raises(Refused, match="fakturerat"):
        basis.withdraw_basis(approver("REGION"), found, reason="omräknat", at=AT)


def test_counts_are_made_from_the_list() -> None:
    """Each row is one item of a municipality; a municipality without any has none."""
    found = registered(stated={}, listed=ITEMS)
    assert found.stated["counts"] == {name: "2" if name == "BERG" else "0" for name in COUNTS}
    assert found.listed == ITEMS
    assert found.digest != registered(stated={}, listed=ITEMS[:1]).digest


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"kind": "fee"}, "finns inte"),
        ({"listed": [*ITEMS, ITEMS[0]]}, "står redan i listan"),
        ({"listed": [{"municipality": "REGION", "item": "1"}]}, "kommunen ska vara en av"),
        ({"listed": [{"municipality": "BERG", "item": " "}]}, "inventarienumret"),
        ({"listed": ITEMS}, "listan har 2 inventarier, angivet är 50"),
        ({"stated": {"counts": {**COUNTS, "BERG": "50.5"}}}, "ett helt antal"),
        ({"stated": {"counts": {**COUNTS, "BERG": "-1"}}}, "counts.BERG"),
        ({"stated": {"counts": {"BERG": "1"}}}, "Antal saknas för"),
        ({"stated": {"counts": dict.fromkeys(COUNTS, "0")}}, "minst en registrerad"),
        ({"stated": {"counts": COUNTS, "rate": "1"}}, "ska ange"),
        ({"stated": {"counts": COUNTS, "half_year": "2026H1"}}, "Halvåret ska vara 2025H2"),
        ({"period": "2025Q1"}, "Perioden ska vara som"),
        ({"month": 202513}, "månaden som"),
        ({"source": " "}, "dokumentet"),
        ({"kind": "supplement", "period": "2026", "stated": {"affiliated": "minst"}}, "affiliated"),
        ({"kind": "supplement", "period": "2026", "stated": {"affiliated": "1", "year": "2027"}}, "Året ska vara 2026"),
        ({"kind": "national_share", "stated": {"amount": "1", "populations": {"X": "1"}}}, "den egna regionen"),
    ],
)
def test_what_is_wrong_is_refused_in_words(more: dict[str, Any], told: str) -> None:
    """The charge itself says what is allowed."""
    with pytest.raises(Refused, match=told):
        registered(**more)
    assert not Basis.objects.exists()


def test_each_kind_has_its_keepers() -> None:
    """The region counts; a municipality cannot register what the others pay by. The fund's may be the region's."""
    with pytest.raises(Refused, match="registreras av"):
        basis.register_basis(registrar("BERG"), **TOLD)
    with pytest.raises(PermissionDenied):
        basis.register_basis(approver("REGION"), **TOLD)
    fund = {"kind": "development_fund", "period": "2025", "stated": {"amount": "100"}}
    assert registered(**fund).party == "FUND"


def test_a_basis_is_seen_by_all_when_it_is_approved() -> None:
    """Until then its keepers see it."""
    found = registered()
    assert (list(basis_for(registrar("REGION"))), list(basis_for(registrar("BERG")))) == ([found], [])
    basis.approve_basis(approver("REGION"), found, at=AT)
    assert list(basis_for(registrar("BERG"))) == [found]
    assert list(basis_for(actor("", Role.AUDITOR))) == [found]


def test_the_national_share_is_expected_and_not_invoiced() -> None:
    """MTN-2 and A42: per inhabitant; nobody here is paid, so it is shown and no invoice is made."""
    told = {"kind": "national_share", "period": "2025", "month": 202512,
            "stated": {"amount": "3000000", "populations": {"REGION": "1", "ANDRA": "2"}}}  # fmt: skip
    found = approved_basis(**told)
    [(shown, kronor, explanation)] = national_shares(registrar("REGION"))
    assert (shown, kronor) == (found, "1000000.00")
    assert explanation["clauses"] == ["MTN-2"]
