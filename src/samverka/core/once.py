"""A form that makes money or imports is done once: its key again gives the same answer."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from samverka.core.models import Replay

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)  # a request in which somebody acts is one too
View = Callable[Concatenate[R, P], HttpResponse]

#: The name of the hidden field: ``{% once_key %}`` writes it.
FIELD = "once"
#: What is not a part of what somebody filled in.
BESIDE = frozenset({FIELD, "csrfmiddlewaretoken"})


def once(view: View[R, P]) -> View[R, P]:
    """Do a POST in one transaction, and remember where it sent its sender.

    Only an answer that redirects is remembered: one that shows faults changed nothing, and the key is still unused.
    """

    @wraps(view)
    def done_once(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            key = str(uuid.UUID(request.POST.get(FIELD, "")))
        except ValueError:
            return _told(request, 400)
        digest, user = _digest(request), cast("int", request.user.pk)
        try:
            with transaction.atomic():
                made = Replay.objects.create(user_id=user, key=key, digest=digest)
                response = view(request, *args, **kwargs)
                if isinstance(response, HttpResponseRedirect):
                    Replay.objects.filter(pk=made.pk).update(location=response.url)
                else:
                    transaction.set_rollback(True)
                return response
        except IntegrityError:
            first = Replay.objects.filter(user_id=user, key=key).first()
            if first is None:  # the view's own clash, not the key's
                raise
        if first.digest != digest:
            return _told(request, 409, made=first.location)
        return HttpResponseRedirect(first.location)

    return done_once


def _told(request: HttpRequest, status: int, *, made: str = "") -> HttpResponse:
    """What became of it: where the first one is, and what was filled in now, to send with a key of its own."""
    rest = [(name, value) for name, values in request.POST.lists() if name not in BESIDE for value in values]
    known = {"made": made, "rest": rest, "files": bool(request.FILES)}
    return render(request, "core/not_sent.html", known, status=status)


def _digest(request: HttpRequest) -> str:
    """SHA-256 of the address, the fields and the files."""
    found = hashlib.sha256(request.path.encode())
    for name, values in sorted(request.POST.lists()):
        if name != "csrfmiddlewaretoken":
            found.update(repr((name, values)).encode())
    files: list[tuple[str, Any]] = sorted(request.FILES.items())
    for name, file in files:
        found.update(name.encode())
        for chunk in file.chunks():
            found.update(chunk)
        file.seek(0)
    return found.hexdigest()
