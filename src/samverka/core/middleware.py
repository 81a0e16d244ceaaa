"""What every request goes through: an id, a strict content security policy, and sessions that end."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from samverka.core import clock, request_id
from samverka.core.sessions import left, touch_every

log = logging.getLogger(__name__)
Next = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; report-uri /csp"
)


class RequestId:
    """Gives each request an id, which logs and journal entries carry, and a line in the log."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the id in a header, and tell the log what was asked for, by its route alone, and how it went."""
        with request_id.using(secrets.token_hex(8)) as id_:
            began = time.perf_counter()
            response = self.get_response(request)
            response["X-Request-Id"] = id_
            route = request.resolver_match.view_name if request.resolver_match else ""
            ms = round((time.perf_counter() - began) * 1000, 1)
            log.info(
                "request",
                extra={"method": request.method, "route": route, "status": response.status_code, "ms": ms},
            )
            return response


class ContentSecurityPolicy:
    """Nothing runs or loads but what the server itself sent with this answer's nonce (``request.csp_nonce``)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the policy."""
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]  # read by the base template
        response = self.get_response(request)
        response["Content-Security-Policy"] = POLICY.format(nonce=nonce)
        response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()"
        return response


#: Addresses that answer everybody alike.
OPEN = "/api/v1/decisions/"


class Apart:
    """Answers the open API by itself: what stands behind this and knows who somebody is never sees such a request.

    No cookie is read and none is set, no session begins or is prolonged, whatever the browser sent.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or let others answer what is not the API's."""
        if not request.path_info.startswith(OPEN):
            return self.get_response(request)
        request.get_host()  # one of ours, as for every page
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        request.resolver_match = found
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        response["Content-Length"] = str(len(response.content))
        return response


class SessionLimits:
    """Ends a session that was idle too long, or that began too long ago."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign the user out before the request goes on, where a limit has passed."""
        if request.user.is_authenticated:
            at = int(clock.now().timestamp())
            began, used = request.session.get("began", at), request.session.get("used", at)
            if left(request.session, at).over:
                logout(request)
            elif "began" not in request.session or (at - used > touch_every() and not _asks_only(request)):
                request.session["began"], request.session["used"] = began, at
        return self.get_response(request)


def _asks_only(request: HttpRequest) -> bool:
    """Whether it is a page of ours that asks how long is left, which is no use of the session."""
    try:
        return request.method == "GET" and hasattr(resolve(request.path_info).func, "asking_is_no_use")
    except Resolver404:
        return False
