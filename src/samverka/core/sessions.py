"""How long a sign-in lasts: the limits, what is left of one, and when its end is told of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings

AnyView = TypeVar("AnyView", bound=Callable[..., Any])

TOUCH_EVERY = 60  # seconds between two notes of when a session was last used
WARNED_BEFORE = 300  # seconds before a session that is not used ends, when it is told and may be gone on with
TOLD_BEFORE = 900  # seconds before a session ends though it is used, when it is told


@dataclass(frozen=True)
class Left:
    """Seconds that are left of a session.

    Attributes:
        idle: Until it ends if it is not used; less than none where it has ended.
        whole: Until it ends though it is used; the same.
    """

    idle: int
    whole: int

    @property
    def over(self) -> bool:
        """Whether a limit has passed."""
        return self.idle < 0 or self.whole < 0

    @property
    def told(self) -> bool:
        """Whether it will soon end though it is used."""
        return self.whole <= TOLD_BEFORE


def left(session: Any, at: int) -> Left:
    """What is left at that second, of a session that tells when it began and when it was last used."""
    used, began = session.get("used", at), session.get("began", at)
    return Left(used + settings.IDLE_MINUTES * 60 - at, began + settings.ABSOLUTE_HOURS * 3600 - at)


def touch_every() -> int:
    """Seconds between two notes of when a session was last used: few where it may not be idle for long."""
    return min(TOUCH_EVERY, settings.IDLE_MINUTES * 60 // 10)


def warned_before() -> int:
    """Seconds before the end of a session that is not used when this is told: a third of one that may be idle briefly.

    At least 20 seconds, as WCAG 2.2.1 asks for.
    """
    return min(WARNED_BEFORE, settings.IDLE_MINUTES * 60 // 3)


def asking_is_no_use(view: AnyView) -> AnyView:
    """Let a view be asked without this being a use of the session: who asks is the page, not the person."""
    view.asking_is_no_use = True  # type: ignore[attr-defined]  # the middleware reads it
    return view
