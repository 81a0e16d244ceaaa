"""The pages: clauses, what is in force on a day and as known on a day, and what each role sees there."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from samverka.agreements import uses
from samverka.agreements.browsing import plain
from samverka.agreements.county import base
from samverka.agreements.uses import Use
from samverka.core.acting import Actor, Role
from tests.samverka.agreements.entering import PAYLOADS, VPI, approved, moment, proposed
from tests.samverka.platform import actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")

PAGES: list[tuple[str, ...]] = [
    ("browse",), ("document", "OB"), ("clause", "OB-UPP-D4"), ("parameters",), ("parameter", "hired_staff_rate"),
    ("parameter", "normal_range_low"), ("series", "VPI"), ("keys",), ("readings",), ("reading", "A64"), ("entered",),
]  # fmt: skip


@pytest.fixture
def reader(jamtland: None) -> Client:
    """A municipality's reader."""
    return signed_in(actor("ARE", Role.READER))


def shown(client: Client, name: str, *args: str, **query: str) -> str:
    """A page's text, with plain spaces."""
    response = client.get(reverse(f"agreements:{name}", args=args), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
@pytest.mark.parametrize("role", [Role.READER, Role.REGISTRAR, Role.AUDITOR])
def test_every_page_is_for_everybody_who_may_read(page: tuple[str, ...], role: Role) -> None:
    """Only who may propose is offered to; nobody's name or e-mail shows, not even to the own party."""
    for kind in PAYLOADS:
        approved(kind, example=True)
    text = shown(signed_in(actor("" if role == Role.AUDITOR else "REGION", role)), *page)
    may_propose = role == Role.REGISTRAR and page[0] not in ("browse", "document", "clause", "readings")
    assert ("/avtal/infort/nytt/" in text) is may_propose
    assert "registrar1" not in text
    assert "approver1" not in text
    assert "@exempel.se" not in text


@pytest.mark.parametrize(
    ("name", "arg"),
    [("document", "XX"), ("clause", "XX-1"), ("parameter", "pris"), ("series", "KPI"), ("reading", "A99"),
     ("entered_page", "aaaaaaaaaaaaaaaa")],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(reader: Client, name: str, arg: str) -> None:
    """404, for whoever asks."""
    assert reader.get(reverse(f"agreements:{name}", args=[arg])).status_code == 404


def test_nobody_reads_without_signing_in(client: Client) -> None:
    """A stranger is sent to sign in."""
    for name, *args in PAGES:
        response = client.get(reverse(f"agreements:{name}", args=args))
        assert response.status_code == 302
        assert response["Location"].startswith("/konto/")


def test_ob_upp_d4_a_clause_shows_duties_rules_numbers_and_open_questions(reader: Client) -> None:
    """In our words, with the place in the source."""
    text = shown(reader, "clause", "OB-UPP-D4")
    for said in (
        "Inhyrd personal dagtid ersätts med 640 kr för varje påbörjad timme i 2025 års nivå.", "001:1006",
        "Överenskommelse hälso- och sjukvård i ordinärt boende", "Betala 640 kr/påbörjad timme (2025).",
        "Den som hyr personal", "(OBL-100)", ">Timpris för inhyrd personal</a>", ">Dagtid börjar</a>",
        ">A08 Ska 640 och 338 kr räknas upp redan för 2026?</a>", "Inhyrd personal", "(hired_staff)",
        "Regel: Timersättning dagtid",
    ):  # fmt: skip
        assert said in text, said


def test_a_clause_that_only_indexes_shows_the_price_that_follows(reader: Client) -> None:
    """OB-UPP-D5 sets no number of its own."""
    assert ">Timpris för inhyrd personal</a>" in shown(reader, "clause", "OB-UPP-D5")


def test_a_clause_without_anything_says_so(reader: Client) -> None:
    """The agenda's second item, but for its duty."""
    nothing = "Inga åtaganden, belopp eller öppna frågor hänger på klausulen."
    assert nothing not in shown(reader, "clause", "K-2")
    bare = next(id_ for id_ in base().clauses if nothing in shown(reader, "clause", id_))
    assert bare


def test_apps_above_tell_where_a_clause_is_used(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each function once, with the actor that asks; a use may have no page."""
    monkeypatch.setattr(uses, "_REGISTERED", [])

    def invoices(who: Actor, clause: str) -> list[Use]:
        return [Use(f"7 fakturarader till {who.party}", 7, "/fakturor/"), Use(clause.lower(), 1)]

    assert uses.register(invoices) is uses.register(invoices) is invoices
    text = shown(reader, "clause", "OB-UPP-D4")
    assert text.count('<a href="/fakturor/">7 fakturarader till ARE</a>') == 1
    assert "<li>ob-upp-d4</li>" in text


@pytest.mark.parametrize(
    ("asked", "found", "missed"),
    [
        ("ob-upp-d4", "OB-UPP-D4", "OB-UPP-D5"),
        ("INHYRD personal 640", "OB-UPP-D4", "OB-UPP-D5"),
        ("vårdprisindex", "OB-UPP-D5", "OB-UPP-D4"),
        ("VA\N{COMBINING RING ABOVE}RDPRISINDEX", "OB-UPP-D5", "OB-UPP-D4"),
        ("ögonläkare", "", "OB-UPP-D4"),
    ],
)
def test_the_search_finds_every_word_in_id_or_summary(reader: Client, asked: str, found: str, missed: str) -> None:
    """Case and the way å was typed do not matter; å is not a."""
    text = shown(reader, "browse", q=asked)
    if found:
        assert f">{found}</a>" in text
    assert f">{missed}</a>" not in text


def test_a_search_for_a_is_not_one_for_aring(reader: Client) -> None:
    """Vardprisindex is another word than vårdprisindex; a search that finds nothing says what to do."""
    text = shown(reader, "browse", q="vardprisindex")
    assert "0 klausuler med ”vardprisindex”" in text
    assert "Ingen klausul har alla de orden." in text
    assert plain("  VÅRD\tprisindex ") == "vård prisindex"


def test_a_search_is_escaped_and_bounded(reader: Client) -> None:
    """A script stays text; more than a hundred characters is refused in words."""
    assert "<script>" not in shown(reader, "browse", q="<script>alert(1)</script>")
    assert 'class="fault"' in shown(reader, "browse", q="x" * 101)


def test_a_price_in_force_on_a_day_and_as_known_on_a_day(reader: Client) -> None:
    """640 kr in 2025; 660 kr in March 2026; as known before the index was entered, the step is missing."""
    approved("index", at=moment(date(2026, 2, 10)))
    args = ("parameter", "hired_staff_rate")
    assert "<dt>Värde</dt><dd>640,00 kr/tim" in shown(reader, *args, on="2025-07-01")
    assert "<dt>Värde</dt><dd>660,00 kr/tim" in shown(reader, *args, on="2026-03-01")
    early = shown(reader, *args, on="2026-03-01", known="2026-02-09")
    assert "<dt>Värde</dt><dd>saknas" in early
    assert "Indexvärde VPI för indexår 2025, steget till prisår 2026, saknas" in early
    assert "Publiceras av Sveriges Kommuner och Regioner (SKR), i mitten av december" in early
    assert "<dt>Värde</dt><dd>660,00 kr/tim" in shown(reader, *args, on="2026-03-01", known="2026-02-10")


def test_a_value_shows_as_it_stood_on_the_day_that_is_asked_for(reader: Client) -> None:
    """Proposed on the 10th, approved on the 12th: not there, waiting, approved."""
    from samverka.agreements.services import rule_on

    made = proposed("index", at=moment(date(2026, 2, 10)))
    rule_on(actor("BERG", Role.APPROVER), made, approved=True, reason="", at=moment(date(2026, 2, 12)))
    states = []
    for day in ("2026-02-09", "2026-02-11", "2026-02-12"):
        text = shown(reader, "series", "VPI", known=day)
        states.append([word for word in ("väntar på beslut", "godkänt") if f'class="tag">{word}' in text])
    assert states == [[], ["väntar på beslut"], ["godkänt"]]


def test_each_year_has_its_price_with_how_it_came_about(reader: Client) -> None:
    """2025 as printed, 2026 computed and marked, 2027 missing."""
    approved("index", example=True)
    text = shown(reader, "parameter", "hired_staff_rate", on="2026-03-01")
    assert "<strong>2025: 640,00 kr/tim</strong>" in text
    assert '<strong>2026: 660,00 kr/tim</strong> <mark class="example">exempel</mark>' in text
    assert "<strong>2027: saknas</strong>" in text


def test_a_series_shows_its_values_and_what_follows_it(reader: Client) -> None:
    """Newest first, with status, day and source; prices with their example mark."""
    approved("index", example=True, document="<i>SKR</i>")
    text = shown(reader, "series", "VPI", on="2026-03-01")
    assert text.index(">2025</td>") < text.index(">2016</td>")
    assert "&lt;i&gt;SKR&lt;/i&gt;, 2026-01-15 <mark" in text
    assert 'Timpris för inhyrd personal</a>: 660,00 kr/tim <mark class="example">' in text
    assert "Ett års värde räknar upp priset 1 år senare" in text
    assert "Inget villkor." in shown(reader, "series", "LPI")


def test_a_reading_shows_its_options_and_who_chose(reader: Client) -> None:
    """Before and after the parties' choice; an option that no rule computes says so."""
    before = shown(reader, "reading", "A64")
    assert "Standardval, ej bekräftat av parterna" in before
    approved("reading", at=moment(date(2026, 2, 10)))
    after = shown(reader, "reading", "A64")
    assert "Vald av parterna 2026-01-10 (Prov § 1, 2026-01-15)" in after
    assert "Standardval, ej bekräftat" in shown(reader, "reading", "A64", known="2026-02-09")
    assert "kan inte räknas av programmet" in shown(reader, "reading", "A04")
    assert "23 läsningar kan ändra" in shown(reader, "readings", known="2026-02-09")
    assert "22 läsningar kan ändra" in shown(reader, "readings")
    assert "Medicinsk teknik, rörlig del" in shown(reader, "reading", "A17")


def test_keys_show_what_is_decided_or_that_nothing_is(reader: Client) -> None:
    """No share is made up."""
    empty = shown(reader, "keys", on="2026-03-01")
    assert "Ingen modell är införd." in empty
    assert "Ingen nyckel gäller den dagen." in empty
    approved("factors", example=True)
    approved("development_key")
    text = shown(reader, "keys", on="2026-03-01")
    assert "Äldre, 50 %" in text
    assert text.count("12.5 %".replace(".", ",")) >= 4 * 8
    assert "Ingen nyckel gäller den dagen." in shown(reader, "keys", on="2025-12-31")


@pytest.mark.parametrize("day", ["2026-02-30", "1999-12-31", "x", "2100-01-01"])
def test_a_day_that_is_none_is_told_and_today_is_shown(reader: Client, day: str) -> None:
    """The fault stands at its field."""
    text = shown(reader, "parameters", on=day)
    assert 'class="fault"' in text
    assert "Det som gäller den 20" in text


def test_the_list_of_entered_values_filters_and_exports(reader: Client) -> None:
    """By state and kind; as a file with the same rows."""
    approved("index")
    proposed("parameter")
    waiting = shown(reader, "entered", state="waiting")
    assert "Timpris för inhyrd personal från 2026-07-01" in waiting
    assert "VPI för 2025" not in waiting
    assert "VPI för 2025" in shown(reader, "entered", kind="index")
    file = reader.get(reverse("agreements:entered"), {"format": "csv"}).getvalue().decode("utf-8-sig")  # type: ignore[attr-defined]  # a streamed file
    assert "Timpris för inhyrd personal från 2026-07-01;700,00" in file.replace("\xa0", " ")


def test_a_price_that_starts_inside_the_page_uses_few_queries(
    reader: Client, django_assert_max_num_queries: object
) -> None:
    """Session, user, membership, the book and the values: at most seven."""
    approved("index", VPI)
    shown(reader, "parameter", "hired_staff_rate")
    with django_assert_max_num_queries(7):  # type: ignore[operator]  # the plugin's fixture
        shown(reader, "parameter", "hired_staff_rate")
