"""A settlement accounts for every event and every krona, with reasons: MT-B1, TB-AVS, GU-BAK, OB-UPP."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import avtal.settlement
from avtal import money
from avtal.book.answer import party
from avtal.book.missing import MissingIndex, MissingValue
from avtal.editions.jamtland_2026 import CHARGES, edition
from avtal.editions.jamtland_2026.parties import MUNICIPALITIES, REGION
from avtal.settlement import Settlement, counts, key_missing, settle_events, settle_shares
from tests.avtal.events import EVENT_CHARGES, Made, event_charge, events, made, one_by_one, table, with_prices_of_2026
from tests.engines import Sqlite

ITEMS = dict(zip(MUNICIPALITIES, (50, 60, 96, 90, 41, 152, 53, 381), strict=True))
KEY = dict.fromkeys(MUNICIPALITIES, "12.5")
FACTORS = {name: {"weight": weight, "shares": KEY} for name, weight in
           (("elderly", "50"), ("accessibility", "30"), ("socioeconomics", "20"))}  # fmt: skip


def settled(sqlite: Sqlite, name: str, found: list[Made]) -> Settlement:
    """Events settled in a table of their own."""
    charge = event_charge(name)
    return settle_events(charge, table(sqlite, charge, found, "settled"), with_prices_of_2026())


def singles(name: str, found: list[Made]) -> tuple[int, dict[str, int]]:
    """The sum of every event's own price in öre, and how many events have each outcome."""
    amount, outcomes = 0, dict.fromkeys(("charged", "free", "manual", "not_chargeable"), 0)
    for one in found:
        fields = event_charge(name).price(one.stated, with_prices_of_2026()).fields
        amount += money.ore(Decimal(fields["amount"] or "0"))
        outcomes[fields["status"]] += 1
    return amount, {status: number for status, number in outcomes.items() if number}


@pytest.mark.parametrize("name", EVENT_CHARGES)
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=st.lists(st.integers(0, 700), unique=True, max_size=25))
def test_the_lines_are_the_sum_of_the_single_prices(sqlite: Sqlite, name: str, numbers: list[int]) -> None:
    """Whatever events a folder holds, its lines add up to their prices one by one, and no event is lost."""
    every = events(name, 1_500)
    found = [every[number] for number in numbers]
    result = settled(sqlite, name, found)
    amount, outcomes = singles(name, found)
    assert result.total == amount
    assert {status: number for (_, status), number in counts(result).items()} == outcomes
    for line in result.lines:
        assert sum(int(str(step.value)) for step in line.explanation.steps) == line.amount
        assert len(line.explanation.steps) == line.events


@pytest.mark.parametrize("name", EVENT_CHARGES)
def test_above_the_boundary_alike_events_are_explained_once(
    sqlite: Sqlite, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """One event stands for all of a line with the same amount, says for how many, and each krona is accounted for."""
    found = list(events(name, 400))
    every = settled(sqlite, name, found)
    monkeypatch.setattr(avtal.settlement, "EXPLAINED", 20)
    grouped = settled(sqlite, name, found)
    without = [(line.payer, line.payee, line.month, line.events, line.quantity, line.amount) for line in every.lines]
    assert [(i.payer, i.payee, i.month, i.events, i.quantity, i.amount) for i in grouped.lines] == without
    assert counts(grouped) == counts(every)
    for line in grouped.lines:
        told = [(int(step.note.split()[0]), int(str(step.value))) for step in line.explanation.steps]
        assert sum(number for number, _ in told) == line.events
        assert sum(number * amount for number, amount in told) == line.amount
        assert len({amount for _, amount in told}) == len(told)
        assert all("händelser med detta belopp; här E" in step.note for step in line.explanation.steps)


def test_the_boundary_itself_is_explained_one_by_one(sqlite: Sqlite, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many events as the boundary are all told with id and day; one more and they are grouped."""
    job = {"municipality": "ARE", "date": "2025-09-01", "hours": "1", "requested": True}
    monkeypatch.setattr(avtal.settlement, "EXPLAINED", 3)
    at = settled(sqlite, "equipment_variable", made(event_charge("equipment_variable"), [job] * 3))
    above = settled(sqlite, "equipment_variable", made(event_charge("equipment_variable"), [job] * 4))
    assert [step.note for step in at.lines[0].explanation.steps] == [f"E{n}, 2025-09-01" for n in (2, 3, 4)]
    assert [step.note for step in above.lines[0].explanation.steps] == [
        "4 händelser med detta belopp; här E2, 2025-09-01"
    ]


@pytest.mark.parametrize("boundary", [1, 2_000])
def test_an_example_is_never_explained_under_a_true_line(
    sqlite: Sqlite, monkeypatch: pytest.MonkeyPatch, boundary: int
) -> None:
    """Example data and true events of one payer and month are two lines, each with its own reasons only."""
    monkeypatch.setattr(avtal.settlement, "EXPLAINED", boundary)
    job = {"municipality": "ARE", "date": "2025-09-01", "requested": True}
    found = made(
        event_charge("equipment_variable"), [job | {"hours": hours} for hours in ("1", "1", "1", "1", "1", "2")]
    )
    result = settled(sqlite, "equipment_variable", found)
    assert [(line.example, line.events, line.amount) for line in result.lines] == [
        (False, 5, 5 * 112_300), (True, 1, 224_600),
    ]  # fmt: skip
    for line in result.lines:
        ids = {step.note.split()[-2].rstrip(",") for step in line.explanation.steps}
        assert ids <= ({"E7"} if line.example else {"E2", "E3", "E4", "E5", "E6"})


def test_ob_upp_n_a_night_over_a_months_end_belongs_to_the_month_it_starts_in(sqlite: Sqlite) -> None:
    """From 22:00 on 30 September to 09:00: one started hour in September, none in October."""
    night = {"from": "REGION", "to": "ARE", "date": "2025-09-30", "start": "16:30", "end": "16:00",
             "profession": "nurse", "principal_level": "primary"}  # fmt: skip
    free = night | {"from": "BERG", "to": "REGION", "start": "22:00", "end": "09:00"}
    result = settled(sqlite, "hired_staff", made(event_charge("hired_staff"), [free, night]))
    [line] = result.lines
    assert (line.month, line.quantity, line.unit, line.amount) == ("2025-09", 1, "tim", 64_000)
    [left] = result.not_charged
    assert (left.month, left.status, left.payer, left.explanation.value) == (
        "2025-09", "manual", "MUNICIPALITY:ARE", None,
    )  # fmt: skip


def test_what_costs_nothing_is_told_with_its_reason(sqlite: Sqlite) -> None:
    """A free evening is zero and left to nobody; what people decide has no value, not even below."""
    evening = {"from": "BERG", "to": "REGION", "date": "2025-09-30", "start": "18:00", "work_minutes": 30,
               "profession": "nurse", "principal_level": "primary"}  # fmt: skip
    stated = [evening, evening | {"profession": "physiotherapist"}, evening | {"work_minutes": 0}]
    result = settled(sqlite, "hired_staff", made(event_charge("hired_staff"), stated))
    assert result.lines == ()
    told = {rest.status: (rest.events, rest.explanation.value, rest.explanation.steps[0].value)
            for rest in result.not_charged}  # fmt: skip
    assert told == {"free": (1, 0, 0), "manual": (1, None, None), "not_chargeable": (1, 0, 0)}
    assert result.explanations() == tuple(rest.explanation for rest in result.not_charged)


def test_lines_are_ordered_and_named_like_the_totals(sqlite: Sqlite) -> None:
    """Payer, payee, month, quantity in whole units and amount of each line are those of the totals."""
    found = list(events("equipment_variable", 200))
    expected = [total for total in one_by_one(event_charge("equipment_variable"), found, with_prices_of_2026())
                if total.status == "charged"]  # fmt: skip
    result = settled(sqlite, "equipment_variable", found)
    assert [(i.payer, i.payee, i.month, i.quantity, i.amount) for i in result.lines] == [
        (
            party(t.payer, edition()),
            t.payee,
            f"{t.month // 100}-{t.month % 100:02d}",
            Fraction(t.quantity, 10_000),
            t.amount,
        )
        for t in expected
    ]


# -- sums that are shared -----------------------------------------------------------------------------


def shares(name: str, stated: dict[str, Any], book: Any = None, **more: Any) -> Settlement:
    """A sum shared by one of the charges."""
    charge = CHARGES[name]
    payers = {code: (code, REGION) for code in (REGION, *MUNICIPALITIES)}
    told = {"payers": payers, "quantities": {}, "unit": "st", "example": False} | more
    return settle_shares(charge, stated, book or edition(), "2025-07", **told)  # type: ignore[arg-type]


def test_mt_b1_1_the_shares_of_the_fixed_part_sum_to_the_ore() -> None:
    """The document's 923 items: 126 112.90 kr in eight lines of one explanation, each by exact share."""
    found = shares("equipment_fixed", {"half_year": "2025H2", "counts": ITEMS}, quantities=ITEMS, example=True)
    assert [money.kronor(line.amount) for line in found.lines] == [
        "6831.69", "8198.02", "13116.83", "12297.03", "5601.98", "20768.32", "7241.59", "52057.44",
    ]  # fmt: skip
    assert (found.total, sum(line.quantity for line in found.lines)) == (12_611_290, 923)
    assert len({id(line.explanation) for line in found.lines}) == 1
    assert {(line.events, line.unit, line.month, line.example) for line in found.lines} == {(1, "st", "2025-07", True)}


def test_tb_avs_1_the_supplement_of_2026_needs_the_index() -> None:
    """Without LPIK the step to 2025 is missing, and says who publishes it; factors do not help."""
    with pytest.raises(MissingIndex, match=r"LPIK för indexår 2025, steget till prisår 2025,.*SKR"):
        shares("supplement", {"affiliated": 150, "year": 2026, "factors": KEY})


def test_a10_the_supplement_of_2026_needs_the_parties_factors() -> None:
    """With the index but without factors no share is invented: the error names A10 and who decides."""
    steps = {"2025": "3.0", "2026": "3.1"}
    with pytest.raises(MissingValue) as refused:
        shares("supplement", {"affiliated": 150, "year": 2026, "lpik": steps})
    reading = edition().readings["A10"]
    assert refused.value.clauses == reading.clauses
    assert str(refused.value).endswith(f"Beslutas av {reading.decided_by} (A10).")
    assert str(refused.value).startswith("Beslutad fördelning mellan kommunerna (Tilläggsbelopp 2026) saknas")
    unnamed = str(key_missing(CHARGES["supplement"], edition()))  # type: ignore[arg-type]
    assert unnamed == str(refused.value).replace(" 2026", "")
    found = shares("supplement", {"affiliated": 150, "year": 2026, "lpik": steps, "factors": FACTORS})
    assert found.total == money.round_to(Fraction("3735428") * Fraction("1.03") * Fraction("1.031")) * 100
    assert all(line.amount % 100 == 0 for line in found.lines)


def test_gu_bak_1_the_development_fund_is_half_the_regions() -> None:
    """An odd öre goes to one half, and the parts are the whole."""
    found = shares("development_fund", {"amount": "1000.01", "shares": KEY})
    by_payer = {line.payer: line.amount for line in found.lines}
    assert (by_payer.pop("REGION"), sum(by_payer.values()), found.total) == (50_001, 50_000, 100_001)
    assert by_payer == {f"MUNICIPALITY:{name}": 6_250 for name in MUNICIPALITIES}


def test_the_reading_of_the_month_is_told_once() -> None:
    """It ends the explanation, unless the sum itself rests on it, as the development fund does on A66."""
    told = [
        [step.name for step in shares("development_fund", {"amount": "10", "shares": KEY}, **more).lines[0]
         .explanation.walk() if step.kind == "reading"]
        for more in ({}, {"placed_by": "A66"})
    ]  # fmt: skip
    assert told == [["A51", "A66", "A67"], ["A51", "A66"]]


def test_settlements_add_up() -> None:
    """Two settlements together have both's lines, sums, counts and reasons."""
    one = shares("development_fund", {"amount": "10", "shares": KEY})
    both = one + one + Settlement()
    assert (len(both.lines), both.total, len(both.explanations())) == (18, 2_000, 18)
    assert counts(both) == {("development_fund", "charged"): 18}
