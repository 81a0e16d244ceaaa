"""The open API answers as ``samverka decide`` does, refuses what is wrong, and keeps nothing of who asks or what."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from avtal.editions.jamtland_2026 import QUESTIONS
from samverka.care import api
from samverka.care.api_schema import LONGEST_BODY, MOST_CASES
from samverka.core import logging as lines
from samverka.core.acting import Role
from samverka.journal.models import Entry
from samverka.web.api import document
from tests.avtal.editions.golden import golden_cases
from tests.samverka.agreements.entering import approved
from tests.samverka.conftest import Cli
from tests.samverka.platform import actor, signed_in
from tests.samverka.web.pages import english, faults

pytestmark = pytest.mark.django_db
AT_HOME = {
    "date": "2026-03-01", "registered_in": "BERG", "staying_in": "BERG", "housing": "ordinary", "place": "home",
    "profession": "nurse", "palliative_team": False, "safe_at_home": True, "self_care_possible": False,
    "digital_considered": True, "frequent": True, "continuous": True, "days": 30, "cfs": 6, "age": 80,
    "can_reach_health_centre": False, "barrier": "illness",
}  # fmt: skip
WISHES = {**AT_HOME, "prefers_health_centre": True, "preference_affects_safety": False}


def post(body: Any, question: str = "care", query: str = "", client: Client | None = None, kind: str = api.KIND) -> Any:
    """What the API answers; text is sent as it is."""
    sent = body if isinstance(body, str | bytes) else json.dumps(body, ensure_ascii=False)
    address = f"/api/v1/decisions/{question}{query}"
    return (client or Client(enforce_csrf_checks=True)).post(address, sent, content_type=kind)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_golden_case_is_answered_as_on_the_command_line(question: str, cli: Cli) -> None:
    """Each one by itself and all as a list: to the letter what ``samverka decide`` prints, in the same order."""
    cases = [case.facts for case in golden_cases() if case.asks == question]
    told = cli("decide", question, stdin="\n".join(json.dumps(case, ensure_ascii=False) for case in cases)).out
    printed = told.splitlines()
    assert len(printed) == len(cases) > 20
    for case, line in list(zip(cases, printed, strict=True))[::4]:
        response = post(case, question)
        assert (response.status_code, response.content.decode()) == (200, line)
    answers: list[str] = []
    for start in range(0, len(cases), MOST_CASES):
        response = post(cases[start : start + MOST_CASES], question)
        assert response.status_code == 200
        answers += [json.dumps(one, ensure_ascii=False) for one in response.json()]
    assert answers == printed


def test_a_list_answers_each_case_or_names_its_faults() -> None:
    """In the order asked; what is wrong with one case keeps no other from its answer."""
    response = post([AT_HOME, {"age": 200, "cfs": 0, "id": "a"}, 7, {**AT_HOME, "id": 12}])
    assert response.status_code == 200
    first, second, third, fourth = response.json()
    assert (first["responsible"], fourth["responsible"], fourth["id"]) == ("MUNICIPALITY:BERG", "MUNICIPALITY:BERG", 12)
    assert second == {"faults": [
        {"fact": "age", "message": "tillåtet är ett heltal från 0 till 125"},
        {"fact": "cfs", "message": "tillåtet är ett heltal från 1 till 9"},
    ]}  # fmt: skip
    assert third == {"faults": [{"fact": "", "message": "Ett fall är ett objekt."}]}
    assert post([]).json() == []


def test_other_readings_and_another_day_are_as_on_the_command_line(cli: Cli) -> None:
    """The same options as ``--reading`` and ``--as-known``, more than one reading too."""
    line = json.dumps(WISHES)
    for options, query in (
        (["--reading", "A61=municipality_responsible"], "?reading=A61%3Dmunicipality_responsible"),
        (["--reading", "A61=municipality_responsible", "--reading", "A22=hard_rule"],
         "?reading=A61=municipality_responsible&reading=A22=hard_rule"),
        (["--as-known", "2026-02-01"], "?as_known=2026-02-01"),
        (["--as-known", "2026-02-01", "--reading", "A73=must_be_asked"],
         "?reading=A73=must_be_asked&as_known=2026-02-01"),
    ):  # fmt: skip
        assert post(WISHES, query=query).content.decode() == cli("decide", "care", *options, stdin=line).out.strip()
    assert post(WISHES).json()["responsible"] == "REGION"
    assert post(WISHES, query="?reading=A61=municipality_responsible").json()["responsible"] == "MUNICIPALITY:BERG"


@pytest.mark.parametrize(("body", "status", "said"), [
    (" ", 400, "inte JSON (tecken 2)"),
    ("{", 400, "inte JSON (tecken 2)"),
    (b"\xff{}", 400, "inte UTF-8"),
    ('{"age": 1, "age": 2}', 400, "age: nyckeln står flera gånger"),
    ('{"age": NaN}', 400, "NaN: inte ett tal i JSON"),
    ('{"age": -Infinity}', 400, "-Infinity: inte ett tal i JSON"),
    ('{"id": "\\ud800"}', 400, "ett halvt tecken, som \\ud800 utan sin andra hälft"),
    ("[" * 100_000, 400, "för djupt nästlad"),
    ('"text"', 400, "Ett fall är ett objekt; flera fall är en lista."),
    ("null", 400, "Ett fall är ett objekt; flera fall är en lista."),
    (f'{{"{"k" * 201}": 1}}', 400, "en nyckel är längre än 200 tecken"),
    ("[" + ",".join(["{}"] * (MOST_CASES + 1)) + "]", 413, "Högst 1000 fall i en fråga."),
    (" " * LONGEST_BODY + "{}", 413, "Högst 1048576 tecken i en fråga."),
])  # fmt: skip
def test_what_is_no_case_is_refused(body: str | bytes, status: int, said: str) -> None:
    """Each with its status and one message in Swedish."""
    response = post(body)
    assert (response.status_code, response.json()) == (status, {"message": said})


@pytest.mark.parametrize(("case", "faults_of"), [
    ({"age": 200}, {"age": "tillåtet är ett heltal från 0 till 125"}),
    ({"cfs": 10}, {"cfs": "tillåtet är ett heltal från 1 till 9"}),
    ({"days": 1e3}, None),
    ({"days": 10**50}, {"days": "tillåtet är ett heltal från 0 till 36500"}),
    ({"days": "1e3"}, {"days": "tillåtet är ett heltal från 0 till 36500"}),
    ({"listed_health_centre": 10**50}, {"listed_health_centre":
        "tillåtet är ett namn på högst 80 tecken, utan mellanslag först och sist"}),
    ({"age": 1, "nobody": 2}, None),
    ({"listed_health_centre": "19121212-1212", "age": 200}, {
        "listed_health_centre": "Namnet kan innehålla ett personnummer. Skriv aldrig något som pekar ut en person: "
                                "varken personnummer, telefonnummer, e-postadress eller namn.",
        "age": "tillåtet är ett heltal från 0 till 125"}),
    ({"id": [1]}, {"id": "tillåtet är text eller ett heltal"}),
    ({"id": 1.5, "age": "x"}, {"id": "tillåtet är text eller ett heltal",
                               "age": "tillåtet är ett heltal från 0 till 125"}),
    ({"place": "home", "wage_cost": 10}, {"wage_cost": "hör till sluten vård, men place är home; ange place: inpatient "
                                                       "eller utelämna kostnaden"}),
    ({"date": "2020-01-01"}, {"date": "Värde för Riktmärke för sammanhängande behov den 2020-01-01 saknas (OB-ANS-2). "
                                      "Första värdet gäller från 2026-01-01."}),
])  # fmt: skip
def test_what_is_wrong_with_a_case_is_named(case: dict[str, Any], faults_of: dict[str, str] | None) -> None:
    """Every fault names its fact and says what is allowed; None: only that there is one."""
    response = post(case)
    if case == {"days": 1e3}:  # JSON writes it 1000.0, which is a whole number
        assert response.status_code == 200
        return
    assert response.status_code == 422
    found = {one["fact"]: one["message"] for one in response.json()}
    assert found == faults_of if faults_of else set(found) == {"nobody"}


@pytest.mark.parametrize(("query", "fact", "said"), [
    ("?as_known=2026-13-01", "as_known", "tillåtet är ett datum som finns, från 2000-01-01 till 2099-12-31"),
    ("?reading=A61", "reading", "läsning och val, som A61=municipality_responsible"),
    ("?reading=A61=region_responsible&reading=A61=municipality_responsible", "reading",
     "A61 anges två gånger; en läsning har ett val"),
    ("?as_known=2026-02-01&as_known=2026-03-01", "as_known", "anges två gånger; en dag räcker"),
    ("?readings=A61=region_responsible", "readings", "okänd nyckel; tillåtna är reading, as_known"),
    ("?reading=A61=x", "reading", "A61: x kan inte räknas; välj bland region_responsible, municipality_responsible"),
])  # fmt: skip
def test_a_choice_that_there_is_not_is_refused(query: str, fact: str, said: str) -> None:
    """What the address asks for is a fault like any other; nothing is answered."""
    response = post(AT_HOME, query=query)
    assert (response.status_code, response.json()) == (422, [{"fact": fact, "message": said}])


@pytest.mark.parametrize("kind", ["text/plain", "application/json; charset=latin-1", "multipart/form-data", ""])
def test_only_json_in_utf_8_is_read(kind: str) -> None:
    """What a page elsewhere could send without asking is not JSON, and is refused."""
    response = post("{}", kind=kind)
    assert (response.status_code, response.json()) == (415, {"message": "Skicka application/json i UTF-8."})
    assert post("{}", kind="application/json; charset=UTF-8").status_code == 200


def test_a_question_in_pieces_is_told_to_come_whole() -> None:
    """Its length is not told, so that none of it is read: that is no fault in the JSON."""
    stated: dict[str, Any] = {"CONTENT_TYPE": api.KIND, "HTTP_TRANSFER_ENCODING": "chunked"}
    response = Client().generic("POST", "/api/v1/decisions/care", **stated)
    assert (response.status_code, response.json()) == (
        411, {"message": "Skicka frågan i ett stycke, med Content-Length."},
    )  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_only_post_is_answered(method: str) -> None:
    """Another method is told which one there is; no other site is let in."""
    response = Client().generic(method, "/api/v1/decisions/care", headers={"Origin": "https://example.org",
                                "Access-Control-Request-Method": "POST"})  # fmt: skip
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert method == "HEAD" or response.json() == {"message": "Bara POST."}
    assert [name for name in response.headers if name.lower().startswith("access-control")] == []


def test_what_is_not_there_is_not_found() -> None:
    """An address below the decisions that is no question, and a host that is not ours."""
    assert Client().post("/api/v1/decisions/nothing", "{}", content_type=api.KIND).status_code == 404
    assert Client(headers={"Host": "elsewhere.example.org"}).post("/api/v1/decisions/care").status_code == 400


@pytest.mark.parametrize("address", ["/api/v1/decisions/nothing", "/api/v1/decisions/care/", "/api/v2", "/api/"])
def test_what_is_not_there_is_told_as_json(address: str) -> None:
    """To whatever method, in the API's own form and with its own policy; a page of the site is still a page."""
    for response in (
        Client().get(address),
        Client(enforce_csrf_checks=True).post(address, "{}", content_type=api.KIND),
    ):
        assert (response.status_code, response["Content-Type"]) == (404, api.KIND)
        assert response.json() == {"message": "Adressen finns inte. De som finns står i /api/v1/openapi.json."}
    assert "text/html" in Client().get("/arenden/nothing/x")["Content-Type"]


def test_nothing_is_kept_of_who_asks(jamtland: None) -> None:
    """Signed in or not: one query for the book in force, no cookie read or set, no session, no entry in the journal."""
    client = signed_in(actor("BERG", Role.READER))
    session = dict(client.session.items())
    entries = Entry.objects.count()
    with CaptureQueriesContext(connection) as asked:
        response = post(AT_HOME, client=client)
    assert response.status_code == 200
    assert len(asked) == 1
    assert "agreements_ruling" in asked[0]["sql"]
    assert not response.cookies
    assert "Vary" not in response
    assert dict(client.session.items()) == session
    assert Entry.objects.count() == entries
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert response["Content-Length"] == str(len(response.content))


def test_the_check_sees_a_session_that_is_read(jamtland: None, settings: Any) -> None:
    """The check above catches its broken twin: the same address behind all that a page goes through."""
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if not one.endswith("Apart")]
    with CaptureQueriesContext(connection) as asked:
        response = post(AT_HOME, client=signed_in(actor("BERG", Role.READER)))
    assert response.status_code == 200
    assert any("django_session" in one["sql"] for one in asked)
    assert "Cookie" in response["Vary"]


def test_no_fact_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The log names the address and the status of an answer and of a refusal, and nothing that was said."""
    caplog.set_level(logging.DEBUG)
    for body, query in (({**AT_HOME, "id": "kanariefågel"}, ""), ({"age": 200, "kanariefågel": 1}, ""),
                        ("{kanariefågel", ""), (AT_HOME, "?reading=kanariefågel")):  # fmt: skip
        post(body, query=query)
    said = [lines.Lines().format(record) for record in caplog.records if record.levelno >= logging.INFO]
    assert sum('"route": "api:care"' in line for line in said) == 4
    words = ("kanarie", "BERG", "illness", "nobody", "municipality")
    assert [line for line in said for word in words if word in line] == []


def test_a_reading_that_the_parties_choose_counts(jamtland: None) -> None:
    """The book in force is what is asked: after the ruling the answer follows the parties' choice, and says so."""
    before = post(WISHES).json()
    assert before["alternatives"]["A61"]["municipality_responsible"]["responsible"] == "MUNICIPALITY:BERG"
    choice = {"reading": "A61", "option": "municipality_responsible", "decided_by": "parterna", "decided": "2026-01-10"}
    approved("reading", choice)
    after = post(WISHES).json()
    assert (before["responsible"], after["responsible"]) == ("REGION", "MUNICIPALITY:BERG")


def test_the_book_is_looked_up_once_a_second(jamtland: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the second what was looked up is used; after it, or should the clock go back, it is asked for again."""
    settings.BOOK_SECONDS = 1.0
    monkeypatch.setattr(api, "_LOOKED", {})

    def queries(moment: float) -> int:
        monkeypatch.setattr("samverka.web.api.time.monotonic", lambda: moment)
        with CaptureQueriesContext(connection) as asked:
            assert post(AT_HOME).status_code == 200
        return len(asked)

    queries(50.0)
    assert [queries(moment) for moment in (50.4, 50.99, 51.0, 51.5, 20.0)] == [0, 0, 1, 0, 1]


def test_the_page_shows_every_fact_and_loads_nothing_from_elsewhere() -> None:
    """Swedish, in the site's frame and within its policy: addresses, facts, allowed values, readings, statuses."""
    response = Client().get("/api/v1/docs")
    html = response.content.decode()
    assert (response.status_code, english(html), faults(html, response["Content-Security-Policy"])) == (200, set(), [])
    for question in QUESTIONS.values():
        assert f"POST /api/v1/decisions/{question.name}" in html
        for name in question.facts.stated():
            assert f"<code>{name}</code>" in html
    assert "//" not in html.replace("http://www.w3.org", "")
    assert "<code>A61=municipality_responsible</code>" in html


def test_the_document_says_what_the_facts_say() -> None:
    """Codes, limits and that null is unknown; every address has its errors; no fact but those declared."""
    found = Client().get("/api/v1/openapi.json").json()
    assert found == json.loads(json.dumps(document()))
    facts = found["components"]["schemas"]["CareFacts"]
    assert set(facts["properties"]) == {*QUESTIONS["care"].facts.stated(), "id", "event_id"}
    assert facts["additionalProperties"] is False
    assert facts["properties"]["housing"]["enum"] == [
        "ordinary", "special", "short_term", "lss_housing", "lss_short_term_child", None,
    ]  # fmt: skip
    assert facts["properties"]["cfs"]["anyOf"][0] == {"type": "integer", "minimum": 1, "maximum": 9}
    assert facts["properties"]["frequent"]["type"] == ["boolean", "null"]
    for methods in found["paths"].values():
        assert list(methods) == ["post"]
        assert list(methods["post"]["responses"]) == ["200", "400", "405", "411", "413", "415", "422", "500"]
