"""Öre, rounding, exact splits and numbers from outside: DESIGN 3; readings A06, A16 and A57."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avtal import money
from avtal.money import KRONA, Rounding

Split = Callable[[int, Mapping[str, int]], dict[str, int]]

WEIGHTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 10**6), min_size=1).filter(
    lambda weights: any(weights.values())
)
TOTALS = st.integers(-(10**12), 10**12)


def is_exact(split: Split, total: int, weights: Mapping[str, int]) -> bool:
    """Whether the parts sum to the total, and each is within one öre of its exact share."""
    parts, whole = split(total, weights), sum(weights.values())
    near = all(abs(parts[key] - Fraction(total * weight, whole)) < 1 for key, weight in weights.items())
    return list(parts) == list(weights) and sum(parts.values()) == total and near


def rounded_row_by_row(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """The broken twin: each row rounded by itself."""
    whole = sum(weights.values())
    return {key: money.round_to(Fraction(total * weight, whole)) for key, weight in weights.items()}


@settings(deadline=None)
@given(TOTALS, WEIGHTS)
def test_split_is_exact(total: int, weights: dict[str, int]) -> None:
    """The parts sum to the whole and each is within one öre of its exact share, also below zero."""
    assert is_exact(money.split, total, weights)


def test_mt_b1_1_rounding_each_row_is_caught_by_the_property() -> None:
    """The broken twin, which rounds each row, loses an öre, and the property sees it."""
    assert is_exact(money.split, 100, {"a": 1, "b": 1, "c": 1})
    assert not is_exact(rounded_row_by_row, 100, {"a": 1, "b": 1, "c": 1})
    assert not is_exact(rounded_row_by_row, -100, {"a": 1, "b": 1, "c": 1})


@settings(deadline=None)
@given(TOTALS, WEIGHTS, st.fractions(min_value=Fraction(1, 10**6), max_value=10**6))
def test_split_does_not_mind_the_scale_of_the_weights(total: int, weights: dict[str, int], scale: Fraction) -> None:
    """Weights times a number give the same parts."""
    scaled = {key: weight * scale for key, weight in weights.items()}
    assert money.split(total, scaled) == money.split(total, weights)


@settings(deadline=None)
@given(TOTALS, WEIGHTS)
def test_split_of_a_negative_total_mirrors_the_positive(total: int, weights: dict[str, int]) -> None:
    """A credit takes back exactly what was charged."""
    charged = money.split(total, weights)
    assert money.split(-total, weights) == {key: -part for key, part in charged.items()}


def test_split_gives_ties_in_the_given_order() -> None:
    """Equal remainders go in the order of the weights, whatever the names."""
    assert money.split(100, {"c": 1, "a": 1, "b": 1}) == {"c": 34, "a": 33, "b": 33}
    assert money.split(101, {"b": 1, "a": 1, "c": 1}) == {"b": 34, "a": 34, "c": 33}
    assert money.split(1, {"a": 0, "b": 1}) == {"a": 0, "b": 1}


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"a": 2, "b": -1}, "a weight is negative"),
        ({"a": 0, "b": Decimal(0)}, "the weights sum to zero"),
        ({}, "the weights sum to zero"),
    ],
)
def test_split_refuses_weights_that_share_nothing(weights: dict[str, int], message: str) -> None:
    """A negative weight, no weight and zero weights are refused with the reason."""
    with pytest.raises(ValueError, match=f"^{message}$"):
        money.split(100, weights)


@pytest.mark.parametrize(
    ("value", "half_up", "half_even", "down", "up"),
    [
        (Fraction(5, 2), 3, 2, 2, 3),
        (Fraction(7, 2), 4, 4, 3, 4),
        (Fraction(-5, 2), -3, -2, -2, -3),
        (Decimal("2.49"), 2, 2, 2, 3),
        (Decimal("2.51"), 3, 3, 2, 3),
        (Fraction(-1, 3), 0, 0, 0, -1),
        (7, 7, 7, 7, 7),
        (0, 0, 0, 0, 0),
    ],
)
def test_round_to_keeps_every_declared_mode(
    value: Fraction | Decimal | int, half_up: int, half_even: int, down: int, up: int
) -> None:
    """Half up, half even, down and up, on both sides of zero."""
    assert money.round_to(value) == half_up
    assert money.round_to(value, mode=Rounding.HALF_EVEN) == half_even
    assert money.round_to(value, mode=Rounding.DOWN) == down
    assert money.round_to(value, mode=Rounding.UP) == up


def test_a06_rounds_to_whole_kronor_halves_upwards() -> None:
    """With a step of a krona, 50 öre goes up and 49 goes down."""
    assert money.round_to(66_050, KRONA) == 66_100
    assert money.round_to(66_049, KRONA) == 66_000
    assert money.round_to(-66_050, KRONA) == -66_100


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", "0"), ("12", "12"), ("12,5", "12.5"), ("12.50", "12.50"), ("-3.2", "-3.2"), ("9" * 15, "9" * 15)],
)
def test_number_reads_ascii_digits_with_comma_or_dot(text: str, value: str) -> None:
    """Comma and dot are the same, and decimals are kept as written."""
    assert str(money.number(text)) == value


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1 ", "1\n", "+1", "--1", "01", "1.", ".5", "1.2.3", "1,2,3", "1 000", "1_000", "1e3", "1E3", "NaN",
     "nan", "Infinity", "-inf", "0x10", "１２", "٣", "½", "²", "−1", "1.0000000001", "1000000000000000"],
)  # fmt: skip
def test_number_refuses_everything_else(text: str) -> None:
    """Exponents, NaN, Infinity, spaces, full-width and other digits, and too long numbers are refused."""
    with pytest.raises(ValueError, match=r"^ett tal med siffrorna 0-9 och högst ett komma eller en punkt$"):
        money.number(text)


def test_ore_reads_kronor_with_at_most_two_decimals() -> None:
    """Kronor become whole öre; a third decimal is refused, never rounded away."""
    assert money.ore(Decimal(1123)) == 112_300
    assert money.ore(Decimal("-0.05")) == -5
    with pytest.raises(ValueError, match=r"^kronor med högst två decimaler$"):
        money.ore(Decimal("1.005"))


@pytest.mark.parametrize(
    ("amount", "machine", "swedish"),
    [
        (12_611_290, "126112.90", "126 112,90 kr"),
        (0, "0.00", "0,00 kr"),
        (5, "0.05", "0,05 kr"),
        (-5, "-0.05", "−0,05 kr"),
        (-100_000_001, "-1000000.01", "−1 000 000,01 kr"),
    ],
)
def test_amounts_are_written_for_machines_and_for_readers(amount: int, machine: str, swedish: str) -> None:
    """Machines get a dot and no spaces; readers get a comma, hard spaces, a real minus and kr."""
    assert money.kronor(amount) == machine
    assert money.swedish(amount) == swedish.replace(" ", "\N{NO-BREAK SPACE}")


def test_a57_percentages_are_rounded_for_reading() -> None:
    """One decimal by default, halves upwards, from exact weights."""
    assert money.percentages({"a": 1, "b": 2}) == {"a": Decimal("33.3"), "b": Decimal("66.7")}
    assert money.percentages({"a": 1, "b": 7}, places=0) == {"a": Decimal(13), "b": Decimal(88)}
    assert str(money.percentages({"a": Fraction(1, 2), "b": Decimal("0.5")})["a"]) == "50.0"
