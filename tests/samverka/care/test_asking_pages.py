"""The open question over HTTP: every step a POST of all the answers, nothing kept, nothing lost."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Mapping

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from samverka.care.models.case import Case
from samverka.core import clock
from samverka.core.acting import Role
from samverka.core.logging import Lines
from samverka.journal.models import Entry
from tests.samverka.care.asking import NORMAL, Form
from tests.samverka.platform import ON, actor, signed_in

CARE, PRODUCT, MATTER = "/vem-ansvarar/vard/", "/vem-ansvarar/produkt/", "/vem-ansvarar/annat/"
CANARY = "Kanariefågelns hälsocentral"

#: Somebody who lives in another region.
VISITOR = {
    "place": "home", "profession": "nurse", "housing": "ordinary", "palliative_team": "nej",
    "registered_in": "OTHER_REGION",
}  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: ON)


def post(client: Client, address: str, said: Mapping[str, object]) -> str:
    """The page that comes of sending some answers."""
    answer = client.post(address, said)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def walked(client: Client, answers: Mapping[str, str], address: str = CARE) -> tuple[str, int]:
    """From the first page to the answer by the pages' own forms, and how many pages there were."""
    text, count = client.get(address).content.decode(), 0
    while (form := Form(text, address)).shown:
        text = post(client, address, form.sent(**{fact: answers[fact] for fact in form.shown}))
        count += 1
    return text, count


def test_the_entrances_lead_to_three_questions(client: Client) -> None:
    """Care, products and other matters, and what becomes of the answers; no cookie is set."""
    answer = client.get("/vem-ansvarar/")
    text = answer.content.decode()
    for address in (CARE, PRODUCT, MATTER):
        assert f'href="{address}"' in text
    assert "Det du svarar sparas inte" in text
    assert answer.cookies == {}


def test_a_way_through_ends_with_who_answers_and_why(client: Client) -> None:
    """Eleven pages at the most, and then party, ground, criteria, flexibility, readings and duties on one."""
    text, pages = walked(client, NORMAL)
    assert pages <= 11
    for told in (
        "Bergs kommun", "Personen bor i ordinärt boende och alla fyra kriterier är uppfyllda.", "De fyra kriterierna",
        "Flexibilitet är möjlig", "standardval, ej bekräftat av parterna", "En annan läsning ger:", "Att göra",
        "Kommunens sjuksköterska startar samverkan", "Varför", "Svaret ger ingen ersättning eller faktura",
        "Region Jämtland Härjedalen",
    ):  # fmt: skip
        assert told in text, told
    assert text.count('<span class="tag">uppfyllt</span>') == 4


def test_nothing_is_kept(client: Client) -> None:
    """No session, no entry in the journal, no case, and no query that writes; the only cookie is the form's own."""
    before = Session.objects.count(), Entry.objects.count(), Case.unlogged.count()
    with CaptureQueriesContext(connection) as asked:
        walked(client, NORMAL)
    assert (Session.objects.count(), Entry.objects.count(), Case.unlogged.count()) == before
    assert [one["sql"] for one in asked if not one["sql"].startswith("SELECT")] == []
    assert set(client.cookies) <= {"csrftoken"}


def test_no_browser_keeps_the_page_and_no_address_holds_a_fact(client: Client) -> None:
    """Every answer says no-store; a fact in the address is not read, so none is ever put there."""
    for answer in (client.get(CARE), client.post(CARE, NORMAL), client.post(f"{CARE}blad/", NORMAL)):
        assert "no-store" in answer["Cache-Control"]
    assert "Var ges insatsen?" in client.get(f"{CARE}?place=home&housing=special").content.decode()
    text, _ = walked(client, NORMAL)
    assert "?place" not in text
    assert "Bergs kommun" not in text.partition("<title>")[2].partition("</title>")[0]


def test_no_fact_is_in_the_log(client: Client) -> None:
    """What the site logs of a step is its route, status and time, though the step was wrong as well."""
    stream = io.StringIO()
    listener = logging.StreamHandler(stream)
    listener.setFormatter(Lines())
    root, level = logging.getLogger(), logging.getLogger("samverka").level
    root.addHandler(listener)
    try:
        client.post(CARE, {**NORMAL, "listed_health_centre": CANARY, "cfs": "kanarienivå"})
        client.post(CARE, {**NORMAL, "listed_health_centre": CANARY})
    finally:
        root.removeHandler(listener)
        logging.getLogger("samverka").setLevel(level)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["route"] for line in lines if line["event"] == "request"] == ["asking:care", "asking:care"]
    for told in (CANARY, "BERG", "ordinary", "kanarienivå"):
        assert told not in stream.getvalue()


def test_what_is_not_answered_is_asked_for_again(client: Client) -> None:
    """A page without an answer comes back with a summary that names the question, and «Vet inte» is enough."""
    text = client.get(CARE).content.decode()
    form = Form(text, CARE)
    answer = client.post(CARE, form.sent())
    assert answer.status_code == 422
    assert client.post(CARE, form.sent(), headers={"HX-Request": "true"}).status_code == 200
    assert "Var ges insatsen? Välj ett svar, eller Vet inte." in answer.content.decode()
    assert Form(post(client, CARE, form.sent(place="?")), CARE).shown == ["profession"]


@pytest.mark.parametrize(("fact", "sent", "told"), [
    ("age", "200", "Hur gammal är personen? Ange ett heltal från 0 till 125."),
    ("cfs", "10", "Hur skör är personen enligt Clinical Frailty Scale? Ange ett heltal från 1 till 9."),
    ("registered_in", "STOCKHOLM", "Var är personen folkbokförd? Välj ett av alternativen."),
    ("date", "2020-01-01", "Vilken dag gäller frågan? Värde för Riktmärke"),
])  # fmt: skip
def test_a_fault_names_the_fact_and_nothing_is_lost(client: Client, fact: str, sent: str, told: str) -> None:
    """The question that is wrong comes back with what was sent, and every other answer goes along."""
    answer = client.post(CARE, {**NORMAL, fact: sent})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Rätta detta" in text
    assert told in text
    form = Form(text, CARE)
    assert form.shown == [fact]
    kept = {name: value for name, value in form.fields if name in NORMAL and name != fact}
    assert kept == {name: value for name, value in NORMAL.items() if name != fact}
    if fact in ("age", "date"):
        assert f'value="{sent}"' in text


def test_an_answer_can_be_changed_and_gone_back_to(client: Client) -> None:
    """«Ändra» asks one question again with its answer chosen; «Tillbaka» shows the page before."""
    form = Form(post(client, CARE, {**NORMAL, "change": "housing"}), CARE)
    assert form.shown == ["housing"]
    assert ("housing", "ordinary") in form.fields
    said = {name: NORMAL[name] for name in ("place", "profession", "frequent", "continuous", "days")}
    form = Form(post(client, CARE, {**said, "back": "1"}), CARE)
    assert form.shown == ["frequent", "continuous", "days"]
    assert ("days", "20") in form.fields
    again = Form(post(client, CARE, form.sent(back="1", frequent="ja", continuous="ja")), CARE)
    assert again.shown == ["profession"]
    assert client.post(CARE, {"back": "1"})["Location"] == "/vem-ansvarar/"


def test_going_back_leads_page_by_page_to_the_first_and_loses_nothing(client: Client) -> None:
    """From the answer in the opposite order; «Fortsätt» from there gives the same answer, for nothing was forgotten."""
    text, pages = client.get(CARE).content.decode(), []
    while (form := Form(text, CARE)).shown:
        pages.append(form.shown)
        text = post(client, CARE, form.sent(**{fact: NORMAL[fact] for fact in form.shown}))
    back = []
    while 'name="back"' in text and len(back) <= len(pages):
        text = post(client, CARE, _going_back(text).sent(back="1"))
        back.append(Form(text, CARE).shown)
    assert back == pages[::-1]
    assert '<a class="button secondary" href="/vem-ansvarar/">Tillbaka</a>' in text
    form = Form(text, CARE)
    assert {name: value for name, value in form.fields if name in NORMAL} == NORMAL
    assert "Bergs kommun" in post(client, CARE, form.sent()).partition('id="headline"')[2][:200]


def test_a_fault_on_a_page_gone_back_to_keeps_its_place(client: Client) -> None:
    """What comes after it stays after it, so that «Tillbaka» leads to what was answered before."""
    text = walked(client, NORMAL)[0]
    for _ in range(3):
        text = post(client, CARE, _going_back(text).sent(back="1"))
    form = Form(text, CARE)
    assert form.shown == ["barrier"]
    wrong = client.post(CARE, {**form.sent(), "barrier": "kanske"})
    assert wrong.status_code == 422
    again = Form(post(client, CARE, Form(wrong.content.decode(), CARE).sent(back="1")), CARE)
    assert again.shown == ["can_reach_health_centre"]


def _going_back(text: str) -> Form:
    """The form with the button back: a question's own, or the answer's second to the same address."""
    start = text.rindex('name="back"')
    return Form(text[text.rindex("<form", 0, start) :], CARE)


def test_what_is_no_longer_needed_is_told_and_not_sent_on(client: Client) -> None:
    """Changed to a stay in hospital, the answers about frailty and days are named and gone from the form."""
    text = post(client, CARE, {**NORMAL, "place": "inpatient"})
    assert "Behövs inte längre, och skickas inte vidare:" in text
    assert "Hur länge behovet väntas vara (20 dagar)" in text
    assert "days" not in Form(text, CARE).names


def test_the_answer_can_be_seen_before_all_is_known(client: Client) -> None:
    """«Visa svaret nu» shows what is possible and lists what is missing, each with a button that asks for it."""
    text = post(client, CARE, {"place": "home", "profession": "nurse", "outcome": "1"})
    assert "Regionen eller kommunen, eller så avgörs det av människor" in text
    assert "Uppgifter som saknas" in text
    form = Form(text, CARE)
    assert ("change", "housing") in form.buttons
    assert "Fortsätt svara" in text
    assert Form(post(client, CARE, form.sent()), CARE).shown == ["housing"]
    assert "Fortsätt svara" not in post(client, CARE, {**NORMAL, "frequent": "?"})


def test_what_nobody_asks_for_is_named_where_something_hangs_on_it(client: Client) -> None:
    """Which health centre answers is told when it is stated; until then the page says what it hangs on."""
    housed = {"place": "home", "profession": "nurse", "housing": "special", "palliative_team": "nej",
              "registered_in": "ARE"}  # fmt: skip
    text = post(client, CARE, housed)
    assert "beror på: listad hälsocentral, boendets hälsocentral, insatsen är akut eller oplanerad" in text
    named = {"listed_health_centre": "Åre", "facility_health_centre": "Järpen"}
    assert "<dd>Järpen</dd>" in post(client, CARE, {**housed, **named, "urgent": "ja"})
    assert "<dd>Åre</dd>" in post(client, CARE, {**housed, **named, "urgent": "nej"})


def test_what_is_not_known_is_not_called_silence(client: Client) -> None:
    """Facts that are missing, a role that nobody has named and a text that says nothing are told apart."""
    early = post(client, CARE, {"place": "home", "profession": "nurse", "outcome": "1"})
    assert "<dt>Utför</dt><dd>uppgifter saknas</dd>" in early
    assert "framgår inte" not in early
    sampled = post(client, PRODUCT, {"product": "sampling", "responsible_party": "?"})
    assert "<dt>Förskriver</dt><dd>Den som ansvarar för vården</dd>" in sampled
    silent = post(client, MATTER, {"matter": "moving_in_or_out"})
    assert "<dt>Betalar</dt><dd>framgår inte av texten</dd>" in silent


def test_no_payment_is_told_only_where_it_is_known(client: Client) -> None:
    """Nothing is paid, it is not known yet, people decide it, or hired staff is paid by the hour."""
    nothing = "Svaret ger ingen ersättning eller faktura mellan parterna."
    assert nothing in post(client, CARE, NORMAL)
    for said, told in (
        ({"place": "home", "profession": "nurse", "outcome": "1"}, "om det blir ersättning eller faktura går inte"),
        ({**VISITOR, "housing": "short_term"}, "Texten säger inte vem som betalar."),
        ({**VISITOR, "registered_in": "NOT_REGISTERED"}, "som inhyrd betalas den per timme"),
        ({"place": "inpatient"}, "Det kan ändras av: folkbokförd i, skriftlig överenskommelse."),
    ):
        text = post(client, CARE, said)
        assert told in text
        assert nothing not in text


def test_what_may_follow_is_told_with_what_it_hangs_on(client: Client) -> None:
    """A physician's visit asks for no housing, so its duties may follow; stated, they do, and the rest may not."""
    visit = {"place": "home", "profession": "physician"}
    form = Form(text := post(client, CARE, visit), CARE)
    assert "Erbjud ett årligt hälsosamtal" in text.partition("Kan gälla, beror på: Boendeform")[2]
    assert ("change", "housing") in form.buttons
    stated = post(client, CARE, {**visit, "housing": "lss_housing"})
    assert "beror på: Boendeform" not in stated
    assert "Erbjud ett årligt hälsosamtal" in stated.partition("<h2>Att göra</h2>")[2].partition("Kan också")[0]
    assert "gälla, beror på" not in post(client, CARE, {"place": "home", "profession": "nurse", "outcome": "1"})


def test_a_long_list_is_one_to_choose_from(client: Client) -> None:
    """Who works for whom is a list of all pairs, or eight radio buttons where it is known who answers."""
    said = {"product": "assistive_device", "change": "assignment"}
    text = post(client, PRODUCT, said)
    assert '<select id="id_assignment"' in text
    assert text.count('type="radio"') == 0
    assert Form(text, PRODUCT).shown == ["assignment"]
    narrowed = post(client, PRODUCT, {**said, "responsible_party": "REGION"})
    assert narrowed.count('type="radio" name="assignment"') == 9
    again = post(client, PRODUCT, {**said, "assignment": "REGION>MUNICIPALITY:ARE"})
    assert '<option value="REGION&gt;MUNICIPALITY:ARE" selected>' in again


def test_looking_changes_what_is_forming_and_nothing_else(client: Client) -> None:
    """While a page is filled in the server tells what is possible: no fault for what is not answered yet."""
    text = post(client, CARE, {"shown": ["place", "profession"], "place": "inpatient", "look": "1"})
    assert "Just nu pekar svaren på: Regionen." in text
    assert Form(text, CARE).shown == ["place", "profession"]
    assert "Rätta detta" not in text


def test_frailty_is_rated_by_version_and_profession_and_warned_of(client: Client) -> None:
    """Own labels, the publisher as a link that opens only when it is clicked, and both are on the sheet."""
    text = post(client, CARE, {**NORMAL, "change": "cfs"})
    assert "5 – lindrig skörhet" in text
    hint = text.partition('id="id_cfs-hint"')[2].partition("<label")[0]
    assert 'href="https://www.dal.ca/' in hint
    assert "Skalan är inte prövad för den som är under 65 år eller har en stabil funktionsnedsättning." in hint
    assert "<details" not in hint
    rated = {**NORMAL, "cfs_version": "2.0", "cfs_assessor": "nurse"}
    sheet = post(client, f"{CARE}blad/", rated)
    assert "6 – måttlig skörhet, version 2.0, bedömd av sjuksköterska" in sheet
    assert "version 9" not in post(client, f"{CARE}blad/", {**rated, "cfs_version": "9"})
    warned = post(client, CARE, {**NORMAL, "age": "50", "barrier": "physical_disability"})
    assert "Skalan är inte prövad för den som är under 65 år (A47)" in warned
    assert "Skalan är inte prövad vid stabil funktionsnedsättning (A47)" in warned


def test_the_sheet_holds_what_it_rests_on_and_room_to_sign(client: Client) -> None:
    """Reasons, criteria and readings, day, edition, every fact that was stated or is missing; no field for a name."""
    text = post(client, f"{CARE}blad/", {**NORMAL, "barrier": "?"})
    normal = post(client, f"{CARE}blad/", NORMAL)
    for told in (
        "Är de fyra kriterierna en regel eller ett stöd?", "<li>Bor i ordinärt boende: ja <small>P-GEM-3</small></li>",
        "2. Frekvent och sammanhängande, längre än riktmärket <small>OB-ANS-2</small>",
        "normalt bör samtliga vara uppfyllda. <small>OB-ANS-FLEX</small></li>",
        "Svaret kan bli ett annat om det anges</h2><p>Vistas i en annan kommun; Vårdnivå; ",
    ):  # fmt: skip
        assert told in normal, told
    assert normal.lower().count("standardval, ej bekräftat av parterna") == 1
    for told in ("Gäller 2026-07-01", "utgåva jamtland_2026, fingeravtryck ", "20 dagar", "Underskrift",
                 "Yrke och verksamhet", "<strong>saknas</strong>"):  # fmt: skip
        assert told in text, told
    assert client.get(f"{CARE}blad/").status_code == 405
    assert "Rätta detta" in client.post(f"{CARE}blad/", {**NORMAL, "age": "200"}).content.decode()


def test_the_question_of_products_begins_with_what_carries_over(client: Client) -> None:
    """Who answers, the housing and the affiliation go along by POST, and the first question is which product."""
    text, _ = walked(client, NORMAL)
    form = Form(text, PRODUCT)
    carried = {name: value for name, value in form.fields if name != "csrfmiddlewaretoken"}
    assert carried == {
        "date": "2026-07-01", "palliative_team": "nej", "housing": "ordinary",
        "responsible_party": "MUNICIPALITY:BERG",
    }  # fmt: skip
    next_ = Form(post(client, PRODUCT, carried), PRODUCT)
    assert next_.shown == ["product"]
    assert ("responsible_party", "MUNICIPALITY:BERG") in next_.fields
    found = post(client, PRODUCT, {**carried, "product": "sampling"})
    assert "Region Jämtland Härjedalen" in found
    assert "Provtagning och analys" in found


def test_a_matter_is_one_choice_under_headings(client: Client) -> None:
    """Everything that is neither care nor a product, and the charge that computes the amount where one does."""
    text = client.get(MATTER).content.decode()
    assert "Syn- och hörselombud" in text
    found = post(client, MATTER, {"matter": "equipment_register", "shown": "matter"})
    assert "Medicinsk teknik" in found
    assert "Medicinsk teknik, fast del" in found
    named = post(client, MATTER, {"matter": "appointing_liaisons", "municipality": "ARE"})
    assert "Åre kommun" in named


def test_who_pays_is_told_in_words(client: Client) -> None:
    """The supplement without an hourly charge, the home region, and the invoice of staff in hospital with its sum."""
    team = post(client, CARE, {**NORMAL, "palliative_team": "ja"})
    assert "Tilläggsbelopp" in team
    assert "Timdebitering" in team
    assert "Hemregionen" in post(client, CARE, VISITOR)
    admitted = {"place": "inpatient", "registered_in": "BERG", "written_agreement": "ja"}
    costs = {"wage_cost": "1 000", "travel_cost": "200,50", "travel_time_pay": "0"}
    assert "1200,50 kr" in post(client, CARE, {**admitted, **costs})


def test_a_clause_can_be_read_without_signing_in(client: Client) -> None:
    """The hint leads to the clause in a new tab: an open page for anybody, the agreement's own for who is signed in."""
    text = post(client, CARE, {**NORMAL, "change": "days"})
    assert 'href="/vem-ansvarar/klausul/OB-ANS-2/" target="_blank"' in text
    assert "mer än 14 dagar som riktmärke" in client.get("/vem-ansvarar/klausul/OB-ANS-2/").content.decode()
    assert client.get("/vem-ansvarar/klausul/OB-FINNS-INTE/").status_code == 404


def test_who_registers_saves_the_facts_as_a_case(jamtland: None) -> None:
    """The answer has a form that opens a case with what was stated; a reader and an auditor have none."""
    registrar = signed_in(actor("BERG", Role.REGISTRAR))
    rated = {**NORMAL, "cfs_version": "2.0", "cfs_assessor": "nurse"}
    text = post(registrar, CARE, rated)
    assert 'href="/avtal/klausul/OB-ANS-1/"' in text
    form = Form(text, "/arenden/oppna/")
    assert registrar.post("/arenden/oppna/", form.sent()).status_code == 302
    made = Case.unlogged.get()
    assert (made.registered_in, made.days, made.safe_at_home, made.cfs) == ("BERG", 20, True, 6)
    assert (made.cfs_version, made.cfs_assessor) == ("2.0", "nurse")
    for who in (actor("BERG", Role.READER), actor("", Role.AUDITOR)):
        assert "Spara som ärende" not in walked(signed_in(who), NORMAL)[0]


def test_the_front_page_and_the_sign_in_page_lead_there(client: Client, jamtland: None) -> None:
    """Nobody needs an account to ask, and the menu has it for who has one."""
    for address in ("/", "/konto/login/"):
        assert 'href="/vem-ansvarar/"' in client.get(address).content.decode().partition("<main")[2]
    menu = signed_in(actor("BERG", Role.READER)).get("/").content.decode().partition("<nav")[2]
    assert 'href="/vem-ansvarar/"' in menu
