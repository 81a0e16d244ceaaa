"""What is left of a session, when its end is told of, and that asking does not use it."""

from __future__ import annotations

from typing import Any

import pytest

from samverka.core.sessions import Left, left, touch_every, warned_before


def test_what_is_left_is_counted_from_the_last_use_and_from_the_beginning() -> None:
    """Half an hour from the one, ten hours from the other; at the limit itself the session is still there."""
    session = {"began": 1000, "used": 5000}
    assert left(session, 5000) == Left(1800, 32_000)
    assert left(session, 6800) == Left(0, 30_200)
    assert not left(session, 6800).over
    assert left(session, 6801).over
    assert left({"began": 1000, "used": 37_000}, 37_001) == Left(1799, -1)
    assert left({"began": 1000, "used": 37_000}, 37_001).over
    assert left({}, 7) == Left(1800, 36_000)


def test_the_last_quarter_of_an_hour_is_told() -> None:
    """Of a session that ends though it is used."""
    assert not Left(1800, 901).told
    assert Left(1800, 900).told


@pytest.mark.parametrize(("minutes", "warned", "touched"), [(1, 20, 6), (5, 100, 30), (30, 300, 60), (1440, 300, 60)])
def test_a_brief_session_is_warned_of_and_touched_in_its_own_measure(
    settings: Any, minutes: int, warned: int, touched: int
) -> None:
    """At least 20 seconds to go on in, at most five minutes; and a use is noted before the session can end."""
    settings.IDLE_MINUTES = minutes
    assert (warned_before(), touch_every()) == (warned, touched)
    assert warned + touched < minutes * 60
