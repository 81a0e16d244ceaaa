"""Who acts in a request: the membership chosen in the session, or the first that is in force."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from samverka.core import clock
from samverka.core.acting import Actor
from samverka.parties.selectors import actor_of

SESSION_KEY = "acting"


class Acting:
    """Sets ``request.actor``: an ``Actor``, or something false for who is not signed in or has no role in force."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look the actor up when it is first asked for."""
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]  # read by our views
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor | None:
    if not request.user.is_authenticated:
        return None
    return actor_of(request.user, on=clock.today(), chosen=request.session.get(SESSION_KEY, ""))
