"""Pages for what went wrong, each with the request's id to quote."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from samverka.care.api import refusal
from samverka.core import request_id
from samverka.web import api

NOT_YOURS = "Sidan finns inte, eller så hör den till en annan part."
NOT_ALLOWED = "Du får inte göra detta i den roll du har nu."
EXPIRED = (
    "Formuläret hann bli för gammalt, du har loggat in på nytt, eller så tillåter inte webbläsaren kakor. Inget är "
    "sparat. Gå tillbaka med webbläsarens bakåtknapp och skicka igen: det du skrev finns kvar."
)
NOT_UNDERSTOOD = "Webbläsaren skickade något som inte går att förstå. Inget är sparat."
TOO_MANY = "Det har kommit för många försök på kort tid. Vänta några minuter och försök igen."
BROKEN_FOR_PROGRAMS = "Felet är loggat; fråga igen om en stund."
BROKEN = "Felet är loggat. Det som inte hann sparas är inte gjort; försök igen om en stund."


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """The same for what does not exist and for what is somebody else's."""
    del exception  # it may say which
    if request.path.startswith("/api/"):
        return api.rest(request)
    return _page(request, 404, "Sidan finns inte", NOT_YOURS)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What the service said to the user."""
    said = str(exception) if isinstance(exception, PermissionDenied) else ""
    return _page(request, 403, "Du får inte göra detta", said or NOT_ALLOWED)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or that came from elsewhere."""
    del reason  # for developers, in English
    return _page(request, 403, "Formuläret kunde inte tas emot", EXPIRED)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Somebody tried too often."""
    del exception
    return _page(request, 429, "För många försök", TOO_MANY)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What cannot be understood; the request is not trusted enough to look its user up."""
    del exception
    return _bare(request, 400, "Förfrågan gick inte att förstå", NOT_UNDERSTOOD)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours: shown without asking the database anything, which may be what is broken."""
    if request.path.startswith("/api/"):
        return refusal(500, f"Något gick fel hos oss. {BROKEN_FOR_PROGRAMS}")
    return _bare(request, 500, "Något gick fel hos oss", BROKEN)


def _said(title: str, text: str) -> dict[str, str]:
    return {"title": title, "text": text, "request_id": request_id.current()}


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "web/error.html", _said(title, text), status=status)


def _bare(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    nonce = getattr(request, "csp_nonce", "")
    return HttpResponse(
        render_to_string("web/error.html", {**_said(title, text), "nonce": nonce, "bare": True}), status=status
    )
