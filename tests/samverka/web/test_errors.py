"""Pages for what went wrong: Swedish, with the request's id, and nothing of what is behind."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from samverka.core.acting import Role
from tests.samverka.platform import actor, signed_in
from tests.samverka.web.pages import english, faults, text_of

SECRET = "tabellen finns inte"


def broken(_: HttpRequest) -> HttpResponse:
    """Fails as code does."""
    raise RuntimeError(SECRET)


def somebody_elses(_: HttpRequest) -> HttpResponse:
    """Finds nothing that is the actor's."""
    raise Http404("No Invoice matches the given query.")


def refused(_: HttpRequest) -> HttpResponse:
    """Refuses in words for the user."""
    raise PermissionDenied("Rollen läsare får inte göra detta.")


def no_database(_: HttpRequest) -> HttpResponse:
    """Loses the database."""
    connection.close()
    raise DatabaseError(SECRET)


urlpatterns = [
    path("broken", broken),
    path("others", somebody_elses),
    path("refused", refused),
    path("lost", no_database),
    path("api/v1/decisions/broken", broken),
    path("", include("samverka.web.urls")),
]
handler400 = "samverka.web.errors.bad_request"
handler403 = "samverka.web.errors.forbidden"
handler404 = "samverka.web.errors.not_found"
handler500 = "samverka.web.errors.broken"


@pytest.fixture
def site(jamtland: None) -> Any:
    """A signed-in browser on a site with pages that fail; faults become pages."""
    with override_settings(ROOT_URLCONF=__name__):
        client = signed_in(actor("BERG", Role.READER))
        client.raise_request_exception = False
        yield client


def words(response: Any) -> str:
    """The page's text; it is one of ours and says the request's id."""
    html = response.content.decode()
    assert faults(html, response["Content-Security-Policy"]) == []
    assert english(html) == set()
    assert f"<code>{response['X-Request-Id']}</code>" in html
    return text_of(html).replace(response["X-Request-Id"], "")


def test_somebody_elses_is_as_what_does_not_exist(site: Client) -> None:
    """The two pages are the same to the letter, but for the id."""
    others, none = site.get("/others"), site.get("/nothing")
    assert (others.status_code, none.status_code) == (404, 404)
    assert words(others) == words(none)
    assert "Invoice" not in others.content.decode()


def test_what_is_refused_is_said(site: Client) -> None:
    """The service's own words."""
    response = site.get("/refused")
    assert response.status_code == 403
    assert "Rollen läsare får inte göra detta." in words(response)


@pytest.mark.parametrize("address", ["/broken", "/lost"])
def test_a_fault_of_ours_says_nothing_of_itself(site: Client, address: str) -> None:
    """And its page is drawn without asking the database for anything."""
    response = site.get(address)
    assert response.status_code == 500
    assert SECRET not in words(response)
    assert "Logga ut" not in response.content.decode()


def test_a_fault_of_ours_is_told_to_a_program_as_json(site: Client) -> None:
    """Who asks the open API reads no pages; it is told to ask again, and nothing of what is behind."""
    response = site.get("/api/v1/decisions/broken")
    assert (response.status_code, response["Content-Type"]) == (500, "application/json")
    assert response.json() == {"message": "Något gick fel hos oss. Felet är loggat; fråga igen om en stund."}


def test_a_form_without_its_token_is_explained(jamtland: None) -> None:
    """As when a page was open overnight."""
    client = Client(enforce_csrf_checks=True)
    response = client.post("/konto/login/", {"login": "a", "password": "b"})
    assert response.status_code == 403
    told = words(response)
    assert "Inget är sparat." in told
    assert "det du skrev finns kvar" in told
    assert "ladda om" not in told  # that would throw it away


def test_an_unknown_host_is_not_understood(db: None) -> None:
    """A page without links to it, and no fault of ours."""
    client = Client(raise_request_exception=False)
    response = client.get("/konto/login/", headers={"host": "elsewhere.exempel.se"})
    assert response.status_code == 400
    assert "elsewhere" not in words(response)


def test_too_many_tries_are_told_to_wait(jamtland: None, settings: Any) -> None:
    """The page of a limit that was passed is ours too."""
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    client = Client()
    client.post("/konto/password/reset/", {"email": "ingen@exempel.se"})
    response = client.post("/konto/password/reset/", {"email": "ingen@exempel.se"})
    assert response.status_code == 429
    assert "Vänta några minuter" in words(response)
