"""A form that comes back with faults shows somebody's data once more: the access log has a line of that too."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpResponse, HttpResponseRedirect

from samverka.parties.access import ActingRequest

V = TypeVar("V", bound=Callable[..., HttpResponse])


def shown_again(see: Callable[..., Any]) -> Callable[[V], V]:
    """What ``once`` took back with the rest, the log's line, is written anew by looking again.

    Outside ``once``, whose transaction is gone by then: the page is not sent without its line.
    """

    def around(view: V) -> V:
        @wraps(view)
        def logged(request: ActingRequest, **named: Any) -> HttpResponse:
            response = view(request, **named)
            if request.method == "POST" and not isinstance(response, HttpResponseRedirect):
                see(request, **named)
            return response

        return cast("V", logged)

    return around
