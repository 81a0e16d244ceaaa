"""A number is searched for in a body, never in an address; what is no number is refused, not kept and not repeated."""

from __future__ import annotations

from typing import Any

import pytest

from samverka.care import forms_search
from samverka.care.forms_search import CASE, PSEUDONYM, number_of
from samverka.care.models.log import AccessEntry
from samverka.care.services import case_number
from samverka.core.acting import Role
from tests.samverka.care import cases
from tests.samverka.care.test_case_pages import text
from tests.samverka.platform import actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")
LISTS = {"/arenden/": "/arenden/sok/", "/arenden/anslutningar/": "/arenden/anslutningar/sok/"}


@pytest.mark.parametrize("here", LISTS)
@pytest.mark.parametrize(("typed", "told"), [
    ("191212121212", "ett personnummer"), ("19121212-1212", "ett personnummer"), ("121212+TF12", "ett personnummer"),
    ("063-14 75 00", "ett telefonnummer"), ("anna@exempel.se", "en e-postadress"),
    ("Anna Andersson", ""), ("ABCD-1234", ""),
])  # fmt: skip
def test_what_is_no_number_is_refused_and_leaves_nothing(here: str, typed: str, told: str) -> None:
    """Neither a line in the log, nor the text on the page or in an address."""
    client = signed_in(actor("REGION", Role.READER))
    answer = client.post(LISTS[here], {"number": typed, "reason": "care"})
    assert answer.status_code == 422
    assert (f"Det du skrev kan innehålla {told}" in text(answer)) == bool(told)
    assert "fyra bokstäver och fyra siffror" in text(answer)
    assert "Bokstäverna är några av CDFHJKMNPRTVWX, siffrorna 2 till 9." in text(answer)  # ABCD-1234 has four of each
    assert "Skriv aldrig något som pekar ut en person" in text(answer)
    assert typed not in answer.content.decode()
    assert AccessEntry.objects.count() == 0


@pytest.mark.parametrize("here", LISTS)
def test_a_number_in_an_address_is_not_searched_for(here: str) -> None:
    """The browser is sent to the address without it."""
    client = signed_in(actor("REGION", Role.READER))
    answer = client.get(f"{here}?number=191212121212&reason=care")
    assert (answer.status_code, answer["Location"]) == (302, here)
    assert AccessEntry.objects.count() == 0
    page = client.get(here)
    assert "Det ska inte stå i adressen." in text(page)
    assert 'method="post" class="filters" role="search" aria-label="Sök ett' in page.content.decode()


def test_the_twin_that_takes_whatever_is_typed_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: anything is a number, and a line is written for it."""
    monkeypatch.setattr(forms_search, "number_of", lambda typed, _: typed)
    client = signed_in(actor("REGION", Role.READER))
    assert client.post("/arenden/sok/", {"number": "191212121212", "reason": "care"}).status_code == 200
    assert AccessEntry.objects.count() == 1


def test_a_found_case_is_shown_logged_and_kept_out_of_every_address() -> None:
    """Its page is named by its random id; nothing on the page leads to an address with the number."""
    case = cases.in_dialogue()
    client = signed_in(actor("BERG", Role.READER))
    lines = AccessEntry.objects.count()
    page = client.post("/arenden/sok/", {"number": case.number, "reason": "person"}).content.decode()
    assert f'href="/arenden/{case.public_id}/">{case.number}</a>' in page
    assert "number=" not in page
    one = AccessEntry.objects.latest("id")
    assert AccessEntry.objects.count() == lines + 1
    assert (one.action, one.case_id, one.reason) == ("search", case.pk, "person")


def test_without_a_reason_nothing_is_searched() -> None:
    """And the number stays in its field."""
    case = cases.in_dialogue()
    answer = signed_in(actor("BERG", Role.READER)).post("/arenden/sok/", {"number": case.number})
    assert answer.status_code == 422
    assert "Välj varför du söker" in text(answer)
    assert f'value="{case.number}"' in answer.content.decode()
    assert "Bedömer" not in text(answer)


def test_sorting_and_paging_keep_the_filters() -> None:
    """The list's own search has no number, so its address may go along."""
    for _ in range(26):
        cases.draft("BERG")
    client = signed_in(actor("BERG", Role.READER))
    page: Any = client.get("/arenden/?state=draft&side=own&reason=care&sort=number").content.decode()
    assert "state=draft&amp;side=own&amp;reason=care&amp;sort=number&amp;after=" in page
    assert 'aria-sort="ascending"' in page


@pytest.mark.parametrize(("typed", "case", "person"), [
    ("cdfh 2345", "CDFH-2345", "CDFH-2345"), ("CDFH – 2345", "CDFH-2345", "CDFH-2345"), ("2345cdfh", "", "2345-CDFH"),
    ("ABCD-2345", "", ""), ("CDFH-2341", "", ""), ("CDFH-23456", "", ""), ("", "", ""),
])  # fmt: skip
def test_a_number_has_its_form(typed: str, case: str, person: str) -> None:
    """Four of the letters and four of the figures that numbers are made of."""
    assert (number_of(typed, CASE), number_of(typed, PSEUDONYM)) == (case, person)


def test_every_number_that_is_given_has_that_form() -> None:
    """A thousand of them."""
    assert all(CASE.fullmatch(case_number()) for _ in range(1000))
