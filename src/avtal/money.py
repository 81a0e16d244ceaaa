"""Öre, rounding and exact splits: DESIGN 3, and the readings A06, A16 and A57.

Money is an ``int`` of öre. A share is a ``Fraction`` or an exact count. Nothing here is ever a float.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

#: Öre in a krona.
KRONA = 100

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:[.,][0-9]{1,9})?", re.ASCII)


class Rounding(Enum):
    """How a value half-way between two steps is rounded; the mode is always declared."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"
    UP = "up"


def round_to(value: Fraction | Decimal | int, step: int = 1, mode: Rounding = Rounding.HALF_UP) -> int:
    """The multiple of ``step`` nearest to ``value``; halves go away from zero unless ``mode`` says otherwise.

    Args:
        value: The exact value, in öre when it is money.
        step: The size of a step in the same unit: 1, or ``KRONA``.
        mode: The declared rounding.
    """
    exact = Fraction(value) / step
    sign = -1 if exact < 0 else 1
    whole, rest = divmod(abs(exact), 1)
    half = Fraction(1, 2)
    up = {
        Rounding.HALF_UP: rest >= half,
        Rounding.HALF_EVEN: rest > half or (rest == half and whole % 2 == 1),
        Rounding.DOWN: False,
        Rounding.UP: rest > 0,
    }
    return sign * (int(whole) + up[mode]) * step


def split(total: int, weights: Mapping[Key, int | Fraction | Decimal]) -> dict[Key, int]:
    """``total`` öre shared by exact weights; the parts sum to ``total`` exactly.

    Largest remainder: everyone gets the whole part, the rest go one by one to the largest remainders,
    and equal remainders go in the order of ``weights``. A negative total is split like its positive.

    Raises:
        ValueError: A weight is negative, or they sum to zero.
    """
    exact = {key: Fraction(weight) for key, weight in weights.items()}
    whole = sum(exact.values(), Fraction())
    if any(weight < 0 for weight in exact.values()):
        raise ValueError("a weight is negative")
    if whole == 0:
        raise ValueError("the weights sum to zero")
    sign = -1 if total < 0 else 1
    shares = {key: abs(total) * weight / whole for key, weight in exact.items()}
    parts = {key: share.__floor__() for key, share in shares.items()}
    left = abs(total) - sum(parts.values())
    for key in sorted(parts, key=lambda key: parts[key] - shares[key])[:left]:
        parts[key] += 1
    return {key: sign * part for key, part in parts.items()}


def number(text: str) -> Decimal:
    """A number from outside: ASCII digits, comma or dot; never NaN, Infinity, exponents or full-width digits.

    Raises:
        ValueError: The text is anything else, with what is allowed.
    """
    if not _NUMBER.fullmatch(text):
        raise ValueError("ett tal med siffrorna 0-9 och högst ett komma eller en punkt")
    return Decimal(text.replace(",", "."))


def ore(kronor: Decimal) -> int:
    """Kronor as öre.

    Raises:
        ValueError: There are more than two decimals.
    """
    value = kronor * 100
    if value != value.to_integral_value():
        raise ValueError("kronor med högst två decimaler")
    return int(value)


def kronor(amount: int) -> str:
    """Öre as kronor with two decimals and a dot, for machines: ``126112.90``."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def swedish(amount: int) -> str:
    """Öre as a reader in Sweden expects: ``126 112,90 kr``, with hard spaces."""
    whole = f"{abs(amount) // 100:,}".replace(",", "\N{NO-BREAK SPACE}")
    minus = "\N{MINUS SIGN}" if amount < 0 else ""
    return f"{minus}{whole},{abs(amount) % 100:02d}\N{NO-BREAK SPACE}kr"


def percentages(weights: Mapping[Key, int | Fraction | Decimal], places: int = 1) -> dict[Key, Decimal]:
    """Each weight's share in per cent, rounded half up: for reading only, never for counting (A57)."""
    whole = sum((Fraction(weight) for weight in weights.values()), Fraction())
    scale: int = 10**places
    return {
        key: Decimal(round_to(Fraction(weight) * 100 * scale / whole)).scaleb(-places)
        for key, weight in weights.items()
    }
