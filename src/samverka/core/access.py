"""The first line of a view: who may come here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from samverka.core.acting import Actor

P = ParamSpec("P")


class ActingRequest(HttpRequest):
    """A request in which somebody acts."""

    actor: Actor


View = Callable[Concatenate[ActingRequest, P], HttpResponse]


def acting(what: str, *, fresh: bool = False) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Only for a signed-in user whose role allows ``what``; others are sent to sign in, or refused.

    Args:
        what: As in ``Actor.may``.
        fresh: Whether the user must have given a password or a key within the last minutes: approving and issuing.
    """

    def wrap(view: View[P]) -> Callable[..., HttpResponse]:
        inner: Any = reauthentication_required(view) if fresh else view

        @wraps(view)
        def checked(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.actor:
                raise PermissionDenied("Kontot har ingen gällande roll. Be partens administratör om en.")
            request.actor.must(what)
            return inner(request, *args, **kwargs)  # type: ignore[no-any-return]  # the wrapped view's answer

        checked.access = what  # type: ignore[attr-defined]  # the authorisation matrix reads it
        return checked

    return wrap
