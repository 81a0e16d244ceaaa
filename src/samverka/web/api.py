"""The open API: its addresses, its OpenAPI document, and the page that shows the same document to a person."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET
from ninja import NinjaAPI

from samverka.agreements.county import QUESTIONS, base
from samverka.care.api import refusal, router
from samverka.care.api_schema import components, operation
from samverka.core import clock

PREFIX = "/api/v1/"
#: An answer is no page: nothing is to be loaded by it, and nothing shown around it.
POLICY = "default-src 'none'; frame-ancestors 'none'"
TITLE = "Samverka: vem ansvarar?"
TEXT = (
    "Avgör ansvar efter samverkansavtalet: vård, produkter och annat. Inget sparas, inga uppgifter loggas, ingen "
    "inloggning behövs. Samma namn som samverka decide. Svaret är avtalets förslag; människor avgör."
)


class _Api(NinjaAPI):
    """Our views make their own answers: the one that ninja prepares for each request is never used."""

    def create_temporal_response(self, _: HttpRequest) -> HttpResponse:
        """The same each time."""
        return _UNUSED


_UNUSED = HttpResponse()
api = _Api(title=TITLE, version="1", description=TEXT, docs_url=None, openapi_url=None, urls_namespace="api")
api.add_router("/decisions", router)


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document: the addresses as they are, with schemas made from the facts."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    for name, question in QUESTIONS.items():
        found["paths"][f"{PREFIX}decisions/{name}"]["post"] |= operation(question, base())
        found["components"]["schemas"] |= components(question, base())
    return found


@require_GET
def openapi(_: HttpRequest) -> HttpResponse:
    """The document as it is."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """The document for a person."""
    return render(request, "web/api.html", {"document": document(), "questions": _shown(document())})


def _shown(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Each question's address, facts, readings and errors, out of the document."""
    shown = []
    for address, methods in found["paths"].items():
        asked = methods["post"]
        schemas = asked["requestBody"]["content"]["application/json"]["schema"]["anyOf"]
        answers = asked["responses"][200]["content"]["application/json"]["schema"]["anyOf"]
        shown.append(
            {
                "address": address,
                "summary": asked["summary"],
                "facts": _named(found, schemas[0])["properties"],
                "answer": _named(found, answers[0])["properties"],
                "parameters": asked["parameters"],
                "responses": asked["responses"],
            }
        )
    return shown


def _named(found: dict[str, Any], schema: dict[str, str]) -> dict[str, Any]:
    schemas: dict[str, dict[str, Any]] = found["components"]["schemas"]
    return schemas[schema["$ref"].rpartition("/")[2]]


def _open(view: Callable[..., HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """A view of the API as the site serves it: no form's token, nothing kept on the way, refusals as JSON."""

    @csrf_exempt
    def answer(request: HttpRequest) -> HttpResponseBase:
        request.moment = time.monotonic()  # type: ignore[attr-defined]  # what is below is told the moment
        request.tell_day = clock.today  # type: ignore[attr-defined]  # and, if it asks, the day
        response = view(request)
        if response.status_code == 405:
            allowed = response["Allow"]
            response = refusal(405, f"Bara {allowed}.")
            response["Allow"] = allowed
        response["Cache-Control"] = "no-store"
        response["Content-Security-Policy"] = POLICY
        return response

    return answer


def _decisions() -> list[URLPattern]:
    found = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    return [URLPattern(one.pattern, _open(one.callback), name=one.name) for one in found]


def unknown(_: HttpRequest) -> HttpResponse:
    """What there is not: told as everything else is here, to whoever asks for it."""
    return refusal(404, f"Adressen finns inte. De som finns står i {PREFIX}openapi.json.")


#: Every address under ``/api/`` that is none.
rest = _open(unknown)

app_name = "api"
urlpatterns = [
    *_decisions(),
    path("docs", docs, name="docs"),
    path("openapi.json", openapi, name="openapi"),
]
